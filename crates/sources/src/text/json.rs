//! JSON objects taken apart in place: each property's name and the text of its value. Values that nobody wants are
//! stepped over and never read.

/// What is wrong with a JSON text, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) what: &'static str,
    pub(crate) at: usize,
}

/// A word of eight times one byte.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Where the string whose opening quote stands before `from` ends (its closing quote), and whether it has escapes.
#[inline]
fn string_end(text: &[u8], from: usize) -> Option<(usize, bool)> {
    let mut at = from;
    let mut escaped = false;
    loop {
        while let Some(word) = text.get(at..at + 8).and_then(|w| w.try_into().ok()) {
            let word = u64::from_le_bytes(word);
            let (x, y) = (word ^ eight(b'"'), word ^ eight(b'\\'));
            let marks =
                (x.wrapping_sub(eight(1)) & !x | y.wrapping_sub(eight(1)) & !y) & eight(0x80);
            if marks != 0 {
                at += usize::try_from(marks.trailing_zeros() / 8).unwrap_or(0);
                break;
            }
            at += 8;
        }
        match text.get(at)? {
            b'"' => return Some((at, escaped)),
            b'\\' => {
                escaped = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
}

#[inline]
fn space(text: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = text.get(at) {
        at += 1;
    }
    at
}

/// Where the next value begins, past white space and what stands between the elements of an array.
pub(crate) fn next_value(text: &[u8], mut at: usize) -> Option<usize> {
    while let Some(b) = text.get(at) {
        match b {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']' => at += 1,
            _ => return Some(at),
        }
    }
    None
}

/// Where the value at `at` ends. Brackets are matched; scalars are not checked.
fn value_end(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at)? {
        b'"' => string_end(text, at + 1).map(|(end, _)| end + 1),
        b'{' | b'[' => {
            let mut depth = 0usize;
            let mut i = at;
            loop {
                match text.get(i)? {
                    b'"' => i = string_end(text, i + 1)?.0,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth -= 1;
                        if depth == 0 {
                            return Some(i + 1);
                        }
                    }
                    _ => {}
                }
                i += 1;
            }
        }
        _ => {
            let mut i = at;
            while let Some(b) = text.get(i) {
                if matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r') {
                    break;
                }
                i += 1;
            }
            (i > at).then_some(i)
        }
    }
}

/// A property's name as it stands between its quotes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'t> {
    pub(crate) raw: &'t [u8],
    pub(crate) escaped: bool,
}

/// Takes the object at `at` apart: calls `f` with each name and the place of its value. Where the object ends.
#[inline]
pub(crate) fn object<'t>(
    text: &'t [u8],
    at: usize,
    mut f: impl FnMut(Key<'t>, std::ops::Range<usize>),
) -> Result<usize, Broken> {
    let broken = |what, at| Err(Broken { what, at });
    if text.get(at) != Some(&b'{') {
        return broken("this is no JSON object", at);
    }
    let mut i = space(text, at + 1);
    if text.get(i) == Some(&b'}') {
        return Ok(i + 1);
    }
    loop {
        if text.get(i) != Some(&b'"') {
            return broken(
                "the JSON is broken: a property's name in quotes is expected",
                i,
            );
        }
        let Some((end, escaped)) = string_end(text, i + 1) else {
            return broken("the JSON is broken: a text has no end", i);
        };
        let key = Key {
            raw: text.get(i + 1..end).unwrap_or_default(),
            escaped,
        };
        i = space(text, end + 1);
        if text.get(i) != Some(&b':') {
            return broken("the JSON is broken: `:` is expected", i);
        }
        i = space(text, i + 1);
        let Some(end) = value_end(text, i) else {
            return broken("the JSON is broken: a value is expected", i);
        };
        f(key, i..end);
        i = space(text, end);
        match text.get(i) {
            Some(b',') => i = space(text, i + 1),
            Some(b'}') => return Ok(i + 1),
            _ => return broken("the JSON is broken: `,` or `}` is expected", i),
        }
    }
}

/// Writes the text that stands between quotes without its escapes; false when an escape is none. Half of a surrogate
/// pair, which no text can hold, becomes U+FFFD.
pub(crate) fn unescape(raw: &str, out: &mut String) -> bool {
    out.clear();
    let mut rest = raw;
    while let Some(i) = rest.find('\\') {
        out.push_str(&rest[..i]);
        let tail = &rest[i + 1..];
        let Some(&b) = tail.as_bytes().first() else {
            return false;
        };
        let plain = match b {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let Some(first) = code(tail) else {
                    return false;
                };
                let mut used = 5;
                let mut found = char::from_u32(first);
                if (0xD800..0xDC00).contains(&first)
                    && let Some(second) = tail
                        .get(5..)
                        .and_then(|t| t.strip_prefix('\\'))
                        .and_then(code)
                    && (0xDC00..0xE000).contains(&second)
                {
                    found = char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
                    used = 11;
                }
                out.push(found.unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = tail.get(used..).unwrap_or_default();
                continue;
            }
            _ => return false,
        };
        out.push(plain);
        rest = &tail[1..];
    }
    out.push_str(rest);
    true
}

/// Whether a text that begins like a JSON value (and is no string) is one by the letter.
pub(crate) fn is_value(raw: &str) -> bool {
    match raw.as_bytes().first() {
        Some(b'{' | b'[') => serde_json::from_str::<serde::de::IgnoredAny>(raw).is_ok(),
        Some(b'-' | b'0'..=b'9') => raw.parse::<f64>().is_ok(),
        _ => matches!(raw, "true" | "false"),
    }
}

/// The number of `uXXXX`.
fn code(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    digits
        .bytes()
        .all(|b| b.is_ascii_hexdigit())
        .then_some(())?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(text: &str) -> Result<Vec<(String, String)>, Broken> {
        let mut out = Vec::new();
        let end = object(text.as_bytes(), 0, |k, v| {
            out.push((
                String::from_utf8_lossy(k.raw).into_owned(),
                text[v].to_owned(),
            ));
        })?;
        assert_eq!(end, text.len());
        Ok(out)
    }

    #[test]
    fn objects_are_taken_apart() {
        let got =
            properties(r#"{ "a" : [1,{"x":"]}"}], "b\"":"\\", "c":null ,"d":-1.5e3}"#).unwrap();
        let want = [
            ("a", r#"[1,{"x":"]}"}]"#),
            ("b\\\"", r#""\\""#),
            ("c", "null"),
            ("d", "-1.5e3"),
        ];
        let want: Vec<_> = want.map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        assert_eq!(got, want);
        assert_eq!(properties("{}").unwrap(), vec![]);
    }

    #[test]
    fn broken_objects_are_seen() {
        for text in [
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{a:1}",
            "[1]",
            "{\"a\":[}",
            "{\"a\" 1}",
        ] {
            assert!(properties(text).is_err(), "{text}");
        }
    }

    #[test]
    fn escapes() {
        let mut out = String::new();
        assert!(unescape(r#"\u003cA\u00e9\ud83d\ude00\n\/"#, &mut out));
        assert_eq!(out, "<Aé😀\n/");
        assert!(unescape(r"x\ud83dy", &mut out));
        assert_eq!(out, "x\u{fffd}y");
        assert!(!unescape(r"\x41", &mut out));
        assert!(!unescape("\\", &mut out));
        assert!(!unescape(r"\u12", &mut out));
    }
}
