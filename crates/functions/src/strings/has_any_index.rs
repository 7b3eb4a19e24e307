//! `has_any_index(source, values)`: the first of several texts that is there.

use super::function::function;
use super::texts::{Texts, write_dynamic};
use crate::operators::matcher::{Matcher, Place};
use crate::prelude::*;

/// `has_any_index`
pub const SPEC: FunctionSpec = function(
    "has_any_index",
    "Returns the place in the array of the first element that is in the text as whole terms, or -1.",
    &[sig(
        &[
            arg_of("source", Class::StringOrDynamic, "The text to search in."),
            arg_of("values", Class::DynamicArray, "What to search for."),
        ],
        LONG,
    )],
    index,
    &[
        ex(
            "has_any_index('this is an example', dynamic(['not', 'example']))",
            "1",
        ),
        ex("has_any_index('Example number 2', range(1, 3, 1))", "1"),
        ex("has_any_index('this is an example', dynamic([]))", "-1"),
    ],
);

fn matchers(values: DynRef<'_>) -> Option<Vec<Matcher<'static>>> {
    let DynRef::Array(a) = values else {
        return None;
    };
    let one = |v| {
        let mut text = String::new();
        write_dynamic(v, &mut text);
        Matcher::new(Place::Term, false, &text).into_owned()
    };
    Some(a.iter().map(one).collect())
}

fn index(args: &Args<'_>) -> Result<ArrayRef> {
    let source = Texts::of(args, 0)?;
    let source = source.strs()?;
    let values = args.dynamic(1)?;
    let constant = values.is_constant().then(|| matchers(values.get(0)));
    let first = |list: &[Matcher<'_>], text: &str| {
        let at = list.iter().position(|m| m.matches(text));
        at.map_or(Some(-1), |i| i64::try_from(i).ok())
    };
    long_result(args.rows, |row| match &constant {
        Some(list) => first(list.as_ref()?, source.get(row)),
        None => first(&matchers(values.get(row))?, source.get(row)),
    })
}
