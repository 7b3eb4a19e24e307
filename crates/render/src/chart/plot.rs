//! Charts as text: a frame with axes, and lines, areas, points or columns in it.

use super::scale::{Axis, Scale};
use super::{Chart, Kind, Stack};
use crate::screen::Screen;
use crate::table::cut;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Lines of a picture.
const HEIGHT: usize = 16;
/// Lines of a panel.
const PANEL_HEIGHT: usize = 8;
/// The width where the screen has none.
const WIDTH: usize = 80;
/// No picture gets wider: a line over a very wide screen is no better read.
const WIDEST: usize = 160;
/// Colours of series.
const COLORS: [&str; 8] = ["34", "33", "32", "35", "36", "31", "94", "92"];
/// What tells series apart without colours.
const MARKS: [char; 10] = ['●', '○', '■', '□', '▲', '△', '◆', '◇', '★', '✚'];
const ASCII_MARKS: [char; 10] = ['*', 'o', '#', '+', 'x', '@', '%', '&', '$', '='];
const SHADES: [char; 6] = ['█', '░', '▓', '▒', '▚', '▤'];
/// The mark of an anomaly.
const ANOMALY: char = '✖';

/// How a series looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) mark: char,
    pub(super) shade: char,
    pub(super) color: &'static str,
}

pub(super) fn look(series: usize, screen: &Screen) -> Look {
    let (marks, shades): (&[char], &[char]) = if screen.unicode {
        (&MARKS, &SHADES)
    } else {
        (&ASCII_MARKS, &ASCII_MARKS)
    };
    Look {
        mark: marks.get(series % marks.len()).copied().unwrap_or('*'),
        shade: shades.get(series % shades.len()).copied().unwrap_or('#'),
        color: COLORS.get(series % COLORS.len()).copied().unwrap_or("0"),
    }
}

/// One character of a picture, and the series that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spot {
    dots: u8,
    glyph: Option<char>,
    series: Option<usize>,
}

const EMPTY: Spot = Spot {
    dots: 0,
    glyph: None,
    series: None,
};

/// The picture inside the axes.
struct Canvas {
    width: usize,
    height: usize,
    spots: Vec<Spot>,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Canvas {
        Canvas {
            width,
            height,
            spots: vec![EMPTY; width * height],
        }
    }

    fn at(&mut self, column: usize, row: usize) -> Option<&mut Spot> {
        if column >= self.width || row >= self.height {
            return None;
        }
        self.spots.get_mut(row * self.width + column)
    }

    /// Puts a character.
    fn put(&mut self, column: usize, row: usize, glyph: char, series: usize) {
        if let Some(s) = self.at(column, row) {
            s.glyph = Some(glyph);
            s.series = Some(series);
        }
    }

    /// Sets one of the eight dots of a character.
    fn dot(&mut self, x: usize, y: usize, series: usize) {
        const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let bit = BITS.get(y % 4).and_then(|b| b.get(x % 2)).copied();
        if let Some(s) = self.at(x / 2, y / 4) {
            s.dots |= bit.unwrap_or(0);
            s.series = Some(series);
        }
    }

    /// A line of dots, or of characters where there are no dots.
    fn line(&mut self, from: (f64, f64), to: (f64, f64), series: usize, glyph: Option<char>) {
        let (w, h) = if glyph.is_some() {
            (1.0, 1.0)
        } else {
            (2.0, 4.0)
        };
        let (width, height) = (self.width as f64 * w - 1.0, self.height as f64 * h - 1.0);
        let (x0, y0) = (from.0 * width, (1.0 - from.1) * height);
        let (x1, y1) = (to.0 * width, (1.0 - to.1) * height);
        let steps = (x1 - x0)
            .abs()
            .max((y1 - y0).abs())
            .ceil()
            .clamp(1.0, 10_000.0);
        for i in 0..=steps as usize {
            let t = i as f64 / steps;
            let (x, y) = (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t);
            if x < -0.5 || y < -0.5 || y > height + 0.5 || x > width + 0.5 {
                continue;
            }
            let (x, y) = (x.round().max(0.0) as usize, y.round().max(0.0) as usize);
            match glyph {
                Some(g) => self.put(x, y, g, series),
                None => self.dot(x, y, series),
            }
        }
    }

