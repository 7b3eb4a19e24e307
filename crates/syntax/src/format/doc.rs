//! Text with the places where a line may end, and how it is laid out in a width.

use std::borrow::Cow;

/// Columns of a line, as far as the text allows.
pub const WIDTH: usize = 110;
const INDENT: usize = 4;

/// A part of the text.
#[derive(Debug, Clone)]
pub enum Doc {
    /// As it is.
    Text(Cow<'static, str>),
    /// A space, or the end of a line.
    Line,
    /// Nothing, or the end of a line.
    Soft,
    /// The end of a line.
    Hard,
    /// One behind the other.
    Many(Vec<Doc>),
    /// On one line if it fits and `false`; else each `Line` and `Soft` of it ends a line.
    Group(bool, Vec<Doc>),
    /// Further to the right.
    Nest(Vec<Doc>),
}

impl From<&'static str> for Doc {
    fn from(text: &'static str) -> Self {
        Doc::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Doc {
    fn from(text: String) -> Self {
        Doc::Text(Cow::Owned(text))
    }
}

/// One behind the other.
macro_rules! many {
    ($($x:expr),* $(,)?) => { $crate::format::doc::Doc::Many(vec![$($crate::format::doc::Doc::from($x)),*]) };
}
pub(crate) use many;

/// Items with a separator and a place to end the line between them.
pub fn separated(items: Vec<Doc>, separator: &'static str) -> Doc {
    let last = items.len().saturating_sub(1);
    let mut out = Vec::with_capacity(items.len() * 3);
    for (n, item) in items.into_iter().enumerate() {
        out.push(item);
        if n < last {
            out.push(Doc::from(separator));
            out.push(Doc::Line);
        }
    }
    Doc::Many(out)
}

/// The text of a document.
pub fn print(doc: &Doc) -> String {
    let mut out = String::new();
    let mut column = 0usize;
    let mut work = vec![(0usize, false, doc)];
    while let Some((indent, flat, doc)) = work.pop() {
        match doc {
            Doc::Text(t) => {
                out.push_str(t);
                column = match t.rsplit_once('\n') {
                    Some((_, last)) => last.chars().count(),
                    None => column + t.chars().count(),
                };
            }
            Doc::Line if flat => {
                out.push(' ');
                column += 1;
            }
            Doc::Soft if flat => {}
            Doc::Line | Doc::Soft | Doc::Hard => {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            }
            Doc::Many(docs) => work.extend(docs.iter().rev().map(|d| (indent, flat, d))),
            Doc::Nest(docs) => work.extend(docs.iter().rev().map(|d| (indent + INDENT, flat, d))),
            Doc::Group(broken, docs) => {
                let flat = flat || (!broken && fits(docs, WIDTH.saturating_sub(column), &work));
                work.extend(docs.iter().rev().map(|d| (indent, flat, d)));
            }
        }
    }
    out
}

/// Whether the parts and what must follow on their line fit.
fn fits(docs: &[Doc], room: usize, rest: &[(usize, bool, &Doc)]) -> bool {
    let mut room = room;
    let mut work: Vec<(bool, &Doc)> = docs.iter().rev().map(|d| (true, d)).collect();
    let mut rest = rest.iter().rev();
    // Empty parts are no reason to go on for ever.
    for _ in 0..WIDTH * 16 {
        let (flat, doc) = match work.pop() {
            Some(w) => w,
            None => match rest.next() {
                Some((_, flat, doc)) => (*flat, *doc),
                None => return true,
            },
        };
        match doc {
            Doc::Text(t) => {
                let width = t.chars().take(WIDTH + 1).count();
                if width > room {
                    return false;
                }
                room -= width;
            }
            Doc::Line if flat => {
                if room == 0 {
                    return false;
                }
                room -= 1;
            }
            Doc::Soft if flat => {}
            Doc::Hard if flat => return false,
            Doc::Line | Doc::Soft | Doc::Hard => return true,
            Doc::Many(docs) | Doc::Nest(docs) => work.extend(docs.iter().rev().map(|d| (flat, d))),
            Doc::Group(broken, _) if flat && *broken => return false,
            Doc::Group(_, docs) => work.extend(docs.iter().rev().map(|d| (flat, d))),
        }
    }
    false
}
