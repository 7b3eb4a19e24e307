//! A content file as a whole: what it has to run, and what is wrong in it.

use crate::arm::Template;
use crate::fill::{self, Values};
use crate::node::{Fault, Node, Value};
use crate::rule::{self, Rule};
use crate::stored;
use crate::text::{Lines, Text};
use crate::time::duration;
use crate::{FunctionText, NamedQuery, json, workbook, yaml};
use kql_diag::{Diagnostic, Source, Span, codes};

/// What a content file has.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file: [`Document::findings`] point into it.
    pub source: Source,
    /// What can be run or loaded, in order.
    pub items: Vec<Item>,
    /// What is wrong with the file.
    pub findings: Vec<Diagnostic>,
}

/// Something that a content file has.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// Its query with its name; a function's is its body.
    pub query: NamedQuery,
    /// What its rule says.
    pub rule: Option<Rule>,
    /// The function under each of its names.
    pub functions: Vec<FunctionText>,
    /// A watchlist.
    pub watchlist: Option<Watchlist>,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A query and no more.
    #[default]
    Query,
    /// An analytic rule of Sentinel, or one that runs near real time.
    AnalyticRule,
    /// A custom detection of Defender.
    CustomDetection,
    /// A hunting query.
    HuntingQuery,
    /// A summary rule.
    SummaryRule,
    /// A stored function.
    Function,
    /// A watchlist.
    Watchlist,
    /// A query of a workbook.
    Workbook,
    /// A query over Azure's resources.
    ResourceGraph,
    /// A log search alert.
    LogAlert,
}

impl Kind {
    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Query => "query",
            Kind::AnalyticRule => "analytic rule",
            Kind::CustomDetection => "custom detection",
            Kind::HuntingQuery => "hunting query",
            Kind::SummaryRule => "summary rule",
            Kind::Function => "function",
            Kind::Watchlist => "watchlist",
            Kind::Workbook => "workbook query",
            Kind::ResourceGraph => "resource graph query",
            Kind::LogAlert => "log alert",
        }
    }
}

/// The time that a query looks at when nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// So many ticks until now.
    Last(i64),
    /// The last whole bin of so many ticks that ended at least `delay` ticks ago.
    Bin {
        /// How long a bin is.
        size: i64,
        /// How long it is waited for its rows.
        delay: i64,
    },
}

/// A watchlist of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Watchlist {
    /// Its name.
    pub alias: String,
    /// The column that `SearchKey` repeats.
    pub search_key: String,
    /// Its rows as comma-separated text, with a header.
    pub content: String,
}

/// Reads a YAML or JSON file.
pub fn document(name: &str, text: &str, values: &Values) -> Document {
    let json = name.to_ascii_lowercase().ends_with(".json");
    let parsed = if json {
        json::parse(text)
    } else {
        yaml::parse(text)
    };
    let mut reader = Reader {
        name,
        lines: Lines::new(text),
        values,
        items: Vec::new(),
        findings: Vec::new(),
    };
    match parsed {
        Err(fault) => reader.broken(if json { "JSON" } else { "YAML" }, &fault),
        Ok(node) if json => reader.json(&node),
        Ok(node) => reader.yaml(&node),
    }
    let Reader {
        mut items,
        findings,
        ..
    } = reader;
    let several = items.len() > 1;
    for (i, item) in items.iter_mut().enumerate() {
        item.query.name = if several {
            format!("{name}#{}", i + 1)
        } else {
            name.to_owned()
        };
    }
    Document {
        source: Source::new(name, text),
        items,
        findings,
    }
}

