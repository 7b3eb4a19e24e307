//! `url_encode(url)`, `url_encode_component(url)`, `url_decode(encoded_url)`.

use super::function::{differing, function};
use crate::prelude::*;

const URL: &[Signature] = &[sig(&[arg("url", STRING, "The text.")], STRING)];
const DIFFERS: &str = "Which signs besides letters and digits stay as they are is not documented: `-`, `_`, `.`, `!`, `*`, `(` and `)` do.";

/// `url_encode`
pub const ENCODE: FunctionSpec = differing(
    DIFFERS,
    function(
        "url_encode",
        "Writes a text as part of a form: a blank is `+`, other signs are `%` and two digits.",
        URL,
        |args| encode(args, "+"),
        &[ex(
            "url_encode('https://www.bing.com/hello world')",
            "https%3a%2f%2fwww.bing.com%2fhello+world",
        )],
    ),
);

/// `url_encode_component`
pub const ENCODE_COMPONENT: FunctionSpec = differing(
    DIFFERS,
    function(
        "url_encode_component",
        "Writes a text as part of a URL: a blank is `%20`, other signs are `%` and two digits.",
        URL,
        |args| encode(args, "%20"),
        &[ex(
            "url_encode_component('https://www.bing.com/hello world/')",
            "https%3a%2f%2fwww.bing.com%2fhello%20world%2f",
        )],
    ),
);

/// `url_decode`
pub const DECODE: FunctionSpec = differing(
    "What is no escape stays as it is, and bytes that are no UTF-8 become `\u{fffd}`; neither is documented.",
    function(
        "url_decode",
        "Reads an encoded URL: `%` and two digits are a byte, `+` is a blank.",
        &[sig(
            &[arg("encoded_url", STRING, "The encoded URL.")],
            STRING,
        )],
        decode,
        &[
            ex(
                "url_decode('https%3a%2f%2fwww.bing.com%2f')",
                "https://www.bing.com/",
            ),
            ex("url_decode('caf%C3%A9+100%')", "café 100%"),
        ],
    ),
);

fn encode(args: &Args<'_>, blank: &str) -> Result<ArrayRef> {
    let source = args.str(0)?;
    str_result(args.rows, |row, out| {
        let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
        for b in source.get(row).bytes() {
            match b {
                b' ' => out.push_str(blank),
                b if b.is_ascii_alphanumeric() || b"-_.!*()".contains(&b) => {
                    out.push(char::from(b));
                }
                b => {
                    out.push('%');
                    out.push(digit(b >> 4));
                    out.push(digit(b & 15));
                }
            }
        }
    })
}

fn decode(args: &Args<'_>) -> Result<ArrayRef> {
    let source = args.str(0)?;
    let mut bytes = Vec::new();
    str_result(args.rows, |row, out| {
        let text = source.get(row);
        if !text.contains(['%', '+']) {
            out.push_str(text);
            return;
        }
        bytes.clear();
        let mut rest = text.as_bytes();
        while let Some((&b, tail)) = rest.split_first() {
            rest = tail;
            let value = |b: &u8| {
                char::from(*b)
                    .to_digit(16)
                    .and_then(|n| u8::try_from(n).ok())
            };
            match (b, tail) {
                (b'+', _) => bytes.push(b' '),
                (b'%', [high, low, after @ ..]) => match (value(high), value(low)) {
                    (Some(h), Some(l)) => {
                        bytes.push(h << 4 | l);
                        rest = after;
                    }
                    _ => bytes.push(b'%'),
                },
                _ => bytes.push(b),
            }
        }
        out.push_str(&String::from_utf8_lossy(&bytes));
    })
}
