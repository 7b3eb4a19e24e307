//! `series_fill_const(series, value, missing)`, `series_fill_forward`, `series_fill_backward` and `series_fill_linear`: missing
//! values filled in.

use super::numbers::{Number, count, number};
use crate::dynamics::elements::take_apart;
use crate::prelude::*;

const SERIES: Param = arg_of("series", Class::DynamicArray, "A series.");
const MISSING: Param = arg_of(
    "missing_value_placeholder",
    Class::Number,
    "The number that stands for a missing value; null unless given.",
)
.optional();

const fn spec(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    kernel: Kernel,
    examples: &'static [Example],
    differs: &'static str,
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
        differs,
    }
}

/// `series_fill_const`
pub const CONST: FunctionSpec = spec(
    "series_fill_const",
    "Puts a number in the place of each missing value.",
    &[sig(
        &[
            SERIES,
            arg_of("constant_value", Class::Number, "The number."),
            MISSING,
        ],
        DYNAMIC,
    )],
    fill_const,
    &[
        ex(
            "series_fill_const(dynamic([111,null,36]), -1)",
            "[111,-1,36]",
        ),
        ex(
            "series_fill_const(dynamic([111,null,36]), 0.0)",
            "[111,0.0,36]",
        ),
        ex("series_fill_const(dynamic([5,null,0]), 9, 0)", "[5,null,9]"),
        ex("series_fill_const(dynamic({}), 0)", "null"),
    ],
    "",
);

/// `series_fill_forward`
pub const FORWARD: FunctionSpec = spec(
    "series_fill_forward",
    "Puts the nearest value on the left in the place of each missing value; those at the beginning stay.",
    &[sig(&[SERIES, MISSING], DYNAMIC)],
    |args| nearest(args, false),
    &[
        ex(
            "series_fill_forward(dynamic([null,36,null,41,null]))",
            "[null,36,36,41,41]",
        ),
        ex("series_fill_forward(dynamic([3,0,0,4]), 0)", "[3,3,3,4]"),
    ],
    "",
);

/// `series_fill_backward`
pub const BACKWARD: FunctionSpec = spec(
    "series_fill_backward",
    "Puts the nearest value on the right in the place of each missing value; those at the end stay.",
    &[sig(&[SERIES, MISSING], DYNAMIC)],
    |args| nearest(args, true),
    &[ex(
        "series_fill_backward(dynamic([null,36,null,41,null]))",
        "[36,36,41,41,null]",
    )],
    "",
);

/// `series_fill_linear`
pub const LINEAR: FunctionSpec = spec(
    "series_fill_linear",
    "Puts what lies on the line between its neighbours in the place of each missing value; whole numbers stay whole. At the edges it is the nearest value, unless told otherwise; where all are missing it is a constant.",
    &[sig(
        &[
            SERIES,
            MISSING,
            arg(
                "fill_edges",
                BOOL,
                "Whether missing values at the edges are filled; true unless given.",
            )
            .optional(),
            arg_of(
                "constant_value",
                Class::Number,
                "What fills a series without any value; 0.0 unless given.",
            )
            .optional(),
        ],
        DYNAMIC,
    )],
    fill_linear,
    &[
        ex(
            "series_fill_linear(dynamic([null,111,null,36,41,null,null,16,null]))",
            "[111,111,73,36,41,32,24,16,16]",
        ),
        ex(
            "series_fill_linear(dynamic([null,1.0,null,2.0,null]), real(null), false)",
            "[null,1.0,1.5,2.0,null]",
        ),
        ex("series_fill_linear(dynamic([null,null]))", "[0.0,0.0]"),
        ex(
            "series_fill_linear(dynamic([null]), real(null), true, 3.5)",
            "[3.5]",
        ),
    ],
    "A series that has other elements than numbers and missing values is refused.",
);

/// What counts as missing in a row.
struct Missing(Option<f64>);

impl Missing {
    fn of(args: &Args<'_>, i: usize, row: usize) -> Result<Self> {
        if args.len() <= i {
            return Ok(Missing(None));
        }
        Ok(Missing(number(args.any(i)?.get(row))?.map(Number::real)))
    }

