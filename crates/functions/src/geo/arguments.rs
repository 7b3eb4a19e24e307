//! Numbers of any type, places and shapes among the arguments.

use crate::prelude::*;

/// A number read as a double, row by row.
pub type Number<'a> = Box<dyn Fn(usize) -> Option<f64> + 'a>;

/// An argument of any number type.
///
/// # Errors
/// The argument is no number (our fault).
#[allow(clippy::cast_precision_loss)]
pub fn number<'a>(args: &Args<'a>, i: usize) -> Result<Number<'a>> {
    Ok(match args.any(i)? {
        Any::Real(c) => Box::new(move |r| c.get(r)),
        Any::Int(c) => Box::new(move |r| c.get(r).map(f64::from)),
        Any::Long(c) => Box::new(move |r| c.get(r).map(|n| n as f64)),
        Any::Decimal(c) => Box::new(move |r| c.get(r).map(|d| d as f64 / 1e18)),
        Any::Bool(c) => Box::new(move |r| c.get(r).map(|b| f64::from(u8::from(b)))),
        Any::Dynamic(c) => Box::new(move |r| match c.get(r) {
            DynRef::Real(x) => Some(x),
            DynRef::Long(n) => Some(n as f64),
            _ => None,
        }),
        _ => {
            return Err(KernelError::new(format!(
                "internal: argument {i} is no number"
            )));
        }
    })
}

/// An optional number argument: its default when it is not there, and a whole number within a range.
pub fn whole(
    n: Option<&Number<'_>>,
    row: usize,
    default: u8,
    range: std::ops::RangeInclusive<u8>,
) -> Option<u8> {
    let Some(n) = n else {
        return Some(default);
    };
    let x = n(row)?;
    range.into_iter().find(|v| f64::from(*v) == x)
}

/// Two arguments as a place in degrees; none when it is out of range.
pub fn place<'a>(args: &Args<'a>, i: usize) -> Result<impl Fn(usize) -> Option<(f64, f64)> + 'a> {
    let (lng, lat) = (number(args, i)?, number(args, i + 1)?);
    Ok(move |row| {
        let (lng, lat) = (lng(row)?, lat(row)?);
        let fits = (-180.0..=180.0).contains(&lng) && (-90.0..=90.0).contains(&lat);
        fits.then_some((lng, lat))
    })
}

/// Refuses measuring on a spheroid.
///
/// # Errors
/// The argument at `i` is there and true.
pub fn sphere_only(args: &Args<'_>, i: usize) -> Result<()> {
    if args.len() <= i {
        return Ok(());
    }
    let spheroid = number(args, i)?;
    if (0..args.rows).any(|row| spheroid(row).is_some_and(|x| x != 0.0)) {
        return Err(KernelError::new(
            "use_spheroid = true is not supported: distances are measured on a sphere",
        ));
    }
    Ok(())
}

/// Writes a coordinate: an integer when it is one.
pub fn write_degree(x: f64, w: &mut DynWriter) {
    #[allow(clippy::cast_possible_truncation)]
    if x.fract() == 0.0 && x.abs() < 1e15 {
        w.long(x as i64);
    } else {
        w.real(x);
    }
}

/// Writes `[longitude, latitude]`.
pub fn write_place(p: (f64, f64), w: &mut DynWriter) {
    w.begin_array();
    write_degree(p.0, w);
    write_degree(p.1, w);
    w.end();
}

/// Writes a GeoJSON point.
pub fn write_point(p: (f64, f64), w: &mut DynWriter) {
    w.begin_bag();
    w.key("type");
    w.string("Point");
    w.key("coordinates");
    write_place(p, w);
    w.end();
}

/// Writes a GeoJSON polygon of one ring, which is closed here.
pub fn write_polygon(ring: &[(f64, f64)], w: &mut DynWriter) {
    w.begin_bag();
    w.key("type");
    w.string("Polygon");
    w.key("coordinates");
    w.begin_array();
    w.begin_array();
    for p in ring.iter().chain(ring.first()) {
        write_place(*p, w);
    }
    w.end();
    w.end();
    w.end();
}