    /// The character cell of a place; none outside.
    fn cell(&self, at: (f64, f64)) -> Option<(usize, usize)> {
        let inside = |v: f64| (-1e-6..=1.0 + 1e-6).contains(&v);
        if !inside(at.0) || !inside(at.1) {
            return None;
        }
        let x = (at.0 * (self.width as f64 - 1.0)).round().max(0.0) as usize;
        let y = ((1.0 - at.1) * (self.height as f64 - 1.0)).round().max(0.0) as usize;
        Some((x, y))
    }

    fn row(&self, row: usize, screen: &Screen) -> String {
        let from = row * self.width;
        let spots = self.spots.get(from..from + self.width).unwrap_or_default();
        let mut out = String::new();
        // Neighbours of one colour are painted together.
        let mut run = String::new();
        let mut color = "";
        for s in spots {
            let c = match (s.glyph, s.dots) {
                (Some(g), _) => g,
                (None, 0) => ' ',
                (None, d) => char::from_u32(0x2800 + u32::from(d)).unwrap_or('*'),
            };
            let own = match s.series {
                Some(_) if c == ANOMALY => "1;31",
                Some(n) if c != ' ' => look(n, screen).color,
                _ => "",
            };
            if own != color {
                out.push_str(&painted(screen, color, &run));
                run.clear();
                color = own;
            }
            run.push(c);
        }
        out.push_str(&painted(screen, color, &run));
        out
    }
}

fn painted(screen: &Screen, color: &str, text: &str) -> String {
    if color.is_empty() {
        text.to_owned()
    } else {
        screen.paint(color, text)
    }
}

impl Chart {
    /// The picture for a terminal, with title, axes, legend and notes.
    pub fn text(&self, screen: &Screen) -> String {
        let width = screen.width.unwrap_or(WIDTH).clamp(30, WIDEST);
        let mut out = String::new();
        let panels = self.panels();
        for p in &panels {
            if let Some(t) = &p.title {
                let t = cut(t, width, screen.cut());
                let pad = width.saturating_sub(t.width()) / 2;
                out.push_str(&" ".repeat(pad));
                out.push_str(&screen.paint("1", &t));
                out.push('\n');
            }
            let height = if panels.len() > 1 {
                PANEL_HEIGHT
            } else {
                HEIGHT
            };
            match p.kind {
                Kind::Card => p.card(screen, width, &mut out),
                Kind::Bar => p.bars(screen, width, &mut out),
                Kind::Pie => p.shares(screen, width, &mut out),
                Kind::Column => {
                    if !p.columns(screen, width, height, &mut out) {
                        p.bars(screen, width, &mut out);
                    }
                }
                Kind::Line | Kind::Area | Kind::Scatter => {
                    p.lines(screen, width, height, &mut out);
                }
            }
            if p.has_legend() && p.kind != Kind::Pie {
                p.put_legend(screen, width, &mut out);
            }
        }
        for n in &self.notes {
            out.push_str(&format!("note: {n}\n"));
        }
        out
    }

    /// Whether parts are filled rather than marked.
    fn filled(&self) -> bool {
        matches!(self.kind, Kind::Column | Kind::Bar)
            || (self.kind == Kind::Area && (self.stack != Stack::No || self.series.len() == 1))
    }

