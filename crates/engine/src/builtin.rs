//! Stored functions that every workspace of Sentinel has: the helpers of ASIM. Each is a file of `asim/`, whose comment says
//! what it does, with examples, and whose lists of names stand beside it; it is read when a query first names it.

use crate::functions::Stored;
use kql_bind::scope::StoredFunction;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

/// A function of ours with its text.
macro_rules! texts {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../asim/", $name, ".kql")))),*]
    };
}

const TEXTS: [(&str, &str); 21] = texts![
    "_ASIM_GetDisabledParsers",
    "_ASIM_GetSourceBySourceType",
    "_ASIM_GetUserType",
    "_ASIM_GetUsernameType",
    "_ASIM_GetWatchlistRaw",
    "_ASIM_GetWatchlistsRaw",
    "_ASIM_GetWindowsUserType",
    "_ASIM_LookupDnsQueryType",
    "_ASIM_LookupDnsResponseCode",
    "_ASIM_LookupHTTPStatusCode",
    "_ASIM_LookupICMPType",
    "_ASIM_LookupNetworkProtocol",
    "_ASIM_ResolveDnsQueryType",
    "_ASIM_ResolveDnsResponseCode",
    "_ASIM_ResolveDstFQDN",
    "_ASIM_ResolveDvcFQDN",
    "_ASIM_ResolveFQDN",
    "_ASIM_ResolveICMPType",
    "_ASIM_ResolveNetworkProtocol",
    "_ASIM_ResolveSrcFQDN",
    "_ASIM_GetWatchlistRawOfTable",
];

/// Lists of names by number, which texts name.
const LISTS: [(&str, &str); 5] = [
    ("protocols", include_str!("../asim/protocols.tsv")),
    ("icmp_types", include_str!("../asim/icmp_types.tsv")),
    (
        "dns_query_types",
        include_str!("../asim/dns_query_types.tsv"),
    ),
    (
        "dns_response_codes",
        include_str!("../asim/dns_response_codes.tsv"),
    ),
    (
        "http_status_codes",
        include_str!("../asim/http_status_codes.tsv"),
    ),
];

/// What the watchlists of a session are put for.
const WATCHLISTS: &str = "$watchlists(";

/// The reader of a watchlist where the session has the table of all watchlists.
const RAW_OF_TABLE: &str = "_ASIM_GetWatchlistRawOfTable";

/// A built-in function as its file tells it.
#[derive(Debug)]
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub summary: String,
    /// `(a:string, b:long=1)`, with parentheses.
    pub parameters: String,
    /// Examples with their results.
    pub examples: Vec<(String, String)>,
    text: &'static str,
    stored: OnceLock<Arc<Stored>>,
}

/// All of them, sorted by name.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    read().iter().filter(|b| b.name != RAW_OF_TABLE)
}

/// The reference of one; none when there is none of this name.
pub fn entry(name: &str) -> Option<String> {
    let b = all().find(|b| b.name == name)?;
    let mut out = format!("{}{}\n\n{}\n", b.name, b.parameters, b.summary);
    if !b.examples.is_empty() {
        out.push_str("\nExamples\n");
    }
    for (query, result) in &b.examples {
        let _ = writeln!(out, "  {query}  ->  {result}");
    }
    out.push_str("\nA function of this name that --functions gives counts before it.\n");
    Some(out)
}

fn read() -> &'static [Builtin] {
    static ALL: OnceLock<Vec<Builtin>> = OnceLock::new();
    ALL.get_or_init(|| TEXTS.iter().map(|(name, text)| of(name, text)).collect())
}

fn of(name: &'static str, text: &'static str) -> Builtin {
    let mut summary = String::new();
    let mut examples = Vec::new();
    let mut lines = text.lines();
    let mut parameters = "()";
    for line in lines.by_ref() {
        let Some(comment) = line.strip_prefix("// ") else {
            parameters = line.trim_end_matches('{').trim_end();
            break;
        };
        match comment.split_once(" -> ") {
            Some((query, result)) => examples.push((query.to_owned(), result.to_owned())),
            None => {
                let gap = if summary.is_empty() { "" } else { " " };
                let _ = write!(summary, "{gap}{comment}");
            }
        }
    }
    Builtin {
        name,
        summary,
        parameters: parameters.to_owned(),
        examples,
        text,
        stored: OnceLock::new(),
    }
}

