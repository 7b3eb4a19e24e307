//! `hash_md5(source)`, `hash_sha1`, `hash_sha256`: of the text that `tostring` gives.

use crate::prelude::*;

/// `hash_md5`
pub const MD5: FunctionSpec = FunctionSpec {
    name: "hash_md5",
    summary: "Returns the MD5 of the text of a value in hexadecimal digits; of the empty text it is the empty text.",
    signatures: &[sig(
        &[arg_of("source", Class::NotDynamic, "The value.")],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(hash_md5),
    examples: &[
        ex("hash_md5('World')", "f5a7924e621e84c9280a9a27e1bcb7f6"),
        ex(
            "hash_md5(datetime(2020-01-01))",
            "786c530672d1f8db31fee25ea8a9390b",
        ),
        ex("hash_md5(123)", "202cb962ac59075b964b07152d234b70"),
        ex("hash_md5('')", ""),
    ],
    differs: "",
};

/// `hash_sha1`
pub const SHA1: FunctionSpec = FunctionSpec {
    name: "hash_sha1",
    summary: "Returns the SHA-1 of the text of a value in hexadecimal digits; of the empty text it is the empty text.",
    signatures: &[sig(
        &[arg_of("source", Class::NotDynamic, "The value.")],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(hash_sha1),
    examples: &[
        ex(
            "hash_sha1('World')",
            "70c07ec18ef89c5309bbb0937f3a6342411e1fdd",
        ),
        ex(
            "hash_sha1(datetime(2020-01-01))",
            "e903e533f4d636b4fc0dcf3cf81e7b7f330de776",
        ),
    ],
    differs: "",
};

/// `hash_sha256`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "hash_sha256",
    summary: "Returns the SHA-256 of the text of a value in hexadecimal digits; of the empty text it is the empty text.",
    signatures: &[sig(
        &[arg_of("source", Class::NotDynamic, "The value.")],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(hash_sha256),
    examples: &[
        ex(
            "hash_sha256('World')",
            "78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524",
        ),
        ex(
            "hash_sha256(datetime(2020-01-01))",
            "ba666752dc1a20eb750b0eb64e780cc4c968bc9fb8813461c1d7e750f302d71d",
        ),
    ],
    differs: "",
};

use kql_types::dynamic::json::to_text;
use sha2::Digest;

fn hash_md5(args: &Args<'_>) -> Result<ArrayRef> {
    digest::<md5::Md5>(args)
}

fn hash_sha1(args: &Args<'_>) -> Result<ArrayRef> {
    digest::<sha1::Sha1>(args)
}

fn hash_sha256(args: &Args<'_>) -> Result<ArrayRef> {
    digest::<sha2::Sha256>(args)
}

fn digest<D: Digest>(args: &Args<'_>) -> Result<ArrayRef> {
    let values = args.any(0)?;
    let mut text = String::new();
    str_result(args.rows, |row, out| {
        text.clear();
        let bytes = match (&values, values.get(row)) {
            (_, DynRef::String(s)) => s,
            // A bool as `tostring` writes it, not as JSON does.
            (Any::Bool(_), DynRef::Bool(b)) => {
                if b {
                    "True"
                } else {
                    "False"
                }
            }
            (_, value) => {
                to_text(value, &mut text);
                &text
            }
        };
        if bytes.is_empty() {
            return;
        }
        for b in D::digest(bytes.as_bytes()) {
            for digit in [b >> 4, b & 15] {
                out.extend(char::from_digit(u32::from(digit), 16));
            }
        }
    })
}
