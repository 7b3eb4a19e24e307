//! In which periods a series repeats, and how well.
//!
//! How well is the circular autocorrelation of the series, scaled so that the least of all shifts is 0 and no shift is 1: it gives
//! every score that the reference prints. Which periods Kusto looks at is not published. Here they are those that stand out of
//! the spectrum beyond chance, each moved to the best shift near it. Where a shift repeats well that does not stand out so, nothing
//! is said.

use super::fft::{Complex, transform_of_any_length};
use super::numbers::count;

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
/// How seldom chance alone lets a frequency stand out.
const CHANCE: f64 = 0.01;
/// How much higher than the shifts around it a shift is that cannot be passed over.
const PROMINENT: f64 = 0.1;

/// A series by shifts and by frequencies.
#[derive(Debug)]
pub(super) struct Profile {
    /// The score of each shift up to half of the series.
    scores: Vec<f64>,
    /// The shifts that stand out of the spectrum and their scores, the best first.
    found: Vec<(usize, f64)>,
}

/// What is known of a series; none when it has an element that is not finite.
pub(super) fn profile(series: &[f64]) -> Option<Profile> {
    let n = series.len();
    if series.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let nothing = Some(Profile {
        scores: Vec::new(),
        found: Vec::new(),
    });
    if n < 2 * SHORTEST {
        return nothing;
    }
    // Scaled first: squares of large numbers overflow.
    let scale = series.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    if scale == 0.0 {
        return nothing;
    }
    let mean = series.iter().map(|x| x / scale).sum::<f64>() / count(n);
    let centred: Vec<Complex> = series.iter().map(|x| (x / scale - mean, 0.0)).collect();
    if centred.iter().all(|x| x.0.abs() <= 1e-9) {
        return nothing;
    }
    let mut power: Vec<Complex> = transform_of_any_length(&centred)
        .into_iter()
        .map(|(re, im)| (re * re + im * im, 0.0))
        .collect();
    if let Some(first) = power.first_mut() {
        *first = (0.0, 0.0);
    }
    let shifts = transform_of_any_length(&power);
    let whole = shifts.first().map_or(0.0, |c| c.0);
    let least = shifts.iter().fold(whole, |m, c| m.min(c.0));
    if whole <= least {
        return nothing;
    }
    let scores: Vec<f64> = shifts
        .iter()
        .take(n / 2 + 1)
        .map(|c| (c.0 - least) / (whole - least))
        .collect();
    let power: Vec<f64> = power.iter().take(n / 2 + 1).map(|c| c.0).collect();
    let found = standing_out(n, &power, &scores);
    Some(Profile { scores, found })
}

fn at(values: &[f64], i: usize) -> f64 {
    values.get(i).copied().unwrap_or(f64::NEG_INFINITY)
}

