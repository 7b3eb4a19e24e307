//! `isnull`, `isnotnull`, `isempty`-like tests of numbers, `coalesce`, `max_of`, `min_of`, and the choices.

use crate::prelude::*;
use std::cmp::Ordering;

const ANY: Param = arg_of("value", Class::Scalar, "The value.");

const fn test(
    name: &'static str,
    summary: &'static str,
    params: &'static [Signature],
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures: params,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

fn null(args: &Args<'_>, want: bool) -> Result<ArrayRef> {
    let a = args.any(0)?;
    bool_result(args.rows, |r| Some(a.get(r).is_null() == want))
}

/// `isnull`
pub const ISNULL: FunctionSpec = test(
    "isnull",
    "True for null; a string is never null.",
    &[sig(&[ANY], BOOL)],
    |args| null(args, true),
    &[ex("isnull(long(null))", "True"), ex("isnull('')", "False")],
);
/// `isnotnull`
pub const ISNOTNULL: FunctionSpec = test(
    "isnotnull",
    "False for null; a string is never null.",
    &[sig(&[ANY], BOOL)],
    |args| null(args, false),
    &[ex("isnotnull(1)", "True")],
);
/// `notnull`
pub const NOTNULL: FunctionSpec = test(
    "notnull",
    "False for null; a string is never null.",
    &[sig(&[ANY], BOOL)],
    |args| null(args, false),
    &[ex("notnull(1)", "True")],
);

const REAL_ARG: Param = arg("number", REAL, "The number.");

fn real_test(args: &Args<'_>, f: fn(f64) -> bool) -> Result<ArrayRef> {
    let a = args.real(0)?;
    bool_result(args.rows, |r| a.get(r).map(f))
}

/// `isnan`
pub const ISNAN: FunctionSpec = test(
    "isnan",
    "True for NaN.",
    &[sig(&[REAL_ARG], BOOL)],
    |a| real_test(a, f64::is_nan),
    &[ex("isnan(0.0/0)", "True")],
);
/// `isinf`
pub const ISINF: FunctionSpec = test(
    "isinf",
    "True for an infinity.",
    &[sig(&[REAL_ARG], BOOL)],
    |a| real_test(a, f64::is_infinite),
    &[ex("isinf(1.0/0)", "True")],
);
/// `isfinite`
pub const ISFINITE: FunctionSpec = test(
    "isfinite",
    "True for a finite number.",
    &[sig(&[REAL_ARG], BOOL)],
    |a| real_test(a, f64::is_finite),
    &[ex("isfinite(1.0)", "True")],
);

const ORDERED: &[Signature] = &[sig_as(
    &[arg_of("value", Class::CommonOrderable, "A value.").repeated(2, 64)],
    Returns::Common,
)];
const VALUES: &[Signature] = &[sig_as(
    &[arg_of("value", Class::CommonScalar, "A value.").repeated(2, 64)],
    Returns::Common,
)];

const fn choice(
    name: &'static str,
    summary: &'static str,
    class: Class,
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    let signatures = if matches!(class, Class::CommonOrderable) {
        ORDERED
    } else {
        VALUES
    };
    test(name, summary, signatures, kernel, examples)
}

/// `coalesce`
pub const COALESCE: FunctionSpec = choice(
    "coalesce",
    "The first value that is neither null nor \"\".",
    Class::CommonScalar,
    |args| {
        pick(args, |values, row| {
            let filled = |v: &DynRef<'_>| !matches!(v, DynRef::Null | DynRef::String(""));
            values.iter().position(|v| filled(&v.get(row)))
        })
    },
    &[
        ex("coalesce(long(null), 5)", "5"),
        ex("coalesce('', 'a')", "a"),
        ex("coalesce(0, 1)", "0"),
    ],
);

fn extreme(args: &Args<'_>, want: Ordering) -> Result<ArrayRef> {
    pick(args, |values, row| {
        let mut best: Option<usize> = None;
        for (i, v) in values.iter().enumerate() {
            let v = v.get(row);
            if v.is_null() {
                continue;
            }
            let better = match best {
                None => true,
                Some(b) => order(&v, &values[b].get(row)) == want,
            };
            if better {
                best = Some(i);
            }
        }
        best
    })
}

/// `max_of`
pub const MAX_OF: FunctionSpec = choice(
    "max_of",
    "The greatest of the values; nulls do not count.",
    Class::CommonOrderable,
    |args| extreme(args, Ordering::Greater),
    &[ex("max_of(1, 5, 3)", "5")],
);
/// `min_of`
pub const MIN_OF: FunctionSpec = choice(
    "min_of",
    "The least of the values; nulls do not count.",
    Class::CommonOrderable,
    |args| extreme(args, Ordering::Less),
    &[ex("min_of(4, 2, 3)", "2")],
);

fn order(a: &DynRef<'_>, b: &DynRef<'_>) -> Ordering {
    match (a, b) {
        (DynRef::Long(a), DynRef::Long(b))
        | (DynRef::DateTime(a), DynRef::DateTime(b))
        | (DynRef::TimeSpan(a), DynRef::TimeSpan(b)) => a.cmp(b),
        (DynRef::Real(a), DynRef::Real(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (DynRef::Decimal(a), DynRef::Decimal(b)) => a.cmp(b),
        (DynRef::String(a), DynRef::String(b)) => a.cmp(b),
        (DynRef::Bool(a), DynRef::Bool(b)) => a.cmp(b),
        (DynRef::Guid(a), DynRef::Guid(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// Row by row one of the arguments.
fn pick(args: &Args<'_>, choose: impl Fn(&[Any<'_>], usize) -> Option<usize>) -> Result<ArrayRef> {
    let values = (0..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    let mut out = Vec::with_capacity(args.rows);
    for row in 0..args.rows {
        out.push(match choose(&values, row) {
            Some(i) => values[i].to_value(row),
            None => Value::null(args.returns),
        });
    }
    array_from_values(args.returns, &out)
}

const fn special(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        lower: Lower::Special,
        ..test(name, summary, signatures, |args| null(args, true), examples)
    }
}

const IFF: &[Signature] = &[sig_as(
    &[
        arg("if", BOOL, "The condition."),
        arg_of(
            "then",
            Class::CommonScalarOrDynamic,
            "The value when it is true.",
        ),
        arg_of(
            "else",
            Class::CommonScalarOrDynamic,
            "The value when it is not.",
        ),
    ],
    Returns::CommonNotDynamic,
)];

/// `iff`
pub const IFF_SPEC: FunctionSpec = special(
    "iff",
    "The first value when the condition is true, else the second.",
    IFF,
    &[ex("iff(1 > 2, 'a', 'b')", "b")],
);
/// `iif`
pub const IIF: FunctionSpec = special(
    "iif",
    "The first value when the condition is true, else the second.",
    IFF,
    &[ex("iif(2 > 1, 'a', 'b')", "a")],
);
/// `case`
pub const CASE: FunctionSpec = special(
    "case",
    "The value behind the first condition that is true, else the last value.",
    &[sig_as(
        &[
            arg("predicate", BOOL, "A condition.").repeated(1, 32767),
            arg_of("then", Class::CommonScalarOrDynamic, "Its value.").repeated(1, 32767),
            arg_of(
                "else",
                Class::CommonScalarOrDynamic,
                "The value when none is true.",
            ),
        ],
        Returns::CommonNotDynamic,
    )],
    &[ex("case(1 > 2, 'a', 3 > 2, 'b', 'c')", "b")],
);
/// `not`
pub const NOT: FunctionSpec = special(
    "not",
    "The other truth; null stays null.",
    &[sig(&[arg("expression", BOOL, "A bool.")], BOOL)],
    &[ex("not(true)", "False")],
);
