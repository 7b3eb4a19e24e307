//! YAML into nodes.

use crate::node::{Fault, Node, Value};
use crate::text::Text;
use kql_diag::Span;
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::collections::HashMap;

/// Containers inside each other.
const MOST_DEPTH: usize = 200;
/// Nodes that the aliases of a file may stand for.
const MOST_COPIES: usize = 100_000;

/// The first document of a text.
///
/// # Errors
/// The text is no YAML.
pub fn parse(text: &str) -> Result<Node, Fault> {
    parse_strictly(text).or_else(|fault| {
        // Most readers take lists whose lines are not indented, and published files have them.
        match one_line_lists(text) {
            Some(lenient) => parse_strictly(&lenient).map_err(|_| fault),
            None => Err(fault),
        }
    })
}

/// The text with each list of a field, such as `key: [`, on one line; as long as the text. None where there is none.
fn one_line_lists(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0usize;
    let mut changed = false;
    for line in text.split_inclusive('\n') {
        let field = line.starts_with(|c: char| c.is_ascii_alphabetic())
            && line
                .split_once(':')
                .is_some_and(|(_, v)| v.trim_start().starts_with('['));
        if depth == 0 && !field {
            out.push_str(line);
            continue;
        }
        let mut quote: Option<char> = None;
        for c in line.chars() {
            match (quote, c) {
                (None, '\'' | '"') => quote = Some(c),
                (Some(q), c) if q == c => quote = None,
                (None, '[') => depth += 1,
                (None, ']') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > 0 && matches!(c, '\n' | '\r') {
                out.push(' ');
                changed = true;
            } else {
                out.push(c);
            }
        }
    }
    changed.then_some(out)
}

fn parse_strictly(text: &str) -> Result<Node, Fault> {
    let bytes = Bytes::new(text);
    let mut anchors: HashMap<usize, Node> = HashMap::new();
    let mut copies = 0usize;
    // Open containers, outermost first: what it is, its anchor, where it began.
    let mut open: Vec<(Open, usize, usize)> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|e| Fault {
            message: e.info().to_owned(),
            at: bytes.of(e.marker().index()),
        })?;
        let (start, end) = (bytes.of(span.start.index()), bytes.of(span.end.index()));
        let done = match event {
            Event::Scalar(value, style, anchor, _) => {
                let text = scalar(text, start, end, &value, style);
                let null = style == ScalarStyle::Plain && matches!(&*value, "" | "~" | "null");
                let span = if text.as_str().is_empty() {
                    Span::new(start, end)
                } else {
                    text.span()
                };
                let value = if null {
                    Value::Null
                } else {
                    Value::Scalar(text)
                };
                Some((Node { value, span }, anchor))
            }
            Event::SequenceStart(anchor, _) => {
                open.push((Open::List(Vec::new()), anchor, start));
                None
            }
            Event::MappingStart(anchor, _) => {
                open.push((Open::Map(Vec::new(), None), anchor, start));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|(what, anchor, begin)| {
                let value = match what {
                    Open::List(l) => Value::List(l),
                    Open::Map(m, _) => Value::Map(m),
                };
                let span = Span::new(begin, end.max(begin));
                (Node { value, span }, anchor)
            }),
            Event::Alias(id) => {
                let node = anchors.get(&id).cloned().unwrap_or_default();
                copies = copies.saturating_add(size(&node));
                if copies > MOST_COPIES {
                    return Err(Fault {
                        message: "the aliases stand for too much".to_owned(),
                        at: start,
                    });
                }
                Some((node, 0))
            }
            Event::DocumentEnd => break,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {
                None
            }
        };
        if open.len() > MOST_DEPTH {
            return Err(Fault {
                message: "nested too deeply".to_owned(),
                at: start,
            });
        }
        let Some((node, anchor)) = done else {
            continue;
        };
        if anchor > 0 {
            anchors.insert(anchor, node.clone());
        }
        match open.last_mut() {
            None => return Ok(node),
            Some((Open::List(l), _, _)) => l.push(node),
            Some((Open::Map(m, key), _, _)) => match key.take() {
                None => {
                    let name = node.scalar().cloned().unwrap_or_default();
                    if let Some((first, _)) = m.iter().find(|(k, _)| *k.as_str() == *name.as_str())
                        && !name.as_str().is_empty()
                    {
                        let _ = first;
                        return Err(Fault {
                            message: format!("key `{}` stands twice", name.as_str()),
                            at: start,
                        });
                    }
                    *key = Some(name);
                }
                Some(name) => m.push((name, node)),
            },
        }
    }
    Ok(Node::default())
}

enum Open {
    List(Vec<Node>),
    Map(Vec<(Text, Node)>, Option<Text>),
}

