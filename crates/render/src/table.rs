//! A table for the terminal: widths by content, numbers to the right, long cells cut with a mark.

use crate::screen::Screen;
use kql_types::{ColumnSchema, Type};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest that one column gets where the screen has no width.
const WIDEST: usize = 60;
/// What a text column keeps at least.
const NARROWEST: usize = 10;
/// Between two columns.
const GAP: usize = 2;

/// Rows as text until they are shown.
#[derive(Debug, Default)]
pub struct TextTable {
    columns: Vec<ColumnSchema>,
    rows: Vec<Vec<Option<String>>>,
}

/// A table as it fits the screen.
#[derive(Debug, Default)]
pub struct Fitted {
    /// The lines.
    pub text: String,
    /// Columns that did not fit.
    pub left_out: Vec<String>,
    /// Whether cells are cut.
    pub cut: bool,
}

impl TextTable {
    /// A table without rows.
    pub fn new(columns: &[ColumnSchema]) -> Self {
        TextTable {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; none is a null.
    pub fn push(&mut self, row: Vec<Option<String>>) {
        self.rows.push(row);
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A cell; none is a null, or no cell.
    pub fn cell(&self, row: usize, column: usize) -> Option<&str> {
        self.rows.get(row)?.get(column)?.as_deref()
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text where lines may be of any length.
    pub fn show(&self) -> String {
        self.fit(&Screen::default()).text
    }

    /// The table for a screen. Numbers and times are never cut: a part of one is another one.
    pub fn fit(&self, screen: &Screen) -> Fitted {
        let cells: Vec<Vec<Option<String>>> = self
            .rows
            .iter()
            .map(|r| r.iter().map(|c| c.as_deref().map(flat)).collect())
            .collect();
        let null = screen.null().width();
        let natural: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(i, c)| {
                let cells = cells.iter().filter_map(|r| r.get(i));
                let widest = cells.map(|t| t.as_ref().map_or(null, |t| t.width())).max();
                let widest = widest.unwrap_or(0).max(c.name.width()).max(1);
                if screen.width.is_none() && cuttable(c.ty) {
                    widest.min(WIDEST)
                } else {
                    widest
                }
            })
            .collect();
        let widths = match screen.width {
            None => natural.clone(),
            Some(w) => self.widths(&natural, w),
        };
        let mut out = Fitted {
            left_out: self
                .columns
                .iter()
                .skip(widths.len())
                .map(|c| c.name.clone())
                .collect(),
            ..Fitted::default()
        };
        let more = !out.left_out.is_empty();
        let head: Vec<Option<String>> = self.columns.iter().map(|c| Some(flat(&c.name))).collect();
        let rule: Vec<Option<String>> = widths.iter().map(|w| Some("-".repeat(*w))).collect();
        for (row, code) in [(&head, "1"), (&rule, "2")]
            .into_iter()
            .chain(cells.iter().map(|r| (r, "")))
        {
            let mut line = String::new();
            for ((cell, width), column) in row.iter().zip(&widths).zip(&self.columns) {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                let (text, code) = match cell {
                    None => (screen.null().to_owned(), "2"),
                    Some(t) if t.width() > *width => {
                        out.cut = true;
                        (cut(t, *width, screen.cut()), code)
                    }
                    Some(t) => (t.clone(), code),
                };
                let pad = " ".repeat(width.saturating_sub(text.width()));
                let text = if code.is_empty() {
                    text
                } else {
                    screen.paint(code, &text)
                };
                if right(column.ty) {
                    line.push_str(&pad);
                    line.push_str(&text);
                } else {
                    line.push_str(&text);
                    line.push_str(&pad);
                }
            }
            if more {
                line.push_str("  ");
                line.push(screen.cut());
            }
            out.text.push_str(line.trim_end());
            out.text.push('\n');
        }
        out
    }

    /// The widths of as many columns as fit; the widest texts give way first.
    fn widths(&self, natural: &[usize], screen: usize) -> Vec<usize> {
        let least: Vec<usize> = natural
            .iter()
            .zip(&self.columns)
            .map(|(n, c)| {
                if cuttable(c.ty) {
                    (*n).min(NARROWEST)
                } else {
                    *n
                }
            })
            .collect();
        let total = |w: &[usize]| w.iter().sum::<usize>() + GAP * w.len().saturating_sub(1);
        let mut fit = natural.len();
        while fit > 1 {
            // What is left out is told by a mark at the end of each line.
            let mark = if fit < natural.len() { GAP + 1 } else { 0 };
            if total(&least[..fit]) + mark <= screen {
                break;
            }
            fit -= 1;
        }
        let mark = if fit < natural.len() { GAP + 1 } else { 0 };
        let room = screen.saturating_sub(mark);
        let capped = |cap: usize| -> Vec<usize> {
            let pairs = natural[..fit].iter().zip(&least[..fit]);
            pairs.map(|(n, l)| (*n).min(cap.max(*l))).collect()
        };
        let (mut low, mut high) = (1, natural.iter().copied().max().unwrap_or(1));
        while low < high {
            let middle = (low + high).div_ceil(2);
            if total(&capped(middle)) <= room {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        let mut out = capped(low);
        if fit == 1 && out.first().is_some_and(|w| *w > room) && room > 1 {
            out = vec![room];
        }
        out
    }

    /// Each row as lines of `name  value`, values in full.
    pub fn records(&self, screen: &Screen) -> String {
        let widest = self.columns.iter().map(|c| c.name.width()).max();
        let widest = widest.unwrap_or(0);
        let mut out = String::new();
        for (i, row) in self.rows.iter().enumerate() {
            let head = format!("-[ {} ]", i + 1);
            let rule = screen.width.unwrap_or(40).min(60);
            let dashes = "-".repeat(rule.saturating_sub(head.width()));
            out.push_str(&screen.paint("2", &format!("{head}{dashes}")));
            out.push('\n');
            for (cell, column) in row.iter().zip(&self.columns) {
                let pad = " ".repeat(widest - column.name.width());
                out.push_str(&screen.paint("1", &flat(&column.name)));
                match cell {
                    Some(text) if text.is_empty() => {}
                    None => {
                        out.push_str(&pad);
                        out.push_str("  ");
                        out.push_str(&screen.paint("2", screen.null()));
                    }
                    Some(text) => {
                        out.push_str(&pad);
                        for (n, line) in text.split('\n').enumerate() {
                            if n > 0 {
                                out.push('\n');
                                out.push_str(&" ".repeat(widest));
                            }
                            let line = flat(line);
                            if !line.is_empty() {
                                out.push_str("  ");
                                out.push_str(line.trim_end());
                            }
                        }
                    }
                }
                out.push('\n');
            }
        }
        out
    }
}

/// Whether a part of such a value still says something true.
fn cuttable(ty: Type) -> bool {
    matches!(ty, Type::String | Type::Dynamic)
}

/// Whether such values stand to the right.
fn right(ty: Type) -> bool {
    matches!(
        ty,
        Type::Int | Type::Long | Type::Real | Type::Decimal | Type::TimeSpan
    )
}

/// A text on one line, without what would move a terminal's cursor.
pub(crate) fn flat(text: &str) -> String {
    text.replace("\r\n", " ")
        .chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// The first part of a text, with a mark, in this width.
pub(crate) fn cut(text: &str, most: usize, mark: char) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut width = 0;
    for c in text.chars() {
        width += c.width().unwrap_or(0);
        if width >= most {
            break;
        }
        out.push(c);
    }
    out.push(mark);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TextTable {
        let mut t = TextTable::new(&[
            ColumnSchema::new("name", Type::String),
            ColumnSchema::new("n", Type::Long),
            ColumnSchema::new("text", Type::String),
        ]);
        t.push(vec![
            Some("日本".into()),
            Some("1234567890123".into()),
            Some("a long text that does not fit on a narrow screen".into()),
        ]);
        t.push(vec![
            Some(String::new()),
            None,
            Some("b\u{1b}[31m\nc".into()),
        ]);
        t
    }

    #[test]
    fn numbers_stand_right_and_nulls_are_marked() {
        let mut t = TextTable::new(&[
            ColumnSchema::new("name", Type::String),
            ColumnSchema::new("n", Type::Long),
        ]);
        t.push(vec![Some("日本".into()), Some("5".into())]);
        t.push(vec![Some(String::new()), None]);
        assert_eq!(t.show(), "name  n\n----  -\n日本  5\n      ·\n");
    }

    #[test]
    fn the_widest_text_gives_way_and_no_number_is_cut() {
        let screen = Screen {
            width: Some(40),
            ..Screen::default()
        };
        let fitted = table().fit(&screen);
        assert_eq!(
            fitted.text,
            "name              n  text\n\
             ----  -------------  -------------------\n\
             日本  1234567890123  a long text that d…\n                  ·  b\u{fffd}[31m c\n"
        );
        assert!(fitted.cut && fitted.left_out.is_empty());
    }

    #[test]
    fn columns_that_do_not_fit_are_named() {
        let screen = Screen {
            width: Some(24),
            ..Screen::default()
        };
        let fitted = table().fit(&screen);
        assert_eq!(fitted.left_out, ["text"]);
        assert!(
            fitted.text.lines().all(|l| l.width() <= 24),
            "{}",
            fitted.text
        );
        assert!(fitted.text.contains("1234567890123"));
    }

    #[test]
    fn a_record_shows_all() {
        let text = table().records(&Screen::default());
        assert!(text.contains("text  a long text that does not fit on a narrow screen\n"));
        assert!(text.contains("n     ·\n"));
    }
}
