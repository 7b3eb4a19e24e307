//! Where in a query the cursor stands: the step of the pipe, the brackets around it, and the rows that flow there.

use kql_syntax::{Kind, OPERATORS, Token, tokens};

/// What may stand at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expects {
    /// A table, or a statement.
    Source,
    /// An operator of the pipe.
    Operator,
    /// A value.
    Value,
    /// What stands behind a value: `and`, `has`, `by`.
    Joint,
    /// A member of `$left`, `$right` or a dynamic.
    Member,
    /// Nothing that could be guessed: in a string or a comment, or a new name.
    Nothing,
}

/// A level of brackets.
#[derive(Debug, Clone, Default)]
struct Frame {
    /// Where its text begins.
    start: usize,
    /// The bracket, none for the text itself.
    bracket: String,
    /// The word in front of the bracket.
    caller: String,
    /// Where the statement at hand begins.
    statement: usize,
    /// Where its value begins: behind `let x =`, else the same.
    value: usize,
    /// The pipes of the statement.
    pipes: Vec<usize>,
    /// The operator at hand.
    operator: String,
    /// Arguments before the cursor.
    commas: usize,
    /// For the body of a function: where its parameters are.
    parameters: Option<(usize, usize)>,
}

/// The place of the cursor.
#[derive(Debug, Default)]
pub struct Place<'t> {
    text: &'t str,
    frames: Vec<Frame>,
    /// Where the word before the cursor begins.
    pub word_start: usize,
    /// What that word may be.
    pub expects: Option<Expects>,
    /// The last tokens before the word.
    pub before: Vec<&'t str>,
}

/// Looks at a text up to the cursor, which stands at its end.
pub fn place(text: &str) -> Place<'_> {
    let scan = super::whole::scan(text);
    let all: Vec<Token<'_>> = tokens(text)
        .into_iter()
        .filter(|t| t.kind != Kind::End)
        .collect();
    // The word at the cursor is no part of what stands before it.
    let mut end = all.len();
    let mut word_start = text.len();
    if let Some(t) = all.last()
        && t.end == text.len()
        && t.kind == Kind::Name
    {
        end -= 1;
        word_start = t.start;
        // `project-aw`, `project-`
        while end >= 2
            && let (Some(mark), Some(name)) = (all.get(end - 1), all.get(end - 2))
            && mark.text == "-"
            && mark.end == word_start
            && name.end == mark.start
            && hyphenated(text.get(name.start..).unwrap_or_default())
        {
            end -= 2;
            word_start = name.start;
        }
    } else if let [.., name, mark] = all.as_slice()
        && mark.text == "-"
        && mark.end == text.len()
        && name.end == mark.start
        && hyphenated(text.get(name.start..).unwrap_or_default())
    {
        end -= 2;
        word_start = name.start;
    }
    let all = all.get(..end).unwrap_or_default();
    let mut frames = vec![Frame::default()];
    // The inside of the brackets that were closed last.
    let mut closed = (0, 0);
    for (i, t) in all.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| all.get(i));
        let nested = frames.len() > 1;
        let Some(frame) = frames.last_mut() else {
            break;
        };
        match t.text {
            _ if t.kind == Kind::String => {}
            "(" | "[" | "{" => {
                // `join kind=inner (` calls nothing.
                let option = i
                    .checked_sub(2)
                    .and_then(|i| all.get(i))
                    .is_some_and(|t| t.text == "=")
                    && TAKES_TABLE.contains(&frame.operator.as_str());
                let word = before.filter(|b| b.kind == Kind::Name && !option);
                frames.push(Frame {
                    start: t.end,
                    bracket: t.text.to_owned(),
                    caller: word.map_or_else(String::new, |w| w.text.to_owned()),
                    statement: t.end,
                    value: t.end,
                    parameters: (t.text == "{" && before.is_some_and(|b| b.text == ")"))
                        .then_some(closed),
                    ..Frame::default()
                });
            }
            ")" | "]" | "}" if nested => {
                closed = (frame.start, t.start);
                frames.pop();
            }
            ";" => {
                frame.statement = t.end;
                frame.value = t.end;
                frame.pipes.clear();
                frame.operator.clear();
            }
            "|" => {
                frame.pipes.push(t.start);
                frame.operator.clear();
            }
            "," => frame.commas += 1,
            "=" if frame.pipes.is_empty() && frame.value == frame.statement => {
                let words = text.get(frame.statement..t.start).unwrap_or_default();
                if words.trim_start().starts_with("let ") {
                    frame.value = t.end;
                    frame.operator.clear();
                }
            }
            _ if t.kind == Kind::Name && frame.operator.is_empty() => {
                let from = frame.pipes.last().map_or(frame.value, |p| p + 1);
                if text.get(from..t.start).is_some_and(blank) {
                    frame.operator = operator_at(text, t);
                }
            }
            _ => {}
        }
    }
    let mut out = Place {
        text,
        frames,
        word_start,
        expects: None,
        before: all.iter().rev().take(6).map(|t| t.text).collect(),
    };
    out.before.reverse();
    out.expects = Some(if scan.in_string || scan.in_comment {
        Expects::Nothing
    } else {
        out.expected(all.last())
    });
    out
}

