//! `externaldata`: where a location is found here, and its rows.

use crate::binary;
use crate::entry::DataFile;
use crate::error::SourceError;
use crate::format::{Format, format_of};
use crate::known::Known;
use crate::mapping;
use crate::table::Table;
use crate::tables::{Skipped, SourceOptions};
use crate::text::{self, Dialect, External, Header, Layout, Origin, TextColumn, TextTable};
use kql_diag::codes;
use kql_types::{ColumnSchema, Type, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the file of a URL may lie in a folder laid out as `host/path`, first the place where `kql fetch` puts it: the
/// path as it is written, the same with `%20` and the like read, and for a path that ends in `/` its `index`. What stands
/// behind `?` may be a token and names no file. None where the path is not safe or names no file of a host.
#[must_use]
pub fn mirror_places(url: &str) -> Vec<PathBuf> {
    let bare = url.split([';', '?', '#']).next().unwrap_or(url);
    let Some((_, written)) = bare.split_once("://") else {
        return Vec::new();
    };
    let read = percent_encoding::percent_decode_str(written).decode_utf8();
    let read = read.ok().filter(|r| r != written);
    let mut places = Vec::new();
    for rest in std::iter::once(written).chain(read.as_deref()) {
        let safe = !rest
            .split('/')
            .any(|p| p == ".." || p == "." || p.contains(['\\', '\0']));
        if !safe || !rest.contains('/') {
            continue;
        }
        match rest.strip_suffix('/') {
            None => places.push(PathBuf::from(rest)),
            Some(folder) => places.extend([PathBuf::from(rest).join("index"), folder.into()]),
        }
    }
    places
}

/// Where locations of `externaldata` are found.
#[derive(Debug, Clone, Default)]
pub struct ExternalMap {
    /// `URL=PATH`.
    pub urls: Vec<(String, PathBuf)>,
    /// Folders laid out as `host/path`.
    pub mirrors: Vec<PathBuf>,
    /// Folders below which a query may name files by their path.
    pub roots: Vec<PathBuf>,
}

impl ExternalMap {
    /// Adds the text of an `--external` option.
    pub fn add(&mut self, text: &str) {
        match text.split_once('=').filter(|_| text.contains("://")) {
            Some(_) => {
                // A URL may hold `=` itself: the path is what stands behind the last one that leaves a file or folder.
                let split = text
                    .rmatch_indices('=')
                    .map(|(i, _)| (&text[..i], &text[i + 1..]))
                    .find(|(_, path)| Path::new(path).exists())
                    .or_else(|| text.rsplit_once('='));
                if let Some((url, path)) = split {
                    self.urls.push((url.to_owned(), PathBuf::from(path)));
                }
            }
            None => self.mirrors.push(PathBuf::from(text)),
        }
    }

    fn find(&self, location: &str) -> Result<PathBuf, SourceError> {
        // What stands behind `;` is a key, and behind `?` a token: neither names the file.
        let bare = location.split(';').next().unwrap_or(location);
        if let Some((_, path)) = self.urls.iter().find(|(u, _)| u == location || u == bare) {
            return Ok(path.clone());
        }
        if bare.contains("://") {
            let places = mirror_places(bare);
            let mut found = self
                .mirrors
                .iter()
                .flat_map(|mirror| places.iter().map(|place| mirror.join(place)));
            if let Some(path) = found.find(|path| path.is_file()) {
                return Ok(path);
            }
            return Err(SourceError::new(
                codes::EXTERNAL,
                format!("location `{bare}` is not mapped to a file"),
            )
            .with_help(format!("--external '{bare}=PATH' says where the file is")));
        }
        let path = std::fs::canonicalize(bare).map_err(|e| {
            SourceError::new(
                codes::INPUT,
                format!("location `{bare}` cannot be read: {e}"),
            )
        })?;
        let allowed = self
            .roots
            .iter()
            .filter_map(|r| std::fs::canonicalize(r).ok())
            .any(|r| path.starts_with(r));
        if allowed {
            Ok(path)
        } else {
            Err(SourceError::new(
                codes::EXTERNAL,
                format!("location `{bare}` lies outside of the folders that were named"),
            )
            .with_help("--data or --external names its folder"))
        }
    }

    /// The rows of an `externaldata`.
    ///
    /// # Errors
    /// A location is not mapped, a property is not known, a file cannot be read.
    pub fn open(
        &self,
        columns: &[(String, Type)],
        locations: &[String],
        properties: &[(String, Value)],
        options: &SourceOptions,
        skipped: &Skipped,
    ) -> Result<Table, SourceError> {
        let mut format = None;
        let mut skip_first = false;
        let mut pattern = None;
        let mut mapping = None;
        for (name, value) in properties {
            match name.to_ascii_lowercase().as_str() {
                "format" => format = value.as_str().map(str::to_ascii_lowercase),
                "ignorefirstrecord" => {
                    skip_first = matches!(value, Value::Bool(true))
                        || value
                            .as_str()
                            .is_some_and(|s| s.eq_ignore_ascii_case("true"));
                }
                "zippattern" => pattern = value.as_str().map(str::to_owned),
                "ingestionmapping" => mapping = value.as_str().map(str::to_owned),
                other => {
                    return Err(unsupported(&format!("property `{other}` of externaldata")));
                }
            }
        }
        let mut files = Vec::new();
        for location in locations {
            files.extend(entries(&self.find(location)?, pattern.as_deref())?);
        }
        let format = format.unwrap_or_else(|| guess(files.first()).to_owned());
        let known: Vec<ColumnSchema> = columns
            .iter()
            .map(|(n, t)| ColumnSchema {
                name: n.clone(),
                ty: *t,
            })
            .collect();
        let separated = |separator| {
            Layout::Separated(Dialect {
                separator,
                header: Header::None,
            })
        };
        let layout = match format.as_str() {
            "csv" => separated(b','),
            "tsv" => separated(b'\t'),
            "psv" => separated(b'|'),
            "scsv" => separated(b';'),
            "sohsv" => separated(1),
            "json" | "jsonl" | "ndjson" | "singlejson" | "multijson" => Layout::Json,
            "txt" => Layout::Lines,
            "raw" => Layout::Whole,
            "parquet" if mapping.is_some() => {
                return Err(unsupported("ingestionMapping of Parquet files"));
            }
            "parquet" => {
                let known = Known::declared(known);
                return binary::open(NAME, Format::Parquet, &files, &known, options, skipped);
            }
            other => {
                return Err(
                    unsupported(&format!("format `{other}` of externaldata")).with_help(
                        "csv, tsv, psv, scsv, sohsv, json, multijson, txt, raw and parquet are",
                    ),
                );
            }
        };
        let mut how = External {
            skip_first,
            ..External::default()
        };
        if let Some(text) = mapping {
            mapping::read(&text, layout, columns, &mut how)?;
        }
        let columns = known
            .into_iter()
            .map(|c| TextColumn {
                name: c.name,
                ty: c.ty,
                origin: Origin::Declared,
                folder: false,
                alias: None,
            })
            .collect();
        let (options, skipped) = (options.clone(), skipped.clone());
        let text = TextTable::new(NAME, files, layout, columns, options, skipped, Some(how));
        Ok(Table {
            name: NAME.to_owned(),
            columns: text.stored(),
            hidden: Vec::new(),
            absent: Vec::new(),
            provider: Arc::new(text),
        })
    }
}

const NAME: &str = "externaldata";

fn unsupported(what: &str) -> SourceError {
    SourceError::new(codes::NOT_SUPPORTED, format!("{what} is not supported"))
}

/// The format that the ending of a file's name tells; csv where it tells none.
fn guess(file: Option<&DataFile>) -> &'static str {
    let Some(file) = file else {
        return "csv";
    };
    match format_of(file.name()) {
        Some(Format::Parquet) => "parquet",
        Some(Format::Json | Format::JsonLines) => "multijson",
        Some(Format::Tsv) => "tsv",
        Some(Format::Psv) => "psv",
        Some(Format::Arrow) => "arrow",
        Some(Format::Csv | Format::Zeek | Format::Evtx | Format::Cef | Format::Syslog) => "csv",
        None => {
            let name = file.name().to_string_lossy().to_ascii_lowercase();
            let ends = |e: &str| name.ends_with(e) || name.contains(&format!("{e}."));
            match () {
                () if ends(".txt") => "txt",
                () if ends(".scsv") => "scsv",
                () if ends(".sohsv") => "sohsv",
                () if ends(".raw") => "raw",
                () => "csv",
            }
        }
    }
}

