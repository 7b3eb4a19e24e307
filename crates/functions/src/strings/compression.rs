//! Texts compressed and written as Base64. What cannot be decoded is "".

use super::function::{differing, function};
use crate::prelude::*;
use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::{DeflateDecoder, ZlibDecoder};
use flate2::write::DeflateEncoder;
use flate2::{Crc, CrcReader};
use std::io::{Read, Write};

const TEXT: &[Signature] = &[sig(&[arg("string", STRING, "The text.")], STRING)];
const BYTES_DIFFER: &str =
    "A cluster's compressor may choose other bytes for the same text; both are read alike.";
/// More than this is no text that a cell may hold.
const MOST: u64 = 256 << 20;

/// `gzip_compress_to_base64_string`
pub const GZIP_COMPRESS: FunctionSpec = differing(
    BYTES_DIFFER,
    function(
        "gzip_compress_to_base64_string",
        "Compresses a text with gzip and returns the Base64 text of the result.",
        TEXT,
        |args| each(args, |text, out| encode(gzip(text), out)),
        &[ex(
            "gzip_compress_to_base64_string('1234567890qwertyuiop')",
            "H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==",
        )],
    ),
);

/// `gzip_decompress_from_base64_string`
pub const GZIP_DECOMPRESS: FunctionSpec = function(
    "gzip_decompress_from_base64_string",
    "Returns the text of a Base64 text that was compressed with gzip.",
    TEXT,
    |args| each(args, |text, out| decode(text, ungzip, out)),
    &[
        ex(
            "gzip_decompress_from_base64_string('H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==')",
            "1234567890qwertyuiop",
        ),
        ex("gzip_decompress_from_base64_string('x0x0x0')", ""),
    ],
);

/// `zlib_compress_to_base64_string`
pub const ZLIB_COMPRESS: FunctionSpec = differing(
    BYTES_DIFFER,
    function(
        "zlib_compress_to_base64_string",
        "Compresses a text with zlib and returns the Base64 text of the result.",
        TEXT,
        |args| each(args, |text, out| encode(zlib(text), out)),
        &[ex(
            "zlib_compress_to_base64_string('1234567890qwertyuiop')",
            "eAEBFADr/zEyMzQ1Njc4OTBxd2VydHl1aW9wOAkGdw==",
        )],
    ),
);

/// `zlib_decompress_from_base64_string`
pub const ZLIB_DECOMPRESS: FunctionSpec = function(
    "zlib_decompress_from_base64_string",
    "Returns the text of a Base64 text that was compressed with zlib.",
    TEXT,
    |args| each(args, |text, out| decode(text, unzlib, out)),
    &[
        ex(
            "zlib_decompress_from_base64_string('eJwLSS0uUSguKcrMS1cwNDIGACxqBQ4=')",
            "Test string 123",
        ),
        ex("zlib_decompress_from_base64_string('x0x0x0')", ""),
    ],
);

fn each(args: &Args<'_>, f: impl Fn(&str, &mut String)) -> Result<ArrayRef> {
    let source = args.str(0)?;
    str_result(args.rows, |row, out| f(source.get(row), out))
}

fn encode(bytes: Option<Vec<u8>>, out: &mut String) {
    if let Some(bytes) = bytes {
        STANDARD.encode_string(bytes, out);
    }
}

fn decode(text: &str, undo: impl Fn(&[u8]) -> Option<Vec<u8>>, out: &mut String) {
    if let Ok(bytes) = STANDARD.decode(text)
        && let Some(plain) = undo(&bytes)
        && let Ok(text) = std::str::from_utf8(&plain)
    {
        out.push_str(text);
    }
}

/// Compressed, or stored where that is not longer than the text.
fn deflate(text: &str) -> Option<Vec<u8>> {
    let write = |level| {
        let mut e = DeflateEncoder::new(Vec::new(), level);
        e.write_all(text.as_bytes()).ok()?;
        e.finish().ok()
    };
    let packed = write(Compression::fast())?;
    if packed.len() < text.len() || text.len() > usize::from(u16::MAX) {
        return Some(packed);
    }
    // One stored block.
    let len = u16::try_from(text.len()).ok()?;
    let mut out = vec![1];
    out.extend(len.to_le_bytes());
    out.extend((!len).to_le_bytes());
    out.extend(text.as_bytes());
    Some(out)
}

fn gzip(text: &str) -> Option<Vec<u8>> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    out.extend(deflate(text)?);
    let mut crc = Crc::new();
    crc.update(text.as_bytes());
    out.extend(crc.sum().to_le_bytes());
    out.extend(u32::try_from(text.len()).ok()?.to_le_bytes());
    Some(out)
}

/// Only the plain header is read, as the reference has it.
fn ungzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let [0x1f, 0x8b, 8, 0, _, _, _, _, _, _, rest @ ..] = bytes else {
        return None;
    };
    let at = rest.len().checked_sub(8)?;
    let (body, tail) = (rest.get(..at)?, rest.get(at..)?);
    let mut reader = CrcReader::new(DeflateDecoder::new(body).take(MOST));
    let mut out = Vec::new();
    reader.read_to_end(&mut out).ok()?;
    let mut want = reader.crc().sum().to_le_bytes().to_vec();
    want.extend(reader.crc().amount().to_le_bytes());
    (want == tail).then_some(out)
}

fn adler(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    (b << 16) | a
}

fn zlib(text: &str) -> Option<Vec<u8>> {
    let mut out = vec![0x78, 1];
    out.extend(deflate(text)?);
    out.extend(adler(text.as_bytes()).to_be_bytes());
    Some(out)
}

fn unzlib(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    ZlibDecoder::new(bytes)
        .take(MOST)
        .read_to_end(&mut out)
        .ok()?;
    Some(out)
}
