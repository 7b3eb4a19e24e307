//! Logs that are read as the tables of the agents that collect them.

use crate::convert::{self, Convert, Kind};
use crate::entry::DataFile;
use crate::error::SourceError;
use crate::format::{Format, format_of, sniff};
use crate::text;
use kql_types::text::datetime::{UNIX_EPOCH, date_of};
use std::sync::Arc;
use std::time::UNIX_EPOCH as EPOCH;

/// The tables that a file is: its own name, or those of the agent.
pub(crate) fn names(stem: String, file: &DataFile) -> Result<Vec<String>, SourceError> {
    let format = match format_of(file.name()) {
        None => sniff(file)?,
        some => some,
    };
    let names: &[&str] = match format {
        Some(Format::Evtx) => &["Event", "SecurityEvent", "WindowsEvent"],
        Some(Format::Cef) => &["CommonSecurityLog"],
        Some(Format::Syslog) => &["Syslog"],
        _ => return Ok(vec![stem]),
    };
    Ok(names.iter().map(|n| (*n).to_owned()).collect())
}

/// Says how the files of a table are read, where that is not as they stand. What is worth knowing about it.
pub(crate) fn prepare(
    table: &str,
    format: Format,
    files: &mut [DataFile],
) -> Result<Option<String>, SourceError> {
    files.iter_mut().for_each(|f| f.convert = None);
    let Some(first) = files.first() else {
        return Ok(None);
    };
    let kind = match format {
        Format::Evtx => Kind::Evtx,
        Format::Cef => Kind::Cef,
        Format::Syslog => Kind::Syslog,
        Format::Json | Format::JsonLines => {
            // What cannot be read is said when a query names the table.
            let head = text::head(first, 16 << 10).unwrap_or_default();
            if !convert::is_enveloped(&head) {
                return Ok(None);
            }
            Kind::Records
        }
        _ => return Ok(None),
    };
    let mut note = None;
    let table: Arc<str> = table.into();
    for f in files {
        let mut year = 0;
        if matches!(kind, Kind::Cef | Kind::Syslog) {
            let head = text::head(f, 1024).unwrap_or_default();
            if !convert::has_year(&String::from_utf8_lossy(&head)) {
                year = changed(f);
                note = Some(format!(
                    "table `{table}`: times without a year are of {year}, when {} was last changed, and in UTC",
                    f.shown().display()
                ));
            }
        }
        f.convert = Some(Convert {
            kind,
            table: Arc::clone(&table),
            year,
        });
    }
    Ok(note)
}

/// The year in which a file was last changed.
fn changed(file: &DataFile) -> i64 {
    let time = std::fs::metadata(&file.path).and_then(|m| m.modified());
    let since = time.ok().and_then(|t| t.duration_since(EPOCH).ok());
    let ticks = since.map_or(0, |d| d.as_nanos() / 100);
    date_of(UNIX_EPOCH.saturating_add(i64::try_from(ticks).unwrap_or(0))).0
}
