//! The formats.

use super::Output;
use super::columnar::Columnar;
use super::progress::Progress;
use crate::args::Format;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use kql_engine::{ResultInfo, Sink, Stats};
use kql_functions::adapter::Any;
use kql_render::{Cells, TextTable, json_cell, plain_cell};
use std::io::{Error, Result, Write};

/// Rows on the screen beyond this are not shown.
const MOST_SHOWN: usize = 10_000;

/// Writes the results of one query.
pub struct Writer<'o> {
    format: Format,
    out: &'o mut Output,
    /// The query's name, where several queries run.
    query: Option<&'o str>,
    columns: Vec<kql_types::ColumnSchema>,
    tables: usize,
    rows: usize,
    table: TextTable,
    text: String,
    columnar: Option<Columnar>,
    progress: Option<Progress>,
}

impl<'o> Writer<'o> {
    /// A writer; with `query` each JSON object names it.
    pub fn new(format: Format, out: &'o mut Output, query: Option<&'o str>) -> Self {
        Writer {
            format,
            out,
            query,
            columns: Vec::new(),
            tables: 0,
            rows: 0,
            table: TextTable::default(),
            text: String::new(),
            columnar: None,
            progress: Progress::new(),
        }
    }

    /// Ends the output of the query.
    pub fn finish(&mut self) -> Result<()> {
        match self.format {
            Format::Json => {
                if self.tables == 0 {
                    self.head();
                }
                self.text.push_str("]}\n");
            }
            Format::Kusto => self.text.push_str(KUSTO_END),
            Format::Html => self.text.push_str("</body>\n</html>\n"),
            _ => {}
        }
        self.write()?;
        self.out.flush()
    }

    fn write(&mut self) -> Result<()> {
        self.out.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }

    fn head(&mut self) {
        self.text.push('{');
        if let Some(q) = self.query {
            self.text.push_str(&format!("\"query\":{},", quoted(q)));
        }
        self.text.push_str("\"tables\":[");
    }

