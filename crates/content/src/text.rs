//! Texts with the places of their parts in the file they come from.

use kql_diag::{Anchor, Span};

/// A text out of a file: a scalar of YAML or JSON as it reads, and where each part of it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    text: String,
    /// From a byte of the text on, up to the next entry, the file reads the same from a byte of it on.
    pieces: Vec<(usize, usize)>,
}

impl Text {
    /// The text as it reads.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// One more character, which the file has at `at`.
    pub fn push(&mut self, c: char, at: usize) {
        let expected = self.pieces.last().map(|(t, f)| f + (self.text.len() - t));
        if expected != Some(at) {
            self.pieces.push((self.text.len(), at));
        }
        self.text.push(c);
    }

    /// A text that the file has from `at` on as it is.
    pub fn push_str(&mut self, text: &str, at: usize) {
        if text.is_empty() {
            return;
        }
        let expected = self.pieces.last().map(|(t, f)| f + (self.text.len() - t));
        if expected != Some(at) {
            self.pieces.push((self.text.len(), at));
        }
        self.text.push_str(text);
    }

    /// Another text behind this one.
    pub fn append(&mut self, other: &Text) {
        let base = self.text.len();
        self.pieces
            .extend(other.pieces.iter().map(|(t, f)| (base + t, *f)));
        self.text.push_str(&other.text);
    }

    /// A text that stands for something else in the file: all of it is at `at`.
    pub fn standing_at(text: &str, at: usize) -> Text {
        Text {
            text: text.to_owned(),
            pieces: vec![(0, at)],
        }
    }

    /// The byte of the file at which a byte of the text stands.
    pub fn at(&self, byte: usize) -> usize {
        let after = self.pieces.partition_point(|(t, _)| *t <= byte);
        match after.checked_sub(1).and_then(|i| self.pieces.get(i)) {
            Some((t, f)) => f + (byte - t),
            None => self.pieces.first().map_or(0, |(_, f)| *f),
        }
    }

    /// Where the text stands in the file.
    pub fn span(&self) -> Span {
        let last = self.text.len().saturating_sub(1);
        Span::new(
            self.at(0),
            self.at(last) + usize::from(!self.text.is_empty()),
        )
    }

    /// The part from one byte to another.
    pub fn part(&self, from: usize, to: usize) -> Text {
        let Some(text) = self.text.get(from..to) else {
            return Text::default();
        };
        let mut pieces = vec![(0, self.at(from))];
        pieces.extend(
            self.pieces
                .iter()
                .filter(|(t, _)| *t > from && *t < to)
                .map(|(t, f)| (t - from, *f)),
        );
        Text {
            text: text.to_owned(),
            pieces,
        }
    }

    /// The text without blanks around it.
    pub fn trimmed(&self) -> Text {
        let trimmed = self.text.trim_start();
        let from = self.text.len() - trimmed.len();
        self.part(from, from + trimmed.trim_end().len())
    }

    /// The places as lines and columns of the file.
    pub fn anchors(&self, lines: &Lines<'_>) -> Vec<Anchor> {
        let anchor = |(at, file): &(usize, usize)| {
            let (line, column) = lines.place(*file);
            Anchor {
                at: *at,
                line,
                column,
            }
        };
        self.pieces.iter().map(anchor).collect()
    }
}

/// Where the lines of a file begin.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// The lines of a text.
    pub fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(i, _)| i + 1))
            .collect();
        Lines { text, starts }
    }

    /// Line and column of a byte, from 1; a column counts characters.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|s| *s <= at).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let head = self.text.get(start..at.min(self.text.len()));
        (line, head.map_or(0, |h| h.chars().count()) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let file = "q: |\n  ab\n  cd\n";
        let mut t = Text::default();
        t.push_str("ab\n", 7);
        t.push_str("cd\n", 12);
        assert_eq!((t.at(0), t.at(4)), (7, 13));
        let anchors = t.anchors(&Lines::new(file));
        assert_eq!((anchors[1].line, anchors[1].column), (3, 3));
        let p = t.part(1, 5);
        assert_eq!((p.as_str(), p.at(0), p.at(2)), ("b\ncd", 8, 12));
        let mut both = Text::standing_at("x", 0);
        both.append(&p);
        assert_eq!((both.as_str(), both.at(3)), ("xb\ncd", 12));
    }
}
