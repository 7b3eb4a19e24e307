//! UTF-16 texts, as spreadsheets and shells of Windows export them, read as UTF-8.

use std::io::{Error, ErrorKind, Read, Result};

/// Bytes that are taken at once.
const PIECE: usize = 1 << 16;

/// Reads UTF-16 whose mark has been seen (and left out) as UTF-8.
pub(super) struct Utf16<R> {
    inner: R,
    big: bool,
    packed: Vec<u8>,
    text: Vec<u8>,
    at: usize,
}

impl<R: Read> Utf16<R> {
    /// `big`: the high byte comes first.
    pub(super) fn new(inner: R, big: bool) -> Self {
        Utf16 {
            inner,
            big,
            packed: Vec::new(),
            text: Vec::new(),
            at: 0,
        }
    }

    /// Turns the next piece into text; nothing is left when the text is empty then.
    fn fill(&mut self) -> Result<()> {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() {
            let limit = u64::try_from(PIECE).unwrap_or(u64::MAX);
            let came = self
                .inner
                .by_ref()
                .take(limit)
                .read_to_end(&mut self.packed)?;
            let (pairs, _) = self.packed.as_chunks::<2>();
            let unit = |b: &[u8; 2]| match self.big {
                true => u16::from_be_bytes(*b),
                false => u16::from_le_bytes(*b),
            };
            let mut whole = pairs.len();
            // The first half of a pair waits for the second one.
            if came > 0
                && pairs
                    .last()
                    .is_some_and(|b| (0xD800..0xDC00).contains(&unit(b)))
            {
                whole -= 1;
            }
            let units = pairs.iter().take(whole).map(unit);
            for c in char::decode_utf16(units) {
                let c = c.map_err(|_| fault("half of a UTF-16 pair stands alone"))?;
                self.text
                    .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            self.packed.drain(..whole * 2);
            if came == 0 {
                if !self.packed.is_empty() {
                    return Err(fault("the UTF-16 text ends inside a character"));
                }
                break;
            }
        }
        Ok(())
    }
}

fn fault(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        if self.at == self.text.len() {
            self.fill()?;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        for (to, from) in buf.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_and_pairs() {
        let want = "a,é\n😀,x\n".repeat(20_000);
        for big in [false, true] {
            let bytes: Vec<u8> = want
                .encode_utf16()
                .flat_map(|u| {
                    if big {
                        u.to_be_bytes()
                    } else {
                        u.to_le_bytes()
                    }
                })
                .collect();
            let mut have = String::new();
            Utf16::new(bytes.as_slice(), big)
                .read_to_string(&mut have)
                .unwrap();
            assert!(have == want);
            let cut = bytes.get(..bytes.len() - 1).unwrap();
            assert!(Utf16::new(cut, big).read_to_string(&mut have).is_err());
        }
    }
}
