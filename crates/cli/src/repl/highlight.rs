//! Colours for a query while it is typed.

use super::whole;
use kql_syntax::{Kind, Token, is_operator, is_scalar_operator, tokens};

const COMMAND: &str = "1;36";
const OPERATOR: &str = "1;34";
const WORD: &str = "35";
const FUNCTION: &str = "36";
const TEXT: &str = "32";
const NUMBER: &str = "33";
const COMMENT: &str = "2";

/// Words that belong to an operator.
const WORDS: [&str; 22] = [
    "let",
    "set",
    "declare",
    "by",
    "on",
    "asc",
    "desc",
    "nulls",
    "first",
    "last",
    "with",
    "from",
    "to",
    "step",
    "of",
    "kind",
    "datatable",
    "view",
    "materialize",
    "true",
    "false",
    "null",
];

/// The text with colours; what is shown stays as wide as it was.
pub fn highlight(text: &str) -> String {
    if whole::is_command(text) {
        let at = text.find(char::is_whitespace).unwrap_or(text.len());
        // A command's name ends at a space, which is one byte or a boundary all the same.
        let (name, rest) = text.split_at(at);
        return format!("\x1b[{COMMAND}m{name}\x1b[0m{rest}");
    }
    let tokens = tokens(text);
    let mut out = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for (i, t) in tokens.iter().enumerate() {
        between(text.get(at..t.start).unwrap_or_default(), &mut out);
        let shown = text.get(t.start..t.end).unwrap_or_default();
        match color(&tokens, i) {
            Some(code) => out.push_str(&format!("\x1b[{code}m{shown}\x1b[0m")),
            None => out.push_str(shown),
        }
        at = t.end;
    }
    between(text.get(at..).unwrap_or_default(), &mut out);
    out
}

/// Space, comments and what is no token.
fn between(text: &str, out: &mut String) {
    match text.find("//").map(|i| text.split_at(i)) {
        Some((before, comment)) => {
            out.push_str(before);
            out.push_str(&format!("\x1b[{COMMENT}m{comment}\x1b[0m"));
        }
        None => out.push_str(text),
    }
}

fn color(tokens: &[Token<'_>], i: usize) -> Option<&'static str> {
    let t = tokens.get(i)?;
    let before = i.checked_sub(1).and_then(|i| tokens.get(i));
    let after = tokens.get(i + 1);
    match t.kind {
        Kind::String => Some(TEXT),
        Kind::Typed | Kind::TimeSpan | Kind::Real | Kind::Hex | Kind::Long => Some(NUMBER),
        Kind::Mark if t.text == "|" => Some(OPERATOR),
        // `project-away` is three tokens.
        Kind::Mark if t.text == "-" => {
            let (b, a) = (before?, after?);
            let joined = b.end == t.start && t.end == a.start && is_hyphenated(b.text, a.text);
            joined.then_some(OPERATOR)
        }
        Kind::Name => {
            let first = before.is_none_or(|b| matches!(b.text, "|" | ";" | "(" | "{" | "="));
            let called = after.is_some_and(|a| a.text == "(");
            let hyphen = before.is_some_and(|b| b.text == "-" && b.end == t.start)
                && i.checked_sub(2)
                    .and_then(|i| tokens.get(i))
                    .is_some_and(|b| is_hyphenated(b.text, t.text));
            let begins = after.is_some_and(|a| a.text == "-" && a.start == t.end)
                && tokens
                    .get(i + 2)
                    .is_some_and(|a| is_hyphenated(t.text, a.text));
            if hyphen || begins || (first && is_operator(t.text)) {
                Some(OPERATOR)
            } else if is_scalar_operator(t.text) || WORDS.contains(&t.text) {
                Some(WORD)
            } else if called {
                Some(FUNCTION)
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Whether the two words are the ends of an operator's word.
fn is_hyphenated(first: &str, last: &str) -> bool {
    kql_syntax::OPERATORS.iter().any(|o| {
        o.strip_prefix(first)
            .and_then(|r| r.strip_prefix('-'))
            .is_some_and(|r| r == last || r.starts_with(&format!("{last}-")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        let mut out = String::new();
        let mut rest = highlight(text);
        while let Some(at) = rest.find('\x1b') {
            out.push_str(&rest[..at]);
            let end = rest[at..].find('m').map_or(rest.len(), |e| at + e + 1);
            rest = rest[end..].to_owned();
        }
        out + &rest
    }

    #[test]
    fn colours_change_no_text() {
        for text in [
            "T | where a has \"x\" and b > 1d // note\n| project-away c, ['d e'] | take 5",
            "print \"open",
            "é ü “ ` \u{0}| extend 日本=1",
            ".load somewhere as T",
            "",
        ] {
            assert_eq!(plain(text), text);
        }
        assert!(highlight("T | project-away c").contains("\x1b[1;34mproject\x1b[0m"));
        assert!(highlight("T // n").contains("\x1b[2m// n\x1b[0m"));
    }
}
