//! Records of diagnostic settings and of Defender's streaming: `{"records": [...]}` or one object a line, each with `time`,
//! `category` and `properties`.
//!
//! For a table that is known by name the properties become its columns. For other tables a record is a row as it stands.

use super::{Next, Object, broken};
use crate::text::json::object;
use serde_json::value::RawValue;
use std::collections::VecDeque;
use std::io::{BufReader, Read, Result};

type Values = serde_json::StreamDeserializer<
    'static,
    serde_json::de::IoRead<BufReader<Box<dyn Read + Send>>>,
    Box<RawValue>,
>;

/// What categories of Defender's tables begin with.
const HUNTING: &str = "AdvancedHunting-";

pub(super) struct Records {
    values: Values,
    waiting: VecDeque<String>,
    table: String,
    columns: Vec<String>,
}

/// Whether a text begins with an envelope, or with a record of such an export.
pub(crate) fn is_enveloped(head: &[u8]) -> bool {
    let text = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(head);
    let Some(start) = text.iter().position(|b| !b.is_ascii_whitespace()) else {
        return false;
    };
    let text = String::from_utf8_lossy(text.get(start..).unwrap_or_default()).into_owned();
    let Some(inner) = text.strip_prefix('{') else {
        return false;
    };
    let mut inner = inner.trim_start();
    if let Some(rest) = inner.strip_prefix("\"records\"") {
        inner = rest.trim_start();
        return inner
            .strip_prefix(':')
            .is_some_and(|r| r.trim_start().starts_with('['));
    }
    // Only the names of the first object count, as far as they are there.
    let mut names: Vec<Vec<u8>> = Vec::new();
    let _ = object(text.as_bytes(), 0, |key, _| names.push(key.raw.to_vec()));
    // Its last value may go beyond what was read.
    let cut = text.contains("\"properties\":{") || text.contains("\"properties\": {");
    let has = |n: &str| names.iter().any(|k| k == n.as_bytes());
    has("time") && has("category") && (has("properties") || cut)
}

impl Records {
    pub(super) fn new(bytes: Box<dyn Read + Send>, table: &str, columns: Vec<String>) -> Records {
        let reader = BufReader::with_capacity(1 << 16, bytes);
        Records {
            values: serde_json::Deserializer::from_reader(reader).into_iter(),
            waiting: VecDeque::new(),
            table: table.to_owned(),
            columns,
        }
    }

    /// Writes a record; false where it belongs to another table.
    fn record(&self, raw: &str, out: &mut String) -> bool {
        if self.columns.is_empty() {
            out.extend(raw.chars().filter(|c| *c != '\n' && *c != '\r'));
            out.push('\n');
            return true;
        }
        let fields = fields(raw);
        let find = |name: &str| {
            let mut all = fields.iter();
            all.find(|(k, _)| k.eq_ignore_ascii_case(name))
                .map(|(_, v)| *v)
        };
        let category = find("category").and_then(|c| serde_json::from_str::<String>(c).ok());
        let hunting = category.as_deref().and_then(|c| c.strip_prefix(HUNTING));
        if hunting.is_some_and(|t| !t.eq_ignore_ascii_case(&self.table)) {
            return false;
        }
        let mut row = Row {
            columns: &self.columns,
            seen: Vec::new(),
            out: Object::new(out),
        };
        let classic = self.table == "AzureDiagnostics";
        let properties = find("properties").unwrap_or_default();
        if !classic {
            for (key, value) in self::fields(properties) {
                row.put(&key, value);
            }
        }
        let event = self::fields(properties);
        let time = event
            .iter()
            .find(|(k, _)| k == "Timestamp")
            .map(|(_, v)| *v);
        if let Some(t) = time.filter(|_| hunting.is_some()).or(find("time")) {
            row.put("TimeGenerated", t);
        }
        for (key, value) in &fields {
            match key.as_str() {
                "time" | "properties" => {}
                "resourceId" | "ResourceId" => row.resource(value, classic),
                // The rows of Defender's tables have no such columns.
                _ if hunting.is_some() => {}
                _ => row.put(key, value),
            }
        }
        if classic {
            row.flat("", properties);
        }
        row.out.end();
        true
    }
}

