//! `externaldata`: where a location is found here, and its rows.

use crate::error::SourceError;
use crate::table::Table;
use crate::tables::{Skipped, SourceOptions};
use crate::text::{Layout, TextTable};
use crate::{discover, parquet};
use kql_diag::codes;
use kql_types::{ColumnSchema, Type, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
        if let Some((_, rest)) = bare.split_once("://") {
            let rest = rest.split(['?', '#']).next().unwrap_or(rest);
            let safe = !rest.split('/').any(|p| p == ".." || p.contains('\\'));
            for mirror in self.mirrors.iter().filter(|_| safe) {
                let path = mirror.join(rest);
                if path.is_file() {
                    return Ok(path);
                }
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
        for (name, value) in properties {
            match name.as_str() {
                "format" => format = value.as_str().map(str::to_ascii_lowercase),
                "ignorefirstrecord" => {
                    skip_first = matches!(value, Value::Bool(true))
                        || value
                            .as_str()
                            .is_some_and(|s| s.eq_ignore_ascii_case("true"));
                }
                "zippattern" => pattern = value.as_str().map(str::to_owned),
                "filestream" | "recreate_schema" | "created_by" => {}
                other => {
                    return Err(SourceError::new(
                        codes::NOT_SUPPORTED,
                        format!("property `{other}` of externaldata is not supported"),
                    ));
                }
            }
        }
        let files = locations
            .iter()
            .map(|l| self.find(l))
            .collect::<Result<Vec<_>, _>>()?;
        let format = format.unwrap_or_else(|| {
            let guess = files
                .first()
                .and_then(|f| discover::format_of(f))
                .map(|(_, f)| f);
            match guess {
                Some(discover::Format::Parquet) => "parquet",
                Some(discover::Format::Json | discover::Format::JsonLines) => "multijson",
                Some(discover::Format::Tsv) => "tsv",
                _ => "csv",
            }
            .to_owned()
        });
        let known: Vec<ColumnSchema> = columns
            .iter()
            .map(|(n, t)| ColumnSchema {
                name: n.clone(),
                ty: *t,
            })
            .collect();
        let separated = |separator| Layout::Separated {
            separator,
            header: false,
        };
        let layout = match format.as_str() {
            "csv" => separated(b','),
            "tsv" | "tsve" => separated(b'\t'),
            "psv" => separated(b'|'),
            "scsv" => separated(b';'),
            "sohsv" => separated(1),
            "json" | "jsonl" | "ndjson" | "singlejson" | "multijson" => Layout::JsonArray,
            "txt" => Layout::Lines,
            "raw" => Layout::Whole,
            "parquet" => return parquet::open("externaldata", &files, Some(&known)),
            other => {
                return Err(SourceError::new(
                    codes::NOT_SUPPORTED,
                    format!("format `{other}` of externaldata is not supported"),
                )
                .with_help("csv, tsv, psv, scsv, json, multijson, txt, raw and parquet are"));
            }
        };
        let text = TextTable::new(files, layout, known, options.clone(), skipped.clone())
            .external(skip_first, pattern);
        Ok(Table {
            name: "externaldata".to_owned(),
            columns: text.stored(),
            absent: Vec::new(),
            provider: Arc::new(text),
        })
    }
}
