//! The patterns of `parse`: a text in, the texts of its columns out.
//!
//! What the emulator does, as far as it is recorded: a simple pattern is anchored at both ends (a last `*` takes the end
//! off), a column takes as little as it can, and a typed column before a `*` has the shape of its type because nothing
//! else could end it. In regex mode nothing is anchored, columns take as much as they can and every typed column has a
//! shape.

use crate::expr::udf::{Argument, Run, Udf};
use arrow::array::{Array, ArrayRef, AsArray, StringViewBuilder, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::{DataFusionError, Result};
use datafusion::prelude::Expr;
use kql_bind::plan::{ParseKind, ParsePart};
use kql_types::Type;
use std::fmt::Write;
use std::sync::Arc;

/// A pattern that is ready to match.
pub(crate) struct Pattern {
    matcher: Matcher,
    columns: usize,
    key: String,
}

enum Matcher {
    /// Texts that are looked for one after the other.
    Plain(Vec<Segment>, End),
    /// Groups `c0`, `c1`, ...
    Regex(Arc<regex::Regex>),
}

/// What stands before a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Skip,
    Column(usize),
}

struct Segment {
    gap: Gap,
    text: String,
}

enum End {
    /// The text ends here.
    Here,
    /// Anything may follow.
    Anything,
    /// The rest is a column.
    Column(usize),
}

/// The texts that a typed column takes where nothing else ends it.
fn shape(ty: Type, regex: bool) -> Option<&'static str> {
    Some(match (ty, regex) {
        (Type::Int | Type::Long, false) => r"\s*[-+]?\d+",
        (Type::Int | Type::Long, true) => r"[-+]?\d+",
        (Type::Real | Type::Decimal, false) => r"\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?",
        (Type::Real | Type::Decimal, true) => r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?",
        (Type::Bool, false) => r"\s*(?:[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[-+]?\d+)",
        (Type::Bool, true) => r"(?:[tT][rR][uU][eE]|[fF][aA][lL][sS][eE])",
        (Type::Guid, _) => {
            r"(?:\{[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})"
        }
        (Type::DateTime, true) => r"\d[-0-9/:.+TZ ]*",
        (Type::TimeSpan, true) => r"-?\d[0-9:.]*",
        _ => return None,
    })
}

/// Why a pattern is refused.
pub(crate) type Refused = String;

impl Pattern {
    /// Reads the parts of a pattern.
    pub(crate) fn new(
        kind: ParseKind,
        flags: &str,
        parts: &[ParsePart],
    ) -> std::result::Result<Pattern, Refused> {
        let columns = parts
            .iter()
            .filter(|p| matches!(p, ParsePart::Column(..)))
            .count();
        let key = format!("{kind:?} {flags} {parts:?}");
        let matcher = if kind == ParseKind::Regex {
            regex_matcher(&regex_text(flags, parts)?)?
        } else {
            match plain(parts)? {
                Some(m) => m,
                None => regex_matcher(&simple_text(parts)?)?,
            }
        };
        Ok(Pattern {
            matcher,
            columns,
            key,
        })
    }

    fn result_type(&self) -> Fields {
        (0..self.columns)
            .map(|i| Field::new(format!("f{i}"), DataType::Utf8View, true))
            .collect()
    }

    /// The struct of the columns' texts; null where the pattern does not match.
    pub(crate) fn call(self, source: Expr) -> Expr {
        let ty = DataType::Struct(self.result_type());
        let key = self.key.clone();
        Udf::pure("parse", key, ty, Arc::new(self)).call(vec![source])
    }
}

fn regex_matcher(text: &str) -> std::result::Result<Matcher, Refused> {
    kql_functions::cache::regex(text)
        .map(Matcher::Regex)
        .map_err(|e| e.0)
}

