//! Texts that were found, as values of the type that was asked for.

use crate::prelude::*;
use kql_types::text;

/// An array of a type from texts, each converted as `tolong`, `todatetime` and the like do: null where that fails.
///
/// # Errors
/// None of the data's making.
pub fn texts_as<'t>(
    ty: Type,
    rows: usize,
    mut find: impl FnMut(usize) -> &'t str,
) -> Result<ArrayRef> {
    match ty {
        Type::String => str_ref_result(rows, find),
        Type::Bool => bool_result(rows, |row| boolean(find(row))),
        Type::Int => int_result(rows, |row| {
            integer(find(row)).and_then(|n| i32::try_from(n).ok())
        }),
        Type::Long => long_result(rows, |row| integer(find(row))),
        Type::Real => real_result(rows, |row| find(row).trim().parse().ok()),
        Type::Decimal => decimal_result(rows, |row| text::parse_decimal(find(row).trim())),
        Type::DateTime => long_result(rows, |row| text::parse_datetime(find(row))),
        Type::TimeSpan => long_result(rows, |row| text::parse_timespan(find(row))),
        Type::Guid => guid_result(rows, |row| text::parse_guid(find(row))),
        Type::Dynamic => dyn_result(rows, |row, w| {
            let found = find(row);
            if !found.is_empty() {
                w.json_or_string(found);
            }
        }),
    }
}

fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(hex) => i64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

fn boolean(text: &str) -> Option<bool> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        integer(text).map(|n| n != 0)
    }
}
