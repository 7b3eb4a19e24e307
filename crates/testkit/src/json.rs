//! JSON that remembers how a number was written: `0.33` in a printed table means two digits.

use std::fmt::Write;

/// A JSON value. Fields of an object keep their order; of equal names the last one counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// null
    Null,
    /// true, false
    Bool(bool),
    /// A number as it was written.
    Number(String),
    /// A text.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one value; none when the text is anything else.
    pub fn parse(text: &str) -> Option<Json> {
        let mut p = Parser { rest: text };
        let v = p.value(0)?;
        p.space();
        p.rest.is_empty().then_some(v)
    }

    /// A field of an object.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(o) => o.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v),
            _ => None,
        }
    }

    /// A text.
    pub fn str(&self) -> Option<&str> {
        match self {
            Json::String(s) => Some(s),
            _ => None,
        }
    }

    /// The elements of an array; none for anything else.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::Array(a) => a,
            _ => &[],
        }
    }

    /// A field that is there and true (or not empty).
    pub fn flag(&self, name: &str) -> bool {
        match self.get(name) {
            None | Some(Json::Null | Json::Bool(false)) => false,
            Some(Json::String(s)) => !s.is_empty(),
            Some(Json::Array(a)) => !a.is_empty(),
            Some(Json::Object(o)) => !o.is_empty(),
            Some(_) => true,
        }
    }

    /// A field that is there and not null.
    pub fn field(&self, name: &str) -> Option<&Json> {
        self.get(name).filter(|v| **v != Json::Null)
    }

    /// The value as text without spaces.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(b) => {
                let _ = write!(out, "{b}");
            }
            Json::Number(n) => out.push_str(n),
            Json::String(s) => out.push_str(&quote(s)),
            Json::Array(a) => {
                out.push('[');
                for (i, v) in a.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    v.write(out);
                }
                out.push(']');
            }
            Json::Object(o) => {
                out.push('{');
                for (i, (n, v)) in o.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    out.push_str(&quote(n));
                    out.push(':');
                    v.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// A text in quotes.
pub fn quote(s: &str) -> String {
    let mut out = String::from("\"");
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, c: char) -> Option<()> {
        self.space();
        self.rest = self.rest.strip_prefix(c)?;
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        if depth > 500 {
            return None;
        }
        self.space();
        for (word, v) in [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
        ] {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Some(v);
            }
        }
        match self.rest.chars().next()? {
            '"' => self.string().map(Json::String),
            '[' => {
                self.take('[')?;
                let mut out = Vec::new();
                if self.take(']').is_some() {
                    return Some(Json::Array(out));
                }
                loop {
                    out.push(self.value(depth + 1)?);
                    if self.take(',').is_none() {
                        self.take(']')?;
                        return Some(Json::Array(out));
                    }
                }
            }
            '{' => {
                self.take('{')?;
                let mut out = Vec::new();
                if self.take('}').is_some() {
                    return Some(Json::Object(out));
                }
                loop {
                    self.space();
                    let name = self.string()?;
                    self.take(':')?;
                    out.push((name, self.value(depth + 1)?));
                    if self.take(',').is_none() {
                        self.take('}')?;
                        return Some(Json::Object(out));
                    }
                }
            }
            _ => {
                let n = self
                    .rest
                    .find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c)))
                    .unwrap_or(self.rest.len());
                let (number, rest) = self.rest.split_at(n);
                let digits = number.trim_start_matches('-');
                let ok = digits.starts_with(|c: char| c.is_ascii_digit())
                    && (digits.len() == 1
                        || !digits.starts_with('0')
                        || digits[1..].starts_with(['.', 'e', 'E']))
                    && number.parse::<f64>().is_ok();
                self.rest = rest;
                ok.then(|| Json::Number(number.to_owned()))
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        self.rest = self.rest.strip_prefix('"')?;
        let mut out = String::new();
        let mut chars = self.rest.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => match chars.next()? {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'b' => out.push('\u{8}'),
                    'f' => out.push('\u{c}'),
                    'u' => {
                        let first = unit(&mut chars)?;
                        let code = if (0xd800..0xdc00).contains(&first)
                            && chars.as_str().starts_with("\\u")
                        {
                            chars.nth(1);
                            let second = unit(&mut chars)?;
                            0x10000 + ((first - 0xd800) << 10) + second.checked_sub(0xdc00)?
                        } else {
                            first
                        };
                        out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                    }
                    c @ ('"' | '\\' | '/') => out.push(c),
                    _ => return None,
                },
                c if c.is_control() && (c as u32) < 32 => return None,
                c => out.push(c),
            }
        }
        self.rest = chars.as_str();
        Some(out)
    }
}

fn unit(chars: &mut std::str::Chars<'_>) -> Option<u32> {
    let mut code = 0;
    for _ in 0..4 {
        code = code * 16 + chars.next()?.to_digit(16)?;
    }
    Some(code)
}
