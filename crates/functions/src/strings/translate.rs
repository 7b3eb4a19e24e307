//! `translate(searchList, replacementList, source)`: characters replaced one by one.

use super::function::function;
use crate::prelude::*;

/// `translate`
pub const SPEC: FunctionSpec = function(
    "translate",
    "Replaces each character that is in the first list by the one at the same place of the second; the last one of a shorter second list stands for the rest.",
    &[sig(
        &[
            arg("searchList", STRING, "Characters to replace."),
            arg(
                "replacementList",
                STRING,
                "Characters to put in their place.",
            ),
            arg("source", STRING, "The text."),
        ],
        STRING,
    )],
    translate,
    &[
        ex("translate('krasp', 'otsku', 'spark')", "kusto"),
        ex("translate('abc', 'x', 'abc')", "xxx"),
        ex("translate('abc', '', 'ab')", ""),
    ],
);

fn table(search: &str, replacement: &str) -> Vec<(char, Option<char>)> {
    let to: Vec<char> = replacement.chars().collect();
    search
        .chars()
        .enumerate()
        .map(|(i, c)| (c, to.get(i).or(to.last()).copied()))
        .collect()
}

fn translate(args: &Args<'_>) -> Result<ArrayRef> {
    let (search, replacement, source) = (args.str(0)?, args.str(1)?, args.str(2)?);
    let constant = search
        .constant()
        .zip(replacement.constant())
        .map(|(s, r)| table(s, r));
    str_result(args.rows, |row, out| {
        let own;
        let table = match &constant {
            Some(t) => t,
            None => {
                own = table(search.get(row), replacement.get(row));
                &own
            }
        };
        for c in source.get(row).chars() {
            match table.iter().find(|(from, _)| *from == c) {
                Some((_, to)) => out.extend(to),
                None => out.push(c),
            }
        }
    })
}