    fn put_legend(&self, screen: &Screen, width: usize, out: &mut String) {
        let mut line = 0;
        for (i, s) in self.series.iter().enumerate() {
            let look = look(i, screen);
            let mark = if self.filled() { look.shade } else { look.mark };
            let name = cut(&s.name, width.saturating_sub(6).max(8), screen.cut());
            let long = name.width() + 4;
            if line > 0 && line + long > width {
                out.push('\n');
                line = 0;
            }
            out.push_str(if line == 0 { "  " } else { "   " });
            out.push_str(&screen.paint(look.color, &mark.to_string()));
            out.push(' ');
            out.push_str(&name);
            line += long + 1;
        }
        out.push('\n');
    }

    fn lines(&self, screen: &Screen, width: usize, height: usize, out: &mut String) {
        let y = self.y_scale(5);
        let margin = y
            .ticks
            .iter()
            .map(|(_, l)| l.width())
            .max()
            .unwrap_or(1)
            .min(16);
        let inner = width.saturating_sub(margin + 2).max(10);
        let x = self.x_scale((inner / 14).max(2));
        let mut canvas = Canvas::new(inner, height);
        let several = self.series.len() > 1;
        let place = |px: f64, py: f64| (x.place(px), y.place(py));
        let parts = self.stacked();
        if self.filled() {
            self.fill(&parts, &x, &y, screen, &mut canvas);
        } else {
            for (i, (series, parts)) in self.series.iter().zip(&parts).enumerate() {
                let look = look(i, screen);
                let ascii = (!screen.unicode).then_some(look.mark);
                let points: Vec<(f64, f64)> = parts
                    .iter()
                    .filter(|p| (!self.y_log || p.2 > 0.0) && (!self.x_log || p.0 > 0.0))
                    .map(|p| place(p.0, p.2))
                    .collect();
                if self.kind != Kind::Scatter {
                    for pair in points.windows(2) {
                        if let [a, b] = pair {
                            canvas.line(*a, *b, i, ascii);
                        }
                    }
                }
                // Marks tell series apart; where points are dense only some get one.
                let dense = (points.len() * 6 / inner.max(1)).max(1);
                for (n, p) in points.iter().enumerate() {
                    let marked = self.kind == Kind::Scatter
                        || points.len() == 1
                        || (several && (n + i * 2) % dense == 0);
                    if marked && let Some((cx, cy)) = canvas.cell(*p) {
                        canvas.put(cx, cy, look.mark, i);
                    }
                }
                for m in &series.marks {
                    if let Some((cx, cy)) = canvas.cell(place(m.0, m.1)) {
                        let glyph = if screen.unicode { ANOMALY } else { '!' };
                        canvas.put(cx, cy, glyph, i);
                    }
                }
            }
        }
        let places: Vec<(usize, String)> = x
            .ticks
            .iter()
            .filter(|(v, _)| x.holds(*v))
            .map(|(v, l)| {
                let at = x.place(*v) * (inner as f64 - 1.0);
                (at.round().max(0.0) as usize, l.clone())
            })
            .collect();
        self.frame(screen, width, margin, &y, &canvas, &places, out);
    }

    /// Areas: each column of the picture is filled from where its part begins to where it ends.
    fn fill(
        &self,
        parts: &[Vec<(f64, f64, f64)>],
        x: &Scale,
        y: &Scale,
        screen: &Screen,
        canvas: &mut Canvas,
    ) {
        let base = y.place(0.0_f64.clamp(y.low.min(y.high), y.high));
        for column in 0..canvas.width {
            let at = column as f64 / (canvas.width as f64 - 1.0).max(1.0);
            for (i, series) in parts.iter().enumerate().rev() {
                let Some((from, to)) = between(series, |v| x.place(v), at) else {
                    continue;
                };
                let from = if self.stack == Stack::No {
                    base
                } else {
                    y.place(from)
                };
                let shade = look(i, screen).shade;
                canvas.column(column, from, y.place(to), shade, i, screen.unicode);
            }
        }
    }

