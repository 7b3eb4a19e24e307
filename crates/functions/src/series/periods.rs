//! Whether a series repeats, and in which period, where there is no doubt of it.
//!
//! Kusto does not publish how it scores periods. What it says of the series of its reference pages is known, and a period is found
//! here only where the evidence is as strong as in these; none is found where there is none at all. In between nothing is said.

use super::numbers::count;
use std::f64::consts::TAU;

/// What can be said of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    /// It does not repeat.
    None,
    /// It repeats after so many values.
    Of(usize),
    /// It may or may not.
    Unclear,
}

/// The shortest period that Kusto finds. The longest is half of the series.
const SHORTEST: usize = 4;

/// Looks for the period of a series.
pub(super) fn find(series: &[f64]) -> Period {
    let n = series.len();
    if n < 2 * SHORTEST || series.iter().any(|x| !x.is_finite()) {
        return if series.iter().all(|x| x.is_finite()) {
            Period::None
        } else {
            Period::Unclear
        };
    }
    let rest = without_line(series);
    let scale = series.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    if rest.iter().all(|x| x.abs() <= 1e-9 * scale) {
        return Period::None;
    }
    let power = spectrum(&rest);
    let total: f64 = power.iter().sum();
    // The part of what is in periods that are too short to count.
    let short: f64 = power.iter().skip(n / SHORTEST).sum();
    let alike: Vec<(usize, f64)> = (SHORTEST..=n / 2)
        .map(|lag| (lag, likeness(&rest, lag)))
        .collect();
    let best = alike.iter().fold(-1.0, |m: f64, a| m.max(a.1));
    let little = if n < 32 { 0.0 } else { 0.3 };
    if best < little || short > 0.85 * total {
        return Period::None;
    }
    let Some((period, found)) = alike.iter().copied().find(|a| a.1 > best - 0.05) else {
        return Period::Unclear;
    };
    // How much of it has this very period.
    let own: f64 = [n / period, n.div_ceil(period)]
        .iter()
        .enumerate()
        .filter(|(i, k)| *i == 0 || **k != n / period)
        .filter_map(|(_, k)| power.get(k.checked_sub(1)?))
        .sum();
    let share = own / total;
    let strong = (found >= 0.85 && share >= 0.3) || (found >= 0.75 && share >= 0.75);
    let margin = (period / 5).max(1);
    let rival = alike.iter().any(|(lag, alike)| {
        let off = (lag + period / 2) % period;
        off.abs_diff(period / 2) > margin && *alike > found - 0.25
    });
    if strong && !rival && 2 * period < n {
        Period::Of(period)
    } else {
        Period::Unclear
    }
}

/// What is left of a series when the line through it is taken off.
fn without_line(series: &[f64]) -> Vec<f64> {
    let places = super::fit::places(series.len());
    match super::fit::polynomial(&places, series, 1) {
        Some(fit) => series.iter().zip(&fit.values).map(|(x, l)| x - l).collect(),
        None => series.to_vec(),
    }
}

/// How much of a series goes round 1, 2, ..., n/2 times in it.
fn spectrum(series: &[f64]) -> Vec<f64> {
    let n = series.len();
    // Every angle is one of n.
    let circle: Vec<(f64, f64)> = (0..n)
        .map(|i| (TAU * count(i) / count(n)).sin_cos())
        .collect();
    (1..=n / 2)
        .map(|k| {
            let (mut re, mut im) = (0.0, 0.0);
            let mut at = 0;
            for x in series {
                let (sin, cos) = circle.get(at).copied().unwrap_or_default();
                re += x * cos;
                im += x * sin;
                at += k;
                if at >= n {
                    at -= n;
                }
            }
            let both = if 2 * k == n { 1.0 } else { 2.0 };
            both * (re * re + im * im)
        })
        .collect()
}

/// The correlation of a series with itself, so many values later.
fn likeness(series: &[f64], lag: usize) -> f64 {
    let pairs = || series.iter().zip(series.iter().skip(lag));
    let n = count(series.len() - lag);
    let (a, b) = pairs().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    let (a, b) = (a / n, b / n);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs() {
        xy += (x - a) * (y - b);
        xx += (x - a) * (x - a);
        yy += (y - b) * (y - b);
    }
    let size = (xx * yy).sqrt();
    if size > 0.0 { xy / size } else { 0.0 }
}
