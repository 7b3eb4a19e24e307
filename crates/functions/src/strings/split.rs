//! `split(source, delimiter [, index])`: the parts of a text as an array.

use super::function::function;
use super::texts::Texts;
use crate::prelude::*;
use memchr::memmem;

/// `split`
pub const SPEC: FunctionSpec = FunctionSpec {
    result_name: ResultName::FirstArgument,
    differs: "An empty delimiter does not split, and an index without a part gives an empty array; neither is documented.",
    ..function(
        "split",
        "Splits a text at each delimiter into an array; with an index, the array has that part only.",
        &[sig(
            &[
                arg_of("source", Class::Scalar, "The text."),
                arg("delimiter", STRING, "Where to split."),
                arg_of(
                    "requestedIndex",
                    Class::Integer,
                    "The only part wanted, from 0.",
                )
                .optional(),
            ],
            DYNAMIC,
        )],
        split,
        &[
            ex("split('aaa_bbb_ccc', '_')", "[\"aaa\",\"bbb\",\"ccc\"]"),
            ex("split('aaa_bbb_ccc', '_', 1)", "[\"bbb\"]"),
            ex("split('', '_')", "[\"\"]"),
            ex("split('a__b', '_')", "[\"a\",\"\",\"b\"]"),
        ],
    )
};

fn split(args: &Args<'_>) -> Result<ArrayRef> {
    let source = Texts::of(args, 0)?;
    let source = source.strs()?;
    let delimiter = args.str(1)?;
    let finder = delimiter
        .constant()
        .map(|d| memmem::Finder::new(d.as_bytes()));
    let index = (args.len() > 2).then(|| args.integer(2)).transpose()?;
    dyn_result(args.rows, |row, w| {
        let (text, delimiter) = (source.get(row), delimiter.get(row));
        let wanted = match &index {
            None => None,
            // A null index is as good as none.
            Some(index) => index(row).map(|i| usize::try_from(i).unwrap_or(usize::MAX)),
        };
        w.begin_array();
        let mut rest = Some(text);
        let parts = std::iter::from_fn(|| {
            let text = rest.take()?;
            let found = match &finder {
                _ if delimiter.is_empty() => None,
                Some(f) => f.find(text.as_bytes()),
                None => text.find(delimiter),
            };
            let Some(at) = found else {
                return Some(text);
            };
            rest = text.get(at + delimiter.len()..);
            text.get(..at)
        });
        match wanted {
            Some(i) => parts.skip(i).take(1).for_each(|part| w.string(part)),
            None => parts.for_each(|part| w.string(part)),
        }
        w.end();
    })
}
