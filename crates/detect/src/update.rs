//! Expectations written anew, in place: nothing else of a test file changes.

use crate::check::{has_fired, header};
use crate::entities;
use crate::fixture::Form;
use crate::grid::quoted;
use crate::outcome::{Outcome, Table};
use crate::run::{Report, Verdict};
use crate::suite::Case;
use kql_content::Rule;
use kql_types::Type;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// A new expectation.
#[derive(Debug, Clone)]
pub(crate) struct Rewrite {
    /// Line from 1 and column from 0 of `expect`, or of the test's first name.
    place: (usize, usize),
    /// Whether `expect` is written.
    written: bool,
    /// The lines behind `expect:`, without their indentation; the first stands on the line itself.
    lines: Vec<String>,
}

/// What the test should expect, as it asks for it; none where that cannot be written.
pub(crate) fn rewrite(case: &Case, outcome: &Outcome, rule: Option<&Rule>) -> Option<Rewrite> {
    let expect = &case.expect;
    let lines = match outcome {
        Outcome::Errors(found, _) => {
            let first = found.first()?;
            vec![String::new(), format!("error: {}", first.code)]
        }
        Outcome::Rows(table) => {
            let mut parts: Vec<String> = vec![String::new()];
            if expect.fires.is_some() {
                let fires = has_fired(rule, table.rows.len());
                let plain =
                    expect.rows.is_none() && expect.count.is_none() && expect.entities.is_none();
                if plain && expect.columns.is_none() {
                    let word = if fires { " fires" } else { " silent" };
                    return Some(Rewrite {
                        place: case.place,
                        written: case.written,
                        lines: vec![word.to_owned()],
                    });
                }
                parts.push(format!("fires: {fires}"));
            }
            if expect.count.is_some() {
                parts.push(format!("count: {}", table.rows.len()));
            }
            if expect.columns.is_some() {
                parts.push(format!("columns: {}", header(&table.columns)));
            }
            if let (Some(_), Some(rule)) = (&expect.entities, rule) {
                parts.push("entities:".to_owned());
                let all = entities::of(rule, table);
                parts.extend(all.iter().map(|e| format!("  - {}", e.shown())));
            }
            if expect.ordered {
                parts.push("ordered: true".to_owned());
            }
            if expect.rows.is_some() || expect.is_empty() || expect.error.is_some() {
                parts.extend(rows(case, table)?);
            }
            parts
        }
    };
    Some(Rewrite {
        place: case.place,
        written: case.written,
        lines,
    })
}

/// `rows: |` with the columns that the test names, or all of them.
fn rows(case: &Case, table: &Table) -> Option<Vec<String>> {
    if table.rows.is_empty() {
        return Some(vec!["rows: []".to_owned()]);
    }
    let named: Vec<String> = match case.expect.rows.as_ref().map(|r| &r.form) {
        Some(Form::Grid(g)) => g.columns.iter().map(|(n, _)| n.clone()).collect(),
        Some(Form::Objects(list)) => {
            let first = list.first().and_then(serde_json::Value::as_object);
            first.map_or_else(Vec::new, |o| o.keys().cloned().collect())
        }
        // Rows of a file and of a query are not ours to write.
        Some(Form::File(_) | Form::Kql(_)) => return None,
        None => Vec::new(),
    };
    let mut places: Vec<usize> = named.iter().filter_map(|n| table.place(n)).collect();
    if places.is_empty() {
        // Of a table with all of its known columns, those that say something.
        let says = |i: &usize| {
            let mut cells = table.rows.iter().filter_map(|r| r.get(*i));
            cells.any(|c| !c.plain.is_empty())
        };
        places = (0..table.columns.len()).filter(says).collect();
    }
    let cell = |row: &[crate::outcome::Cell], i: &usize| {
        row.get(*i).map_or_else(String::new, |c| quoted(&c.plain))
    };
    let names = places.iter().filter_map(|i| table.columns.get(*i));
    let head: Vec<String> = names
        .map(|c| match c.ty {
            Type::String => quoted(&c.name),
            t => quoted(&format!("{}:{t}", c.name)),
        })
        .collect();
    let mut grid = vec![head];
    for r in &table.rows {
        grid.push(places.iter().map(|i| cell(r, i)).collect());
    }
    let width = |i: usize| {
        let cells = grid.iter().filter_map(|r| r.get(i));
        cells.map(|c| c.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..places.len()).map(width).collect();
    let mut out = vec!["rows: |".to_owned()];
    for r in &grid {
        let mut line = String::from("  ");
        for (i, (c, w)) in r.iter().zip(&widths).enumerate() {
            let comma = if i + 1 < r.len() { "," } else { "" };
            let _ = write!(line, "{:w$} ", format!("{c}{comma}"), w = w + comma.len());
        }
        // A row of one empty cell would be no row.
        let line = line.trim_end();
        out.push(if line.is_empty() {
            "  \"\"".to_owned()
        } else {
            line.to_owned()
        });
    }
    Some(out)
}

/// Writes the new expectations into their files; the reports of what was written say so.
///
/// # Errors
/// A file cannot be written.
pub fn write(reports: &mut [Report]) -> Result<usize, String> {
    let mut files: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, r) in reports.iter().enumerate() {
        if r.rewrite.is_some() {
            files.entry(r.file.clone()).or_default().push(i);
        }
    }
    let mut written = 0;
    for (file, places) in files {
        let io = |e: std::io::Error| format!("{file}: {e}");
        let text = std::fs::read_to_string(&file).map_err(io)?;
        let ends = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut rewrites: Vec<(usize, Rewrite)> = places
            .iter()
            .filter_map(|i| Some((*i, reports.get(*i)?.rewrite.clone()?)))
            .collect();
        // From below, so that the places above stay right.
        rewrites.sort_by_key(|(_, r)| std::cmp::Reverse(r.place));
        let mut done = Vec::new();
        for (i, r) in rewrites {
            if apply(&mut lines, &r) {
                done.push(i);
            }
        }
        let new = lines.join(ends) + ends;
        let beside = Path::new(&file).with_extension("yaml.new");
        std::fs::write(&beside, new).map_err(io)?;
        std::fs::rename(&beside, &file).map_err(io)?;
        for i in done {
            if let Some(r) = reports.get_mut(i) {
                r.verdict = Verdict::Updated;
                written += 1;
            }
        }
    }
    Ok(written)
}

