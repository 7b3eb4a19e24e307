//! `kql repl`: a query ends with an empty line or `;`.

use crate::args::{Format, SessionArgs};
use crate::output::{Output, Writer};
use crate::{diagnostics, input};
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

/// Reads queries until the end of the input.
pub fn repl(args: &SessionArgs) -> u8 {
    let session = match input::session(args, &[]) {
        Ok(s) => s,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let mut editor = match DefaultEditor::new() {
        Ok(e) => e,
        Err(e) => {
            diagnostics::fault(&format!("the terminal cannot be used: {e}"));
            return 2;
        }
    };
    let mut text = String::new();
    loop {
        match editor.readline(if text.is_empty() { "kql> " } else { "...> " }) {
            Ok(line) if text.is_empty() && matches!(line.trim(), ".quit" | ".exit") => return 0,
            Ok(line) => {
                let ends = line.trim().is_empty() || line.trim_end().ends_with(';');
                text.push_str(&line);
                text.push('\n');
                if !ends {
                    continue;
                }
                let query = std::mem::take(&mut text);
                if query.trim().is_empty() {
                    continue;
                }
                let _ = editor.add_history_entry(query.trim_end());
                let prepared = session.prepare(&query, "query");
                diagnostics::print(&prepared.diagnostics, &prepared.sources, args.diagnostics);
                if prepared.error().is_some() {
                    continue;
                }
                let Ok(mut out) = Output::open(None) else {
                    return 2;
                };
                let mut writer = Writer::new(Format::Table, &mut out, None);
                match session.run(&prepared, &mut writer) {
                    Ok(_) => {
                        if writer.finish().is_err() {
                            return 1;
                        }
                    }
                    Err(d) => diagnostics::print(&[d], &prepared.sources, args.diagnostics),
                }
            }
            Err(ReadlineError::Interrupted) => text.clear(),
            Err(ReadlineError::Eof) => return 0,
            Err(e) => {
                diagnostics::fault(&e.to_string());
                return 1;
            }
        }
    }
}
