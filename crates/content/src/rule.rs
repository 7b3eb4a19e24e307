//! What a rule says beside its query: how often it runs, over what time, and what alerts it raises.

use crate::node::Node;
use crate::text::Text;
use crate::time::duration;
use kql_diag::{Diagnostic, Span, codes};

/// A rule's settings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub description: String,
    /// `Low`, `Medium`, ...
    pub severity: String,
    /// The tactics.
    pub tactics: Vec<String>,
    /// The techniques.
    pub techniques: Vec<String>,
    /// Whether it runs near real time: each minute, over what has come in since.
    pub near_real_time: bool,
    /// How often it runs, in ticks.
    pub frequency: Option<i64>,
    /// Over what time it looks back, in ticks, and where that is said.
    pub period: Option<(i64, Span)>,
    /// How many rows raise an alert.
    pub trigger: Trigger,
    /// How long the rule rests after an alert, in ticks.
    pub suppression: Option<i64>,
    /// Whether each row is an alert of its own.
    pub alert_per_row: bool,
    /// What the columns mean.
    pub entities: Vec<Entity>,
    /// Details of an alert: name and column.
    pub details: Vec<(String, Text)>,
    /// The alert's name, with `{{column}}` in it.
    pub name_format: Option<Text>,
    /// The alert's description, with `{{column}}` in it.
    pub description_format: Option<Text>,
    /// The column that holds the severity.
    pub severity_column: Option<Text>,
    /// The column that holds the tactics.
    pub tactics_column: Option<Text>,
    /// Properties of an alert: name and column.
    pub properties: Vec<(String, Text)>,
}

/// When the rows of a run raise an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    /// How rows are compared.
    pub operator: Compare,
    /// With how many.
    pub threshold: u64,
}

impl Default for Trigger {
    fn default() -> Self {
        Trigger {
            operator: Compare::Greater,
            threshold: 0,
        }
    }
}

impl Trigger {
    /// Whether so many rows raise an alert.
    pub fn fires(self, rows: u64) -> bool {
        match self.operator {
            Compare::Greater => rows > self.threshold,
            Compare::Less => rows < self.threshold,
            Compare::Equal => rows == self.threshold,
            Compare::NotEqual => rows != self.threshold,
        }
    }
}

/// A comparison of a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// More rows than that.
    Greater,
    /// Fewer.
    Less,
    /// As many.
    Equal,
    /// Any other number.
    NotEqual,
}

/// An entity that a rule finds in its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// `IP`, `Account`, ...
    pub kind: String,
    /// Identifier and column.
    pub fields: Vec<(String, Text)>,
}

impl Rule {
    /// The columns that the settings name, with what names them.
    pub fn columns(&self) -> Vec<(&'static str, Text)> {
        let mut out = Vec::new();
        for e in &self.entities {
            out.extend(
                e.fields
                    .iter()
                    .map(|(_, c)| ("an entity mapping", c.clone())),
            );
        }
        out.extend(
            self.details
                .iter()
                .map(|(_, c)| ("customDetails", c.clone())),
        );
        let override_ = "alertDetailsOverride";
        for format in self.name_format.iter().chain(&self.description_format) {
            out.extend(
                placeholders(format)
                    .into_iter()
                    .map(|(c, _, _)| (override_, c)),
            );
        }
        let columns = self.severity_column.iter().chain(&self.tactics_column);
        out.extend(columns.map(|c| (override_, c.clone())));
        out.extend(self.properties.iter().map(|(_, c)| (override_, c.clone())));
        out
    }
}

/// The columns of `{{column}}` in a text, with where each begins and ends.
pub fn placeholders(text: &Text) -> Vec<(Text, usize, usize)> {
    let mut out = Vec::new();
    let s = text.as_str();
    let mut from = 0;
    while let Some(open) = s.get(from..).and_then(|r| r.find("{{")).map(|i| from + i) {
        let Some(close) = s.get(open..).and_then(|r| r.find("}}")).map(|i| open + i) else {
            break;
        };
        let name = text.part(open + 2, close).trimmed();
        out.push((name, open, close + 2));
        from = close + 2;
    }
    out
}

/// Reads the settings of an analytic rule; `node` has its fields. Faults go to `findings`.
pub(crate) fn read(node: &Node, findings: &mut Vec<Diagnostic>) -> Rule {
    let mut r = Reader { findings };
    let text = |key: &str| node.text(key).unwrap_or_default().to_owned();
    let kind = node.text("kind").unwrap_or_default();
    let mut rule = Rule {
        name: node
            .text("name")
            .or_else(|| node.text("displayName"))
            .unwrap_or_default()
            .to_owned(),
        description: text("description"),
        severity: text("severity"),
        tactics: list(node.get("tactics")),
        techniques: list(
            node.get("relevantTechniques")
                .or_else(|| node.get("techniques")),
        ),
        near_real_time: kind.eq_ignore_ascii_case("nrt"),
        frequency: r.duration(node.get("queryFrequency")).map(|(t, _)| t),
        period: r.duration(node.get("queryPeriod")),
        trigger: r.trigger(node),
        ..Rule::default()
    };
    if node.text("suppressionEnabled") == Some("true") {
        rule.suppression = r.duration(node.get("suppressionDuration")).map(|(t, _)| t);
    }
    if let Some(how) = node
        .path(&["eventGroupingSettings", "aggregationKind"])
        .and_then(Node::scalar)
    {
        match how.as_str().trim() {
            t if t.eq_ignore_ascii_case("AlertPerResult") => rule.alert_per_row = true,
            t if t.eq_ignore_ascii_case("SingleAlert") => {}
            t => r.fault(
                how.span(),
                format!("aggregationKind `{t}` is neither SingleAlert nor AlertPerResult"),
            ),
        }
    }
    for e in node
        .get("entityMappings")
        .map(Node::elements)
        .unwrap_or_default()
    {
        rule.entities.extend(r.entity(e));
    }
    rule.details = r.pairs(node.get("customDetails"));
    if let Some(o) = node.get("alertDetailsOverride") {
        let column = |key: &str| o.get(key).and_then(Node::scalar).map(Text::trimmed);
        rule.name_format = column("alertDisplayNameFormat");
        rule.description_format = column("alertDescriptionFormat");
        rule.severity_column = column("alertSeverityColumnName");
        rule.tactics_column = column("alertTacticsColumnName");
        for p in o
            .get("alertDynamicProperties")
            .map(Node::elements)
            .unwrap_or_default()
        {
            let name = p.text("alertProperty").unwrap_or_default().to_owned();
            if let Some(value) = p.get("value").and_then(Node::scalar) {
                rule.properties.push((name, value.trimmed()));
            }
        }
        for format in rule.name_format.iter().chain(&rule.description_format) {
            let opened = format.as_str().matches("{{").count();
            if opened != placeholders(format).len() {
                r.fault(format.span(), "`{{` has no `}}`".to_owned());
            }
        }
    }
    rule
}

