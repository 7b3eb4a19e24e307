//! Stored functions from texts: what a `.kql` file of a function folder declares.

use crate::text::{Lines, Text};
use kql_diag::Anchor;

/// A function that a file declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FunctionText {
    /// Its name.
    pub name: String,
    /// `(a:string, b:long=1)`, with parentheses.
    pub parameters: String,
    /// The body.
    pub body: String,
    /// Where the parts of the body lie in the file.
    pub anchors: Vec<Anchor>,
    /// Its version, where the file says one.
    pub version: String,
}

/// The functions of a text. `name`: what one without a name of its own is called (the file's name).
///
/// Known forms: `.create-or-alter function with (...) NAME(a:string) { body }` and its kin; `(a:string) { body }`; only
/// `let NAME = (a:string) { body };` statements, each a function that sees those before it; else the text is the body of a
/// function without parameters.
pub fn functions(name: &str, text: &str) -> Vec<FunctionText> {
    let start = blank(text, 0);
    let rest = text.get(start..).unwrap_or_default();
    let mut all = command(rest)
        .or_else(|| bare(name, rest))
        .map(|f| vec![f])
        .or_else(|| lets(rest))
        .unwrap_or_else(|| {
            vec![FunctionText {
                name: name.to_owned(),
                parameters: "()".to_owned(),
                body: text.to_owned(),
                ..FunctionText::default()
            }]
        });
    let lines = Lines::new(text);
    for f in &mut all {
        // A body is a part of the text, but for the braces that `lets` puts around what it repeats.
        let (added, part) = match f.body.strip_prefix("{\n") {
            Some(_) if text.find(&f.body).is_none() => (2, rest),
            _ => (0, f.body.as_str()),
        };
        let at = text.find(part).unwrap_or(0);
        let mut places = Text::default();
        places.push_str(part, at);
        f.anchors = places.anchors(&lines);
        f.anchors.iter_mut().for_each(|a| a.at += added);
    }
    all
}

/// `.create function`, `.create-or-alter function`, `.alter function`.
fn command(text: &str) -> Option<FunctionText> {
    let rest = text.strip_prefix('.')?;
    let (verb, rest) = word(rest);
    if !["create", "create-or-alter", "alter"].contains(&verb.to_ascii_lowercase().as_str()) {
        return None;
    }
    let (noun, mut rest) = word(rest.trim_start());
    if !noun.eq_ignore_ascii_case("function") {
        return None;
    }
    rest = skip_blank(rest);
    loop {
        let (w, after) = word(rest);
        let after = skip_blank(after);
        if w.eq_ignore_ascii_case("ifnotexists") {
            rest = after;
        } else if w.eq_ignore_ascii_case("with") && after.starts_with('(') {
            let end = closing(after, 0)?;
            rest = skip_blank(after.get(end..)?);
        } else {
            break;
        }
    }
    let (name, rest) = if rest.starts_with('[') {
        let end = closing(rest, 0)?;
        let name = rest.get(1..end - 1)?.trim().trim_matches(['\'', '"']);
        (name, rest.get(end..)?)
    } else {
        word(rest)
    };
    bare(name, skip_blank(rest))
}

/// `(parameters) { body }` and nothing behind it.
fn bare(name: &str, text: &str) -> Option<FunctionText> {
    let (parameters, body, end) = signature(text)?;
    let rest = text.get(end..)?;
    let rest = rest.get(blank(rest, 0)..)?.trim_matches(';').trim();
    (rest.is_empty() && !name.is_empty()).then(|| FunctionText {
        name: name.to_owned(),
        parameters: parameters.to_owned(),
        body: body.to_owned(),
        ..FunctionText::default()
    })
}

/// Only `let NAME = (parameters) { body };`.
fn lets(text: &str) -> Option<Vec<FunctionText>> {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        at = blank(text, at);
        let rest = text.get(at..)?;
        if rest.is_empty() {
            break;
        }
        let (w, after) = word(rest);
        if w != "let" {
            return None;
        }
        let (name, after) = word(skip_blank(after));
        let after = skip_blank(skip_blank(after).strip_prefix('=')?);
        let (parameters, _, end) = signature(after)?;
        let before = text.len() - after.len() + end;
        let names = parameter_names(parameters)?;
        let all = text.get(..before)?;
        out.push(FunctionText {
            name: name.to_owned(),
            parameters: parameters.to_owned(),
            body: format!("{{\n{all};\n{name}({})\n}}", names.join(", ")),
            ..FunctionText::default()
        });
        at = blank(text, before);
        if text.get(at..)?.starts_with(';') {
            at += 1;
        }
    }
    (!out.is_empty()).then_some(out)
}

