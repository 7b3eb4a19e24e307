//! The texts of `parse-kv`: a text in, the values of its keys out.
//!
//! The pages say that white space around keys and values does not count, that quotes may wrap either, and that the first
//! value of a key is the one that counts. What they leave open is decided here: a quote has a meaning only where a key or
//! value begins; an escape takes away the meaning of quotes and escapes and is itself otherwise; a part without the text
//! between key and value is no pair and is passed over.

use crate::expr::udf::{Argument, Run, Udf};
use arrow::array::{Array, ArrayRef, AsArray, StringViewBuilder, StructArray};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::{DataFusionError, Result};
use datafusion::prelude::Expr;
use kql_bind::plan::KvMode;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// What reads the values of keys.
pub(crate) struct KeyValues {
    keys: Vec<String>,
    places: HashMap<String, usize>,
    mode: Mode,
    quotes: Vec<(char, char)>,
    escapes: Vec<char>,
    key: String,
}

enum Mode {
    Delimiters {
        pair: String,
        kv: String,
        greedy: bool,
    },
    Words,
    Regex(Arc<regex::Regex>),
}

/// The values of one text by the place of their key.
type Found<'t> = [Option<Cow<'t, str>>];

impl KeyValues {
    /// Reads the parameters.
    pub(crate) fn new(
        keys: Vec<String>,
        mode: &KvMode,
        quotes: &[(char, char)],
        escapes: &[char],
    ) -> std::result::Result<KeyValues, String> {
        let key = format!("{keys:?} {mode:?} {quotes:?} {escapes:?}");
        let mode = match mode {
            KvMode::Delimiters { pair, kv, greedy } => Mode::Delimiters {
                pair: pair.clone(),
                kv: kv.clone(),
                greedy: *greedy,
            },
            KvMode::Words => Mode::Words,
            KvMode::Regex(pattern) => {
                let regex = kql_functions::cache::regex(pattern).map_err(|e| e.0)?;
                if regex.captures_len() != 3 {
                    return Err(format!(
                        "the regular expression of parse-kv requires two groups, and it has {}",
                        regex.captures_len().saturating_sub(1)
                    ));
                }
                Mode::Regex(regex)
            }
        };
        let places = keys.iter().cloned().zip(0..).collect();
        Ok(KeyValues {
            keys,
            places,
            mode,
            quotes: quotes.to_vec(),
            escapes: escapes.to_vec(),
            key,
        })
    }

    fn result_type(&self) -> Fields {
        (0..self.keys.len())
            .map(|i| Field::new(format!("f{i}"), DataType::Utf8View, true))
            .collect()
    }

    /// The struct of the values' texts; null where a key does not stand.
    pub(crate) fn call(self, source: Expr) -> Expr {
        let ty = DataType::Struct(self.result_type());
        let key = self.key.clone();
        Udf::pure("parse_kv", key, ty, Arc::new(self)).call(vec![source])
    }

    fn put<'t>(&self, found: &mut Found<'t>, key: &str, value: Cow<'t, str>) {
        let place = self.places.get(key).and_then(|i| found.get_mut(*i));
        if let Some(place @ None) = place {
            *place = Some(value);
        }
    }

    /// The quoted text at a place and where it ends.
    fn quoted<'t>(&self, text: &'t str, at: usize) -> Option<(Cow<'t, str>, usize)> {
        let rest = text.get(at..)?;
        let first = rest.chars().next()?;
        let (_, close) = *self.quotes.iter().find(|(open, _)| *open == first)?;
        let inside = at + first.len_utf8();
        let mut plain: Option<String> = None;
        let mut chars = text.get(inside..)?.char_indices();
        while let Some((i, c)) = chars.next() {
            if self.escapes.contains(&c) {
                let mut ahead = chars.clone();
                if let Some((_, next)) = ahead.next()
                    && self.has_meaning(next)
                {
                    let so_far = || text.get(inside..inside + i).unwrap_or_default().to_owned();
                    plain.get_or_insert_with(so_far).push(next);
                    chars = ahead;
                    continue;
                }
            } else if c == close {
                let value = match plain {
                    Some(p) => Cow::Owned(p),
                    None => Cow::Borrowed(text.get(inside..inside + i)?),
                };
                return Some((value, inside + i + close.len_utf8()));
            }
            if let Some(p) = &mut plain {
                p.push(c);
            }
        }
        None
    }

    fn has_meaning(&self, c: char) -> bool {
        self.escapes.contains(&c) || self.quotes.iter().any(|(a, b)| *a == c || *b == c)
    }

    fn delimited<'t>(
        &self,
        text: &'t str,
        pair: &str,
        kv: &str,
        greedy: bool,
        found: &mut Found<'t>,
    ) {
        let mut scan = Scan {
            text,
            pair,
            kv,
            next_kv: Some(0),
            asked: 0,
        };
        scan.next_kv = scan.find(kv, 0);
        let mut at = 0;
        while at < text.len() {
            let Some((key, value_at)) = self.key_at(&mut scan, at) else {
                if scan.kv_from(at).is_none() {
                    return;
                }
                at = scan.after_pair(at);
                continue;
            };
            let start = scan.skip_space(value_at);
            if let Some((value, end)) = self.quoted(text, start) {
                self.put(found, &key, value);
                at = scan.after_pair(end);
                continue;
            }
            let mut end = scan.find(pair, start).unwrap_or(text.len());
            while greedy && end < text.len() {
                let next = end + pair.len();
                if scan.kv_from(next).is_none() {
                    end = text.len();
                } else if self.key_at(&mut scan, next).is_some() {
                    break;
                } else {
                    end = scan.find(pair, next).unwrap_or(text.len());
                }
            }
            let value = text.get(start..end).unwrap_or_default().trim();
            self.put(found, &key, Cow::Borrowed(value));
            at = end + pair.len();
        }
    }

    /// The key that begins at a place and where its value begins, if there is a key before the next pair.
    fn key_at<'t>(&self, scan: &mut Scan<'t, '_>, at: usize) -> Option<(Cow<'t, str>, usize)> {
        let start = scan.skip_space(at);
        if let Some((key, end)) = self.quoted(scan.text, start) {
            let end = scan.skip_space(end);
            if scan.text.get(end..)?.starts_with(scan.kv) {
                return Some((key, end + scan.kv.len()));
            }
        }
        let kv = scan.kv_from(start)?;
        let ends = scan.find(scan.pair, start);
        if ends.is_some_and(|end| end + scan.pair.len() <= kv) {
            return None;
        }
        let key = scan.text.get(start..kv)?;
        Some((Cow::Borrowed(key.trim()), kv + scan.kv.len()))
    }

    fn words<'t>(&self, text: &'t str, found: &mut Found<'t>) {
        let mut at = 0;
        let mut inside_word = false;
        let mut pending: Option<Cow<'t, str>> = None;
        while let Some(rest) = text.get(at..)
            && let Some(c) = rest.chars().next()
        {
            // A key may have characters that are no letters: it stands as a whole or not at all.
            let key = (pending.is_none() && !inside_word)
                .then(|| self.keys.iter().filter(|k| starts_with_word(rest, k)))
                .and_then(|keys| keys.max_by_key(|k| k.len()));
            if let Some(key) = key {
                pending = rest.get(..key.len()).map(Cow::Borrowed);
                at += key.len();
                inside_word = true;
                continue;
            }
            let quoted = (!inside_word).then(|| self.quoted(text, at)).flatten();
            let (token, end) = match quoted {
                Some(q) => q,
                None if c.is_alphanumeric() => {
                    let end = rest.find(|c: char| !c.is_alphanumeric());
                    let end = at + end.unwrap_or(rest.len());
                    (Cow::Borrowed(text.get(at..end).unwrap_or_default()), end)
                }
                None => {
                    at += c.len_utf8();
                    inside_word = false;
                    continue;
                }
            };
            at = end;
            inside_word = true;
            match pending.take() {
                Some(key) => self.put(found, &key, token),
                None if self.places.contains_key(token.as_ref()) => pending = Some(token),
                None => {}
            }
        }
    }
}

