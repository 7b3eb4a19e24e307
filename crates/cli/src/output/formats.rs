//! The formats.

use super::Output;
use super::columnar::Columnar;
use super::drawing;
use super::progress::Progress;
use crate::args::Format;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use kql_engine::{ResultInfo, Sink, Stats};
use kql_functions::adapter::Any;
use kql_render::chart::{Data, PAGE_STYLE, escape};
use kql_render::{Cells, Screen, TextTable, json_cell, plain_cell};
use kql_types::Type;
use std::io::{Error, Result, Write};

/// Rows of a table beyond this are not shown.
const MOST_SHOWN: usize = 10_000;
/// The same on a terminal.
const MOST_ON_TERMINAL: usize = 1_000;

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
    /// What `render` said of the result at hand, and its rows, where they are drawn.
    drawing: Option<(ResultInfo, Data)>,
    screen: Screen,
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
            drawing: None,
            screen: crate::screen::screen("auto"),
            progress: Progress::new(),
        }
    }

    /// The rows of the last result.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The most rows that a table shows.
    fn most_shown(&self) -> usize {
        if self.screen.width.is_some() && !self.out.is_file() {
            MOST_ON_TERMINAL
        } else {
            MOST_SHOWN
        }
    }

    /// Whether a result is drawn rather than written.
    fn draws(&self, info: &ResultInfo) -> bool {
        let wanted = match self.format {
            Format::Chart | Format::Svg | Format::Png | Format::Html => true,
            Format::Table => self.screen.width.is_some() && !self.out.is_file(),
            _ => false,
        };
        wanted && drawing::is_drawn(info)
    }

    /// The chart of the result at hand; none where its rows are shown instead, with the reason as a note.
    fn chart(&mut self) -> Option<kql_render::chart::Chart> {
        let (info, data) = self.drawing.take()?;
        let drawn = if data.rows.len() < self.rows {
            Err(format!("{} rows are too many to draw", self.rows))
        } else {
            drawing::chart(&info, &data)
        };
        match drawn {
            Ok(chart) => Some(chart),
            Err(why) => {
                eprintln!("note: the rows are shown as a table: {why}");
                None
            }
        }
    }

    /// The table at hand as text, with what is worth knowing about it.
    fn put_table(&mut self) {
        let table = std::mem::take(&mut self.table);
        let screen = if self.out.is_file() {
            Screen::default()
        } else {
            self.screen
        };
        if self.format == Format::Record {
            self.text.push_str(&table.records(&screen));
        } else {
            let fitted = table.fit(&screen);
            self.text.push_str(&fitted.text);
            if !fitted.left_out.is_empty() {
                self.text.push_str(&format!(
                    "(columns that did not fit: {}; --format record shows all)\n",
                    fitted.left_out.join(", ")
                ));
            }
        }
        if self.rows > table.len() {
            let note = format!(
                "({} of {} rows are shown; --format csv writes them all)\n",
                table.len(),
                self.rows
            );
            self.text.push_str(&note);
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
const HTML_BEGIN: &str = "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n";

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
        self.drawing = self
            .draws(info)
            .then(|| (info.clone(), Data::new(&info.columns)));
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
                    self.text.push_str("<title>");
                    escape(&drawing::title(info), &mut self.text);
                    self.text.push_str("</title>\n<style>\n");
                    self.text.push_str(PAGE_STYLE);
                    self.text.push_str("</style>\n</head>\n<body>\n");
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
            Format::Table | Format::Record | Format::Chart => {
                if self.tables > 0 {
                    self.text.push('\n');
                }
                self.table = TextTable::new(&info.columns);
            }
            Format::Svg | Format::Png if self.drawing.is_none() => {
                let fault = "a picture requires `render` with a chart at the end of the query";
                return Err(Error::other(fault));
            }
            Format::Svg | Format::Png if self.tables > 0 => {
                return Err(Error::other(
                    "a picture shows one result, and the query gives several",
                ));
            }
            Format::Svg | Format::Png => {}
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
        if let Some((_, data)) = &mut self.drawing
            && data.rows.len() < drawing::MOST_ROWS
        {
            data.push(batch);
        }
        let columns = std::mem::take(&mut self.columns);
        let cells = Cells::new(batch, &columns);
        let any = cells
            .any()
            .ok_or_else(|| Error::other("a column is not of its type"))?;
        let rows = batch.num_rows();
        match self.format {
            Format::Parquet | Format::Arrow | Format::Svg | Format::Png => {}
            Format::Html => {
                let mut cell = String::new();
                for row in 0..rows {
                    self.text.push_str("<tr>");
                    for (c, column) in any.iter().zip(&columns) {
                        cell.clear();
                        plain_cell(c, row, &mut cell);
                        let null = cell.is_empty() && !matches!(c, Any::String(_));
                        self.text.push_str(match column.ty {
                            _ if null => "<td class=\"null\">",
                            Type::Int | Type::Long | Type::Real | Type::Decimal => {
                                "<td class=\"n\">"
                            }
                            Type::Dynamic => "<td class=\"d\">",
                            _ => "<td>",
                        });
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
            Format::Table | Format::Record | Format::Chart => {
                for row in 0..rows.min(self.most_shown().saturating_sub(self.table.len())) {
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
            Format::Html => {
                self.text.push_str("</tbody>\n</table>\n");
                if let Some(chart) = self.chart() {
                    self.text.push_str("<figure>\n");
                    self.text.push_str(&chart.svg());
                    for n in &chart.notes {
                        self.text.push_str("<figcaption>note: ");
                        escape(n, &mut self.text);
                        self.text.push_str("</figcaption>\n");
                    }
                    self.text.push_str("</figure>\n");
                }
            }
            Format::Svg | Format::Png => match self.chart() {
                Some(chart) => {
                    for n in &chart.notes {
                        eprintln!("note: {n}");
                    }
                    if self.format == Format::Png {
                        let picture = chart.png().map_err(Error::other)?;
                        self.out.write_all(&picture)?;
                    } else {
                        self.text.push_str(&chart.svg());
                    }
                }
                None => return Err(Error::other("the rows cannot be drawn")),
            },
            Format::Parquet | Format::Arrow => {
                if let Some(columnar) = self.columnar.take() {
                    columnar.end(self.out)?;
                }
            }
            Format::Table | Format::Record | Format::Chart => match self.chart() {
                Some(chart) => {
                    let screen = if self.out.is_file() {
                        Screen::default()
                    } else {
                        self.screen
                    };
                    self.text.push_str(&chart.text(&screen));
                }
                None => self.put_table(),
            },
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
