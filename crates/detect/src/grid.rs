//! Rows as people write them into a test: comma-separated lines or a table with bars.
//!
//! Blanks around a cell do not count unless it is in quotes, so that columns may be aligned. `name:type` in the first line
//! gives a type.

use kql_types::Type;

/// Rows of texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) columns: Vec<(String, Option<Type>)>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// Reads a text; a fault has the line within it, from 0.
pub(crate) fn read(text: &str) -> Result<Grid, (usize, String)> {
    let bars = text.trim_start().starts_with('|');
    let mut records = if bars { barred(text) } else { separated(text)? };
    if records.is_empty() {
        return Err((0, "the first line must name the columns".to_owned()));
    }
    let (_, names) = records.remove(0);
    let mut grid = Grid::default();
    for name in names {
        grid.columns.push(match name.rsplit_once(':') {
            Some((n, t)) => match Type::from_name(t.trim()) {
                Some(t) => (n.trim().to_owned(), Some(t)),
                None => return Err((0, format!("`{}` is no type", t.trim()))),
            },
            None => (name, None),
        });
    }
    for (line, row) in records {
        if row.len() != grid.columns.len() {
            return Err((
                line,
                format!(
                    "the row has {} cells, and the first line names {} columns",
                    row.len(),
                    grid.columns.len()
                ),
            ));
        }
        grid.rows.push(row);
    }
    Ok(grid)
}

/// `| a | b |` lines; a line of dashes is no row, and `\|` is a bar.
fn barred(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut out = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        let Some(line) = line.strip_prefix('|') else {
            continue;
        };
        let line = line.strip_suffix('|').unwrap_or(line);
        if !line.is_empty() && line.chars().all(|c| "-:| ".contains(c)) && line.contains('-') {
            continue;
        }
        let mut cells = vec![String::new()];
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' if chars.peek() == Some(&'|') => {
                    chars.next();
                    cells.last_mut().map(|t| t.push('|')).unwrap_or_default();
                }
                '|' => cells.push(String::new()),
                c => cells.last_mut().map(|t| t.push(c)).unwrap_or_default(),
            }
        }
        out.push((i, cells.iter().map(|c| c.trim().to_owned()).collect()));
    }
    out
}

fn separated(text: &str) -> Result<Vec<(usize, Vec<String>)>, (usize, String)> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    let mut line = 0;
    while chars.peek().is_some() {
        let first = line;
        let mut row = Vec::new();
        let mut end = false;
        while !end {
            while chars.next_if(|c| *c == ' ' || *c == '\t').is_some() {}
            let mut cell = String::new();
            let quoted = chars.next_if_eq(&'"').is_some();
            if quoted {
                loop {
                    match chars.next() {
                        Some('"') if chars.next_if_eq(&'"').is_some() => cell.push('"'),
                        Some('"') => break,
                        Some(c) => {
                            line += usize::from(c == '\n');
                            cell.push(c);
                        }
                        None => return Err((first, "a quote has no end".to_owned())),
                    }
                }
            }
            loop {
                match chars.next() {
                    Some(',') => break,
                    Some('\n') | None => {
                        line += 1;
                        end = true;
                        break;
                    }
                    Some(c) if quoted && !c.is_whitespace() => {
                        return Err((line, "a text stands behind a closing quote".to_owned()));
                    }
                    Some(c) => cell.push(c),
                }
            }
            row.push(if quoted {
                cell.trim_end_matches([' ', '\t', '\r']).to_owned()
            } else {
                cell.trim().to_owned()
            });
        }
        // Empty lines and comments are no rows.
        let blank = matches!(row.as_slice(), [only] if only.is_empty());
        let comment = row.first().is_some_and(|c| c.starts_with("# "));
        if !blank && !comment {
            out.push((first, row));
        }
    }
    Ok(out)
}

impl Grid {
    /// As strict comma-separated text.
    pub(crate) fn csv(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(n, _)| n.as_str()).collect();
        let mut out = line(names.into_iter());
        for r in &self.rows {
            out.push_str(&line(r.iter().map(String::as_str)));
        }
        out
    }
}

/// One line of comma-separated text.
fn line<'c>(cells: impl Iterator<Item = &'c str>) -> String {
    let cells: Vec<String> = cells.map(quoted).collect();
    let mut text = cells.join(",");
    if text.is_empty() {
        text.push_str("\"\"");
    }
    text.push('\n');
    text
}

/// A cell as it stands in such a text.
pub(crate) fn quoted(cell: &str) -> String {
    let plain = cell.trim() == cell
        && !cell.starts_with("# ")
        && !cell.contains([',', '"', '\n', '\r', '|']);
    if plain {
        cell.to_owned()
    } else {
        format!("\"{}\"", cell.replace('"', "\"\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_are_alike() {
        let a = read("a:long, b\n 1 , \"x, y\"\n\n# why\n2,\n").unwrap();
        let b = read("| a:long | b    |\n|---|---|\n| 1 | x, y |\n| 2 |  |\n").unwrap();
        assert_eq!(a, b);
        assert_eq!(a.csv(), "a,b\n1,\"x, y\"\n2,\n");
        assert_eq!(read("a,b\n1\n").unwrap_err().0, 1);
        assert_eq!(read("a\n\"x\"\"\ny\"\n").unwrap().rows, [["x\"\ny"]]);
        assert!(read("a:strin\n1").is_err());
        assert!(read("").is_err());
    }
}
