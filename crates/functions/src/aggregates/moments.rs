//! `stdev`, `variance` and their variants.

use super::state::{Reader, State, States};
use crate::aggregate::Aggregator;
use crate::prelude::*;

const EXPR: Param = arg_of("expr", Class::Summable, "The values; nulls are skipped.");
const PREDICATE: Param = arg("predicate", BOOL, "Which rows count.");

const WHOLE: &[Signature] = &[sig(&[EXPR], REAL)];
const CONDITIONAL: &[Signature] = &[sig(&[EXPR, PREDICATE], REAL)];

const fn of(name: &'static str, summary: &'static str, kind: Kind) -> AggregateSpec {
    AggregateSpec {
        name,
        summary,
        signatures: WHOLE,
        result_name: ResultName::Prefix(name),
        lower: AggregateLower::State(match kind {
            Kind::Stdev => |_| make(Kind::Stdev),
            Kind::StdevP => |_| make(Kind::StdevP),
            Kind::Variance => |_| make(Kind::Variance),
            Kind::VarianceP => |_| make(Kind::VarianceP),
        }),
        examples: &[],
        differs: "Kusto rounds the variance, and so the deviation, at the tenth digit after the point (1.6666666667); here it is not rounded.",
    }
}

const fn conditional(
    name: &'static str,
    summary: &'static str,
    whole: &'static str,
) -> AggregateSpec {
    AggregateSpec {
        name,
        summary,
        signatures: CONDITIONAL,
        result_name: ResultName::Prefix(name),
        lower: AggregateLower::FilterOf(whole),
        examples: &[],
        differs: "",
    }
}

/// `stdev`
pub const STDEV: AggregateSpec = AggregateSpec {
    examples: &[
        ex(
            "range x from 1 to 5 step 1 | summarize round(stdev(x), 9)",
            "1.58113883",
        ),
        ex("datatable(x:long)[5] | summarize stdev(x)", "0.0"),
        ex("datatable(x:long)[] | summarize stdev(x)", "0.0"),
        ex(
            "datatable(x:real)[real(inf), 1.5] | summarize stdev(x)",
            "NaN",
        ),
    ],
    ..of(
        "stdev",
        "The standard deviation of the group as a sample. Of fewer than two values it is 0.",
        Kind::Stdev,
    )
};

/// `stdevp`
pub const STDEVP: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "range x from 1 to 5 step 1 | summarize round(stdevp(x), 9)",
        "1.414213562",
    )],
    ..of(
        "stdevp",
        "The standard deviation of the group as a population. Of fewer than two values it is 0.",
        Kind::StdevP,
    )
};

/// `variance`
pub const VARIANCE: AggregateSpec = AggregateSpec {
    examples: &[
        ex("range x from 1 to 5 step 1 | summarize variance(x)", "2.5"),
        ex("datatable(x:long)[] | summarize variance(x)", "0.0"),
    ],
    ..of(
        "variance",
        "The variance of the group as a sample. Of fewer than two values it is 0.",
        Kind::Variance,
    )
};

/// `variancep`
pub const VARIANCEP: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "range x from 1 to 5 step 1 | summarize variancep(x)",
        "2.0",
    )],
    ..of(
        "variancep",
        "The variance of the group as a population. Of fewer than two values it is 0.",
        Kind::VarianceP,
    )
};

/// `stdevif`
pub const STDEVIF: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "range x from 1 to 100 step 1 | summarize round(stdevif(x, x % 2 == 0), 9)",
        "29.154759474",
    )],
    ..conditional(
        "stdevif",
        "The standard deviation, as a sample, of the rows for which `predicate` is true.",
        "stdev",
    )
};

/// `varianceif`
pub const VARIANCEIF: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "range x from 1 to 100 step 1 | summarize varianceif(x, x % 2 == 0)",
        "850.0",
    )],
    ..conditional(
        "varianceif",
        "The variance, as a sample, of the rows for which `predicate` is true.",
        "variance",
    )
};

/// `variancepif`
pub const VARIANCEPIF: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "range x from 1 to 5 step 1 | summarize variancepif(x, x > 1)",
        "1.25",
    )],
    differs: "The one example of Kusto's page prints the variance as a sample; here it is as a population, as the page says and as `variancep` has it.",
    ..conditional(
        "variancepif",
        "The variance, as a population, of the rows for which `predicate` is true.",
        "variancep",
    )
};