/// False: the expectation does not stand on lines of its own.
fn apply(lines: &mut Vec<String>, r: &Rewrite) -> bool {
    let (line, column) = r.place;
    let Some(first) = line.checked_sub(1).and_then(|l| lines.get(l)) else {
        return false;
    };
    // What stands before the word on its line: blanks, or the dash of a list.
    let Some((byte, _)) = first.char_indices().nth(column) else {
        return false;
    };
    let (before, rest) = first.split_at(byte);
    if !before.chars().all(|c| c == ' ' || c == '-') {
        return false;
    }
    let indent = " ".repeat(column);
    let mut new = Vec::new();
    let mut end = line;
    if r.written {
        if !rest.starts_with("expect:") {
            return false;
        }
        while lines.get(end).is_some_and(|l| belongs(l, column)) {
            end += 1;
        }
        // Blank lines and comments behind it are not its own.
        while end > line
            && lines.get(end - 1).is_some_and(|l| {
                let t = l.trim_start();
                t.is_empty() || (t.starts_with('#') && l.len() - t.len() <= column)
            })
        {
            end -= 1;
        }
        new.push(format!("{before}expect:{}", first_of(r)));
    } else {
        // Behind the whole test.
        while lines.get(end).is_some_and(|l| {
            belongs(l, column)
                || (l.len() - l.trim_start().len() == column && !l.trim_start().starts_with("- "))
        }) {
            end += 1;
        }
        while end > line && lines.get(end - 1).is_some_and(|l| l.trim().is_empty()) {
            end -= 1;
        }
        new.push(format!("{indent}expect:{}", first_of(r)));
    }
    for l in r.lines.iter().skip(1) {
        new.push(format!("{indent}  {l}"));
    }
    let from = if r.written { line - 1 } else { end };
    lines.splice(from..end, new);
    true
}

fn first_of(r: &Rewrite) -> &str {
    r.lines.first().map_or("", String::as_str)
}

/// Whether a line is inside of what begins at a column: it stands further in, or is empty.
fn belongs(line: &str, column: usize) -> bool {
    let t = line.trim_start();
    t.is_empty() || line.len() - t.len() > column
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, place: (usize, usize), written: bool, new: &[&str]) -> Option<String> {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let r = Rewrite {
            place,
            written,
            lines: new.iter().map(|l| (*l).to_owned()).collect(),
        };
        apply(&mut lines, &r).then(|| lines.join("\n"))
    }

    #[test]
    fn only_the_expectation_changes() {
        let text = "query: T\ntests:\n  - name: a\n    expect:\n      rows: |\n        x\n        1\n\n  # why\n  - expect: fires\n    name: b";
        assert_eq!(
            after(text, (4, 4), true, &["", "count: 2"]).unwrap(),
            "query: T\ntests:\n  - name: a\n    expect:\n      count: 2\n\n  # why\n  - expect: fires\n    name: b"
        );
        assert_eq!(
            after(text, (10, 4), true, &[" silent"]).unwrap(),
            text.replace("fires", "silent")
        );
        assert_eq!(
            after("query: T\nnow: x\n", (1, 0), false, &[" silent"]).unwrap(),
            "query: T\nnow: x\nexpect: silent"
        );
        assert_eq!(
            after(
                "tests:\n- name: a\n  now: x\n\n- name: b",
                (2, 2),
                false,
                &[" fires"]
            )
            .unwrap(),
            "tests:\n- name: a\n  now: x\n  expect: fires\n\n- name: b"
        );
        assert!(after("- {name: a, expect: fires}", (1, 12), true, &[" x"]).is_none());
    }
}
