//! `min`, `max` and their conditional forms.

use super::state::{Reader, State, States};
use crate::aggregate::Aggregator;
use crate::prelude::*;

const EXPR: Param = arg_of("expr", Class::Orderable, "The values; nulls are skipped.");
const PREDICATE: Param = arg("predicate", BOOL, "Which rows count.");

/// `min`
pub const MIN: AggregateSpec = AggregateSpec {
    name: "min",
    summary: "The smallest value of the group, null when it has none. A NaN makes it NaN.",
    signatures: &[sig_as(&[EXPR], Returns::Param(0))],
    result_name: ResultName::Prefix("min"),
    lower: AggregateLower::Native,
    examples: &[
        ex("datatable(x:int)[3, 1, int(null)] | summarize min(x)", "1"),
        ex("datatable(x:int)[] | summarize min(x)", "null"),
        ex(
            "datatable(x:real)[1.5, real(nan), 2.5] | summarize min(x)",
            "NaN",
        ),
        ex("datatable(x:string)['b', 'a', 'B'] | summarize min(x)", "B"),
    ],
    differs: "",
};

/// `max`
pub const MAX: AggregateSpec = AggregateSpec {
    name: "max",
    summary: "The greatest value of the group, null when it has none. A NaN makes it NaN.",
    signatures: &[sig_as(&[EXPR], Returns::Param(0))],
    result_name: ResultName::Prefix("max"),
    lower: AggregateLower::Native,
    examples: &[
        ex("datatable(x:int)[3, 1, int(null)] | summarize max(x)", "3"),
        ex(
            "datatable(x:real)[1.5, real(nan), 2.5] | summarize max(x)",
            "NaN",
        ),
        ex(
            "datatable(x:real)[1.5, real(-inf), real(+inf)] | summarize max(x)",
            "inf",
        ),
    ],
    differs: "",
};

/// `minif`
pub const MINIF: AggregateSpec = AggregateSpec {
    name: "minif",
    summary: "The smallest value of the rows for which `predicate` is true.",
    signatures: &[sig_as(&[EXPR, PREDICATE], Returns::Param(0))],
    result_name: ResultName::Prefix("minif"),
    lower: AggregateLower::FilterOf("min"),
    examples: &[
        ex(
            "range x from 1 to 10 step 1 | summarize minif(x, x > 5)",
            "6",
        ),
        ex(
            "range x from 1 to 10 step 1 | summarize minif(x, false)",
            "null",
        ),
    ],
    differs: "",
};

/// `maxif`
pub const MAXIF: AggregateSpec = AggregateSpec {
    name: "maxif",
    summary: "The greatest value of the rows for which `predicate` is true.",
    signatures: &[sig_as(&[EXPR, PREDICATE], Returns::Param(0))],
    result_name: ResultName::Prefix("maxif"),
    lower: AggregateLower::FilterOf("max"),
    examples: &[ex(
        "range x from 1 to 10 step 1 | summarize maxif(x, x < 5)",
        "4",
    )],
    differs: "",
};

/// The least of reals as KQL has it: one NaN makes the result NaN. An engine's own `min` orders NaN above all numbers,
/// so for reals it gives another answer.
///
/// # Errors
/// None.
pub fn min_of_reals(_: &AggregateCall<'_>) -> Result<Box<dyn Aggregator>> {
    Ok(States::<Extreme>::boxed(false))
}

/// The greatest of reals, likewise.
///
/// # Errors
/// None.
pub fn max_of_reals(_: &AggregateCall<'_>) -> Result<Box<dyn Aggregator>> {
    Ok(States::<Extreme>::boxed(true))
}

struct Extreme(Option<f64>);

impl Extreme {
    #[inline]
    fn note(&mut self, greatest: bool, x: f64) {
        let better = match self.0 {
            None => true,
            Some(y) if y.is_nan() => false,
            Some(y) => x.is_nan() || if greatest { x > y } else { x < y },
        };
        if better {
            self.0 = Some(x);
        }
    }
}

impl State for Extreme {
    type Config = bool;
    type Input<'a> = Reals<'a>;

    fn read<'a>(_: &bool, args: &Args<'a>) -> Result<Reals<'a>> {
        args.real(0)
    }

    fn new(_: &bool) -> Self {
        Extreme(None)
    }

    #[inline]
    fn add(&mut self, greatest: &bool, input: &Reals<'_>, row: usize) -> Result<()> {
        if let Some(x) = input.get(row) {
            self.note(*greatest, x);
        }
        Ok(())
    }

    fn merge(&mut self, greatest: &bool, other: Self) -> Result<()> {
        if let Some(x) = other.0 {
            self.note(*greatest, x);
        }
        Ok(())
    }

    fn save(&self, _: &bool, out: &mut Vec<u8>) {
        if let Some(x) = self.0 {
            out.extend_from_slice(&x.to_le_bytes());
        }
    }

    fn load(_: &bool, bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Extreme(None));
        }
        Reader(bytes).f64().map(|x| Extreme(Some(x)))
    }

    fn finish(_: &bool, groups: Vec<Self>) -> Result<ArrayRef> {
        real_result(groups.len(), |row| groups.get(row).and_then(|g| g.0))
    }

    fn heap_size(&self) -> usize {
        0
    }
}
