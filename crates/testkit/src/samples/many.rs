//! Any number of NetworkSessions as Parquet: the planted rows of the sample in a week of quiet traffic.

use super::TOP_DOMAINS;
use super::network::{Session, outcome, planted};
use arrow::array::{
    ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::io::{Error, Result, Write};
use std::sync::Arc;

const BATCH: u64 = 1 << 16;
const DAY: u64 = 86_400;
/// 2024-07-01 in seconds since 1970.
const START: i64 = 1_719_792_000;

/// Rows in the order of their time, always the same.
pub struct Many {
    rows: u64,
    at: u64,
    planted: std::iter::Peekable<std::vec::IntoIter<Session>>,
}

impl Many {
    /// So many rows of traffic; the planted ones come on top.
    pub fn new(rows: u64) -> Many {
        let mut planted = planted();
        planted.sort_by_key(|s| s.second);
        Many {
            rows,
            at: 0,
            planted: planted.into_iter().peekable(),
        }
    }
}

impl Iterator for Many {
    /// Microseconds since 2024-07-01, and the row.
    type Item = (i64, SessionRow);

    fn next(&mut self) -> Option<Self::Item> {
        let micros = |second: u64| i64::try_from(second.saturating_mul(1_000_000)).unwrap_or(0);
        let span = micros(7 * DAY);
        let step = span / i64::try_from(self.rows.max(1)).unwrap_or(1);
        let at = i64::try_from(self.at).unwrap_or(0).saturating_mul(step);
        let due = |s: &Session| self.at >= self.rows || micros(u64::from(s.second)) <= at;
        if let Some(s) = self.planted.next_if(due) {
            return Some((micros(u64::from(s.second)), SessionRow(s)));
        }
        if self.at >= self.rows {
            return None;
        }
        let row = quiet(self.at);
        self.at += 1;
        Some((at, SessionRow(row)))
    }
}

/// A row of [`Many`].
pub struct SessionRow(Session);

/// Traffic that no query of ours finds: a source fails on one unusual port at most, and visits what everybody visits.
fn quiet(i: u64) -> Session {
    let mut random = mix(i);
    let mut below = |n: u64| {
        random = mix(random);
        random % n
    };
    let source = below(4000);
    let small = |n: u64| i32::try_from(n).unwrap_or(0);
    let success = below(100) >= 6;
    let port = match below(20) {
        0..9 => 443,
        9..13 => 53,
        13..16 => 80,
        16 => 8080,
        17 => 50_000 + small(below(10_000)),
        _ => 1024 + small(source),
    };
    let target = match below(10) {
        0..3 => format!("10.2.{}.{}", below(256), below(256)),
        _ => format!("198.51.{}.{}", below(256), below(256)),
    };
    let host = match below(10) {
        0..4 => String::new(),
        4 => format!("srv{}.corp.local", below(500)),
        _ => {
            let domain = TOP_DOMAINS[usize::try_from(below(5)).unwrap_or(0)];
            format!("host{}.{domain}", below(2000))
        }
    };
    Session {
        second: 0,
        success,
        source: format!("10.1.{}.{}", source / 250 + 16, source % 250 + 1),
        target,
        port,
        host,
        sent: i64::try_from(200 + below(4000)).unwrap_or(0),
        received: i64::try_from(500 + below(90_000)).unwrap_or(0),
    }
}

/// A number that looks random and is always the same (SplitMix64).
pub(super) fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Writes so many rows as a Parquet file.
///
/// # Errors
/// The output cannot be written.
pub fn write_many(rows: u64, out: impl Write + Send) -> Result<()> {
    let utc: Arc<str> = "UTC".into();
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let schema = Arc::new(Schema::new(vec![
        Field::new(
            "TimeGenerated",
            DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::clone(&utc))),
            false,
        ),
        text("EventResult"),
        text("DvcAction"),
        text("SrcIpAddr"),
        text("DstIpAddr"),
        Field::new("DstPortNumber", DataType::Int32, false),
        text("UrlHostname"),
        Field::new("SrcBytes", DataType::Int64, false),
        Field::new("DstBytes", DataType::Int64, false),
    ]));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(1 << 17))
        .build();
    let mut writer =
        ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties)).map_err(Error::other)?;
    let mut all = Many::new(rows);
    loop {
        let part: Vec<(i64, Session)> = (0..BATCH)
            .map_while(|_| all.next())
            .map(|(t, row)| (t, row.0))
            .collect();
        if part.is_empty() {
            break;
        }
        let texts = |of: fn(&Session) -> &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(
                part.iter().map(|(_, s)| of(s)),
            ))
        };
        let numbers = |of: fn(&Session) -> i64| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(
                part.iter().map(|(_, s)| of(s)),
            ))
        };
        let times = part.iter().map(|(t, _)| START * 1_000_000 + t);
        let batch = RecordBatch::try_new(
            Arc::clone(&schema),
            vec![
                Arc::new(
                    TimestampMicrosecondArray::from_iter_values(times)
                        .with_timezone(Arc::clone(&utc)),
                ),
                texts(|s| outcome(s.success).0),
                texts(|s| outcome(s.success).1),
                texts(|s| &s.source),
                texts(|s| &s.target),
                Arc::new(Int32Array::from_iter_values(
                    part.iter().map(|(_, s)| s.port),
                )),
                texts(|s| &s.host),
                numbers(|s| s.sent),
                numbers(|s| s.received),
            ],
        );
        writer
            .write(&batch.map_err(Error::other)?)
            .map_err(Error::other)?;
    }
    writer.close().map_err(Error::other)?;
    Ok(())
}
