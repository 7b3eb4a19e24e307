//! `replace_strings(text, lookups, rewrites)`: several texts replaced in one pass.

use super::function::function;
use crate::prelude::*;
use memchr::memmem::Finder;

/// `replace_strings`
pub const SPEC: FunctionSpec = function(
    "replace_strings",
    "Replaces every occurrence of each text of an array by the text at the same place of another; earlier ones go first.",
    &[sig(
        &[
            arg("text", STRING, "The text to search in."),
            arg_of("lookups", Class::DynamicArray, "What to replace."),
            arg_of("rewrites", Class::DynamicArray, "What to put in its place."),
        ],
        STRING,
    )],
    replace,
    &[
        ex(
            "replace_strings('a cat and a dog', dynamic(['cat', 'dog']), dynamic(['dog', 'pigeon']))",
            "a dog and a pigeon",
        ),
        ex(
            "replace_strings('This is', dynamic(['is', 'This']), dynamic(['was', 'x']))",
            "Thwas was",
        ),
        ex(
            "replace_strings('This is', dynamic(['This', 'is']), dynamic([12345, 'was']))",
            "This was",
        ),
    ],
);

/// A text sought and what takes its place; without that it stays, and is safe from the texts behind it.
struct Pair {
    lookup: Finder<'static>,
    rewrite: Option<String>,
}

fn pairs(lookups: DynRef<'_>, rewrites: DynRef<'_>) -> Vec<Pair> {
    let (DynRef::Array(lookups), DynRef::Array(rewrites)) = (lookups, rewrites) else {
        return Vec::new();
    };
    let mut rewrites = rewrites.iter();
    let mut out = Vec::new();
    for lookup in lookups.iter() {
        let rewrite = rewrites.next();
        if let DynRef::String(s) = lookup
            && !s.is_empty()
        {
            out.push(Pair {
                lookup: Finder::new(s).into_owned(),
                rewrite: match rewrite {
                    Some(DynRef::String(r)) => Some(r.to_owned()),
                    _ => None,
                },
            });
        }
    }
    out
}

/// A part of the text: free, or taken by a pair.
#[derive(Clone, Copy)]
struct Piece<'p, 't> {
    text: &'t str,
    taken: Option<&'p Pair>,
}

/// Each text in turn takes what the ones before it have left.
fn take<'p, 't>(pair: &'p Pair, pieces: &[Piece<'p, 't>], out: &mut Vec<Piece<'p, 't>>) {
    out.clear();
    for piece in pieces {
        if piece.taken.is_some() {
            out.push(*piece);
            continue;
        }
        let mut rest = piece.text;
        while let Some(at) = pair.lookup.find(rest.as_bytes()) {
            let end = at + pair.lookup.needle().len();
            let (Some(before), Some(found), Some(after)) =
                (rest.get(..at), rest.get(at..end), rest.get(end..))
            else {
                break;
            };
            out.push(Piece {
                text: before,
                taken: None,
            });
            out.push(Piece {
                text: found,
                taken: Some(pair),
            });
            rest = after;
        }
        out.push(Piece {
            text: rest,
            taken: None,
        });
    }
}

fn rewrite(text: &str, pairs: &[Pair], out: &mut String) {
    let mut pieces = vec![Piece { text, taken: None }];
    let mut next = Vec::new();
    for pair in pairs {
        take(pair, &pieces, &mut next);
        std::mem::swap(&mut pieces, &mut next);
    }
    for piece in pieces {
        match piece.taken {
            Some(Pair {
                rewrite: Some(r), ..
            }) => out.push_str(r),
            _ => out.push_str(piece.text),
        }
    }
}

fn replace(args: &Args<'_>) -> Result<ArrayRef> {
    let text = args.str(0)?;
    let (lookups, rewrites) = (args.dynamic(1)?, args.dynamic(2)?);
    let constant = (lookups.is_constant() && rewrites.is_constant())
        .then(|| pairs(lookups.get(0), rewrites.get(0)));
    str_result(args.rows, |row, out| match &constant {
        Some(p) => rewrite(text.get(row), p, out),
        None => rewrite(
            text.get(row),
            &pairs(lookups.get(row), rewrites.get(row)),
            out,
        ),
    })
}
