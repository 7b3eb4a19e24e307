//! `in`, `!in`, `in~`, `!in~`: membership in a list.

use super::constants::List;
use super::matcher::values::{Key, converted, plain};
use super::matcher::{Members, equal};
use super::text_search::bools;
use crate::prelude::*;
use crate::strings::texts;
use arrow::array::Array;
use hashbrown::HashSet;
use std::sync::Arc;

const ANY: &[Signature] = &[sig(
    &[
        arg_of("value", Class::Scalar, "The value to look for."),
        arg_of(
            "list",
            Class::Scalar,
            "Values to compare with; an array stands for its elements.",
        )
        .repeated(1, 32_767),
    ],
    BOOL,
)];

const TEXT: &[Signature] = &[sig(
    &[
        arg_of("value", Class::StringOrDynamic, "The text to look for."),
        arg_of(
            "list",
            Class::Scalar,
            "Values to compare with; an array stands for its elements.",
        )
        .repeated(1, 32_767),
    ],
    BOOL,
)];

const fn operator(
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
        differs: "An element of another type is converted to the type of the value, which published queries rely on; how a real cluster compares the two is not documented.",
    }
}

/// `in`
pub const IN: FunctionSpec = operator(
    "in",
    "True when the value equals an element of the list. Texts are compared exactly.",
    ANY,
    |args| member(args, false, false),
    &[
        ex("'abc' in ('123', '345', 'abc')", "True"),
        ex("'Abc' in ('abc')", "False"),
        ex("2 in (dynamic([1, 2.0]), 7)", "True"),
        ex("long(null) in (1, long(null))", "False"),
        ex("4625 in ('4624', '4625')", "True"),
        ex("dynamic('x') in ('x')", "True"),
    ],
);

/// `!in`
pub const NOT_IN: FunctionSpec = operator(
    "!in",
    "True when the value equals no element of the list. Texts are compared exactly.",
    ANY,
    |args| member(args, false, true),
    &[
        ex("'bca' !in ('123', '345', 'abc')", "True"),
        ex("1 !in (long(null))", "True"),
    ],
);

/// `in~`
pub const IN_ANY_CASE: FunctionSpec = operator(
    "in~",
    "True when the value equals an element of the list. Case does not count.",
    TEXT,
    |args| member(args, true, false),
    &[
        ex("'Abc' in~ ('123', '345', 'abc')", "True"),
        ex("'é' in~ (dynamic(['É']))", "True"),
    ],
);

/// `!in~`
pub const NOT_IN_ANY_CASE: FunctionSpec = operator(
    "!in~",
    "True when the value equals no element of the list. Case does not count.",
    TEXT,
    |args| member(args, true, true),
    &[ex("'bCa' !in~ ('123', '345', 'ABC')", "True")],
);

/// What is made of a constant list.
#[derive(Debug)]
struct Set {
    texts: Members,
    longs: Vec<i64>,
    keys: HashSet<Key>,
}

/// Up to this many numbers are compared one after the other.
const FEW: usize = 8;

impl Set {
    fn new<'e>(ty: Type, folded: bool, elements: impl Iterator<Item = DynRef<'e>>) -> Set {
        let mut keys = HashSet::new();
        let mut list = Vec::new();
        for e in elements {
            match converted(ty, e) {
                Some(Key::Text(t)) => list.push(t),
                Some(k) => {
                    keys.insert(k);
                }
                None => {}
            }
        }
        let longs = keys
            .iter()
            .filter_map(|k| match k {
                Key::Long(n) => Some(*n),
                _ => None,
            })
            .collect();
        Set {
            texts: Members::new(folded, list.iter().map(|t| &**t)),
            longs,
            keys,
        }
    }

    #[inline]
    fn has_long(&self, n: i64) -> bool {
        if self.longs.len() <= FEW {
            self.longs.contains(&n)
        } else {
            self.keys.contains(&Key::Long(n))
        }
    }
}

fn member(args: &Args<'_>, folded: bool, not: bool) -> Result<ArrayRef> {
    let ty = args.ty(0);
    let list = List::of(args, if folded { "in~" } else { "in" })?;
    let any = args.any(0)?;
    if !list.constant {
        return Ok(row_by_row(args, &any, &list, folded, not));
    }
    let make = || Set::new(ty, folded, list.elements(0));
    let set = match list.key {
        Some(key) => cache::made(key, || Ok(make()))?,
        None => Arc::new(make()),
    };
    let rows = args.rows;
    Ok(match any {
        Any::String(c) => match c.constant() {
            Some(text) => {
                let all = set.texts.has(text) != not;
                bools(rows, |_| all)
            }
            None => {
                let array = c.array();
                let views = array.views();
                let nulls = array.nulls().filter(|n| n.null_count() > 0);
                bools(rows, |row| {
                    let found = if nulls.is_some_and(|n| n.is_null(row)) {
                        set.texts.has("")
                    } else {
                        views
                            .get(row)
                            .is_some_and(|v| set.texts.has_view(*v, || array.value(row)))
                    };
                    found != not
                })
            }
        },
        Any::Int(c) => bools(rows, |row| {
            c.get(row).is_some_and(|n| set.has_long(i64::from(n))) != not
        }),
        Any::Long(c) => bools(rows, |row| {
            c.get(row).is_some_and(|n| set.has_long(n)) != not
        }),
        Any::Dynamic(c) => {
            let mut text = String::new();
            bools(rows, |row| {
                let value = c.get(row);
                let found = match value {
                    DynRef::String(s) => set.texts.has(s),
                    other => {
                        (!set.keys.is_empty()
                            && plain(other).is_some_and(|k| set.keys.contains(&k)))
                            || {
                                text.clear();
                                texts::write_dynamic(other, &mut text);
                                set.texts.has(&text)
                            }
                    }
                };
                found != not
            })
        }
        other => bools(rows, |row| {
            plain(other.get(row)).is_some_and(|k| set.keys.contains(&k)) != not
        }),
    })
}

fn row_by_row(
    args: &Args<'_>,
    any: &Any<'_>,
    list: &List<'_>,
    folded: bool,
    not: bool,
) -> ArrayRef {
    let ty = args.ty(0);
    let mut text = String::new();
    bools(args.rows, |row| {
        let value = any.get(row);
        text.clear();
        if matches!(ty, Type::String | Type::Dynamic) {
            texts::write_dynamic(value, &mut text);
        }
        let own = if ty == Type::String {
            None
        } else {
            plain(value)
        };
        let found = list.elements(row).any(|e| match (ty, e) {
            (Type::String | Type::Dynamic, DynRef::String(s)) => {
                if folded {
                    equal(&text, s)
                } else {
                    text == s
                }
            }
            _ => match converted(ty, e) {
                Some(Key::Text(t)) if folded => equal(&text, &t),
                Some(Key::Text(t)) => *text == *t,
                Some(k) => own.as_ref() == Some(&k),
                None => false,
            },
        });
        found != not
    })
}
