//! Which columns are drawn, and as what.

use super::data::{Cell, Data};
use super::scale::Axis;
use super::{Chart, Kind, Series, Spec, Stack};
use crate::table::flat;
use kql_types::text::parse_datetime;
use kql_types::{Type, Value};
use std::collections::HashMap;

/// Series beyond these are not drawn.
const MOST_SERIES: usize = 60;
/// Panels beyond these are not drawn.
const MOST_PANELS: usize = 5;
/// Cards beyond these are not drawn.
const MOST_CARDS: usize = 60;
/// Every property that `render` has.
pub(super) const PROPERTIES: [&str; 17] = [
    "accumulate",
    "anomalycolumns",
    "kind",
    "legend",
    "series",
    "title",
    "xaxis",
    "xcolumn",
    "xmax",
    "xmin",
    "xtitle",
    "yaxis",
    "ycolumns",
    "ymax",
    "ymin",
    "ysplit",
    "ytitle",
];

/// The parts of a property's text.
struct Wanted<'s> {
    spec: &'s Spec,
    notes: Vec<String>,
}

impl Wanted<'_> {
    fn text(&self, name: &str) -> Option<String> {
        let found = self
            .spec
            .properties
            .iter()
            .rev()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, v)| value_text(v))
    }

    fn names(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        let names = text.split(',').map(|n| n.trim().to_owned());
        names.filter(|n| !n.is_empty()).collect()
    }

    fn number(&mut self, name: &str) -> Option<f64> {
        let text = self.text(name)?;
        if text.trim().is_empty() || text == "NaN" {
            return None;
        }
        let found = text.trim().parse::<f64>().ok().filter(|x| x.is_finite());
        if found.is_none() {
            let note = format!("{name}={text} is no number and is ignored");
            self.notes.push(note);
        }
        found
    }

    /// The place of the word among those known, 0 where there is none.
    fn word(&mut self, name: &str, words: &[&str]) -> usize {
        let Some(text) = self.text(name) else {
            return 0;
        };
        let found = words
            .iter()
            .position(|w| w.eq_ignore_ascii_case(text.trim()));
        found.unwrap_or_else(|| {
            self.notes.push(format!(
                "{name}={text} is not known and is ignored ({})",
                words.join(", ")
            ));
            0
        })
    }
}

/// A constant as the text that a property means.
fn value_text(v: &Value) -> String {
    match v {
        Value::String(s) => s.clone(),
        Value::Bool(b) => b.to_string(),
        Value::Long(n) => n.to_string(),
        Value::Real(x) => x.to_string(),
        Value::DateTime(t) => kql_types::text::format_datetime_iso(*t),
        other => {
            let text = format!("{other:?}");
            text.trim_matches('"').to_owned()
        }
    }
}

