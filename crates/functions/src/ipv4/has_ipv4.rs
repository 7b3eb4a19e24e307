//! `has_ipv4(source, ip)`, `has_any_ipv4`, `has_ipv4_prefix`, `has_any_ipv4_prefix`.

use crate::prelude::*;

/// `has_ipv4`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "has_ipv4",
    summary: "Whether a text has an address in it, with no letter or digit next to it.",
    signatures: &[sig(
        &[
            arg_of("source", Class::StringOrDynamic, "The text."),
            arg("ip", STRING, "What to look for."),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(has_ipv4),
    examples: &[
        ex(
            "has_ipv4('05:04:54 127.0.0.1 GET /favicon.ico 404', '127.0.0.1')",
            "True",
        ),
        ex(
            "has_ipv4('05:04:54 127.0.0.256 GET', '127.0.0.256')",
            "False",
        ),
        ex(
            "has_ipv4('05:04:54127.0.0.1 GET /favicon.ico 404', '127.0.0.1')",
            "False",
        ),
    ],
    differs: "",
};

/// `has_any_ipv4`
pub const ANY: FunctionSpec = FunctionSpec {
    name: "has_any_ipv4",
    summary: "Whether a text has one of several addresses in it, with no letter or digit next to it.",
    signatures: &[
        sig(
            &[
                arg_of("source", Class::StringOrDynamic, "The text."),
                arg("ips", STRING, "What to look for.").repeated(1, 32767),
            ],
            BOOL,
        ),
        sig(
            &[
                arg_of("source", Class::StringOrDynamic, "The text."),
                arg_of("ips", Class::DynamicArray, "What to look for."),
            ],
            BOOL,
        ),
    ],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(has_any_ipv4),
    examples: &[
        ex(
            "has_any_ipv4('05:04:54 127.0.0.1 GET /favicon.ico 404', '127.0.0.1', '127.0.0.2')",
            "True",
        ),
        ex(
            "has_any_ipv4('05:04:54 127.0.0.1 GET /favicon.ico 404', dynamic(['127.0.0.1', '127.0.0.2']))",
            "True",
        ),
        ex(
            "has_any_ipv4('05:04:54127.0.0.1 GET /favicon.ico 404', '127.0.0.1', '192.168.1.1')",
            "False",
        ),
    ],
    differs: "",
};

/// `has_ipv4_prefix`
pub const PREFIX: FunctionSpec = FunctionSpec {
    name: "has_ipv4_prefix",
    summary: "Whether a text has an address in it that begins with a prefix: a whole address, or octets with a dot after each.",
    signatures: &[sig(
        &[
            arg_of("source", Class::StringOrDynamic, "The text."),
            arg("ip_prefix", STRING, "What to look for."),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(has_ipv4_prefix),
    examples: &[
        ex(
            "has_ipv4_prefix('05:04:54 127.0.0.1 GET /favicon.ico 404', '127.0.')",
            "True",
        ),
        ex(
            "has_ipv4_prefix('05:04:54 127.0.0.1 GET /favicon.ico 404', '127.0')",
            "False",
        ),
        ex(
            "has_ipv4_prefix('05:04:54 127.0.0.256 GET', '127.0.')",
            "False",
        ),
        ex(
            "has_ipv4_prefix('05:04:54127.0.0.1 GET /favicon.ico 404', '127.0.')",
            "False",
        ),
    ],
    differs: "",
};

/// `has_any_ipv4_prefix`
pub const ANY_PREFIX: FunctionSpec = FunctionSpec {
    name: "has_any_ipv4_prefix",
    summary: "Whether a text has an address in it that begins with one of several prefixes.",
    signatures: &[
        sig(
            &[
                arg_of("source", Class::StringOrDynamic, "The text."),
                arg("ip_prefixes", STRING, "What to look for.").repeated(1, 32767),
            ],
            BOOL,
        ),
        sig(
            &[
                arg_of("source", Class::StringOrDynamic, "The text."),
                arg_of("ip_prefixes", Class::DynamicArray, "What to look for."),
            ],
            BOOL,
        ),
    ],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(has_any_ipv4_prefix),
    examples: &[
        ex(
            "has_any_ipv4_prefix('05:04:54 127.0.0.1 GET /favicon.ico 404', '127.0.', '192.168.')",
            "True",
        ),
        ex(
            "has_any_ipv4_prefix('05:04:54 127.0.0.1 GET /favicon.ico 404', dynamic(['127.0.', '192.168.']))",
            "True",
        ),
        ex(
            "has_any_ipv4_prefix('05:04:54127.0.0.1 GET /favicon.ico 404', '127.0.', '192.')",
            "False",
        ),
    ],
    differs: "",
};

use super::address::{dotted, mask4, octet};
use crate::text_arguments::{constant_from, each_text, text_of};

fn has_ipv4(args: &Args<'_>) -> Result<ArrayRef> {
    search(args, whole)
}

fn has_any_ipv4(args: &Args<'_>) -> Result<ArrayRef> {
    search(args, whole)
}

fn has_ipv4_prefix(args: &Args<'_>) -> Result<ArrayRef> {
    search(args, beginning)
}

fn has_any_ipv4_prefix(args: &Args<'_>) -> Result<ArrayRef> {
    search(args, beginning)
}

/// Bits and which of them count.
type Wanted = (u32, u32);

fn whole(text: &str) -> Option<Wanted> {
    let (address, used) = dotted(text.as_bytes())?;
    (used == text.len()).then_some((address, u32::MAX))
}

fn beginning(text: &str) -> Option<Wanted> {
    if let Some(all) = whole(text) {
        return Some(all);
    }
    let mut rest = text.as_bytes();
    let mut address = 0;
    let mut bits = 0;
    while !rest.is_empty() {
        let (octet, used) = octet(rest)?;
        rest = rest.get(used..)?.strip_prefix(b".")?;
        bits += 8;
        if bits > 24 {
            return None;
        }
        address |= octet << (32 - bits);
    }
    (bits > 0).then_some((address, mask4(bits)))
}

fn search(args: &Args<'_>, read: fn(&str) -> Option<Wanted>) -> Result<ArrayRef> {
    let source = args.any(0)?;
    let lists = (1..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    let constant = constant_from(args, 1);
    let mut wanted = Vec::new();
    let mut scratch = String::new();
    bool_result(args.rows, |row| {
        if !constant || row == 0 {
            wanted.clear();
            each_text(&lists, row, |text| wanted.extend(read(text)));
        }
        let text = text_of(&source, row, &mut scratch);
        Some(!wanted.is_empty() && addresses(text).any(|a| wanted.iter().any(|(w, m)| a & m == *w)))
    })
}

/// The addresses in a text that have no letter or digit next to them.
fn addresses(text: &str) -> impl Iterator<Item = u32> + '_ {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes).filter_map(move |dot| {
        // Each address is found at its first dot: up to three digits stand before that.
        let digits = bytes
            .get(dot.saturating_sub(3)..dot)?
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_digit())
            .count();
        let start = dot.checked_sub(digits).filter(|_| digits > 0)?;
        let (address, used) = dotted(bytes.get(start..)?)?;
        let apart = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        let before = text.get(..start)?.chars().next_back();
        let after = text.get(start + used..)?.chars().next();
        (apart(before) && apart(after)).then_some(address)
    })
}
