//! The difference of two sets of rows, for people.

use crate::outcome::{Cell, Table};
use std::fmt::Write;

/// Rows of a kind that are shown.
const MOST_SHOWN: usize = 20;
/// Letters of a cell that are shown.
const MOST_LETTERS: usize = 60;

/// What is missing, what is too much, and what is nearly right; none where all is right. `places`: where the expected
/// columns stand in the result.
pub(crate) fn differences(
    wanted: &Table,
    got: &Table,
    places: &[usize],
    ordered: bool,
) -> Option<String> {
    let picked: Vec<Vec<&Cell>> = got
        .rows
        .iter()
        .map(|r| places.iter().filter_map(|i| r.get(*i)).collect())
        .collect();
    let equal =
        |w: &[Cell], g: &[&Cell]| w.len() == g.len() && w.iter().zip(g).all(|(w, g)| w.same(g));
    let mut free: Vec<usize> = (0..picked.len()).collect();
    let mut missing: Vec<usize> = Vec::new();
    let mut in_order = true;
    for (i, w) in wanted.rows.iter().enumerate() {
        let found = free
            .iter()
            .position(|g| picked.get(*g).is_some_and(|g| equal(w, g)));
        match found {
            Some(at) => {
                let place = free.remove(at);
                in_order = in_order && place == i;
            }
            None => missing.push(i),
        }
    }
    if missing.is_empty() && free.is_empty() {
        if in_order || !ordered {
            return None;
        }
        let first = wanted
            .rows
            .iter()
            .zip(&picked)
            .position(|(w, g)| !equal(w, g))
            .unwrap_or(0);
        return Some(format!(
            "the rows are right and their order is not: row {} differs first",
            first + 1
        ));
    }
    let mut lines = vec![Line::new(
        ' ',
        wanted.columns.iter().map(|c| c.name.clone()).collect(),
    )];
    let mut shown = 0;
    for m in &missing {
        let Some(w) = wanted.rows.get(*m) else {
            continue;
        };
        if shown == MOST_SHOWN {
            break;
        }
        shown += 1;
        match nearest(w, &free, &picked) {
            Some(at) => {
                let g = picked.get(free.remove(at)).cloned().unwrap_or_default();
                let cells = w.iter().zip(g).map(|(w, g)| {
                    if w.same(g) {
                        cut(&w.shown())
                    } else {
                        format!("{} -> {}", cut(&w.shown()), cut(&g.shown()))
                    }
                });
                lines.push(Line::new('~', cells.collect()));
            }
            None => lines.push(Line::new('-', w.iter().map(|c| cut(&c.shown())).collect())),
        }
    }
    for f in free.iter().take(MOST_SHOWN) {
        let row = picked.get(*f).into_iter().flatten();
        lines.push(Line::new('+', row.map(|c| cut(&c.shown())).collect()));
    }
    let left = missing.len().saturating_sub(shown) + free.len().saturating_sub(MOST_SHOWN);
    let mut text = format!(
        "expected {} rows, got {} (- missing, + too much, ~ expected -> got)\n{}",
        wanted.rows.len(),
        got.rows.len(),
        aligned(&lines)
    );
    if left > 0 {
        let _ = write!(text, "\n    and {left} more");
    }
    Some(text)
}

/// The free row that shares most cells, where it shares at least half of them.
fn nearest(wanted: &[Cell], free: &[usize], picked: &[Vec<&Cell>]) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (at, g) in free.iter().enumerate() {
        let row = picked.get(*g)?;
        let alike = wanted.iter().zip(row).filter(|(w, g)| w.same(g)).count();
        if alike * 2 >= wanted.len() && alike > 0 && best.is_none_or(|(most, _)| alike > most) {
            best = Some((alike, at));
        }
    }
    best.map(|(_, at)| at)
}

/// The rows of a result that should have none.
pub(crate) fn listed(table: &Table) -> String {
    let mut lines = vec![Line::new(
        ' ',
        table.columns.iter().map(|c| c.name.clone()).collect(),
    )];
    for r in table.rows.iter().take(MOST_SHOWN) {
        lines.push(Line::new('+', r.iter().map(|c| cut(&c.shown())).collect()));
    }
    let mut text = aligned(&lines);
    if table.rows.len() > MOST_SHOWN {
        let _ = write!(text, "\n    and {} more", table.rows.len() - MOST_SHOWN);
    }
    text
}

struct Line {
    mark: char,
    cells: Vec<String>,
}

impl Line {
    fn new(mark: char, cells: Vec<String>) -> Line {
        Line { mark, cells }
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MOST_LETTERS {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(MOST_LETTERS).collect();
    out.push('…');
    out
}

fn aligned(lines: &[Line]) -> String {
    let columns = lines.iter().map(|l| l.cells.len()).max().unwrap_or(0);
    let width = |i: usize| {
        lines
            .iter()
            .filter_map(|l| l.cells.get(i).map(|c| c.chars().count()))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = Vec::new();
    for l in lines {
        let mut text = format!("  {} ", l.mark);
        for (c, w) in l.cells.iter().zip(&widths) {
            let _ = write!(text, "{c:w$}  ");
        }
        out.push(text.trim_end().to_owned());
    }
    out.join("\n")
}
