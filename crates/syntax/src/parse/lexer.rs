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
                    // Reported, and read as a text, so that what follows is read too.
                    Rule::open_string => {
                        let place = Span::new(span.start(), span.end());
                        let message = "a string has no end on its line";
                        if diagnostics.len() < 100 {
                            diagnostics.push(Diagnostic::error(codes::SYNTAX, place, message));
                        }
                        out.push(Token {
                            kind: Kind::String,
                            text: "\"\"",
                            start: span.start(),
                            end: span.end(),
                        });
                        continue;
                    }
                    _ => {
                        unknown(span.as_str(), span.start(), diagnostics);
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

/// Reports a character that no token begins with; neighbours are one fault.
fn unknown(text: &str, start: usize, diagnostics: &mut Vec<Diagnostic>) {
    let place = Span::new(start, start + text.len());
    if let Some(last) = diagnostics.last_mut()
        && last.primary.end == place.start
    {
        last.primary = last.primary.to(place);
        return;
    }
    if diagnostics.len() >= 100 {
        return;
    }
    let first = text.chars().next().unwrap_or_default();
    let message = if first.is_control() {
        format!(
            "the character U+{:04X} is not expected here",
            u32::from(first)
        )
    } else {
        format!("`{text}` is not expected here")
    };
    let d = Diagnostic::error(codes::SYNTAX, place, message);
    diagnostics.push(match first {
        '&' => d.with_help("`and` is true where both of two conditions are"),
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2018}' | '\u{2019}' | '\u{ab}' | '\u{bb}' => {
            d.with_help("a text stands in straight quotation marks: `\"` or `'`")
        }
        '`' => d.with_help("a name with other characters is written `['a name']`"),
        _ => d,
    });
}

/// The tokens of a text, finished or not, for whoever colours or completes it; the last is the end.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    if text.len() > super::MOST_BYTES {
        return Vec::new();
    }
    lex(text, &mut Vec::new())
}

/// Whether KQL has a tabular operator of this name.
pub fn is_operator(word: &str) -> bool {
    is(Rule::operator_word, word)
}

/// Whether this word stands between two scalars.
pub fn is_scalar_operator(word: &str) -> bool {
    is(Rule::scalar_word, word)
}

fn is(rule: Rule, word: &str) -> bool {
    Grammar::parse(rule, word).is_ok_and(|p| p.as_str().len() == word.len())
}
