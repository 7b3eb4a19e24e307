//! Charts as SVG: bars that lie, pies, cards.

use super::page::escape;
use super::scale::number;
use super::svg::{CHAR, WIDTH, color, label, shorten};
use super::{Chart, Stack};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Bars beyond these are not drawn.
const MOST_BARS: usize = 300;
const BAR: f64 = 16.0;

impl Chart {
    fn bar_lines(&self) -> usize {
        let side = if self.stack == Stack::No {
            self.series.len().max(1)
        } else {
            1
        };
        (self.categories.len() * side).min(MOST_BARS)
    }

    pub(super) fn bars_height(&self) -> f64 {
        let gaps = self.categories.len().min(MOST_BARS) as f64 * 8.0;
        self.bar_lines() as f64 * BAR + gaps + 74.0 + self.title_height()
    }

    pub(super) fn svg_bars(&self, top: f64, bottom: f64, out: &mut String) {
        let axis = self.y_scale(6);
        let longest = self.categories.iter().map(|c| c.width()).max().unwrap_or(1);
        let left = (longest.min(36) as f64 * CHAR + 20.0).max(40.0);
        let right = WIDTH - 70.0;
        let end = bottom - 48.0;
        let x = |v: f64| left + axis.place(v).clamp(0.0, 1.0) * (right - left);
        for (v, l) in axis.ticks.iter().filter(|(v, _)| axis.holds(*v)) {
            let at = x(*v);
            let _ = writeln!(
                out,
                "<line x1=\"{at:.1}\" y1=\"{top:.1}\" x2=\"{at:.1}\" y2=\"{end:.1}\" stroke=\"#ddd\"/>"
            );
            label(at, end + 16.0, "middle", l, out);
        }
        let zero = x(0.0_f64.clamp(axis.low, axis.high));
        let side = if self.stack == Stack::No {
            self.series.len().max(1)
        } else {
            1
        };
        let parts = self.stacked();
        let mut y = top + 6.0;
        for (place, name) in self.categories.iter().enumerate() {
            if (place + 1) * side > MOST_BARS {
                break;
            }
            let middle = y + BAR * side as f64 / 2.0 + 4.0;
            label(left - 6.0, middle, "end", &shorten(name, 36), out);
            for (i, (series, parts)) in self.series.iter().zip(&parts).enumerate() {
                for (part, own) in parts.iter().zip(&series.points) {
                    if part.0 != place as f64 {
                        continue;
                    }
                    let from = if self.stack == Stack::No {
                        zero
                    } else {
                        x(part.1)
                    };
                    let to = x(part.2);
                    let at = y + if self.stack == Stack::No {
                        i as f64 * BAR
                    } else {
                        0.0
                    };
                    let _ = write!(
                        out,
                        "<rect x=\"{:.1}\" y=\"{at:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"><title>",
                        from.min(to),
                        (to - from).abs(),
                        BAR - 2.0,
                        color(i)
                    );
                    escape(&self.tip(&series.name, part.0, own.1), out);
                    out.push_str("</title></rect>\n");
                    if self.stack == Stack::No {
                        label(from.max(to) + 4.0, at + 11.0, "start", &number(own.1), out);
                    }
                }
            }
            y += BAR * side as f64 + 8.0;
        }
        let _ = writeln!(
            out,
            "<line x1=\"{zero:.1}\" y1=\"{top:.1}\" x2=\"{zero:.1}\" y2=\"{end:.1}\" stroke=\"#666\"/>"
        );
        // The axes have changed places.
        let title = match (self.y_title.as_str(), self.x_title.as_str()) {
            ("", x) => x.to_owned(),
            (y, "") => y.to_owned(),
            (y, x) => format!("{y} by {x}"),
        };
        label(
            (left + right) / 2.0,
            end + 36.0,
            "middle",
            &shorten(&title, 100),
            out,
        );
    }

    pub(super) fn svg_pie(&self, top: f64, bottom: f64, out: &mut String) {
        let slices = self.slices();
        let total: f64 = slices.iter().map(|(_, v)| v).sum();
        if total <= 0.0 {
            return label(
                WIDTH / 2.0,
                top + 40.0,
                "middle",
                "no value is above 0",
                out,
            );
        }
        let radius = (bottom - top - 30.0) / 2.0;
        let (cx, cy) = (60.0 + radius, top + 10.0 + radius);
        let mut turn = -std::f64::consts::FRAC_PI_2;
        for (i, (name, value)) in slices.iter().enumerate() {
            let share = value / total;
            let end = turn + share * std::f64::consts::TAU;
            let tip = format!("{name}: {} ({:.1}%)", number(*value), share * 100.0);
            if share > 0.999_999 {
                let _ = write!(
                    out,
                    "<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"{radius:.1}\" fill=\"{}\"><title>",
                    color(i)
                );
                escape(&tip, out);
                out.push_str("</title></circle>\n");
            } else {
                let large = u8::from(share > 0.5);
                let _ = write!(
                    out,
                    "<path d=\"M{cx:.1},{cy:.1} L{:.2},{:.2} A{radius:.1},{radius:.1} 0 {large} 1 {:.2},{:.2} Z\" fill=\"{}\" stroke=\"#fff\"><title>",
                    cx + radius * turn.cos(),
                    cy + radius * turn.sin(),
                    cx + radius * end.cos(),
                    cy + radius * end.sin(),
                    color(i)
                );
                escape(&tip, out);
                out.push_str("</title></path>\n");
            }
            turn = end;
        }
        if !self.legend {
            return;
        }
        let left = cx + radius + 40.0;
        let room = ((bottom - top - 20.0) / 18.0).floor().max(1.0) as usize;
        for (i, (name, value)) in slices.iter().enumerate().take(room) {
            let y = top + 10.0 + i as f64 * 18.0;
            if i + 1 == room && slices.len() > room {
                label(
                    left,
                    y + 10.0,
                    "start",
                    &format!("and {} more", slices.len() - i),
                    out,
                );
                break;
            }
            let _ = writeln!(
                out,
                "<rect x=\"{left:.1}\" y=\"{y:.1}\" width=\"11\" height=\"11\" fill=\"{}\"/>",
                color(i)
            );
            let text = format!(
                "{}: {} ({:.1}%)",
                shorten(name, 36),
                number(*value),
                value / total * 100.0
            );
            label(left + 16.0, y + 10.0, "start", &text, out);
        }
    }

    /// Cards in a row, and rows below each other.
    fn card_places(&self) -> Vec<(f64, f64)> {
        (0..self.cards.len())
            .map(|i| (20.0 + (i % 3) as f64 * 280.0, (i / 3) as f64 * 110.0))
            .collect()
    }

    pub(super) fn cards_height(&self) -> f64 {
        let rows = self.cards.len().div_ceil(3).max(1);
        rows as f64 * 110.0 + 16.0 + self.title_height()
    }

    pub(super) fn svg_card(&self, top: f64, out: &mut String) {
        for ((name, value), (x, y)) in self.cards.iter().zip(self.card_places()) {
            let y = top + y;
            let _ = writeln!(
                out,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"260\" height=\"95\" rx=\"6\" fill=\"#f4f6f8\" stroke=\"#ccd\"/>"
            );
            let middle = x + 130.0;
            let size = if value.width() > 14 { 18 } else { 30 };
            let _ = write!(
                out,
                "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"{size}\" font-weight=\"bold\">",
                y + 48.0
            );
            escape(&shorten(value, 26), out);
            out.push_str("</text>\n");
            label(middle, y + 76.0, "middle", &shorten(name, 38), out);
        }
    }
}
