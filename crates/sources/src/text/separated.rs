//! Records of cells with a separator (RFC 4180): taken apart in place, without copying.

use super::chunks::Head;
use super::zeek;
use memchr::memchr;

/// How cells are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) separator: u8,
    pub(crate) header: Header,
}

/// What stands before the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    None,
    /// A record of names.
    Names,
    /// Lines that begin with `#`.
    Zeek,
}

/// Where the rows begin.
pub(crate) enum Begin {
    At(usize),
    /// More text is needed to know.
    Needs,
}

/// Reads what stands before the rows.
pub(crate) fn head(text: &[u8], dialect: Dialect, head: &mut Head) -> Begin {
    match dialect.header {
        Header::None => Begin::At(0),
        Header::Zeek => zeek::head(text, head),
        Header::Names => names(text, head, false),
    }
}

/// The same when the file ends here.
pub(crate) fn head_at_end(text: &[u8], dialect: Dialect, out: &mut Head) -> usize {
    let begin = match dialect.header {
        Header::Names => names(text, out, true),
        _ => head(text, dialect, out),
    };
    match begin {
        Begin::At(i) => i,
        Begin::Needs => text.len(),
    }
}

fn names(text: &[u8], head: &mut Head, at_end: bool) -> Begin {
    let mut from = 0;
    // Excel's `sep=;` line.
    if text.len() < 7 && !at_end {
        return Begin::Needs;
    }
    if let Some([separator, rest @ ..]) = text.strip_prefix(b"sep=")
        && matches!(rest, [b'\n', ..] | [b'\r', b'\n', ..])
    {
        head.separator = *separator;
        from = memchr(b'\n', text).map_or(text.len(), |i| i + 1);
    }
    let mut spans = Vec::new();
    let Some((_, end)) = record(text, from, head.separator, &mut spans) else {
        return Begin::At(text.len());
    };
    if end == text.len() && text.last() != Some(&b'\n') && !at_end {
        return Begin::Needs;
    }
    let mut scratch = String::new();
    let mut names: Vec<String> = Vec::with_capacity(spans.len());
    for (i, span) in spans.iter().enumerate() {
        let cell = String::from_utf8_lossy(text.get(span.start..span.end).unwrap_or_default());
        let cell = unquoted(&cell, span.escaped, &mut scratch);
        let mut name = header_name(cell);
        if name.is_empty() {
            name = format!("Column{}", i + 1);
        }
        // Two columns cannot have one name.
        let plain = name.clone();
        let mut n = 0;
        while names.contains(&name) {
            n += 1;
            name = format!("{plain}{n}");
        }
        names.push(name);
    }
    head.names = Some(names);
    Begin::At(end)
}

/// A header's name: without the zone that the portal writes behind it. (`[Local Time]` stays: its zone is not known.)
fn header_name(cell: &str) -> String {
    let cell = cell.trim();
    cell.strip_suffix("[UTC]")
        .unwrap_or(cell)
        .trim_end()
        .to_owned()
}

/// Where a cell's text stands, without its quotes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether it holds doubled quotes, or text behind a closing quote.
    pub(crate) escaped: bool,
}

/// A cell's text as it is meant.
pub(crate) fn unquoted<'t>(raw: &'t str, escaped: bool, scratch: &'t mut String) -> &'t str {
    if !escaped {
        return raw;
    }
    scratch.clear();
    let mut rest = raw;
    // A doubled quote is one; a single one closed the cell, and what stands behind it is plain text.
    while let Some(i) = rest.find('"') {
        scratch.push_str(&rest[..i]);
        rest = &rest[i + 1..];
        match rest.strip_prefix('"') {
            Some(r) => {
                scratch.push('"');
                rest = r;
            }
            None => break,
        }
    }
    scratch.push_str(rest);
    scratch
}

