//! Charts as SVG: one picture that needs nothing else.

use super::page::escape;
use super::scale::{Axis, Scale, number};
use super::{Chart, Kind, Stack};
use kql_types::text::format_datetime_iso;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// The width of a picture.
pub(super) const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 420.0;
const PANEL_HEIGHT: f64 = 240.0;
/// How wide a character of the labels is, about.
pub(super) const CHAR: f64 = 6.4;
/// Colours of series; those for every kind of sight come first.
const COLORS: [&str; 12] = [
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7a5195", "#b8a600",
    "#4b5d67", "#a05a2c", "#2f9e44", "#c2255c",
];

pub(super) fn color(series: usize) -> &'static str {
    COLORS.get(series % COLORS.len()).copied().unwrap_or("#333")
}

/// The place of a picture on the page.
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    fn x(&self, place: f64) -> f64 {
        self.left + place * (self.right - self.left)
    }

    fn y(&self, place: f64) -> f64 {
        self.bottom - place * (self.bottom - self.top)
    }
}

/// Text at a place; `anchor` is `start`, `middle` or `end`.
pub(super) fn label(x: f64, y: f64, anchor: &str, text: &str, out: &mut String) {
    let _ = write!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">"
    );
    escape(text, out);
    out.push_str("</text>\n");
}

/// The first characters of a text.
pub(super) fn shorten(text: &str, most: usize) -> String {
    crate::table::cut(text, most.max(2), '…')
}

