//! `matches regex`: a match of a regular expression anywhere in the text.

use super::text_search::{Question, TEXT, bools, operator, per_text};
use crate::prelude::*;
use crate::strings::texts::Texts;
use std::sync::Arc;

/// `matches regex`
pub const SPEC: FunctionSpec = operator(
    "matches regex",
    "True when the regular expression matches somewhere in the text.",
    TEXT,
    matches,
    &[
        ex("'Fabrikam' matches regex 'b.*k'", "True"),
        ex("'a1c' matches regex @'^\\d'", "False"),
        ex("'' matches regex ''", "True"),
    ],
);

const DEAR: Question = Question {
    not: false,
    least: 0,
    dear: true,
};

fn matches(args: &Args<'_>) -> Result<ArrayRef> {
    let right = Texts::of(args, 1)?;
    let right = right.strs()?;
    if let Some(pattern) = right.constant() {
        let regex = cache::regex(pattern)?;
        return per_text(args, DEAR, |text| regex.is_match(text));
    }
    let left = Texts::of(args, 0)?;
    let left = left.strs()?;
    let mut last: Option<(u128, Arc<regex::Regex>)> = None;
    let mut failed = None;
    let out = bools(args.rows, |row| {
        let view = right.view(row);
        if last.as_ref().is_none_or(|(seen, _)| *seen != view) {
            match cache::regex(right.get(row)) {
                Ok(r) => last = Some((view, r)),
                Err(e) => {
                    failed.get_or_insert(e);
                    return false;
                }
            }
        }
        last.as_ref()
            .is_some_and(|(_, r)| r.is_match(left.get(row)))
    });
    failed.map_or(Ok(out), Err)
}