    /// Upright columns; false where they do not fit.
    fn columns(&self, screen: &Screen, width: usize, height: usize, out: &mut String) -> bool {
        let y = self.y_scale(5);
        let margin = y
            .ticks
            .iter()
            .map(|(_, l)| l.width())
            .max()
            .unwrap_or(1)
            .min(16);
        let inner = width.saturating_sub(margin + 2).max(10);
        let groups = self.categories.len().max(1);
        let bars = if self.stack == Stack::No {
            self.series.len().max(1)
        } else {
            1
        };
        let group = (inner / groups).min(12 * bars.max(1)).min(30);
        let gap = usize::from(group > bars);
        if group < bars + gap || bars == 0 {
            return false;
        }
        let bar = ((group - gap) / bars).max(1);
        let used = bar * bars;
        // Labels that would say nothing when cut need the room of lying bars.
        let longest = self.categories.iter().map(|c| c.width()).max().unwrap_or(0);
        if longest >= group && groups <= 40 && longest > 5 && !ordered(&self.categories) {
            return false;
        }
        let mut canvas = Canvas::new(inner, height);
        // Zero stands on a line of its own.
        let base = y.place(0.0_f64.clamp(y.low, y.high));
        let base = (base * height as f64).round() / height as f64;
        for (i, parts) in self.stacked().iter().enumerate() {
            let shade = look(i, screen).shade;
            for (category, from, to) in parts {
                let place = category.round().max(0.0) as usize;
                let first = place * group + if self.stack == Stack::No { i * bar } else { 0 };
                let from = if self.stack == Stack::No {
                    base
                } else {
                    y.place(*from)
                };
                for c in first..first + bar {
                    canvas.column(c, from, y.place(*to), shade, i, screen.unicode);
                }
            }
        }
        let places: Vec<(usize, String)> = self
            .categories
            .iter()
            .enumerate()
            .map(|(i, c)| (i * group + used.saturating_sub(1) / 2, c.clone()))
            .collect();
        self.frame(screen, width, margin, &y, &canvas, &places, out);
        true
    }

    /// Axes, ticks and labels around a picture.
    #[allow(clippy::too_many_arguments)]
    fn frame(
        &self,
        screen: &Screen,
        width: usize,
        margin: usize,
        y: &Scale,
        canvas: &Canvas,
        places: &[(usize, String)],
        out: &mut String,
    ) {
        let (bar, tick, corner, dash, mark) = if screen.unicode {
            ('│', '┤', '└', '─', '┬')
        } else {
            ('|', '+', '+', '-', '+')
        };
        if !self.y_title.is_empty() {
            let t = cut(&self.y_title, width, screen.cut());
            out.push_str(&screen.paint("2", &t));
            out.push('\n');
        }
        let mut labels: Vec<Option<&str>> = vec![None; canvas.height];
        for (v, l) in &y.ticks {
            if y.holds(*v) {
                let row = (1.0 - y.place(*v)) * (canvas.height as f64 - 1.0);
                if let Some(at) = labels.get_mut(row.round().max(0.0) as usize) {
                    *at = Some(l);
                }
            }
        }
        for (row, label) in labels.iter().enumerate() {
            let text = cut(label.unwrap_or(""), margin, screen.cut());
            out.push_str(&" ".repeat(margin.saturating_sub(text.width())));
            out.push_str(&text);
            out.push(' ');
            out.push(if label.is_some() { tick } else { bar });
            out.push_str(canvas.row(row, screen).trim_end());
            out.push('\n');
        }
        // Labels that do not fit are left out, with their ticks.
        let mut axis = vec![dash; canvas.width];
        let mut names = vec![' '; canvas.width + margin + 2];
        let mut free = 0;
        let wide = names.len();
        for (at, label) in places {
            let room = if self.x_axis == Axis::Category && self.kind == Kind::Column {
                let next = places.iter().map(|(p, _)| *p).find(|p| p > at);
                next.map_or(20, |n| (n - at).max(6))
                    .saturating_sub(1)
                    .max(5)
            } else {
                20
            };
            let label = cut(label, room, screen.cut());
            let begin = (at + margin + 2).saturating_sub(label.width() / 2);
            let begin = begin.min(wide.saturating_sub(label.width()));
            if begin < free || label.width() > wide {
                continue;
            }
            let mut column = begin;
            for c in label.chars() {
                if let Some(n) = names.get_mut(column) {
                    *n = c;
                }
                // A wide character takes the next place too.
                let w = c.width().unwrap_or(1);
                for extra in 1..w {
                    if let Some(n) = names.get_mut(column + extra) {
                        *n = '\0';
                    }
                }
                column += w;
            }
            free = begin + label.width() + 1;
            if let Some(a) = axis.get_mut(*at) {
                *a = mark;
            }
        }
        out.push_str(&" ".repeat(margin + 1));
        out.push(corner);
        out.extend(axis);
        out.push('\n');
        let names: String = names.into_iter().filter(|c| *c != '\0').collect();
        out.push_str(names.trim_end());
        out.push('\n');
        if !self.x_title.is_empty() {
            let t = cut(&self.x_title, width, screen.cut());
            let pad = (margin + 2 + canvas.width / 2).saturating_sub(t.width() / 2);
            out.push_str(&" ".repeat(pad));
            out.push_str(&screen.paint("2", &t));
            out.push('\n');
        }
    }
}

