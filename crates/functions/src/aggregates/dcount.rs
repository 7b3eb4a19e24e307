//! `dcount`, `dcountif`: how many different values, as an estimate when they are many.

use super::keys::hashes;
use super::pairs::{Pairs, of_groups};
use super::sketch::{estimate, note, precision};
use crate::aggregate::Aggregator;
use crate::prelude::*;
use hashbrown::HashMap;

const EXPR: Param = arg_of(
    "expr",
    Class::Scalar,
    "The values; nulls are skipped, and an empty string is a value.",
);
const ACCURACY: Param = arg_of(
    "accuracy",
    Class::Integer,
    "0 to 4, by default 1: errors of 1.6, 0.8, 0.4, 0.28 and 0.2 per cent.",
)
.optional()
.constant();

/// `dcount`
pub const DCOUNT: AggregateSpec = AggregateSpec {
    name: "dcount",
    summary: "How many different values the group has: exact up to 4,096, 16,384, 65,536, 131,072 or 262,144 values for accuracies 0 to 4 (16,384 by default), beyond that an estimate with the error of the accuracy.",
    signatures: &[sig(&[EXPR, ACCURACY], LONG)],
    result_name: ResultName::Prefix("dcount"),
    lower: AggregateLower::State(make),
    examples: &[
        ex(
            "datatable(x:int)[1, 1, 2, int(null)] | summarize dcount(x)",
            "2",
        ),
        ex("datatable(x:string)['', 'a'] | summarize dcount(x)", "2"),
        ex("datatable(x:int)[] | summarize dcount(x)", "0"),
        ex(
            "range x from 1 to 16000 step 1 | summarize dcount(x)",
            "16000",
        ),
    ],
    differs: "Kusto estimates with the same errors, but its estimates of large sets are other numbers within them.",
};

/// `dcountif`
pub const DCOUNTIF: AggregateSpec = AggregateSpec {
    name: "dcountif",
    summary: "How many different values the rows have for which `predicate` is true, estimated as by `dcount`.",
    signatures: &[sig(
        &[EXPR, arg("predicate", BOOL, "Which rows count."), ACCURACY],
        LONG,
    )],
    result_name: ResultName::Prefix("dcountif"),
    lower: AggregateLower::FilterOf("dcount"),
    examples: &[ex(
        "range x from 1 to 10 step 1 | summarize dcountif(x % 4, x > 2)",
        "4",
    )],
    differs: "",
};

/// The precision that the accuracy in argument `i` asks for.
pub(super) fn accuracy(call: &AggregateCall<'_>, name: &str, i: usize) -> Result<u32> {
    let given = match call.constants.get(i) {
        None if call.types.len() <= i => return Ok(14),
        Some(Some(v)) => v.as_long(),
        _ => None,
    };
    given.and_then(precision).ok_or_else(|| {
        KernelError::new(format!(
            "the accuracy of {name}() requires a constant from 0 to 4"
        ))
    })
}

fn make(call: &AggregateCall<'_>) -> Result<Box<dyn Aggregator>> {
    Ok(Box::new(Distinct::new(accuracy(call, "dcount", 1)?)))
}

/// What [`Sketch`](super::sketch::Sketch) is, for all groups: the hashes of the small ones in one table, registers for each
/// large one.
struct Distinct {
    p: u32,
    hashes: Pairs,
    /// The registers of groups by their numbers, and a last byte in which a state of them differs from one of hashes.
    dense: HashMap<usize, Vec<u8>>,
}

/// The bytes of a hash in a state.
const WIDTH: usize = 8;

impl Distinct {
    fn new(p: u32) -> Self {
        Distinct {
            p,
            hashes: Pairs::new(1 << p),
            dense: HashMap::new(),
        }
    }

    #[inline]
    fn add(&mut self, group: usize, hash: u64) -> Result<()> {
        if !self.dense.is_empty()
            && let Some(registers) = self.dense.get_mut(&group)
        {
            note(registers, self.p, hash);
            return Ok(());
        }
        self.hashes.add(group, u128::from(hash))
    }

    /// Registers for the groups that have become large. What they had stays in the table until [`Self::fold`].
    fn spread(&mut self) {
        for group in self.hashes.over() {
            let registers = || vec![0; (1 << self.p) + 1];
            self.dense.entry(group).or_insert_with(registers);
        }
    }

