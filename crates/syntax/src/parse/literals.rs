//! Constants.

use super::cursor::{Cursor, Res};
use super::lexer::{Kind, Token};
use crate::ast::{Dynamic, Literal};
use kql_diag::{Diagnostic, codes};
use kql_types::text;

impl Cursor<'_> {
    /// A string: adjacent literals are joined.
    pub fn string(&mut self) -> Res<String> {
        let t = self.peek();
        if t.kind != Kind::String {
            return Err(self.expected("a string"));
        }
        let mut out = String::new();
        while self.peek().kind == Kind::String {
            let t = self.next();
            match decode(t.text) {
                Some(s) => out.push_str(&s),
                None => {
                    return Err(self.report(
                        Diagnostic::error(
                            codes::BAD_LITERAL,
                            t.span(),
                            "the string has an escape that KQL does not know",
                        )
                        .with_help("`@\"...\"` takes backslashes as they are"),
                    ));
                }
            }
        }
        Ok(out)
    }

    fn bad(&mut self, t: Token<'_>, what: &str) -> super::cursor::Fault {
        self.report(Diagnostic::error(
            codes::BAD_LITERAL,
            t.span(),
            format!("`{}` is no {what}", t.text),
        ))
    }

    /// A literal, if one starts here.
    pub fn literal(&mut self) -> Option<Res<Literal>> {
        let t = self.peek();
        Some(match t.kind {
            Kind::String => self.string().map(Literal::String),
            Kind::Long => {
                self.next();
                match t.text.parse() {
                    Ok(n) => Ok(Literal::Long(n)),
                    Err(_) => Err(self.bad(t, "long")),
                }
            }
            Kind::Hex => {
                self.next();
                match u64::from_str_radix(&t.text[2..], 16) {
                    Ok(n) => Ok(Literal::Long(n.cast_signed())),
                    Err(_) => Err(self.bad(t, "long")),
                }
            }
            Kind::Real => {
                self.next();
                match t.text.parse() {
                    Ok(x) => Ok(Literal::Real(x)),
                    Err(_) => Err(self.bad(t, "real")),
                }
            }
            Kind::TimeSpan => {
                self.next();
                match text::timespan::parse_with_unit(t.text) {
                    Some(n) => Ok(Literal::TimeSpan(n)),
                    None => Err(self.bad(t, "timespan")),
                }
            }
            Kind::Typed => {
                self.next();
                self.typed(t)
            }
            Kind::Name
                if matches!(t.text, "datetime" | "date")
                    && self.is_ahead(1, "(")
                    && self.ahead(2).kind == Kind::Long
                    && self.is_ahead(3, ",") =>
            {
                self.next();
                self.date_parts(t)
            }
            Kind::Name if t.text == "dynamic" && self.is_ahead(1, "(") => {
                self.next();
                self.next();
                match self.dynamic() {
                    Ok(d) if self.take(")") => Ok(match d {
                        Dynamic::Null => Literal::Null("dynamic"),
                        d => Literal::Dynamic(d),
                    }),
                    Ok(_) => Err(self.expected("`)`")),
                    Err(f) => Err(f),
                }
            }
            Kind::Name if matches!(t.text, "true" | "True" | "TRUE") && !self.is_ahead(1, "(") => {
                self.next();
                Ok(Literal::Bool(true))
            }
            Kind::Name
                if matches!(t.text, "false" | "False" | "FALSE") && !self.is_ahead(1, "(") =>
            {
                self.next();
                Ok(Literal::Bool(false))
            }
            _ => return None,
        })
    }

    fn typed(&mut self, t: Token<'_>) -> Res<Literal> {
        let (word, rest) = t.text.split_once('(').unwrap_or((t.text, ")"));
        let inner = rest.strip_suffix(')').unwrap_or(rest).trim();
        let quoted = inner
            .strip_prefix('"')
            .and_then(|s| s.strip_suffix('"'))
            .or_else(|| inner.strip_prefix('\'').and_then(|s| s.strip_suffix('\'')));
        let inner = quoted.unwrap_or(inner).trim();
        let end = word.find(|c: char| !c.is_ascii_alphabetic());
        let word = word.get(..end.unwrap_or(word.len())).unwrap_or(word);
        // Pasted texts have spaces of other kinds.
        let spaces = |c: char| c.is_whitespace() && c != ' ';
        let replaced = inner.contains(spaces).then(|| inner.replace(spaces, " "));
        let inner = replaced.as_deref().unwrap_or(inner);
        let (ty, literal) = match word {
            "datetime" | "date" => (
                "datetime",
                text::parse_datetime(inner)
                    .map(Literal::DateTime)
                    .or_else(|| text::parse_time_of_day(inner).map(Literal::TimeOfDay)),
            ),
            "timespan" | "time" => (
                "timespan",
                text::parse_timespan(inner).map(Literal::TimeSpan),
            ),
            "guid" => ("guid", text::parse_guid(inner).map(Literal::Guid)),
            "decimal" => (
                "decimal",
                text::parse_decimal(inner).map(|d| Literal::Decimal(text::format_decimal(d))),
            ),
            "real" | "double" => ("real", real(inner).map(Literal::Real)),
            "long" => ("long", integer(inner).map(Literal::Long)),
            "int" => ("int", int(inner).map(Literal::Int)),
            _ => (
                "bool",
                match inner.to_ascii_lowercase().as_str() {
                    "true" => Some(Literal::Bool(true)),
                    "false" => Some(Literal::Bool(false)),
                    other => integer(other).map(|n| Literal::Bool(n != 0)),
                },
            ),
        };
        if inner.eq_ignore_ascii_case("null")
            || (inner.is_empty() && matches!(ty, "datetime" | "timespan"))
        {
            return Ok(Literal::Null(ty));
        }
        literal.ok_or_else(|| self.bad(t, ty))
    }

    /// `datetime(2025, 6, 14)`: year, month, and day, hour, minute, second where they are given.
    fn date_parts(&mut self, t: Token<'_>) -> Res<Literal> {
        let open = self.next();
        let mut parts = Vec::new();
        while self.peek().kind == Kind::Long {
            parts.push(self.next().text.to_owned());
            if !self.take(",") {
                break;
            }
        }
        self.close(")", open)?;
        let part = |n: usize, or: &'static str| parts.get(n).map_or(or, String::as_str);
        let text = format!(
            "{:0>4}-{:0>2}-{:0>2} {:0>2}:{:0>2}:{:0>2}",
            part(0, ""),
            part(1, "1"),
            part(2, "1"),
            part(3, "0"),
            part(4, "0"),
            part(5, "0")
        );
        match text::parse_datetime(&text) {
            Some(n) if parts.len() <= 6 => Ok(Literal::DateTime(n)),
            _ => Err(self.report(Diagnostic::error(
                codes::BAD_LITERAL,
                self.span_from(t.start),
                "the parts make no datetime",
            ))),
        }
    }

    fn dynamic(&mut self) -> Res<Dynamic> {
        let t = self.peek();
        if self.take("[") {
            let mut items = Vec::new();
            while !self.is("]") {
                items.push(self.dynamic()?);
                if !self.take(",") {
                    break;
                }
            }
            self.expect("]")?;
            return Ok(Dynamic::Array(items));
        }
        if self.take("{") {
            let mut items = Vec::new();
            while !self.is("}") {
                let key = if self.peek().kind == Kind::String {
                    self.string()?
                } else {
                    self.name()?.text
                };
                self.expect(":")?;
                items.push((key, self.dynamic()?));
                if !self.take(",") {
                    break;
                }
            }
            self.expect("}")?;
            return Ok(Dynamic::Bag(items));
        }
        let negative = self.is("-");
        if negative || self.is("+") {
            self.next();
        }
        if self.take_word("null") {
            return Ok(Dynamic::Null);
        }
        match self.literal() {
            Some(l) => Ok(match (l?, negative) {
                (Literal::Long(n), true) => {
                    Dynamic::Scalar(Box::new(Literal::Long(n.wrapping_neg())))
                }
                (Literal::Real(x), true) => Dynamic::Scalar(Box::new(Literal::Real(-x))),
                (Literal::TimeSpan(x), true) => {
                    Dynamic::Scalar(Box::new(Literal::TimeSpan(x.wrapping_neg())))
                }
                (Literal::Dynamic(d), _) => d,
                (Literal::Null(_), _) => Dynamic::Null,
                (l, _) => Dynamic::Scalar(Box::new(l)),
            }),
            None if t.kind == Kind::Name => {
                // Bare words are texts.
                self.next();
                Ok(Dynamic::Scalar(Box::new(Literal::String(
                    t.text.to_owned(),
                ))))
            }
            None => Err(self.expected("a dynamic value")),
        }
    }
}