impl Canvas {
    /// Fills a column between two heights, from 0 to 1; the top in eighths.
    fn column(
        &mut self,
        column: usize,
        from: f64,
        to: f64,
        shade: char,
        series: usize,
        eighths: bool,
    ) {
        const PARTS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
        let (low, high) = (from.min(to).clamp(0.0, 1.0), from.max(to).clamp(0.0, 1.0));
        let height = self.height as f64;
        let (low, high) = (low * height, high * height);
        if high - low < 1e-9 {
            return;
        }
        for row in 0..self.height {
            let (bottom, top) = ((self.height - 1 - row) as f64, (self.height - row) as f64);
            let inside = high.min(top) - low.max(bottom);
            if inside <= 0.0 {
                continue;
            }
            let solid = shade == '█' && eighths;
            if inside >= 0.5 || (high - low < 0.5 && inside > 0.0 && !solid) {
                let part = (inside * 8.0).round() as usize;
                let glyph = if solid && part < 8 && low <= bottom + 1e-9 {
                    PARTS.get(part.saturating_sub(1)).copied().unwrap_or(shade)
                } else {
                    shade
                };
                self.put(column, row, glyph, series);
            } else if solid && low <= bottom + 1e-9 {
                let part = (inside * 8.0).round().max(1.0) as usize;
                let glyph = PARTS.get(part.min(7) - 1).copied().unwrap_or(shade);
                self.put(column, row, glyph, series);
            }
        }
    }
}

/// Where a part begins and ends at a place between its points.
fn between(points: &[(f64, f64, f64)], place: impl Fn(f64) -> f64, at: f64) -> Option<(f64, f64)> {
    let after = points.iter().position(|p| place(p.0) >= at - 1e-9);
    let after = match after {
        Some(i) => points.get(i)?,
        None => return None,
    };
    let right = place(after.0);
    if (right - at).abs() < 1e-9 {
        return Some((after.1, after.2));
    }
    let before = points.iter().rev().find(|p| place(p.0) < at)?;
    let left = place(before.0);
    let t = (at - left) / (right - left);
    Some((
        before.1 + (after.1 - before.1) * t,
        before.2 + (after.2 - before.2) * t,
    ))
}

/// Whether names stand in an order of their own, such as times: then not each must be read.
fn ordered(names: &[String]) -> bool {
    let begins_with_digit = names
        .iter()
        .all(|n| n.starts_with(|c: char| c.is_ascii_digit()));
    begins_with_digit && names.len() > 2
}