    /// Brings the hashes of large groups into their registers.
    fn fold(&mut self) {
        self.hashes.settle();
        self.spread();
        if self.dense.is_empty() {
            return;
        }
        let (p, dense) = (self.p, &mut self.dense);
        self.hashes.each(|group, key| {
            if let Some(registers) = dense.get_mut(&group) {
                note(registers, p, low(key));
            }
        });
    }

    fn forget(&mut self, n: usize) {
        self.hashes.forget(n);
        let dense = std::mem::take(&mut self.dense);
        self.dense = dense
            .into_iter()
            .filter_map(|(group, registers)| Some((group.checked_sub(n)?, registers)))
            .collect();
    }
}

#[allow(clippy::cast_possible_truncation)] // the hash in a key
fn low(key: u128) -> u64 {
    key as u64
}

impl Aggregator for Distinct {
    fn update(&mut self, args: &Args<'_>, groups: &[usize], total: usize) -> Result<()> {
        self.hashes.grow(total);
        if groups.is_empty() {
            return Ok(());
        }
        let keys = hashes(args, 0)?;
        for (row, group) in groups.iter().enumerate() {
            if let Some(hash) = keys.get(row) {
                self.add(*group, hash)?;
            }
        }
        self.spread();
        Ok(())
    }

    fn merge(&mut self, states: &ArrayRef, groups: &[usize], total: usize) -> Result<()> {
        self.hashes.grow(total);
        for (group, bytes) in of_groups(states, groups)? {
            if bytes.len() % WIDTH == 0 {
                self.hashes.load(group, bytes, WIDTH)?;
                continue;
            }
            match self.dense.get_mut(&group) {
                Some(registers) => {
                    for (have, other) in registers.iter_mut().zip(bytes) {
                        *have = (*have).max(*other);
                    }
                }
                None => {
                    self.dense.insert(group, bytes.to_vec());
                }
            }
        }
        self.spread();
        Ok(())
    }

    fn states(&mut self, n: usize) -> Result<ArrayRef> {
        self.fold();
        let dense = &self.dense;
        let registers = |group: usize| dense.get(&group).map(Vec::as_slice);
        let states = self.hashes.states(n, WIDTH, registers)?;
        self.forget(n);
        Ok(states)
    }

    fn finish(&mut self, n: usize) -> Result<ArrayRef> {
        self.fold();
        let (p, dense) = (self.p, &self.dense);
        let counts = self.hashes.counts();
        let out = long_result(n.min(counts.len()), |row| match dense.get(&row) {
            Some(registers) => registers.get(..1 << p).map(|r| estimate(r, p)),
            None => counts.get(row).and_then(|n| i64::try_from(*n).ok()),
        });
        self.forget(n);
        out
    }

    fn size(&self) -> usize {
        self.hashes.size() + self.dense.len() * ((1 << self.p) + 64)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::keys::spread;
    use super::super::sketch::Sketch;
    use super::*;
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::Int64Type;

    /// Small and large groups, through states and merges, count as sketches do that got every hash.
    #[test]
    fn agrees_with_sketches() {
        const P: u32 = 4;
        let mut x = 11u64;
        let mut below = |n: u64| {
            x = spread(x);
            x % n
        };
        for groups in [1usize, 3, 30] {
            let mut want: Vec<Sketch> = (0..groups).map(|_| Sketch::default()).collect();
            let mut all = Distinct::new(P);
            all.hashes.grow(groups);
            for part in 1..5u64 {
                let mut one = Distinct::new(P);
                one.hashes.grow(groups);
                for _ in 0..groups * 20 {
                    let group = usize::try_from(below(groups as u64)).unwrap();
                    // Later groups have more values.
                    let hash = spread(below(5 * part * (1 + group as u64)));
                    one.add(group, hash).unwrap();
                    one.spread();
                    want[group].add(P, hash);
                }
                let mut at = 0;
                while at < groups {
                    let n = (groups - at).min(groups / 2 + 1);
                    let states = one.states(n).unwrap();
                    let to: Vec<usize> = (at..at + states.len()).collect();
                    all.merge(&states, &to, groups).unwrap();
                    at += n;
                }
            }
            let first = all.finish(groups / 3).unwrap();
            let rest = all.finish(groups).unwrap();
            let got = first.as_primitive::<Int64Type>().values().iter();
            let got = got.chain(rest.as_primitive::<Int64Type>().values());
            let want = want.iter().map(|s| s.count(P));
            assert_eq!(got.copied().collect::<Vec<_>>(), want.collect::<Vec<_>>());
        }
    }
}