impl Builtin {
    /// The body with its lists, and with what `watchlists` makes of the names of watchlists.
    fn function(&self, watchlists: &dyn Fn(&[&str]) -> String) -> StoredFunction {
        let body = self
            .text
            .split_once(&self.parameters)
            .map_or(self.text, |(_, body)| body);
        StoredFunction {
            name: self.name.to_owned(),
            parameters: self.parameters.clone(),
            body: filled(body, watchlists),
            origin: self.name.to_owned(),
            anchors: Vec::new(),
        }
    }
}

/// The built-in function of a name, if it is the same in every session.
pub(crate) fn stored(name: &str) -> Option<&'static Arc<Stored>> {
    let b = find(name).filter(|b| !b.text.contains(WATCHLISTS))?;
    let none = |_: &[&str]| String::new();
    Some(b.stored.get_or_init(|| Stored::new(b.function(&none))))
}

/// The built-in function of a name whose text depends on the watchlists that a session `has`; `table`: whether it has the
/// table of all watchlists.
pub(crate) fn of_session(
    name: &str,
    has: &dyn Fn(&str) -> bool,
    table: &dyn Fn() -> bool,
) -> Option<StoredFunction> {
    let b = find(name)?;
    if b.name == "_ASIM_GetWatchlistRaw" && table() {
        let mut f = find(RAW_OF_TABLE)?.function(&|_| String::new());
        f.name = name.to_owned();
        return Some(f);
    }
    if !b.text.contains(WATCHLISTS) {
        return None;
    }
    Some(b.function(&|names| {
        let there = names.iter().filter(|n| has(n));
        let lists: Vec<String> = there
            .map(|n| format!("(_GetWatchlist('{n}') | project SearchKey, Source)"))
            .collect();
        if lists.is_empty() {
            "datatable(SearchKey:string, Source:string)[]".to_owned()
        } else {
            format!("union {}", lists.join(", "))
        }
    }))
}

fn find(name: &str) -> Option<&'static Builtin> {
    if !name.starts_with("_ASIM_") {
        return None;
    }
    read().iter().find(|b| b.name == name)
}

/// A text with its lists in place of `$dictionary(list)`, `$rows(list)` and `$watchlists(a, b)`.
fn filled(text: &str, watchlists: &dyn Fn(&[&str]) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let call = after
            .split_once('(')
            .and_then(|(what, a)| Some((what, a.split_once(')')?)));
        let Some((what, (list, behind))) = call else {
            out.push('$');
            rest = after;
            continue;
        };
        match what {
            "dictionary" => dictionary(list, &mut out),
            "rows" => rows(list, &mut out),
            "watchlists" => {
                let names: Vec<&str> = list.split(',').map(str::trim).collect();
                out.push_str(&watchlists(&names));
            }
            // A dollar of the text's own.
            _ => {
                out.push('$');
                rest = after;
                continue;
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The numbers of a list with their names.
fn numbers(list: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = LISTS.iter().find(|(name, _)| *name == list);
    let lines = text.map_or("", |(_, text)| *text).lines();
    lines
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
}

/// A bag of names by number; of two names the first.
fn dictionary(list: &str, out: &mut String) {
    out.push_str("dynamic({");
    let mut last = "";
    for (number, name) in numbers(list).filter(|(n, _)| !n.is_empty()) {
        if number != last {
            let comma = if last.is_empty() { "" } else { "," };
            let _ = write!(out, "{comma}\"{number}\":\"{name}\"");
        }
        last = number;
    }
    out.push_str("})");
}

fn rows(list: &str, out: &mut String) {
    for (i, (number, name)) in numbers(list).enumerate() {
        let comma = if i == 0 { "" } else { "," };
        let _ = write!(out, "{comma}{number},\"{name}\"");
    }
}