/// Whether a text begins with a key that ends there.
fn starts_with_word(text: &str, key: &str) -> bool {
    let after = text.strip_prefix(key).filter(|_| !key.is_empty());
    after.is_some_and(|a| !a.starts_with(char::is_alphanumeric))
}

/// Delimiters of one text, found once.
struct Scan<'t, 'd> {
    text: &'t str,
    pair: &'d str,
    kv: &'d str,
    /// The first one at or after `asked`.
    next_kv: Option<usize>,
    asked: usize,
}

impl Scan<'_, '_> {
    fn find(&self, what: &str, from: usize) -> Option<usize> {
        Some(from + self.text.get(from..)?.find(what)?)
    }

    fn kv_from(&mut self, from: usize) -> Option<usize> {
        if from < self.asked || self.next_kv.is_some_and(|n| n < from) {
            self.next_kv = self.find(self.kv, from);
            self.asked = from;
        }
        self.next_kv
    }

    fn after_pair(&self, from: usize) -> usize {
        let end = self.text.len();
        self.find(self.pair, from)
            .map_or(end, |p| p + self.pair.len())
    }

    /// Past white space that is no delimiter.
    fn skip_space(&self, mut at: usize) -> usize {
        while let Some(rest) = self.text.get(at..)
            && let Some(c) = rest.chars().next()
            && c.is_whitespace()
            && !rest.starts_with(self.pair)
            && !rest.starts_with(self.kv)
        {
            at += c.len_utf8();
        }
        at
    }
}

impl Run for KeyValues {
    fn run(&self, args: &[Argument], rows: usize) -> Result<ArrayRef> {
        let arg = args.first();
        let Some(texts) = arg.and_then(|a| a.array.as_string_view_opt()) else {
            return Err(DataFusionError::Internal(
                "parse-kv needs a text".to_owned(),
            ));
        };
        let constant = arg.is_some_and(|a| a.constant);
        let mut builders: Vec<StringViewBuilder> = (0..self.keys.len())
            .map(|_| StringViewBuilder::with_capacity(rows))
            .collect();
        let mut found: Vec<Option<Cow<'_, str>>> = vec![None; self.keys.len()];
        for row in 0..rows {
            let i = if constant { 0 } else { row };
            found.fill(None);
            if texts.is_valid(i) {
                let text = texts.value(i);
                match &self.mode {
                    Mode::Delimiters { pair, kv, greedy } => {
                        self.delimited(text, pair, kv, *greedy, &mut found);
                    }
                    Mode::Words => self.words(text, &mut found),
                    Mode::Regex(regex) => {
                        for c in regex.captures_iter(text) {
                            if let (Some(k), Some(v)) = (c.get(1), c.get(2)) {
                                let value = Cow::Borrowed(v.as_str().trim());
                                self.put(&mut found, k.as_str().trim(), value);
                            }
                        }
                    }
                }
            }
            for (b, value) in builders.iter_mut().zip(&found) {
                b.append_option(value.as_deref());
            }
        }
        let columns: Vec<ArrayRef> = builders
            .iter_mut()
            .map(|b| Arc::new(b.finish()) as ArrayRef)
            .collect();
        Ok(Arc::new(StructArray::try_new_with_length(
            self.result_type(),
            columns,
            None,
            rows,
        )?))
    }
}
