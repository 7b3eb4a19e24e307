//! `bag_merge(bag, ...)`.

use crate::prelude::*;

/// `bag_merge`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "bag_merge",
    summary: "Puts the properties of several bags into one; where they share a name the leftmost counts. What is no bag is passed over.",
    signatures: &[sig(
        &[arg_of("bag", Class::DynamicBag, "A bag.").repeated(2, 64)],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bag_merge),
    examples: &[
        ex(
            "bag_merge(dynamic({'A1':12, 'B1':2}), dynamic({'A2':81, 'A1':1}))",
            r#"{"A1":12,"B1":2,"A2":81}"#,
        ),
        ex(
            "bag_merge(dynamic({'kept':1}), dynamic([1,2]))",
            r#"{"kept":1}"#,
        ),
    ],
    differs: "Of no bag at all the result is null; Kusto does not document it.",
};

use super::bag_writer::BagWriter;

fn bag_merge(args: &Args<'_>) -> Result<ArrayRef> {
    let bags = (0..args.len())
        .map(|i| args.dynamic(i))
        .collect::<Result<Vec<_>>>()?;
    let mut out = BagWriter::default();
    dyn_result(args.rows, |row, w| {
        out.clear();
        let mut any = false;
        for bag in &bags {
            if let DynRef::Bag(bag) = bag.get(row) {
                any = true;
                for (name, value) in bag.raw() {
                    out.add_if_new(name, value);
                }
            }
        }
        if any {
            out.write(w);
        }
    })
}
