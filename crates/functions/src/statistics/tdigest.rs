//! Percentiles and ranks out of what the aggregate `tdigest` gave.

use crate::aggregates::digest::{Broken, Digest, key_of};
use crate::aggregates::percentile::Kind;
use crate::prelude::*;

const DIGEST: Param = arg_of(
    "tdigest",
    Class::DynamicArray,
    "What `tdigest` or `tdigest_merge` gave.",
);
const P: Param = arg("percentile", REAL, "From 0 to 100.");
const TYPE: Param = arg_of("type", Class::TypeLiteral, "The type of the result.").literal();
const VALUE: Param = arg_of(
    "value",
    Class::Scalar,
    "A value of the type that the digest was made of.",
);

/// `percentile_tdigest`
pub const PERCENTILE: FunctionSpec = FunctionSpec {
    name: "percentile_tdigest",
    summary: "A percentile by nearest rank of the values that a digest holds.",
    signatures: &[
        sig(&[DIGEST, P], DYNAMIC),
        sig_as(&[DIGEST, P, TYPE], Returns::TypeLiteral(2)),
    ],
    result_name: ResultName::Prefix("percentile_tdigest"),
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(percentile),
    examples: &[
        ex(
            "percentile_tdigest(dynamic([[7],[1,2],[1,2]]), 50, typeof(long))",
            "2",
        ),
        ex("percentile_tdigest(dynamic([[7],[1,2],[1,2]]), 0)", "1"),
        ex(
            "percentile_tdigest(dynamic(null), 50, typeof(long))",
            "null",
        ),
    ],
    differs: "",
};

/// `percentiles_array_tdigest`
pub const PERCENTILES: FunctionSpec = FunctionSpec {
    name: "percentiles_array_tdigest",
    summary: "Several percentiles, as an array, of the values that a digest holds.",
    signatures: &[
        sig(&[DIGEST, P.repeated(1, u16::MAX)], DYNAMIC),
        sig(
            &[
                DIGEST,
                arg_of("percentiles", Class::DynamicArray, "Numbers from 0 to 100."),
                TYPE.optional(),
            ],
            DYNAMIC,
        ),
    ],
    result_name: ResultName::Prefix("percentile_tdigest"),
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(percentiles),
    examples: &[
        ex(
            "percentiles_array_tdigest(dynamic([[7],[1,2,9],[1,2,1]]), 0, 50, 100)",
            "[1,2,9]",
        ),
        ex(
            "percentiles_array_tdigest(dynamic([[7],[1,2,9],[1,2,1]]), dynamic([0, 100]))",
            "[1,9]",
        ),
    ],
    differs: "The type that may follow the array of percentages has no effect: the values have the type of the digest.",
};

