//! The bytes of a file: plain, gzip, zstd, or entries of a zip.

use crate::error::SourceError;
use kql_diag::codes;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

const BUFFER: usize = 1 << 18;
/// The most that an entry of a zip may grow to, as a multiple of its packed size.
const MOST_GROWTH: u64 = 2000;
/// Entries of a zip up to this size are never refused.
const SMALL: u64 = 64 << 20;

/// Calls `f` with a reader of the file's text; once for each entry of a zip that matches the pattern.
pub(crate) fn open(
    file: &Path,
    pattern: Option<&str>,
    f: &mut dyn FnMut(&mut dyn BufRead) -> Result<(), SourceError>,
) -> Result<(), SourceError> {
    let io = |e: &std::io::Error| SourceError::io(file, e);
    let mut plain = File::open(file).map_err(|e| io(&e))?;
    let mut magic = [0u8; 4];
    let mut n = 0;
    while n < 4 {
        let got = plain.read(&mut magic[n..]).map_err(|e| io(&e))?;
        if got == 0 {
            break;
        }
        n += got;
    }
    use std::io::Seek;
    plain.rewind().map_err(|e| io(&e))?;
    match magic {
        [0x1f, 0x8b, ..] => {
            let packed =
                flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(BUFFER, plain));
            f(&mut BufReader::with_capacity(BUFFER, packed))
        }
        [0x28, 0xb5, 0x2f, 0xfd] => {
            let packed = zstd::Decoder::new(plain).map_err(|e| io(&e))?;
            f(&mut BufReader::with_capacity(BUFFER, packed))
        }
        [b'P', b'K', 3 | 5, 4 | 6] => zipped(file, plain, pattern, f),
        _ => f(&mut BufReader::with_capacity(BUFFER, plain)),
    }
}

fn zipped(
    file: &Path,
    plain: File,
    pattern: Option<&str>,
    f: &mut dyn FnMut(&mut dyn BufRead) -> Result<(), SourceError>,
) -> Result<(), SourceError> {
    let mut archive = zip::ZipArchive::new(BufReader::new(plain))
        .map_err(|e| SourceError::bad_file(file, format!("this is no whole zip: {e}")))?;
    let glob = match pattern {
        Some(p) => Some(glob::Pattern::new(p).map_err(|e| {
            SourceError::new(
                codes::BAD_VALUE,
                format!("zipPattern `{p}` cannot be read: {e}"),
            )
        })?),
        None => None,
    };
    let mut any = false;
    for i in 0..archive.len() {
        let entry = archive.by_index(i).map_err(|e| {
            SourceError::bad_file(file, format!("an entry of the zip is broken: {e}"))
        })?;
        let name = entry
            .name()
            .map_err(|e| {
                SourceError::bad_file(
                    file,
                    format!("an entry of the zip has no readable name: {e}"),
                )
            })?
            .into_owned();
        let short = name.rsplit('/').next().unwrap_or(&name).to_owned();
        if entry.is_dir()
            || glob
                .as_ref()
                .is_some_and(|g| !g.matches(&name) && !g.matches(&short))
        {
            continue;
        }
        if glob.is_none() && short.starts_with('.') {
            continue;
        }
        if entry.size() > SMALL && entry.size() / entry.compressed_size().max(1) > MOST_GROWTH {
            return Err(SourceError::bad_file(
                file,
                format!("entry `{name}` grows to more than {MOST_GROWTH} times its size"),
            ));
        }
        any = true;
        let most = entry.size();
        // An entry that is longer than it says is cut off there, and the reader finds the row broken.
        f(&mut BufReader::with_capacity(
            BUFFER,
            entry.take(most.max(1)),
        ))?;
    }
    if any {
        Ok(())
    } else {
        let what = pattern.map_or_else(String::new, |p| format!(" that matches `{p}`"));
        Err(SourceError::bad_file(
            file,
            format!("the zip has no entry{what}"),
        ))
    }
}
