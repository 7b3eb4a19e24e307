//! `tdigest`, `tdigest_merge`, `merge_tdigest`: percentiles that are kept for later.

use super::collect::cells;
use super::digest::{Broken, Digest};
use super::percentile::{Keyed, Kind};
use super::state::{Reader, State, States};
use crate::adapter::Any;
use crate::aggregate::Aggregator;
use crate::prelude::*;

const EXPR: Param = arg_of("expr", Class::Summable, "The values; nulls are skipped.");
const WEIGHT: Param = arg_of(
    "weight",
    Class::Integer,
    "How often the value counts; not at all when it is not positive.",
)
.optional();
const DIGEST: Param = arg_of(
    "tdigest",
    Class::DynamicArray,
    "What `tdigest` or `tdigest_merge` gave.",
);
const DIFFERS: &str = "The value looks like Kusto's ([[code], [values], [weights]]), but the values stand in order, up to 4,096 different ones are kept as they are, and the code of other types than long is not Kusto's.";

/// `tdigest`
pub const TDIGEST: AggregateSpec = AggregateSpec {
    name: "tdigest",
    summary: "The values of the group in a form from which percentiles and ranks can be had later.",
    signatures: &[sig(&[EXPR, WEIGHT], DYNAMIC)],
    result_name: ResultName::Prefix("tdigest"),
    lower: AggregateLower::State(make),
    examples: &[
        ex(
            "datatable(x:long)[3, 1, 3] | summarize tdigest(x)",
            "[[7],[1,3],[1,2]]",
        ),
        ex("datatable(x:long)[] | summarize tdigest(x)", "null"),
        ex(
            "datatable(V:real, W:long)[1.0, 1, 2.0, 2] | summarize TD = tdigest(V, W) | project percentile_tdigest(TD, 50)",
            "2.0",
        ),
    ],
    differs: DIFFERS,
};

/// `tdigest_merge`
pub const MERGE: AggregateSpec = AggregateSpec {
    name: "tdigest_merge",
    summary: "Unites the digests of the group.",
    signatures: &[sig(&[DIGEST], DYNAMIC)],
    result_name: ResultName::Prefix("merge_tdigests"),
    lower: AggregateLower::State(|_| Ok(States::<United>::boxed(None))),
    examples: &[ex(
        "range x from 1 to 10 step 1 | summarize d = tdigest(x) by x % 3 | summarize m = tdigest_merge(d) | project percentile_tdigest(m, 70, typeof(long))",
        "7",
    )],
    differs: DIFFERS,
};

/// `merge_tdigest`
pub const MERGE_TDIGEST: AggregateSpec = AggregateSpec {
    name: "merge_tdigest",
    examples: &[ex(
        "range x from 1 to 10 step 1 | summarize d = tdigest(x) by x % 3 | summarize m = merge_tdigest(d) | project percentile_tdigest(m, 70, typeof(long))",
        "7",
    )],
    ..MERGE
};

fn make(call: &AggregateCall<'_>) -> Result<Box<dyn Aggregator>> {
    let ty = call.types.first().copied().unwrap_or(DYNAMIC);
    match Kind::of(ty) {
        Some(kind) => Ok(States::<United>::boxed(Some((kind, call.types.len() > 1)))),
        None => Err(KernelError::new(format!(
            "tdigest() requires numbers, datetimes or timespans, not {ty}"
        ))),
    }
}

/// A digest from values (of a kind, perhaps weighted) or from digests.
struct United(Digest);

enum Input<'a> {
    Values(Keyed<'a>, Option<Keyed<'a>>),
    Digests(Any<'a>),
}

fn broken(why: &Broken) -> KernelError {
    KernelError::new(match why {
        Broken::Not => "tdigest_merge() requires what tdigest() gives",
        Broken::Other => "digests of different types cannot be united",
    })
}

impl State for United {
    type Config = Option<(Kind, bool)>;
    type Input<'a> = Input<'a>;

    fn read<'a>(config: &Self::Config, args: &Args<'a>) -> Result<Input<'a>> {
        Ok(match config {
            None => Input::Digests(args.any(0)?),
            Some((_, weighted)) => Input::Values(
                Keyed::of(args, 0)?,
                weighted.then(|| Keyed::of(args, 1)).transpose()?,
            ),
        })
    }

    fn new(_: &Self::Config) -> Self {
        United(Digest::default())
    }

    fn add(&mut self, config: &Self::Config, input: &Input<'_>, row: usize) -> Result<()> {
        match input {
            Input::Values(values, weights) => {
                let Some(key) = values.get(row) else {
                    return Ok(());
                };
                self.0.kind = config.map(|c| c.0);
                match weights {
                    None => self.0.ranks.add(key),
                    Some(w) => self.0.ranks.add_weighted(key, w.get(row).unwrap_or(0)),
                }
            }
            Input::Digests(digests) => match digests.get(row) {
                DynRef::Null => Ok(()),
                value => self.0.read(value)?.map_err(|why| broken(&why)),
            },
        }
    }

    fn merge(&mut self, _: &Self::Config, other: Self) -> Result<()> {
        match (self.0.kind, other.0.kind) {
            (Some(a), Some(b)) if a != b => return Err(broken(&Broken::Other)),
            (None, kind) => self.0.kind = kind,
            _ => {}
        }
        self.0.ranks.merge(other.0.ranks)
    }

    fn save(&self, _: &Self::Config, out: &mut Vec<u8>) {
        out.push(match self.0.kind {
            None => 0,
            Some(Kind::Long) => 1,
            Some(Kind::Real) => 2,
            Some(Kind::DateTime) => 3,
            Some(Kind::TimeSpan) => 4,
        });
        self.0.ranks.save(out);
    }

    fn load(_: &Self::Config, bytes: &[u8]) -> Option<Self> {
        let mut r = Reader(bytes);
        let kind = match r.u8()? {
            0 => None,
            1 => Some(Kind::Long),
            2 => Some(Kind::Real),
            3 => Some(Kind::DateTime),
            4 => Some(Kind::TimeSpan),
            _ => return None,
        };
        let ranks = super::ranks::Ranks::load(&mut r)?;
        Some(United(Digest { kind, ranks }))
    }

    fn finish(_: &Self::Config, groups: Vec<Self>) -> Result<ArrayRef> {
        let mut failed = Ok(());
        let groups: Vec<std::cell::RefCell<Digest>> = groups
            .into_iter()
            .map(|g| std::cell::RefCell::new(g.0))
            .collect();
        let out = cells(&groups, |g, w| {
            if failed.is_ok() {
                failed = g.borrow_mut().write(w);
            }
        })?;
        failed.map(|()| out)
    }

    #[inline]
    fn heap_size(&self) -> usize {
        self.0.ranks.heap_size()
    }
}
