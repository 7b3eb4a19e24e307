//! What `let` and `set` define for the session: the texts that are put in front of a query which uses them.

use kql_diag::{Diagnostic, Source, Span};
use kql_syntax::ast::Statement;
use kql_syntax::{Kind, tokens};
use std::collections::BTreeSet;

/// One statement that stays.
#[derive(Debug, Clone)]
struct Definition {
    /// The name of a `let`; none for a statement that always counts.
    name: Option<String>,
    /// What tells it from others: `let x`, `set notruncation`.
    key: String,
    text: String,
}

/// All of them, in the order in which they were made.
#[derive(Debug, Clone, Default)]
pub struct Definitions {
    all: Vec<Definition>,
}

/// What a text of statements alone defines.
#[derive(Debug, Default)]
pub struct Defined {
    /// Names of the `let`s.
    pub names: Vec<String>,
    definitions: Vec<Definition>,
}

impl Definitions {
    /// The definitions of a text that has nothing else; none where it has a query or a fault.
    pub fn read(text: &str) -> Option<Defined> {
        let parsed = kql_syntax::parse(text);
        if parsed.diagnostics.iter().any(Diagnostic::is_error) {
            return None;
        }
        let mut out = Defined::default();
        for s in &parsed.query.statements {
            let (name, key, span) = match s {
                Statement::Let { name, span, .. } | Statement::LetFunction { name, span, .. } => {
                    (Some(name.text.clone()), format!("let {}", name.text), span)
                }
                Statement::Set { name, span, .. } => (None, format!("set {}", name.text), span),
                Statement::QueryParameters { span, .. } => (None, "declare".to_owned(), span),
                Statement::Alias { name, span, .. } => (None, format!("alias {}", name.text), span),
                Statement::Pattern { name, span, .. } => {
                    (None, format!("pattern {}", name.text), span)
                }
                Statement::Restrict { span, .. } => (None, "restrict".to_owned(), span),
                Statement::Query { .. } => return None,
            };
            let body = text.get(range(*span))?.trim().trim_end_matches(';');
            out.names.extend(name.clone());
            out.definitions.push(Definition {
                name,
                key,
                text: format!("{body};\n"),
            });
        }
        (!out.definitions.is_empty()).then_some(out)
    }

    /// Takes definitions over; a name that is defined again has its new meaning.
    pub fn add(&mut self, defined: Defined) {
        for d in defined.definitions {
            self.all.retain(|old| old.key != d.key);
            self.all.push(d);
        }
    }

    /// The names, in order.
    pub fn names(&self) -> Vec<&str> {
        self.all.iter().filter_map(|d| d.name.as_deref()).collect()
    }

    /// The text of a name's definition.
    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.all.iter().find(|d| d.name.as_deref() == Some(name));
        found.map(|d| d.text.as_str())
    }

    /// What must stand in front of a text: what it uses, and what that uses, each after what it uses itself.
    pub fn preamble(&self, text: &str) -> String {
        let mut out = String::new();
        let mut seen = BTreeSet::new();
        for d in self.all.iter().filter(|d| d.name.is_none()) {
            self.put(d, &mut seen, &mut out);
        }
        self.put_names_of(text, &mut seen, &mut out);
        out
    }

    fn put_names_of(&self, text: &str, seen: &mut BTreeSet<String>, out: &mut String) {
        for t in tokens(text) {
            if t.kind == Kind::Name
                && let Some(d) = self.all.iter().find(|d| d.name.as_deref() == Some(t.text))
            {
                self.put(d, seen, out);
            }
        }
    }

    fn put(&self, d: &Definition, seen: &mut BTreeSet<String>, out: &mut String) {
        if seen.insert(d.key.clone()) {
            self.put_names_of(&d.text, seen, out);
            out.push_str(&d.text);
        }
    }
}

fn range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.end as usize
}

/// Moves the places of a text behind a preamble back to the text alone. `sources` begins with both together.
pub fn without_preamble(
    preamble: usize,
    diagnostics: &mut [Diagnostic],
    sources: &mut Vec<Source>,
) {
    let Some(first) = sources.first_mut().filter(|_| preamble > 0) else {
        return;
    };
    let behind = first.text.split_off(preamble.min(first.text.len()));
    let before = std::mem::replace(&mut first.text, behind);
    let session = u32::try_from(sources.len()).unwrap_or(u32::MAX);
    sources.push(Source::new("session", before));
    let limit = u32::try_from(preamble).unwrap_or(u32::MAX);
    let shift = |s: &mut Span| {
        if s.source != 0 {
            return;
        }
        if s.start >= limit {
            s.start -= limit;
            s.end = s.end.saturating_sub(limit);
        } else if *s != Span::default() {
            s.source = session;
        }
    };
    for d in diagnostics {
        shift(&mut d.primary);
        for (s, _) in &mut d.labels {
            shift(s);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_gets_what_it_uses() {
        let mut d = Definitions::default();
        for text in [
            "let y = x + 1;",
            "let x = 1;",
            "let z = 5;",
            "let x = 2",
            "set notruncation;",
        ] {
            d.add(Definitions::read(text).unwrap());
        }
        assert_eq!(
            d.preamble("print y"),
            "set notruncation;\nlet x = 2;\nlet y = x + 1;\n"
        );
        assert_eq!(d.preamble("print 1"), "set notruncation;\n");
        assert!(Definitions::read("let a = 1; print a").is_none());
    }
}