/// The pattern as texts to look for; none where a column needs the shape of its type.
fn plain(parts: &[ParsePart]) -> std::result::Result<Option<Matcher>, Refused> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut gap = Gap::None;
    let mut columns = 0;
    for (i, part) in parts.iter().enumerate() {
        match part {
            ParsePart::Text(t) => match segments.last_mut() {
                Some(last) if gap == Gap::None => last.text.push_str(t),
                _ => segments.push(Segment {
                    gap: std::mem::replace(&mut gap, Gap::None),
                    text: t.clone(),
                }),
            },
            ParsePart::Star => match gap {
                Gap::Column(_) => return Ok(None),
                _ => gap = Gap::Skip,
            },
            ParsePart::Column(_, ty) => {
                if gap != Gap::None {
                    return Ok(None);
                }
                if matches!(parts.get(i + 1), Some(ParsePart::Star)) && *ty == Type::String {
                    return Err("`*` after a string column is ambiguous".to_owned());
                }
                gap = Gap::Column(columns);
                columns += 1;
            }
        }
    }
    let end = match gap {
        Gap::None => End::Here,
        Gap::Skip => End::Anything,
        Gap::Column(i) => End::Column(i),
    };
    Ok(Some(Matcher::Plain(segments, end)))
}

/// A simple pattern with typed columns before a `*`.
fn simple_text(parts: &[ParsePart]) -> std::result::Result<String, Refused> {
    let mut out = String::from("(?s)^");
    let mut columns = 0;
    let mut open_end = false;
    for (i, part) in parts.iter().enumerate() {
        open_end = false;
        match part {
            ParsePart::Text(t) => escape(t, &mut out),
            ParsePart::Star => {
                open_end = i + 1 == parts.len();
                out.push_str(".*?");
            }
            ParsePart::Column(_, ty) => {
                let free = matches!(
                    parts.get(i + 1),
                    Some(ParsePart::Star | ParsePart::Column(..))
                );
                let what = if free {
                    shape(*ty, false)
                        .ok_or_else(|| format!("`*` after a {ty} column is not supported"))?
                } else {
                    ".*?"
                };
                // A star at the very end asks for nothing: the shape need not be there either.
                let optional = free && i + 2 == parts.len();
                let _ = write!(out, "(?P<c{columns}>{what})");
                if optional {
                    out.push('?');
                }
                columns += 1;
            }
        }
    }
    if !open_end {
        out.push_str(r"\z");
    }
    Ok(out)
}

/// A pattern whose texts are regular expressions.
fn regex_text(flags: &str, parts: &[ParsePart]) -> std::result::Result<String, Refused> {
    if let Some(c) = flags.chars().find(|c| !"imsU".contains(*c)) {
        return Err(format!("flag `{c}` of parse is not supported"));
    }
    let mut out = String::new();
    if !flags.is_empty() {
        let _ = write!(out, "(?{flags})");
    }
    let mut columns = 0;
    for (i, part) in parts.iter().enumerate() {
        match part {
            ParsePart::Text(t) => {
                out.push_str("(?:");
                out.push_str(&balanced(t));
                out.push(')');
            }
            ParsePart::Star => out.push_str(".*?"),
            ParsePart::Column(_, ty) => {
                let temporal = matches!(ty, Type::DateTime | Type::TimeSpan);
                if temporal && (i + 1 == parts.len() || flags.contains('U')) {
                    return Err(format!(
                        "a {ty} column in this place of a regex pattern is not supported"
                    ));
                }
                let what = shape(*ty, true).unwrap_or(".*");
                let _ = write!(out, "(?P<c{columns}>{what})");
                columns += 1;
            }
        }
    }
    Ok(out)
}

