//! `rand([range])`: a random number.

use crate::prelude::*;

/// `rand`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "rand",
    summary: "A random real from 0 to 1, or a random whole number below the argument.",
    signatures: &[sig(
        &[arg("range", LONG, "How many numbers to choose from.").optional()],
        REAL,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Volatile,
    lower: Lower::Kernel(rand),
    examples: &[ex("rand() < 1", "True")],
    differs: "",
};

fn rand(args: &Args<'_>) -> Result<ArrayRef> {
    let range = if args.is_empty() {
        None
    } else {
        Some(args.long(0)?)
    };
    real_result(args.rows, |r| {
        let bits = uuid::Uuid::new_v4().as_u128();
        // 53 bits that are not among the fixed ones of a random guid.
        let low = u32::try_from(bits & 0xffff_ffff).unwrap_or(0);
        let high = u32::try_from((bits >> 96) & 0x1f_ffff).unwrap_or(0);
        let x = (f64::from(high) * 4_294_967_296.0 + f64::from(low)) / 9_007_199_254_740_992.0;
        #[allow(clippy::cast_precision_loss)]
        match &range {
            None => Some(x),
            Some(n) if n.value(r) >= 2 => Some((x * n.value(r) as f64).floor()),
            Some(_) => Some(x),
        }
    })
}
