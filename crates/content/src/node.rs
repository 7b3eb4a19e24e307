//! What a YAML or JSON file holds, with places.

use crate::text::Text;
use kql_diag::Span;

/// A value with its place in the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it begins and ends in the file.
    pub span: Span,
}

/// What a node is.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// `null`, or nothing behind a key.
    #[default]
    Null,
    /// A text, a number or a truth value: whoever reads it knows which.
    Scalar(Text),
    /// A list.
    List(Vec<Node>),
    /// Fields in order.
    Map(Vec<(Text, Node)>),
}

impl Node {
    /// A field of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.fields()
            .iter()
            .find(|(k, _)| k.as_str() == key)
            .map(|(_, n)| n)
    }

    /// A field of a map, whatever the case of its name.
    pub fn get_any_case(&self, key: &str) -> Option<&Node> {
        self.get(key).or_else(|| {
            self.fields()
                .iter()
                .find(|(k, _)| k.as_str().eq_ignore_ascii_case(key))
                .map(|(_, n)| n)
        })
    }

    /// A field of fields.
    pub fn path(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |n, k| n.get(k))
    }

    /// The fields of a map; none of anything else.
    pub fn fields(&self) -> &[(Text, Node)] {
        match &self.value {
            Value::Map(m) => m,
            _ => &[],
        }
    }

    /// The elements of a list; none of anything else.
    pub fn elements(&self) -> &[Node] {
        match &self.value {
            Value::List(l) => l,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&Text> {
        match &self.value {
            Value::Scalar(t) => Some(t),
            _ => None,
        }
    }

    /// The text of a scalar without blanks around it.
    pub fn str(&self) -> Option<&str> {
        self.scalar().map(|t| t.as_str().trim())
    }

    /// The text of a field without blanks around it.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::str)
    }
}

/// Why a file is no YAML or JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What was found and expected.
    pub message: String,
    /// The byte of the file.
    pub at: usize,
}