    fn separated(&mut self, columns: &[Any<'_>], rows: usize, separator: char) {
        let mut cell = String::new();
        for row in 0..rows {
            for (i, c) in columns.iter().enumerate() {
                if i > 0 {
                    self.text.push(separator);
                }
                cell.clear();
                plain_cell(c, row, &mut cell);
                field(&cell, separator, &mut self.text);
            }
            self.text.push('\n');
        }
    }
}

const KUSTO_BEGIN: &str =
    "[{\"FrameType\":\"DataSetHeader\",\"IsProgressive\":false,\"Version\":\"v2.0\"}";
const KUSTO_END: &str =
    ",\n{\"FrameType\":\"DataSetCompletion\",\"HasErrors\":false,\"Cancelled\":false}]\n";
const HTML_BEGIN: &str = "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>kql</title>\n<style>\n\
    body { font-family: sans-serif; }\n\
    table { border-collapse: collapse; margin-bottom: 1em; }\n\
    th, td { border: 1px solid #ccc; padding: 2px 6px; text-align: left; white-space: pre-wrap; }\n\
    </style>\n</head>\n<body>\n";

/// Text that is no markup.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

fn quoted(s: &str) -> String {
    serde_json::to_string(s).unwrap_or_else(|_| "\"\"".to_owned())
}

/// A cell of a separated row, quoted where it must be.
fn field(cell: &str, separator: char, out: &mut String) {
    if cell.contains([separator, '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

impl Sink for Writer<'_> {
    fn begin(&mut self, info: &ResultInfo, _schema: &SchemaRef) -> Result<()> {
        self.columns.clone_from(&info.columns);
        self.rows = 0;
        if let Some(p) = &mut self.progress {
            p.clear();
        }
        match self.format {
            Format::Parquet | Format::Arrow => {
                if self.tables > 0 {
                    return Err(Error::other(
                        "a file of this format holds one table, and the query gives several",
                    ));
                }
                let parquet = self.format == Format::Parquet;
                self.columnar = Some(Columnar::new(parquet, &info.columns)?);
            }
            Format::Kusto => {
                if self.tables == 0 {
                    self.text.push_str(KUSTO_BEGIN);
                }
                self.text.push_str(&format!(
                    ",\n{{\"FrameType\":\"DataTable\",\"TableId\":{},\"TableKind\":\"PrimaryResult\",\"TableName\":{},\"Columns\":[",
                    self.tables,
                    quoted(&info.name)
                ));
                for (i, c) in info.columns.iter().enumerate() {
                    let comma = if i > 0 { "," } else { "" };
                    self.text.push_str(&format!(
                        "{comma}{{\"ColumnName\":{},\"ColumnType\":\"{}\"}}",
                        quoted(&c.name),
                        c.ty
                    ));
                }
                self.text.push_str("],\"Rows\":[");
            }
            Format::Html => {
                if self.tables == 0 {
                    self.text.push_str(HTML_BEGIN);
                }
                self.text.push_str("<table>\n<thead><tr>");
                for c in &info.columns {
                    self.text.push_str("<th>");
                    escape(&c.name, &mut self.text);
                    self.text.push_str("</th>");
                }
                self.text.push_str("</tr></thead>\n<tbody>\n");
            }
            Format::Json => {
                if self.tables == 0 {
                    self.head();
                } else {
                    self.text.push(',');
                }
                self.text
                    .push_str(&format!("{{\"name\":{},\"columns\":[", quoted(&info.name)));
                for (i, c) in info.columns.iter().enumerate() {
                    let comma = if i > 0 { "," } else { "" };
                    self.text.push_str(&format!(
                        "{comma}{{\"name\":{},\"type\":\"{}\"}}",
                        quoted(&c.name),
                        c.ty
                    ));
                }
                self.text.push_str("],\"rows\":[");
            }
            Format::Jsonl => {}
            Format::Table => {
                if self.tables > 0 {
                    self.text.push('\n');
                }
                self.table = TextTable::new(&info.columns);
            }
            Format::Csv | Format::Tsv => {
                if self.tables > 0 {
                    self.text.push('\n');
                }
                let separator = if self.format == Format::Csv {
                    ','
                } else {
                    '\t'
                };
                for (i, c) in info.columns.iter().enumerate() {
                    if i > 0 {
                        self.text.push(separator);
                    }
                    field(&c.name, separator, &mut self.text);
                }
                self.text.push('\n');
            }
            Format::Markdown => {
                if self.tables > 0 {
                    self.text.push('\n');
                }
                for c in &info.columns {
                    self.text
                        .push_str(&format!("| {} ", c.name.replace('|', "\\|")));
                }
                self.text.push_str("|\n");
                self.text.push_str(&"| --- ".repeat(info.columns.len()));
                self.text.push_str("|\n");
            }
        }
        self.tables += 1;
        self.write()
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<()> {
        if let Some(p) = &mut self.progress {
            p.clear();
        }
        if let Some(columnar) = &mut self.columnar {
            self.rows += batch.num_rows();
            return columnar.batch(batch, self.out);
        }
        let columns = std::mem::take(&mut self.columns);
        let cells = Cells::new(batch, &columns);
        let any = cells
            .any()
            .ok_or_else(|| Error::other("a column is not of its type"))?;
        let rows = batch.num_rows();
        match self.format {
            Format::Parquet | Format::Arrow => {}
            Format::Html => {
                let mut cell = String::new();
                for row in 0..rows {
                    self.text.push_str("<tr>");
                    for c in &any {
                        cell.clear();
                        plain_cell(c, row, &mut cell);
                        self.text.push_str("<td>");
                        escape(&cell, &mut self.text);
                        self.text.push_str("</td>");
                    }
                    self.text.push_str("</tr>\n");
                }
            }
            Format::Json | Format::Kusto => {
                for row in 0..rows {
                    self.text
                        .push_str(if self.rows + row > 0 { ",[" } else { "[" });
                    for (i, c) in any.iter().enumerate() {
                        if i > 0 {
                            self.text.push(',');
                        }
                        json_cell(c, row, &mut self.text);
                    }
                    self.text.push(']');
                }
            }
            Format::Jsonl => {
                let names: Vec<String> = columns.iter().map(|c| quoted(&c.name)).collect();
                for row in 0..rows {
                    self.text.push('{');
                    if let Some(q) = self.query {
                        self.text.push_str(&format!("\"query\":{},", quoted(q)));
                    }
                    for (i, (c, n)) in any.iter().zip(&names).enumerate() {
                        if i > 0 {
                            self.text.push(',');
                        }
                        self.text.push_str(n);
                        self.text.push(':');
                        json_cell(c, row, &mut self.text);
                    }
                    self.text.push_str("}\n");
                }
            }
            Format::Csv => self.separated(&any, rows, ','),
            Format::Tsv => self.separated(&any, rows, '\t'),
            Format::Markdown => {
                let mut cell = String::new();
                for row in 0..rows {
                    for c in &any {
                        cell.clear();
                        plain_cell(c, row, &mut cell);
                        self.text.push_str(&format!(
                            "| {} ",
                            cell.replace('|', "\\|").replace('\n', " ")
                        ));
                    }
                    self.text.push_str("|\n");
                }
            }
            Format::Table => {
                for row in 0..rows.min(MOST_SHOWN.saturating_sub(self.table.len())) {
                    let cell = |c: &Any<'_>| {
                        let mut t = String::new();
                        plain_cell(c, row, &mut t);
                        let null = t.is_empty() && !matches!(c, Any::String(_));
                        (!null).then_some(t)
                    };
                    self.table.push(any.iter().map(cell).collect());
                }
            }
        }
        self.rows += rows;
        drop(any);
        self.columns = columns;
        if self.text.len() > 1 << 16 {
            self.write()
        } else {
            Ok(())
        }
    }

    fn end(&mut self) -> Result<()> {
        match self.format {
            Format::Json | Format::Kusto => self.text.push_str("]}"),
            Format::Html => self.text.push_str("</tbody>\n</table>\n"),
            Format::Parquet | Format::Arrow => {
                if let Some(columnar) = self.columnar.take() {
                    columnar.end(self.out)?;
                }
            }
            Format::Table => {
                let table = std::mem::take(&mut self.table);
                self.text.push_str(&table.show());
                if self.rows > table.len() {
                    let note = format!(
                        "({} of {} rows are shown; --format csv writes them all)\n",
                        table.len(),
                        self.rows
                    );
                    self.text.push_str(&note);
                }
            }
            _ => {}
        }
        self.write()
    }

    fn progress(&mut self, so_far: &Stats) {
        if let Some(p) = &mut self.progress {
            p.update(so_far);
        }
    }
}
