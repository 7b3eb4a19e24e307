//! YAML as a tree that knows its lines.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::HashMap;

/// Aliases that make a document larger than this are a fault.
const MOST_NODES: usize = 1 << 20;
/// Lists and mappings inside each other.
const MOST_DEPTH: usize = 64;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// From 1; of a block of text the line on which the text begins.
    pub(crate) line: usize,
    /// From 0.
    pub(crate) column: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar {
        text: String,
        /// Without quotes: it may be a number, a truth or nothing.
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One entry of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) value: Node,
}

/// What is wrong, and on which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) message: String,
}

pub(crate) fn fault<T>(line: usize, message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault {
        line,
        message: message.into(),
    })
}

impl Node {
    fn new(kind: Kind, span: Span) -> Node {
        Node {
            kind,
            line: span.start.line(),
            column: span.start.col(),
        }
    }

    pub(crate) fn scalar(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The text of a scalar; a fault names what it is for.
    pub(crate) fn text(&self, what: &str) -> Result<&str, Fault> {
        match self.scalar() {
            Some(t) => Ok(t),
            None => fault(self.line, format!("`{what}` requires a text")),
        }
    }

    pub(crate) fn truth(&self, what: &str) -> Result<bool, Fault> {
        match self.scalar() {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => fault(self.line, format!("`{what}` requires true or false")),
        }
    }

    pub(crate) fn map(&self, what: &str) -> Result<&[Entry], Fault> {
        match &self.kind {
            Kind::Map(m) => Ok(m),
            _ => fault(self.line, format!("{what} requires names with values")),
        }
    }

    /// A list; a lone scalar is a list of one.
    pub(crate) fn texts(&self, what: &str) -> Result<Vec<String>, Fault> {
        match &self.kind {
            Kind::List(l) => l.iter().map(|n| n.text(what).map(str::to_owned)).collect(),
            _ => Ok(vec![self.text(what)?.to_owned()]),
        }
    }

    /// `null`, `~` or nothing at all.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// As JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            Kind::Map(m) => m.iter().map(|e| (e.key.clone(), e.value.json())).collect(),
            Kind::List(l) => Value::Array(l.iter().map(Node::json).collect()),
            Kind::Scalar { text, plain: true } => match text.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ if self.is_null() => Value::Null,
                t if t.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                    serde_json::from_str::<serde_json::Number>(t)
                        .map_or_else(|_| Value::String(t.to_owned()), Value::Number)
                }
                t => Value::String(t.to_owned()),
            },
            Kind::Scalar { text, .. } => Value::String(text.clone()),
        }
    }
}

/// A list or mapping that is not at its end.
struct Open {
    node: Node,
    anchor: usize,
    /// The key whose value is awaited.
    key: Option<(String, usize, usize)>,
}

/// Reads a text of one document.
pub(crate) fn read(text: &str) -> Result<Node, Fault> {
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(e) => e,
            Err(e) => return fault(e.marker().line(), e.info()),
        };
        reader.event(event, span)?;
    }
    match reader.root {
        Some(n) => Ok(n),
        None => fault(1, "the file is empty"),
    }
}

#[derive(Default)]
struct Reader {
    root: Option<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        let line = span.start.line();
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let text = text.into_owned();
                let mut node = Node::new(Kind::Scalar { text, plain }, span);
                if let (Kind::Scalar { text, .. }, ScalarStyle::Literal | ScalarStyle::Folded) =
                    (&node.kind, style)
                {
                    // The place of a block is its first line that is not empty.
                    let blank = text.len() - text.trim_start_matches('\n').len();
                    node.line = node.line.saturating_sub(blank);
                }
                self.value(node, anchor)
            }
            Event::SequenceStart(anchor, _) => self.begin(Kind::List(Vec::new()), span, anchor),
            Event::MappingStart(anchor, _) => self.begin(Kind::Map(Vec::new()), span, anchor),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(o) => self.value(o.node, o.anchor),
                None => Ok(()),
            },
            Event::Alias(id) => match self.anchors.get(&id).cloned() {
                Some(n) => self.value(n, 0),
                None => fault(line, "the alias names no anchor"),
            },
            Event::DocumentStart(_) if self.root.is_some() => {
                fault(line, "the file has more than one document")
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, kind: Kind, span: Span, anchor: usize) -> Result<(), Fault> {
        if self.open.len() >= MOST_DEPTH {
            return fault(span.start.line(), "the file is nested too deeply");
        }
        self.open.push(Open {
            node: Node::new(kind, span),
            anchor,
            key: None,
        });
        Ok(())
    }

    fn value(&mut self, node: Node, anchor: usize) -> Result<(), Fault> {
        self.nodes += size(&node);
        if self.nodes > MOST_NODES {
            return fault(node.line, "the file is too large");
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.node.kind {
            Kind::List(l) => l.push(node),
            Kind::Map(m) => match open.key.take() {
                None => {
                    let key = node.text("a name")?.to_owned();
                    if m.iter().any(|e| e.key == key) {
                        return fault(node.line, format!("`{key}` stands twice"));
                    }
                    open.key = Some((key, node.line, node.column));
                }
                Some((key, line, column)) => m.push(Entry {
                    key,
                    line,
                    column,
                    value: node,
                }),
            },
            Kind::Scalar { .. } => {}
        }
        Ok(())
    }
}

/// Only the copies of aliases can be large, and only they are walked through again.
fn size(node: &Node) -> usize {
    match &node.kind {
        Kind::Scalar { .. } => 1,
        Kind::List(l) => l.iter().map(size).sum::<usize>() + 1,
        Kind::Map(m) => m.iter().map(|e| size(&e.value)).sum::<usize>() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns() {
        let n = read("a: 1\nb:\n  - x: |\n      T\n      | count\n    y: 'z'\n").unwrap();
        let m = n.map("it").unwrap();
        assert_eq!((m[1].line, m[1].column), (2, 0));
        let Kind::List(l) = &m[1].value.kind else {
            panic!("no list")
        };
        let inner = l[0].map("it").unwrap();
        assert_eq!((inner[1].line, inner[1].column), (6, 4));
        assert_eq!(inner[0].value.scalar(), Some("T\n| count\n"));
        assert_eq!(
            n.json().to_string(),
            r#"{"a":1,"b":[{"x":"T\n| count\n","y":"z"}]}"#
        );
        assert_eq!(read("a: 1\na: 2").unwrap_err().line, 2);
        assert!(read("").is_err());
    }
}
