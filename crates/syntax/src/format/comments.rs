//! Formatting of a text: the layout of its tree, with the author's comments, blank lines and spellings of tokens.

use super::Builder;
use crate::parse::lexer::{Kind, Token, lex};
use crate::parse::parse;
use kql_diag::Diagnostic;

/// Why a text is not formatted.
#[derive(Debug, Clone)]
pub enum FormatError {
    /// It has faults.
    Faults(Vec<Diagnostic>),
    /// Its tokens could not be put into the new layout without a loss.
    Loss,
}

/// How far ahead tokens are compared where the texts differ.
const WINDOW: usize = 64;

/// A text in the layout of [`super::format`]. Tokens keep the author's spelling (`filter`, `24h`, `@"\d"`), and comments
/// keep their places among them.
///
/// # Errors
/// The text has faults, or a token or comment would be lost.
pub fn format_text(text: &str) -> Result<String, FormatError> {
    let parsed = parse(text);
    if parsed.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(FormatError::Faults(parsed.diagnostics));
    }
    let ours = tokens(text);
    let gaps: Vec<Vec<Comment<'_>>> = (0..ours.len())
        .map(|n| comments(text, end_before(&ours, n), ours.get(n)))
        .collect();
    let places: Vec<usize> = gaps.iter().flatten().map(|c| c.start).collect();
    let layout = Builder { comments: &places }.print(&parsed.query);
    let theirs = tokens(&layout);
    let mut writer = Writer {
        text,
        layout: &layout,
        ours: &ours,
        theirs: &theirs,
        gaps: &gaps,
        out: String::with_capacity(text.len()),
        break_next: false,
        loose: false,
    };
    writer.merge().ok_or(FormatError::Loss)?;
    let mut out = writer.out;
    while out.ends_with([' ', '\n']) {
        out.pop();
    }
    out.push('\n');
    // What was written says the same, and has all comments.
    let again = parse(&out);
    let lost = again.diagnostics.iter().any(Diagnostic::is_error)
        || Builder { comments: &[] }.print(&again.query)
            != Builder { comments: &[] }.print(&parsed.query);
    let kept = tokens(&out);
    let comments_kept: usize = (0..kept.len())
        .map(|n| comments(&out, end_before(&kept, n), kept.get(n)).len())
        .sum();
    if lost || comments_kept != places.len() {
        return Err(FormatError::Loss);
    }
    Ok(out)
}

/// All tokens with the end.
fn tokens(text: &str) -> Vec<Token<'_>> {
    lex(text, &mut Vec::new())
}

fn end_before(tokens: &[Token<'_>], n: usize) -> usize {
    n.checked_sub(1)
        .and_then(|p| tokens.get(p))
        .map_or(0, |t| t.end)
}

/// A comment in front of a token.
struct Comment<'t> {
    start: usize,
    text: &'t str,
    /// It does not stand behind a token on its line.
    own_line: bool,
    /// An empty line is above it.
    blank_above: bool,
}

fn comments<'t>(text: &'t str, from: usize, token: Option<&Token<'_>>) -> Vec<Comment<'t>> {
    let to = token.map_or(text.len(), |t| t.start);
    let gap = text.get(from..to).unwrap_or_default();
    let mut out = Vec::new();
    let mut at = from;
    let (mut first, mut blank) = (true, false);
    for line in gap.split_inclusive('\n') {
        match line.find("//") {
            Some(n) => {
                out.push(Comment {
                    start: at + n,
                    text: line.get(n..).unwrap_or_default().trim_end(),
                    own_line: !first || from == 0,
                    blank_above: blank,
                });
                blank = false;
            }
            None if !first && line.trim().is_empty() && line.ends_with('\n') => blank = true,
            None => {}
        }
        first = false;
        at += line.len();
    }
    out
}

struct Writer<'t> {
    text: &'t str,
    layout: &'t str,
    ours: &'t [Token<'t>],
    theirs: &'t [Token<'t>],
    gaps: &'t [Vec<Comment<'t>>],
    out: String,
    /// A comment ended the line.
    break_next: bool,
    /// The token before stood in the text only: the layout's gap is not made for it.
    loose: bool,
}

