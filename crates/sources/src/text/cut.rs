//! Where a text may be cut so that no record is torn.

use memchr::{memchr, memchr2, memrchr};

/// How records follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Records {
    /// A line is a record.
    Lines,
    /// Cells with a separator; a quoted cell may hold line ends.
    Separated { separator: u8 },
    /// JSON values, in an array or one after the other.
    Values,
    /// The text is one record.
    Whole,
}

/// Finds the last place of a growing text at which a record ends. Every byte is looked at once.
#[derive(Debug)]
pub(crate) struct Cutter {
    records: Records,
    /// Up to here the text has been looked at.
    seen: usize,
    /// The last end of a record.
    end: usize,
    /// Inside a quoted cell or a JSON string.
    quoted: bool,
    /// The last byte that was looked at is a quote that closes a cell unless another one follows.
    closing: bool,
    /// Open brackets, without that of the outer array.
    depth: usize,
    array: Array,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Array {
    Unknown,
    None,
    Open,
    Closed,
}

impl Cutter {
    pub(crate) fn new(records: Records) -> Self {
        Cutter {
            records,
            seen: 0,
            end: 0,
            quoted: false,
            closing: false,
            depth: 0,
            array: Array::Unknown,
        }
    }

    /// Looks at what is new in `text`; where the last whole record ends (0: nowhere).
    pub(crate) fn look(&mut self, text: &[u8]) -> usize {
        match self.records {
            Records::Lines => {
                if let Some(i) = text.get(self.seen..).and_then(|t| memrchr(b'\n', t)) {
                    self.end = self.seen + i + 1;
                }
                self.seen = text.len();
            }
            Records::Separated { separator } => self.separated(text, separator),
            Records::Values => self.values(text),
            Records::Whole => {}
        }
        self.end
    }

    /// The text before `end` is taken away.
    pub(crate) fn cut(&mut self, end: usize) {
        self.seen -= end;
        self.end = 0;
    }

    /// What is wrong with a text that ends here.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        match self.records {
            Records::Values if self.quoted => Some("the text ends inside a JSON string"),
            Records::Values if self.depth > 0 => Some("the text ends inside a JSON value"),
            Records::Values if self.array == Array::Open => Some("the JSON array has no end"),
            Records::Separated { .. } if self.quoted && !self.closing => {
                Some("the text ends inside a quoted cell (is a quote missing?)")
            }
            _ => None,
        }
    }

    fn separated(&mut self, text: &[u8], separator: u8) {
        let mut at = self.seen;
        self.closing = false;
        loop {
            if self.quoted {
                let Some(i) = text.get(at..).and_then(|t| memchr(b'"', t)) else {
                    self.seen = text.len();
                    return;
                };
                match text.get(at + i + 1) {
                    // Whether it closes the cell is seen with the next byte.
                    None => {
                        self.closing = true;
                        self.seen = at + i;
                        return;
                    }
                    Some(b'"') => at += i + 2,
                    Some(_) => {
                        self.quoted = false;
                        at += i + 1;
                    }
                }
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            let quote = memchr(b'"', rest);
            let plain = rest.get(..quote.unwrap_or(rest.len())).unwrap_or_default();
            if let Some(i) = memrchr(b'\n', plain) {
                self.end = at + i + 1;
            }
            let Some(i) = quote else {
                self.seen = text.len();
                return;
            };
            // A quote opens a cell only where the cell begins.
            let before = (at + i).checked_sub(1).and_then(|b| text.get(b));
            self.quoted = before.is_none_or(|b| *b == separator || *b == b'\n');
            at += i + 1;
        }
    }

    fn values(&mut self, text: &[u8]) {
        let mut at = self.seen;
        while let Some(&b) = text.get(at) {
            if self.quoted {
                match text.get(at..).and_then(|t| memchr2(b'"', b'\\', t)) {
                    None => break,
                    Some(i) if text.get(at + i) == Some(&b'"') => {
                        self.quoted = false;
                        at += i + 1;
                    }
                    // The byte behind a backslash belongs to it.
                    Some(i) if at + i + 1 < text.len() => at += i + 2,
                    Some(i) => {
                        self.seen = at + i;
                        return;
                    }
                }
                continue;
            }
            at += 1;
            match b {
                b'"' => self.quoted = true,
                b'{' => {
                    self.depth += 1;
                    if self.array == Array::Unknown {
                        self.array = Array::None;
                    }
                }
                b'[' => match self.array {
                    Array::Unknown | Array::Closed if self.depth == 0 => self.array = Array::Open,
                    _ => self.depth += 1,
                },
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        self.end = at;
                    }
                }
                b']' if self.array == Array::Open => {
                    self.array = Array::Closed;
                    self.end = at;
                }
                b'\n' if self.depth == 0 => self.end = at,
                _ => {}
            }
        }
        self.seen = text.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a text is cut does not depend on the pieces in which it comes.
    fn cut(records: Records, text: &str) -> Option<usize> {
        let text = text.as_bytes();
        let mut whole = Cutter::new(records);
        let want = whole.look(text);
        for step in 1..text.len() {
            let mut c = Cutter::new(records);
            let mut have = 0;
            for n in (0..=text.len()).step_by(step).chain([text.len()]) {
                have = c.look(&text[..n]);
            }
            assert_eq!(have, want, "in pieces of {step}");
            assert_eq!(c.fault(), whole.fault());
        }
        (want > 0).then_some(want)
    }

    #[test]
    fn a_quoted_cell_may_be_the_last_thing() {
        let mut c = Cutter::new(Records::Separated { separator: b',' });
        c.look(b"a,\"z\"");
        assert_eq!(c.fault(), None);
        c.look(b"a,\"z\"\"");
        assert!(c.fault().is_some());
    }

    #[test]
    fn texts_are_cut_between_records() {
        let csv = Records::Separated { separator: b',' };
        assert_eq!(cut(Records::Lines, "a\nb\nc"), Some(4));
        assert_eq!(cut(csv, "a,\"x\ny\"\n1,\"z\n"), Some(8));
        assert_eq!(cut(csv, "5\" disk,\"a\"\"b\n\"\nx"), Some(16));
        assert_eq!(cut(csv, "a,b"), None);
        assert_eq!(
            cut(Records::Values, r#" [{"a":"}\""},{"b":[1]} ,{"c"#),
            Some(23)
        );
        assert_eq!(cut(Records::Values, "{\"a\":1}{\"a\":\n2}\n  "), Some(16));
        assert_eq!(cut(Records::Values, "[{\"a\":1}\n]\n"), Some(11));
    }
}