impl Chart {
    /// The chart that a query asks for.
    ///
    /// # Errors
    /// Why it cannot be drawn; the rows are shown as a table then.
    pub fn new(spec: &Spec, data: &Data) -> Result<Chart, String> {
        let mut wanted = Wanted {
            spec,
            notes: Vec::new(),
        };
        let (kind, stack) = match spec.kind.as_str() {
            "timechart" | "linechart" | "anomalychart" => (Kind::Line, Stack::No),
            "areachart" => (Kind::Area, Stack::No),
            "stackedareachart" => (Kind::Area, Stack::Stacked),
            "columnchart" => (Kind::Column, Stack::No),
            "barchart" => (Kind::Bar, Stack::No),
            "piechart" => (Kind::Pie, Stack::No),
            "scatterchart" => (Kind::Scatter, Stack::No),
            "card" => (Kind::Card, Stack::No),
            other => return Err(format!("{other} is not drawn")),
        };
        if data.rows.is_empty() {
            return Err("there are no rows to draw".to_owned());
        }
        for (name, _) in &spec.properties {
            if !PROPERTIES.iter().any(|p| p.eq_ignore_ascii_case(name)) {
                wanted
                    .notes
                    .push(format!("{name} is no property of render and is ignored"));
            }
        }
        let mut chart = Chart {
            kind,
            title: wanted.text("title").filter(|t| !t.is_empty()),
            x_title: String::new(),
            y_title: String::new(),
            x_axis: Axis::Number,
            categories: Vec::new(),
            series: Vec::new(),
            stack,
            legend: wanted.word("legend", &["visible", "hidden"]) == 0,
            x_log: wanted.word("xaxis", &["linear", "log"]) == 1,
            y_log: wanted.word("yaxis", &["linear", "log"]) == 1,
            x_range: (wanted.number("xmin"), wanted.number("xmax")),
            y_range: (wanted.number("ymin"), wanted.number("ymax")),
            panels: false,
            cards: Vec::new(),
            notes: Vec::new(),
        };
        if kind == Kind::Card {
            let row = data.rows.first().map_or(&[][..], Vec::as_slice);
            let pairs = data.columns.iter().zip(row);
            chart.cards = pairs.map(|(c, v)| (c.name.clone(), v.label())).collect();
            if data.rows.len() > 1 {
                let note = format!("a card shows the first of {} rows", data.rows.len());
                wanted.notes.push(note);
            }
            for name in PROPERTIES.iter().filter(|p| **p != "title") {
                if wanted.text(name).is_some() {
                    let note = format!("{name} changes nothing in this card and is ignored");
                    wanted.notes.push(note);
                }
            }
            if chart.cards.len() > MOST_CARDS {
                let more = chart.cards.len() - MOST_CARDS;
                chart.cards.truncate(MOST_CARDS);
                wanted
                    .notes
                    .push(format!("{more} more cards are not drawn"));
            }
            chart.notes = wanted.notes;
            return Ok(chart);
        }
        let stackable = matches!(kind, Kind::Area | Kind::Column | Kind::Bar);
        let words = ["default", "unstacked", "stacked", "stacked100"];
        if stackable {
            chart.stack = match wanted.word("kind", &words) {
                0 => chart.stack,
                2 => Stack::Stacked,
                3 => Stack::Full,
                _ => Stack::No,
            };
        } else if let Some(k) = wanted.text("kind").filter(|k| k != "default") {
            let note = format!("kind={k} changes nothing in a {} and is ignored", spec.kind);
            wanted.notes.push(note);
        }
        match wanted.word("ysplit", &["none", "axes", "panels"]) {
            0 => {}
            n => {
                chart.panels = kind != Kind::Pie;
                if n == 1 {
                    wanted
                        .notes
                        .push("ysplit=axes is drawn as a panel for each axis".to_owned());
                }
            }
        }
        if chart.y_log && chart.stack != Stack::No {
            chart.y_log = false;
            wanted
                .notes
                .push("yaxis=log is ignored: a sum of parts has no logarithmic parts".to_owned());
        }
        fill(&mut chart, &mut wanted, data)?;
        if kind == Kind::Area && chart.stack != Stack::No {
            fill_gaps(&mut chart);
        }
        let accumulate = wanted
            .text("accumulate")
            .is_some_and(|a| a.eq_ignore_ascii_case("true"));
        let nothing = match kind {
            Kind::Pie => "xaxis yaxis xmin xmax ymin ymax accumulate ysplit anomalycolumns",
            _ if chart.x_axis == Axis::Category => "xmin xmax",
            _ => "",
        };
        for name in nothing.split_whitespace() {
            if wanted
                .text(name)
                .is_some_and(|t| t != "false" && t != "linear")
            {
                let note = format!(
                    "{name} changes nothing in this {} and is ignored",
                    spec.kind
                );
                wanted.notes.push(note);
            }
        }
        if accumulate && kind != Kind::Pie {
            for s in &mut chart.series {
                let mut sum = 0.0;
                for p in &mut s.points {
                    sum += p.1;
                    p.1 = sum;
                }
            }
        }
        if let Some(t) = wanted.text("xtitle") {
            chart.x_title = t;
        }
        if let Some(t) = wanted.text("ytitle") {
            chart.y_title = t;
        }
        // Names are text on one line, whatever a query or a file has in them.
        chart.title = chart.title.map(|t| flat(&t));
        chart.x_title = flat(&chart.x_title);
        chart.y_title = flat(&chart.y_title);
        for s in &mut chart.series {
            s.name = flat(&s.name);
        }
        if chart.series.iter().all(|s| s.points.is_empty()) {
            return Err("no row has both an x and a y value".to_owned());
        }
        if chart.y_log && chart.y_extent().1 <= 0.0 {
            chart.y_log = false;
            wanted
                .notes
                .push("yaxis=log is ignored: no value is above 0".to_owned());
        }
        if chart.x_log && (chart.x_axis != Axis::Number || chart.x_extent().1 <= 0.0) {
            chart.x_log = false;
            wanted
                .notes
                .push("xaxis=log is ignored: the x axis has no numbers above 0".to_owned());
        }
        let mut panels: Vec<&str> = chart.series.iter().map(|s| s.column.as_str()).collect();
        panels.dedup();
        if chart.panels && panels.len() > MOST_PANELS {
            let kept: Vec<String> = panels
                .iter()
                .take(MOST_PANELS)
                .map(|p| (*p).to_owned())
                .collect();
            let note = format!("{} more panels are not drawn", panels.len() - MOST_PANELS);
            chart.series.retain(|s| kept.contains(&s.column));
            wanted.notes.push(note);
        }
        if chart.series.len() > MOST_SERIES {
            let more = chart.series.len() - MOST_SERIES;
            chart.series.truncate(MOST_SERIES);
            wanted
                .notes
                .push(format!("{more} more series are not drawn"));
        }
        chart.notes = wanted.notes;
        Ok(chart)
    }
}

