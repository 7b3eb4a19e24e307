//! The entities that a rule's mappings find in its rows.

use crate::outcome::Table;
use kql_content::Rule;

/// An entity: its type, and its identifiers with their values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    kind: String,
    fields: Vec<(String, String)>,
}

/// Each entity once, in the order of the rows. A mapping without any value finds nothing.
pub(crate) fn of(rule: &Rule, table: &Table) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for row in &table.rows {
        for mapping in &rule.entities {
            let mut fields = Vec::new();
            for (identifier, column) in &mapping.fields {
                let cell = table.place(column.as_str()).and_then(|i| row.get(i));
                if let Some(c) = cell.filter(|c| !c.plain.is_empty()) {
                    fields.push((identifier.clone(), c.plain.clone()));
                }
            }
            let found = Found {
                kind: mapping.kind.clone(),
                fields,
            };
            if !found.fields.is_empty() && !out.contains(&found) {
                out.push(found);
            }
        }
    }
    out
}

impl Found {
    /// Whether an expectation means this one: `IP: 10.0.0.1`, or `type: IP` with identifiers.
    fn is(&self, wanted: &[(String, String)]) -> bool {
        let (kind, fields) = match wanted {
            [(kind, value)] => {
                let has = matches!(self.fields.as_slice(), [(_, v)] if v == value);
                return self.kind.eq_ignore_ascii_case(kind) && has;
            }
            [(key, kind), fields @ ..] if key == "type" => (kind, fields),
            _ => return false,
        };
        self.kind.eq_ignore_ascii_case(kind)
            && fields.len() == self.fields.len()
            && fields.iter().all(|f| self.fields.contains(f))
    }

    /// As a test writes it.
    pub(crate) fn shown(&self) -> String {
        let quoted = |t: &str| serde_json::Value::String(t.to_owned()).to_string();
        match self.fields.as_slice() {
            [(_, value)] => format!("{{{}: {}}}", self.kind, quoted(value)),
            fields => {
                let all: Vec<String> = fields
                    .iter()
                    .map(|(k, v)| format!("{k}: {}", quoted(v)))
                    .collect();
                format!("{{type: {}, {}}}", self.kind, all.join(", "))
            }
        }
    }
}

/// What is missing and what is too much; none where all is right.
pub(crate) fn differences(wanted: &[Vec<(String, String)>], found: &[Found]) -> Option<String> {
    let mut lines = Vec::new();
    for w in wanted {
        if !found.iter().any(|f| f.is(w)) {
            let all: Vec<String> = w.iter().map(|(k, v)| format!("{k}: {v}")).collect();
            lines.push(format!("  - {{{}}}", all.join(", ")));
        }
    }
    for f in found {
        if !wanted.iter().any(|w| f.is(w)) {
            lines.push(format!("  + {}", f.shown()));
        }
    }
    if lines.is_empty() {
        return None;
    }
    lines.insert(
        0,
        "the entities are others (- missing, + too much)".to_owned(),
    );
    Some(lines.join("\n"))
}
