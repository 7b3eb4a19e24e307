//! The reference of functions as text, from what each says of itself: for `kql functions` and for `docs/functions.md`.

use crate::catalog;
use crate::spec::{AggregateLower, Example, Lower};
use kql_types::signature::{Class, Returns};
use kql_types::{Signature, Type};
use std::fmt::Write;

/// What one name says of itself.
struct Entry {
    summary: &'static str,
    signatures: &'static [Signature],
    examples: &'static [Example],
    differs: &'static str,
    refused: Option<&'static str>,
    unanswered: Option<&'static str>,
}

fn find(name: &str) -> Option<Entry> {
    if let Some(s) = catalog::find(name) {
        return Some(Entry {
            summary: s.summary,
            signatures: s.signatures,
            examples: s.examples,
            differs: s.differs,
            refused: match s.lower {
                Lower::Refused(why) => Some(why),
                _ => None,
            },
            unanswered: match s.lower {
                Lower::Unanswered(why) => Some(why),
                _ => None,
            },
        });
    }
    let a = catalog::find_aggregate(name)?;
    Some(Entry {
        summary: a.summary,
        signatures: a.signatures,
        examples: a.examples,
        differs: a.differs,
        refused: match a.lower {
            AggregateLower::Refused(why) => Some(why),
            _ => None,
        },
        unanswered: None,
    })
}

/// Why a name of the catalog is refused.
pub fn refused(name: &str) -> Option<&'static str> {
    find(name)?.refused
}

/// Why a name that binds does not run.
pub fn unanswered(name: &str) -> Option<&'static str> {
    find(name)?.unanswered
}

/// The first sentence or two about a name.
pub fn summary(name: &str) -> Option<&'static str> {
    find(name).map(|e| e.summary)
}

/// A class of types as people say it.
fn class(c: Class) -> String {
    match c {
        Class::Of(t) => t.name().to_owned(),
        Class::OneOf(types) => {
            let names: Vec<&str> = types.iter().map(|t| Type::name(*t)).collect();
            names.join("|")
        }
        Class::Scalar | Class::CommonScalar | Class::CommonScalarOrDynamic => "scalar".to_owned(),
        Class::NotDynamic => "scalar but dynamic".to_owned(),
        Class::NotBool => "scalar but bool".to_owned(),
        Class::NotRealOrBool => "scalar but real or bool".to_owned(),
        Class::Integer => "int|long".to_owned(),
        Class::Number => "number".to_owned(),
        Class::NumberOrBool => "number|bool".to_owned(),
        Class::Summable => "number|datetime|timespan".to_owned(),
        Class::Orderable | Class::CommonOrderable => "number|datetime|timespan|string".to_owned(),
        Class::StringOrDynamic => "string|dynamic".to_owned(),
        Class::DynamicArray => "dynamic array".to_owned(),
        Class::DynamicBag => "dynamic bag".to_owned(),
        Class::Parameter0 => "type of the first".to_owned(),
        Class::Parameter1 => "type of the second".to_owned(),
        Class::TypeLiteral => "typeof()".to_owned(),
        Class::Table => "table".to_owned(),
        Class::ScalarOrStar => "scalar|*".to_owned(),
    }
}

/// `name(a:type [, b:type]) -> type`
pub fn signature(name: &str, s: &Signature) -> String {
    let mut out = format!("{name}(");
    for (i, p) in s.params.iter().enumerate() {
        let optional = p.min == 0;
        out.push_str(match (optional, i) {
            (false, 0) => "",
            (false, _) => ", ",
            (true, 0) => "[",
            (true, _) => " [, ",
        });
        let _ = write!(out, "{}:{}", p.name, class(p.class));
        if p.max > 1 {
            out.push_str(", ...");
        }
        if optional {
            out.push(']');
        }
    }
    out.push(')');
    match s.returns {
        Returns::Of(t) => {
            let _ = write!(out, " -> {t}");
        }
        Returns::Param(i) | Returns::ParamPromoted(i) => {
            if let Some(p) = s.params.get(i) {
                let _ = write!(out, " -> type of {}", p.name);
            }
        }
        _ => {}
    }
    out
}

/// The reference of one function or aggregate; none when there is none of this name.
pub fn entry(name: &str) -> Option<String> {
    let e = find(name)?;
    let mut out = String::new();
    for s in e.signatures {
        let _ = writeln!(out, "{}", signature(name, s));
    }
    let _ = writeln!(out, "\n{}", e.summary);
    for p in e.signatures.first().map(|s| s.params).unwrap_or_default() {
        let _ = writeln!(out, "  {:16} {}", p.name, p.doc);
    }
    if !e.examples.is_empty() {
        let _ = writeln!(out, "\nExamples");
        for x in e.examples {
            let _ = writeln!(out, "  {}  ->  {}", x.query, x.result);
        }
    }
    if let Some(why) = e.refused {
        let _ = writeln!(out, "\nNot supported: {why}");
    }
    if let Some(why) = e.unanswered {
        let _ = writeln!(out, "\nIt is checked, and does not run: {why}");
    }
    if !e.differs.is_empty() {
        let _ = writeln!(out, "\nDiffers from Kusto: {}", e.differs);
    }
    Some(out)
}