/// Reads a custom detection of Defender; `node` is its `properties`.
pub(crate) fn read_detection(node: &Node, findings: &mut Vec<Diagnostic>) -> Rule {
    let mut r = Reader { findings };
    let alert = node
        .path(&["detectionAction", "alertTemplate"])
        .cloned()
        .unwrap_or_default();
    let frequency = r.duration(
        node.path(&["schedule", "frequency"])
            .or_else(|| node.path(&["schedule", "period"])),
    );
    let tactics = alert.get("tactics").map(Node::elements).unwrap_or_default();
    Rule {
        name: node.text("displayName").unwrap_or_default().to_owned(),
        description: alert.text("description").unwrap_or_default().to_owned(),
        severity: alert.text("severity").unwrap_or_default().to_owned(),
        tactics: tactics
            .iter()
            .filter_map(|t| t.text("tactic").or_else(|| t.str()).map(str::to_owned))
            .collect(),
        frequency: frequency.map(|(t, _)| t),
        alert_per_row: true,
        ..Rule::default()
    }
}

/// The texts of a list, or the one text.
fn list(node: Option<&Node>) -> Vec<String> {
    let Some(node) = node else {
        return Vec::new();
    };
    match node.str() {
        Some(s) => s
            .split(',')
            .map(|p| p.trim().to_owned())
            .filter(|p| !p.is_empty())
            .collect(),
        None => node
            .elements()
            .iter()
            .filter_map(|e| e.str().map(str::to_owned))
            .collect(),
    }
}

struct Reader<'f> {
    findings: &'f mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn fault(&mut self, span: Span, message: String) {
        self.findings
            .push(Diagnostic::error(codes::BAD_CONTENT, span, message));
    }

    fn duration(&mut self, node: Option<&Node>) -> Option<(i64, Span)> {
        let node = node?;
        let text = node.str().unwrap_or_default();
        match duration(text) {
            Some(t) if t > 0 => Some((t, node.span)),
            _ => {
                self.fault(
                    node.span,
                    format!("`{text}` is no duration (such as 5m, 1d, PT1H)"),
                );
                None
            }
        }
    }

    fn trigger(&mut self, node: &Node) -> Trigger {
        let mut out = Trigger::default();
        if let Some(o) = node.get("triggerOperator") {
            match o.str().unwrap_or_default().to_ascii_lowercase().as_str() {
                "gt" | "greaterthan" => out.operator = Compare::Greater,
                "lt" | "lessthan" => out.operator = Compare::Less,
                "eq" | "equal" | "equals" => out.operator = Compare::Equal,
                "ne" | "notequal" | "notequals" => out.operator = Compare::NotEqual,
                other => {
                    let message = format!("triggerOperator `{other}` is none of gt, lt, eq, ne");
                    self.fault(o.span, message);
                }
            }
        }
        if let Some(t) = node.get("triggerThreshold") {
            match t.str().and_then(|s| s.parse().ok()) {
                Some(n) => out.threshold = n,
                None => {
                    let text = t.str().unwrap_or_default();
                    self.fault(t.span, format!("triggerThreshold `{text}` is no number"));
                }
            }
        }
        out
    }

    fn entity(&mut self, node: &Node) -> Option<Entity> {
        let Some(kind) = node.text("entityType") else {
            self.fault(node.span, "an entity mapping has no entityType".to_owned());
            return None;
        };
        let mut fields = Vec::new();
        for f in node
            .get("fieldMappings")
            .map(Node::elements)
            .unwrap_or_default()
        {
            match (
                f.text("identifier"),
                f.get("columnName").and_then(Node::scalar),
            ) {
                (Some(id), Some(column)) => fields.push((id.to_owned(), column.trimmed())),
                _ => self.fault(
                    f.span,
                    "a field mapping requires an identifier and a columnName".to_owned(),
                ),
            }
        }
        Some(Entity {
            kind: kind.to_owned(),
            fields,
        })
    }

    fn pairs(&mut self, node: Option<&Node>) -> Vec<(String, Text)> {
        let mut out = Vec::new();
        for (name, value) in node.map(Node::fields).unwrap_or_default() {
            match value.scalar() {
                Some(column) => out.push((name.as_str().to_owned(), column.trimmed())),
                None => self.fault(
                    name.span(),
                    format!("`{}` requires the name of a column", name.as_str()),
                ),
            }
        }
        out
    }
}
