//! Searching a part of a text that is given in characters.

/// The part of a text in which a search takes place.
#[derive(Debug, Clone, Copy)]
pub struct Part<'t> {
    /// The characters before it.
    pub skipped: i64,
    /// The part.
    pub text: &'t str,
}

impl<'t> Part<'t> {
    /// From `start` (negative: from the end, at most to the beginning) over `length` characters (-1: all). None when it
    /// begins behind the end.
    pub fn of(text: &'t str, start: i64, length: i64) -> Option<Part<'t>> {
        let steps = usize::try_from(start.unsigned_abs()).ok()?;
        let (skipped, from) = if start < 0 {
            let all = text.chars().count();
            let skipped = all.saturating_sub(steps);
            (skipped, place(text, skipped)?)
        } else {
            (steps, place(text, steps)?)
        };
        let rest = text.get(from..)?;
        let part = match usize::try_from(length) {
            Ok(n) => rest
                .get(..place(rest, n).unwrap_or(rest.len()))
                .unwrap_or(rest),
            Err(_) => rest,
        };
        Some(Part {
            skipped: i64::try_from(skipped).ok()?,
            text: part,
        })
    }

    /// The position in the whole text, in characters, of a byte of the part.
    pub fn position(&self, at: usize) -> Option<i64> {
        let before = self.text.get(..at)?;
        let n = if before.is_ascii() {
            before.len()
        } else {
            before.chars().count()
        };
        Some(self.skipped + i64::try_from(n).ok()?)
    }
}

/// The byte at which the character number `n` begins; the end counts as one.
fn place(text: &str, n: usize) -> Option<usize> {
    if text.is_ascii() {
        return (n <= text.len()).then_some(n);
    }
    text.char_indices()
        .map(|(i, _)| i)
        .chain(std::iter::once(text.len()))
        .nth(n)
}
