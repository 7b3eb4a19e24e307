//! What a rule raises from the rows of a run.

use crate::rule::{Rule, placeholders};
use crate::text::Text;
use serde_json::{Map, Value, json};

/// One alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Its name, with columns filled in.
    pub name: String,
    /// Its description, with columns filled in.
    pub description: String,
    /// Its severity: that of a column, else the rule's.
    pub severity: String,
    /// Its tactics: those of a column, else the rule's.
    pub tactics: Vec<String>,
    /// The techniques of the rule.
    pub techniques: Vec<String>,
    /// What was found in the columns: each entity has a `Type` and its identifiers.
    pub entities: Vec<Value>,
    /// Details by name: the values of all of its rows.
    pub details: Map<String, Value>,
    /// Properties by name, of its first row.
    pub properties: Map<String, Value>,
    /// How many rows it has.
    pub rows: usize,
}

/// The severities that a column may give.
const SEVERITIES: [&str; 4] = ["Informational", "Low", "Medium", "High"];

impl Rule {
    /// The alerts of a run that gave these rows, objects by column: none where the trigger does not fire, one for all rows,
    /// or one a row.
    pub fn alerts(&self, rows: &[Map<String, Value>]) -> Vec<Alert> {
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        if !self.trigger.fires(count) {
            return Vec::new();
        }
        if self.alert_per_row && !rows.is_empty() {
            return rows.chunks(1).map(|r| self.alert(r)).collect();
        }
        vec![self.alert(rows)]
    }

    fn alert(&self, rows: &[Map<String, Value>]) -> Alert {
        let empty = Map::new();
        let first = rows.first().unwrap_or(&empty);
        let of_column = |column: &Option<Text>| {
            let value = first.get(column.as_ref()?.as_str())?;
            Some(shown(value)).filter(|t| !t.is_empty())
        };
        let filled = |format: &Option<Text>, otherwise: &str| match format {
            Some(f) => fill(f, first),
            None => otherwise.to_owned(),
        };
        let mut entities: Vec<Value> = Vec::new();
        for row in rows {
            for e in &self.entities {
                let mut found = Map::new();
                for (identifier, column) in &e.fields {
                    if let Some(v) = row.get(column.as_str()).filter(|v| !is_empty(v)) {
                        found.insert(identifier.clone(), json!(shown(v)));
                    }
                }
                if found.is_empty() {
                    continue;
                }
                let mut entity = Map::new();
                entity.insert("Type".to_owned(), json!(e.kind));
                entity.append(&mut found);
                let entity = Value::Object(entity);
                if !entities.contains(&entity) {
                    entities.push(entity);
                }
            }
        }
        let mut details = Map::new();
        for (name, column) in &self.details {
            let mut values: Vec<Value> = Vec::new();
            for v in rows.iter().filter_map(|r| r.get(column.as_str())) {
                let v = json!(shown(v));
                if !values.contains(&v) {
                    values.push(v);
                }
            }
            details.insert(name.clone(), Value::Array(values));
        }
        let mut properties = Map::new();
        for (name, column) in &self.properties {
            if let Some(v) = first.get(column.as_str()) {
                properties.insert(name.clone(), v.clone());
            }
        }
        Alert {
            name: filled(&self.name_format, &self.name),
            description: filled(&self.description_format, &self.description),
            severity: of_column(&self.severity_column)
                .and_then(|s| SEVERITIES.into_iter().find(|k| k.eq_ignore_ascii_case(&s)))
                .map_or_else(|| self.severity.clone(), str::to_owned),
            tactics: of_column(&self.tactics_column).map_or_else(
                || self.tactics.clone(),
                |t| {
                    let marks = ['[', ']', '"', ' '];
                    let all = t.split(',').map(|p| p.trim_matches(marks).to_owned());
                    all.filter(|p| !p.is_empty()).collect()
                },
            ),
            techniques: self.techniques.clone(),
            entities,
            details,
            properties,
            rows: rows.len(),
        }
    }
}

/// A format with the values of a row in place of its `{{column}}`; a column that is not there leaves nothing.
fn fill(format: &Text, row: &Map<String, Value>) -> String {
    let text = format.as_str();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (name, open, close) in placeholders(format) {
        out.push_str(text.get(from..open).unwrap_or_default());
        if let Some(v) = value_of(row, name.as_str()) {
            out.push_str(&shown(v));
        }
        from = close;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// `Column`, or `Column.field` of a dynamic column.
fn value_of<'r>(row: &'r Map<String, Value>, name: &str) -> Option<&'r Value> {
    if let Some(v) = row.get(name) {
        return Some(v);
    }
    let mut parts = name.split('.');
    let first = row.get(parts.next()?.trim())?;
    parts.try_fold(first, |v, p| v.get(p.trim()))
}

fn is_empty(v: &Value) -> bool {
    v.is_null() || v.as_str().is_some_and(str::is_empty)
}

/// A value as text: a string as it is, anything else as JSON.
fn shown(v: &Value) -> String {
    match v {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        v => v.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Values, document};

    const RULE: &str = "name: Scan\nseverity: Medium\ntactics:\n  - Discovery\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 1\nquery: T\nentityMappings:\n  - entityType: IP\n    fieldMappings:\n      - identifier: Address\n        columnName: Ip\ncustomDetails:\n  Ports: Port\nalertDetailsOverride:\n  alertDisplayNameFormat: Scan by {{Ip}} of {{ Port }}\n  alertSeverityColumnName: Sev\neventGroupingSettings:\n  aggregationKind: KIND\n";

    fn rows() -> Vec<Map<String, Value>> {
        let rows = [
            ("1.1.1.1", 22, "high"),
            ("1.1.1.1", 80, ""),
            ("", 80, "odd"),
        ];
        rows.iter()
            .map(|(ip, port, sev)| {
                let row = json!({"Ip": ip, "Port": port, "Sev": sev});
                row.as_object().unwrap().clone()
            })
            .collect()
    }

    fn rule(kind: &str) -> Rule {
        let d = document("r.yaml", &RULE.replace("KIND", kind), &Values::default());
        assert!(d.findings.is_empty(), "{:?}", d.findings);
        d.items[0].rule.clone().unwrap()
    }

    #[test]
    fn one_alert_for_all_rows() {
        let all = rule("SingleAlert").alerts(&rows());
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].name, "Scan by 1.1.1.1 of 22");
        assert_eq!(all[0].severity, "High");
        assert_eq!(
            all[0].entities,
            [json!({"Type": "IP", "Address": "1.1.1.1"})]
        );
        assert_eq!(all[0].details["Ports"], json!(["22", "80"]));
        assert_eq!(all[0].rows, 3);
    }

    #[test]
    fn an_alert_a_row() {
        let all = rule("AlertPerResult").alerts(&rows());
        assert_eq!(all.len(), 3);
        assert_eq!(all[2].name, "Scan by  of 80");
        assert_eq!(
            (all[1].severity.as_str(), all[2].severity.as_str()),
            ("Medium", "Medium")
        );
        assert!(all[2].entities.is_empty());
        assert!(rule("SingleAlert").alerts(&rows()[..1]).is_empty());
    }

    #[test]
    fn faults_of_settings_have_places() {
        let d = document("r.yaml", &RULE.replace("KIND", "Some"), &Values::default());
        assert_eq!(d.findings.len(), 1);
        let at = usize::try_from(d.findings[0].primary.start).unwrap();
        assert!(RULE.get(at..).is_some_and(|r| r.starts_with("KIND")));
    }
}
