//! A function of one text column is asked once for each different text.
//!
//! Columns of logs have few different values, and one that is read from a dictionary has the same view for every copy of a
//! text. What a function gives for the different views of a batch is spread over its rows.

use crate::adapter::{Args, Column};
use crate::memo::ViewMemo;
use crate::spec::{KernelError, Result};
use arrow::array::{Array, ArrayRef, AsArray, StringViewArray, UInt32Array};
use arrow::compute::take;
use kql_types::Type;
use std::sync::Arc;

/// Fewer rows are not looked at.
const FEW: usize = 256;
/// So many rows are looked at before it is given up.
const TRIAL: usize = 1024;
/// A text must come so many times on average.
const TIMES: usize = 4;

/// The arguments of a call for each different text, and which of them each row has.
pub struct Repeats {
    columns: Vec<Column>,
    rows: usize,
    of_row: UInt32Array,
}

impl Repeats {
    /// The different texts of a call; none where more than one argument is a column, where that is no text, and where few
    /// texts come again.
    pub fn of(args: &Args<'_>) -> Option<Repeats> {
        let mut varying = args.columns.iter().enumerate().filter(|(_, c)| !c.constant);
        let (place, column) = varying.next()?;
        if varying.next().is_some() || column.ty != Type::String || args.rows < FEW {
            return None;
        }
        let texts = column.array.as_string_view_opt()?;
        if texts.null_count() > 0 || texts.len() != args.rows {
            return None;
        }
        let (different, of_row) = different(texts.views())?;
        let buffers = texts.data_buffers().to_vec();
        let few = StringViewArray::try_new(different.into(), buffers, None).ok()?;
        let rows = few.len();
        let mut columns = args.columns.to_vec();
        columns.get_mut(place)?.array = Arc::new(few);
        Some(Repeats {
            columns,
            rows,
            of_row: of_row.into(),
        })
    }

    /// The call for each different text.
    pub fn args(&self, returns: Type) -> Args<'_> {
        Args {
            columns: &self.columns,
            rows: self.rows,
            returns,
        }
    }

    /// The results of [`Self::args`] for each row.
    ///
    /// # Errors
    /// There are not as many results as texts (our fault).
    pub fn spread(&self, results: &ArrayRef) -> Result<ArrayRef> {
        if results.len() != self.rows {
            return Err(KernelError::new("not a result for each text"));
        }
        Ok(take(results, &self.of_row, None)?)
    }
}

/// The different views, and the place of each row's view among them; none where they are too many. One that was forgotten in
/// the meantime counts as another.
fn different(views: &[u128]) -> Option<(Vec<u128>, Vec<u32>)> {
    let mut memo = ViewMemo::default();
    let mut different = Vec::with_capacity(64);
    let mut of_row = Vec::with_capacity(views.len());
    for (row, view) in views.iter().enumerate() {
        of_row.push(memo.get(*view, || {
            different.push(*view);
            u32::try_from(different.len() - 1).unwrap_or(u32::MAX)
        }));
        if row >= TRIAL && different.len() * TIMES > row {
            return None;
        }
    }
    (different.len() * TIMES <= views.len()).then_some((different, of_row))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of both kinds of view, few and many: the rows get back what they had.
    #[test]
    fn each_row_has_its_text() {
        for most in [1usize, 3, 60, 200, 4_000, 100_000] {
            let text = |i: usize| match i % 3 {
                0 => String::new(),
                1 => format!("{i}"),
                _ => format!("a text that stands in a buffer {i}"),
            };
            let rows: Vec<String> = (0..5000).map(|i| text(i * 7_919 % most)).collect();
            let values: Vec<String> = (0..most.min(5000)).map(text).collect();
            let values = StringViewArray::from_iter_values(values);
            let picked = UInt32Array::from_iter_values(
                (0..5000u32).map(|i| i * 7_919 % u32::try_from(most.min(5000)).unwrap_or(1)),
            );
            // As from a dictionary: equal texts have one view.
            let array = match most {
                100_000 => Arc::new(StringViewArray::from_iter_values(&rows)) as ArrayRef,
                _ => take(&values, &picked, None).unwrap_or_else(|e| panic!("{e}")),
            };
            let column = Column {
                array: Arc::clone(&array),
                constant: false,
                ty: Type::String,
            };
            let args = Args {
                columns: &[column],
                rows: 5000,
                returns: Type::String,
            };
            let found = Repeats::of(&args);
            assert_eq!(found.is_some(), most <= 400, "{most}");
            if let Some(r) = found {
                let back = r.columns.first().map(|c| r.spread(&c.array));
                assert!(back.is_some_and(|b| b.is_ok_and(|b| b == array)), "{most}");
            }
        }
    }
}
