//! What helps where a text goes wrong in a way that is known: words of other languages, capitals, missing marks.

use super::cursor::{Cursor, Fault};
use super::lexer::{Kind, is_operator};
use crate::ast::Name;
use kql_diag::{Diagnostic, codes};

/// Operators of other languages, and what KQL has for them.
const OTHER_OPERATORS: [(&str, &str); 12] = [
    ("select", "`project` picks columns"),
    ("group", "`summarize ... by ...` makes groups"),
    ("having", "`where` behind `summarize` keeps groups"),
    ("from", "a query begins with its table"),
    ("stats", "`summarize` computes aggregates"),
    ("eval", "`extend` adds columns"),
    ("rename", "`project-rename` renames columns"),
    ("drop", "`project-away` leaves columns out"),
    ("fields", "`project` picks columns"),
    ("dedup", "`distinct` leaves equal rows out"),
    ("head", "`take` and `top` limit rows"),
    (
        "except",
        "`join kind=leftanti` leaves out the rows of another table",
    ),
];

/// Words that are read in lower case only.
const LOWER: [&str; 16] = [
    "and",
    "or",
    "not",
    "in",
    "by",
    "on",
    "asc",
    "desc",
    "has",
    "contains",
    "startswith",
    "endswith",
    "between",
    "with",
    "of",
    "to",
];

/// Operators whose items are separated by commas.
const LISTS: [&str; 16] = [
    "distinct",
    "extend",
    "mv-apply",
    "mv-expand",
    "order",
    "print",
    "project",
    "project-away",
    "project-keep",
    "project-rename",
    "project-reorder",
    "sort",
    "summarize",
    "top",
    "union",
    "serialize",
];

impl Cursor<'_> {
    /// Reports that something else than `what` follows a part that is whole; `operator` is the operator at hand.
    pub fn unexpected(&mut self, what: &str, operator: Option<&str>) -> Fault {
        let t = self.peek();
        let lower = t.text.to_ascii_lowercase();
        let d = self.expectation(what);
        let d = match t.kind {
            Kind::Mark if t.text == "=" => Diagnostic::error(
                codes::SYNTAX,
                t.span(),
                "`=` gives a name to a value and does not compare",
            )
            .with_help("`==` compares, and `=~` compares without regard to case"),
            Kind::Mark if t.text == "(" && operator == Some("count") => d.with_help(
                "the operator `count` takes no arguments; `summarize count()` is the aggregate",
            ),
            Kind::Mark if t.text == "#" => d.with_help("a comment begins with `//`"),
            Kind::Mark if matches!(t.text, ")" | "]" | "}") => {
                let message = format!("`{}` closes nothing", t.text);
                Diagnostic::error(codes::SYNTAX, t.span(), message)
            }
            Kind::Name if lower != t.text && LOWER.contains(&lower.as_str()) => {
                d.with_help(format!("`{lower}` is written in lower case"))
            }
            Kind::Name if lower == "group" => d.with_help("`| summarize ... by ...` makes groups"),
            Kind::Name if is_operator(&lower) && lower != "as" => {
                let message = format!("`|` is missing in front of `{}`", t.text);
                let d = Diagnostic::error(codes::SYNTAX, t.span(), message);
                if lower == t.text {
                    d
                } else {
                    d.with_help(format!("`{lower}` is written in lower case"))
                }
            }
            _ if self.before().is_some_and(|b| b.text == "not") => {
                d.with_help("`not(...)` is a function")
            }
            Kind::Name => match self.word_help(&lower) {
                Some(help) => d.with_help(help),
                None => comma_help(d, operator),
            },
            Kind::Mark | Kind::End => d,
            _ => comma_help(d, operator),
        };
        self.report(d)
    }

    fn word_help(&self, lower: &str) -> Option<&'static str> {
        Some(match lower {
            "as" => "a new name stands in front of its value: `name = value`",
            "is" => "`isnull(x)`, `isnotnull(x)` and `isempty(x)` test for missing values",
            "in" => "the list of `in` stands in parentheses: `x in (1, 2)`",
            "matches" => "`matches regex` takes a regular expression",
            "to" => "a type is written `to typeof(string)`",
            "not" if self.is_word_ahead(1, "in") => "`!in` is the opposite of `in`",
            "not" => "`not(...)` is a function, and `!in`, `!has`, `!contains` are operators",
            "having" => "`| where` behind `summarize` keeps groups",
            "from" => "a query begins with its table",
            _ => return None,
        })
    }

    /// Reports that an operator's word is missing.
    pub fn no_operator(&mut self) -> Fault {
        let t = self.peek();
        let bar = self.before().filter(|b| b.text == "|");
        if let Some(bar) = bar
            && (t.kind == Kind::End || t.kind == Kind::Mark)
        {
            let d = Diagnostic::error(
                codes::SYNTAX,
                bar.span(),
                "no operator stands behind this `|`",
            );
            let d = if t.text == "|" && t.start == bar.end {
                d.with_help("`or` is true where one of two conditions is")
            } else {
                d
            };
            return self.report(d);
        }
        self.expected("an operator")
    }

    /// Reports a word that is no operator.
    pub fn unknown_operator(&mut self, word: &Name) -> Fault {
        let message = format!("operator `{}` not found", word.text);
        let d = Diagnostic::error(codes::UNKNOWN_OPERATOR, word.span, message);
        let lower = word.text.to_ascii_lowercase();
        let near = kql_diag::did_you_mean(&word.text, super::operators::WORDS.iter().copied());
        let other = OTHER_OPERATORS.iter().find(|(w, _)| *w == lower);
        let d = match (near, other) {
            (_, Some((_, help))) => d.with_help(*help),
            (Some(near), _) if near == lower => {
                d.with_help(format!("`{near}` is written in lower case"))
            }
            (Some(near), None) => d.with_help(format!("`{near}` exists")),
            (None, None) => d,
        };
        self.report(d)
    }

    /// Reports a query that begins as in SQL, if this one does.
    pub fn sql(&mut self) -> Option<Fault> {
        let t = self.peek();
        let next = self.ahead(1);
        let begins = t.kind == Kind::Name
            && t.text.eq_ignore_ascii_case("select")
            && (next.kind == Kind::Name || next.text == "*")
            && !next.text.starts_with("has");
        begins.then(|| {
            let message = format!("`{}` is no part of KQL", t.text);
            let d = Diagnostic::error(codes::SYNTAX, t.span(), message)
                .with_help("a query begins with its table: `T | where a == 1 | project b, c`");
            self.report(d)
        })
    }
}

fn comma_help(d: Diagnostic, operator: Option<&str>) -> Diagnostic {
    match operator {
        Some(o) if LISTS.contains(&o) => d.with_help("items are separated by `,`"),
        _ => d,
    }
}

#[cfg(test)]
mod tests {
    use super::super::operators::WORDS;
    use super::is_operator;

    #[test]
    fn the_grammar_has_the_words_of_the_hints() {
        for w in WORDS {
            assert!(is_operator(w), "{w}");
        }
        assert!(!is_operator("wher") && !is_operator("wheres"));
    }
}
