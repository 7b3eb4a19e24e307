//! Stored functions out of YAML: ASIM parsers, ASIM library functions and parsers of solutions.

use crate::FunctionText;
use crate::node::Node;
use crate::text::{Lines, Text};
use kql_diag::{Diagnostic, codes};

/// Whether a file is a stored function.
pub(crate) fn is_function(node: &Node) -> bool {
    node.get("ParserQuery").is_some() || node.get("FunctionQuery").is_some()
}

/// The function under each of the names that its own fields give it; the first is the one that the file is about.
pub(crate) fn read(
    node: &Node,
    lines: &Lines<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<FunctionText> {
    let mut fault = |span, message: String| {
        findings.push(Diagnostic::error(codes::BAD_CONTENT, span, message));
    };
    let Some(body) = node
        .get("ParserQuery")
        .or_else(|| node.get("FunctionQuery"))
        .and_then(Node::scalar)
    else {
        fault(node.span, "the function has no text".to_owned());
        return Vec::new();
    };
    let mut names: Vec<String> = Vec::new();
    for key in [
        "ParserName",
        "FunctionName",
        "FunctionAlias",
        "EquivalentBuiltInParser",
        "EquivalentBuiltInFunction",
    ] {
        if let Some(n) = node.text(key).filter(|n| !n.is_empty())
            && !names.iter().any(|m| m == n)
        {
            names.push(n.to_owned());
        }
    }
    if names.is_empty() {
        fault(
            node.span,
            "the function has no name: ParserName or FunctionName is required".to_owned(),
        );
        return Vec::new();
    }
    let version = node
        .path(&["Parser", "Version"])
        .or_else(|| node.path(&["Function", "Version"]))
        .and_then(Node::str)
        .unwrap_or_default()
        .to_owned();
    // The cloud also has each version of a built-in parser under a name of its own: `_V03` is 0.3.
    if let (Some(name), Some(suffix)) = (node.text("EquivalentBuiltInParser"), suffix(&version)) {
        names.push(format!("{name}{suffix}"));
    }
    let mut parameters = Vec::new();
    let list = node
        .get("ParserParams")
        .or_else(|| node.get("FunctionParams"));
    for p in list.map(Node::elements).unwrap_or_default() {
        let (Some(name), Some(ty)) = (p.text("Name"), p.text("Type")) else {
            fault(p.span, "a parameter requires a Name and a Type".to_owned());
            continue;
        };
        let default = p.get("Default").and_then(Node::scalar).map(Text::as_str);
        parameters.push(parameter(name, ty, default));
    }
    let parameters = format!("({})", parameters.join(", "));
    let anchors = body.anchors(lines);
    names
        .into_iter()
        .map(|name| FunctionText {
            name,
            parameters: parameters.clone(),
            body: body.as_str().to_owned(),
            anchors: anchors.clone(),
            version: version.clone(),
        })
        .collect()
}

/// `V03` of 0.3.1; none where the numbers have several digits.
fn suffix(version: &str) -> Option<String> {
    let mut parts = version.split('.');
    let (major, minor) = (parts.next()?, parts.next()?);
    let digit = |s: &str| s.len() == 1 && s.bytes().all(|b| b.is_ascii_digit());
    (digit(major) && digit(minor)).then(|| format!("V{major}{minor}"))
}

/// `name:type=default`
fn parameter(name: &str, ty: &str, default: Option<&str>) -> String {
    // A table is `table:(*)` here and `(*)` in the language.
    let ty = match ty.strip_prefix("table") {
        Some(rest) => rest.trim_start_matches(':').trim(),
        None => ty,
    };
    let ty = if ty.is_empty() { "(*)" } else { ty };
    match default {
        None => format!("{name}:{ty}"),
        Some(d) if ty == "string" => {
            let d = d.trim();
            let quoted = d.len() >= 2
                && ['\'', '"']
                    .iter()
                    .any(|q| d.starts_with(*q) && d.ends_with(*q));
            if quoted {
                format!("{name}:{ty}={d}")
            } else {
                let escaped = d.replace('\\', "\\\\").replace('\'', "\\'");
                format!("{name}:{ty}='{escaped}'")
            }
        }
        Some(d) => format!("{name}:{ty}={}", d.trim()),
    }
}

/// Which of two functions of one name is taken: the one of the higher version, else the first.
pub fn newer(a: &str, b: &str) -> bool {
    let numbers = |v: &str| -> Vec<u64> {
        v.split('.')
            .map(|p| p.trim().parse().unwrap_or(0))
            .collect()
    };
    numbers(a) > numbers(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "Parser:\n  Version: '0.3.1'\nParserName: vimX\nEquivalentBuiltInParser: _Im_X\nParserParams:\n  - Name: starttime\n    Type: datetime\n    Default: datetime(null)\n  - Name: eventresult\n    Type: string\n    Default: '*'\nParserQuery: |\n  T\n  | where x == eventresult\n";

    #[test]
    fn a_parser_has_the_names_of_its_fields() {
        let node = crate::yaml::parse(FILE).unwrap();
        let mut findings = Vec::new();
        let all = read(&node, &Lines::new(FILE), &mut findings);
        let names: Vec<&str> = all.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["vimX", "_Im_X", "_Im_XV03"]);
        assert_eq!(
            all[0].parameters,
            "(starttime:datetime=datetime(null), eventresult:string='*')"
        );
        assert_eq!((all[0].anchors[1].line, all[0].anchors[1].column), (14, 3));
        assert!(newer("0.10.0", "0.9") && !newer("1", "1"));
    }
}
