//! `kql repl`: the prompt, and scripts of queries from standard input.

mod arguments;
mod complete;
mod definitions;
mod dot;
mod editor;
mod explain;
mod help;
mod highlight;
mod management;
mod operators;
mod place;
mod run;
mod settings;
mod show;
mod state;
mod whole;

use crate::args::SessionArgs;
use crate::{diagnostics, input, workspace};
use dot::Next;
use editor::Editing;
use rustyline::error::ReadlineError;
use rustyline::history::{FileHistory, History, SearchDirection};
use rustyline::{CompletionType, Config, Editor};
use settings::Settings;
use state::{Repl, Shared};
use std::cell::RefCell;
use std::io::{IsTerminal, Read};
use std::rc::Rc;
use std::sync::Arc;

/// Scripts inside each other.
const MOST_DEPTH: usize = 16;
/// Offers beyond which Tab asks before it lists them.
const MANY_OFFERS: usize = 100;

/// Reads queries until the end of the input.
pub fn repl(args: &SessionArgs) -> u8 {
    let opened = workspace::with_workspace(args)
        .and_then(|a| input::resolved_session(&a, &[]).map(|s| (a, s)));
    let (args, session) = match opened {
        Ok(o) => o,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let interactive = std::io::stdin().is_terminal();
    let (settings, fault) = if interactive {
        Settings::load()
    } else {
        // A script gives the same answer for everybody.
        (Settings::default(), None)
    };
    if let Some(fault) = fault {
        eprintln!("note: {fault}");
    }
    let mut repl = Repl {
        args,
        shared: Rc::new(RefCell::new(Shared {
            session: Arc::new(session),
            definitions: definitions::Definitions::default(),
            settings,
        })),
        last: Vec::new(),
        last_text: String::new(),
        interactive,
        failed: false,
        history: Vec::new(),
        depth: 0,
    };
    if interactive {
        prompt(&mut repl)
    } else {
        let mut script = String::new();
        if let Err(e) = std::io::stdin().read_to_string(&mut script) {
            diagnostics::fault(&format!("standard input cannot be read: {e}"));
            return 2;
        }
        run_script(&mut repl, &script);
        u8::from(repl.failed)
    }
}

/// Runs one text: a command or a query.
fn run_text(repl: &mut Repl, text: &str) -> Next {
    if whole::is_command(text) {
        return dot::run(repl, text);
    }
    if whole::scan(text).anything {
        repl.query(text.trim_end());
    }
    Next::On
}

fn run_script(repl: &mut Repl, script: &str) -> Next {
    let script = script.strip_prefix('\u{feff}').unwrap_or(script);
    for (_, text) in whole::split(script) {
        if run_text(repl, &text) == Next::Quit {
            return Next::Quit;
        }
    }
    Next::On
}

/// `.read FILE`
fn read(repl: &mut Repl, file: String) {
    if file.is_empty() {
        return repl.fault("a file is missing: .read FILE");
    }
    if repl.depth >= MOST_DEPTH {
        return repl.fault(&format!("{file}: scripts read each other without end"));
    }
    match std::fs::read_to_string(&file) {
        Ok(script) => {
            repl.depth += 1;
            run_script(repl, &script);
            repl.depth -= 1;
        }
        Err(e) => repl.fault(&format!("{file}: {e}")),
    }
}

fn prompt(repl: &mut Repl) -> u8 {
    let settings = repl.settings();
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .completion_prompt_limit(MANY_OFFERS)
        .max_history_size(settings.history)
        .map(rustyline::config::Builder::build);
    let editor = config.and_then(Editor::<Editing, FileHistory>::with_config);
    let mut editor = match editor {
        Ok(e) => e,
        Err(e) => {
            diagnostics::fault(&format!("the terminal cannot be used: {e}"));
            return 2;
        }
    };
    // From here on Ctrl-C ends a query, never the prompt.
    run::listen();
    let file = settings::history_file();
    if let Some(file) = &file {
        // There is none the first time.
        let _ = editor.load_history(file);
    }
    let tables = repl.session().workspace().names().len();
    let what = match tables {
        0 => "no tables yet: .load PATH".to_owned(),
        1 => "1 table".to_owned(),
        n => format!("{n} tables"),
    };
    eprintln!(
        "kql {}, {what}; .help helps, an empty line or `;` runs a query",
        env!("CARGO_PKG_VERSION")
    );
    loop {
        editor.set_helper(Some(Editing {
            shared: Rc::clone(&repl.shared),
            color: repl.screen().color,
        }));
        match editor.readline("kql> ") {
            Ok(text) => {
                if text.trim().is_empty() {
                    continue;
                }
                let added = editor.add_history_entry(text.trim_end());
                if let (Some(file), Ok(true)) = (&file, added)
                    && let Err(e) = editor.append_history(file)
                {
                    diagnostics::fault(&format!("{}: {e}", file.display()));
                }
                if text.trim_start().starts_with(".history") {
                    repl.history = entries(&editor);
                }
                if run_text(repl, &text) == Next::Quit {
                    return 0;
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return 0,
            Err(e) => {
                diagnostics::fault(&e.to_string());
                return 1;
            }
        }
    }
}

fn entries(editor: &Editor<Editing, FileHistory>) -> Vec<String> {
    let history = editor.history();
    (0..history.len())
        .filter_map(|i| history.get(i, SearchDirection::Forward).ok().flatten())
        .map(|r| r.entry.into_owned())
        .collect()
}
