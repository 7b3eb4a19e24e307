//! Conversions between scalar types: what cannot be converted is null, never an error.

use crate::prelude::*;
use kql_types::dynamic::json::write_json;
use kql_types::{DECIMAL_SCALE, text};

/// A decimal as a real.
#[allow(clippy::cast_precision_loss)]
fn decimal_to_real(d: i128) -> f64 {
    text::format_decimal(d)
        .parse()
        .unwrap_or(d as f64 / 10f64.powi(18))
}

/// A real cut toward zero; beyond what a long holds, the last long.
#[allow(clippy::cast_possible_truncation)]
fn whole(x: f64) -> Option<i64> {
    x.is_finite().then_some(x as i64)
}

/// As long: a real is cut toward zero, text is read as a whole number (no fraction, no exponent).
pub fn to_long(v: &DynRef<'_>) -> Option<i64> {
    match v {
        DynRef::Bool(b) => Some(i64::from(*b)),
        DynRef::Long(n) | DynRef::DateTime(n) | DynRef::TimeSpan(n) => Some(*n),
        DynRef::Real(x) => whole(*x),
        DynRef::Decimal(d) => i64::try_from(d / 10i128.pow(DECIMAL_SCALE)).ok(),
        DynRef::String(s) => {
            let s = s.trim();
            let hex = s.strip_prefix("0x").or_else(|| s.strip_prefix("0X"));
            match hex {
                Some(h) => u64::from_str_radix(h, 16).ok().map(u64::cast_signed),
                None => s.parse().ok(),
            }
        }
        _ => None,
    }
}

/// As int: a real stops at the last int, an integer keeps its low bits, and a text beyond is none.
#[allow(clippy::cast_possible_truncation)]
pub fn to_int(v: &DynRef<'_>) -> Option<i32> {
    match v {
        DynRef::Real(x) => x.is_finite().then_some(*x as i32),
        DynRef::Long(n) | DynRef::DateTime(n) | DynRef::TimeSpan(n) => Some(*n as i32),
        v => to_long(v).and_then(|n| i32::try_from(n).ok()),
    }
}

fn number(s: &str) -> Option<f64> {
    let s = s.trim();
    match s.to_ascii_lowercase().as_str() {
        "nan" => return Some(f64::NAN),
        "inf" | "infinity" | "+inf" => return Some(f64::INFINITY),
        "-inf" | "-infinity" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    s.parse()
        .ok()
        .filter(|_| s.bytes().any(|b| b.is_ascii_digit()))
}

/// As real.
#[allow(clippy::cast_precision_loss)]
pub fn to_real(v: &DynRef<'_>) -> Option<f64> {
    match v {
        DynRef::Bool(b) => Some(f64::from(u8::from(*b))),
        DynRef::Long(n) | DynRef::DateTime(n) | DynRef::TimeSpan(n) => Some(*n as f64),
        DynRef::Real(x) => Some(*x),
        DynRef::Decimal(d) => Some(decimal_to_real(*d)),
        DynRef::String(s) => number(s),
        _ => None,
    }
}

/// As decimal.
pub fn to_decimal(v: &DynRef<'_>) -> Option<i128> {
    match v {
        DynRef::Bool(b) => Some(i128::from(*b) * 10i128.pow(DECIMAL_SCALE)),
        DynRef::Long(n) => Some(i128::from(*n) * 10i128.pow(DECIMAL_SCALE)),
        DynRef::Real(x) => text::parse_decimal(&format!("{x}")),
        DynRef::Decimal(d) => Some(*d),
        DynRef::String(s) => text::parse_decimal(s),
        _ => None,
    }
}

/// As bool: text is `true`, `false` or a whole number.
pub fn to_bool(v: &DynRef<'_>) -> Option<bool> {
    match v {
        DynRef::Bool(b) => Some(*b),
        DynRef::Long(n) => Some(*n != 0),
        DynRef::Real(x) => Some(*x != 0.0),
        DynRef::Decimal(d) => Some(*d != 0),
        DynRef::String(s) => match s.trim().to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            other => other.parse::<i64>().ok().map(|n| n != 0),
        },
        _ => None,
    }
}

/// As datetime: a number counts ticks since 0001-01-01.
pub fn to_datetime(v: &DynRef<'_>) -> Option<i64> {
    let ticks = match v {
        DynRef::DateTime(t) | DynRef::Long(t) => Some(*t),
        DynRef::String(s) => text::parse_datetime(s),
        _ => None,
    };
    ticks.filter(|t| (0..=text::datetime::MAX).contains(t))
}

/// As timespan: a number counts ticks.
pub fn to_timespan(v: &DynRef<'_>) -> Option<i64> {
    match v {
        DynRef::TimeSpan(t) | DynRef::Long(t) | DynRef::DateTime(t) => Some(*t),
        DynRef::Real(x) => whole(*x),
        DynRef::Bool(b) => Some(i64::from(*b)),
        // A bare number is no text of a timespan.
        DynRef::String(s) if s.trim().bytes().all(|b| b.is_ascii_digit()) => None,
        DynRef::String(s) => text::parse_timespan(s),
        _ => None,
    }
}

/// As guid.
pub fn to_guid(v: &DynRef<'_>) -> Option<[u8; 16]> {
    match v {
        DynRef::Guid(g) => Some(*g),
        DynRef::String(s) => text::parse_guid(s),
        _ => None,
    }
}

