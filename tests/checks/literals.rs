//! Constants as KQL writes them.

use kql_testkit::json::quote;
use kql_types::dynamic::DynRef;
use kql_types::dynamic::json::to_text;
use kql_types::{Dyn, Type, Value, text};

/// A literal for a datatable; none where KQL has no literal for the value.
pub fn literal(v: &Value) -> Option<String> {
    Some(match v {
        Value::Null(Type::String) => "\"\"".to_owned(),
        Value::Null(t) => format!("{t}(null)"),
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => format!("int({n})"),
        Value::Long(n) => format!("long({n})"),
        Value::Real(x) if x.is_nan() => "real(nan)".to_owned(),
        Value::Real(x) if x.is_infinite() => {
            format!("real({}inf)", if *x > 0.0 { "+" } else { "-" })
        }
        Value::Real(x) => format!("real({x:?})"),
        Value::Decimal(d) => format!("decimal({})", text::format_decimal(*d)),
        Value::String(s) => quote(s),
        Value::DateTime(t) => format!("datetime({})", text::format_datetime_iso(*t)),
        Value::TimeSpan(t) => format!("time({})", text::format_timespan(*t)),
        Value::Guid(g) => format!("guid({})", text::format_guid(g)),
        Value::Dynamic(d) => {
            if !is_json(d) {
                return None;
            }
            let mut out = String::new();
            to_text(DynRef::new(&d.to_bytes()), &mut out);
            if let Dyn::String(s) = d {
                out = quote(s);
            }
            format!("dynamic({out})")
        }
    })
}

fn is_json(d: &Dyn) -> bool {
    match d {
        Dyn::Null | Dyn::Bool(_) | Dyn::Long(_) | Dyn::String(_) => true,
        Dyn::Real(x) => x.is_finite(),
        Dyn::Array(a) => a.iter().all(is_json),
        Dyn::Bag(b) => b.iter().all(|(_, v)| is_json(v)),
        _ => false,
    }
}