fn size(node: &Node) -> usize {
    match &node.value {
        Value::Null | Value::Scalar(_) => 1,
        Value::List(l) => l.iter().map(size).sum::<usize>() + 1,
        Value::Map(m) => m.iter().map(|(_, n)| size(n)).sum::<usize>() + 1,
    }
}

/// From characters to bytes.
struct Bytes {
    /// Where each character begins; empty where each is one byte.
    starts: Vec<usize>,
    len: usize,
}

impl Bytes {
    fn new(text: &str) -> Bytes {
        Bytes {
            starts: if text.is_ascii() {
                Vec::new()
            } else {
                text.char_indices().map(|(i, _)| i).collect()
            },
            len: text.len(),
        }
    }

    fn of(&self, character: usize) -> usize {
        if self.starts.is_empty() {
            return character.min(self.len);
        }
        self.starts.get(character).copied().unwrap_or(self.len)
    }
}

/// A scalar's text with the places of its parts between two bytes of the file.
fn scalar(file: &str, start: usize, end: usize, value: &str, style: ScalarStyle) -> Text {
    let raw = file.get(start..end.max(start)).unwrap_or_default();
    if style == ScalarStyle::Literal {
        return literal(file, start, value);
    }
    let mut out = Text::default();
    let mut rest = raw.char_indices().peekable();
    let mut last = start;
    for c in value.chars() {
        // Quotes, escapes and the indentation of further lines stand only in the file.
        while let Some((i, r)) = rest.peek().copied() {
            if r == c {
                last = start + i;
                rest.next();
                break;
            }
            if r == '\\' && style == ScalarStyle::DoubleQuoted {
                last = start + i;
                rest.next();
                let digits = match rest.next() {
                    Some((_, 'x')) => 2,
                    Some((_, 'u')) => 4,
                    Some((_, 'U')) => 8,
                    _ => 0,
                };
                for _ in 0..digits {
                    rest.next();
                }
                break;
            }
            if !(r.is_whitespace()
                || matches!(r, '"' | '\'' | '>' | '+' | '-')
                || r.is_ascii_digit())
            {
                break;
            }
            if c.is_whitespace() && r == '\n' {
                last = start + i;
                rest.next();
                break;
            }
            rest.next();
        }
        out.push(c, last);
    }
    out
}

/// The lines of a `|` block are the lines of the file without their indentation.
fn literal(file: &str, start: usize, value: &str) -> Text {
    let mut out = Text::default();
    let mut at = start;
    // The header ends its line.
    let header = file.get(at..).unwrap_or_default();
    at = if header.starts_with('|') {
        at + header.find('\n').map_or(header.len(), |i| i + 1)
    } else {
        // The place is that of the first line's text: its line begins before it.
        file.get(..at)
            .and_then(|h| h.rfind('\n'))
            .map_or(0, |i| i + 1)
    };
    for line in value.split_inclusive('\n') {
        let body = line.trim_end_matches('\n');
        let rest = file.get(at..).unwrap_or_default();
        let whole = rest.find('\n').map_or(rest.len(), |i| i + 1);
        let raw = rest
            .get(..whole)
            .unwrap_or_default()
            .trim_end_matches(['\n', '\r']);
        let indent = raw.len().saturating_sub(body.len());
        out.push_str(body, at + indent);
        if line.ends_with('\n') {
            out.push('\n', at + raw.len());
        }
        at += whole;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_keep_their_places() {
        let file = "a: 'it''s'\nb: \"x\\ty\"\nq: |\r\n  T\r\n\r\n    | count\r\nf: >-\n  one\n  two\nl:\n- x\n-  y z\n";
        let n = parse(file).unwrap();
        assert_eq!(n.text("a"), Some("it's"));
        assert_eq!(n.text("b"), Some("x\ty"));
        let q = n.get("q").unwrap().scalar().unwrap();
        assert_eq!(q.as_str(), "T\n\n  | count\n");
        assert_eq!(q.at(5), file.find("| count").unwrap());
        let f = n.get("f").unwrap().scalar().unwrap();
        assert_eq!(f.as_str(), "one two");
        assert_eq!(f.at(4), file.find("two").unwrap());
        let l = n.get("l").unwrap().elements();
        assert_eq!(l[1].str(), Some("y z"));
        assert_eq!(l[1].span.start as usize, file.find("y z").unwrap());
    }

    #[test]
    fn lists_need_no_indentation() {
        let file = "a: [\r\n'x',\n\"y]\"\n]\nq: T\n";
        let n = parse(file).unwrap();
        assert_eq!(n.get("a").unwrap().elements()[1].str(), Some("y]"));
        assert_eq!(n.get("q").unwrap().span.start as usize, file.len() - 2);
    }

    #[test]
    fn faults_have_places() {
        let e = parse("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(e.at > 0, "{e:?}");
        assert!(parse("a: 1\na: 2\n").unwrap_err().message.contains("twice"));
    }
}