/// Whether there is nothing but space and comments.
fn blank(text: &str) -> bool {
    text.lines().all(|l| {
        let l = l.trim();
        l.is_empty() || l.starts_with("//")
    })
}

/// The longest operator that begins at a token, else the token.
fn operator_at(text: &str, t: &Token<'_>) -> String {
    let rest = text.get(t.start..).unwrap_or_default();
    let fits = OPERATORS.iter().filter(|o| {
        rest.strip_prefix(**o)
            .is_some_and(|r| !r.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-'))
    });
    let found = fits.max_by_key(|o| o.len());
    found.map_or_else(|| t.text.to_owned(), |o| (*o).to_owned())
}

/// Whether the text is the beginning of an operator with a hyphen.
fn hyphenated(text: &str) -> bool {
    OPERATORS.iter().any(|o| o.starts_with(text))
}

/// Operators whose operand is a table.
const TAKES_TABLE: [&str; 4] = ["join", "lookup", "union", "find"];
/// Calls whose argument is a table.
const CALLS_OF_TABLE: [&str; 7] = [
    "join",
    "lookup",
    "union",
    "toscalar",
    "materialize",
    "in",
    "view",
];

impl Place<'_> {
    fn frame(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// The operator of the pipe that the cursor is in.
    pub fn operator(&self) -> &str {
        let own = self
            .frames
            .iter()
            .rev()
            .find(|f| !f.operator.is_empty() && (!f.pipes.is_empty() || f.bracket.is_empty()));
        own.map_or("", |f| f.operator.as_str())
    }

    /// The innermost call around the cursor, and which argument it is at.
    pub fn call(&self) -> Option<(&str, usize)> {
        let f = self.frames.iter().rev().find(|f| f.bracket == "(")?;
        (!f.caller.is_empty() && f.pipes.is_empty()).then_some((f.caller.as_str(), f.commas))
    }

    fn expected(&self, last: Option<&Token<'_>>) -> Expects {
        let Some(frame) = self.frame() else {
            return Expects::Nothing;
        };
        let Some(last) = last else {
            return Expects::Source;
        };
        let begins = frame.operator.is_empty();
        match last.text {
            _ if last.kind == Kind::String => Expects::Joint,
            "|" => Expects::Operator,
            "." => Expects::Member,
            ";" | "{" => Expects::Source,
            "=" if begins && frame.value == last.end => Expects::Source,
            "(" if CALLS_OF_TABLE.contains(&frame.caller.as_str()) => Expects::Source,
            "(" if frame.caller.is_empty() && TAKES_TABLE.contains(&self.operator()) => {
                Expects::Source
            }
            "," if frame.operator == "union" => Expects::Source,
            "let" => Expects::Nothing,
            _ => {
                let at = frame.operator.as_str();
                let word = last.kind == Kind::Name;
                if word && TAKES_TABLE.contains(&last.text) && last.text == at {
                    Expects::Source
                } else if word
                    && (opens_value(last.text) || (is_operator(at) && at.ends_with(last.text)))
                {
                    Expects::Value
                } else if word || matches!(last.text, ")" | "]" | "}" | "*") {
                    Expects::Joint
                } else if matches!(last.kind, Kind::Mark) {
                    Expects::Value
                } else {
                    Expects::Joint
                }
            }
        }
    }

    /// Texts whose last result has the columns at the cursor, the likeliest first.
    pub fn sources(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (i, frame) in self.frames.iter().enumerate().rev() {
            for pipe in frame.pipes.iter().rev() {
                let Some(rows) = self.text.get(frame.value..*pipe) else {
                    continue;
                };
                let first = tokens(rows);
                let implicit = first.first().is_none_or(|t| {
                    t.kind == Kind::End
                        || (is_operator(&operator_at(rows, t))
                            && !matches!(t.text, "print" | "range" | "union" | "search" | "find"))
                });
                if implicit {
                    continue;
                }
                let mut text = String::new();
                for outer in self.frames.iter().take(i + 1) {
                    if let Some((from, to)) = outer.parameters {
                        text.push_str(&parameters(self.text.get(from..to).unwrap_or_default()));
                    }
                    if outer.bracket.is_empty() || outer.bracket == "{" {
                        text.push_str(
                            self.text
                                .get(outer.start..outer.statement)
                                .unwrap_or_default(),
                        );
                    }
                }
                text.push('\n');
                text.push_str(rows);
                out.push(text);
            }
        }
        out
    }

    /// For `$right.`: the text of the table that is joined.
    pub fn right_source(&self) -> Option<String> {
        let frame = self.frame()?;
        let from = *frame.pipes.last()?;
        let step = self.text.get(from..self.word_start)?;
        let open = step.find('(')?;
        let mut depth = 0usize;
        let mut end = None;
        for t in tokens(step.get(open..)?) {
            match t.text {
                "(" => depth += 1,
                ")" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        end = Some(open + t.start);
                        break;
                    }
                }
                _ => {}
            }
        }
        let lets = self.text.get(..self.frames.first()?.statement)?;
        Some(format!("{lets}\n{}", step.get(open + 1..end?)?))
    }
}