/// A regular expression in which a parenthesis without its partner is a character.
fn balanced(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut open: Vec<usize> = Vec::new();
    let mut lonely: Vec<usize> = Vec::new();
    let mut in_class = false;
    let mut i = 0;
    while let Some(c) = chars.get(i) {
        match c {
            '\\' => i += 1,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => open.push(i),
            ')' if !in_class && open.pop().is_none() => lonely.push(i),
            _ => {}
        }
        i += 1;
    }
    lonely.extend(open);
    let mut out = String::with_capacity(text.len());
    for (i, c) in chars.iter().enumerate() {
        if lonely.contains(&i) {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

/// A text as a regular expression of itself.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Where the columns of one text are; `false` where the pattern does not match.
fn plain_match(
    segments: &[Segment],
    end: &End,
    text: &str,
    found: &mut [Option<(usize, usize)>],
) -> bool {
    let mut pos = 0;
    let last = segments.len().saturating_sub(1);
    for (i, s) in segments.iter().enumerate() {
        let Some(rest) = text.get(pos..) else {
            return false;
        };
        let at_end = i == last && matches!(end, End::Here);
        let start = match s.gap {
            Gap::None => {
                let fits = if at_end {
                    rest == s.text
                } else {
                    rest.starts_with(&s.text)
                };
                if !fits {
                    return false;
                }
                pos
            }
            // The last text must reach the end, so the column before it takes what it must.
            _ if at_end => {
                if !rest.ends_with(&s.text) {
                    return false;
                }
                text.len() - s.text.len()
            }
            _ => match rest.find(&s.text) {
                Some(at) => pos + at,
                None => return false,
            },
        };
        if let Gap::Column(c) = s.gap
            && let Some(place) = found.get_mut(c)
        {
            *place = Some((pos, start));
        }
        pos = start + s.text.len();
    }
    match end {
        End::Here => pos == text.len(),
        End::Anything => true,
        End::Column(c) => {
            if let Some(place) = found.get_mut(*c) {
                *place = Some((pos, text.len()));
            }
            true
        }
    }
}

impl Run for Pattern {
    fn run(&self, args: &[Argument], rows: usize) -> Result<ArrayRef> {
        let arg = args.first();
        let Some(texts) = arg.and_then(|a| a.array.as_string_view_opt()) else {
            return Err(DataFusionError::Internal("parse needs a text".to_owned()));
        };
        let constant = arg.is_some_and(|a| a.constant);
        let mut builders: Vec<StringViewBuilder> = (0..self.columns)
            .map(|_| StringViewBuilder::with_capacity(rows))
            .collect();
        let mut matched = Vec::with_capacity(rows);
        let mut found: Vec<Option<(usize, usize)>> = vec![None; self.columns];
        let mut places = match &self.matcher {
            Matcher::Regex(r) => {
                let names: Vec<Option<usize>> = (0..self.columns)
                    .map(|i| {
                        let name = format!("c{i}");
                        r.capture_names().position(|n| n == Some(name.as_str()))
                    })
                    .collect();
                Some((r.capture_locations(), names))
            }
            Matcher::Plain(..) => None,
        };
        for row in 0..rows {
            let i = if constant { 0 } else { row };
            let text = if texts.is_valid(i) {
                texts.value(i)
            } else {
                ""
            };
            found.fill(None);
            let ok = match (&self.matcher, &mut places) {
                (Matcher::Plain(segments, end), _) => plain_match(segments, end, text, &mut found),
                (Matcher::Regex(r), Some((locations, names))) => {
                    let ok = r.captures_read(locations, text).is_some();
                    for (place, name) in found.iter_mut().zip(names) {
                        *place = name.filter(|_| ok).and_then(|n| locations.get(n));
                    }
                    ok
                }
                (Matcher::Regex(_), None) => false,
            };
            matched.push(ok);
            for (b, place) in builders.iter_mut().zip(&found) {
                match place.filter(|_| ok).and_then(|(s, e)| text.get(s..e)) {
                    Some(t) => b.append_value(t),
                    None => b.append_null(),
                }
            }
        }
        let columns: Vec<ArrayRef> = builders
            .iter_mut()
            .map(|b| Arc::new(b.finish()) as ArrayRef)
            .collect();
        Ok(Arc::new(StructArray::try_new_with_length(
            self.result_type(),
            columns,
            Some(NullBuffer::from(matched)),
            rows,
        )?))
    }
}