    fn is(&self, v: &DynRef<'_>) -> bool {
        match (self.0, number(*v)) {
            (None, _) => v.is_null(),
            (Some(m), Ok(Some(n))) => n.real() == m,
            _ => false,
        }
    }
}

fn fill_const(args: &Args<'_>) -> Result<ArrayRef> {
    let (series, value) = (args.dynamic(0)?, args.any(1)?);
    let mut items = Vec::new();
    try_dyn_result(args.rows, |row, w| {
        if !take_apart(series.get(row), &mut items) {
            return Ok(());
        }
        let missing = Missing::of(args, 2, row)?;
        w.begin_array();
        for item in &items {
            if missing.is(&DynRef::new(item)) {
                w.value(value.get(row));
            } else {
                w.raw(item);
            }
        }
        w.end();
        Ok(())
    })
}

fn nearest(args: &Args<'_>, from_right: bool) -> Result<ArrayRef> {
    let series = args.dynamic(0)?;
    let mut items = Vec::new();
    try_dyn_result(args.rows, |row, w| {
        if !take_apart(series.get(row), &mut items) {
            return Ok(());
        }
        let missing = Missing::of(args, 1, row)?;
        if from_right {
            items.reverse();
        }
        let mut last = None;
        for item in &mut items {
            if !missing.is(&DynRef::new(item)) {
                last = Some(*item);
            } else if let Some(value) = last {
                *item = value;
            }
        }
        if from_right {
            items.reverse();
        }
        w.begin_array();
        items.iter().for_each(|item| w.raw(item));
        w.end();
        Ok(())
    })
}

fn fill_linear(args: &Args<'_>) -> Result<ArrayRef> {
    let series = args.dynamic(0)?;
    let edges = (args.len() > 2).then(|| args.bool(2)).transpose()?;
    let constant = (args.len() > 3).then(|| args.any(3)).transpose()?;
    let mut items = Vec::new();
    let mut values: Vec<Option<Number>> = Vec::new();
    try_dyn_result(args.rows, |row, w| {
        if !take_apart(series.get(row), &mut items) {
            return Ok(());
        }
        let missing = Missing::of(args, 1, row)?;
        values.clear();
        for item in &items {
            let item = DynRef::new(item);
            match (missing.is(&item), number(item)?) {
                (true, _) => values.push(None),
                (false, Some(n)) => values.push(Some(n)),
                (false, None) => {
                    return Err(KernelError::new(
                        "series_fill_linear over elements that are neither numbers nor missing is not supported",
                    ));
                }
            }
        }
        w.begin_array();
        if values.iter().all(Option::is_none) {
            let constant = match &constant {
                Some(c) => c.get(row),
                None => DynRef::Real(0.0),
            };
            (0..values.len()).for_each(|_| w.value(constant));
        } else {
            let edges = edges.is_none_or(|e| e.get(row) != Some(false));
            interpolate(&values, edges, &items, w);
        }
        w.end();
        Ok(())
    })
}

fn interpolate(values: &[Option<Number>], edges: bool, items: &[&[u8]], w: &mut DynWriter) {
    let whole = values
        .iter()
        .flatten()
        .all(|n| matches!(n, Number::Long(_)));
    let mut left: Option<(usize, Number)> = None;
    for (i, value) in values.iter().enumerate() {
        if let Some(n) = value {
            left = Some((i, *n));
            n.write(w);
            continue;
        }
        let right = values
            .iter()
            .enumerate()
            .skip(i)
            .find_map(|(j, v)| v.map(|n| (j, n)));
        match (left, right) {
            (Some((a, x)), Some((b, y))) => {
                let (x, y) = (x.real(), y.real());
                let z = x + (y - x) * count(i - a) / count(b - a);
                if whole {
                    // Between two longs there is a long.
                    #[allow(clippy::cast_possible_truncation)]
                    w.long(z as i64);
                } else {
                    w.real(z);
                }
            }
            (Some((_, n)), None) | (None, Some((_, n))) if edges => n.write(w),
            _ => w.raw(items.get(i).copied().unwrap_or_default()),
        }
    }
}
