//! Punycode (RFC 3492) of texts and of domain names.

use super::function::function;
use crate::prelude::*;

const TEXT: &[Signature] = &[sig(&[arg("string", STRING, "The text.")], STRING)];

/// `punycode_from_string`
pub const FROM_STRING: FunctionSpec = function(
    "punycode_from_string",
    "Writes a text in Punycode, without `xn--`.",
    TEXT,
    |args| each(args, |text, out| encode(text, out).is_some()),
    &[
        ex(
            "punycode_from_string('académie-française')",
            "acadmie-franaise-npb1a",
        ),
        ex("punycode_from_string('艺术')", "cqv902d"),
    ],
);

/// `punycode_to_string`
pub const TO_STRING: FunctionSpec = function(
    "punycode_to_string",
    "Reads a text in Punycode, without `xn--`; nothing when it is none.",
    TEXT,
    |args| each(args, |text, out| decode(text, out).is_some()),
    &[
        ex(
            "punycode_to_string('acadmie-franaise-npb1a')",
            "académie-française",
        ),
        ex("punycode_to_string('é')", ""),
    ],
);

/// `punycode_domain_to_string`
pub const DOMAIN_TO_STRING: FunctionSpec = function(
    "punycode_domain_to_string",
    "Writes each label of a domain name that is not ASCII in Punycode, with `xn--`.",
    TEXT,
    |args| {
        each(args, |text, out| {
            labels(text, out, |label, out| {
                if label.is_ascii() {
                    out.push_str(label);
                    return Some(());
                }
                out.push_str("xn--");
                encode(label, out)
            })
        })
    },
    &[
        ex(
            "punycode_domain_to_string('Lê Lợi。Thuận Thiên。com')",
            "xn--L Li-gpa4517b.xn--Thun Thin-s4a7194f.com",
        ),
        ex(
            "punycode_domain_to_string(\"Kaledvoulc'h.Artorījos.edu\")",
            "Kaledvoulc'h.xn--Artorjos-ejb.edu",
        ),
    ],
);

/// `punycode_domain_from_string`
pub const DOMAIN_FROM_STRING: FunctionSpec = function(
    "punycode_domain_from_string",
    "Reads each label of a domain name that begins with `xn--`; nothing when one cannot be read.",
    TEXT,
    |args| {
        each(args, |text, out| {
            labels(text, out, |label, out| {
                match label.get(..4).zip(label.get(4..)) {
                    Some((mark, rest)) if mark.eq_ignore_ascii_case("xn--") => decode(rest, out),
                    _ => {
                        out.push_str(label);
                        Some(())
                    }
                }
            })
        })
    },
    &[
        ex(
            "punycode_domain_from_string('xn--Ge-mia.Bulg.edu')",
            "Gáe.Bulg.edu",
        ),
        ex(
            "punycode_domain_from_string('xn--Ry-lja8c.xn--Jng-uta63a.xn--Bng-9ka.com')",
            "Rúyì.Jīngū.Bàng.com",
        ),
    ],
);

fn each(args: &Args<'_>, f: impl Fn(&str, &mut String) -> bool) -> Result<ArrayRef> {
    let source = args.str(0)?;
    str_result(args.rows, |row, out| {
        if !f(source.get(row), out) {
            out.clear();
        }
    })
}

/// Any of the four full stops divides labels; a plain one is written.
fn labels(text: &str, out: &mut String, one: impl Fn(&str, &mut String) -> Option<()>) -> bool {
    for (i, label) in text
        .split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'])
        .enumerate()
    {
        if i > 0 {
            out.push('.');
        }
        if one(label, out).is_none() {
            return false;
        }
    }
    true
}

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST: u32 = 128;
const BIAS: u32 = 72;

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = delta / if first { DAMP } else { 2 };
    delta += delta / points.max(1);
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

fn threshold(k: u32, bias: u32) -> u32 {
    k.saturating_sub(bias).clamp(T_MIN, T_MAX)
}

fn digit(n: u32) -> Option<char> {
    match n {
        0..26 => char::from_u32(97 + n),
        26..36 => char::from_u32(22 + n),
        _ => None,
    }
}

fn encode(text: &str, out: &mut String) -> Option<()> {
    let basic = u32::try_from(text.chars().filter(char::is_ascii).count()).ok()?;
    let all = u32::try_from(text.chars().count()).ok()?;
    out.extend(text.chars().filter(char::is_ascii));
    if basic > 0 {
        out.push('-');
    }
    let (mut n, mut delta, mut bias, mut done) = (FIRST, 0u32, BIAS, basic);
    while done < all {
        let next = text.chars().map(u32::from).filter(|c| *c >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(done + 1)?)?;
        n = next;
        for c in text.chars().map(u32::from) {
            if c < n {
                delta = delta.checked_add(1)?;
            } else if c == n {
                let mut q = delta;
                let mut k = BASE;
                loop {
                    let t = threshold(k, bias);
                    if q < t {
                        break;
                    }
                    out.push(digit(t + (q - t) % (BASE - t))?);
                    q = (q - t) / (BASE - t);
                    k += BASE;
                }
                out.push(digit(q)?);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n = n.checked_add(1)?;
    }
    Some(())
}

fn decode(text: &str, out: &mut String) -> Option<()> {
    if !text.is_ascii() {
        return None;
    }
    let (basic, rest) = text.rsplit_once('-').unwrap_or(("", text));
    let mut chars: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (FIRST, 0u32, BIAS);
    let mut digits = rest.chars();
    while !digits.as_str().is_empty() {
        let before = i;
        let mut weight = 1u32;
        let mut k = BASE;
        loop {
            let c = digits.next()?;
            let value = match c {
                'a'..='z' => u32::from(c) - 97,
                'A'..='Z' => u32::from(c) - 65,
                '0'..='9' => u32::from(c) - 22,
                _ => return None,
            };
            i = i.checked_add(value.checked_mul(weight)?)?;
            let t = threshold(k, bias);
            if value < t {
                break;
            }
            weight = weight.checked_mul(BASE - t)?;
            k += BASE;
        }
        let len = u32::try_from(chars.len()).ok()?.checked_add(1)?;
        bias = adapt(i - before, len, before == 0);
        n = n.checked_add(i / len)?;
        i %= len;
        chars.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    out.extend(chars);
    Some(())
}
