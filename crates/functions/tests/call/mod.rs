//! Calls a kernel in every way that a query may, and demands one answer.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use arrow::array::Array;
use kql_functions::adapter::{Args, Column, array_from_values};
use kql_functions::catalog::{call, find};
use kql_functions::spec::Lower;
use kql_types::{Dyn, Nulls, Type, Value};

/// A string constant.
pub fn s(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// A long constant.
pub fn l(n: i64) -> Value {
    Value::Long(n)
}

/// A dynamic constant from JSON.
pub fn d(json: &str) -> Value {
    fn tree(v: &serde_json::Value) -> Dyn {
        match v {
            serde_json::Value::Null => Dyn::Null,
            serde_json::Value::Bool(b) => Dyn::Bool(*b),
            serde_json::Value::Number(n) => n
                .as_i64()
                .map_or_else(|| Dyn::Real(n.as_f64().unwrap()), Dyn::Long),
            serde_json::Value::String(s) => Dyn::String(s.clone()),
            serde_json::Value::Array(a) => Dyn::Array(a.iter().map(tree).collect()),
            serde_json::Value::Object(o) => {
                Dyn::Bag(o.iter().map(|(k, v)| (k.clone(), tree(v))).collect())
            }
        }
    }
    Value::Dynamic(tree(&serde_json::from_str(json).unwrap()))
}

/// The answer, or the error's message. `columns` are the arguments that may be columns; all others stay constant.
pub fn try_ask(
    name: &str,
    args: &[Value],
    returns: Type,
    columns: &[usize],
) -> Result<Value, String> {
    let spec = find(name).unwrap_or_else(|| panic!("{name} is not there"));
    let Lower::Kernel(kernel) = spec.lower else {
        panic!("{name} has no kernel");
    };
    let run = |is_column: &dyn Fn(usize) -> bool, sliced: bool| -> Result<Value, String> {
        let made: Vec<Column> = args
            .iter()
            .enumerate()
            .map(|(i, v)| {
                if !is_column(i) {
                    return Column::constant(v);
                }
                // Another value, a null, the value, the value.
                let mut other = args.to_vec();
                other.rotate_left(1);
                let other = other
                    .into_iter()
                    .find(|o| o.ty() == v.ty() && o != v)
                    .unwrap_or(Value::null(v.ty()));
                let all = [other, Value::null(v.ty()), v.clone(), v.clone()];
                let array = array_from_values(v.ty(), &all).unwrap();
                let array = if sliced { array.slice(2, 2) } else { array };
                Column::new(array, v.ty())
            })
            .collect();
        let any = (0..args.len()).any(is_column);
        let rows = match (any, sliced) {
            (false, _) => 1,
            (true, true) => 2,
            (true, false) => 4,
        };
        let out = call(
            kernel,
            spec.nulls,
            &Args {
                columns: &made,
                rows,
                returns,
            },
        )
        .map_err(|e| e.0)?;
        assert_eq!(out.len(), rows, "{name} {args:?}");
        assert_eq!(
            *out.data_type(),
            kql_functions::adapter::arrow_type(returns),
            "{name}"
        );
        let column = Column::new(out, returns);
        let any = column.any().unwrap();
        let last = any.to_value(rows - 1);
        if rows > 1 {
            assert_eq!(format!("{last:?}"), format!("{:?}", any.to_value(rows - 2)));
        }
        Ok(last)
    };
    let folded = run(&|_| false, false);
    for sliced in [false, true] {
        let mut ways: Vec<Vec<usize>> = columns.iter().map(|c| vec![*c]).collect();
        ways.push(columns.to_vec());
        for way in ways {
            let got = run(&|i| way.contains(&i), sliced);
            // Other rows of the column may fail where this one does not.
            if got.is_ok() || folded.is_err() {
                assert_eq!(
                    format!("{got:?}"),
                    format!("{folded:?}"),
                    "{name} {args:?} with columns {way:?}, sliced: {sliced}"
                );
            }
        }
    }
    folded
}

/// The answer of a call whose arguments may all be columns.
pub fn ask(name: &str, args: &[Value], returns: Type) -> Value {
    let all: Vec<usize> = (0..args.len()).collect();
    try_ask(name, args, returns, &all).unwrap_or_else(|e| panic!("{name} {args:?}: {e}"))
}

/// The answer of a call of which only some arguments may be columns.
pub fn ask_with(name: &str, args: &[Value], returns: Type, columns: &[usize]) -> Value {
    try_ask(name, args, returns, columns).unwrap_or_else(|e| panic!("{name} {args:?}: {e}"))
}

/// What a null gives under [`Nulls::Strict`].
pub fn strict(name: &str) -> bool {
    find(name).is_some_and(|s| s.nulls == Nulls::Strict)
}
