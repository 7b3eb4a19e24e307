//! Things that are dear to make and are wanted for many batches: compiled patterns.

use crate::spec::{KernelError, Result};
use regex::Regex;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

/// More patterns than this in one process start the cache afresh (patterns from a column are not kept for ever).
const LIMIT: usize = 512;

/// As many patterns as each thread has at hand.
const AT_HAND: usize = 32;

thread_local! {
    /// Copies of patterns with working memory of their own: threads that share one copy wait for each other.
    static LOCAL: RefCell<HashMap<String, Arc<Regex>>> = RefCell::default();
}

/// The compiled form of an RE2 pattern, compiled once for a process.
///
/// # Errors
/// The pattern is not RE2 (look-around, back references, ...) or compiles to more than the size limit.
pub fn regex(pattern: &str) -> Result<Arc<Regex>> {
    if let Some(found) = LOCAL.with_borrow(|map| map.get(pattern).map(Arc::clone)) {
        return Ok(found);
    }
    let own = Arc::new(shared(pattern)?.as_ref().clone());
    LOCAL.with_borrow_mut(|map| {
        if map.len() >= AT_HAND {
            map.clear();
        }
        map.insert(pattern.to_owned(), Arc::clone(&own));
    });
    Ok(own)
}

fn shared(pattern: &str) -> Result<Arc<Regex>> {
    static CACHE: OnceLock<Mutex<HashMap<String, Arc<Regex>>>> = OnceLock::new();
    let cache = CACHE.get_or_init(Mutex::default);
    if let Ok(map) = cache.lock()
        && let Some(found) = map.get(pattern)
    {
        return Ok(Arc::clone(found));
    }
    let made = regex::RegexBuilder::new(&braces(pattern))
        .size_limit(32 << 20)
        .build()
        .map(Arc::new)
        .map_err(|e| {
            KernelError::new(format!(
                "regular expression `{pattern}` cannot be compiled: {}",
                last_line(&e)
            ))
        })?;
    if let Ok(mut map) = cache.lock() {
        if map.len() >= LIMIT {
            map.clear();
        }
        map.insert(pattern.to_owned(), Arc::clone(&made));
    }
    Ok(made)
}

/// The pattern with a backslash before each `{` that begins no count: RE2 takes it for itself.
fn braces(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains('{') {
        return Cow::Borrowed(pattern);
    }
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.char_indices();
    let mut class = false;
    while let Some((i, c)) = chars.next() {
        let rest = pattern.get(i + 1..).unwrap_or_default();
        match c {
            '\\' => {
                out.push(c);
                let Some((_, escaped)) = chars.next() else {
                    break;
                };
                out.push(escaped);
                // `\p{Greek}`, `\x{10FFFF}`: these braces are part of the escape.
                if matches!(escaped, 'p' | 'P' | 'x') && rest.get(1..2) == Some("{") {
                    for (_, c) in chars.by_ref() {
                        out.push(c);
                        if c == '}' {
                            break;
                        }
                    }
                }
                continue;
            }
            '[' if !class => {
                class = true;
                // A bracket that comes first in a class is itself.
                let first = rest.strip_prefix('^').unwrap_or(rest);
                if first.starts_with(']') {
                    out.push(c);
                    for (_, c) in chars.by_ref() {
                        out.push(c);
                        if c == ']' {
                            break;
                        }
                    }
                    continue;
                }
            }
            ']' => class = false,
            '{' if !class && !is_count(rest) => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    Cow::Owned(out)
}

/// Whether a text begins with `3}`, `3,}` or `3,5}`.
fn is_count(rest: &str) -> bool {
    let digits = |s: &str| s.len() - s.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let n = digits(rest);
    let after = rest.get(n..).unwrap_or_default();
    let end = match after.strip_prefix(',') {
        Some(second) => second.get(digits(second)..).unwrap_or_default(),
        None => after,
    };
    n > 0 && end.starts_with('}')
}

fn last_line(e: &regex::Error) -> String {
    let text = e.to_string();
    text.lines()
        .last()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}

type Made = Arc<dyn std::any::Any + Send + Sync>;

/// A thing that was made of constants too dear to be read for every batch, known by a hash of them.
///
/// # Errors
/// What making it says.
pub fn made<T: Send + Sync + 'static>(
    key: u128,
    make: impl FnOnce() -> Result<T>,
) -> Result<Arc<T>> {
    /// Such things may be large: few are kept.
    const KEPT: usize = 32;
    static CACHE: OnceLock<Mutex<HashMap<u128, Made>>> = OnceLock::new();
    let cache = CACHE.get_or_init(Mutex::default);
    if let Ok(map) = cache.lock()
        && let Some(found) = map.get(&key)
        && let Ok(found) = Arc::clone(found).downcast::<T>()
    {
        return Ok(found);
    }
    let new = Arc::new(make()?);
    if let Ok(mut map) = cache.lock() {
        if map.len() >= KEPT {
            map.clear();
        }
        let kept: Made = Arc::<T>::clone(&new);
        map.insert(key, kept);
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brace_without_a_count_is_itself() {
        for (pattern, text, found) in [
            (r#"">{?([^>]*?)}?</D"#, "\">{a}</D", Some("\">{a}</D")),
            ("a{2}", "caab", Some("aa")),
            ("a{2,}", "caaab", Some("aaa")),
            ("a{1,2}b", "aaab", Some("aab")),
            ("a{,2}", "a{,2}", Some("a{,2}")),
            ("{x}", "{x}", Some("{x}")),
            (r"\{\p{Lu}{2}", "{AB", Some("{AB")),
            (r"\x{41}{", "A{", Some("A{")),
            ("[{]", "{", Some("{")),
            ("[]{]", "{", Some("{")),
            ("[^]{]", "{", None),
            ("é{", "é{", Some("é{")),
        ] {
            let got = regex(pattern).unwrap();
            assert_eq!(got.find(text).map(|m| m.as_str()), found, "{pattern}");
        }
    }
}
