//! `format_bytes(size, precision, units)`: a size in bytes as people read it.

use crate::prelude::*;
use std::fmt::Write;

/// `format_bytes`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "format_bytes",
    summary: "A number of bytes as a text with a unit: the greatest that gives at least 1, or the one asked for. A unit is 1024 of the one before.",
    signatures: &[sig(
        &[
            arg("size", REAL, "The number of bytes."),
            arg("precision", INT, "Digits after the point; 0 unless given.")
                .constant()
                .optional(),
            arg("units", STRING, "Bytes, KB, MB, GB, TB, PB or EB.")
                .constant()
                .optional(),
        ],
        STRING,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(format_bytes),
    examples: &[
        ex("format_bytes(564)", "564 Bytes"),
        ex("format_bytes(10332, 1)", "10.1 KB"),
        ex("format_bytes(20010332)", "19 MB"),
        ex("format_bytes(20010332, 2)", "19.08 MB"),
        ex("format_bytes(20010332, 0, 'KB')", "19541 KB"),
        ex("format_bytes(real(null))", ""),
    ],
    differs: "Sizes below 0 and unknown units are refused.",
};

const UNITS: [&str; 7] = ["Bytes", "KB", "MB", "GB", "TB", "PB", "EB"];

fn format_bytes(args: &Args<'_>) -> Result<ArrayRef> {
    let size = args.real(0)?;
    let precision = (args.len() > 1).then(|| args.integer(1)).transpose()?;
    let units = (args.len() > 2).then(|| args.str(2)).transpose()?;
    try_str_result(args.rows, |row, out| {
        let Some(bytes) = size.get(row) else {
            return Ok(());
        };
        if bytes < 0.0 || !bytes.is_finite() {
            return Err(KernelError::new(format!(
                "format_bytes of {bytes} is not supported"
            )));
        }
        let digits = precision.as_ref().map_or(Some(0), |p| p(row)).unwrap_or(0);
        let digits = usize::try_from(digits.clamp(0, 15)).unwrap_or(0);
        let asked = units.map_or("", |u| u.get(row));
        let mut scaled = bytes;
        let mut unit = None;
        for name in UNITS {
            let last = name == "EB";
            if name == asked || (asked.is_empty() && (scaled < 1024.0 || last)) {
                unit = Some(name);
                break;
            }
            scaled /= 1024.0;
        }
        let Some(unit) = unit else {
            return Err(KernelError::new(format!(
                "format_bytes does not know the unit `{asked}`"
            )));
        };
        // Zeros at the end are not written.
        let start = out.len();
        let _ = write!(out, "{scaled:.digits$}");
        if digits > 0 && out.get(start..).is_some_and(|t| t.contains('.')) {
            let kept = out.trim_end_matches('0').trim_end_matches('.').len();
            out.truncate(kept);
        }
        let _ = write!(out, " {unit}");
        Ok(())
    })
}
