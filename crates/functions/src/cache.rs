//! Things that are dear to make and are wanted for many batches: compiled patterns.

use crate::spec::{KernelError, Result};
use regex::Regex;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

/// More patterns than this in one process start the cache afresh (patterns from a column are not kept for ever).
const LIMIT: usize = 512;

/// The compiled form of an RE2 pattern, compiled once for a process.
///
/// # Errors
/// The pattern is not RE2 (look-around, back references, ...) or compiles to more than the size limit.
pub fn regex(pattern: &str) -> Result<Arc<Regex>> {
    static CACHE: OnceLock<Mutex<HashMap<String, Arc<Regex>>>> = OnceLock::new();
    let cache = CACHE.get_or_init(Mutex::default);
    if let Ok(map) = cache.lock()
        && let Some(found) = map.get(pattern)
    {
        return Ok(Arc::clone(found));
    }
    let made = regex::RegexBuilder::new(pattern)
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

fn last_line(e: &regex::Error) -> String {
    let text = e.to_string();
    text.lines()
        .last()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}