/// Parameters of a function as statements, so that its body binds: `T:(a:long), n:long = 5`.
fn parameters(text: &str) -> String {
    let tokens = tokens(text);
    let mut out = String::new();
    let mut depth = 0usize;
    let mut start = 0;
    for t in &tokens {
        match t.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if (t.text == "," && depth == 0) || t.kind == Kind::End {
            out.push_str(&parameter(text.get(start..t.start).unwrap_or_default()));
            start = t.end;
        }
    }
    out
}

/// One of them: a table without rows, or the null of its type.
fn parameter(text: &str) -> String {
    let Some((name, ty)) = text.split_once(':') else {
        return String::new();
    };
    let (name, ty) = (name.trim(), ty.trim());
    if ty.starts_with('(') {
        return format!("let {name} = datatable{ty}[]; ");
    }
    match ty.split('=').next().map(str::trim) {
        Some("string") => format!("let {name} = ''; "),
        Some(ty) if kql_types::Type::from_name(ty).is_some() => {
            format!("let {name} = {ty}(null); ")
        }
        _ => String::new(),
    }
}

fn is_operator(word: &str) -> bool {
    OPERATORS.contains(&word)
}

/// Words behind which a value stands.
fn opens_value(word: &str) -> bool {
    kql_syntax::is_scalar_operator(word)
        || matches!(
            word,
            "by" | "on" | "not" | "of" | "from" | "to" | "step" | "with" | "kind"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expects(text: &str) -> Expects {
        place(text).expects.unwrap()
    }

    #[test]
    fn the_place_is_known() {
        for (text, expected) in [
            ("", Expects::Source),
            ("Sig", Expects::Source),
            ("T |", Expects::Operator),
            ("T | project-a", Expects::Operator),
            ("T | where ", Expects::Value),
            ("T | where a", Expects::Value),
            ("T | where a ", Expects::Joint),
            ("T | where a == ", Expects::Value),
            ("T | where f(a, ", Expects::Value),
            ("T | where s == \"a | b", Expects::Nothing),
            ("T // a | ", Expects::Nothing),
            ("T | join ", Expects::Source),
            ("T | join kind=inner (", Expects::Source),
            ("T | join (U) on $left.", Expects::Member),
            ("let x = ", Expects::Source),
            ("let x = 1; ", Expects::Source),
            ("union T, ", Expects::Source),
            ("T | project-away ", Expects::Value),
            ("T | summarize count() by ", Expects::Value),
        ] {
            assert_eq!(expects(text), expected, "{text}");
        }
        assert_eq!(place("T | project-a").word_start, 4);
        assert_eq!(place("T | where strlen(a, b").call(), Some(("strlen", 1)));
    }

    #[test]
    fn the_rows_at_the_cursor_are_known() {
        assert_eq!(
            place("let a = 1; T | extend b = 1 | where x").sources(),
            ["let a = 1;\n T | extend b = 1 ", "let a = 1;\n T "]
        );
        assert_eq!(
            place("T | join (U | where c | project x").sources().first(),
            Some(&"\nU | where c ".to_owned())
        );
        assert_eq!(place("let f = () { T | where ").sources(), ["\n T "]);
        assert_eq!(
            place("let f = (T:(a:long, b:string), n:int = 5, s:string) { T | where ").sources(),
            ["let T = datatable(a:long, b:string)[]; let n = int(null); let s = ''; \n T "]
        );
        assert_eq!(
            place("T | mv-apply x on (where a | extend ").sources(),
            ["\nT "]
        );
        assert_eq!(
            place("T | join (U | take 1) on $left.a == $right.").right_source(),
            Some("\nU | take 1".to_owned())
        );
    }
}