/// What is asked.
#[derive(Clone, Copy)]
enum Kind {
    Stdev,
    StdevP,
    Variance,
    VarianceP,
}

fn make(kind: Kind) -> Result<Box<dyn Aggregator>> {
    Ok(States::<Moments>::boxed(kind))
}

/// A number as a double, whatever its type; datetimes and timespans count in ticks.
pub(super) enum Numbers<'a> {
    Int(Ints<'a>),
    Long(Longs<'a>),
    Real(Reals<'a>),
    Decimal(Decimals<'a>),
}

/// 10^18, by which decimals are scaled.
const SCALE: f64 = 1e18;

impl<'a> Numbers<'a> {
    pub fn of(args: &Args<'a>, i: usize) -> Result<Self> {
        Ok(match args.ty(i) {
            Type::Int => Numbers::Int(args.int(i)?),
            Type::Real => Numbers::Real(args.real(i)?),
            Type::Decimal => Numbers::Decimal(args.decimal(i)?),
            _ => Numbers::Long(args.long(i)?),
        })
    }

    #[inline]
    #[allow(clippy::cast_precision_loss)] // KQL's own results are doubles
    pub fn get(&self, row: usize) -> Option<f64> {
        match self {
            Numbers::Int(c) => c.get(row).map(f64::from),
            Numbers::Long(c) => c.get(row).map(|n| n as f64),
            Numbers::Real(c) => c.get(row),
            Numbers::Decimal(c) => c.get(row).map(|d| d as f64 / SCALE),
        }
    }
}

/// How many, their mean and the sum of squared distances from it (Welford), united by Chan's rule.
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl State for Moments {
    type Config = Kind;
    type Input<'a> = Numbers<'a>;

    fn read<'a>(_: &Kind, args: &Args<'a>) -> Result<Numbers<'a>> {
        Numbers::of(args, 0)
    }

    fn new(_: &Kind) -> Self {
        Moments {
            count: 0.0,
            mean: 0.0,
            squares: 0.0,
        }
    }

    #[inline]
    fn add(&mut self, _: &Kind, input: &Numbers<'_>, row: usize) -> Result<()> {
        if let Some(x) = input.get(row) {
            self.count += 1.0;
            let off = x - self.mean;
            self.mean += off / self.count;
            self.squares += off * (x - self.mean);
        }
        Ok(())
    }

    fn merge(&mut self, _: &Kind, other: Self) -> Result<()> {
        if other.count == 0.0 {
            return Ok(());
        }
        if self.count == 0.0 {
            *self = other;
            return Ok(());
        }
        let count = self.count + other.count;
        let off = other.mean - self.mean;
        self.mean += off * (other.count / count);
        self.squares += other.squares + off * off * (self.count * other.count / count);
        self.count = count;
        Ok(())
    }

    fn save(&self, _: &Kind, out: &mut Vec<u8>) {
        for x in [self.count, self.mean, self.squares] {
            out.extend_from_slice(&x.to_le_bytes());
        }
    }

    fn load(_: &Kind, bytes: &[u8]) -> Option<Self> {
        let mut r = Reader(bytes);
        Some(Moments {
            count: r.f64()?,
            mean: r.f64()?,
            squares: r.f64()?,
        })
    }

    fn finish(kind: &Kind, groups: Vec<Self>) -> Result<ArrayRef> {
        real_result(groups.len(), |row| {
            let g = groups.get(row)?;
            let over = match kind {
                Kind::Stdev | Kind::Variance => g.count - 1.0,
                Kind::StdevP | Kind::VarianceP => g.count,
            };
            let variance = if g.count == 0.0 || (g.count == 1.0 && !g.squares.is_nan()) {
                0.0
            } else {
                g.squares / over
            };
            Some(match kind {
                Kind::Stdev | Kind::StdevP => variance.sqrt(),
                Kind::Variance | Kind::VarianceP => variance,
            })
        })
    }

    fn heap_size(&self) -> usize {
        0
    }
}
