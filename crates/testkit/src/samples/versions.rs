//! Versions of things: rows with few keys, many equal times, nulls and empty texts, for what picks rows of groups.

use arrow::array::{
    ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use std::io::{Error, Result};
use std::path::Path;
use std::sync::Arc;

/// What makes a table.
#[derive(Debug, Clone, Copy)]
pub struct Versions {
    /// Rows of a file.
    pub rows: u64,
    /// Files.
    pub files: u64,
    /// Different keys.
    pub keys: u64,
    /// Different times.
    pub times: u64,
    /// Whether no two rows have one time, and none has no time.
    pub unique: bool,
    /// Start of the random numbers.
    pub seed: u64,
}

/// Writes the table into a folder: `key:string, part:int, at:datetime, n:long, text1..4:string, json:string, row:long`.
///
/// # Errors
/// A file cannot be written.
pub fn write_versions(folder: &Path, v: Versions) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for file in 0..v.files {
        let out = std::fs::File::create(folder.join(format!("part{file}.parquet")))?;
        let batch = batch(v, file)?;
        let rows = usize::try_from(v.rows / 4).unwrap_or(1).max(1);
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(rows))
            .set_data_page_row_count_limit(64)
            .set_write_batch_size(64)
            .build();
        let mut writer =
            ArrowWriter::try_new(out, batch.schema(), Some(properties)).map_err(Error::other)?;
        writer.write(&batch).map_err(Error::other)?;
        writer.close().map_err(Error::other)?;
    }
    Ok(())
}

fn batch(v: Versions, file: u64) -> Result<RecordBatch> {
    let mut state = v.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ file;
    let mut below = |n: u64| {
        state = super::many::mix(state);
        state % n
    };
    let signed = |n: u64| i64::try_from(n).unwrap_or(0);
    let (mut key, mut part, mut at, mut n, mut row) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut texts: [Vec<Option<String>>; 4] = Default::default();
    let mut json = Vec::new();
    for i in 0..v.rows {
        let k = below(v.keys);
        let p = below(3);
        // The whole of one key has no time.
        let own = file * v.rows + i;
        let random = below(v.times);
        let t = match v.unique {
            true => Some(random * v.rows * v.files + own),
            false => (k % 7 != 3 && below(20) != 0).then_some(random),
        };
        key.push(match k % 11 {
            0 => None,
            1 => Some(String::new()),
            _ => Some(format!("host-{k}")),
        });
        part.push((p != 0).then(|| i32::try_from(p).unwrap_or(0)));
        at.push(t.map(|t| 1_719_792_000_000_000 + signed(t) * 1_000_003));
        n.push(t.map(|t| signed(t % 5)));
        for (j, out) in texts.iter_mut().enumerate() {
            let text = format!("{j} of {own}");
            out.push((j != 2 || k % 2 == 0).then_some(text));
        }
        json.push(format!("{{\"key\":{k},\"row\":{own}}}"));
        row.push(signed(own));
    }
    let [a, b, c, d] = texts;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("key", Arc::new(StringArray::from(key))),
        ("part", Arc::new(Int32Array::from(part))),
        ("at", Arc::new(TimestampMicrosecondArray::from(at))),
        ("n", Arc::new(Int64Array::from(n))),
        ("text1", Arc::new(StringArray::from(a))),
        ("text2", Arc::new(StringArray::from(b))),
        ("text3", Arc::new(StringArray::from(c))),
        ("text4", Arc::new(StringArray::from(d))),
        ("json", Arc::new(StringArray::from(json))),
        ("row", Arc::new(Int64Array::from(row))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true)))
        .map_err(Error::other)
}
