//! Whether a text that is being typed is whole: what Enter does.

/// What a text looks like at its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scan {
    /// A string is open at the end.
    pub in_string: bool,
    /// The end lies in a comment.
    pub in_comment: bool,
    /// Brackets that are open.
    pub depth: usize,
    /// The last thing asks for more: `|`, `,`, `=`, `and`, `by`, ...
    pub asks_more: bool,
    /// The last thing is `;`.
    pub semicolon: bool,
    /// There is something but comments.
    pub anything: bool,
}

impl Scan {
    /// Whether more must follow.
    pub fn unfinished(&self) -> bool {
        self.in_string || self.depth > 0 || self.asks_more
    }
}

/// Words that cannot be the last of a query.
const ASK: [&str; 34] = [
    "and",
    "or",
    "not",
    "by",
    "on",
    "let",
    "where",
    "filter",
    "extend",
    "summarize",
    "has",
    "has_any",
    "has_all",
    "contains",
    "startswith",
    "endswith",
    "between",
    "matches",
    "in",
    "of",
    "with",
    "join",
    "lookup",
    "union",
    "top",
    "take",
    "limit",
    "sort",
    "order",
    "distinct",
    "parse",
    "render",
    "evaluate",
    "print",
];

/// Looks at a text from its beginning.
pub fn scan(text: &str) -> Scan {
    let mut out = Scan::default();
    let mut rest = text.chars().peekable();
    let mut word = String::new();
    let mut last = ' ';
    while let Some(c) = rest.next() {
        out.in_comment = false;
        match c {
            '/' if rest.peek() == Some(&'/') => {
                out.in_comment = !rest.by_ref().any(|c| c == '\n');
                continue;
            }
            c if c.is_whitespace() => {
                // A word ends, and stays the last one until something else comes.
                if last.is_alphanumeric() || last == '_' {
                    last = ' ';
                }
                continue;
            }
            '"' | '\'' => {
                let verbatim = last == '@';
                out.in_string = !string(&mut rest, c, verbatim);
                word.clear();
                last = c;
                out.anything = true;
                continue;
            }
            '`' | '~' if fence(&mut rest, c) => {
                let mut run = 0;
                out.in_string = !rest.by_ref().any(|d| {
                    run = if d == c { run + 1 } else { 0 };
                    run == 3
                });
                word.clear();
            }
            '(' | '[' | '{' => out.depth += 1,
            ')' | ']' | '}' => out.depth = out.depth.saturating_sub(1),
            _ => {}
        }
        if c.is_alphanumeric() || c == '_' || (c == '-' && !word.is_empty()) {
            if !(last.is_alphanumeric() || last == '_' || last == '-') {
                word.clear();
            }
            word.push(c);
        } else {
            word.clear();
        }
        last = c;
        out.anything = true;
        out.semicolon = c == ';';
        out.asks_more = matches!(c, '|' | ',' | '=' | '<' | '>' | '+' | '%' | ':');
    }
    if !word.is_empty() && !out.semicolon {
        out.asks_more = ASK.contains(&word.as_str());
    }
    out
}

/// Passes a string that began with `quote`; false where the text ends before it. A line's end closes a plain string.
fn string(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    quote: char,
    verbatim: bool,
) -> bool {
    while let Some(c) = rest.next() {
        match c {
            '\\' if !verbatim => {
                rest.next();
            }
            '\n' if !verbatim => return true,
            c if c == quote => {
                if verbatim && rest.peek() == Some(&quote) {
                    rest.next();
                    continue;
                }
                return true;
            }
            _ => {}
        }
    }
    false
}

/// Whether two more of `c` follow; passes them.
fn fence(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, c: char) -> bool {
    let mut ahead = rest.clone();
    if ahead.next() == Some(c) && ahead.next() == Some(c) {
        rest.next();
        rest.next();
        return true;
    }
    false
}

