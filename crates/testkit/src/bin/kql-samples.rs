//! Makes the sample data: `kql-samples DIR`, or `kql-samples --rows N FILE.parquet` for the benches.

use kql_testkit::samples;
use std::fs::File;
use std::io::{BufWriter, Error, Result};
use std::path::Path;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--rows", rows, file] => {
            let rows = rows.replace('_', "").parse().map_err(Error::other)?;
            samples::write_many(rows, BufWriter::new(File::create(file)?))
        }
        [dir] if !dir.starts_with('-') => {
            for (name, bytes) in samples::files()? {
                std::fs::write(Path::new(dir).join(name), bytes)?;
            }
            Ok(())
        }
        _ => Err(Error::other(
            "kql-samples DIR, or kql-samples --rows N FILE.parquet",
        )),
    }
}