/// `(parameters) { body }` at the start: both with their brackets, and where it ends.
fn signature(text: &str) -> Option<(&str, &str, usize)> {
    if !text.starts_with('(') {
        return None;
    }
    let end = closing(text, 0)?;
    let open = blank(text, end);
    if !text.get(open..)?.starts_with('{') {
        return None;
    }
    let close = closing(text, open)?;
    Some((text.get(..end)?, text.get(open..close)?, close))
}

/// The names of `(a:string, T:(x:long))`.
fn parameter_names(parameters: &str) -> Option<Vec<&str>> {
    let inner = parameters.get(1..parameters.len() - 1)?;
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        at = blank(inner, at);
        let rest = inner.get(at..)?;
        if rest.is_empty() {
            return Some(out);
        }
        let (name, _) = word(rest);
        if name.is_empty() {
            return None;
        }
        out.push(name);
        // On to the next comma that is in no bracket and no text.
        at += name.len();
        while let Some(b) = inner.as_bytes().get(at) {
            match b {
                b',' => {
                    at += 1;
                    break;
                }
                b'(' | b'[' | b'{' => at = closing(inner, at)?,
                b'"' | b'\'' => at = quoted(inner, at),
                _ => at += 1,
            }
        }
    }
}

fn word(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
        .unwrap_or(text.len());
    text.split_at(end)
}

fn skip_blank(text: &str) -> &str {
    text.get(blank(text, 0)..).unwrap_or_default()
}

/// Behind blanks and comments.
fn blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        if !trimmed.starts_with("//") {
            return at;
        }
        at += trimmed.find('\n').unwrap_or(trimmed.len());
    }
}

/// Behind the bracket that closes the one at `at`.
fn closing(text: &str, mut at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    while let Some(b) = bytes.get(at) {
        match b {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' | b'\'' => {
                at = quoted(text, at);
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                while bytes.get(at).is_some_and(|b| *b != b'\n') {
                    at += 1;
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Behind the text that begins with the quote at `at`.
fn quoted(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let verbatim = at > 0 && bytes.get(at - 1) == Some(&b'@');
    let quote = bytes.get(at).copied().unwrap_or(b'"');
    let mut i = at + 1;
    while let Some(b) = bytes.get(i) {
        match b {
            b'\\' if !verbatim => i += 1,
            b'\n' if !verbatim => return i,
            b if *b == quote => {
                if verbatim && bytes.get(i + 1) == Some(&quote) {
                    i += 1;
                } else {
                    return i + 1;
                }
            }
            _ => {}
        }
        i += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, String, String)> {
        let all = functions("File", text).into_iter();
        all.map(|f| (f.name, f.parameters, f.body)).collect()
    }

    fn one(name: &str, parameters: &str, body: &str) -> Vec<(String, String, String)> {
        vec![(name.to_owned(), parameters.to_owned(), body.to_owned())]
    }

    #[test]
    fn forms() {
        assert_eq!(of("T | take 1"), one("File", "()", "T | take 1"));
        assert_eq!(
            of("// why\n(a:string, b:long=1) { T | where a == \")}\" }\n// end\n"),
            one("File", "(a:string, b:long=1)", "{ T | where a == \")}\" }")
        );
        assert_eq!(
            of(
                ".create-or-alter function with (docstring='x)', folder=\"y\") My_F(n:long) {\n T\n}"
            ),
            one("My_F", "(n:long)", "{\n T\n}")
        );
        let two = of("let A = (x:long) { x };\nlet B = (T:(c:long), y:string=\"a,b\") { T };\n");
        assert_eq!(two.len(), 2);
        assert_eq!(two[0].1, "(x:long)");
        assert!(
            two[0].2.ends_with("A(x)\n}") && !two[0].2.contains("let B"),
            "{two:?}"
        );
        assert!(
            two[1].2.ends_with("B(T, y)\n}") && two[1].2.contains("let A"),
            "{two:?}"
        );
        let lets = "let a = 5; T | where x == a";
        assert_eq!(of(lets), one("File", "()", lets));
    }
}
