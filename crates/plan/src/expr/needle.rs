//! `tostring(parse_json(Text).a.b) == "value"`: a text that has the value nowhere is not read.
//!
//! A JSON string that is the value is written in the text as the value between quotes, unless it has an escape. So a text
//! without that and without a backslash has another value at the path, or none, and either is unequal. Only values that
//! `tostring` makes of nothing but a string may be looked for: `12`, `true` and `[1]` can be written in many ways.

use crate::expr::udf::{Argument, Run, Udf};
use arrow::array::{Array, ArrayRef, AsArray, StringViewArray};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::prelude::Expr;
use memchr::memchr;
use memchr::memmem::Finder;
use std::sync::Arc;

/// The most values that are looked for one after the other.
const MOST: usize = 4;

/// Whether `tostring` gives this text for nothing but a JSON string, which is then written as it is or with an escape.
fn only_of_string(text: &str) -> bool {
    let words = ["true", "false", "null", "nan", "inf", "infinity"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !words.iter().any(|w| text.eq_ignore_ascii_case(w))
        && text
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\' || b == b' ')
}

/// `tostring(json_get(text))` that is compared with these values for being equal, or not, to one of them: the same with
/// texts left out that have none of them. Any other expression is given back as it is.
pub(crate) fn require(value: Expr, texts: &[&str]) -> Expr {
    if texts.is_empty() || texts.len() > MOST || !texts.iter().all(|t| only_of_string(t)) {
        return value;
    }
    let Expr::ScalarFunction(whole) = &value else {
        return value;
    };
    let [Expr::ScalarFunction(path)] = whole.args.as_slice() else {
        return value;
    };
    if whole.func.name() != "tostring" || path.func.name() != "json_get" {
        return value;
    }
    let needles: Vec<String> = texts.iter().map(|t| format!("\"{t}\"")).collect();
    let kept = Udf::pure(
        "text_with",
        format!("{needles:?}"),
        DataType::Utf8View,
        Arc::new(TextWith(needles)),
    )
    .call(path.args.clone());
    let path = ScalarFunction::new_udf(Arc::clone(&path.func), vec![kept]);
    Expr::ScalarFunction(ScalarFunction::new_udf(
        Arc::clone(&whole.func),
        vec![Expr::ScalarFunction(path)],
    ))
}

/// Texts with one of these in them, or with a backslash; null for the others.
struct TextWith(Vec<String>);

impl Run for TextWith {
    fn run(&self, args: &[Argument], _rows: usize) -> Result<ArrayRef> {
        let Some(texts) = args.first().and_then(|a| a.array.as_string_view_opt()) else {
            return Err(DataFusionError::Internal("JSON is text".to_owned()));
        };
        let finders: Vec<Finder<'_>> = self.0.iter().map(|n| Finder::new(n.as_bytes())).collect();
        let keep = BooleanBuffer::collect_bool(texts.len(), |row| {
            texts.is_valid(row) && {
                let bytes = texts.value(row).as_bytes();
                finders.iter().any(|f| f.find(bytes).is_some()) || memchr(b'\\', bytes).is_some()
            }
        });
        let kept = StringViewArray::try_new(
            texts.views().clone(),
            texts.data_buffers().to_vec(),
            Some(NullBuffer::new(keep)),
        )?;
        Ok(Arc::new(kept))
    }
}
