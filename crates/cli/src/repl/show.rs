//! Results on the screen: as a table, as records, as a chart, or in a format of `kql run`.

use super::run::Held;
use super::state::Repl;
use crate::args::Format;
use crate::output::{Output, Writer, drawing, names};
use crate::screen;
use kql_engine::{Sink, Stats};
use kql_functions::adapter::Any;
use kql_render::chart::Data;
use kql_render::{Cells, Screen, TextTable, plain_cell};
use std::path::Path;

/// Shows results.
pub fn show(repl: &mut Repl, results: &[Held], stats: Option<Stats>) {
    let settings = repl.settings();
    let screen = repl.screen();
    let seconds = stats.filter(|_| settings.timing).map(|s| s.seconds);
    for (i, r) in results.iter().enumerate() {
        if i > 0 {
            screen::print("\n");
        }
        if results.len() > 1 {
            screen::print(&screen.paint("1", &format!("{}\n", r.rows.info.name)));
        }
        let last = i + 1 == results.len();
        let seconds = seconds.filter(|_| last);
        let by_screen = matches!(settings.mode.as_str(), "table" | "record");
        if !by_screen {
            let format = names::of_name(&settings.mode).unwrap_or(Format::Jsonl);
            let written = Output::open(None)
                .and_then(|mut out| write(r, format, &mut out).map_err(|e| e.to_string()));
            if let Err(e) = written {
                repl.fault(&e);
            }
            footer(repl, r, r.kept, seconds);
            continue;
        }
        if settings.charts && drawing::is_drawn(&r.rows.info) && !r.rows.batches.is_empty() {
            match draw(r) {
                Ok(chart) => {
                    screen::print(&chart.text(&screen));
                    footer(repl, r, r.total, seconds);
                    continue;
                }
                Err(why) => eprintln!("note: the rows are shown as a table: {why}"),
            }
        }
        let most = if repl.interactive {
            settings.rows
        } else {
            usize::MAX
        };
        let table = table(r, most);
        let (text, notes) = text(&table, &screen, &settings.mode);
        let lines = text.lines().count() + 3;
        if settings.pager == "auto" && repl.interactive && lines > screen::height() {
            page(r, &screen, &settings.mode);
        } else {
            screen::print(&text);
        }
        for n in notes {
            eprintln!("{n}");
        }
        footer(repl, r, table.len(), seconds);
    }
}

/// The chart of a result.
fn draw(r: &Held) -> Result<kql_render::chart::Chart, String> {
    if r.kept < r.total || r.total > drawing::MOST_ROWS {
        return Err(format!("{} rows are too many to draw", r.total));
    }
    let mut data = Data::new(&r.rows.info.columns);
    for b in &r.rows.batches {
        data.push(b);
    }
    drawing::chart(&r.rows.info, &data)
}

/// The text of a table, and what must be said about it.
fn text(table: &TextTable, screen: &Screen, mode: &str) -> (String, Vec<String>) {
    if mode == "record" {
        return (table.records(screen), Vec::new());
    }
    let fitted = table.fit(screen);
    let mut notes = Vec::new();
    if !fitted.left_out.is_empty() {
        let names = fitted.left_out.join(", ");
        let n = fitted.left_out.len();
        notes.push(format!(
            "note: {n} more {} ({}); .mode record shows all, .page scrolls",
            if n == 1 { "column" } else { "columns" },
            shorten(
                &names,
                screen.width.unwrap_or(80).saturating_sub(60).max(40)
            ),
        ));
    }
    (fitted.text, notes)
}

fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(most).collect();
    out.push_str("...");
    out
}

/// Shows a result whole in the pager, each row on one line.
pub fn page(r: &Held, screen: &Screen, mode: &str) {
    let table = table(r, usize::MAX);
    let wide = Screen {
        width: Some(usize::MAX / 4),
        ..*screen
    };
    let (text, _) = text(&table, if mode == "record" { screen } else { &wide }, mode);
    screen::page(&text);
}

/// The first rows as text.
pub fn table(r: &Held, most: usize) -> TextTable {
    let columns = &r.rows.info.columns;
    let mut table = TextTable::new(columns);
    for batch in &r.rows.batches {
        let cells = Cells::new(batch, columns);
        let Some(any) = cells.any() else { break };
        for row in 0..batch.num_rows() {
            if table.len() >= most {
                return table;
            }
            table.push(any.iter().map(|c| cell(c, row)).collect());
        }
    }
    table
}

fn cell(column: &Any<'_>, row: usize) -> Option<String> {
    let mut text = String::new();
    plain_cell(column, row, &mut text);
    let null = text.is_empty() && !matches!(column, Any::String(_));
    (!null).then_some(text)
}

/// How many rows there are, how many are shown, and how long it took.
fn footer(repl: &Repl, r: &Held, shown: usize, seconds: Option<f64>) {
    let mut text = match r.total {
        1 => "1 row".to_owned(),
        n => format!("{n} rows"),
    };
    if shown < r.total {
        text = format!("{shown} of {text} shown");
    }
    if let Some(s) = seconds {
        text.push_str(&format!(", {s:.3} s"));
    }
    let mut out = format!("({text})");
    if r.kept < r.total {
        out.push_str(
            "\nnote: the result is too large to keep, and `_` is empty; `kql run -o FILE` writes it",
        );
    } else if shown < r.total {
        out.push_str("\nnote: .page shows all, .save FILE writes all, .set rows N shows more");
    }
    if repl.interactive {
        screen::print(&repl.screen().paint("2", &out));
        screen::print("\n");
    }
}

/// Writes a result in a format.
pub fn write(r: &Held, format: Format, out: &mut Output) -> std::io::Result<()> {
    let mut writer = Writer::new(format, out, None);
    let fields: Vec<arrow::datatypes::Field> = Vec::new();
    let schema = r.rows.batches.first().map_or_else(
        || std::sync::Arc::new(arrow::datatypes::Schema::new(fields)),
        arrow::array::RecordBatch::schema,
    );
    writer.begin(&r.rows.info, &schema)?;
    for b in &r.rows.batches {
        writer.batch(b)?;
    }
    writer.end()?;
    writer.finish()
}

/// Writes a result to a file, in the format of the file's name.
pub fn save(r: &Held, path: &Path) -> Result<(), String> {
    if r.kept < r.total {
        return Err("the result is too large to keep: `kql run -o FILE` writes it".to_owned());
    }
    let format = names::of_file(path)?.ok_or_else(|| {
        let known = names::endings();
        format!("{}: the name says no format ({known})", path.display())
    })?;
    let mut out = Output::open(Some(path))?;
    write(r, format, &mut out).map_err(|e| format!("{}: {e}", path.display()))?;
    out.keep().map_err(|e| format!("{}: {e}", path.display()))
}
