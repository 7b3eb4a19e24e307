//! The bytes of a data file: plain, gzip, zstd, or an entry of a zip. Nothing is unpacked to the disk.

use super::utf16::Utf16;
use crate::entry::DataFile;
use crate::error::SourceError;
use kql_diag::codes;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

const BUFFER: usize = 1 << 18;
/// Packed files below this size may unpack to this size, however much they grow.
const SMALL: u64 = 1 << 30;

/// How bytes are packed, from their first four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
    Zip,
}

impl Packing {
    fn of(magic: &[u8]) -> Packing {
        match magic {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] => Packing::Zstd,
            [b'P', b'K', 3 | 5, 4 | 6] => Packing::Zip,
            _ => Packing::Plain,
        }
    }
}

/// A reader of a data file's bytes, unpacked. `most_growth`: how many times its packed size a file may grow.
pub(crate) fn open(file: &DataFile, most_growth: u64) -> Result<Box<dyn Read + Send>, SourceError> {
    let bytes = unpacked(file, most_growth)?;
    match &file.convert {
        None => Ok(bytes),
        Some(c) => c
            .reader(bytes)
            .map_err(|e| SourceError::io(&file.shown(), &e)),
    }
}

fn unpacked(file: &DataFile, most_growth: u64) -> Result<Box<dyn Read + Send>, SourceError> {
    let reader: Box<dyn Read + Send> = match &file.entry {
        Some((index, _)) => entry(file, *index)?,
        None => Box::new(File::open(&file.path).map_err(|e| SourceError::io(&file.path, &e))?),
    };
    let packed_size = std::fs::metadata(&file.path).map_or(0, |m| m.len());
    let most = SMALL.max(packed_size.saturating_mul(most_growth));
    let (packing, reader) = peek(reader).map_err(|e| SourceError::io(&file.shown(), &e))?;
    let reader: Box<dyn Read + Send> = match packing {
        Packing::Plain if file.entry.is_none() => {
            return utf8(reader).map_err(|e| SourceError::io(&file.shown(), &e));
        }
        Packing::Plain => Box::new(reader),
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(
            BufReader::with_capacity(BUFFER, reader),
        )),
        Packing::Zstd => {
            Box::new(zstd::Decoder::new(reader).map_err(|e| SourceError::io(&file.shown(), &e))?)
        }
        Packing::Zip => {
            return Err(SourceError::bad_file(
                &file.shown(),
                "a zip inside a zip is not read",
            ));
        }
    };
    utf8(Limited { reader, left: most }).map_err(|e| SourceError::io(&file.shown(), &e))
}

/// The bytes as they are, but UTF-16 with its mark as UTF-8. No binary format that is read begins with such a mark.
fn utf8(mut reader: impl Read + Send + 'static) -> std::io::Result<Box<dyn Read + Send>> {
    let mut head = Vec::with_capacity(2);
    reader.by_ref().take(2).read_to_end(&mut head)?;
    Ok(match head.as_slice() {
        [0xFF, 0xFE] => Box::new(Utf16::new(reader, false)),
        [0xFE, 0xFF] => Box::new(Utf16::new(reader, true)),
        _ => Box::new(std::io::Cursor::new(head).chain(reader)),
    })
}

type Peeked = std::io::Chain<std::io::Cursor<Vec<u8>>, Box<dyn Read + Send>>;

fn peek(mut reader: Box<dyn Read + Send>) -> std::io::Result<(Packing, Peeked)> {
    let mut head = Vec::with_capacity(4);
    reader.by_ref().take(4).read_to_end(&mut head)?;
    let packing = Packing::of(&head);
    Ok((packing, std::io::Cursor::new(head).chain(reader)))
}

/// Whether a file is a zip.
pub(crate) fn is_zip(path: &Path) -> bool {
    let mut head = [0; 4];
    File::open(path)
        .and_then(|mut f| f.read_exact(&mut head))
        .is_ok()
        && Packing::of(&head) == Packing::Zip
}

