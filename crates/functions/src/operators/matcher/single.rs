//! One text in another.

use super::case::{closes, equal, fold, of_term, opens};
use super::pair::Pair;
use memchr::memmem::Finder;
use std::borrow::Cow;

/// Where the needle must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Anywhere (`contains`).
    Anywhere,
    /// At the start (`startswith`).
    Start,
    /// At the end (`endswith`).
    End,
    /// It is the whole text (`=~`).
    Whole,
    /// As whole terms (`has`): where it begins or ends with a letter or digit, none may stand beside it.
    Term,
    /// As `Term`, open to the right (`hasprefix`).
    TermStart,
    /// As `Term`, open to the left (`hassuffix`).
    TermEnd,
}

/// A needle prepared for many texts.
#[derive(Debug, Clone)]
pub struct Matcher<'n> {
    place: Place,
    needle: Cow<'n, str>,
    how: How<'n>,
    /// The match must begin where no term goes on.
    opens: bool,
    /// The match must end where no term goes on.
    closes: bool,
}

#[derive(Debug, Clone)]
enum How<'n> {
    /// Bytes as they are.
    Exact(Option<Box<Finder<'n>>>),
    /// An ASCII needle in any case.
    Ascii(Box<Pair>),
    /// Any other needle in any case: its characters, folded.
    Folded(Vec<char>),
}

impl<'n> Matcher<'n> {
    /// Prepares a needle.
    pub fn new(place: Place, case_sensitive: bool, needle: &'n str) -> Matcher<'n> {
        let searches = matches!(
            place,
            Place::Anywhere | Place::Term | Place::TermStart | Place::TermEnd
        );
        let how = if case_sensitive || !has_case(needle) {
            How::Exact(
                (searches && !needle.is_empty()).then(|| Box::new(Finder::new(needle.as_bytes()))),
            )
        } else if needle.is_ascii() {
            How::Ascii(Box::new(Pair::new(needle.as_bytes())))
        } else {
            How::Folded(needle.chars().map(fold).collect())
        };
        Matcher {
            place,
            needle: Cow::Borrowed(needle),
            how,
            opens: matches!(place, Place::Term | Place::TermStart)
                && needle.chars().next().is_some_and(of_term),
            closes: matches!(place, Place::Term | Place::TermEnd)
                && needle.chars().next_back().is_some_and(of_term),
        }
    }

    /// The same with a needle of its own.
    pub fn into_owned(self) -> Matcher<'static> {
        Matcher {
            place: self.place,
            needle: Cow::Owned(self.needle.into_owned()),
            how: match self.how {
                How::Exact(f) => How::Exact(f.map(|f| Box::new(f.into_owned()))),
                How::Ascii(pair) => How::Ascii(pair),
                How::Folded(chars) => How::Folded(chars),
            },
            opens: self.opens,
            closes: self.closes,
        }
    }

    /// The fewest bytes that a matching text has.
    pub fn least(&self) -> usize {
        match self.how {
            // Two cases of a character may differ in length.
            How::Folded(_) => 0,
            _ => self.needle.len(),
        }
    }

    /// Whether the text matches.
    #[inline]
    pub fn matches(&self, text: &str) -> bool {
        match self.place {
            Place::Anywhere => self.find(text, 0).is_some(),
            Place::Start => self.at_start(text),
            Place::End => self.at_end(text),
            Place::Whole => match self.how {
                How::Exact(_) => text == self.needle,
                How::Ascii(_) => text.eq_ignore_ascii_case(&self.needle),
                How::Folded(_) => equal(text, &self.needle),
            },
            Place::Term | Place::TermStart | Place::TermEnd => self.find_term(text).is_some(),
        }
    }

