//! Tables of calls and the texts of their answers; each call is made in every way that a query may.
#![allow(dead_code, unused_imports)]

#[path = "../call/mod.rs"]
mod call;

pub use call::{l, s};
use kql_types::dynamic::json::{parse_json, to_text};
use kql_types::dynamic::{DynRef, DynWriter};
use kql_types::{Type, Value};

/// A dynamic constant from JSON.
pub fn d(json: &str) -> Value {
    let mut w = DynWriter::new();
    assert!(parse_json(json, &mut w), "{json}");
    match DynRef::new(&w.bytes) {
        DynRef::Null => Value::Null(Type::Dynamic),
        v => Value::Dynamic(v.to_dyn()),
    }
}

/// The text of the answer; `null` for null.
pub fn answer(name: &str, args: &[Value], returns: Type) -> String {
    // Some arguments are constants in KQL.
    let columns: Vec<usize> = match name {
        "extract_json" => vec![1],
        "parse_command_line" => vec![0],
        _ => (0..args.len()).collect(),
    };
    match call::try_ask(name, args, returns, &columns) {
        Ok(v) if v.is_null() => "null".to_owned(),
        Ok(v) => {
            let mut out = String::new();
            to_text(DynRef::new(&v.to_dyn().to_bytes()), &mut out);
            out
        }
        Err(e) => format!("error: {e}"),
    }
}

/// `"name"(arguments) => "text";` for one type of result.
#[macro_export]
macro_rules! cases {
    ($returns:expr; $($name:literal ($($arg:expr),* $(,)?) => $want:expr;)*) => {$(
        assert_eq!(
            $crate::answers::answer($name, &[$($arg),*], $returns),
            $want,
            "{} {:?}", $name, [$($arg),*] as [kql_types::Value; _]
        );
    )*};
}
