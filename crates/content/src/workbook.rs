//! Workbooks: the queries of their items, with parameters and time range.

use crate::fill::{self, Default_, Parameters, Values};
use crate::node::Node;
use crate::text::Text;
use kql_diag::Diagnostic;

/// A query of a workbook, as the workbook would run it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) title: String,
    pub(crate) text: Text,
    /// The time range of the item in ticks until now, where it has one.
    pub(crate) period: Option<i64>,
    /// Whether it asks the resource graph, not the logs.
    pub(crate) graph: bool,
    /// What was found while it was filled in.
    pub(crate) findings: Vec<Diagnostic>,
}

/// Whether a JSON file is a workbook.
pub(crate) fn is_workbook(node: &Node) -> bool {
    node.get("items").is_some()
        && node
            .text("version")
            .is_some_and(|v| v.starts_with("Notebook/"))
}

/// The queries in the order of the items.
pub(crate) fn read(node: &Node, values: &Values) -> Vec<Found> {
    let mut parameters = Parameters::new();
    collect(node, &mut parameters);
    let mut out = Vec::new();
    items(node, &parameters, values, &mut out);
    out
}

/// All parameters, of groups too: those of items, and those that a click exports.
fn collect(node: &Node, out: &mut Parameters) {
    for item in node.get("items").map(Node::elements).unwrap_or_default() {
        let Some(content) = item.get("content") else {
            continue;
        };
        for p in content
            .get("parameters")
            .map(Node::elements)
            .unwrap_or_default()
        {
            if let Some(name) = p.text("name") {
                out.insert(name.to_owned(), fill::default_of(p));
            }
        }
        let exported = content
            .get("exportedParameters")
            .map(Node::elements)
            .unwrap_or_default();
        for (n, name, default) in exported
            .iter()
            .map(|e| (e, "parameterName", "defaultValue"))
            .chain([(content, "exportParameterName", "exportDefaultValue")])
        {
            if let Some(name) = n.text(name) {
                let unset = Default_::Unset;
                let default =
                    n.get(default)
                        .and_then(Node::scalar)
                        .map_or(unset, |t| Default_::Values {
                            values: vec![t.as_str().to_owned()],
                            labels: Vec::new(),
                            quote: String::new(),
                            delimiter: ",".to_owned(),
                        });
                out.entry(name.to_owned()).or_insert(default);
            }
        }
        collect(content, out);
    }
}

fn items(node: &Node, parameters: &Parameters, values: &Values, out: &mut Vec<Found>) {
    for item in node.get("items").map(Node::elements).unwrap_or_default() {
        let Some(content) = item.get("content") else {
            continue;
        };
        let named = item.text("name").unwrap_or_default();
        for p in content
            .get("parameters")
            .map(Node::elements)
            .unwrap_or_default()
        {
            let title = p.text("label").or_else(|| p.text("name")).unwrap_or(named);
            query(p, title, parameters, values, out);
        }
        let title = content.text("title").unwrap_or(named);
        query(content, title, parameters, values, out);
        items(content, parameters, values, out);
    }
}

fn query(node: &Node, title: &str, parameters: &Parameters, values: &Values, out: &mut Vec<Found>) {
    let Some(text) = node.get("query").and_then(Node::scalar) else {
        return;
    };
    let graph = match node.text("queryType") {
        None | Some("0") => false,
        Some("1") => true,
        // Other kinds (resource management, JSON, merges) are no KQL.
        Some(_) => return,
    };
    let start = text.as_str().trim_start();
    if start.is_empty() || start.starts_with("{\"version\"") {
        return;
    }
    let mut findings = Vec::new();
    let mut filled = fill::workbook(text, parameters, values, &mut findings);
    if graph
        && start
            .get(..5)
            .is_some_and(|w| w.eq_ignore_ascii_case("where"))
    {
        // A query of the graph that begins with a step begins with all resources.
        let mut whole = Text::standing_at("resources | ", filled.at(0));
        whole.append(&filled);
        filled = whole;
    }
    let own = node
        .path(&["timeContext", "durationMs"])
        .and_then(Node::str)
        .and_then(|s| s.parse::<i64>().ok())
        .and_then(|ms| ms.checked_mul(10_000))
        .filter(|t| *t > 0);
    let period = match node.text("timeContextFromParameter") {
        Some(name) => fill::period(name, parameters, values),
        None => own,
    };
    out.push(Found {
        title: title.to_owned(),
        text: filled,
        period,
        graph,
        findings,
    });
}
