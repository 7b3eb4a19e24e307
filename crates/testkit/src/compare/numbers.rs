//! Printed numbers.

use super::regex;

fn nonfinite(text: &str) -> Option<f64> {
    Some(match text.to_lowercase().as_str() {
        "nan" => f64::NAN,
        "infinity" | "+infinity" | "inf" | "+inf" | "∞" => f64::INFINITY,
        "-infinity" | "-inf" | "-∞" => f64::NEG_INFINITY,
        _ => return None,
    })
}

/// Whether the text is a word for a number that is not finite.
pub(super) fn is_nonfinite(text: &str) -> bool {
    nonfinite(text).is_some()
}

/// A printed number without its thousands' commas.
fn clean(text: &str) -> Option<String> {
    let t = text.trim().replace('−', "-");
    if nonfinite(&t).is_some() {
        return Some(t);
    }
    if !regex!(r"^[+-]?(\d[\d,]*\.?\d*|\.\d+)([eE][+-]?\d+)?$").is_match(&t) {
        return None;
    }
    if t.contains(',') && !regex!(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?([eE][+-]?\d+)?$").is_match(&t) {
        return None;
    }
    Some(t.replace(',', ""))
}

fn float(clean: &str) -> Option<f64> {
    nonfinite(clean).or_else(|| clean.parse().ok())
}

/// The worth of the last digit written; none for a whole number.
fn last_digit(text: &str) -> Option<f64> {
    let t = text.trim().replace(',', "").replace('−', "-");
    let m = regex!(r"^[+-]?\d*(?:\.(\d*))?(?:[eE]([+-]?\d+))?$").captures(&t)?;
    let fraction = m.get(1).map(|m| m.as_str());
    let exponent = m.get(2).map(|m| m.as_str());
    if fraction.is_none() && exponent.is_none() {
        return None;
    }
    let exponent: i32 = exponent.map_or(Some(0), |e| e.parse().ok())?;
    let digits = i32::try_from(fraction.unwrap_or_default().len()).ok()?;
    Some(10f64.powi(exponent - digits))
}

/// Whether a printed number and a value are the same. The value is a number's text.
pub(super) fn same(expected: &str, actual: &str, relative: f64) -> bool {
    let (Some(e), Some(a)) = (clean(expected), clean(actual)) else {
        return false;
    };
    let (Some(ef), Some(af)) = (float(&e), float(&a)) else {
        return false;
    };
    if ef.is_nan() || af.is_nan() {
        return ef.is_nan() && af.is_nan();
    }
    if ef.is_infinite() || af.is_infinite() {
        return ef == af;
    }
    if let (Ok(x), Ok(y)) = (e.trim_start_matches('+').parse::<i128>(), a.parse::<i128>()) {
        return x == y || (relative > 1e-5 && (ef - af).abs() <= relative * ef.abs());
    }
    let least = if ef == 0.0 || af == 0.0 { 1e-12 } else { 0.0 };
    if (ef - af).abs() <= (relative * ef.abs().max(af.abs())).max(least) {
        return true;
    }
    last_digit(expected).is_some_and(|u| (ef - af).abs() <= 0.5 * u * (1.0 + 1e-6))
}