impl Chart {
    /// The picture, with its own names for what it shows.
    pub fn svg(&self) -> String {
        let panels = self.panels();
        let mut body = String::new();
        let mut top = 0.0;
        for p in &panels {
            let height = match p.kind {
                Kind::Bar => p.bars_height(),
                Kind::Card => p.cards_height(),
                _ if panels.len() > 1 => PANEL_HEIGHT,
                _ => HEIGHT,
            };
            let legend = if p.has_legend() && p.kind != Kind::Pie {
                p.legend_rows()
            } else {
                0
            };
            let height = height + legend as f64 * 18.0;
            p.panel(top, height, legend, &mut body);
            top += height;
        }
        let mut out = String::new();
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" width=\"{WIDTH}\" height=\"{top}\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">"
        );
        out.push_str("<title>");
        escape(self.title.as_deref().unwrap_or(&self.y_title), &mut out);
        out.push_str("</title>\n");
        let _ = writeln!(
            out,
            "<rect width=\"{WIDTH}\" height=\"{top}\" fill=\"#fff\"/>"
        );
        out.push_str(&body);
        out.push_str("</svg>\n");
        out
    }

    fn panel(&self, top: f64, height: f64, legend: usize, out: &mut String) {
        let begin = top + 14.0 + self.title_height();
        if let Some(t) = &self.title {
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"16\" font-weight=\"bold\">",
                WIDTH / 2.0,
                top + 24.0
            );
            escape(&shorten(t, 100), out);
            out.push_str("</text>\n");
        }
        let end = top + height - legend as f64 * 18.0;
        match self.kind {
            Kind::Card => self.svg_card(begin, out),
            Kind::Pie => self.svg_pie(begin, end, out),
            Kind::Bar => self.svg_bars(begin, end, out),
            Kind::Column => self.svg_columns(begin, end, out),
            Kind::Line | Kind::Area | Kind::Scatter => self.svg_lines(begin, end, out),
        }
        if legend > 0 {
            self.svg_legend(end, out);
        }
    }

    pub(super) fn title_height(&self) -> f64 {
        if self.title.is_some() { 26.0 } else { 0.0 }
    }

    /// Where each name of the legend stands: row and place.
    fn legend_places(&self) -> Vec<(usize, f64)> {
        let (mut row, mut x) = (0, 60.0);
        let mut out = Vec::new();
        for s in &self.series {
            let wide = 26.0 + shorten(&s.name, 40).width() as f64 * CHAR;
            if x + wide > WIDTH - 10.0 && x > 60.0 {
                row += 1;
                x = 60.0;
            }
            out.push((row, x));
            x += wide;
        }
        out
    }

    fn legend_rows(&self) -> usize {
        self.legend_places().last().map_or(0, |(r, _)| r + 1)
    }

    fn svg_legend(&self, top: f64, out: &mut String) {
        for (i, (s, (row, x))) in self.series.iter().zip(self.legend_places()).enumerate() {
            let y = top + row as f64 * 18.0;
            let _ = writeln!(
                out,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"11\" height=\"11\" fill=\"{}\"/>",
                color(i)
            );
            label(x + 16.0, y + 10.0, "start", &shorten(&s.name, 40), out);
        }
    }

    /// The frame of a picture with its grid, ticks and titles; `below` is the room under it.
    fn area(&self, y: &Scale, top: f64, bottom: f64, below: f64, out: &mut String) -> Area {
        let widest = y.ticks.iter().map(|(_, l)| l.width()).max().unwrap_or(1) as f64;
        let named = if self.y_title.is_empty() { 0.0 } else { 18.0 };
        let area = Area {
            left: 14.0 + named + widest * CHAR + 8.0,
            top: top + 4.0,
            right: WIDTH - 24.0,
            bottom: bottom - below,
        };
        for (v, l) in y.ticks.iter().filter(|(v, _)| y.holds(*v)) {
            let at = area.y(y.place(*v));
            let _ = writeln!(
                out,
                "<line x1=\"{:.1}\" y1=\"{at:.1}\" x2=\"{:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/>",
                area.left, area.right
            );
            label(area.left - 6.0, at + 4.0, "end", l, out);
        }
        if !self.y_title.is_empty() {
            let middle = (area.top + area.bottom) / 2.0;
            let _ = write!(
                out,
                "<text x=\"16\" y=\"{middle:.1}\" text-anchor=\"middle\" transform=\"rotate(-90 16 {middle:.1})\">"
            );
            escape(&shorten(&self.y_title, 50), out);
            out.push_str("</text>\n");
        }
        if !self.x_title.is_empty() {
            let middle = (area.left + area.right) / 2.0;
            label(
                middle,
                bottom - 10.0,
                "middle",
                &shorten(&self.x_title, 100),
                out,
            );
        }
        area
    }

    /// The line under a picture, with ticks.
    fn x_axis(area: &Area, ticks: &[(f64, String)], slanted: bool, out: &mut String) {
        let _ = writeln!(
            out,
            "<line x1=\"{:.1}\" y1=\"{b:.1}\" x2=\"{:.1}\" y2=\"{b:.1}\" stroke=\"#666\"/>",
            area.left,
            area.right,
            b = area.bottom
        );
        for (at, text) in ticks {
            let x = area.x(*at);
            let _ = writeln!(
                out,
                "<line x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\" stroke=\"#666\"/>",
                area.bottom,
                area.bottom + 5.0
            );
            let y = area.bottom + 18.0;
            if slanted {
                let _ = write!(
                    out,
                    "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\" transform=\"rotate(-35 {x:.1} {y:.1})\">"
                );
                escape(&shorten(text, 18), out);
                out.push_str("</text>\n");
            } else {
                label(x, y, "middle", text, out);
            }
        }
    }

    fn svg_lines(&self, top: f64, bottom: f64, out: &mut String) {
        let y = self.y_scale(6);
        let x = self.x_scale(8);
        let slanted = self.x_axis == Axis::Category
            && self.categories.iter().map(|c| c.width()).max().unwrap_or(0) as f64 * CHAR
                > 740.0 / self.categories.len().max(1) as f64;
        let below = if slanted { 100.0 } else { 52.0 };
        let area = self.area(&y, top, bottom, below, out);
        let most = if slanted { 40 } else { 200 };
        let every = x.ticks.len().div_ceil(most).max(1);
        let ticks: Vec<(f64, String)> = x
            .ticks
            .iter()
            .filter(|(v, _)| x.holds(*v))
            .step_by(every)
            .map(|(v, l)| (x.place(*v), l.clone()))
            .collect();
        Chart::x_axis(&area, &ticks, slanted, out);
        let base = area.y(y.place(0.0_f64.clamp(y.low, y.high)));
        let inside = |v: f64| area.y(y.place(v).clamp(0.0, 1.0));
        for (i, (series, parts)) in self.series.iter().zip(self.stacked()).enumerate() {
            let drawn: Vec<Drawn> = parts
                .iter()
                .zip(&series.points)
                .filter(|(p, _)| x.holds(p.0) && (!self.y_log || p.2 > 0.0))
                .map(|(p, own)| {
                    let from = if self.stack == Stack::No {
                        base
                    } else {
                        inside(p.1)
                    };
                    (area.x(x.place(p.0)), from, inside(p.2), own.1, p.0)
                })
                .collect();
            let drawn = if self.kind == Kind::Scatter {
                drawn
            } else {
                thin(drawn)
            };
            let line: String = drawn
                .iter()
                .map(|p| format!("{:.1},{:.1} ", p.0, p.2))
                .collect();
            if self.kind == Kind::Area {
                let back: String = drawn
                    .iter()
                    .rev()
                    .map(|p| format!("{:.1},{:.1} ", p.0, p.1))
                    .collect();
                let opacity = if self.stack == Stack::No { 0.25 } else { 0.75 };
                let _ = writeln!(
                    out,
                    "<polygon points=\"{}{}\" fill=\"{}\" fill-opacity=\"{opacity}\"/>",
                    line,
                    back.trim_end(),
                    color(i)
                );
            }
            if self.kind != Kind::Scatter {
                let _ = writeln!(
                    out,
                    "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\"/>",
                    line.trim_end(),
                    color(i)
                );
            }
            // Points say their values; many of them would only cover the line.
            if self.kind == Kind::Scatter || drawn.len() <= 120 {
                let radius = if self.kind == Kind::Scatter { 3.5 } else { 2.4 };
                for (cx, _, cy, value, at) in &drawn {
                    let _ = write!(
                        out,
                        "<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"{radius}\" fill=\"{}\"><title>",
                        color(i)
                    );
                    escape(&self.tip(&series.name, *at, *value), out);
                    out.push_str("</title></circle>\n");
                }
            }
            for (mx, my) in series.marks.iter().filter(|m| x.holds(m.0)) {
                let (cx, cy) = (area.x(x.place(*mx)), inside(*my));
                let _ = write!(
                    out,
                    "<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"6\" fill=\"#d00\" fill-opacity=\"0.75\"><title>anomaly: "
                );
                escape(&self.tip(&series.name, *mx, *my), out);
                out.push_str("</title></circle>\n");
            }
        }
    }

    /// What a point says of itself.
    pub(super) fn tip(&self, name: &str, x: f64, y: f64) -> String {
        let x = match self.x_axis {
            Axis::Time => format_datetime_iso(x as i64),
            Axis::Number => number(x),
            Axis::Category => {
                let place = x.round().max(0.0) as usize;
                self.categories.get(place).cloned().unwrap_or_default()
            }
        };
        format!("{name}, {x}: {}", number(y))
    }

    fn svg_columns(&self, top: f64, bottom: f64, out: &mut String) {
        let y = self.y_scale(6);
        let groups = self.categories.len().max(1);
        let slot = 740.0 / groups as f64;
        let longest = self.categories.iter().map(|c| c.width()).max().unwrap_or(0);
        let slanted = longest as f64 * CHAR > slot - 4.0;
        let below = if slanted { 110.0 } else { 52.0 };
        let area = self.area(&y, top, bottom, below, out);
        let every = if slanted {
            (14.0 / slot).ceil().max(1.0) as usize
        } else {
            1
        };
        let ticks: Vec<(f64, String)> = self
            .categories
            .iter()
            .enumerate()
            .step_by(every)
            .map(|(i, c)| ((i as f64 + 0.5) / groups as f64, c.clone()))
            .collect();
        Chart::x_axis(&area, &ticks, slanted, out);
        let slot = (area.right - area.left) / groups as f64;
        let side = if self.stack == Stack::No {
            self.series.len().max(1)
        } else {
            1
        };
        let wide = slot * 0.8 / side as f64;
        let base = y.place(0.0_f64.clamp(y.low, y.high));
        for (i, (series, parts)) in self.series.iter().zip(self.stacked()).enumerate() {
            for (part, own) in parts.iter().zip(&series.points) {
                let from = if self.stack == Stack::No {
                    base
                } else {
                    y.place(part.1)
                };
                let (a, b) = (
                    area.y(from.clamp(0.0, 1.0)),
                    area.y(y.place(part.2).clamp(0.0, 1.0)),
                );
                let shift = if self.stack == Stack::No {
                    i as f64 * wide
                } else {
                    0.0
                };
                let x = area.left + part.0 * slot + slot * 0.1 + shift;
                let _ = write!(
                    out,
                    "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{wide:.2}\" height=\"{:.1}\" fill=\"{}\"><title>",
                    a.min(b),
                    (a - b).abs(),
                    color(i)
                );
                escape(&self.tip(&series.name, part.0, own.1), out);
                out.push_str("</title></rect>\n");
            }
        }
    }
}

/// A point of a line: x, where its part begins, y, and the values of y and x that it shows.
type Drawn = (f64, f64, f64, f64, f64);

/// Where many points fall on one place of the line, its first, lowest, highest and last one are enough.
fn thin(points: Vec<Drawn>) -> Vec<Drawn> {
    const MOST: usize = 4_000;
    if points.len() <= MOST {
        return points;
    }
    let mut out = Vec::new();
    let mut rest = points.as_slice();
    while let Some(first) = rest.first() {
        let place = (first.0 * 2.0).floor();
        let n = rest
            .iter()
            .take_while(|p| (p.0 * 2.0).floor() == place)
            .count();
        let (here, behind) = rest.split_at(n.max(1));
        let by_height = |a: &&Drawn, b: &&Drawn| a.2.total_cmp(&b.2);
        let mut kept: Vec<Drawn> = [
            here.first(),
            here.iter().min_by(by_height),
            here.iter().max_by(by_height),
            here.last(),
        ]
        .into_iter()
        .flatten()
        .copied()
        .collect();
        kept.sort_by(|a, b| a.0.total_cmp(&b.0));
        kept.dedup();
        out.extend(kept);
        rest = behind;
    }
    out
}
