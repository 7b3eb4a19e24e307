//! What the prompt remembers.

use super::definitions::{Definitions, without_preamble};
use super::run::{self, Held, Outcome};
use super::settings::Settings;
use super::show;
use crate::args::SessionArgs;
use crate::{diagnostics, input};
use kql_engine::Session;
use kql_render::Screen;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// What the editor looks at too, to complete names.
pub struct Shared {
    /// The session.
    pub session: Arc<Session>,
    /// What `let` defined.
    pub definitions: Definitions,
    /// Settings.
    pub settings: Settings,
}

/// The state of a prompt.
pub struct Repl {
    /// The arguments, with what commands added.
    pub args: SessionArgs,
    /// Session, definitions, settings.
    pub shared: Rc<RefCell<Shared>>,
    /// The results of the last query.
    pub last: Vec<Held>,
    /// The last query's text.
    pub last_text: String,
    /// Whether somebody types.
    pub interactive: bool,
    /// Whether something failed, for scripts.
    pub failed: bool,
    /// The history, as far as `.history` asked for it.
    pub history: Vec<String>,
    /// Scripts inside each other.
    pub depth: usize,
}

impl Repl {
    /// The session at hand.
    pub fn session(&self) -> Arc<Session> {
        Arc::clone(&self.shared.borrow().session)
    }

    /// The settings at hand.
    pub fn settings(&self) -> Settings {
        self.shared.borrow().settings.clone()
    }

    /// What the terminal shows.
    pub fn screen(&self) -> Screen {
        crate::screen::screen(&self.shared.borrow().settings.color)
    }

    /// Opens the session anew with other arguments; they count only when that works.
    pub fn reopen(&mut self, args: SessionArgs) -> Result<(), String> {
        let session = input::resolved_session(&args, &[])?;
        self.args = args;
        self.shared.borrow_mut().session = Arc::new(session);
        self.hold_last();
        Ok(())
    }

    /// Says what went wrong.
    pub fn fault(&mut self, message: &str) {
        self.failed = true;
        diagnostics::fault(message);
    }

    /// Makes the last result the table `_`; only a whole one.
    fn hold_last(&mut self) {
        let session = self.session();
        let fault = match self.last.last() {
            Some(r) if r.kept == r.total => session.workspace().hold("_", &r.rows).err(),
            _ => {
                session.workspace().release("_");
                None
            }
        };
        if let Some(fault) = fault {
            self.fault(&fault);
        }
    }

    /// Runs a text that is no command.
    pub fn query(&mut self, text: &str) {
        if let Some(defined) = Definitions::read(text) {
            self.define(text, defined);
            return;
        }
        let outcome = self.run(text);
        self.take(text, outcome);
    }

    /// Runs a text with what it uses of the session's definitions.
    pub fn run(&mut self, text: &str) -> Outcome {
        let preamble = self.shared.borrow().definitions.preamble(text);
        if self.args.now.is_none() {
            // The clock goes on between two queries.
            let mut shared = self.shared.borrow_mut();
            Arc::make_mut(&mut shared.session).set_now(kql_engine::now());
        }
        let mut outcome = run::run(&self.session(), format!("{preamble}{text}"));
        without_preamble(
            preamble.len(),
            &mut outcome.diagnostics,
            &mut outcome.sources,
        );
        outcome
    }

    /// Shows what a run gave and keeps it.
    fn take(&mut self, text: &str, outcome: Outcome) {
        diagnostics::print(
            &outcome.diagnostics,
            &outcome.sources,
            self.args.diagnostics,
        );
        if outcome.cancelled {
            self.failed = true;
            // The line has what the terminal made of Ctrl-C.
            let clean = if self.interactive && !crate::screen::is_dumb() {
                "\r\x1b[2K"
            } else {
                ""
            };
            eprintln!("{clean}cancelled");
            return;
        }
        text.clone_into(&mut self.last_text);
        let Some(stats) = outcome.stats else {
            self.failed = true;
            return;
        };
        show::show(self, &outcome.results, Some(stats));
        self.last = outcome.results;
        self.hold_last();
        if self.settings().trace {
            super::explain::trace(self, text);
        }
    }

    /// Takes definitions over when they bind.
    fn define(&mut self, text: &str, defined: super::definitions::Defined) {
        let mut next = self.shared.borrow().definitions.clone();
        let names = defined.names.clone();
        next.add(defined);
        let whole = format!("{}print 1", next.preamble(&names.join(" ")));
        let prepared = self.session().prepare(&whole, "query");
        if prepared.error().is_some() {
            // The places of the text as it was typed say more.
            let before = self.shared.borrow().definitions.preamble(text);
            let own = format!(
                "{before}{}\n;print 1",
                text.trim_end().trim_end_matches(';')
            );
            let again = self.session().prepare(&own, "query");
            let mut found = again.diagnostics;
            let mut sources = again.sources;
            if !found.iter().any(kql_diag::Diagnostic::is_error) {
                found = prepared.diagnostics;
                sources = prepared.sources;
            } else {
                without_preamble(before.len(), &mut found, &mut sources);
            }
            diagnostics::print(&found, &sources, self.args.diagnostics);
            self.failed = true;
            return;
        }
        self.shared.borrow_mut().definitions = next;
        if self.interactive && !names.is_empty() {
            eprintln!("defined {}", names.join(", "));
        }
    }
}
