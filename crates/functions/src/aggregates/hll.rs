//! `hll`, `hll_if`, `hll_merge`: counts of different values that are kept for later.

use super::collect::cells;
use super::dcount::accuracy;
use super::keys::{Keys, hashes};
use super::sketch::Sketch;
use super::state::{Reader, State, States};
use crate::prelude::*;

const EXPR: Param = arg_of(
    "expr",
    Class::NotRealOrBool,
    "The values; nulls are skipped.",
);
const ACCURACY: Param = arg_of(
    "accuracy",
    Class::Integer,
    "0 to 4, by default 1: errors of 1.6, 0.8, 0.4, 0.28 and 0.2 per cent.",
)
.optional()
.constant();
const DIFFERS: &str = "The value looks like Kusto's ([[limit, precision], [hashes], [registers]]), but its hashes are others: sketches of Kusto and of this program cannot be united, and such are refused.";

/// `hll`
pub const HLL: AggregateSpec = AggregateSpec {
    name: "hll",
    summary: "The different values of the group in a form that can be united and counted later.",
    signatures: &[sig(&[EXPR, ACCURACY], DYNAMIC)],
    result_name: ResultName::Prefix("hll"),
    lower: AggregateLower::State(|call| Ok(States::<Values>::boxed(accuracy(call, "hll", 1)?))),
    examples: &[
        ex(
            "range x from 1 to 20 step 1 | summarize h = hll(x % 7) | project dcount_hll(h)",
            "7",
        ),
        ex("datatable(x:long)[] | summarize hll(x)", "null"),
    ],
    differs: DIFFERS,
};

/// `hll_if`
pub const HLL_IF: AggregateSpec = AggregateSpec {
    name: "hll_if",
    summary: "The different values of the rows for which `predicate` is true.",
    signatures: &[sig(
        &[EXPR, arg("predicate", BOOL, "Which rows count."), ACCURACY],
        DYNAMIC,
    )],
    result_name: ResultName::Prefix("hll_if"),
    lower: AggregateLower::FilterOf("hll"),
    examples: &[ex(
        "range x from 1 to 20 step 1 | summarize h = hll_if(x, x > 15) | project dcount_hll(h)",
        "5",
    )],
    differs: "",
};

/// `hll_merge`
pub const HLL_MERGE: AggregateSpec = AggregateSpec {
    name: "hll_merge",
    summary: "Unites the sketches of the group.",
    signatures: &[sig(
        &[arg_of(
            "hll",
            Class::DynamicArray,
            "What `hll` or `hll_merge` gave.",
        )],
        DYNAMIC,
    )],
    result_name: ResultName::Prefix("hll_merge"),
    lower: AggregateLower::State(|_| Ok(States::<United>::boxed(()))),
    examples: &[ex(
        "range x from 1 to 20 step 1 | summarize h = hll(x % 7) by x % 2 | summarize m = hll_merge(h) | project dcount_hll(m)",
        "7",
    )],
    differs: DIFFERS,
};

/// A sketch of values.
struct Values(Sketch);

impl State for Values {
    type Config = u32;
    type Input<'a> = Keys<u64>;

    fn read<'a>(_: &u32, args: &Args<'a>) -> Result<Keys<u64>> {
        hashes(args, 0)
    }

    fn new(_: &u32) -> Self {
        Values(Sketch::default())
    }

    #[inline]
    fn add(&mut self, p: &u32, input: &Keys<u64>, row: usize) -> Result<()> {
        if let Some(hash) = input.get(row) {
            self.0.add(*p, hash);
        }
        Ok(())
    }

    fn merge(&mut self, p: &u32, other: Self) -> Result<()> {
        self.0.merge(*p, other.0);
        Ok(())
    }

    fn save(&self, _: &u32, out: &mut Vec<u8>) {
        self.0.save(out);
    }

    fn load(p: &u32, bytes: &[u8]) -> Option<Self> {
        Sketch::load(&mut Reader(bytes), *p).map(Values)
    }

    fn finish(p: &u32, groups: Vec<Self>) -> Result<ArrayRef> {
        cells(&groups, |g, w| {
            if !g.0.is_empty() {
                g.0.write(*p, w);
            }
        })
    }

    #[inline]
    fn heap_size(&self) -> usize {
        self.0.heap_size()
    }
}

/// A sketch of sketches; the first says the precision.
#[derive(Default)]
struct United {
    p: u32,
    sketch: Sketch,
}

impl United {
    fn unite(&mut self, p: u32, sketch: Sketch) -> Result<()> {
        if self.p == 0 {
            self.p = p;
        }
        if self.p != p {
            return Err(KernelError::new(
                "sketches of different accuracies cannot be united",
            ));
        }
        self.sketch.merge(p, sketch);
        Ok(())
    }
}

impl State for United {
    type Config = ();
    type Input<'a> = Dyns<'a>;

    fn read<'a>((): &(), args: &Args<'a>) -> Result<Dyns<'a>> {
        args.dynamic(0)
    }

    fn new((): &()) -> Self {
        United::default()
    }

    fn add(&mut self, (): &(), input: &Dyns<'_>, row: usize) -> Result<()> {
        let value = input.get(row);
        if value.is_null() {
            return Ok(());
        }
        let (p, sketch) = Sketch::read(value)
            .ok_or_else(|| KernelError::new("hll_merge() requires what hll() gives"))?;
        self.unite(p, sketch)
    }

    fn merge(&mut self, (): &(), other: Self) -> Result<()> {
        if other.p == 0 {
            return Ok(());
        }
        self.unite(other.p, other.sketch)
    }

    fn save(&self, (): &(), out: &mut Vec<u8>) {
        out.extend_from_slice(&u64::from(self.p).to_le_bytes());
        self.sketch.save(out);
    }

    fn load((): &(), bytes: &[u8]) -> Option<Self> {
        let mut r = Reader(bytes);
        let p = u32::try_from(r.len()?).ok().filter(|p| *p <= 18)?;
        Some(United {
            p,
            sketch: Sketch::load(&mut r, p)?,
        })
    }

    fn finish((): &(), groups: Vec<Self>) -> Result<ArrayRef> {
        cells(&groups, |g, w| {
            if g.p != 0 {
                g.sketch.write(g.p, w);
            }
        })
    }

    #[inline]
    fn heap_size(&self) -> usize {
        self.sketch.heap_size()
    }
}
