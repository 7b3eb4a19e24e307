//! Charts as text: bars that lie, shares of a whole, cards.

use super::plot::look;
use super::scale::compact;
use super::{Chart, Stack, scale};
use crate::screen::Screen;
use crate::table::cut;
use unicode_width::UnicodeWidthStr;

/// Bars beyond these are not drawn.
const MOST_BARS: usize = 100;

impl Chart {
    /// A line for each bar.
    pub(super) fn bars(&self, screen: &Screen, width: usize, out: &mut String) {
        let label = |c: &str| cut(c, (width / 3).max(8), screen.cut());
        let names = self.categories.iter().map(|c| label(c).width());
        let margin = names.max().unwrap_or(1).max(1);
        let room = width.saturating_sub(margin + 2 + 12).max(10);
        let axis = self.y_scale(4);
        let bar = if screen.unicode { '│' } else { '|' };
        if !self.y_title.is_empty() {
            out.push_str(&screen.paint("2", &self.y_title));
            out.push('\n');
        }
        let parts = self.stacked();
        let length = |v: f64| (axis.place(v).clamp(0.0, 1.0) * room as f64).round() as usize;
        let zero = length(0.0_f64.clamp(axis.low, axis.high));
        let mut lines = 0;
        for (place, name) in self.categories.iter().enumerate() {
            if lines >= MOST_BARS {
                let more = self.categories.len() - place;
                out.push_str(&format!("({more} more are not drawn)\n"));
                break;
            }
            let of = |s: &Vec<(f64, f64, f64)>| s.iter().find(|p| p.0 == place as f64).copied();
            let mut head = label(name);
            if self.stack == Stack::No {
                for (i, series) in parts.iter().enumerate() {
                    let Some((_, _, value)) = of(series) else {
                        continue;
                    };
                    let end = length(value);
                    let (from, to) = (zero.min(end), zero.max(end));
                    let mut text = " ".repeat(from);
                    let look = look(i, screen);
                    let fill = look.shade.to_string().repeat(to - from);
                    text.push_str(&screen.paint(look.color, &fill));
                    line(&head, margin, bar, &text, &shown(value), out);
                    head.clear();
                    lines += 1;
                }
            } else {
                let mut text = " ".repeat(zero);
                let mut total = 0.0;
                for (i, series) in parts.iter().enumerate() {
                    let Some((_, from, to)) = of(series) else {
                        continue;
                    };
                    let look = look(i, screen);
                    let n = length(to).saturating_sub(length(from));
                    text.push_str(&screen.paint(look.color, &look.shade.to_string().repeat(n)));
                    total += to - from;
                }
                let total = match self.stack {
                    Stack::Full => String::new(),
                    _ => shown(total),
                };
                line(&head, margin, bar, &text, &total, out);
                lines += 1;
            }
        }
        // The axis below, with as many labels as have room.
        let (corner, dash, tick) = if screen.unicode {
            ('└', '─', '┬')
        } else {
            ('+', '-', '+')
        };
        let mut rule = vec![dash; room + 1];
        let mut labels = String::new();
        for (value, text) in axis.ticks.iter().filter(|(v, _)| axis.holds(*v)) {
            let at = length(*value);
            let begin = at.saturating_sub(text.width() / 2);
            if begin > labels.width() || labels.is_empty() {
                labels.push_str(&" ".repeat(begin.saturating_sub(labels.width())));
                labels.push_str(text);
                if let Some(r) = rule.get_mut(at) {
                    *r = tick;
                }
            }
        }
        out.push_str(&" ".repeat(margin + 1));
        out.push(corner);
        out.extend(rule);
        out.push('\n');
        out.push_str(&" ".repeat(margin + 2));
        out.push_str(&labels);
        out.push('\n');
        if !self.x_title.is_empty() {
            out.push_str(&screen.paint("2", &format!("bars: {}", self.x_title)));
            out.push('\n');
        }
    }

    /// A pie as what a terminal can show of it: shares.
    pub(super) fn shares(&self, screen: &Screen, width: usize, out: &mut String) {
        let slices = self.slices();
        let total: f64 = slices.iter().map(|(_, v)| v).sum();
        let names = slices.iter().map(|(n, _)| n.width());
        let margin = names.max().unwrap_or(1).min(width / 3).max(1);
        let room = width.saturating_sub(margin + 24).max(10);
        let most = slices.iter().map(|(_, v)| *v).fold(0.0, f64::max);
        for (i, (name, value)) in slices.iter().enumerate() {
            let share = if total > 0.0 { value / total } else { 0.0 };
            let long = if most > 0.0 {
                value / most * room as f64
            } else {
                0.0
            };
            let fill = if screen.unicode { "█" } else { "#" };
            let bar = fill.repeat(long.round().max(0.0) as usize);
            let name = cut(name, margin, screen.cut());
            let pad = " ".repeat(margin.saturating_sub(name.width()));
            out.push_str(&format!(
                "{name}{pad} {:>5.1}% {} {}\n",
                share * 100.0,
                screen.paint(look(i, screen).color, &bar),
                shown(*value)
            ));
        }
        let what = match (self.x_title.as_str(), self.y_title.as_str()) {
            (x, y) if !x.is_empty() && !y.is_empty() => format!("{y} by {x}, "),
            _ => String::new(),
        };
        out.push_str(&format!("{what}total {}\n", shown(total)));
    }

    /// The slices of a pie, in the order of the rows; what is not above 0 has none.
    pub(super) fn slices(&self) -> Vec<(String, f64)> {
        let mut out: Vec<(String, f64)> =
            self.categories.iter().map(|c| (c.clone(), 0.0)).collect();
        for (x, y) in self.series.iter().flat_map(|s| &s.points) {
            if let Some(s) = out.get_mut(x.round().max(0.0) as usize) {
                s.1 += y.max(0.0);
            }
        }
        out.retain(|s| s.1 > 0.0);
        out
    }

    /// Names and values in boxes.
    pub(super) fn card(&self, screen: &Screen, width: usize, out: &mut String) {
        let inner = |(name, value): &(String, String)| name.width().max(value.width());
        let wide = self.cards.iter().map(inner).max().unwrap_or(1);
        let wide = wide.min(width.saturating_sub(4)).max(1);
        let (h, v, corners) = if screen.unicode {
            ("─", "│", ["┌", "┐", "└", "┘"])
        } else {
            ("-", "|", ["+", "+", "+", "+"])
        };
        let [a, b, c, d] = corners;
        for (name, value) in &self.cards {
            let rule = h.repeat(wide + 2);
            out.push_str(&format!("{a}{rule}{b}\n"));
            for (text, code) in [(value, "1"), (name, "2")] {
                let text = cut(&text.replace(['\n', '\r', '\t'], " "), wide, screen.cut());
                let space = wide.saturating_sub(text.width());
                let (left, right) = (space / 2, space - space / 2);
                out.push_str(&format!(
                    "{v} {}{}{} {v}\n",
                    " ".repeat(left),
                    screen.paint(code, &text),
                    " ".repeat(right)
                ));
            }
            out.push_str(&format!("{c}{rule}{d}\n"));
        }
    }
}

fn line(head: &str, margin: usize, bar: char, text: &str, value: &str, out: &mut String) {
    let pad = " ".repeat(margin.saturating_sub(head.width()));
    let text = format!("{head}{pad} {bar}{text} {value}");
    out.push_str(text.trim_end());
    out.push('\n');
}

/// A value behind its bar.
fn shown(v: f64) -> String {
    if v.abs() >= 10_000_000.0 {
        compact(v)
    } else {
        scale::number(v)
    }
}
