//! Membership of a text in a list: `in`, `in~`.

use super::case::{equal, fold_into};
use hashbrown::{HashMap, HashSet};

/// Texts that fit into a view are compared as one number; longer ones by length and first bytes before anything else.
#[derive(Debug, Default)]
pub struct Members {
    folded: bool,
    /// Views of the texts of up to twelve bytes (exact form only).
    short: Vec<u128>,
    short_set: HashSet<u128>,
    /// Lower half of the view (length and first bytes) of each longer text.
    long: HashMap<u64, Vec<Box<str>>>,
    /// Folded texts.
    texts: HashSet<Box<str>>,
    few: Vec<Box<str>>,
    /// One bit for each length in bytes that a member of any case may have; the last bit stands for all above.
    lengths: u64,
}

const FEW: usize = 8;
/// Texts up to this long stand in the view itself.
const INLINE: usize = 12;

fn bit(len: usize) -> u64 {
    1 << len.min(63)
}

/// The view of a text of up to twelve bytes.
fn short_view(text: &str) -> u128 {
    let mut bytes = [0u8; 16];
    if let Ok(len) = u32::try_from(text.len()) {
        for (to, from) in bytes
            .iter_mut()
            .zip(len.to_le_bytes().iter().chain(text.as_bytes()))
        {
            *to = *from;
        }
    }
    u128::from_le_bytes(bytes)
}

/// Length and first four bytes, as the lower half of the view of a long text has them.
fn long_key(text: &str) -> u64 {
    let mut bytes = [0u8; 8];
    if let Ok(len) = u32::try_from(text.len()) {
        for (to, from) in bytes
            .iter_mut()
            .zip(len.to_le_bytes().iter().chain(text.as_bytes()))
        {
            *to = *from;
        }
    }
    u64::from_le_bytes(bytes)
}

impl Members {
    /// Prepares a list; `folded` compares in any case.
    pub fn new<'n>(folded: bool, texts: impl IntoIterator<Item = &'n str>) -> Members {
        let mut m = Members {
            folded,
            ..Members::default()
        };
        for text in texts {
            if folded {
                let mut key = String::with_capacity(text.len());
                fold_into(text, &mut key);
                m.lengths |= if text.is_ascii() {
                    bit(text.len())
                } else {
                    u64::MAX
                };
                m.texts.insert(key.into_boxed_str());
            } else if text.len() <= INLINE {
                m.short_set.insert(short_view(text));
            } else {
                let same = m.long.entry(long_key(text)).or_default();
                if !same.iter().any(|t| **t == *text) {
                    same.push(text.into());
                }
            }
        }
        if m.short_set.len() <= FEW {
            m.short = m.short_set.iter().copied().collect();
        }
        if m.texts.len() <= FEW {
            m.few = m.texts.iter().cloned().collect();
        }
        m
    }

    /// Whether a text, given with its view, is a member. `text` is asked for only when the view does not decide.
    #[inline]
    pub fn has_view<'t>(&self, view: u128, text: impl FnOnce() -> &'t str) -> bool {
        let [b0, b1, b2, b3, ..] = view.to_le_bytes();
        let len = usize::try_from(u32::from_le_bytes([b0, b1, b2, b3])).unwrap_or(usize::MAX);
        if self.folded {
            return self.lengths & bit(len) != 0 && self.has_folded(text());
        }
        if len <= INLINE {
            return if self.short_set.len() <= FEW {
                self.short.contains(&view)
            } else {
                self.short_set.contains(&view)
            };
        }
        if self.long.is_empty() {
            return false;
        }
        let key = u64::try_from(view & u128::from(u64::MAX)).unwrap_or_default();
        self.long.get(&key).is_some_and(|same| {
            let text = text();
            same.iter().any(|t| **t == *text)
        })
    }

    /// Whether a text is a member.
    pub fn has(&self, text: &str) -> bool {
        if self.folded {
            self.lengths & bit(text.len()) != 0 && self.has_folded(text)
        } else if text.len() <= INLINE {
            self.short_set.contains(&short_view(text))
        } else {
            self.long
                .get(&long_key(text))
                .is_some_and(|same| same.iter().any(|t| **t == *text))
        }
    }

    fn has_folded(&self, text: &str) -> bool {
        if !self.few.is_empty() {
            return self.few.iter().any(|t| equal(t, text));
        }
        // Most texts are short: fold them in place.
        let mut room = [0u8; 64];
        if text.is_ascii()
            && let Some(part) = room.get_mut(..text.len())
        {
            part.copy_from_slice(text.as_bytes());
            part.make_ascii_lowercase();
            return std::str::from_utf8(part).is_ok_and(|t| self.texts.contains(t));
        }
        let mut key = String::with_capacity(text.len());
        fold_into(text, &mut key);
        self.texts.contains(key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Array, StringViewArray};

    #[test]
    fn a_view_answers_as_its_text() {
        let long = "x".repeat(80);
        let all = [
            "",
            "a",
            "A",
            "abcdefghijkl",
            "abcdefghijklm",
            "ABCDEFGHIJKLM",
            "abcdefghijklmn",
            "É",
            "é",
            &long,
        ];
        let array = StringViewArray::from_iter_values(all);
        for members in [&["a", "abcdefghijklm", "É", ""][..], &all[1..], &[]] {
            for folded in [false, true] {
                let m = Members::new(folded, members.iter().copied());
                for (i, text) in all.iter().enumerate() {
                    let want = members.iter().any(|x| {
                        if folded {
                            x.to_lowercase() == text.to_lowercase()
                        } else {
                            x == text
                        }
                    });
                    assert_eq!(m.has(text), want, "{folded} {text} {members:?}");
                    assert_eq!(m.has_view(array.views()[i], || array.value(i)), want);
                }
                assert!(!array.is_null(0));
            }
        }
    }
}
