//! What "case-insensitive" means.
//!
//! Characters are compared by their simple lower-case form, one to one; a character outside ASCII never equals one
//! inside. So `İ`, U+212A (Kelvin) and `ſ` are themselves only, an ASCII needle can be searched bytewise in any text, and
//! texts that are equal but for case have as many characters.

/// The form of a character under which two cases of it are equal.
#[inline]
pub fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(l), None) if !l.is_ascii() => l,
        _ => c,
    }
}

/// Appends the folded text.
pub fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        let at = out.len();
        out.push_str(text);
        if let Some(new) = out.get_mut(at..) {
            new.make_ascii_lowercase();
        }
    } else {
        out.extend(text.chars().map(fold));
    }
}

/// Whether two texts are equal without regard to case.
pub fn equal(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
        || (!(a.is_ascii() && b.is_ascii()) && a.chars().map(fold).eq(b.chars().map(fold)))
}

/// Whether a character belongs to a term.
#[inline]
pub fn of_term(c: char) -> bool {
    c.is_alphanumeric()
}

/// Whether no term goes on to the left of `at`.
#[inline]
pub fn opens(text: &str, at: usize) -> bool {
    match at.checked_sub(1).and_then(|i| text.as_bytes().get(i)) {
        None => true,
        Some(b) if b.is_ascii() => !b.is_ascii_alphanumeric(),
        Some(_) => !text
            .get(..at)
            .and_then(|t| t.chars().next_back())
            .is_some_and(of_term),
    }
}

/// Whether no term goes on to the right of `at`.
#[inline]
pub fn closes(text: &str, at: usize) -> bool {
    match text.as_bytes().get(at) {
        None => true,
        Some(b) if b.is_ascii() => !b.is_ascii_alphanumeric(),
        Some(_) => !text
            .get(at..)
            .and_then(|t| t.chars().next())
            .is_some_and(of_term),
    }
}
