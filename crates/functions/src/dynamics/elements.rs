//! Elements of arrays: taking an array apart, and when two elements are the same.

use crate::prelude::*;
use kql_types::text::write;
use std::borrow::Cow;

/// The elements of an array as bytes, in a vector that is used again for each row; false for what is no array.
pub fn take_apart<'a>(value: DynRef<'a>, items: &mut Vec<&'a [u8]>) -> bool {
    items.clear();
    let DynRef::Array(array) = value else {
        return false;
    };
    items.extend(array.raw());
    true
}

/// A dynamic result from the elements of the first argument, an array; null for what is no array.
///
/// # Errors
/// The first argument is not stored as dynamic (our fault).
pub fn from_elements<'a>(
    args: &Args<'a>,
    mut f: impl FnMut(usize, &[&'a [u8]], &mut DynWriter),
) -> Result<ArrayRef> {
    let arrays = args.dynamic(0)?;
    let mut items = Vec::new();
    dyn_result(args.rows, |row, w| {
        if take_apart(arrays.get(row), &mut items) {
            f(row, &items, w);
        }
    })
}

/// Writes an array of elements.
pub fn write_array<'i>(items: impl IntoIterator<Item = &'i [u8]>, w: &mut DynWriter) {
    w.begin_array();
    for item in items {
        w.raw(item);
    }
    w.end();
}

/// An index into `len` elements as KQL counts: negative from the end, kept within `0..=len`.
pub fn clamp_index(index: i64, len: usize) -> usize {
    let n = i64::try_from(len).unwrap_or(i64::MAX);
    let i = if index < 0 {
        index.saturating_add(n)
    } else {
        index
    };
    usize::try_from(i.clamp(0, n)).unwrap_or(0)
}

/// The bytes by which elements are compared: equal numbers have equal bytes, whether long or real.
pub fn key(item: &[u8]) -> Cow<'_, [u8]> {
    match DynRef::new(item) {
        DynRef::Real(x) => match whole(x) {
            Some(n) => {
                let mut w = DynWriter::new();
                w.long(n);
                w.bytes.into()
            }
            None => item.into(),
        },
        _ => item.into(),
    }
}

/// The integer that a double is exactly.
fn whole(x: f64) -> Option<i64> {
    // Below 2^53 every integral double is one integer.
    #[allow(clippy::cast_possible_truncation)]
    (x.fract() == 0.0 && x.abs() < 9_007_199_254_740_992.0).then_some(x as i64)
}

/// A value that is looked for among elements.
#[derive(Debug)]
pub struct Needle<'a> {
    value: DynRef<'a>,
    /// The text by which a datetime, timespan or guid stands in JSON.
    text: Option<String>,
}

impl<'a> Needle<'a> {
    /// Ready to be compared.
    pub fn new(value: DynRef<'a>) -> Self {
        let mut text = String::new();
        match value {
            DynRef::DateTime(t) => write::write_datetime(t, &mut text),
            DynRef::TimeSpan(t) => write::write_timespan(t, &mut text),
            DynRef::Guid(g) => write::write_guid(&g, &mut text),
            DynRef::Real(x) => {
                return Needle {
                    value: whole(x).map_or(value, DynRef::Long),
                    text: None,
                };
            }
            _ => {}
        }
        Needle {
            value,
            text: (!text.is_empty()).then_some(text),
        }
    }

    /// Whether an element is this value.
    pub fn is(&self, item: DynRef<'_>) -> bool {
        match (item, &self.text) {
            (DynRef::String(s), Some(text)) => s == text,
            (DynRef::Real(x), _) => {
                whole(x).map_or(item == self.value, |n| DynRef::Long(n) == self.value)
            }
            _ => item == self.value,
        }
    }
}