fn integer(text: &str) -> Option<i64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(h) => u64::from_str_radix(h, 16).ok().map(u64::cast_signed),
        None => text.parse().ok(),
    }
}

/// Hexadecimal digits are the bits of the number: `int(0xFFFFFFFF)` is -1.
fn int(text: &str) -> Option<i32> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(h) => u32::from_str_radix(h, 16).ok().map(u32::cast_signed),
        None => text.parse().ok(),
    }
}

fn real(text: &str) -> Option<f64> {
    match text.to_ascii_lowercase().as_str() {
        "nan" => Some(f64::NAN),
        "inf" | "+inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        other => other
            .parse()
            .ok()
            .filter(|_| other.bytes().any(|b| b.is_ascii_digit())),
    }
}

/// The text of a string token; none when it has a bad escape.
fn decode(token: &str) -> Option<String> {
    for fence in ["```", "~~~"] {
        if let Some(inner) = token.strip_prefix(fence) {
            return Some(inner.strip_suffix(fence).unwrap_or(inner).to_owned());
        }
    }
    let token = token.strip_prefix(['h', 'H']).unwrap_or(token);
    if let Some(t) = token.strip_prefix('@') {
        let quote = t.chars().next()?;
        let inner = t.strip_prefix(quote)?.strip_suffix(quote)?;
        return Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()));
    }
    let quote = token.chars().next()?;
    let inner = token.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            '0' => out.push('\0'),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'v' => out.push('\u{b}'),
            'u' => out.push(code(&mut chars, 4)?),
            'U' => out.push(code(&mut chars, 8)?),
            'x' => out.push(code(&mut chars, 2)?),
            c @ ('\\' | '"' | '\'' | '?') => out.push(c),
            _ => return None,
        }
    }
    Some(out)
}

fn code(chars: &mut std::str::Chars<'_>, n: usize) -> Option<char> {
    let hex: String = chars.take(n).collect();
    char::from_u32(u32::from_str_radix(&hex, 16).ok()?)
}
