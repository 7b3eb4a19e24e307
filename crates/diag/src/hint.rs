//! Near names for names that are not there.

/// The candidate that `name` most likely means: one that differs only in case, else one within an edit distance of a
/// third of its length, else none. Ties go to the first in sorted order, so the answer does not depend on their order.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted: Vec<char> = name.to_lowercase().chars().collect();
    let length = name.chars().count();
    let limit = length / 3;
    let letters = letters(&wanted);
    let mut rows = Rows::default();
    let mut near: Vec<char> = Vec::new();
    let mut best: Option<(usize, &str)> = None;
    for c in candidates {
        // A name of another length may still be the same in lower case.
        if c == name || (c.is_ascii() && c.len().abs_diff(length) > limit) {
            continue;
        }
        near.clear();
        near.extend(c.chars().flat_map(char::to_lowercase));
        let d = if near == wanted {
            0
        } else if c.chars().count().abs_diff(length) > limit || far(&letters, &near, limit) {
            continue;
        } else {
            match rows.distance(&wanted, &near, limit) {
                Some(d) => d,
                None => continue,
            }
        };
        if best.is_none_or(|(bd, bc)| (d, c) < (bd, bc)) {
            best = Some((d, c));
        }
    }
    best.map(|(_, c)| c)
}

/// How often a text has each character; those of the same last bits count together.
type Letters = [i32; 64];

fn letters(text: &[char]) -> Letters {
    let mut out = [0; 64];
    for c in text {
        out[u32::from(*c) as usize % 64] += 1;
    }
    out
}

/// Whether texts differ in more characters than `limit` edits make up for: an edit changes at most two of the counts.
fn far(letters: &Letters, other: &[char], limit: usize) -> bool {
    let mut rest = *letters;
    for c in other {
        rest[u32::from(*c) as usize % 64] -= 1;
    }
    let differing: u32 = rest.iter().map(|n| n.unsigned_abs()).sum();
    differing as usize > limit.saturating_mul(2)
}

/// The rows of the table of edits that are at hand.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Rows {
    /// Edits (insert, delete, replace, swap of neighbours) between two texts, or none above `limit`.
    fn distance(&mut self, a: &[char], b: &[char], limit: usize) -> Option<usize> {
        self.before.clear();
        self.last.clear();
        self.last.extend(0..=b.len());
        for (i, ca) in a.iter().enumerate() {
            self.row.clear();
            self.row.push(i + 1);
            for (j, cb) in b.iter().enumerate() {
                let cost = usize::from(ca != cb);
                let mut d = (self.last[j] + cost)
                    .min(self.last[j + 1] + 1)
                    .min(self.row[j] + 1);
                if i > 0 && j > 0 && *ca == b[j - 1] && a[i - 1] == *cb {
                    d = d.min(self.before[j - 1] + 1);
                }
                self.row.push(d);
            }
            if self.row.iter().min().is_some_and(|m| *m > limit) {
                return None;
            }
            std::mem::swap(&mut self.before, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.row);
        }
        self.last.last().copied().filter(|d| *d <= limit && *d > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn case_wins_over_distance_and_far_guesses_are_silent() {
        let names = ["TimeGenerated", "TimeGenerate", "Type"];
        assert_eq!(did_you_mean("timegenerated", names), Some("TimeGenerated"));
        assert_eq!(did_you_mean("TimeGenerted", names), Some("TimeGenerated"));
        assert_eq!(did_you_mean("Computer", names), None);
        assert_eq!(
            did_you_mean("summarise", ["summarize", "sort"]),
            Some("summarize")
        );
    }
}
