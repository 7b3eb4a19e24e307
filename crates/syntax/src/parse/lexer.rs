//! Text to tokens, by the pest grammar. Pest's pairs do not leave this file.

use kql_diag::{Diagnostic, Span, codes};
use pest::Parser;
use pest::iterators::Pair;

#[derive(pest_derive::Parser)]
#[grammar = "../../grammar/kql.pest"]
struct Grammar;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any string form.
    String,
    /// `datetime(...)` and its like, with nothing but text inside.
    Typed,
    /// `1d`
    TimeSpan,
    /// `1.5`
    Real,
    /// `0xff`
    Hex,
    /// `12`
    Long,
    /// A name or word.
    Name,
    /// Punctuation.
    Mark,
    /// The end of the text.
    End,
}

/// A token with its place.
#[derive(Debug, Clone, Copy)]
pub struct Token<'t> {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: &'t str,
    /// First byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

impl Token<'_> {
    /// Its place.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// All tokens; what is no token is reported and left out.
pub fn lex<'t>(text: &'t str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Token<'t>> {
    let mut out = Vec::new();
    match Grammar::parse(Rule::tokens, text) {
        Ok(pairs) => {
            for pair in pairs.flat_map(Pair::into_inner) {
                let span = pair.as_span();
                let kind = match pair.as_rule() {
                    Rule::string => Kind::String,
                    Rule::typed => Kind::Typed,
                    Rule::timespan => Kind::TimeSpan,
                    Rule::real => Kind::Real,
                    Rule::hex => Kind::Hex,
                    Rule::long => Kind::Long,
                    Rule::name => Kind::Name,
                    Rule::mark => Kind::Mark,
                    Rule::EOI => continue,
                    _ => {
                        let place = Span::new(span.start(), span.end());
                        let what = match span.as_str() {
                            "\"" | "'" => "a string has no end on its line".to_owned(),
                            other if other.chars().any(char::is_control) => {
                                let code = other.chars().next().map_or(0, u32::from);
                                format!("the character U+{code:04X} is not expected here")
                            }
                            other => format!("`{other}` is not expected here"),
                        };
                        if diagnostics.len() < 100 {
                            diagnostics.push(Diagnostic::error(codes::SYNTAX, place, what));
                        }
                        continue;
                    }
                };
                out.push(Token {
                    kind,
                    text: span.as_str(),
                    start: span.start(),
                    end: span.end(),
                });
            }
        }
        Err(_) => diagnostics.push(Diagnostic::error(
            codes::SYNTAX,
            Span::new(0, 0),
            "the text cannot be read",
        )),
    }
    out.push(Token {
        kind: Kind::End,
        text: "",
        start: text.len(),
        end: text.len(),
    });
    out
}
