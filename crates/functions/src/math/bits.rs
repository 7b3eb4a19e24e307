//! What the functions of bits share.

use crate::prelude::*;

/// Two whole numbers.
pub const TWO: &[Signature] = &[sig(
    &[
        arg_of("value1", Class::Integer, "One number."),
        arg_of("value2", Class::Integer, "The other number."),
    ],
    LONG,
)];

/// A number and a count of bits.
pub const SHIFT: &[Signature] = &[sig(
    &[
        arg_of("value", Class::Integer, "The number."),
        arg_of("shift", Class::Integer, "By how many bits."),
    ],
    LONG,
)];

/// A function of two whole numbers; a null stays null.
///
/// # Errors
/// An argument is no whole number (our fault).
pub fn bits(args: &Args<'_>, f: impl Fn(i64, i64) -> Option<i64>) -> Result<ArrayRef> {
    let (a, b) = (args.integer(0)?, args.integer(1)?);
    long_result(args.rows, |row| f(a(row)?, b(row)?))
}

/// By how many bits a number of 64 bits moves; none for a negative count.
pub fn count(shift: i64) -> Option<u32> {
    u32::try_from(shift).ok().map(|n| n % 64)
}
