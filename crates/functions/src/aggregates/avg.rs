//! `avg`, `avgif`.

use super::state::{Reader, State, States};
use crate::aggregate::Aggregator;
use crate::prelude::*;

const INTEGER: Param = arg_of("expr", Class::Integer, "The values; nulls are skipped.");
const fn of(ty: Type) -> Param {
    arg("expr", ty, "The values; nulls are skipped.")
}
const PREDICATE: Param = arg("predicate", BOOL, "Which rows count.");

/// `avg`
pub const AVG: AggregateSpec = AggregateSpec {
    name: "avg",
    summary: "The arithmetic mean of the group. Of no values it is NaN, or null where the type has no NaN.",
    signatures: &[
        sig(&[INTEGER], REAL),
        sig(&[of(REAL)], REAL),
        sig(&[of(DECIMAL)], DECIMAL),
        sig(&[of(TIMESPAN)], TIMESPAN),
        sig(&[of(DATETIME)], DATETIME),
    ],
    result_name: ResultName::Prefix("avg"),
    lower: AggregateLower::State(make),
    examples: &[
        ex(
            "datatable(x:int)[1, 2, int(null)] | summarize avg(x)",
            "1.5",
        ),
        ex("datatable(x:int)[] | summarize avg(x)", "NaN"),
        ex(
            "datatable(v:long)[9223372036854775807, 1, 2] | summarize avg(v)",
            "-3.0744573456182584E+18",
        ),
        ex(
            "datatable(v:decimal)[1.1, 2.2, 3.3] | summarize avg(v)",
            "2.2",
        ),
        ex(
            "datatable(t:timespan)[1h, 2h] | summarize avg(t)",
            "01:30:00",
        ),
        ex(
            "datatable(t:datetime)[datetime(2020-01-01), datetime(2020-01-03)] | summarize avg(t)",
            "2020-01-02T00:00:00.0000000Z",
        ),
    ],
    differs: "",
};

/// `avgif`
pub const AVGIF: AggregateSpec = AggregateSpec {
    name: "avgif",
    summary: "The arithmetic mean over the rows for which `predicate` is true.",
    signatures: &[
        sig(&[INTEGER, PREDICATE], REAL),
        sig(&[of(REAL), PREDICATE], REAL),
        sig(&[of(DECIMAL), PREDICATE], DECIMAL),
        sig(&[of(TIMESPAN), PREDICATE], TIMESPAN),
        sig(&[of(DATETIME), PREDICATE], DATETIME),
    ],
    result_name: ResultName::Prefix("avgif"),
    lower: AggregateLower::FilterOf("avg"),
    examples: &[
        ex(
            "datatable(x:long)[1, 2, 4] | summarize avgif(x, x > 1)",
            "3.0",
        ),
        ex("datatable(x:long)[1] | summarize avgif(x, false)", "NaN"),
    ],
    differs: "",
};

fn make(call: &AggregateCall<'_>) -> Result<Box<dyn Aggregator>> {
    match call.types.first() {
        Some(Type::Real) => Ok(States::<Mean<f64>>::boxed(Type::Real)),
        Some(ty @ (Type::Int | Type::Long)) => Ok(States::<Mean<i64>>::boxed(*ty)),
        Some(ty @ (Type::Decimal | Type::DateTime | Type::TimeSpan)) => {
            Ok(States::<Mean<i128>>::boxed(*ty))
        }
        other => Err(KernelError::new(format!(
            "avg() requires numbers, datetimes or timespans, not {}",
            other.copied().unwrap_or(Type::Dynamic)
        ))),
    }
}

/// The sum and how many. Longs wrap around as in `sum`; ticks and decimals are added in 128 bits.
struct Mean<T> {
    sum: T,
    count: i64,
}