/// The first bytes of a data file, unpacked.
pub(crate) fn head(file: &DataFile, most: u64) -> Result<Vec<u8>, SourceError> {
    let mut out = Vec::new();
    open(file, u64::MAX)?
        .take(most)
        .read_to_end(&mut out)
        .map_err(|e| SourceError::io(&file.shown(), &e))?;
    Ok(out)
}

/// Stops a file that grows without end.
struct Limited {
    reader: Box<dyn Read + Send>,
    left: u64,
}

impl Read for Limited {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.reader.read(buf)?;
        let read = u64::try_from(n).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(read).ok_or_else(|| {
            std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "it unpacks to more than its size allows",
            )
        })?;
        Ok(n)
    }
}

/// The names of a zip's entries that are files, with their places.
pub(crate) fn entries(path: &Path) -> Result<Vec<(usize, String)>, SourceError> {
    let archive = archive(path)?;
    let mut out = Vec::new();
    for i in 0..archive.len() {
        // A name that is no text is no data file's name.
        if let Some(Ok(name)) = archive.name_for_index(i)
            && !name.ends_with('/')
        {
            out.push((i, name.into_owned()));
        }
    }
    out.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(out)
}

fn archive(path: &Path) -> Result<zip::ZipArchive<BufReader<File>>, SourceError> {
    let plain = File::open(path).map_err(|e| SourceError::io(path, &e))?;
    zip::ZipArchive::new(BufReader::new(plain))
        .map_err(|e| SourceError::bad_file(path, format!("this is no whole zip: {e}")))
}

/// A reader of one entry that owns its file.
fn entry(file: &DataFile, index: usize) -> Result<Box<dyn Read + Send>, SourceError> {
    let broken = |e: &dyn std::fmt::Display| {
        SourceError::bad_file(
            &file.shown(),
            format!("the entry of the zip is broken: {e}"),
        )
    };
    let mut archive = archive(&file.path)?;
    let (start, packed, size, crc, method) = {
        let entry = archive.by_index(index).map_err(|e| match e {
            zip::result::ZipError::UnsupportedArchive(what) => SourceError::new(
                codes::NOT_SUPPORTED,
                format!("the entry of the zip cannot be read: {what}"),
            )
            .at(&file.shown()),
            e => broken(&e),
        })?;
        let start = entry
            .data_start()
            .ok_or_else(|| broken(&"it has no data"))?;
        (
            start,
            entry.compressed_size(),
            entry.size(),
            entry.crc32(),
            entry.compression(),
        )
    };
    let mut plain = File::open(&file.path).map_err(|e| SourceError::io(&file.path, &e))?;
    plain
        .seek(SeekFrom::Start(start))
        .map_err(|e| SourceError::io(&file.path, &e))?;
    let raw = BufReader::with_capacity(BUFFER, plain.take(packed));
    let reader: Box<dyn Read + Send> = match method {
        zip::CompressionMethod::Stored => Box::new(raw),
        zip::CompressionMethod::Deflated => Box::new(flate2::bufread::DeflateDecoder::new(raw)),
        other => {
            return Err(SourceError::new(
                codes::NOT_SUPPORTED,
                format!("the entry of the zip is packed with {other}, which is not supported"),
            )
            .at(&file.shown()));
        }
    };
    Ok(Box::new(Checked {
        reader,
        crc: flate2::Crc::new(),
        read: 0,
        size,
        want: crc,
    }))
}

/// An entry whose size and checksum are those that the archive says.
struct Checked {
    reader: Box<dyn Read + Send>,
    crc: flate2::Crc,
    read: u64,
    size: u64,
    want: u32,
}

impl Read for Checked {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.reader.read(buf)?;
        self.crc.update(buf.get(..n).unwrap_or_default());
        self.read += u64::try_from(n).unwrap_or(0);
        let fault = |what| Err(std::io::Error::new(std::io::ErrorKind::InvalidData, what));
        if self.read > self.size {
            return fault("the entry is longer than the zip says");
        }
        if n == 0 && !buf.is_empty() {
            if self.read < self.size {
                return fault("the entry is cut off");
            }
            if self.crc.sum() != self.want {
                return fault("the entry's checksum is wrong");
            }
        }
        Ok(n)
    }
}