/// The file itself, or the entries of a zip that match the pattern.
fn entries(path: &Path, pattern: Option<&str>) -> Result<Vec<DataFile>, SourceError> {
    if !text::is_zip(path) {
        return Ok(vec![DataFile::new(path)]);
    }
    let glob = match pattern {
        Some(p) => Some(glob::Pattern::new(p).map_err(|e| {
            SourceError::new(
                codes::BAD_VALUE,
                format!("zipPattern `{p}` cannot be read: {e}"),
            )
        })?),
        None => None,
    };
    let mut out = Vec::new();
    for (index, name) in text::entries(path)? {
        let short = name.rsplit('/').next().unwrap_or(&name);
        let matches = match &glob {
            Some(g) => g.matches(&name) || g.matches(short),
            None => !short.starts_with('.') && !name.starts_with("__MACOSX/"),
        };
        if matches {
            out.push(DataFile {
                entry: Some((index, name)),
                ..DataFile::new(path)
            });
        }
    }
    if out.is_empty() {
        let what = pattern.map_or_else(String::new, |p| format!(" that matches `{p}`"));
        return Err(SourceError::bad_file(
            path,
            format!("the zip has no entry{what}"),
        ));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::mirror_places;
    use std::path::Path;

    #[test]
    fn places_of_urls_in_a_mirror() {
        for (url, places) in [
            ("https://h.example/a/b.csv", &["h.example/a/b.csv"][..]),
            ("https://h.example/b.csv?sv=1;key", &["h.example/b.csv"]),
            (
                "http://h.example/Sample%20Data/x.csv#top",
                &[
                    "h.example/Sample%20Data/x.csv",
                    "h.example/Sample Data/x.csv",
                ],
            ),
            (
                "https://h.example/list/?full",
                &["h.example/list/index", "h.example/list"],
            ),
            ("https://h.example/../x", &[]),
            ("https://h.example/%2e%2e/x", &["h.example/%2e%2e/x"]),
            ("https://h.example/..%5cx", &["h.example/..%5cx"]),
            ("https://h.example", &[]),
            ("list.csv", &[]),
        ] {
            let want: Vec<&Path> = places.iter().map(Path::new).collect();
            assert_eq!(mirror_places(url), want, "{url}");
        }
    }
}
