//! Axes: where ticks stand and what they are called.

use kql_types::text::datetime::{date_of, days_of};

/// Ticks of a second.
const SECOND: i64 = 10_000_000;
const DAY: i64 = 86_400 * SECOND;

/// What an axis shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Numbers.
    Number,
    /// Times, in ticks.
    Time,
    /// Names, in order.
    Category,
}

/// A range of an axis with its ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Its low end.
    pub low: f64,
    /// Its high end, above the low one.
    pub high: f64,
    /// Whether it is logarithmic; then both ends are above zero.
    pub log: bool,
    /// Places and labels.
    pub ticks: Vec<(f64, String)>,
}

impl Scale {
    /// Where a value stands, from 0 to 1; beyond them when the range leaves it out.
    pub fn place(&self, value: f64) -> f64 {
        if self.log {
            let value = value.max(f64::MIN_POSITIVE);
            (value.ln() - self.low.ln()) / (self.high.ln() - self.low.ln())
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }

    /// Whether a value can be shown.
    pub fn holds(&self, value: f64) -> bool {
        (!self.log || value > 0.0) && {
            let at = self.place(value);
            (-1e-9..=1.0 + 1e-9).contains(&at)
        }
    }

    /// A range of numbers. `fixed` are the ends that the user gave.
    pub fn numbers(
        (low, high): (f64, f64),
        fixed: (Option<f64>, Option<f64>),
        log: bool,
        most: usize,
    ) -> Scale {
        let (mut low, mut high) = (fixed.0.unwrap_or(low), fixed.1.unwrap_or(high));
        if !low.is_finite() || !high.is_finite() {
            (low, high) = (0.0, 1.0);
        }
        // Their distance must be a number too.
        (low, high) = (low.clamp(-1e300, 1e300), high.clamp(-1e300, 1e300));
        if log {
            return Scale::powers(low, high);
        }
        if high <= low {
            // One value, or ends that are the wrong way round.
            let room = if low == 0.0 { 1.0 } else { low.abs() * 0.5 };
            high = low + room;
            if fixed.0.is_none() && low != 0.0 {
                low -= room;
            }
        }
        let step = step((high - low) / most.max(2) as f64);
        if fixed.0.is_none() {
            low = (low / step + 1e-9).floor() * step;
        }
        if fixed.1.is_none() {
            high = (high / step - 1e-9).ceil() * step;
        }
        let mut ticks = Vec::new();
        let first = (low / step - 1e-9).ceil();
        let mut i = 0.0;
        while ticks.len() < 100 {
            let at = (first + i) * step;
            if at > high + step * 1e-6 {
                break;
            }
            // Without the dust of adding up.
            let at = if at.abs() < step * 1e-6 { 0.0 } else { at };
            ticks.push(at);
            i += 1.0;
        }
        let big = ticks.iter().any(|t| t.abs() >= 100_000.0);
        let ticks = ticks
            .into_iter()
            .map(|t| (t, if big { compact(t) } else { stepped(t, step) }))
            .collect();
        Scale {
            low,
            high,
            log: false,
            ticks,
        }
    }

    fn powers(low: f64, high: f64) -> Scale {
        let high = if high > 0.0 { high } else { 1.0 };
        let low = if low > 0.0 {
            low
        } else {
            (high / 1000.0).min(1.0)
        };
        let (mut first, mut last) = (low.log10().floor(), high.log10().ceil());
        if last <= first {
            last = first + 1.0;
        }
        if last - first > 20.0 {
            first = last - 20.0;
        }
        let mut ticks = Vec::new();
        let mut at = first;
        while at <= last {
            let value = 10f64.powf(at);
            ticks.push((
                value,
                if high >= 100_000.0 {
                    compact(value)
                } else {
                    number(value)
                },
            ));
            at += 1.0;
        }
        Scale {
            low: 10f64.powf(first),
            high: 10f64.powf(last),
            log: true,
            ticks,
        }
    }

    /// A range of times with at most so many ticks.
    pub fn times((low, high): (f64, f64), most: usize) -> Scale {
        let (low, high) = if low.is_finite() && high.is_finite() {
            (low, high)
        } else {
            (0.0, 1.0)
        };
        let latest = kql_types::text::datetime::MAX as f64;
        let (low, mut high) = (low.clamp(0.0, latest), high.clamp(0.0, latest));
        if high <= low {
            high = low + SECOND as f64;
        }
        Scale {
            low,
            high,
            log: false,
            ticks: time_ticks(low as i64, high as i64, most.max(1)),
        }
    }

    /// Names at 0, 1, 2, ...
    pub fn categories(names: &[String]) -> Scale {
        Scale {
            low: -0.5,
            high: names.len().max(1) as f64 - 0.5,
            log: false,
            ticks: names
                .iter()
                .enumerate()
                .map(|(i, n)| (i as f64, n.clone()))
                .collect(),
        }
    }
}

/// 1, 2 or 5 times a power of ten, at least as large.
fn step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    let part = rough / power;
    let nice = if part <= 1.0 + 1e-9 {
        1.0
    } else if part <= 2.0 + 1e-9 {
        2.0
    } else if part <= 5.0 + 1e-9 {
        5.0
    } else {
        10.0
    };
    nice * power
}

