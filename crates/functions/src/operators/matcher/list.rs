//! Several needles as terms: `has_any`, `has_all`.

use super::case::{closes, of_term, opens};
use super::single::{Matcher, Place};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// Up to this many needles are sought one after the other.
const FEW: usize = 6;
/// An automaton for more needles than this would take more room than it saves time.
const DENSE: usize = 2_000;

/// Whether one of several needles is in a text as whole terms, in any case.
#[derive(Debug)]
pub struct AnyTerm {
    /// A needle without characters is in every text.
    always: bool,
    singles: Vec<Matcher<'static>>,
    many: Option<Many>,
}

#[derive(Debug)]
struct Many {
    automaton: AhoCorasick,
    /// For each pattern whether its start and its end must be the edge of a term.
    edges: Vec<(bool, bool)>,
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
            many: None,
        };
        // Only ASCII can be folded by the automaton.
        let (ascii, other): (Vec<&str>, Vec<&str>) =
            needles.into_iter().partition(|n| n.is_ascii());
        let single = |n: &str| Matcher::new(Place::Term, false, n).into_owned();
        out.singles = other.into_iter().map(single).collect();
        if ascii.len() > FEW {
            let kind = (ascii.len() <= DENSE).then_some(AhoCorasickKind::DFA);
            if let Ok(automaton) = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .kind(kind)
                .build(&ascii)
            {
                let edge = |c: Option<char>| c.is_some_and(of_term);
                let edges = ascii
                    .iter()
                    .map(|n| (edge(n.chars().next()), edge(n.chars().next_back())))
                    .collect();
                out.many = Some(Many { automaton, edges });
                return out;
            }
        }
        out.singles.extend(ascii.into_iter().map(single));
        out
    }

    /// Whether one of them is there.
    #[inline]
    pub fn matches(&self, text: &str) -> bool {
        self.always
            || self.singles.iter().any(|m| m.matches(text))
            || self.many.as_ref().is_some_and(|m| m.matches(text))
    }
}

impl Many {
    fn matches(&self, text: &str) -> bool {
        self.automaton.find_overlapping_iter(text).any(|m| {
            let (left, right) = self
                .edges
                .get(m.pattern().as_usize())
                .copied()
                .unwrap_or_default();
            (!left || opens(text, m.start())) && (!right || closes(text, m.end()))
        })
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
        let needles: Vec<String> = (0..40)
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
        assert!(AnyTerm::new(["q", ""]).matches(""));
        assert!(!AnyTerm::new([]).matches("q"));
        assert!(AllTerms::new([]).matches("q"));
    }
}
