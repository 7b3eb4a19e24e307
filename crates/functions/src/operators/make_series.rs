//! What `make-series` does with the bins of a group: the axis, and a value for each of its points.

use crate::prelude::*;
use kql_types::DynRef;
use kql_types::dynamic::DynWriter;

/// Most points of a series.
const MOST: i64 = 1_048_576;

const EDGES: [Param; 3] = [
    arg_of(
        "from",
        Class::Scalar,
        "The first bin; null is the first bin that there is.",
    ),
    arg_of(
        "to",
        Class::Scalar,
        "Past the last bin; null is past the last bin that there is.",
    ),
    arg_of("step", Class::Scalar, "The width of a bin."),
];

const BINS: Param = arg("bins", DYNAMIC, "The bins that have values.");

/// The axis.
pub const AXIS: FunctionSpec = FunctionSpec {
    name: "make-series axis",
    summary: "The starts of a series' bins.",
    signatures: &[sig(&[BINS, EDGES[0], EDGES[1], EDGES[2]], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(axis),
    examples: &[ex(
        "toscalar(range x from 1 to 3 step 1 | make-series count() on x from 1 to 9 step 2 | project x)",
        "[1,3,5,7]",
    )],
    differs: "",
};

/// The values.
pub const VALUES: FunctionSpec = FunctionSpec {
    name: "make-series values",
    summary: "A value for each bin of a series.",
    signatures: &[sig(
        &[
            BINS,
            EDGES[0],
            EDGES[1],
            EDGES[2],
            arg("values", DYNAMIC, "The value of each of the bins."),
            arg("default", DYNAMIC, "The value of the other bins."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(values),
    examples: &[ex(
        "toscalar(range x from 1 to 3 step 1 | make-series count() default=-1 on x from 1 to 9 step 2 | project count_)",
        "[2,1,-1,-1]",
    )],
    differs: "",
};

/// A place on the axis.
#[derive(Clone, Copy)]
enum Point {
    Whole(i64),
    Real(f64),
}

/// The bins of one series.
#[derive(Clone, Copy)]
enum Grid {
    Whole { from: i64, step: i64, count: i64 },
    Real { from: f64, step: f64, count: i64 },
}

impl Grid {
    /// The grid of a row; none when it has no bin.
    fn of(
        bins: &[Point],
        from: Option<Point>,
        to: Option<Point>,
        step: Point,
    ) -> Result<Option<Grid>> {
        let too_long = || KernelError::new(format!("a series has more than {MOST} points"));
        let grid = match step {
            Point::Whole(step) => {
                if step <= 0 {
                    return Err(KernelError::new("the step of a series must be positive"));
                }
                let whole = |p: Point| match p {
                    Point::Whole(n) => n,
                    Point::Real(_) => 0,
                };
                let all = bins.iter().map(|p| whole(*p));
                let Some(from) = from.map(whole).or_else(|| all.clone().min()) else {
                    return Ok(None);
                };
                let Some(to) = to.map(whole).or_else(|| all.max()?.checked_add(step)) else {
                    return Ok(None);
                };
                let length = to.checked_sub(from).ok_or_else(too_long)?;
                let count = length.max(0).div_euclid(step) + i64::from(length.max(0) % step != 0);
                Grid::Whole { from, step, count }
            }
            Point::Real(step) => {
                if step.is_nan() || step <= 0.0 {
                    return Err(KernelError::new("the step of a series must be positive"));
                }
                let real = |p: Point| match p {
                    Point::Real(x) => x,
                    Point::Whole(_) => f64::NAN,
                };
                let all = bins.iter().map(|p| real(*p));
                let Some(from) = from.map(real).or_else(|| all.clone().reduce(f64::min)) else {
                    return Ok(None);
                };
                let Some(to) = to.map(real).or_else(|| Some(all.reduce(f64::max)? + step)) else {
                    return Ok(None);
                };
                // What fractions lose must not make a point more.
                let count = ((to - from) / step - 1e-9).ceil().max(0.0);
                if count.is_nan() || count > 1e7 {
                    return Err(too_long());
                }
                #[allow(clippy::cast_possible_truncation)]
                let count = count as i64;
                Grid::Real { from, step, count }
            }
        };
        if grid.count() > MOST {
            return Err(too_long());
        }
        Ok(Some(grid))
    }

    fn count(&self) -> i64 {
        match self {
            Grid::Whole { count, .. } | Grid::Real { count, .. } => *count,
        }
    }

    /// Which point a bin is.
    fn place(&self, bin: Point) -> Option<usize> {
        let place = match (self, bin) {
            (Grid::Whole { from, step, .. }, Point::Whole(n)) => {
                n.checked_sub(*from)?.div_euclid(*step)
            }
            (Grid::Real { from, step, .. }, Point::Real(x)) => {
                let place = ((x - from) / step).round();
                #[allow(clippy::cast_possible_truncation)]
                if place.abs() < 1e9 { place as i64 } else { -1 }
            }
            _ => return None,
        };
        (place < self.count()).then(|| usize::try_from(place).ok())?
    }
}

/// The edges and bins of every row.
struct Bins<'a> {
    bins: Dyns<'a>,
    edges: [Box<dyn Fn(usize) -> Option<Point> + 'a>; 3],
}

impl<'a> Bins<'a> {
    fn new(args: &Args<'a>) -> Result<Self> {
        Ok(Bins {
            bins: args.dynamic(0)?,
            edges: [edge(args, 1)?, edge(args, 2)?, edge(args, 3)?],
        })
    }

    fn row(&self, row: usize, bins: &mut Vec<Point>) -> Result<Option<Grid>> {
        bins.clear();
        if let DynRef::Array(a) = self.bins.get(row) {
            bins.extend(a.iter().filter_map(point));
        }
        let [from, to, step] = &self.edges;
        match step(row) {
            Some(step) => Grid::of(bins, from(row), to(row), step),
            None => Err(KernelError::new("the step of a series must not be null")),
        }
    }
}

fn edge<'a>(args: &Args<'a>, i: usize) -> Result<Box<dyn Fn(usize) -> Option<Point> + 'a>> {
    if args.ty(i) == REAL {
        let a = args.real(i)?;
        return Ok(Box::new(move |r| a.get(r).map(Point::Real)));
    }
    let a = args.long(i)?;
    Ok(Box::new(move |r| a.get(r).map(Point::Whole)))
}

fn point(v: DynRef<'_>) -> Option<Point> {
    match v {
        DynRef::Long(n) | DynRef::DateTime(n) | DynRef::TimeSpan(n) => Some(Point::Whole(n)),
        DynRef::Real(x) => Some(Point::Real(x)),
        _ => None,
    }
}

fn axis(args: &Args<'_>) -> Result<ArrayRef> {
    let rows = Bins::new(args)?;
    let ty = args.ty(1);
    let mut bins = Vec::new();
    try_dyn_result(args.rows, |row, w| {
        w.begin_array();
        if let Some(grid) = rows.row(row, &mut bins)? {
            for i in 0..grid.count() {
                put(w, &grid, i, ty);
            }
        }
        w.end();
        Ok(())
    })
}

#[allow(clippy::cast_precision_loss)]
fn put(w: &mut DynWriter, grid: &Grid, i: i64, ty: Type) {
    match grid {
        Grid::Real { from, step, .. } => w.real(from + step * (i as f64)),
        Grid::Whole { from, step, .. } => {
            let n = from.saturating_add(step.saturating_mul(i));
            match ty {
                DATETIME => w.datetime(n),
                TIMESPAN => w.timespan(n),
                _ => w.long(n),
            }
        }
    }
}

fn values(args: &Args<'_>) -> Result<ArrayRef> {
    let rows = Bins::new(args)?;
    let (values, default) = (args.dynamic(4)?, args.dynamic(5)?);
    let mut bins = Vec::new();
    try_dyn_result(args.rows, |row, w| {
        w.begin_array();
        if let Some(grid) = rows.row(row, &mut bins)? {
            let other = default.get(row);
            let mut all = vec![other; usize::try_from(grid.count()).unwrap_or(0)];
            if let DynRef::Array(found) = values.get(row) {
                for (bin, value) in bins.iter().zip(found.iter()) {
                    if let Some(slot) = grid.place(*bin).and_then(|i| all.get_mut(i)) {
                        *slot = value;
                    }
                }
            }
            all.into_iter().for_each(|v| w.value(v));
        }
        w.end();
        Ok(())
    })
}
