//! The sample data, made from nothing but this code: planted findings, look-alikes that must not be found, and a quiet rest.

mod many;
mod network;
mod signin;
mod versions;

pub use many::{Many, write_many};
pub use versions::{Versions, write_versions};

use std::io::{Cursor, Write};

/// The domains that everybody visits, with their rank.
const TOP_DOMAINS: [&str; 5] = [
    "contoso.com",
    "fabrikam.com",
    "adatum.com",
    "example.com",
    "example.org",
];

/// The files of `samples/` by name.
///
/// # Errors
/// The archive cannot be written.
pub fn files() -> std::io::Result<Vec<(&'static str, Vec<u8>)>> {
    Ok(vec![
        ("NetworkSessions.csv", network::csv().into_bytes()),
        ("SigninLogs.jsonl", signin::json_lines().into_bytes()),
        ("top-domains.csv.zip", top_domains()?),
    ])
}

/// Stored, not packed: the bytes depend on no packer.
fn top_domains() -> std::io::Result<Vec<u8>> {
    let mut text = String::new();
    for (i, domain) in TOP_DOMAINS.iter().enumerate() {
        text.push_str(&format!("{},{domain}\r\n", i + 1));
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    zip.start_file("top-domains.csv", options)?;
    zip.write_all(text.as_bytes())?;
    Ok(zip.finish()?.into_inner())
}

/// `HH:MM:SS` of a second of the day.
fn clock(second: u32) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}
