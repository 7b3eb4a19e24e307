//! `bag_zip(keys, values)`.

use crate::prelude::*;

/// `bag_zip`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "bag_zip",
    summary: "Makes a bag of an array of names and an array of values. Names that are no texts are passed over with their values.",
    signatures: &[sig(
        &[
            arg_of("keys", Class::DynamicArray, "The names."),
            arg_of("values", Class::DynamicArray, "The values."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bag_zip),
    examples: &[
        ex(
            "bag_zip(dynamic(['a','b','c']), dynamic([1,'2',3.4]))",
            r#"{"a":1,"b":"2","c":3.4}"#,
        ),
        ex(
            "bag_zip(dynamic(['a','b','c']), dynamic([1,'2']))",
            r#"{"a":1,"b":"2","c":null}"#,
        ),
        ex(
            "bag_zip(dynamic(['a',8,'b']), dynamic([1,'2',2.5]))",
            r#"{"a":1,"b":2.5}"#,
        ),
        ex(
            "bag_zip(dynamic(['a',8,'b']), dynamic(1))",
            r#"{"a":null,"b":null}"#,
        ),
        ex("bag_zip(dynamic('a'), dynamic([1]))", "null"),
    ],
    differs: "Where a name is repeated the last value counts; Kusto does not document which does.",
};

use super::bag_writer::BagWriter;
use super::elements::take_apart;

fn bag_zip(args: &Args<'_>) -> Result<ArrayRef> {
    let (keys, values) = (args.dynamic(0)?, args.dynamic(1)?);
    let (mut out, mut items) = (BagWriter::default(), Vec::new());
    dyn_result(args.rows, |row, w| {
        let DynRef::Array(names) = keys.get(row) else {
            return;
        };
        take_apart(values.get(row), &mut items);
        out.clear();
        for (i, name) in names.iter().enumerate() {
            if let DynRef::String(name) = name {
                out.set(name, items.get(i).copied().unwrap_or(&[0]));
            }
        }
        out.write(w);
    })
}