impl Next for Records {
    fn next(&mut self, out: &mut String) -> Result<bool> {
        loop {
            while let Some(raw) = self.waiting.pop_front() {
                if self.record(&raw, out) {
                    return Ok(true);
                }
            }
            let value = match self.values.next() {
                None => return Ok(false),
                Some(Ok(v)) => v,
                Some(Err(e)) if e.is_io() => return Err(e.into()),
                Some(Err(e)) => return Err(broken(format!("the JSON is broken: {e}"))),
            };
            let raw = value.get();
            let inside = fields(raw);
            match inside.as_slice() {
                [(name, list), ..] if name == "records" && list.starts_with('[') => {
                    let all: Vec<Box<RawValue>> = serde_json::from_str(list)
                        .map_err(|e| broken(format!("the JSON is broken: {e}")))?;
                    self.waiting.extend(all.iter().map(|r| r.get().to_owned()));
                }
                _ => self.waiting.push_back(raw.to_owned()),
            }
        }
    }
}

/// The names and values of an object; nothing for any other value.
fn fields(raw: &str) -> Vec<(String, &str)> {
    let mut out = Vec::new();
    let _ = object(raw.as_bytes(), 0, |key, value| {
        let name = std::str::from_utf8(key.raw).unwrap_or_default();
        let name = match key.escaped {
            true => serde_json::from_str(&format!("\"{name}\"")).unwrap_or_default(),
            false => name.to_owned(),
        };
        out.push((name, raw.get(value).unwrap_or_default()));
    });
    out
}

/// A row of a known table.
struct Row<'c, 'o> {
    columns: &'c [String],
    seen: Vec<String>,
    out: Object<'o>,
}

impl Row<'_, '_> {
    /// The column of this name, also where only its case differs; else a column of its own.
    fn put(&mut self, name: &str, value: &str) {
        let same = self.columns.iter().find(|c| *c == name);
        let column = same.or_else(|| self.columns.iter().find(|c| c.eq_ignore_ascii_case(name)));
        let column = column.map_or(name, String::as_str);
        if !self.seen.iter().any(|s| s == column) {
            self.seen.push(column.to_owned());
            let value: String = value.chars().filter(|c| *c != '\n' && *c != '\r').collect();
            self.out.raw(column, &value);
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        let mut quoted = String::new();
        super::quote(value, &mut quoted);
        self.put(name, &quoted);
    }

    /// `/SUBSCRIPTIONS/x/RESOURCEGROUPS/y/PROVIDERS/a/b/c`
    fn resource(&mut self, value: &str, classic: bool) {
        let Ok(id) = serde_json::from_str::<String>(value) else {
            return;
        };
        if self.columns.iter().any(|c| c == "_ResourceId") {
            self.text("_ResourceId", &id.to_lowercase());
        }
        if !classic {
            return;
        }
        let id = id.to_uppercase();
        self.text("ResourceId", &id);
        let parts: Vec<&str> = id.split('/').filter(|p| !p.is_empty()).collect();
        if let [
            "SUBSCRIPTIONS",
            subscription,
            "RESOURCEGROUPS",
            group,
            rest @ ..,
        ] = parts.as_slice()
        {
            self.text("SubscriptionId", &subscription.to_lowercase());
            self.text("ResourceGroup", group);
            if let ["PROVIDERS", provider, kind, name, ..] = rest {
                self.text("ResourceProvider", provider);
                self.text("ResourceType", kind);
                self.text("Resource", name);
            }
        }
    }

    /// Properties of `AzureDiagnostics`: their names end in what they are.
    fn flat(&mut self, before: &str, object: &str) {
        for (key, value) in fields(object) {
            let name = format!("{before}{key}");
            let first = value.as_bytes().first().copied().unwrap_or(b'n');
            let ends: &[&str] = match first {
                b'{' => {
                    self.flat(&format!("{name}_"), value);
                    continue;
                }
                b'n' => continue,
                b't' | b'f' => &["_b"],
                b'"' => &["_s", "_g", "_t"],
                b'[' => &["_s"],
                _ => &["_d"],
            };
            let known = ends.iter().map(|e| format!("{name}{e}"));
            let known = known
                .clone()
                .find(|n| self.columns.iter().any(|c| c == n))
                .or_else(|| known.clone().next());
            let Some(column) = known else {
                continue;
            };
            if first == b'[' {
                self.text(&column, value);
            } else {
                self.put(&column, value);
            }
        }
    }
}
