//! `percentile` and its family: values by nearest rank.

use super::ranks::Ranks;
use super::ranks::{key_of_real, real_of_key};
use super::state::{Reader, State, States};
use crate::aggregate::Aggregator;
use crate::prelude::*;
use arrow::array::{Array, StructArray};
use arrow::datatypes::Field;
use std::sync::Arc;

const EXPR: Param = arg_of(
    "expr",
    Class::Summable,
    "The values: numbers, datetimes or timespans. Nulls are skipped.",
);
const WEIGHT: Param = arg_of(
    "weight",
    Class::Integer,
    "How often the value counts; not at all when it is not positive.",
);
const P: Param = arg_of("percentile", Class::Number, "From 0 to 100.").constant();
const PS: Param = P.repeated(1, u16::MAX);
const LIST: Param = arg_of("percentiles", Class::DynamicArray, "Numbers from 0 to 100.").constant();

const DIFFERS: &str = "Kusto estimates with a t-digest from the first value on and may interpolate; here the answer is always a value of the group: the exact one up to 65,536 different values, beyond that one whose rank is off by at most 0.1 per cent.";

/// `percentile`
pub const PERCENTILE: AggregateSpec = AggregateSpec {
    name: "percentile",
    summary: "The least value that so many per cent of the group's values do not exceed.",
    signatures: &[sig_as(&[EXPR, P], Returns::Custom(value_type))],
    result_name: ResultName::None,
    lower: AggregateLower::State(|call| make(call, false, false)),
    examples: &[
        ex(
            "datatable(x:long)[15, 20, 35, 40, 50] | summarize percentile(x, 30)",
            "20",
        ),
        ex(
            "range x from 1 to 1000 step 1 | summarize percentile(x, 99.9)",
            "999",
        ),
        ex(
            "datatable(x:int)[9, 0, 5] | summarize percentile(x, 0)",
            "0",
        ),
        ex("datatable(x:long)[] | summarize percentile(x, 50)", "null"),
        ex(
            "datatable(t:timespan)[1s, 2s, 3s] | summarize percentile(t, 50)",
            "00:00:02",
        ),
    ],
    differs: DIFFERS,
};

/// `percentiles`
pub const PERCENTILES: AggregateSpec = AggregateSpec {
    name: "percentiles",
    summary: "Several percentiles, each in a column.",
    signatures: &[sig_as(&[EXPR, PS], Returns::Custom(value_type))],
    result_name: ResultName::None,
    lower: AggregateLower::State(|call| make(call, false, false)),
    examples: &[ex(
        "range x from 1 to 100 step 1 | summarize percentiles(x, 5, 50, 99.5) | project strcat(percentile_x_5, ' ', percentile_x_50, ' ', percentile_x_99_5)",
        "5 50 100",
    )],
    differs: DIFFERS,
};

/// `percentiles_array`
pub const PERCENTILES_ARRAY: AggregateSpec = AggregateSpec {
    name: "percentiles_array",
    summary: "Several percentiles as an array.",
    signatures: &[sig(&[EXPR, PS], DYNAMIC), sig(&[EXPR, LIST], DYNAMIC)],
    result_name: ResultName::Prefix("percentiles"),
    lower: AggregateLower::State(|call| make(call, false, true)),
    examples: &[
        ex(
            "range x from 1 to 100 step 1 | summarize percentiles_array(x, 5, 50)",
            "[5,50]",
        ),
        ex(
            "range x from 1 to 100 step 1 | summarize percentiles_array(x, dynamic([0, 100]))",
            "[1,100]",
        ),
    ],
    differs: DIFFERS,
};

/// `percentilew`
pub const PERCENTILEW: AggregateSpec = AggregateSpec {
    name: "percentilew",
    summary: "A percentile of values that count as often as their weights say.",
    signatures: &[sig_as(&[EXPR, WEIGHT, P], Returns::Custom(value_type))],
    result_name: ResultName::None,
    lower: AggregateLower::State(|call| make(call, true, false)),
    examples: &[ex(
        "datatable(n:long, v:long)[8, 10, 6, 20, 3, 30, 1, 40] | summarize percentilew(v, n, 50)",
        "20",
    )],
    differs: DIFFERS,
};

