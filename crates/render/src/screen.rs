//! What the text is for: a terminal of some width, or a file.

/// What shows the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns of the terminal; none where lines may be of any length.
    pub width: Option<usize>,
    /// Whether marks beyond ASCII can be shown.
    pub unicode: bool,
    /// Whether colours can be shown.
    pub color: bool,
}

impl Default for Screen {
    fn default() -> Self {
        Screen {
            width: None,
            unicode: true,
            color: false,
        }
    }
}

impl Screen {
    /// The mark of a null: not a text that a value could be taken for.
    pub fn null(&self) -> &'static str {
        if self.unicode { "·" } else { "-" }
    }

    /// The mark of a text that is cut.
    pub fn cut(&self) -> char {
        if self.unicode { '…' } else { '>' }
    }

    /// The text in a colour (an SGR code), where there are colours.
    pub fn paint(&self, code: &str, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
