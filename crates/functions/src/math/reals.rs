//! What the functions of one real number share.

use crate::conversions::numbers::to_real;
use crate::prelude::*;

/// One number of any type.
pub const NUMBER: &[Signature] = &[sig(&[arg_of("number", Class::Number, "The number.")], REAL)];

/// A number argument of any type, as real.
///
/// # Errors
/// The argument is no number (our fault).
pub fn real<'a>(args: &Args<'a>, i: usize) -> Result<Box<dyn Fn(usize) -> Option<f64> + 'a>> {
    let column = args.any(i)?;
    Ok(match column {
        Any::Real(c) => Box::new(move |row| c.get(row)),
        _ => Box::new(move |row| to_real(&column.get(row))),
    })
}

/// A function of one number, as real; a null stays null.
///
/// # Errors
/// The argument is no number (our fault).
pub fn real_of(args: &Args<'_>, f: impl Fn(f64) -> Option<f64>) -> Result<ArrayRef> {
    if let Any::Real(c) = args.any(0)? {
        return real_result(args.rows, |row| c.get(row).and_then(&f));
    }
    let number = real(args, 0)?;
    real_result(args.rows, |row| number(row).and_then(&f))
}
