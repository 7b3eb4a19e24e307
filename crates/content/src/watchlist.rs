//! Watchlists of templates as functions: their rows are a `datatable` of strings.

use crate::document::Watchlist;

impl Watchlist {
    /// The rows as KQL, with the column `SearchKey` in front.
    pub fn datatable(&self) -> String {
        let rows = rows(&self.content);
        let mut rows = rows.iter();
        let empty = Vec::new();
        let header = rows.next().unwrap_or(&empty);
        let key = header.iter().position(|c| c.trim() == self.search_key);
        let mut columns = vec!["['SearchKey']:string".to_owned()];
        columns.extend(
            header
                .iter()
                .map(|c| format!("[{}]:string", literal(c.trim()))),
        );
        let mut cells: Vec<String> = Vec::new();
        for row in rows.filter(|r| r.iter().any(|c| !c.is_empty())) {
            let cell = |i: usize| row.get(i).map_or("", String::as_str);
            cells.push(literal(key.map_or("", cell)));
            cells.extend((0..header.len()).map(|i| literal(cell(i))));
        }
        format!("datatable({})[{}]", columns.join(", "), cells.join(", "))
    }
}

/// A string of KQL.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// The cells of comma-separated text.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                out.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        out.push(row);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_a_datatable() {
        let w = Watchlist {
            alias: "W".to_owned(),
            search_key: "b".to_owned(),
            content: "a,b\r\n\"1,\"\"2\"\"\",x'y\n,\n3\n".to_owned(),
        };
        assert_eq!(
            w.datatable(),
            "datatable(['SearchKey']:string, ['a']:string, ['b']:string)['x\\'y', '1,\"2\"', 'x\\'y', '', '3', '']"
        );
    }
}