/// The shifts at the peaks of the spectrum, the best first.
fn standing_out(n: usize, power: &[f64], scores: &[f64]) -> Vec<(usize, f64)> {
    let total: f64 = power.iter().sum();
    let m = count(power.len() - 1);
    // Fisher's test: the share that the largest of so many frequencies of noise seldom has.
    let enough = (1.0 - (CHANCE / m).powf(1.0 / (m - 1.0).max(1.0))) * total;
    let mut found: Vec<(usize, f64)> = Vec::new();
    for k in 2..power.len() {
        let here = at(power, k);
        if here < enough || here < at(power, k - 1) || here < at(power, k + 1) {
            continue;
        }
        let from = (n / (k + 1)).max(SHORTEST);
        let to = n.div_ceil(k - 1).min(n / 2);
        let best = (from..=to)
            .filter(|p| is_hill(scores, *p))
            .max_by(|a, b| at(scores, *a).total_cmp(&at(scores, *b)).then(b.cmp(a)));
        if let Some(p) = best
            && found.iter().all(|f| f.0 != p)
        {
            found.push((p, at(scores, p)));
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found
}

/// Whether no neighbour scores more. The last shift is the mirror of itself.
fn is_hill(scores: &[f64], p: usize) -> bool {
    let here = at(scores, p);
    p > 0 && here >= at(scores, p - 1) && here >= at(scores, p + 1)
}

impl Profile {
    /// The periods found and their scores, the best first.
    pub(super) fn found(&self) -> &[(usize, f64)] {
        &self.found
    }

    /// The score of one period; none when it is near one that is found.
    pub(super) fn score(&self, period: f64) -> Option<f64> {
        let longest = self.scores.len().saturating_sub(1);
        if period.is_nan() || period < count(SHORTEST) || period > count(longest) {
            return Some(0.0);
        }
        for (p, score) in &self.found {
            let off = (count(*p) - period).abs();
            if off < 1e-9 {
                return Some(*score);
            }
            // So far another shift goes round as often.
            if off < 1.0 || off * count(2 * longest) < period * period {
                return None;
            }
        }
        let rounded = (SHORTEST..=longest).find(|p| (count(*p) - period).abs() <= 0.5)?;
        (!self.stands_high(rounded)).then_some(0.0)
    }

    /// Whether a shift that does not stand out of the spectrum is a hill in its surroundings.
    fn stands_high(&self, p: usize) -> bool {
        let here = at(&self.scores, p);
        let falls = |to: &mut dyn Iterator<Item = usize>| {
            let mut least = here;
            for q in to {
                let there = at(&self.scores, q);
                if there > here {
                    return false;
                }
                least = least.min(there);
            }
            here - least >= PROMINENT
        };
        is_hill(&self.scores, p)
            && falls(&mut (p.saturating_sub(p / 4)..p))
            && falls(&mut (p + 1..(p + p / 4 + 1).min(self.scores.len())))
    }

    /// The period that scores best, at least so much.
    pub(super) fn best(&self, threshold: f64) -> Period {
        if let Some((p, score)) = self.found.first()
            && *score >= threshold
        {
            return Period::Of(*p);
        }
        let doubtful = (SHORTEST..self.scores.len()).any(|p| {
            at(&self.scores, p) >= threshold && self.found.is_empty() && self.stands_high(p)
        });
        if doubtful {
            Period::Unclear
        } else {
            Period::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_traffic_of_the_reference() {
        let y = [
            80, 139, 87, 110, 68, 54, 50, 51, 53, 133, 86, 141, 97, 156, 94, 149, 95, 140, 77, 61,
            50, 54, 47, 133, 72, 152, 94, 148, 105, 162, 101, 160, 87, 63, 53, 55, 54, 151, 103,
            189, 108, 183, 113, 175, 113, 178, 90, 71, 62, 62, 65, 165, 109, 181, 115, 182, 121,
            178, 114, 170,
        ];
        let y: Vec<f64> = y.into_iter().map(f64::from).collect();
        let profile = profile(&y).unwrap();
        assert_eq!(profile.found().len(), 1);
        let (period, score) = profile.found()[0];
        assert_eq!(period, 14);
        assert!((0.84..0.85).contains(&score), "{score}");
        assert_eq!(profile.score(10.0), Some(0.0));
        assert_eq!(profile.score(3.0), Some(0.0));
        assert_eq!(profile.score(31.0), Some(0.0));
        assert_eq!(profile.best(0.6), Period::Of(14));
        assert_eq!(profile.best(0.9), Period::None);
    }

    #[test]
    fn weeks_of_days() {
        let y: Vec<f64> = (1..=840)
            .map(|t| {
                let work = if (t / 24) % 7 >= 5 { 5.0 } else { 15.0 };
                let step = f64::from((t % 24) / 10);
                work - step * step + f64::from(t) / 72.0 + f64::from((t * 7919) % 1000) / 500.0
            })
            .collect();
        assert_eq!(profile(&y).unwrap().best(0.6), Period::Of(168));
    }

    #[test]
    fn nothing_repeats() {
        for y in [
            vec![7.0; 50],
            (0..50).map(f64::from).collect(),
            vec![1.0, 2.0, 3.0],
            vec![0.0; 9],
            vec![1e308, -1e308, 1e308, 3.0, 4.0, 1.0, 9.0, 2.0],
            (0..101).map(|i| f64::from(i * i % 97)).collect(),
        ] {
            assert_eq!(profile(&y).unwrap().found(), [], "{y:?}");
        }
        assert!(profile(&[f64::NAN; 20]).is_none());
    }
}
