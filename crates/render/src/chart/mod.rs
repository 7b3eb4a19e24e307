//! What `render` draws: columns of a result as series, then a picture as text or as SVG.

mod bars;
mod build;
mod data;
mod page;
mod plot;
mod png;
mod scale;
mod svg;
mod svg_shapes;

pub use data::{Cell, Data};
pub use page::{PAGE_STYLE, escape};
pub use scale::Axis;

use kql_types::Value;

/// What a query said: `render KIND with (PROPERTY = VALUE, ...)`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spec {
    /// The kind.
    pub kind: String,
    /// Properties in order.
    pub properties: Vec<(String, Value)>,
}

/// A picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Lines.
    Line,
    /// Lines with what is under them.
    Area,
    /// Upright columns.
    Column,
    /// Bars that lie.
    Bar,
    /// Shares of a whole.
    Pie,
    /// Points.
    Scatter,
    /// The values of the first row.
    Card,
}

/// How series stand on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stack {
    /// Each on its own.
    #[default]
    No,
    /// On each other.
    Stacked,
    /// On each other, as shares of their sum.
    Full,
}

/// One line, or the bars of one colour.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// `(x, y)`; with categories x is the place of the name.
    pub points: Vec<(f64, f64)>,
    /// Points that stand out.
    pub marks: Vec<(f64, f64)>,
    /// The column of values that it comes from.
    pub column: String,
}

/// A chart that can be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it is.
    pub kind: Kind,
    /// Above it.
    pub title: Option<String>,
    /// Under the x axis.
    pub x_title: String,
    /// At the y axis.
    pub y_title: String,
    /// What the x axis shows.
    pub x_axis: Axis,
    /// Names of the x axis, in order.
    pub categories: Vec<String>,
    /// The series.
    pub series: Vec<Series>,
    /// How they stand.
    pub stack: Stack,
    /// Whether there is a legend.
    pub legend: bool,
    /// A logarithmic x axis.
    pub x_log: bool,
    /// A logarithmic y axis.
    pub y_log: bool,
    /// Ends of the x axis that the user gave.
    pub x_range: (Option<f64>, Option<f64>),
    /// Ends of the y axis that the user gave.
    pub y_range: (Option<f64>, Option<f64>),
    /// One chart for each column of values.
    pub panels: bool,
    /// Names and values of a card.
    pub cards: Vec<(String, String)>,
    /// What is worth knowing: what was ignored, and why.
    pub notes: Vec<String>,
}

impl Chart {
    /// The charts of the panels, or the chart itself.
    fn panels(&self) -> Vec<Chart> {
        let mut columns: Vec<&str> = Vec::new();
        for s in &self.series {
            if !columns.contains(&s.column.as_str()) {
                columns.push(&s.column);
            }
        }
        if !self.panels || columns.len() < 2 {
            return vec![Chart {
                panels: false,
                ..self.clone()
            }];
        }
        let mut out = Vec::new();
        for (i, column) in columns.iter().enumerate() {
            out.push(Chart {
                panels: false,
                title: self.title.clone().filter(|_| i == 0),
                y_title: (*column).to_owned(),
                series: self
                    .series
                    .iter()
                    .filter(|s| s.column == *column)
                    .cloned()
                    .collect(),
                notes: Vec::new(),
                ..self.clone()
            });
        }
        out
    }

    /// The series with what is under them: each point with where its part begins and ends.
    fn stacked(&self) -> Vec<Vec<(f64, f64, f64)>> {
        use std::collections::BTreeMap;
        // f64 bits of numbers above zero are in their order; the order is not needed here, only equality.
        let mut base: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
        let mut totals: BTreeMap<u64, f64> = BTreeMap::new();
        for s in &self.series {
            for (x, y) in &s.points {
                *totals.entry(x.to_bits()).or_default() += y.abs();
            }
        }
        let mut out = Vec::new();
        for s in &self.series {
            let mut parts = Vec::new();
            for (x, y) in &s.points {
                let total = totals.get(&x.to_bits()).copied().unwrap_or(1.0);
                let y = match self.stack {
                    Stack::Full if total > 0.0 => y / total * 100.0,
                    _ => *y,
                };
                if self.stack == Stack::No {
                    parts.push((*x, 0.0, y));
                    continue;
                }
                let (up, down) = base.entry(x.to_bits()).or_insert((0.0, 0.0));
                let from = if y < 0.0 { down } else { up };
                parts.push((*x, *from, *from + y));
                *from += y;
            }
            out.push(parts);
        }
        out
    }

    /// The range of what is drawn on the y axis.
    fn y_extent(&self) -> (f64, f64) {
        let zero = matches!(self.kind, Kind::Column | Kind::Bar | Kind::Area);
        let mut range = (f64::INFINITY, f64::NEG_INFINITY);
        for part in self.stacked().iter().flatten() {
            if self.y_log && part.2 <= 0.0 {
                continue;
            }
            range = (range.0.min(part.2), range.1.max(part.2));
        }
        if self.y_log {
            return range;
        }
        // A line that is far from zero need not show it.
        if zero || (range.0 > 0.0 && range.0 < range.1 * 0.7) {
            range = (range.0.min(0.0), range.1.max(0.0));
        }
        range
    }

    fn x_extent(&self) -> (f64, f64) {
        let mut range = (f64::INFINITY, f64::NEG_INFINITY);
        for (x, _) in self.series.iter().flat_map(|s| &s.points) {
            if self.x_log && *x <= 0.0 {
                continue;
            }
            range = (range.0.min(*x), range.1.max(*x));
        }
        (
            self.x_range.0.unwrap_or(range.0),
            self.x_range.1.unwrap_or(range.1),
        )
    }

    fn x_scale(&self, most: usize) -> scale::Scale {
        match self.x_axis {
            Axis::Category => scale::Scale::categories(&self.categories),
            Axis::Time => scale::Scale::times(self.x_extent(), most),
            Axis::Number => {
                let range = self.x_extent();
                let mut s = scale::Scale::numbers(range, self.x_range, self.x_log, most);
                if !self.x_log && range.0 < range.1 {
                    // The picture begins where the values do.
                    (s.low, s.high) = range;
                    s.ticks.retain(|(at, _)| *at >= range.0 && *at <= range.1);
                }
                s
            }
        }
    }

    fn y_scale(&self, most: usize) -> scale::Scale {
        let fixed = if self.stack == Stack::Full {
            (Some(0.0), Some(100.0))
        } else {
            self.y_range
        };
        scale::Scale::numbers(self.y_extent(), fixed, self.y_log, most)
    }

    /// Whether the legend says anything.
    fn has_legend(&self) -> bool {
        self.legend && self.series.len() > 1
    }
}