/// How sums of a kind are added, written and divided.
trait Sum: Copy + Default + Send + 'static {
    fn plus(self, other: Self) -> Self;
    fn column<'a>(ty: Type, args: &Args<'a>) -> Result<Values<'a>>;
    fn get(values: &Values<'_>, row: usize) -> Option<Self>;
    fn save(self, out: &mut Vec<u8>);
    fn load(reader: &mut Reader<'_>) -> Option<Self>;
    fn finish(ty: Type, groups: &[Mean<Self>]) -> Result<ArrayRef>;
}

/// The argument.
enum Values<'a> {
    Int(Ints<'a>),
    Long(Longs<'a>),
    Real(Reals<'a>),
    Decimal(Decimals<'a>),
}

impl Sum for f64 {
    fn plus(self, other: Self) -> Self {
        self + other
    }
    fn column<'a>(_: Type, args: &Args<'a>) -> Result<Values<'a>> {
        args.real(0).map(Values::Real)
    }
    #[inline]
    fn get(values: &Values<'_>, row: usize) -> Option<Self> {
        match values {
            Values::Real(c) => c.get(row),
            _ => None,
        }
    }
    fn save(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
    fn load(reader: &mut Reader<'_>) -> Option<Self> {
        reader.f64()
    }
    fn finish(_: Type, groups: &[Mean<Self>]) -> Result<ArrayRef> {
        real_result(groups.len(), |row| {
            groups.get(row).map(|g| divide(g.sum, g.count))
        })
    }
}

impl Sum for i64 {
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    fn column<'a>(ty: Type, args: &Args<'a>) -> Result<Values<'a>> {
        Ok(if ty == Type::Int {
            Values::Int(args.int(0)?)
        } else {
            Values::Long(args.long(0)?)
        })
    }
    #[inline]
    fn get(values: &Values<'_>, row: usize) -> Option<Self> {
        match values {
            Values::Int(c) => c.get(row).map(i64::from),
            Values::Long(c) => c.get(row),
            _ => None,
        }
    }
    fn save(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
    fn load(reader: &mut Reader<'_>) -> Option<Self> {
        reader.i64()
    }
    #[allow(clippy::cast_precision_loss)]
    fn finish(_: Type, groups: &[Mean<Self>]) -> Result<ArrayRef> {
        real_result(groups.len(), |row| {
            groups.get(row).map(|g| divide(g.sum as f64, g.count))
        })
    }
}

impl Sum for i128 {
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }
    fn column<'a>(ty: Type, args: &Args<'a>) -> Result<Values<'a>> {
        Ok(if ty == Type::Decimal {
            Values::Decimal(args.decimal(0)?)
        } else {
            Values::Long(args.long(0)?)
        })
    }
    #[inline]
    fn get(values: &Values<'_>, row: usize) -> Option<Self> {
        match values {
            Values::Decimal(c) => c.get(row),
            Values::Long(c) => c.get(row).map(i128::from),
            _ => None,
        }
    }
    fn save(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
    fn load(reader: &mut Reader<'_>) -> Option<Self> {
        reader.array().map(i128::from_le_bytes)
    }
    fn finish(ty: Type, groups: &[Mean<Self>]) -> Result<ArrayRef> {
        let mean = |row: usize| {
            let g = groups.get(row)?;
            g.sum.checked_div(i128::from(g.count))
        };
        if ty == Type::Decimal {
            decimal_result(groups.len(), mean)
        } else {
            long_result(groups.len(), |row| {
                mean(row).and_then(|t| i64::try_from(t).ok())
            })
        }
    }
}

#[allow(clippy::cast_precision_loss)]
fn divide(sum: f64, count: i64) -> f64 {
    if count == 0 {
        f64::NAN
    } else {
        sum / count as f64
    }
}

impl<T: Sum> State for Mean<T> {
    type Config = Type;
    type Input<'a> = Values<'a>;

    fn read<'a>(ty: &Type, args: &Args<'a>) -> Result<Values<'a>> {
        T::column(*ty, args)
    }

    fn new(_: &Type) -> Self {
        Mean {
            sum: T::default(),
            count: 0,
        }
    }

    #[inline]
    fn add(&mut self, _: &Type, input: &Values<'_>, row: usize) -> Result<()> {
        if let Some(v) = T::get(input, row) {
            self.sum = self.sum.plus(v);
            self.count += 1;
        }
        Ok(())
    }

    fn merge(&mut self, _: &Type, other: Self) -> Result<()> {
        self.sum = self.sum.plus(other.sum);
        self.count += other.count;
        Ok(())
    }

    fn save(&self, _: &Type, out: &mut Vec<u8>) {
        self.sum.save(out);
        out.extend_from_slice(&self.count.to_le_bytes());
    }

    fn load(_: &Type, bytes: &[u8]) -> Option<Self> {
        let mut r = Reader(bytes);
        Some(Mean {
            sum: T::load(&mut r)?,
            count: r.i64()?,
        })
    }

    fn finish(ty: &Type, groups: Vec<Self>) -> Result<ArrayRef> {
        T::finish(*ty, &groups)
    }

    fn heap_size(&self) -> usize {
        0
    }
}
