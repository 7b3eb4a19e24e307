//! JSON into nodes. A text inside of a text (the serialized data of a workbook) keeps its places in the file.

use crate::node::{Fault, Node, Value};
use crate::text::Text;
use kql_diag::Span;

/// Containers inside each other.
const MOST_DEPTH: usize = 200;

/// A whole text.
///
/// # Errors
/// The text is no JSON.
pub fn parse(text: &str) -> Result<Node, Fault> {
    parse_in(text, &|at| at)
}

/// A JSON text that is a text of a file.
///
/// # Errors
/// The text is no JSON.
pub fn parse_text(text: &Text) -> Result<Node, Fault> {
    parse_in(text.as_str(), &|at| text.at(at))
}

fn parse_in(text: &str, place: &dyn Fn(usize) -> usize) -> Result<Node, Fault> {
    let mut p = Json {
        text,
        place,
        at: 0,
        depth: 0,
    };
    let node = p.value()?;
    p.blank();
    if p.at < text.len() {
        return Err(p.fault("nothing is expected behind the value"));
    }
    Ok(node)
}

struct Json<'t> {
    text: &'t str,
    place: &'t dyn Fn(usize) -> usize,
    at: usize,
    depth: usize,
}

impl Json<'_> {
    fn fault(&self, message: &str) -> Fault {
        Fault {
            message: message.to_owned(),
            at: (self.place)(self.at),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Behind blanks and the comments that templates may have.
    fn blank(&mut self) {
        loop {
            while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
                self.at += 1;
            }
            let rest = self.text.get(self.at..).unwrap_or_default();
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += rest.find("*/").map_or(rest.len(), |i| i + 2);
            } else {
                return;
            }
        }
    }

    fn take(&mut self, b: u8) -> bool {
        self.blank();
        let found = self.peek() == Some(b);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Result<Node, Fault> {
        self.blank();
        let start = (self.place)(self.at);
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(self.fault("nested too deeply"));
        }
        let value = match self.peek() {
            Some(b'{') => self.map()?,
            Some(b'[') => self.list()?,
            Some(b'"') => Value::Scalar(self.string()?),
            Some(b) if b == b'-' || b.is_ascii_alphanumeric() => {
                let rest = self.text.get(self.at..).unwrap_or_default();
                let end = rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')))
                    .unwrap_or(rest.len());
                let word = rest.get(..end).unwrap_or_default();
                let known =
                    matches!(word, "true" | "false" | "null") || word.parse::<f64>().is_ok();
                if !known {
                    return Err(self.fault("a value is expected"));
                }
                self.at += end;
                if word == "null" {
                    Value::Null
                } else {
                    let mut t = Text::default();
                    t.push_str(word, start);
                    Value::Scalar(t)
                }
            }
            _ => return Err(self.fault("a value is expected")),
        };
        self.depth -= 1;
        let end = (self.place)(self.at.saturating_sub(1)) + 1;
        Ok(Node {
            value,
            span: Span::new(start, end.max(start)),
        })
    }

    fn map(&mut self) -> Result<Value, Fault> {
        self.at += 1;
        let mut out = Vec::new();
        if self.take(b'}') {
            return Ok(Value::Map(out));
        }
        loop {
            self.blank();
            if self.peek() != Some(b'"') {
                return Err(self.fault("a key in double quotes is expected"));
            }
            let key = self.string()?;
            if !self.take(b':') {
                return Err(self.fault("`:` is expected"));
            }
            out.push((key, self.value()?));
            if self.take(b'}') {
                return Ok(Value::Map(out));
            }
            if !self.take(b',') {
                return Err(self.fault("`,` or `}` is expected"));
            }
        }
    }

    fn list(&mut self) -> Result<Value, Fault> {
        self.at += 1;
        let mut out = Vec::new();
        if self.take(b']') {
            return Ok(Value::List(out));
        }
        loop {
            out.push(self.value()?);
            if self.take(b']') {
                return Ok(Value::List(out));
            }
            if !self.take(b',') {
                return Err(self.fault("`,` or `]` is expected"));
            }
        }
    }

    fn string(&mut self) -> Result<Text, Fault> {
        self.at += 1;
        let mut out = Text::default();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(c) = rest.chars().next() else {
                return Err(self.fault("a text has no closing quote"));
            };
            let place = (self.place)(self.at);
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(out);
                }
                '\\' => {
                    let decoded = self.escape(rest)?;
                    out.push(decoded, place);
                }
                '\n' => return Err(self.fault("a text has no closing quote on its line")),
                _ => {
                    self.at += c.len_utf8();
                    out.push(c, place);
                }
            }
        }
    }

    /// The character of the escape at the start of `rest`.
    fn escape(&mut self, rest: &str) -> Result<char, Fault> {
        let c = match rest.as_bytes().get(1) {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b) if matches!(b, b'"' | b'\\' | b'/') => char::from(*b),
            Some(b'u') => {
                let unit = |from: usize| -> Option<u32> {
                    u32::from_str_radix(rest.get(from..from + 4)?, 16).ok()
                };
                let fault = self.fault("an escape in a text cannot be read");
                let first = unit(2).ok_or_else(|| fault.clone())?;
                if (0xD800..0xDC00).contains(&first) {
                    let second = unit(8)
                        .filter(|s| (0xDC00..0xE000).contains(s) && rest.get(6..8) == Some("\\u"))
                        .ok_or_else(|| fault.clone())?;
                    self.at += 12;
                    let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                    return char::from_u32(code).ok_or(fault);
                }
                self.at += 6;
                return char::from_u32(first).ok_or(fault);
            }
            _ => return Err(self.fault("an escape in a text cannot be read")),
        };
        self.at += 2;
        Ok(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_places() {
        let file =
            r#"{"a": [1, -2.5e3, true, null], "q": "T\r\n| x \"y\" é\u00e9\ud83d\ude00 end"}"#;
        let n = parse(file).unwrap();
        assert_eq!(n.get("a").unwrap().elements()[1].str(), Some("-2.5e3"));
        let q = n.get("q").unwrap().scalar().unwrap();
        assert_eq!(q.as_str(), "T\r\n| x \"y\" éé😀 end");
        let end = q.as_str().find("end").unwrap();
        assert_eq!(q.at(end), file.find("end").unwrap());
        let outer = format!("{{\"s\": {}}}", serde_json::to_string(file).unwrap());
        let o = parse(&outer).unwrap();
        let inner = parse_text(o.get("s").unwrap().scalar().unwrap()).unwrap();
        let q = inner.get("q").unwrap().scalar().unwrap();
        assert_eq!(q.at(end), outer.find("end").unwrap());
    }

    #[test]
    fn faults_have_places() {
        for (text, at) in [("{\"a\" 1}", 5), ("[1,]", 3), ("{} x", 3), ("\"a", 2)] {
            assert_eq!(parse(text).unwrap_err().at, at, "{text}");
        }
    }
}
