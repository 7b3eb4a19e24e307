//! Fenced blocks that are labelled as queries.

use crate::NamedQuery;

const LABELS: [&str; 3] = ["kql", "kusto", "query"];

/// The blocks in order; each begins right below its opening fence.
pub(crate) fn blocks(name: &str, text: &str) -> Vec<NamedQuery> {
    let mut out: Vec<NamedQuery> = Vec::new();
    let mut heading: Option<String> = None;
    // The fence that is open, whether it is a query, and its text so far.
    let mut open: Option<(String, bool, String, usize)> = None;
    for (i, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim();
        if let Some((fence, wanted, mut body, first)) = open.take() {
            if bare.starts_with(&fence) && bare.chars().all(|c| fence.starts_with(c)) {
                if wanted {
                    out.push(NamedQuery {
                        name: String::new(),
                        text: body,
                        first_line: first,
                        heading: heading.clone(),
                        ..NamedQuery::default()
                    });
                }
            } else {
                body.push_str(line);
                open = Some((fence, wanted, body, first));
            }
            continue;
        }
        for mark in ['`', '~'] {
            let length = bare.chars().take_while(|c| *c == mark).count();
            if length >= 3 {
                let label = bare
                    .get(length..)
                    .unwrap_or_default()
                    .trim()
                    .to_ascii_lowercase();
                let label = label
                    .split([' ', '{', ','])
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let fence: String = std::iter::repeat_n(mark, length).collect();
                open = Some((
                    fence,
                    LABELS.contains(&label.as_str()),
                    String::new(),
                    i + 2,
                ));
            }
        }
        if bare.starts_with('#') {
            heading = Some(bare.trim_start_matches('#').trim().to_owned());
        }
    }
    let several = out.len() > 1;
    for (i, q) in out.iter_mut().enumerate() {
        q.name = if several {
            format!("{name}#{}", i + 1)
        } else {
            name.to_owned()
        };
    }
    out
}
