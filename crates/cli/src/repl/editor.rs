//! The line editor: Enter, Tab, hints and colours.

use super::complete::{self, Offer};
use super::place::place;
use super::state::Shared;
use super::{highlight, whole};
use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Result};
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What the editor asks.
pub struct Editing {
    /// Session, definitions, settings.
    pub shared: Rc<RefCell<Shared>>,
    /// Whether there are colours.
    pub color: bool,
}

impl Helper for Editing {}

impl Validator for Editing {
    fn validate(&self, ctx: &mut ValidationContext<'_>) -> Result<ValidationResult> {
        Ok(if whole::runs(ctx.input()) {
            ValidationResult::Valid(None)
        } else {
            ValidationResult::Incomplete
        })
    }
}

impl Completer for Editing {
    type Candidate = Offer;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> Result<(usize, Vec<Offer>)> {
        let shared = self.shared.borrow();
        let before = line.get(..pos).unwrap_or_default();
        let (start, mut offers) = complete::complete(&shared.session, &shared.definitions, before);
        // What is shown stays on its line.
        let width = terminal_size::terminal_size().map_or(80, |(w, _)| usize::from(w.0));
        for o in &mut offers {
            if o.show.width() + 3 > width {
                o.show = narrow(&o.show, width.saturating_sub(3));
            }
        }
        Ok((start, offers))
    }
}

fn narrow(text: &str, most: usize) -> String {
    let mut width = 0;
    text.chars()
        .take_while(|c| {
            width += c.width().unwrap_or(0);
            width <= most
        })
        .collect()
}

/// A hint: some can be taken over, a signature cannot.
pub struct Tip {
    show: String,
    insert: Option<String>,
}

impl Hint for Tip {
    fn display(&self) -> &str {
        &self.show
    }

    fn completion(&self) -> Option<&str> {
        self.insert.as_deref()
    }
}

impl Hinter for Editing {
    type Hint = Tip;

    fn hint(&self, line: &str, pos: usize, ctx: &Context<'_>) -> Option<Tip> {
        // Without colours a hint would look like what is typed.
        let wanted = self.color && self.shared.borrow().settings.hints;
        if !wanted || pos < line.len() || line.trim().is_empty() {
            return None;
        }
        if whole::is_command(line) {
            let show = super::dot::usage_of(line)?;
            return Some(Tip { show, insert: None });
        }
        if let Some((name, _)) = place(line).call()
            && let Some(first) = complete::signatures(name).first()
        {
            return Some(Tip {
                show: format!("   {first}"),
                insert: None,
            });
        }
        if line.ends_with('\n') && whole::runs(line) {
            return Some(Tip {
                show: "Enter runs".to_owned(),
                insert: None,
            });
        }
        let found = HistoryHinter::new().hint(line, pos, ctx)?;
        // Only what fits the line: a hint of many lines would make the prompt jump.
        let first = found.lines().next().unwrap_or_default();
        (!first.is_empty()).then(|| Tip {
            show: first.to_owned(),
            insert: Some(first.to_owned()),
        })
    }
}

impl Highlighter for Editing {
    fn highlight<'l>(&self, line: &'l str, _pos: usize) -> Cow<'l, str> {
        if self.color {
            Cow::Owned(highlight::highlight(line))
        } else {
            Cow::Borrowed(line)
        }
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.color {
            Cow::Owned(format!("\x1b[1;34m{prompt}\x1b[0m"))
        } else {
            Cow::Borrowed(prompt)
        }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.color {
            Cow::Owned(format!("\x1b[2m{hint}\x1b[0m"))
        } else {
            Cow::Borrowed(hint)
        }
    }

    fn highlight_char(&self, _line: &str, _pos: usize, kind: CmdKind) -> bool {
        self.color && kind != CmdKind::MoveCursor
    }
}