/// Whether a text is a command: a point, then a letter.
pub fn is_command(text: &str) -> bool {
    let mut chars = text.trim_start().chars();
    chars.next() == Some('.') && chars.next().is_some_and(char::is_alphabetic)
}

/// Whether Enter at the end of the text runs it.
pub fn runs(text: &str) -> bool {
    if text.trim().is_empty() {
        return true;
    }
    let mut from_end = text.rsplit('\n').map(|l| l.trim().is_empty());
    let last_is_empty = from_end.next() == Some(true);
    let two_are_empty = last_is_empty && from_end.next() == Some(true);
    let scan = scan(text);
    if is_command(text) && !text.trim_start().contains('\n') {
        return !takes_query(text) || !scan.unfinished();
    }
    if two_are_empty {
        return true;
    }
    if scan.unfinished() {
        return false;
    }
    // Only what is pasted holds an empty line before its end.
    let pasted = text
        .trim_end()
        .split('\n')
        .any(|line| line.trim().is_empty());
    last_is_empty || scan.semicolon || (pasted && scan.anything)
}

/// Commands with a query behind them.
fn takes_query(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    matches!(word, ".explain" | ".trace")
}

/// The texts of a script in order: each ends with `;`, with an empty line before which it is whole, or with its line
/// where it is a command.
pub fn split(script: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut first = 1;
    let lines: Vec<&str> = script.lines().collect();
    for (i, line) in lines.iter().enumerate() {
        if text.is_empty() {
            if line.trim().is_empty() {
                continue;
            }
            first = i + 1;
        }
        text.push_str(line);
        text.push('\n');
        let scan = scan(&text);
        let ends = if is_command(&text) {
            !takes_query(&text) || !scan.unfinished()
        } else if line.trim().is_empty() {
            // A pipe may go on behind an empty line.
            let next = lines.iter().skip(i + 1).find(|l| {
                let l = l.trim();
                !l.is_empty() && !l.starts_with("//")
            });
            !scan.unfinished() && scan.anything && !next.is_some_and(|l| l.trim().starts_with('|'))
        } else {
            scan.semicolon && !scan.unfinished()
        };
        if ends {
            out.push((first, std::mem::take(&mut text)));
        }
    }
    if !text.trim().is_empty() {
        out.push((first, text));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_runs_what_is_whole() {
        for text in [
            "",
            "print 1;",
            "print 1\n",
            "T\n| take 1\n",
            "let x = 1;",
            "let f = (a:long) {\n  a + 1\n};",
            ".tables",
            ".help strlen",
            "T // a comment, with a quote \" and a (\n| take 5\n",
            "T\n\n// a comment\n| take 5",
            "T |\n\n",
            "search *\n",
            "print ```a\nb```\n",
            "print @'a\\';",
        ] {
            assert!(runs(text), "{text:?}");
        }
    }

    #[test]
    fn enter_goes_on_where_more_must_follow() {
        for text in [
            "print 1",
            "T |",
            "T |\n",
            "T | where",
            "T | where a ==\n",
            "let x =\n",
            "let f = (a:long) {\n  a + 1;",
            "print (1\n",
            "print 'a",
            "print ```a\n",
            "T | summarize count() by\n",
            "// only a comment",
            "T // ;",
            ".explain T |",
        ] {
            assert!(!runs(text), "{text:?}");
        }
    }

    #[test]
    fn a_script_is_split_into_its_queries() {
        let script =
            ".mode csv\nlet x = 1;\n\nT\n\n| where a > x\n\n// note\nprint 1\n\nprint 2; \nprint 3";
        let texts: Vec<(usize, String)> = split(script)
            .into_iter()
            .map(|(l, t)| (l, t.trim().to_owned()))
            .collect();
        let expected = [
            (1, ".mode csv"),
            (2, "let x = 1;"),
            (4, "T\n\n| where a > x"),
            (8, "// note\nprint 1"),
            (11, "print 2;"),
            (12, "print 3"),
        ];
        assert_eq!(texts, expected.map(|(l, t)| (l, t.to_owned())));
    }
}