/// A word of eight times one byte.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The first place at or behind `from` that holds one of two bytes; the text's length when there is none.
#[inline]
fn find2(text: &[u8], from: usize, a: u8, b: u8) -> usize {
    let mut at = from;
    let (aa, bb) = (eight(a), eight(b));
    while let Some(word) = text.get(at..at + 8).and_then(|w| w.try_into().ok()) {
        let word = u64::from_le_bytes(word);
        let (x, y) = (word ^ aa, word ^ bb);
        let marks = (x.wrapping_sub(eight(1)) & !x | y.wrapping_sub(eight(1)) & !y) & eight(0x80);
        if marks != 0 {
            return at + usize::try_from(marks.trailing_zeros() / 8).unwrap_or(0);
        }
        at += 8;
    }
    while let Some(&c) = text.get(at) {
        if c == a || c == b {
            return at;
        }
        at += 1;
    }
    at
}

/// Takes the record at `from` apart: where its text ends, and where the next record begins. None: there is no record.
#[inline]
pub(crate) fn record(
    text: &[u8],
    from: usize,
    separator: u8,
    spans: &mut Vec<Span>,
) -> Option<(usize, usize)> {
    spans.clear();
    if from >= text.len() {
        return None;
    }
    let mut at = from;
    loop {
        let (span, stop) = if text.get(at) == Some(&b'"') {
            quoted(text, at, separator)
        } else {
            let stop = find2(text, at, separator, b'\n');
            let span = Span {
                start: at,
                end: stop,
                escaped: false,
            };
            (span, stop)
        };
        match text.get(stop) {
            Some(b'\n') | None => {
                let mut span = span;
                let end = if stop > from && text.get(stop - 1) == Some(&b'\r') {
                    stop - 1
                } else {
                    stop
                };
                span.end = span.end.min(end).max(span.start);
                spans.push(span);
                return Some((end, (stop + 1).min(text.len())));
            }
            Some(_) => {
                spans.push(span);
                at = stop + 1;
            }
        }
    }
}

/// A cell that begins with a quote, and where it stops.
fn quoted(text: &[u8], at: usize, separator: u8) -> (Span, usize) {
    let start = at + 1;
    let mut from = start;
    let mut escaped = false;
    loop {
        let Some(i) = text.get(from..).and_then(|t| memchr(b'"', t)) else {
            let end = text.len();
            return (
                Span {
                    start: start.min(end),
                    end,
                    escaped,
                },
                end,
            );
        };
        let close = from + i;
        match text.get(close + 1) {
            Some(b'"') => {
                escaped = true;
                from = close + 2;
            }
            Some(b'\r') if text.get(close + 2) == Some(&b'\n') => {
                return (
                    Span {
                        start,
                        end: close,
                        escaped,
                    },
                    close + 2,
                );
            }
            Some(&b) if b != separator && b != b'\n' => {
                // Text behind the closing quote belongs to the cell.
                let stop = find2(text, close + 1, separator, b'\n');
                return (
                    Span {
                        start,
                        end: stop,
                        escaped: true,
                    },
                    stop,
                );
            }
            _ => {
                return (
                    Span {
                        start,
                        end: close,
                        escaped,
                    },
                    close + 1,
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let (mut at, mut spans, mut out) = (0, Vec::new(), Vec::new());
        while let Some((_, next)) = record(text.as_bytes(), at, b',', &mut spans) {
            let mut scratch = String::new();
            out.push(
                spans
                    .iter()
                    .map(|s| unquoted(&text[s.start..s.end], s.escaped, &mut scratch).to_owned())
                    .collect(),
            );
            at = next;
        }
        out
    }

    #[test]
    fn records_are_taken_apart() {
        assert_eq!(
            cells("a,b\r\n\r\n,\n"),
            vec![vec!["a", "b"], vec![""], vec!["", ""]]
        );
        assert_eq!(cells("\"a,\"\"b\"\"\n\",x"), vec![vec!["a,\"b\"\n", "x"]]);
        assert_eq!(
            cells("\"a\"b\"c,5\" x\r\n\"\"\r\n"),
            vec![vec!["ab\"c", "5\" x"], vec![""]]
        );
        assert_eq!(cells("\"open, \n"), vec![vec!["open, \n"]]);
        assert_eq!(
            cells("long cell without end"),
            vec![vec!["long cell without end"]]
        );
    }
}
