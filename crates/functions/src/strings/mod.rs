//! The family `strings`. Written by `tests/generated.rs`.

pub mod base64;
pub mod codepoints;
pub mod compression;
pub mod emptiness;
pub mod encodings;
pub mod format_bytes;
pub mod function;
pub mod has_any_index;
pub mod indexof;
pub mod letter_case;
pub mod positions;
pub mod punycode;
pub mod replace_string;
pub mod replace_strings;
pub mod reverse;
pub mod split;
pub mod strcat;
pub mod strcat_array;
pub mod strcmp;
pub mod string_size;
pub mod strlen;
pub mod strrep;
pub mod substring;
pub mod texts;
pub mod tohex;
pub mod translate;
pub mod url;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &base64::ENCODE_TOSTRING,
    &base64::ENCODESTRING,
    &base64::DECODE_TOSTRING,
    &base64::DECODESTRING,
    &base64::DECODE_TOARRAY,
    &base64::ENCODE_FROMARRAY,
    &base64::DECODE_TOGUID,
    &base64::ENCODE_FROMGUID,
    &codepoints::FROM_STRING,
    &codepoints::TO_UTF8,
    &codepoints::TO_STRING,
    &codepoints::MAKE_STRING,
    &compression::GZIP_COMPRESS,
    &compression::GZIP_DECOMPRESS,
    &compression::ZLIB_COMPRESS,
    &compression::ZLIB_DECOMPRESS,
    &emptiness::IS_EMPTY,
    &emptiness::IS_NOT_EMPTY,
    &emptiness::NOT_EMPTY,
    &encodings::IS_ASCII,
    &encodings::IS_UTF8,
    &format_bytes::SPEC,
    &has_any_index::SPEC,
    &indexof::SPEC,
    &letter_case::LOWER,
    &letter_case::UPPER,
    &punycode::FROM_STRING,
    &punycode::TO_STRING,
    &punycode::DOMAIN_TO_STRING,
    &punycode::DOMAIN_FROM_STRING,
    &replace_string::SPEC,
    &replace_strings::SPEC,
    &reverse::SPEC,
    &split::SPEC,
    &strcat::STRCAT,
    &strcat::STRCAT_DELIM,
    &strcat_array::STRCAT_ARRAY,
    &strcat_array::ARRAY_STRCAT,
    &strcmp::SPEC,
    &string_size::SPEC,
    &strlen::SPEC,
    &strrep::SPEC,
    &substring::SPEC,
    &tohex::SPEC,
    &translate::SPEC,
    &url::ENCODE,
    &url::ENCODE_COMPONENT,
    &url::DECODE,
];
