//! What a page around a chart needs.

/// The style of a page: nothing is loaded, and it follows the reader's light or dark.
pub const PAGE_STYLE: &str = "\
:root { color-scheme: light dark; }\n\
body { font-family: system-ui, sans-serif; margin: 1.5em; display: flex; flex-direction: column; }\n\
figure { margin: 0 0 1.5em 0; order: -1; }\n\
figcaption { font-size: 0.9em; opacity: 0.8; }\n\
svg { max-width: 100%; height: auto; background: #fff; border: 1px solid #ddd; }\n\
table { border-collapse: collapse; margin-bottom: 1em; align-self: flex-start; }\n\
th, td { border: 1px solid #8886; padding: 2px 6px; text-align: left; white-space: pre-wrap; }\n\
th { position: sticky; top: 0; background: #8883; }\n\
td.d { min-width: 30ch; max-width: 90ch; }\n\
td.n { text-align: right; font-variant-numeric: tabular-nums; }\n\
td.null::after { content: \"null\"; opacity: 0.4; font-style: italic; }\n";

/// Text that is no markup.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML knows no other control characters.
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}
