//! Expressions of ARM templates, as far as a query's text is made with them.

use crate::node::{Node, Value};
use crate::text::Text;

/// Expressions inside each other.
const MOST_DEPTH: usize = 64;

/// A template's parameters and variables.
#[derive(Debug)]
pub struct Template<'n> {
    root: &'n Node,
}

impl<'n> Template<'n> {
    /// The template that a node is.
    pub fn new(root: &'n Node) -> Self {
        Template { root }
    }

    /// The text that a node stands for.
    ///
    /// # Errors
    /// Names what cannot be worked out here: a function of the cloud, or a parameter without a default.
    pub fn text(&self, node: &Node) -> Result<Text, String> {
        let found = self.node(node.clone(), 0)?;
        match found.value {
            Value::Scalar(t) => Ok(t),
            Value::Null => Ok(Text::default()),
            Value::List(_) | Value::Map(_) => Err("a text is expected".to_owned()),
        }
    }

    fn node(&self, node: Node, depth: usize) -> Result<Node, String> {
        if depth > MOST_DEPTH {
            return Err("expressions are nested too deeply".to_owned());
        }
        let Some(t) = node.scalar() else {
            return Ok(node);
        };
        let s = t.as_str();
        if s.starts_with("[[") {
            let plain = t.part(1, s.len());
            return Ok(scalar(plain, &node));
        }
        if !(s.starts_with('[') && s.ends_with(']')) {
            return Ok(node);
        }
        let inner = t.part(1, s.len() - 1);
        let mut e = Expression {
            template: self,
            text: &inner,
            at: 0,
            depth,
        };
        let out = e.value()?;
        e.blank();
        if e.at < inner.as_str().len() {
            return Err("the expression cannot be read".to_owned());
        }
        Ok(out)
    }

    fn parameter(&self, name: &str, depth: usize) -> Result<Node, String> {
        let p = self
            .root
            .get("parameters")
            .and_then(|p| p.get_any_case(name));
        match p.and_then(|p| p.get("defaultValue")) {
            Some(d) => self.node(d.clone(), depth + 1),
            None => Err(format!("parameter `{name}` of the template has no default")),
        }
    }

    fn variable(&self, name: &str, depth: usize) -> Result<Node, String> {
        match self
            .root
            .get("variables")
            .and_then(|v| v.get_any_case(name))
        {
            Some(v) => self.node(v.clone(), depth + 1),
            None => Err(format!("the template has no variable `{name}`")),
        }
    }
}

fn scalar(text: Text, like: &Node) -> Node {
    Node {
        value: Value::Scalar(text),
        span: like.span,
    }
}

struct Expression<'a, 'n> {
    template: &'a Template<'n>,
    text: &'a Text,
    at: usize,
    depth: usize,
}

impl Expression<'_, '_> {
    fn rest(&self) -> &str {
        self.text.as_str().get(self.at..).unwrap_or_default()
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, c: char) -> bool {
        self.blank();
        let found = self.rest().starts_with(c);
        self.at += if found { c.len_utf8() } else { 0 };
        found
    }

    fn value(&mut self) -> Result<Node, String> {
        self.blank();
        let mut out = if self.rest().starts_with('\'') {
            let t = self.quoted()?;
            let span = t.span();
            Node {
                value: Value::Scalar(t),
                span,
            }
        } else {
            let word = self.word();
            if word.is_empty() {
                return Err("the expression cannot be read".to_owned());
            }
            if self.take('(') {
                self.call(&word)?
            } else {
                let t = Text::standing_at(&word, self.text.at(self.at.saturating_sub(word.len())));
                let span = t.span();
                Node {
                    value: Value::Scalar(t),
                    span,
                }
            }
        };
        loop {
            if self.take('.') {
                let name = self.word();
                let next = out.get_any_case(&name).cloned();
                out = next.ok_or_else(|| format!("`{name}` is not there"))?;
                out = self.template.node(out, self.depth + 1)?;
            } else {
                return Ok(out);
            }
        }
    }

    fn word(&mut self) -> String {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
            .unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_owned();
        self.at += end;
        word
    }

    /// `'it''s'`
    fn quoted(&mut self) -> Result<Text, String> {
        self.at += 1;
        let mut out = Text::default();
        loop {
            let rest = self.rest();
            let Some(c) = rest.chars().next() else {
                return Err("a text of the expression has no closing quote".to_owned());
            };
            let doubled = rest.starts_with("''");
            let place = self.text.at(self.at);
            self.at += c.len_utf8();
            if c == '\'' && !doubled {
                return Ok(out);
            }
            self.at += usize::from(doubled);
            out.push(c, place);
        }
    }

    fn call(&mut self, name: &str) -> Result<Node, String> {
        let mut arguments = Vec::new();
        if !self.take(')') {
            loop {
                arguments.push(self.value()?);
                if self.take(')') {
                    break;
                }
                if !self.take(',') {
                    return Err("the expression cannot be read".to_owned());
                }
            }
        }
        let text = |n: &Node| n.scalar().cloned().ok_or("a text is expected".to_owned());
        let first = || {
            arguments
                .first()
                .and_then(Node::str)
                .ok_or_else(|| format!("`{name}` requires a name"))
        };
        match name.to_ascii_lowercase().as_str() {
            "parameters" => self.template.parameter(first()?, self.depth),
            "variables" => self.template.variable(first()?, self.depth),
            "concat" => {
                let mut out = Text::default();
                for a in &arguments {
                    out.append(&text(a)?);
                }
                let span = out.span();
                Ok(Node {
                    value: Value::Scalar(out),
                    span,
                })
            }
            "string" | "int" if arguments.len() == 1 => Ok(arguments.swap_remove(0)),
            "tolower" if arguments.len() == 1 => {
                let t = text(&arguments[0])?;
                Ok(scalar(
                    Text::standing_at(&t.as_str().to_lowercase(), t.at(0)),
                    &arguments[0],
                ))
            }
            _ => Err(format!(
                "function `{name}` of the template has its value only in the cloud"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let file = r#"{"parameters":{"N":{"defaultValue":"5"},"M":{"type":"string"}},"variables":{"s":{"Q":"[concat('T | take ', parameters('n'), ' // it''s')]"}},
            "a":"[variables('s').Q]","b":"[resourceGroup().location]","c":"[[x]","d":"[parameters('M')]"}"#;
        let root = crate::json::parse(file).unwrap();
        let t = Template::new(&root);
        let a = t.text(root.get("a").unwrap()).unwrap();
        assert_eq!(a.as_str(), "T | take 5 // it's");
        assert_eq!(a.at(9), file.find("\"5\"").unwrap() + 1);
        assert!(
            t.text(root.get("b").unwrap())
                .unwrap_err()
                .contains("resourceGroup")
        );
        assert_eq!(t.text(root.get("c").unwrap()).unwrap().as_str(), "[x]");
        assert!(
            t.text(root.get("d").unwrap())
                .unwrap_err()
                .contains("no default")
        );
    }
}