/// `percentrank_tdigest`
pub const PERCENTRANK: FunctionSpec = FunctionSpec {
    name: "percentrank_tdigest",
    summary: "How many per cent of the values that a digest holds are no greater than `value`.",
    signatures: &[sig(&[DIGEST, VALUE], REAL)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(|args| ranked(args, |below, all| 100.0 * below / all)),
    examples: &[ex(
        "percentrank_tdigest(dynamic([[7],[1,2],[1,3]]), 1)",
        "25.0",
    )],
    differs: "",
};

/// `rank_tdigest`
pub const RANK: FunctionSpec = FunctionSpec {
    name: "rank_tdigest",
    summary: "How many of the values that a digest holds are no greater than `value`.",
    signatures: &[sig(&[DIGEST, VALUE], REAL)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(|args| ranked(args, |below, _| below)),
    examples: &[
        ex("rank_tdigest(dynamic([[7],[1,2],[1,3]]), 2)", "4.0"),
        ex("rank_tdigest(dynamic([[7],[1,2],[1,3]]), 0)", "0.0"),
    ],
    differs: "",
};

/// `tdigest_merge`
pub const MERGE: FunctionSpec = FunctionSpec {
    name: "tdigest_merge",
    summary: "Unites digests.",
    signatures: &[sig(&[DIGEST.repeated(2, 16)], DYNAMIC)],
    result_name: ResultName::PrefixOnly("tdigests_merge_result"),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(merge),
    examples: &[ex(
        "tdigest_merge(dynamic([[7],[1,2],[1,3]]), dynamic([[7],[2,5],[1,1]]))",
        "[[7],[1,2,5],[1,4,1]]",
    )],
    differs: "",
};

/// `merge_tdigest`
pub const MERGE_TDIGEST: FunctionSpec = FunctionSpec {
    name: "merge_tdigest",
    examples: &[ex(
        "merge_tdigest(dynamic([[7],[1,2],[1,3]]), dynamic([[7],[2,5],[1,1]]))",
        "[[7],[1,2,5],[1,4,1]]",
    )],
    ..MERGE
};

fn broken(why: &Broken) -> KernelError {
    KernelError::new(match why {
        Broken::Not => "the argument requires what tdigest() gives",
        Broken::Other => "digests of different types cannot be united",
    })
}

/// The digest of a value; none for null.
fn digest(value: DynRef<'_>) -> Result<Option<Digest>> {
    if value.is_null() {
        return Ok(None);
    }
    let mut digest = Digest::default();
    digest.read(value)?.map_err(|why| broken(&why))?;
    Ok(Some(digest))
}

/// The values at percentages, and what they are; none where there is no digest or a percentage is out of range.
fn at(value: DynRef<'_>, percentages: &[f64]) -> Result<Option<(Kind, Vec<i64>)>> {
    let Some(mut digest) = digest(value)? else {
        return Ok(None);
    };
    let fits = percentages.iter().all(|p| (0.0..=100.0).contains(p));
    match (digest.kind, fits) {
        (Some(kind), true) => Ok(digest.ranks.at(percentages)?.map(|keys| (kind, keys))),
        _ => Ok(None),
    }
}

fn percentile(args: &Args<'_>) -> Result<ArrayRef> {
    let (digests, p) = (args.dynamic(0)?, args.real(1)?);
    let mut values = Vec::with_capacity(args.rows);
    for row in 0..args.rows {
        let found = match p.get(row) {
            Some(p) => at(digests.get(row), &[p])?,
            None => None,
        };
        values.push(match found {
            Some((kind, keys)) => keys.first().map_or(Value::null(args.returns), |key| {
                convert(kind.value(*key), args.returns)
            }),
            None => Value::null(args.returns),
        });
    }
    array_from_values(args.returns, &values)
}

/// A value of a digest as the type that was asked for; null where it is none.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
fn convert(value: DynRef<'_>, ty: Type) -> Value {
    match (ty, value) {
        (Type::Dynamic, v) => Value::Dynamic(v.to_dyn()),
        (Type::Long, DynRef::Long(n)) => Value::Long(n),
        (Type::Long, DynRef::Real(x)) if x.abs() < 9.2e18 => Value::Long(x as i64),
        (Type::Int, DynRef::Long(n)) => i32::try_from(n).map_or(Value::null(ty), Value::Int),
        (Type::Int, DynRef::Real(x)) if x.abs() < 2.1e9 => Value::Int(x as i32),
        (Type::Real, DynRef::Long(n)) => Value::Real(n as f64),
        (Type::Real, DynRef::Real(x)) => Value::Real(x),
        (Type::DateTime, DynRef::DateTime(t)) => Value::DateTime(t),
        (Type::TimeSpan, DynRef::TimeSpan(t)) => Value::TimeSpan(t),
        _ => Value::null(ty),
    }
}

#[allow(clippy::cast_precision_loss)]
fn number(v: DynRef<'_>) -> Option<f64> {
    match v {
        DynRef::Long(n) => Some(n as f64),
        DynRef::Real(x) => Some(x),
        DynRef::Decimal(d) => Some(d as f64 / 1e18),
        _ => None,
    }
}

fn percentiles(args: &Args<'_>) -> Result<ArrayRef> {
    let digests = args.dynamic(0)?;
    let lists = (args.ty(1) == Type::Dynamic)
        .then(|| args.dynamic(1))
        .transpose()?;
    let singles = match lists {
        Some(_) => Vec::new(),
        None => (1..args.len())
            .map(|i| args.real(i))
            .collect::<Result<Vec<_>>>()?,
    };
    try_dyn_result(args.rows, |row, w| {
        let asked: Option<Vec<f64>> = match lists {
            Some(l) => match l.get(row) {
                DynRef::Array(items) => items.iter().map(number).collect(),
                _ => None,
            },
            None => singles.iter().map(|s| s.get(row)).collect(),
        };
        let Some(asked) = asked.filter(|a| !a.is_empty()) else {
            return Ok(());
        };
        if let Some((kind, keys)) = at(digests.get(row), &asked)? {
            w.begin_array();
            for key in keys {
                w.value(kind.value(key));
            }
            w.end();
        }
        Ok(())
    })
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
fn ranked(args: &Args<'_>, f: fn(f64, f64) -> f64) -> Result<ArrayRef> {
    let (digests, values) = (args.dynamic(0)?, args.any(1)?);
    try_real_result(args.rows, |row| {
        let Some(mut digest) = digest(digests.get(row))? else {
            return Ok(None);
        };
        let Some(kind) = digest.kind else {
            return Ok(None);
        };
        let key = match (kind, values.get(row)) {
            (Kind::Long, DynRef::Real(x)) => Some(x.floor() as i64),
            (_, DynRef::String(_)) => None,
            (_, v) => key_of(v, kind == Kind::Real)
                .filter(|k| k.0 == kind)
                .map(|k| k.1),
        };
        let Some(key) = key else {
            return Ok(None);
        };
        let (mut below, mut all) = (0.0, 0.0);
        for (k, weight) in digest.ranks.clusters(usize::MAX)? {
            let weight = *weight as f64;
            all += weight;
            if *k <= key {
                below += weight;
            }
        }
        Ok((all > 0.0).then(|| f(below, all)))
    })
}

fn merge(args: &Args<'_>) -> Result<ArrayRef> {
    let digests = (0..args.len())
        .map(|i| args.dynamic(i))
        .collect::<Result<Vec<_>>>()?;
    try_dyn_result(args.rows, |row, w| {
        let mut united = Digest::default();
        for d in &digests {
            let value = d.get(row);
            if !value.is_null() {
                united.read(value)?.map_err(|why| broken(&why))?;
            }
        }
        united.write(w)
    })
}
