//! `has_any`, `has_all`: some or all of several texts as whole terms.

use super::constants::List;
use super::matcher::{AllTerms, AnyTerm};
use super::text_search::{Question, bools, per_text};
use crate::prelude::*;
use crate::strings::texts::{self, Texts};
use std::sync::Arc;

const LIST: &[Signature] = &[sig(
    &[
        arg_of("value", Class::StringOrDynamic, "The text to search in."),
        arg_of(
            "list",
            Class::Scalar,
            "Texts to search for; an array stands for its elements.",
        )
        .repeated(1, 32_767),
    ],
    BOOL,
)];

const fn operator(
    name: &'static str,
    summary: &'static str,
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures: LIST,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

/// `has_any`
pub const HAS_ANY: FunctionSpec = operator(
    "has_any",
    "True when one of the texts is in the left one as whole terms. Case does not count.",
    any,
    &[
        ex("'North America' has_any ('south', 'north')", "True"),
        ex("'AAA' has_any ('aA', 'b')", "False"),
        ex("'code 42 here' has_any (42)", "True"),
        ex("'x' has_any (dynamic([]))", "False"),
        ex("'x' has_any (dynamic([null]))", "True"),
    ],
);

/// `has_all`
pub const HAS_ALL: FunctionSpec = operator(
    "has_all",
    "True when each of the texts is in the left one as whole terms. Case does not count.",
    all,
    &[
        ex(
            "'North and South America' has_all ('south', 'north')",
            "True",
        ),
        ex("'alpha' has_all (dynamic(['alpha', 'beta']))", "False"),
        ex("'x' has_all (dynamic([]))", "True"),
    ],
);

const DEAR: Question = Question {
    not: false,
    least: 0,
    dear: true,
};

/// Calls `with` for the texts of the elements of a row; null is the empty text.
fn needles<T>(list: &List<'_>, row: usize, with: impl FnOnce(Vec<&str>) -> T) -> T {
    let written: Vec<(Option<&str>, String)> = list
        .elements(row)
        .map(|e| match e {
            DynRef::String(s) => (Some(s), String::new()),
            other => {
                let mut text = String::new();
                texts::write_dynamic(other, &mut text);
                (None, text)
            }
        })
        .collect();
    with(written.iter().map(|(s, t)| s.unwrap_or(t)).collect())
}

fn any(args: &Args<'_>) -> Result<ArrayRef> {
    let list = List::of(args, "has_any")?;
    if list.constant {
        let make = || Ok(needles(&list, 0, |n| AnyTerm::new(n)));
        let terms = match list.key {
            Some(key) => cache::made(key, make)?,
            None => Arc::new(make()?),
        };
        return per_text(args, DEAR, |text| terms.matches(text));
    }
    row_by_row(args, &list, |needles, text| {
        AnyTerm::new(needles).matches(text)
    })
}

fn all(args: &Args<'_>) -> Result<ArrayRef> {
    let list = List::of(args, "has_all")?;
    if list.constant {
        let make = || Ok(needles(&list, 0, |n| AllTerms::new(n)));
        let terms = match list.key {
            Some(key) => cache::made(key, make)?,
            None => Arc::new(make()?),
        };
        return per_text(args, DEAR, |text| terms.matches(text));
    }
    row_by_row(args, &list, |needles, text| {
        AllTerms::new(needles).matches(text)
    })
}

fn row_by_row(
    args: &Args<'_>,
    list: &List<'_>,
    ask: impl Fn(Vec<&str>, &str) -> bool,
) -> Result<ArrayRef> {
    let left = Texts::of(args, 0)?;
    let left = left.strs()?;
    Ok(bools(args.rows, |row| {
        needles(list, row, |n| ask(n, left.get(row)))
    }))
}
