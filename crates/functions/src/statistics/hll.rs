//! Counts out of what the aggregate `hll` gave.

use crate::aggregates::sketch::Sketch;
use crate::prelude::*;

const SKETCH: Param = arg_of(
    "hll",
    Class::DynamicArray,
    "What `hll` or `hll_merge` gave.",
);

/// `dcount_hll`
pub const DCOUNT: FunctionSpec = FunctionSpec {
    name: "dcount_hll",
    summary: "How many different values a sketch holds, estimated as by `dcount`.",
    signatures: &[sig(&[SKETCH], LONG)],
    result_name: ResultName::Prefix("dcount_hll"),
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(dcount),
    examples: &[
        ex(
            "dcount_hll(dynamic([[1024,14],[\"3803688792395291579\",\"1589522558235929902\"],[]]))",
            "2",
        ),
        ex("dcount_hll(dynamic(null))", "null"),
    ],
    differs: "",
};

/// `hll_merge`
pub const MERGE: FunctionSpec = FunctionSpec {
    name: "hll_merge",
    summary: "Unites sketches.",
    signatures: &[sig(&[SKETCH.repeated(2, 64)], DYNAMIC)],
    result_name: ResultName::PrefixOnly("hll_merged_result"),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(merge),
    examples: &[ex(
        "dcount_hll(hll_merge(dynamic([[16384,14],[\"1\",\"2\"],[]]), dynamic([[16384,14],[\"2\",\"3\"],[]])))",
        "3",
    )],
    differs: "Sketches that Kusto made are refused, for their hashes are others.",
};

fn dcount(args: &Args<'_>) -> Result<ArrayRef> {
    let sketches = args.dynamic(0)?;
    try_long_result(args.rows, |row| {
        let value = sketches.get(row);
        if value.is_null() {
            return Ok(None);
        }
        if let Some((p, sketch)) = Sketch::read(value) {
            return Ok(Some(sketch.count(p)));
        }
        // A small sketch of Kusto's own: its hashes cannot be compared with ours, but they can be counted.
        match (value.at(1), value.at(2)) {
            (Some(DynRef::Array(hashes)), Some(DynRef::Array(registers)))
                if registers.is_empty() =>
            {
                Ok(i64::try_from(hashes.len()).ok())
            }
            _ => Err(KernelError::new("dcount_hll() requires what hll() gives")),
        }
    })
}

fn merge(args: &Args<'_>) -> Result<ArrayRef> {
    let sketches = (0..args.len())
        .map(|i| args.dynamic(i))
        .collect::<Result<Vec<_>>>()?;
    try_dyn_result(args.rows, |row, w| {
        let mut united: Option<(u32, Sketch)> = None;
        for s in &sketches {
            let value = s.get(row);
            if value.is_null() {
                continue;
            }
            let (p, sketch) = Sketch::read(value)
                .ok_or_else(|| KernelError::new("hll_merge() requires what hll() gives"))?;
            match &mut united {
                None => united = Some((p, sketch)),
                Some((q, u)) if *q == p => u.merge(p, sketch),
                Some(_) => {
                    return Err(KernelError::new(
                        "sketches of different accuracies cannot be united",
                    ));
                }
            }
        }
        if let Some((p, sketch)) = united {
            sketch.write(p, w);
        }
        Ok(())
    })
}
