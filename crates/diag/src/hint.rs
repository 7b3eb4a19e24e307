//! Near names for names that are not there.

/// The candidate that `name` most likely means: one that differs only in case, else one within an edit distance of a
/// third of its length, else none. Ties go to the first in sorted order, so the answer does not depend on their order.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = name.chars().count() / 3;
    let lower = name.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for c in candidates {
        if c == name {
            continue;
        }
        let d = if c.to_lowercase() == lower {
            0
        } else {
            if c.chars().count().abs_diff(name.chars().count()) > limit {
                continue;
            }
            match distance(&lower, &c.to_lowercase(), limit) {
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

/// Edits (insert, delete, replace, swap of neighbours) between two texts, or none above `limit`.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, cb) in b.iter().enumerate() {
            let cost = usize::from(ca != cb);
            let mut d = (last[j] + cost).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                d = d.min(before[j - 1] + 1);
            }
            row.push(d);
        }
        if row.iter().min().is_some_and(|m| *m > limit) {
            return None;
        }
        before = last;
        last = row;
    }
    last.last().copied().filter(|d| *d <= limit && *d > 0)
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
