//! Several needles as terms: `has_any`, `has_all`.

use super::case::{closes, of_term, opens};
use super::single::{Matcher, Place};
use aho_corasick::packed::{Config, MatchKind as PackedKind, Searcher};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind, Span};

/// Up to this many needles are sought one after the other.
const FEW: usize = 2;
/// An automaton for more needles than this would take more room than it saves time.
const DENSE: usize = 2_000;

/// Whether one of several needles is in a text as whole terms, in any case.
#[derive(Debug)]
pub struct AnyTerm {
    /// A needle without characters is in every text.
    always: bool,
    singles: Vec<Matcher<'static>>,
    many: Many,
}

#[derive(Debug)]
enum Many {
    None,
    /// Some dozens: a vectorized search for their beginnings in the text in lower case.
    Packed {
        searcher: Searcher,
        needles: Vec<Needle>,
    },
    /// For each pattern of the automaton, where it must end a term.
    Automaton {
        automaton: AhoCorasick,
        needles: Vec<Needle>,
    },
}

/// A needle and whether its start and its end must be the edge of a term.
#[derive(Debug)]
struct Needle {
    lower: Box<str>,
    opens: bool,
    closes: bool,
}

impl Needle {
    fn new(text: &str) -> Needle {
        Needle {
            lower: text.to_ascii_lowercase().into_boxed_str(),
            opens: text.chars().next().is_some_and(of_term),
            closes: text.chars().next_back().is_some_and(of_term),
        }
    }

    fn stands(&self, text: &str, start: usize, end: usize) -> bool {
        (!self.opens || opens(text, start)) && (!self.closes || closes(text, end))
    }
}

impl Many {
    fn new(texts: &[&str]) -> Option<Many> {
        let needles: Vec<Needle> = texts.iter().map(|t| Needle::new(t)).collect();
        let mut builder = Config::new()
            .match_kind(PackedKind::LeftmostFirst)
            .builder();
        builder.extend(needles.iter().map(|n| n.lower.as_bytes()));
        if let Some(searcher) = builder.build() {
            return Some(Many::Packed { searcher, needles });
        }
        let kind = (texts.len() <= DENSE).then_some(AhoCorasickKind::DFA);
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(kind)
            .build(texts)
            .ok()?;
        Some(Many::Automaton { automaton, needles })
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Many::None => false,
            Many::Packed { searcher, needles } => with_lower(text, |lower| {
                let mut span = Span {
                    start: 0,
                    end: lower.len(),
                };
                while let Some(m) = searcher.find_in(lower, span) {
                    // Another needle may begin at the same place.
                    let at = m.start();
                    let rest = lower.get(at..).unwrap_or_default();
                    if needles.iter().any(|n| {
                        rest.starts_with(n.lower.as_bytes())
                            && n.stands(text, at, at + n.lower.len())
                    }) {
                        return true;
                    }
                    span.start = at + 1;
                }
                false
            }),
            Many::Automaton { automaton, needles } => {
                automaton.find_overlapping_iter(text).any(|m| {
                    needles
                        .get(m.pattern().as_usize())
                        .is_some_and(|n| n.stands(text, m.start(), m.end()))
                })
            }
        }
    }
}

/// Calls `ask` with the text in ASCII lower case.
fn with_lower(text: &str, ask: impl FnOnce(&[u8]) -> bool) -> bool {
    let mut room = [0u8; 256];
    if let Some(lower) = room.get_mut(..text.len()) {
        lower.copy_from_slice(text.as_bytes());
        lower.make_ascii_lowercase();
        ask(lower)
    } else {
        ask(&text.as_bytes().to_ascii_lowercase())
    }
}

impl AnyTerm {
    /// Prepares the needles.
    pub fn new<'n>(needles: impl IntoIterator<Item = &'n str>) -> AnyTerm {
        let mut needles: Vec<&str> = needles.into_iter().collect();
        needles.sort_unstable();
        needles.dedup();
        let mut out = AnyTerm {
            always: needles.first().is_some_and(|n| n.is_empty()),
            singles: Vec::new(),
            many: Many::None,
        };
        needles.retain(|n| !n.is_empty());
        // Only ASCII is folded bytewise.
        let (ascii, other): (Vec<&str>, Vec<&str>) =
            needles.into_iter().partition(|n| n.is_ascii());
        let single = |n: &str| Matcher::new(Place::Term, false, n).into_owned();
        out.singles = other.into_iter().map(single).collect();
        if ascii.len() > FEW
            && let Some(many) = Many::new(&ascii)
        {
            out.many = many;
            return out;
        }
        out.singles.extend(ascii.into_iter().map(single));
        out
    }

    /// Whether one of them is there.
    #[inline]
    pub fn matches(&self, text: &str) -> bool {
        self.always || self.singles.iter().any(|m| m.matches(text)) || self.many.matches(text)
    }
}

/// Whether all of several needles are in a text as whole terms, in any case.
#[derive(Debug)]
pub struct AllTerms {
    /// The longest first: it is there least often.
    singles: Vec<Matcher<'static>>,
}

impl AllTerms {
    /// Prepares the needles. Without needles every text matches.
    pub fn new<'n>(needles: impl IntoIterator<Item = &'n str>) -> AllTerms {
        let mut needles: Vec<&str> = needles.into_iter().filter(|n| !n.is_empty()).collect();
        needles.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        needles.dedup();
        AllTerms {
            singles: needles
                .into_iter()
                .map(|n| Matcher::new(Place::Term, false, n).into_owned())
                .collect(),
        }
    }

    /// Whether all of them are there.
    #[inline]
    pub fn matches(&self, text: &str) -> bool {
        self.singles.iter().all(|m| m.matches(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_needles_answer_as_each_alone() {
        for count in [3, 12, 40, 400] {
            many(count);
        }
        assert!(AnyTerm::new(["q", ""]).matches(""));
        assert!(!AnyTerm::new([]).matches("q"));
        assert!(AllTerms::new([]).matches("q"));
    }

    fn many(count: usize) {
        let needles: Vec<String> = (0..count)
            .map(|i| format!("{}{}", ["ab", "b c", "-x", "é"][i % 4], i / 4))
            .collect();
        let refs: Vec<&str> = needles.iter().map(String::as_str).collect();
        let any = AnyTerm::new(refs.iter().copied());
        let ones: Vec<Matcher<'_>> = refs
            .iter()
            .map(|n| Matcher::new(Place::Term, false, n))
            .collect();
        for text in [
            "",
            "AB3",
            "xab3",
            "ab33",
            "ab3 B C7.",
            "bb c7",
            "a-X2y a-x2",
            "É5",
            "éé5",
            "ab1ab2 ab9",
        ] {
            assert_eq!(
                any.matches(text),
                ones.iter().any(|m| m.matches(text)),
                "{text}"
            );
        }
    }
}