struct Reader<'t> {
    name: &'t str,
    lines: Lines<'t>,
    values: &'t Values,
    items: Vec<Item>,
    findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.findings
            .push(Diagnostic::error(codes::BAD_CONTENT, span, message));
    }

    fn broken(&mut self, what: &str, fault: &Fault) {
        let span = Span::new(fault.at, fault.at + 1);
        self.fault(span, format!("the file is no {what}: {}", fault.message));
    }

    fn query(&mut self, text: &Text, title: &str) -> NamedQuery {
        let mut findings = Vec::new();
        let filled = fill::times(text, self.values, &mut findings);
        NamedQuery {
            name: self.name.to_owned(),
            text: filled.as_str().to_owned(),
            first_line: 1,
            heading: (!title.is_empty()).then(|| title.to_owned()),
            anchors: filled.anchors(&self.lines),
            period: None,
            findings,
        }
    }

    fn yaml(&mut self, node: &Node) {
        if stored::is_function(node) {
            let functions = stored::read(node, &self.lines, &mut self.findings);
            let Some(first) = functions.first() else {
                return;
            };
            let query = NamedQuery {
                name: self.name.to_owned(),
                text: first.body.clone(),
                first_line: 1,
                heading: Some(first.name.clone()),
                anchors: first.anchors.clone(),
                ..NamedQuery::default()
            };
            self.items.push(Item {
                kind: Kind::Function,
                query,
                functions,
                ..Item::default()
            });
            return;
        }
        if let Some(properties) = node.get("properties")
            && let Some(text) = properties
                .path(&["queryCondition", "queryText"])
                .and_then(Node::scalar)
        {
            let rule = rule::read_detection(properties, &mut self.findings);
            let query = self.query(text, &rule.name);
            self.push(Kind::CustomDetection, query, Some(rule));
            return;
        }
        // A list of rules is a file of several.
        if let Value::List(all) = &node.value {
            all.iter().for_each(|n| self.rule(n));
        } else {
            self.rule(node);
        }
    }

    fn push(&mut self, kind: Kind, query: NamedQuery, rule: Option<Rule>) {
        self.items.push(Item {
            kind,
            query,
            rule,
            ..Item::default()
        });
    }

    /// A node with a `query`: a hunting query, an analytic rule or a summary rule.
    fn rule(&mut self, node: &Node) {
        let Some(text) = node.get("query").and_then(Node::scalar) else {
            let message =
                "the file has no query: `query`, `ParserQuery` or `FunctionQuery` is required";
            self.fault(node.span, message);
            return;
        };
        if text.as_str().trim().is_empty() {
            self.fault(node.span, "the query is empty");
        }
        let title = node
            .text("name")
            .or_else(|| node.text("displayName"))
            .unwrap_or_default()
            .to_owned();
        let mut query = self.query(text, &title);
        if let Some(size) = node.get("binSize") {
            let minutes = |n: Option<&Node>| -> Option<i64> {
                n?.str()?.parse::<i64>().ok()?.checked_mul(600_000_000)
            };
            match minutes(Some(size)).filter(|s| *s > 0) {
                Some(size) => {
                    let delay = minutes(node.get("binDelay")).unwrap_or(0);
                    query.period = Some(Period::Bin { size, delay });
                }
                None => self.fault(size.span, "binSize is no number of minutes"),
            }
            self.push(Kind::SummaryRule, query, None);
            return;
        }
        let rule = rule::read(node, &mut self.findings);
        let scheduled = node.get("queryFrequency").is_some()
            || node.get("queryPeriod").is_some()
            || node.get("triggerOperator").is_some()
            || rule.near_real_time;
        if !scheduled {
            self.push(Kind::HuntingQuery, query, Some(rule));
            return;
        }
        query.period = rule.period.map(|(t, _)| Period::Last(t));
        self.push(Kind::AnalyticRule, query, Some(rule));
    }

    fn json(&mut self, node: &Node) {
        if workbook::is_workbook(node) {
            self.workbook(node);
        } else if node.get("resources").is_some() {
            self.template(node, 0);
        } else if let Value::List(all) = &node.value {
            for n in all {
                self.rule_json(n);
            }
        } else {
            self.rule_json(node);
        }
        if self.items.is_empty() && self.findings.is_empty() {
            self.fault(
                Span::new(0, 1),
                "the file has no query: it is no rule, workbook or template with one",
            );
        }
    }

    fn rule_json(&mut self, node: &Node) {
        let inner = node
            .get("properties")
            .filter(|p| p.get("query").is_some())
            .unwrap_or(node);
        if inner.get("query").is_some() {
            self.rule(inner);
        }
    }

    fn workbook(&mut self, node: &Node) {
        for found in workbook::read(node, self.values) {
            let kind = if found.graph {
                Kind::ResourceGraph
            } else {
                Kind::Workbook
            };
            let query = NamedQuery {
                name: String::new(),
                text: found.text.as_str().to_owned(),
                first_line: 1,
                heading: Some(found.title).filter(|t| !t.is_empty()),
                anchors: found.text.anchors(&self.lines),
                period: found.period.map(Period::Last),
                findings: found.findings,
            };
            self.push(kind, query, None);
        }
    }

    fn template(&mut self, root: &Node, depth: usize) {
        let template = Template::new(root);
        for r in root
            .get("resources")
            .map(Node::elements)
            .unwrap_or_default()
        {
            self.resource(r, &template, depth);
        }
    }

    fn resource(&mut self, resource: &Node, template: &Template<'_>, depth: usize) {
        let ty = resource
            .text("type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let last = ty.rsplit('/').next().unwrap_or_default();
        let empty = Node::default();
        let properties = resource.get("properties").unwrap_or(&empty);
        match last {
            "workbooks" => {
                let Some(data) = properties.get("serializedData") else {
                    return;
                };
                let text = match template.text(data) {
                    Ok(t) => t,
                    Err(message) => return self.fault(data.span, message),
                };
                match json::parse_text(&text) {
                    Ok(inner) => self.workbook(&inner),
                    Err(fault) => self.broken("workbook", &fault),
                }
            }
            "watchlists" => self.watchlist(properties, template),
            "alertrules" | "alertruletemplates" if properties.get("query").is_some() => {
                let evaluated = self.evaluated(properties, template);
                self.rule(&evaluated);
            }
            "savedsearches" => self.saved_search(properties, template),
            "scheduledqueryrules" => self.log_alert(properties, template),
            _ => {}
        }
        if depth < 16 {
            // Templates of solutions keep their resources in templates of their own.
            if let Some(inner) = properties
                .get("mainTemplate")
                .or_else(|| properties.get("template"))
            {
                self.template(inner, depth + 1);
            }
            for r in resource
                .get("resources")
                .map(Node::elements)
                .unwrap_or_default()
            {
                self.resource(r, template, depth + 1);
            }
        }
    }

    /// The fields with their expressions worked out; one that cannot be stays as it is written.
    fn evaluated(&self, node: &Node, template: &Template<'_>) -> Node {
        let mut out = node.clone();
        if let Value::Map(fields) = &mut out.value {
            for (_, n) in fields {
                if n.scalar().is_some()
                    && let Ok(t) = template.text(n)
                {
                    n.value = Value::Scalar(t);
                }
            }
        }
        out
    }

    fn saved_search(&mut self, properties: &Node, template: &Template<'_>) {
        let Some(node) = properties.get("query") else {
            return;
        };
        let text = match template.text(node) {
            Ok(t) => t,
            Err(message) => return self.fault(node.span, message),
        };
        let title = properties
            .text("displayName")
            .unwrap_or_default()
            .to_owned();
        let Some(alias) = properties.text("functionAlias").filter(|a| !a.is_empty()) else {
            let query = self.query(&text, &title);
            return self.push(Kind::HuntingQuery, query, None);
        };
        let parameters = properties.text("functionParameters").unwrap_or_default();
        let function = FunctionText {
            name: alias.to_owned(),
            parameters: format!("({})", parameters.replace("table:(", "(")),
            body: text.as_str().to_owned(),
            anchors: text.anchors(&self.lines),
            version: String::new(),
        };
        let query = self.query(&text, alias);
        self.items.push(Item {
            kind: Kind::Function,
            query,
            functions: vec![function],
            ..Item::default()
        });
    }

    fn log_alert(&mut self, properties: &Node, template: &Template<'_>) {
        let value = |n: Option<&Node>| n.and_then(|n| template.text(n).ok());
        // The old form has one source; the new one has conditions, each with a query.
        let old = properties.path(&["source", "query"]);
        let conditions = properties
            .path(&["criteria", "allOf"])
            .map(Node::elements)
            .unwrap_or_default();
        let title = value(properties.get("displayName"))
            .map(|t| t.as_str().to_owned())
            .unwrap_or_default();
        let window = value(properties.path(&["schedule", "timeWindowInMinutes"]))
            .and_then(|t| t.as_str().trim().parse::<i64>().ok())
            .and_then(|m| m.checked_mul(600_000_000))
            .or_else(|| value(properties.get("windowSize")).and_then(|t| duration(t.as_str())));
        for node in old
            .into_iter()
            .chain(conditions.iter().filter_map(|c| c.get("query")))
        {
            match template.text(node) {
                Ok(text) => {
                    let mut query = self.query(&text, &title);
                    query.period = window.map(Period::Last);
                    self.push(Kind::LogAlert, query, None);
                }
                Err(message) => self.fault(node.span, message),
            }
        }
    }

    fn watchlist(&mut self, properties: &Node, template: &Template<'_>) {
        let text = |key: &str| {
            properties
                .get_any_case(key)
                .and_then(|n| template.text(n).ok())
                .map(|t| t.as_str().to_owned())
        };
        let (Some(alias), Some(content)) = (
            text("watchlistAlias").filter(|a| !a.is_empty()),
            text("rawContent"),
        ) else {
            return self.fault(
                properties.span,
                "a watchlist requires a watchlistAlias and a rawContent",
            );
        };
        let skip = text("numberOfLinesToSkip")
            .and_then(|n| n.parse::<usize>().ok())
            .unwrap_or(0);
        let content: String = content.split_inclusive('\n').skip(skip).collect();
        let search_key = text("itemsSearchKey").unwrap_or_default();
        let delimiter =
            if text("contentType").is_some_and(|c| c.to_ascii_lowercase().contains("tsv")) {
                '\t'
            } else {
                ','
            };
        let header = content.lines().next().unwrap_or_default();
        let named = header
            .split(delimiter)
            .any(|c| c.trim().trim_matches('"') == search_key);
        if !named && let Some(n) = properties.get_any_case("itemsSearchKey") {
            self.fault(
                n.span,
                format!("itemsSearchKey `{search_key}` is no column of the watchlist"),
            );
        }
        let query = NamedQuery {
            name: self.name.to_owned(),
            heading: Some(alias.clone()),
            first_line: 1,
            ..NamedQuery::default()
        };
        self.items.push(Item {
            kind: Kind::Watchlist,
            query,
            watchlist: Some(Watchlist {
                alias,
                search_key,
                content,
            }),
            ..Item::default()
        });
    }
}