/// A number with the digits that its step needs.
fn stepped(x: f64, step: f64) -> String {
    let digits = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    let text = format!("{x:.digits$}");
    if step < 1e-9 {
        format!("{x:.3e}")
    } else {
        text
    }
}

/// A number without digits that say nothing.
pub fn number(x: f64) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    if x.fract() == 0.0 && x.abs() < 1e15 {
        return format!("{x:.0}");
    }
    if x.abs() >= 1e15 || x.abs() < 1e-4 {
        return format!("{x:.3e}");
    }
    let digits = if x.abs() >= 100.0 {
        1
    } else if x.abs() >= 1.0 {
        2
    } else {
        4
    };
    let text = format!("{x:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A large number with its unit: 1.5M.
pub fn compact(x: f64) -> String {
    for (size, unit) in [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] {
        if x.abs() >= size {
            return format!("{}{unit}", number(x / size));
        }
    }
    number(x)
}

/// Steps of times below a month.
const STEPS: [i64; 22] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    SECOND,
    5 * SECOND,
    15 * SECOND,
    30 * SECOND,
    60 * SECOND,
    300 * SECOND,
    900 * SECOND,
    1_800 * SECOND,
    3_600 * SECOND,
    3 * 3_600 * SECOND,
    6 * 3_600 * SECOND,
    12 * 3_600 * SECOND,
    DAY,
    2 * DAY,
    7 * DAY,
];

fn time_ticks(low: i64, high: i64, most: usize) -> Vec<(f64, String)> {
    let span = high - low;
    let most_i = i64::try_from(most).unwrap_or(1);
    let mut out = Vec::new();
    if let Some(step) = STEPS.iter().copied().find(|s| span / s < most_i) {
        let mut at = low.div_euclid(step) * step;
        if at < low {
            at += step;
        }
        let mut day = None;
        while at <= high && out.len() < 200 {
            let new_day = day != Some(at.div_euclid(DAY));
            day = Some(at.div_euclid(DAY));
            out.push((at as f64, time_label(at, step, new_day)));
            at += step;
        }
        return out;
    }
    // Months: 1, 3, 6, 12, 60, 120, ...
    let months = [1i64, 3, 6, 12, 24, 60, 120, 600, 1_200, 6_000];
    let month = 30 * DAY;
    let step = months
        .iter()
        .copied()
        .find(|m| span / (m * month) < most_i)
        .unwrap_or(12_000);
    let (year, first, _) = date_of(low);
    let mut at = (year * 12 + first - 1).div_euclid(step) * step;
    while out.len() < 200 {
        let (y, m) = (at.div_euclid(12), at.rem_euclid(12) + 1);
        let Some(days) = days_of(y, m, 1) else { break };
        let ticks = days * DAY;
        if ticks > high {
            break;
        }
        if ticks >= low {
            let label = if step % 12 == 0 {
                format!("{y:04}")
            } else {
                format!("{y:04}-{m:02}")
            };
            out.push((ticks as f64, label));
        }
        at += step;
    }
    out
}

/// A time as its step asks for; the first of a day says the day.
fn time_label(ticks: i64, step: i64, new_day: bool) -> String {
    let (year, month, day) = date_of(ticks);
    if step >= DAY {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    let of_day = ticks.rem_euclid(DAY);
    let (h, m, s) = (
        of_day / (3_600 * SECOND),
        of_day / (60 * SECOND) % 60,
        of_day / SECOND % 60,
    );
    let part = of_day % SECOND;
    let time = if step >= 60 * SECOND {
        format!("{h:02}:{m:02}")
    } else if step >= SECOND {
        format!("{h:02}:{m:02}:{s:02}")
    } else {
        let text = format!("{part:07}");
        format!("{h:02}:{m:02}:{s:02}.{}", text.trim_end_matches('0'))
            .trim_end_matches('.')
            .to_owned()
    };
    if new_day {
        format!("{month:02}-{day:02} {time}")
    } else {
        time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(s: &Scale) -> Vec<&str> {
        s.ticks.iter().map(|(_, l)| l.as_str()).collect()
    }

    #[test]
    fn ticks_are_round() {
        let s = Scale::numbers((0.0, 97.0), (None, None), false, 5);
        assert_eq!(labels(&s), ["0", "20", "40", "60", "80", "100"]);
        let s = Scale::numbers((0.0, 2_400_000.0), (None, None), false, 5);
        assert_eq!(labels(&s), ["0", "500k", "1M", "1.5M", "2M", "2.5M"]);
        let s = Scale::numbers((0.01, 900.0), (None, None), true, 5);
        assert_eq!(labels(&s), ["0.01", "0.1", "1", "10", "100", "1000"]);
        let s = Scale::numbers((5.0, 5.0), (None, None), false, 4);
        assert!(s.low < 5.0 && s.high > 5.0);
    }

    #[test]
    fn times_say_the_day_once() {
        let day = days_of(2024, 7, 1).unwrap() * DAY;
        let s = Scale::times((day as f64, (day + DAY) as f64), 5);
        assert_eq!(
            labels(&s),
            ["07-01 00:00", "06:00", "12:00", "18:00", "07-02 00:00"]
        );
        let s = Scale::times((day as f64, (day + 400 * DAY) as f64), 6);
        assert_eq!(
            labels(&s),
            ["2024-07", "2024-10", "2025-01", "2025-04", "2025-07"]
        );
    }
}
