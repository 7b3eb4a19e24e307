//! The operators that look for a text in a text: how they are declared and run.

use super::matcher::{Matcher, Place};
use crate::memo::ViewMemo;
use crate::prelude::*;
use crate::strings::texts::{self, Texts};
use arrow::array::{Array, BooleanArray};
use arrow::buffer::BooleanBuffer;
use std::sync::Arc;

const LEFT: Param = arg_of("left", Class::StringOrDynamic, "The text to search in.");

/// `has` and its kind take a string on the right.
pub const TERM: &[Signature] = &[sig(
    &[LEFT, arg("right", STRING, "The text to search for.")],
    BOOL,
)];

/// `contains` and its kind take a dynamic on the right too.
pub const TEXT: &[Signature] = &[sig(
    &[
        LEFT,
        arg_of("right", Class::StringOrDynamic, "The text to search for."),
    ],
    BOOL,
)];

/// One such operator. A null is the empty text, so the answer is never null.
pub const fn operator(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

/// Runs a search of the second argument in the first.
///
/// # Errors
/// None of the data's making.
pub fn search(args: &Args<'_>, place: Place, case_sensitive: bool, not: bool) -> Result<ArrayRef> {
    let right = Texts::of(args, 1)?;
    let right = right.strs()?;
    if let Some(needle) = right.constant() {
        let m = Matcher::new(place, case_sensitive, needle);
        let dear = !matches!(place, Place::Start | Place::End | Place::Whole);
        let question = Question {
            not,
            least: m.least(),
            dear,
        };
        return per_text(args, question, |text| m.matches(text));
    }
    let left = Texts::of(args, 0)?;
    let left = left.strs()?;
    let mut last: Option<(u128, Matcher<'_>)> = None;
    Ok(bools(args.rows, |row| {
        let view = right.view(row);
        let m = match &mut last {
            Some((seen, m)) if *seen == view => m,
            other => {
                &mut other
                    .insert((view, Matcher::new(place, case_sensitive, right.get(row))))
                    .1
            }
        };
        m.matches(left.get(row)) != not
    }))
}

/// A bool for each row, from its number. Never null.
pub fn bools(rows: usize, f: impl FnMut(usize) -> bool) -> ArrayRef {
    Arc::new(BooleanArray::new(
        BooleanBuffer::collect_bool(rows, f),
        None,
    ))
}

/// How a question is asked of each text.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The answers are turned round.
    pub not: bool,
    /// Texts of fewer bytes are known to fail.
    pub least: usize,
    /// It takes longer to ask than to remember the answer.
    pub dear: bool,
}

/// Asks a question of the text of the first argument in each row.
///
/// # Errors
/// None of the data's making.
pub fn per_text(
    args: &Args<'_>,
    question: Question,
    ask: impl Fn(&str) -> bool,
) -> Result<ArrayRef> {
    let Question { not, least, dear } = question;
    let any = args.any(0)?;
    let Any::String(column) = any else {
        let mut text = String::new();
        let constant = args.columns.first().is_some_and(|c| c.constant);
        let mut answer = |row| {
            text.clear();
            texts::write(&any, row, &mut text);
            ask(&text) != not
        };
        if constant {
            let all = answer(0);
            return Ok(bools(args.rows, |_| all));
        }
        return Ok(bools(args.rows, answer));
    };
    if let Some(text) = column.constant() {
        let all = ask(text) != not;
        return Ok(bools(args.rows, |_| all));
    }
    let array = column.array();
    let views = array.views();
    let short = u32::try_from(least).unwrap_or(u32::MAX);
    let mut memo = ViewMemo::default();
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    Ok(bools(args.rows, |row| {
        if nulls.is_some_and(|n| n.is_null(row)) {
            return (short == 0 && ask("")) != not;
        }
        let Some(view) = views.get(row) else {
            return not;
        };
        let [b0, b1, b2, b3, ..] = view.to_le_bytes();
        let len = u32::from_le_bytes([b0, b1, b2, b3]);
        let found = if len < short {
            false
        } else if len <= 12 || !dear {
            ask(array.value(row))
        } else {
            memo.get(*view, || ask(array.value(row)))
        };
        found != not
    }))
}
