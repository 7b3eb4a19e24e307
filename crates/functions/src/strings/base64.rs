//! Base64 of texts, bytes and guids. What cannot be decoded is "" or null.

use super::function::{differing, function};
use crate::prelude::*;
use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;

const ENCODE: &[Signature] = &[sig(&[arg("string", STRING, "The text.")], STRING)];
const DECODE: &[Signature] = &[sig(
    &[arg("base64_string", STRING, "The Base64 text.")],
    STRING,
)];

/// `base64_encode_tostring`
pub const ENCODE_TOSTRING: FunctionSpec = function(
    "base64_encode_tostring",
    "Returns the Base64 text of the UTF-8 bytes of a text.",
    ENCODE,
    encode_string,
    &[ex("base64_encode_tostring('Kusto')", "S3VzdG8=")],
);

/// `base64_encodestring`
pub const ENCODESTRING: FunctionSpec = function(
    "base64_encodestring",
    "The same as `base64_encode_tostring`.",
    ENCODE,
    encode_string,
    &[ex("base64_encodestring('Kusto')", "S3VzdG8=")],
);

/// `base64_decode_tostring`
pub const DECODE_TOSTRING: FunctionSpec = function(
    "base64_decode_tostring",
    "Returns the text of a Base64 text; nothing when it is not Base64 or not UTF-8.",
    DECODE,
    decode_string,
    &[
        ex("base64_decode_tostring('S3VzdG8=')", "Kusto"),
        ex("base64_decode_tostring('S3VzdG8')", ""),
        ex("base64_decode_tostring('U3RyaW5n0KHR0tGA0L7Rh9C60LA=')", ""),
    ],
);

/// `base64_decodestring`
pub const DECODESTRING: FunctionSpec = function(
    "base64_decodestring",
    "The same as `base64_decode_tostring`.",
    DECODE,
    decode_string,
    &[ex("base64_decodestring('S3VzdG8=')", "Kusto")],
);

/// `base64_decode_toarray`
pub const DECODE_TOARRAY: FunctionSpec = function(
    "base64_decode_toarray",
    "Returns the bytes of a Base64 text as an array of numbers; null when it is not Base64.",
    &[sig(
        &[arg("base64_string", STRING, "The Base64 text.")],
        DYNAMIC,
    )],
    decode_array,
    &[
        ex("base64_decode_toarray('S3VzdG8=')", "[75,117,115,116,111]"),
        ex("base64_decode_toarray('?')", "null"),
    ],
);

/// `base64_encode_fromarray`
pub const ENCODE_FROMARRAY: FunctionSpec = function(
    "base64_encode_fromarray",
    "Returns the Base64 text of an array of bytes; nothing when an element is no byte.",
    &[sig(
        &[arg_of(
            "base64_string_decoded_as_array",
            Class::DynamicArray,
            "The bytes.",
        )],
        STRING,
    )],
    encode_array,
    &[
        ex(
            "base64_encode_fromarray(dynamic([75, 117, 115, 116, 111]))",
            "S3VzdG8=",
        ),
        ex("base64_encode_fromarray(dynamic([256]))", ""),
    ],
);

/// `base64_decode_toguid`
pub const DECODE_TOGUID: FunctionSpec = differing(
    "The reference's two examples disagree on the third group: as printed, encoding turns it round and decoding does not. Both are followed.",
    DECODE_GUID,
);

const DECODE_GUID: FunctionSpec = function(
    "base64_decode_toguid",
    "Returns the guid of a Base64 text of sixteen bytes; null when it is none.",
    &[sig(
        &[arg("base64_string", STRING, "The Base64 text.")],
        GUID,
    )],
    decode_guid,
    &[
        ex(
            "base64_decode_toguid('JpbpECu8dUy7Pv5gbeJXAA==')",
            "10e99626-bc2b-754c-bb3e-fe606de25700",
        ),
        ex("base64_decode_toguid('abcd1231')", "null"),
    ],
);

/// `base64_encode_fromguid`
pub const ENCODE_FROMGUID: FunctionSpec = function(
    "base64_encode_fromguid",
    "Returns the Base64 text of a guid.",
    &[sig(&[arg("guid", GUID, "The guid.")], STRING)],
    encode_guid,
    &[ex(
        "base64_encode_fromguid(toguid('ae3133f2-6e22-49ae-b06a-16e6a9b212eb'))",
        "8jMxriJurkmwahbmqbIS6w==",
    )],
);

fn encode_string(args: &Args<'_>) -> Result<ArrayRef> {
    let source = args.str(0)?;
    str_result(args.rows, |row, out| {
        STANDARD.encode_string(source.get(row), out);
    })
}

fn decode_string(args: &Args<'_>) -> Result<ArrayRef> {
    let source = args.str(0)?;
    let mut bytes = Vec::new();
    str_result(args.rows, |row, out| {
        bytes.clear();
        if STANDARD.decode_vec(source.get(row), &mut bytes).is_ok()
            && let Ok(text) = std::str::from_utf8(&bytes)
        {
            out.push_str(text);
        }
    })
}

fn decode_array(args: &Args<'_>) -> Result<ArrayRef> {
    let source = args.str(0)?;
    let mut bytes = Vec::new();
    dyn_result(args.rows, |row, w| {
        bytes.clear();
        if STANDARD.decode_vec(source.get(row), &mut bytes).is_ok() {
            w.begin_array();
            for b in &bytes {
                w.long(i64::from(*b));
            }
            w.end();
        }
    })
}

fn encode_array(args: &Args<'_>) -> Result<ArrayRef> {
    let source = args.dynamic(0)?;
    let mut bytes = Vec::new();
    str_result(args.rows, |row, out| {
        let DynRef::Array(a) = source.get(row) else {
            return;
        };
        bytes.clear();
        for v in a.iter() {
            let DynRef::Long(n) = v else {
                return;
            };
            let Ok(b) = u8::try_from(n) else {
                return;
            };
            bytes.push(b);
        }
        STANDARD.encode_string(&bytes, out);
    })
}

/// The bytes of a guid whose first two groups are little-endian.
fn first_two(mut g: [u8; 16]) -> [u8; 16] {
    g.swap(0, 3);
    g.swap(1, 2);
    g.swap(4, 5);
    g
}

/// The bytes of a guid whose first three groups are little-endian, as .NET has them.
fn first_three(g: [u8; 16]) -> [u8; 16] {
    let mut g = first_two(g);
    g.swap(6, 7);
    g
}

fn decode_guid(args: &Args<'_>) -> Result<ArrayRef> {
    let source = args.str(0)?;
    let mut bytes = Vec::new();
    guid_result(args.rows, |row| {
        bytes.clear();
        STANDARD.decode_vec(source.get(row), &mut bytes).ok()?;
        bytes.as_slice().try_into().ok().map(first_two)
    })
}

fn encode_guid(args: &Args<'_>) -> Result<ArrayRef> {
    let source = args.guid(0)?;
    str_result(args.rows, |row, out| {
        if let Some(g) = source.get(row) {
            STANDARD.encode_string(first_three(g), out);
        }
    })
}
