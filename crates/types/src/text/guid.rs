//! Guids as text.

/// A guid from its text, with or without braces; hyphens may stand anywhere. None when it is no guid.
pub fn parse_guid(text: &str) -> Option<[u8; 16]> {
    let text = text.trim();
    let text = text
        .strip_prefix('{')
        .and_then(|t| t.strip_suffix('}'))
        .unwrap_or(text);
    let mut out = [0u8; 16];
    let mut n = 0;
    for c in text.chars().filter(|c| *c != '-') {
        let d = u8::try_from(c.to_digit(16)?).ok()?;
        let slot = out.get_mut(n / 2)?;
        *slot = (*slot << 4) | d;
        n += 1;
    }
    (n == 32).then_some(out)
}

/// A guid in lower case with hyphens.
pub fn format_guid(g: &[u8; 16]) -> String {
    let mut out = String::new();
    super::write::write_guid(g, &mut out);
    out
}