    /// The bytes of the first match at or behind `from`, wherever it stands.
    #[inline]
    pub fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let len = self.needle.len();
        if len == 0 {
            return (from <= text.len()).then_some((from, from));
        }
        let bytes = text.as_bytes();
        match &self.how {
            How::Exact(Some(finder)) => {
                let start = from + finder.find(bytes.get(from..)?)?;
                Some((start, start + len))
            }
            How::Exact(None) => {
                let start =
                    from + memchr::memmem::find(bytes.get(from..)?, self.needle.as_bytes())?;
                Some((start, start + len))
            }
            How::Ascii(pair) => {
                let start = pair.find(self.needle.as_bytes(), bytes, from)?;
                Some((start, start + len))
            }
            How::Folded(chars) => {
                let rest = text.get(from..)?;
                rest.char_indices().find_map(|(i, _)| {
                    let tail = rest.get(i..)?;
                    let n = folded_prefix(tail, chars)?;
                    Some((from + i, from + i + n))
                })
            }
        }
    }

    /// The bytes of the first match that stands at the edges of terms as `place` demands.
    #[inline]
    pub fn find_term(&self, text: &str) -> Option<(usize, usize)> {
        let mut from = 0;
        loop {
            let (start, end) = self.find(text, from)?;
            if (!self.opens || opens(text, start)) && (!self.closes || closes(text, end)) {
                return Some((start, end));
            }
            // A match that fails begins with a whole character, so the next boundary is not far.
            from = start + 1;
            while !text.is_char_boundary(from) {
                from += 1;
            }
        }
    }

    fn at_start(&self, text: &str) -> bool {
        match &self.how {
            How::Exact(_) => text.as_bytes().starts_with(self.needle.as_bytes()),
            How::Ascii(_) => text
                .as_bytes()
                .get(..self.needle.len())
                .is_some_and(|t| t.eq_ignore_ascii_case(self.needle.as_bytes())),
            How::Folded(chars) => folded_prefix(text, chars).is_some(),
        }
    }

    fn at_end(&self, text: &str) -> bool {
        match &self.how {
            How::Exact(_) => text.as_bytes().ends_with(self.needle.as_bytes()),
            How::Ascii(_) => text
                .len()
                .checked_sub(self.needle.len())
                .and_then(|at| text.as_bytes().get(at..))
                .is_some_and(|t| t.eq_ignore_ascii_case(self.needle.as_bytes())),
            How::Folded(chars) => {
                let mut rest = text.chars().rev();
                chars
                    .iter()
                    .rev()
                    .all(|c| rest.next().map(fold) == Some(*c))
            }
        }
    }
}

/// How many bytes of `text` the folded characters take at its start.
fn folded_prefix(text: &str, chars: &[char]) -> Option<usize> {
    let mut rest = text.chars();
    for c in chars {
        if rest.next().map(fold) != Some(*c) {
            return None;
        }
    }
    Some(text.len() - rest.as_str().len())
}

/// Whether a needle has another case at all. A digit or a dash is searched as it is.
fn has_case(needle: &str) -> bool {
    needle
        .bytes()
        .any(|b| b.is_ascii_alphabetic() || !b.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow(place: Place, sensitive: bool, text: &str, needle: &str) -> bool {
        let f = |s: &str| -> Vec<char> {
            s.chars()
                .map(|c| if sensitive { c } else { fold(c) })
                .collect()
        };
        let (t, n) = (f(text), f(needle));
        (0..=t.len()).any(|i| {
            t[i..].starts_with(&n) && {
                let (end, last) = (i + n.len(), n.len().wrapping_sub(1));
                let free = |at: Option<&char>| !at.is_some_and(|c| c.is_alphanumeric());
                let edge = |at: usize| n.get(at).is_some_and(|c| c.is_alphanumeric());
                let opens = !edge(0) || i == 0 || free(t.get(i - 1));
                let closes = !edge(last) || free(t.get(end));
                match place {
                    Place::Anywhere => true,
                    Place::Start => i == 0,
                    Place::End => end == t.len(),
                    Place::Whole => i == 0 && end == t.len(),
                    Place::Term => opens && closes,
                    Place::TermStart => opens,
                    Place::TermEnd => closes,
                }
            }
        })
    }

    #[test]
    fn every_way_agrees_with_the_plain_one() {
        const WORDS: &[&str] = &[
            "a", "A", "b", " ", "-", "_", "é", "É", "1", "ß", "K", "k", "\u{212a}", "ſ", "s", "ı",
            "i", "I", "İ", "Ⱥ", "ⱥ", "日", "",
        ];
        let mut seed = 7u64;
        let mut next = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap_or(0) % n
        };
        let mut make = |most: usize| -> String {
            (0..next(most + 1))
                .map(|_| WORDS[next(WORDS.len())])
                .collect()
        };
        for i in 0..20_000 {
            let (text, needle) = (make(if i % 2 == 0 { 12 } else { 70 }), make(3));
            for place in [
                Place::Anywhere,
                Place::Start,
                Place::End,
                Place::Whole,
                Place::Term,
                Place::TermStart,
                Place::TermEnd,
            ] {
                for sensitive in [true, false] {
                    let m = Matcher::new(place, sensitive, &needle);
                    assert_eq!(
                        m.matches(&text),
                        slow(place, sensitive, &text, &needle),
                        "{place:?} {sensitive} {text:?} {needle:?}"
                    );
                    assert!(!m.matches(&text) || text.len() >= m.least());
                }
            }
        }
    }
}