/// What a column can be.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Number,
    Time,
    Text,
    Numbers,
    Times,
    Other,
}

fn role(data: &Data, column: usize) -> Role {
    match data.columns.get(column).map(|c| c.ty) {
        Some(Type::Int | Type::Long | Type::Real | Type::Decimal | Type::TimeSpan) => Role::Number,
        Some(Type::DateTime) => Role::Time,
        Some(Type::String | Type::Bool | Type::Guid) => Role::Text,
        _ => {
            let cells = data.rows.iter().filter_map(|r| r.get(column));
            let mut first = cells.filter(|c| **c != Cell::Null);
            match first.next() {
                Some(Cell::List(l)) => match l.iter().find(|c| **c != Cell::Null) {
                    Some(Cell::Number(_) | Cell::Span(_)) => Role::Numbers,
                    Some(Cell::Time(_)) => Role::Times,
                    Some(Cell::Text(t)) if parse_datetime(t).is_some() => Role::Times,
                    _ => Role::Other,
                },
                Some(Cell::Number(_)) => Role::Number,
                Some(Cell::Time(_)) => Role::Time,
                Some(Cell::Text(_)) => Role::Text,
                _ => Role::Other,
            }
        }
    }
}

/// Finds x, y and series columns and reads the points.
fn fill(chart: &mut Chart, wanted: &mut Wanted<'_>, data: &Data) -> Result<(), String> {
    let roles: Vec<Role> = (0..data.columns.len()).map(|i| role(data, i)).collect();
    let find = |name: &str| data.columns.iter().position(|c| c.name == name);
    let named = |property: &str, names: &[String]| -> Result<Vec<usize>, String> {
        names
            .iter()
            .map(|n| {
                find(n).ok_or_else(|| {
                    let near = data.columns.iter().find(|c| c.name.eq_ignore_ascii_case(n));
                    let near = near.map_or_else(String::new, |c| format!(" (`{}` exists)", c.name));
                    format!("{property}={n}: the result has no such column{near}")
                })
            })
            .collect()
    };
    let series = named("series", &wanted.names("series"))?;
    let mut ys = named("ycolumns", &wanted.names("ycolumns"))?;
    let anomalies = named("anomalycolumns", &wanted.names("anomalycolumns"))?;
    if !anomalies.is_empty() && wanted.spec.kind != "anomalychart" {
        wanted
            .notes
            .push("anomalycolumns is for anomalychart and is ignored".to_owned());
    }
    let taken = |i: &usize| series.contains(i) || ys.contains(i) || anomalies.contains(i);
    let all = || (0..data.columns.len()).filter(|i| !taken(i));
    let x = match named("xcolumn", &wanted.names("xcolumn"))?.first() {
        Some(x) => *x,
        None => {
            let by_time = || all().find(|i| matches!(roles[*i], Role::Time | Role::Times));
            let found = match wanted.spec.kind.as_str() {
                "timechart" | "anomalychart" => by_time().or_else(|| all().next()),
                "linechart" | "areachart" | "stackedareachart" | "scatterchart" => by_time()
                    .or_else(|| {
                        // With one column of numbers alone, that is what is drawn over the names.
                        let numbers =
                            || all().filter(|i| matches!(roles[*i], Role::Number | Role::Numbers));
                        if numbers().count() > 1 || !ys.is_empty() {
                            numbers().next()
                        } else {
                            None
                        }
                    })
                    .or_else(|| all().next()),
                _ => all().next(),
            };
            found.ok_or("no column is left for the x axis")?
        }
    };
    if ys.is_empty() {
        ys = (0..data.columns.len())
            .filter(|i| *i != x && !series.contains(i) && !anomalies.contains(i))
            .filter(|i| matches!(roles[*i], Role::Number | Role::Numbers))
            .collect();
        if chart.kind == Kind::Pie {
            ys.truncate(1);
        }
    }
    if ys.is_empty() {
        return Err("no column has numbers for the y axis".to_owned());
    }
    let by: Vec<usize> = if series.is_empty() {
        // Whatever else tells records apart makes series of them.
        (0..data.columns.len())
            .filter(|i| *i != x && !ys.contains(i) && roles[*i] == Role::Text)
            .filter(|_| chart.kind != Kind::Pie)
            .collect()
    } else {
        series
    };
    chart.x_title.clone_from(&data.columns[x].name);
    if let [one] = ys.as_slice() {
        chart.y_title.clone_from(&data.columns[*one].name);
    }
    let spans = ys.iter().any(|y| data.columns[*y].ty == Type::TimeSpan);
    if spans {
        chart.y_title.push_str(" (seconds)");
        chart.y_title = chart.y_title.trim_start().to_owned();
    }
    chart.x_axis = match (roles[x], chart.kind) {
        (_, Kind::Column | Kind::Bar | Kind::Pie) => Axis::Category,
        (Role::Time | Role::Times, _) => Axis::Time,
        (Role::Number | Role::Numbers, _) => Axis::Number,
        _ => Axis::Category,
    };
    if wanted.spec.kind == "timechart" && chart.x_axis != Axis::Time {
        wanted.notes.push(
            "a timechart requires a datetime column for its x axis; there is none".to_owned(),
        );
    }
    read(chart, data, x, &ys, &by, &anomalies);
    if chart.x_axis != Axis::Category {
        for s in &mut chart.series {
            s.points.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
    }
    Ok(())
}

/// The points of each series.
fn read(chart: &mut Chart, data: &Data, x: usize, ys: &[usize], by: &[usize], marks: &[usize]) {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut names: HashMap<String, usize> = HashMap::new();
    for row in &data.rows {
        let of: Vec<String> = by
            .iter()
            .filter_map(|i| row.get(*i))
            .map(Cell::label)
            .collect();
        let of = of.join(", ");
        let xs: Vec<&Cell> = match row.get(x) {
            Some(Cell::List(l)) => l.iter().collect(),
            Some(cell) => vec![cell],
            None => continue,
        };
        for (n, y) in ys.iter().enumerate() {
            let column = &data.columns[*y].name;
            let name = match (by.is_empty(), ys.len()) {
                (true, _) => column.clone(),
                (false, 1) => of.clone(),
                (false, _) => format!("{of}: {column}"),
            };
            let at = *names.entry(name.clone()).or_insert_with(|| {
                chart.series.push(Series {
                    name,
                    column: column.clone(),
                    ..Series::default()
                });
                chart.series.len() - 1
            });
            let values: Vec<&Cell> = match row.get(*y) {
                Some(Cell::List(l)) => l.iter().collect(),
                Some(cell) => vec![cell],
                None => continue,
            };
            let flags: Vec<&Cell> = match marks.get(n).or(marks.first()).and_then(|m| row.get(*m)) {
                Some(Cell::List(l)) => l.iter().collect(),
                Some(cell) => vec![cell],
                None => Vec::new(),
            };
            for (i, (xv, yv)) in xs.iter().zip(values).enumerate() {
                let Some(yv) = yv.number() else { continue };
                let xv = match chart.x_axis {
                    Axis::Category => {
                        let label = xv.label();
                        let next = chart.categories.len();
                        let place = *places.entry(label.clone()).or_insert(next);
                        if place == next {
                            chart.categories.push(label);
                        }
                        place as f64
                    }
                    Axis::Time => match time(xv) {
                        Some(t) => t,
                        None => continue,
                    },
                    Axis::Number => match xv.number() {
                        Some(v) => v,
                        None => continue,
                    },
                };
                if let Some(s) = chart.series.get_mut(at) {
                    s.points.push((xv, yv));
                    let marked = flags
                        .get(i)
                        .and_then(|f| f.number())
                        .is_some_and(|f| f != 0.0);
                    if marked {
                        s.marks.push((xv, yv));
                    }
                }
            }
        }
    }
}

fn time(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Text(t) => parse_datetime(t).map(|t| t as f64),
        other => other.number(),
    }
}

/// Areas on each other need a value of each series wherever one has a value: 0 where there is no row.
fn fill_gaps(chart: &mut Chart) {
    let mut all: Vec<f64> = chart
        .series
        .iter()
        .flat_map(|s| s.points.iter().map(|p| p.0))
        .collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    for s in &mut chart.series {
        let mut own = std::mem::take(&mut s.points).into_iter().peekable();
        for x in &all {
            let mut found = false;
            while let Some(p) = own.next_if(|p| p.0 <= *x) {
                s.points.push(p);
                found = true;
            }
            if !found {
                s.points.push((*x, 0.0));
            }
        }
    }
}
