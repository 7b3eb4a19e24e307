//! `parse_version(version)`.

use crate::prelude::*;

/// `parse_version`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_version",
    summary: "A version of up to four numbers as one number that sorts as versions do; null for what is none.",
    signatures: &[sig(&[arg("version", STRING, "The version.")], DECIMAL)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_version),
    examples: &[
        ex("parse_version('0.0.0.5')", "5"),
        ex("parse_version('0.0.7.0')", "700000000"),
        ex("parse_version('0.1.2')", "10000000200000000"),
        ex("parse_version('1.2.x')", "null"),
        ex("parse_version('0.0.0.0.1')", "null"),
    ],
    differs: "From version 0.17014 on (and so for 1.0) it is an error: the result has more digits than a decimal holds here.",
};

/// Digits of a part at most.
const DIGITS: usize = 8;

fn parse_version(args: &Args<'_>) -> Result<ArrayRef> {
    let version = args.str(0)?;
    try_decimal_result(args.rows, |row| {
        let text = version.get(row);
        let Some(number) = number(text) else {
            return Ok(None);
        };
        let scale = 10i128.pow(kql_types::DECIMAL_SCALE);
        match number.checked_mul(scale) {
            Some(n) => Ok(Some(n)),
            None => Err(KernelError::new(format!(
                "parse_version of `{text}` has more digits than a decimal holds here"
            ))),
        }
    })
}

/// The parts side by side, eight digits each.
fn number(version: &str) -> Option<i128> {
    let mut parts = [0i128; 4];
    for (i, text) in version.split('.').enumerate() {
        if text.is_empty() || text.len() > DIGITS || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *parts.get_mut(i)? = text.parse().ok()?;
    }
    Some(parts.iter().fold(0, |n, p| n * 100_000_000 + p))
}