impl Writer<'_> {
    /// Writes the layout with the text's tokens; none where they are too far apart.
    fn merge(&mut self) -> Option<()> {
        let (mut i, mut j) = (0usize, 0usize);
        while i < self.ours.len() || j < self.theirs.len() {
            if self.same(i, j) {
                self.write(i, Some(j));
                (i, j) = (i + 1, j + 1);
                continue;
            }
            if let Some((di, dj)) = self.separator(i, j) {
                (i, j) = (i + di, j + dj);
                continue;
            }
            let strings = self.strings(i, j);
            let (di, dj) = match strings {
                0 => self.meet(i, j)?,
                n => (n, 1),
            };
            // What is written in another way keeps the author's.
            for n in 0..di {
                self.write(i + n, (n < dj).then_some(j + n));
            }
            for n in 0..if di == 0 { dj } else { 0 } {
                self.insert(j + n);
            }
            (i, j) = (i + di, j + dj);
        }
        Some(())
    }

    /// Leaves out separators that the layout has not, or puts in one that only the layout has.
    fn separator(&mut self, i: usize, j: usize) -> Option<(usize, usize)> {
        let is = |t: Option<&Token<'_>>| {
            t.is_some_and(|t| t.kind == Kind::Mark && matches!(t.text, "," | ";"))
        };
        let run = (i..).take_while(|n| is(self.ours.get(*n))).count();
        if run > 0 && self.same(i + run, j) {
            for n in 0..run {
                self.remarks(i + n, "");
            }
            Some((run, 0))
        } else if is(self.theirs.get(j)) && self.same(i, j + 1) {
            self.insert(j);
            Some((0, 1))
        } else {
            None
        }
    }

    /// How many strings are written here for one of the layout.
    fn strings(&self, i: usize, j: usize) -> usize {
        let is = |t: Option<&Token<'_>>| t.is_some_and(|t| t.kind == Kind::String);
        if !is(self.theirs.get(j)) {
            return 0;
        }
        (i..).take_while(|n| is(self.ours.get(*n))).count()
    }

    /// A token that only the layout has.
    fn insert(&mut self, j: usize) {
        let gap = self.gap(j).to_owned();
        self.space(&gap, false);
        if let Some(t) = self.theirs.get(j) {
            self.out.push_str(t.text);
        }
    }

    fn same(&self, i: usize, j: usize) -> bool {
        match (self.ours.get(i), self.theirs.get(j)) {
            (Some(a), Some(b)) => a.kind == b.kind && a.text == b.text,
            _ => false,
        }
    }

    /// How many tokens of each differ from here, the fewest in sum.
    fn meet(&self, i: usize, j: usize) -> Option<(usize, usize)> {
        let end = |i: usize, j: usize| i + 1 >= self.ours.len() && j + 1 >= self.theirs.len();
        for sum in 1..WINDOW {
            for di in 0..=sum {
                let dj = sum - di;
                let (a, b) = (i + di, j + dj);
                if self.same(a, b) && (end(a, b) || self.same(a + 1, b + 1) || sum == 2) {
                    return Some((di, dj));
                }
            }
        }
        None
    }

    fn gap(&self, j: usize) -> &str {
        let to = self.theirs.get(j).map_or(self.layout.len(), |t| t.start);
        self.layout
            .get(end_before(self.theirs, j)..to)
            .unwrap_or_default()
    }

    /// A token of the text, at the place of a token of the layout if there is one.
    fn write(&mut self, i: usize, j: Option<usize>) {
        let Some(token) = self.ours.get(i).copied() else {
            return;
        };
        let written = self
            .text
            .get(end_before(self.ours, i)..token.start)
            .unwrap_or_default();
        let touches = written.is_empty();
        let mut gap = j.map(|j| self.gap(j).to_owned()).unwrap_or_default();
        if gap.is_empty() && !touches && (j.is_none() || self.loose) {
            gap.push(' ');
        }
        self.loose = j.is_none();
        self.remarks(i, &gap);
        let blank = written
            .rsplit_once("//")
            .map_or(written, |(_, last)| last)
            .matches('\n')
            .count()
            > 1;
        self.space(&gap, blank);
        self.out.push_str(token.text);
    }

    /// The comments in front of a token.
    fn remarks(&mut self, i: usize, gap: &str) {
        let gaps = self.gaps;
        let Some(comments) = gaps.get(i) else {
            return;
        };
        let closes = self
            .ours
            .get(i)
            .is_some_and(|t| matches!(t.text, ")" | "]" | "}"));
        for c in comments {
            if c.own_line || self.break_next {
                let mut indent = self.indent(gap);
                if closes && gap.contains('\n') {
                    indent += 4;
                }
                if !self.out.is_empty() {
                    self.out.push('\n');
                    if c.blank_above && !self.out.ends_with("\n\n") {
                        self.out.push('\n');
                    }
                }
                self.out.extend(std::iter::repeat_n(' ', indent));
            } else if !self.out.is_empty() {
                self.out.push(' ');
            }
            self.out.push_str(c.text);
            self.break_next = true;
        }
    }

    /// Where a line that begins here stands.
    fn indent(&self, gap: &str) -> usize {
        match gap.rsplit_once('\n') {
            Some((_, last)) => last.len(),
            None if self.out.is_empty() => 0,
            None => {
                let line = self.out.rsplit('\n').next().unwrap_or_default();
                let own = line.len() - line.trim_start_matches(' ').len();
                if self.break_next { own } else { own + 4 }
            }
        }
    }

    /// The gap in front of a token.
    fn space(&mut self, gap: &str, blank: bool) {
        if self.break_next || gap.contains('\n') {
            let indent = self.indent(gap);
            if !self.out.is_empty() {
                self.out.push('\n');
                if blank {
                    self.out.push('\n');
                }
            }
            self.out.extend(std::iter::repeat_n(' ', indent));
        } else {
            self.out.push_str(gap);
        }
        self.break_next = false;
    }
}