/// As text, behind what stands in `out`; `scalar` says that a bool is a column's and not a dynamic's.
pub fn write_text(v: DynRef<'_>, scalar: bool, out: &mut String) {
    match v {
        DynRef::Null => {}
        DynRef::Bool(b) if scalar => out.push_str(if b { "True" } else { "False" }),
        DynRef::Bool(b) => out.push_str(if b { "true" } else { "false" }),
        DynRef::Long(n) => out.push_str(itoa::Buffer::new().format(n)),
        DynRef::Real(x) => out.push_str(&text::format_real(x)),
        DynRef::Decimal(d) => out.push_str(&text::format_decimal(d)),
        DynRef::String(s) => out.push_str(s),
        DynRef::DateTime(t) => out.push_str(&text::format_datetime_iso(t)),
        DynRef::TimeSpan(t) => out.push_str(&text::format_timespan(t)),
        DynRef::Guid(g) => out.push_str(&text::format_guid(&g)),
        v => write_json(v, out),
    }
}

const fn conversion(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name: ResultName::FirstArgument,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

const ONE: Param = arg_of("value", Class::Scalar, "The value to convert.");

/// `tostring`
pub const TOSTRING: FunctionSpec = conversion(
    "tostring",
    "The value as text; a null is \"\".",
    &[sig(&[ONE], STRING)],
    tostring,
    &[
        ex("tostring(5)", "5"),
        ex("tostring(true)", "True"),
        ex("tostring(6.0)", "6.0"),
        ex("tostring(dynamic([1,2]))", "[1,2]"),
        ex("tostring(long(null))", ""),
    ],
);
/// `toint`
pub const TOINT: FunctionSpec = conversion(
    "toint",
    "The value as int; null when it is none.",
    &[sig(&[ONE], INT)],
    |args| {
        let a = args.any(0)?;
        int_result(args.rows, |r| to_int(&a.get(r)))
    },
    &[
        ex("toint(1.9)", "1"),
        ex("toint('2147483648')", "null"),
        ex("toint(9999999999)", "1410065407"),
        ex("toint(1e10)", "2147483647"),
    ],
);

fn long_kernel(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    long_result(args.rows, |r| to_long(&a.get(r)))
}

fn real_kernel(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    real_result(args.rows, |r| to_real(&a.get(r)))
}

fn bool_kernel(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    bool_result(args.rows, |r| to_bool(&a.get(r)))
}

fn timespan_kernel(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    long_result(args.rows, |r| to_timespan(&a.get(r)))
}

/// `tolong`
pub const TOLONG: FunctionSpec = conversion(
    "tolong",
    "The value as long; null when it is none.",
    &[sig(&[ONE], LONG)],
    long_kernel,
    &[
        ex("tolong('12')", "12"),
        ex("tolong('5.7')", "null"),
        ex("tolong(5.7)", "5"),
    ],
);
/// `toreal`
pub const TOREAL: FunctionSpec = conversion(
    "toreal",
    "The value as real; null when it is none.",
    &[sig(&[ONE], REAL)],
    real_kernel,
    &[ex("toreal('1.5')", "1.5")],
);
/// `todouble`
pub const TODOUBLE: FunctionSpec = conversion(
    "todouble",
    "The value as real; null when it is none.",
    &[sig(&[ONE], REAL)],
    real_kernel,
    &[ex("todouble('1.5')", "1.5")],
);
/// `todecimal`
pub const TODECIMAL: FunctionSpec = conversion(
    "todecimal",
    "The value as decimal; null when it is none.",
    &[sig(&[ONE], DECIMAL)],
    |args| {
        let a = args.any(0)?;
        decimal_result(args.rows, |r| to_decimal(&a.get(r)))
    },
    &[ex("todecimal('1.50')", "1.5")],
);
/// `tobool`
pub const TOBOOL: FunctionSpec = conversion(
    "tobool",
    "The value as bool; null when it is none.",
    &[sig(&[ONE], BOOL)],
    bool_kernel,
    &[
        ex("tobool('true')", "True"),
        ex("tobool('yes')", "null"),
        ex("tobool(2)", "True"),
    ],
);
/// `toboolean`
pub const TOBOOLEAN: FunctionSpec = conversion(
    "toboolean",
    "The value as bool; null when it is none.",
    &[sig(&[ONE], BOOL)],
    bool_kernel,
    &[ex("toboolean('false')", "False")],
);
/// `todatetime`
pub const TODATETIME: FunctionSpec = conversion(
    "todatetime",
    "The value as datetime; null when it is none. Months come before days.",
    &[sig(&[ONE], DATETIME)],
    |args| {
        let a = args.any(0)?;
        long_result(args.rows, |r| to_datetime(&a.get(r)))
    },
    &[
        ex("todatetime('12-02-2022')", "2022-12-02T00:00:00.0000000Z"),
        ex("todatetime('13-01-2022')", "null"),
    ],
);
/// `totimespan`
pub const TOTIMESPAN: FunctionSpec = conversion(
    "totimespan",
    "The value as timespan; null when it is none.",
    &[sig(&[ONE], TIMESPAN)],
    timespan_kernel,
    &[ex("totimespan('0.00:01:00')", "00:01:00")],
);
/// `totime`
pub const TOTIME: FunctionSpec = conversion(
    "totime",
    "The value as timespan; null when it is none.",
    &[sig(&[ONE], TIMESPAN)],
    timespan_kernel,
    &[ex("totime('1d')", "1.00:00:00")],
);
/// `toguid`
pub const TOGUID: FunctionSpec = conversion(
    "toguid",
    "The value as guid; null when it is none.",
    &[sig(&[ONE], GUID)],
    |args| {
        let a = args.any(0)?;
        guid_result(args.rows, |r| to_guid(&a.get(r)))
    },
    &[ex(
        "toguid('70fc66f7-8279-44fc-9092-d364d70fce44')",
        "70fc66f7-8279-44fc-9092-d364d70fce44",
    )],
);

fn tostring(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    let scalar = args.ty(0) != DYNAMIC;
    str_result(args.rows, |r, out| write_text(a.get(r), scalar, out))
}