/// `percentilesw`
pub const PERCENTILESW: AggregateSpec = AggregateSpec {
    name: "percentilesw",
    summary: "Several percentiles of weighted values, each in a column.",
    signatures: &[sig_as(&[EXPR, WEIGHT, PS], Returns::Custom(value_type))],
    result_name: ResultName::None,
    lower: AggregateLower::State(|call| make(call, true, false)),
    examples: &[ex(
        "datatable(n:long, v:long)[8, 10, 6, 20, 3, 30, 1, 40] | summarize percentilesw(v, n, 50, 75, 99.9) | project strcat(percentile_v_50, ' ', percentile_v_75, ' ', percentile_v_99_9)",
        "20 20 40",
    )],
    differs: DIFFERS,
};

/// `percentilesw_array`
pub const PERCENTILESW_ARRAY: AggregateSpec = AggregateSpec {
    name: "percentilesw_array",
    summary: "Several percentiles of weighted values as an array.",
    signatures: &[
        sig(&[EXPR, WEIGHT, PS], DYNAMIC),
        sig(&[EXPR, WEIGHT, LIST], DYNAMIC),
    ],
    result_name: ResultName::Prefix("percentiles"),
    lower: AggregateLower::State(|call| make(call, true, true)),
    examples: &[ex(
        "datatable(n:long, v:long)[8, 10, 6, 20, 3, 30, 1, 40] | summarize percentilesw_array(v, n, dynamic([50, 75, 99.9]))",
        "[20,20,40]",
    )],
    differs: DIFFERS,
};

fn value_type(types: &[Type]) -> Type {
    match types.first() {
        Some(Type::Int) | None => LONG,
        Some(Type::Decimal) => REAL,
        Some(ty) => *ty,
    }
}

/// What the keys of a [`Ranks`] stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// int, long
    Long,
    /// real, decimal
    Real,
    /// Ticks.
    DateTime,
    /// Ticks.
    TimeSpan,
}

impl Kind {
    /// The kind of a type's values.
    pub fn of(ty: Type) -> Option<Kind> {
        Some(match ty {
            Type::Int | Type::Long => Kind::Long,
            Type::Real | Type::Decimal => Kind::Real,
            Type::DateTime => Kind::DateTime,
            Type::TimeSpan => Kind::TimeSpan,
            _ => return None,
        })
    }

    /// The value of a key.
    pub fn value(self, key: i64) -> DynRef<'static> {
        match self {
            Kind::Long => DynRef::Long(key),
            Kind::Real => DynRef::Real(real_of_key(key)),
            Kind::DateTime => DynRef::DateTime(key),
            Kind::TimeSpan => DynRef::TimeSpan(key),
        }
    }
}

