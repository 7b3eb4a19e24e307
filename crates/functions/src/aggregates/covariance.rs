//! `covariance` and its variants.

use super::moments::Numbers;
use super::state::{Reader, State, States};
use crate::prelude::*;

const PREDICATE: Param = arg("predicate", BOOL, "Which rows count.");
const X: Param = arg_of(
    "expr1",
    Class::Summable,
    "The one variable; rows where one of them is null are skipped.",
);
const Y: Param = arg_of("expr2", Class::Summable, "The other variable.");

const WHOLE: &[Signature] = &[sig(&[X, Y], REAL)];
const CONDITIONAL: &[Signature] = &[sig(&[X, Y, PREDICATE], REAL)];

const fn of(name: &'static str, summary: &'static str, population: bool) -> AggregateSpec {
    AggregateSpec {
        name,
        summary,
        signatures: WHOLE,
        result_name: ResultName::Prefix(name),
        lower: AggregateLower::State(if population {
            |_| Ok(States::<Co>::boxed(true))
        } else {
            |_| Ok(States::<Co>::boxed(false))
        }),
        examples: &[],
        differs: "Of fewer than two rows the result is 0, as it is with `variance`; Kusto's page does not tell.",
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

/// `covariance`
pub const COVARIANCE: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "datatable(x:real, y:real)[1.0, 14.0, 2.0, 10.0, 3.0, 17.0, 4.0, 20.0, 5.0, 50.0] | summarize covariance(x, y)",
        "20.5",
    )],
    ..of(
        "covariance",
        "The covariance of two variables as a sample.",
        false,
    )
};

/// `covariancep`
pub const COVARIANCEP: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "datatable(x:real, y:real)[1.0, 14.0, 2.0, 10.0, 3.0, 17.0, 4.0, 20.0, 5.0, 50.0] | summarize covariancep(x, y)",
        "16.4",
    )],
    ..of(
        "covariancep",
        "The covariance of two variables as a population.",
        true,
    )
};

/// `covarianceif`
pub const COVARIANCEIF: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "range x from 1 to 100 step 1 | extend y = iff(x % 2 == 0, x * 2, x * 3) | summarize round(covarianceif(x, y, x % 3 == 0), 6)",
        "2142.0",
    )],
    ..conditional(
        "covarianceif",
        "The covariance, as a sample, over the rows for which `predicate` is true.",
        "covariance",
    )
};

/// `covariancepif`
pub const COVARIANCEPIF: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "range x from 1 to 100 step 1 | extend y = iff(x % 2 == 0, x * 2, x * 3) | summarize round(covariancepif(x, y, x % 3 == 0), 6)",
        "2077.090909",
    )],
    ..conditional(
        "covariancepif",
        "The covariance, as a population, over the rows for which `predicate` is true.",
        "covariancep",
    )
};

/// How many, both means and the sum of the products of the distances from them.
#[derive(Default)]
struct Co {
    count: f64,
    x: f64,
    y: f64,
    products: f64,
}

impl State for Co {
    type Config = bool;
    type Input<'a> = (Numbers<'a>, Numbers<'a>);

    fn read<'a>(_: &bool, args: &Args<'a>) -> Result<Self::Input<'a>> {
        Ok((Numbers::of(args, 0)?, Numbers::of(args, 1)?))
    }

    fn new(_: &bool) -> Self {
        Co::default()
    }

    #[inline]
    fn add(&mut self, _: &bool, input: &Self::Input<'_>, row: usize) -> Result<()> {
        if let (Some(x), Some(y)) = (input.0.get(row), input.1.get(row)) {
            self.count += 1.0;
            let off = x - self.x;
            self.x += off / self.count;
            self.y += (y - self.y) / self.count;
            self.products += off * (y - self.y);
        }
        Ok(())
    }

    fn merge(&mut self, _: &bool, other: Self) -> Result<()> {
        if other.count == 0.0 {
            return Ok(());
        }
        if self.count == 0.0 {
            *self = other;
            return Ok(());
        }
        let count = self.count + other.count;
        let (dx, dy) = (other.x - self.x, other.y - self.y);
        self.products += other.products + dx * dy * (self.count * other.count / count);
        self.x += dx * (other.count / count);
        self.y += dy * (other.count / count);
        self.count = count;
        Ok(())
    }

    fn save(&self, _: &bool, out: &mut Vec<u8>) {
        for x in [self.count, self.x, self.y, self.products] {
            out.extend_from_slice(&x.to_le_bytes());
        }
    }

    fn load(_: &bool, bytes: &[u8]) -> Option<Self> {
        let mut r = Reader(bytes);
        Some(Co {
            count: r.f64()?,
            x: r.f64()?,
            y: r.f64()?,
            products: r.f64()?,
        })
    }

    fn finish(population: &bool, groups: Vec<Self>) -> Result<ArrayRef> {
        real_result(groups.len(), |row| {
            let g = groups.get(row)?;
            let over = if *population { g.count } else { g.count - 1.0 };
            Some(
                if g.count == 0.0 || (g.count == 1.0 && !g.products.is_nan()) {
                    0.0
                } else {
                    g.products / over
                },
            )
        })
    }

    fn heap_size(&self) -> usize {
        0
    }
}