/// The keys of an argument's values.
pub(crate) enum Keyed<'a> {
    Int(Ints<'a>),
    Long(Longs<'a>),
    Real(Reals<'a>),
    Decimal(Decimals<'a>),
}

impl<'a> Keyed<'a> {
    pub fn of(args: &Args<'a>, i: usize) -> Result<Self> {
        Ok(match args.ty(i) {
            Type::Int => Keyed::Int(args.int(i)?),
            Type::Real => Keyed::Real(args.real(i)?),
            Type::Decimal => Keyed::Decimal(args.decimal(i)?),
            _ => Keyed::Long(args.long(i)?),
        })
    }

    #[inline]
    #[allow(clippy::cast_precision_loss)] // the percentile of decimals is a real
    pub fn get(&self, row: usize) -> Option<i64> {
        match self {
            Keyed::Int(c) => c.get(row).map(i64::from),
            Keyed::Long(c) => c.get(row),
            Keyed::Real(c) => c.get(row).map(key_of_real),
            Keyed::Decimal(c) => c.get(row).map(|d| key_of_real(d as f64 / 1e18)),
        }
    }
}

struct Config {
    kind: Kind,
    weighted: bool,
    percentages: Vec<f64>,
    array: bool,
    returns: Vec<Type>,
}

/// The percentages that arguments from `from` on ask for: numbers or one array of them.
pub(crate) fn percentages(constants: &[Option<Value>], from: usize) -> Result<Vec<f64>> {
    let bad = || KernelError::new("a percentile requires a constant from 0 to 100");
    let mut out = Vec::new();
    for c in constants.iter().skip(from) {
        match c {
            Some(Value::Dynamic(Dyn::Array(items))) => {
                for item in items {
                    out.push(number(&Value::Dynamic(item.clone())).ok_or_else(bad)?);
                }
            }
            Some(v) => out.push(number(v).ok_or_else(bad)?),
            None => return Err(bad()),
        }
    }
    if out.is_empty() || out.iter().any(|p| !(0.0..=100.0).contains(p)) {
        return Err(bad());
    }
    Ok(out)
}

#[allow(clippy::cast_precision_loss)]
fn number(v: &Value) -> Option<f64> {
    Some(match v {
        Value::Real(x) | Value::Dynamic(Dyn::Real(x)) => *x,
        Value::Decimal(d) | Value::Dynamic(Dyn::Decimal(d)) => *d as f64 / 1e18,
        other => other.as_long()? as f64,
    })
}

fn make(call: &AggregateCall<'_>, weighted: bool, array: bool) -> Result<Box<dyn Aggregator>> {
    let ty = call.types.first().copied().unwrap_or(DYNAMIC);
    let kind = Kind::of(ty).ok_or_else(|| {
        KernelError::new(format!(
            "a percentile requires numbers, datetimes or timespans, not {ty}"
        ))
    })?;
    let percentages = percentages(call.constants, if weighted { 2 } else { 1 })?;
    if !array && percentages.len() != call.returns.len() {
        return Err(KernelError::new(
            "internal: a percentile has another number of results than of percentages",
        ));
    }
    Ok(States::<Percentiles>::boxed(Config {
        kind,
        weighted,
        percentages,
        array,
        returns: call.returns.to_vec(),
    }))
}

struct Percentiles(Ranks);

impl State for Percentiles {
    type Config = Config;
    type Input<'a> = (Keyed<'a>, Option<Keyed<'a>>);

    fn read<'a>(config: &Config, args: &Args<'a>) -> Result<Self::Input<'a>> {
        let weight = config.weighted.then(|| Keyed::of(args, 1)).transpose()?;
        Ok((Keyed::of(args, 0)?, weight))
    }

    fn new(_: &Config) -> Self {
        Percentiles(Ranks::default())
    }

    #[inline]
    fn add(&mut self, _: &Config, input: &Self::Input<'_>, row: usize) -> Result<()> {
        let Some(key) = input.0.get(row) else {
            return Ok(());
        };
        match &input.1 {
            None => self.0.add(key),
            Some(weights) => self.0.add_weighted(key, weights.get(row).unwrap_or(0)),
        }
    }

    fn merge(&mut self, _: &Config, other: Self) -> Result<()> {
        self.0.merge(other.0)
    }

    fn save(&self, _: &Config, out: &mut Vec<u8>) {
        self.0.save(out);
    }

    fn load(_: &Config, bytes: &[u8]) -> Option<Self> {
        Ranks::load(&mut Reader(bytes)).map(Percentiles)
    }

    fn finish(config: &Config, groups: Vec<Self>) -> Result<ArrayRef> {
        let n = groups.len();
        let found = groups
            .into_iter()
            .map(|mut g| g.0.at(&config.percentages))
            .collect::<Result<Vec<_>>>()?;
        if config.array {
            return dyn_result(n, |row, w| {
                if let Some(Some(keys)) = found.get(row) {
                    w.begin_array();
                    for key in keys {
                        w.value(config.kind.value(*key));
                    }
                    w.end();
                }
            });
        }
        let column = |i: usize, ty: Type| {
            let key = |row: usize| found.get(row)?.as_ref()?.get(i).copied();
            match (config.kind, ty) {
                (Kind::Real, Type::Real) => real_result(n, |row| key(row).map(real_of_key)),
                (Kind::Long, Type::Int) => {
                    int_result(n, |row| key(row).and_then(|k| i32::try_from(k).ok()))
                }
                (Kind::Long | Kind::DateTime | Kind::TimeSpan, _) => long_result(n, key),
                (Kind::Real, _) => Err(KernelError::new(format!(
                    "internal: the percentile of reals is no {ty}"
                ))),
            }
        };
        if let [ty] = config.returns.as_slice() {
            return column(0, *ty);
        }
        let mut fields = Vec::with_capacity(config.returns.len());
        let mut columns = Vec::with_capacity(config.returns.len());
        for (i, ty) in config.returns.iter().enumerate() {
            let array = column(i, *ty)?;
            fields.push(Field::new(format!("c{i}"), array.data_type().clone(), true));
            columns.push(array);
        }
        Ok(Arc::new(StructArray::try_new_with_length(
            fields.into(),
            columns,
            None,
            n,
        )?))
    }

    #[inline]
    fn heap_size(&self) -> usize {
        self.0.heap_size()
    }
}
