//! Every example of every function runs, and gives the same: folded to a constant, over columns, with nulls between,
//! in batches of one, over slices, unoptimised, and over the strings that scans give.

use crate::literals::literal;
use arrow::array::{ArrayRef, DictionaryArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use datafusion::parquet::arrow::ArrowWriter;
use kql_engine::Session;
use kql_functions::catalog;
use kql_functions::spec::{AggregateLower, Example, FunctionSpec, Lower};
use kql_syntax::ast::{Expr, ExprKind, OperatorKind, Statement};
use kql_testkit::run::{Outcome, PLAIN, Setting, Way, run};
use kql_types::{FunctionCatalog, Nulls, Type, Value, Volatility};
use libtest_mimic::{Failed, Trial};
use std::fmt::Write;
use std::sync::Arc;

/// Functions whose answer depends on more than the values of their arguments: on names, on the other columns.
const BY_NAME: [&str; 4] = ["pack_all", "column_ifexists", "gettype", "typeof"];

pub fn trials() -> Vec<Trial> {
    let mut out = Vec::new();
    for spec in catalog::scalars() {
        out.push(Trial::test(format!("example/{}", spec.name), || {
            scalar(spec)
        }));
    }
    for spec in catalog::aggregates() {
        out.push(Trial::test(format!("example/{}", spec.name), || {
            let refused = matches!(spec.lower, AggregateLower::Refused(_));
            if spec.examples.is_empty() && !refused {
                return Err("has no example".into());
            }
            let mut failed = String::new();
            for e in spec.examples {
                plain(e, &mut failed);
            }
            finish(failed)
        }));
    }
    for b in kql_engine::builtin::all() {
        out.push(Trial::test(format!("example/{}", b.name), || builtin(b)));
    }
    out.push(Trial::test("example_strings_of_scans", strings_of_scans));
    out
}

fn finish(failed: String) -> Result<(), Failed> {
    if failed.is_empty() {
        Ok(())
    } else {
        Err(failed.into())
    }
}

/// The text of an answer, as examples write it.
fn text(v: &Value) -> String {
    if v.is_null() {
        return "null".to_owned();
    }
    match kql_functions::Catalog.fold("tostring", std::slice::from_ref(v), Type::String) {
        Ok(Some(Value::String(s))) => s,
        other => format!("{other:?}"),
    }
}

/// The rows of a query's last table as texts; cells and rows are joined.
fn answer(session: &Session, query: &str) -> Result<String, String> {
    match run(session, query) {
        Outcome::Errors(e, s) => Err(Outcome::Errors(e, s).messages()),
        Outcome::Tables(t) => {
            let rows = t.last().map(|t| t.values()).unwrap_or_default();
            let rows: Vec<String> = rows
                .iter()
                .map(|r| r.iter().map(text).collect::<Vec<_>>().join(","))
                .collect();
            Ok(rows.join(";"))
        }
    }
}

fn is_query(text: &str) -> bool {
    [
        "datatable",
        "print ",
        "range x",
        "range i",
        "range n",
        "let ",
        "union ",
        "set ",
    ]
    .iter()
    .any(|w| text.starts_with(w))
}

/// The example in the ways that need no look at its arguments. Whether it is as it says.
fn plain(e: &Example, failed: &mut String) -> bool {
    let query = if is_query(e.query) {
        e.query.to_owned()
    } else {
        format!("print v = {}", e.query)
    };
    let ways = [
        PLAIN,
        Way {
            threads: 1,
            batch_size: 1,
            optimise: false,
        },
        Way {
            threads: 4,
            batch_size: 2,
            optimise: true,
        },
    ];
    for way in ways {
        let got = answer(&Setting::default().session(way), &query);
        if got.as_deref() != Ok(e.result) {
            let _ = writeln!(
                failed,
                "{query}\n  {way:?}\n  says  {}\n  gives {got:?}",
                e.result
            );
            return false;
        }
    }
    true
}

/// An expression with the places of its operands that may be columns.
struct Shape {
    text: String,
    operands: Vec<(usize, usize)>,
}

const PREFIX: &str = "print v = ";

fn shape(session: &Session, expression: &str) -> Option<Shape> {
    let text = format!("{PREFIX}{expression}");
    let prepared = session.prepare(&text, "example");
    let Statement::Query { expr, .. } = prepared.ast.statements.last()? else {
        return None;
    };
    let ExprKind::Pipe { operators, .. } = &expr.kind else {
        return None;
    };
    let OperatorKind::Print { items } = &operators.first()?.kind else {
        return None;
    };
    let mut value = &items.first()?.value;
    while let ExprKind::Paren(inner) = &value.kind {
        value = inner;
    }
    let operands: Vec<&Expr> = match &value.kind {
        ExprKind::Call { arguments, .. } => arguments.iter().map(|a| &a.value).collect(),
        ExprKind::Unary { operand, .. } => vec![operand],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        ExprKind::And(all) | ExprKind::Or(all) => all.iter().collect(),
        ExprKind::In { value, list, .. } => std::iter::once(&**value).chain(list).collect(),
        ExprKind::Between {
            value, low, high, ..
        } => vec![value, low, high],
        _ => return None,
    };
    let operands = operands
        .into_iter()
        .filter(|e| {
            !matches!(
                e.kind,
                ExprKind::TypeOf(_)
                    | ExprKind::Star
                    | ExprKind::Name(_)
                    | ExprKind::Pipe { .. }
                    | ExprKind::DataTable { .. }
            )
        })
        .filter_map(|e| {
            Some((
                usize::try_from(e.span.start).ok()?,
                usize::try_from(e.span.end).ok()?,
            ))
        })
        .collect();
    Some(Shape { text, operands })
}

impl Shape {
    /// The operand's value.
    fn value(&self, session: &Session, i: usize) -> Option<Value> {
        let (a, b) = self.operands[i];
        match run(session, &format!("{PREFIX}({})", self.text.get(a..b)?)) {
            Outcome::Tables(t) => t.last()?.values().first()?.first().cloned(),
            Outcome::Errors(..) => None,
        }
    }

    /// The expression with these operands as columns `a0`, `a1`, ...
    fn with_columns(&self, columns: &[usize]) -> String {
        let mut out = self.text.clone();
        for i in columns.iter().rev() {
            let (a, b) = self.operands[*i];
            out.replace_range(a..b, &format!("__a{i}"));
        }
        out[PREFIX.len()..].to_owned()
    }
}

/// A datatable with columns `__a0`, ...
fn table(columns: &[(usize, Type)], rows: &[Vec<Value>]) -> Option<String> {
    let mut out = "datatable(__i:long".to_owned();
    for (i, t) in columns {
        let _ = write!(out, ", __a{i}:{t}");
    }
    out.push_str(")[");
    for (n, row) in rows.iter().enumerate() {
        let _ = write!(out, "{n}, ");
        for v in row {
            let _ = write!(out, "{}, ", literal(v)?);
        }
    }
    out.push(']');
    Some(out)
}

fn null(t: Type) -> Value {
    match t {
        Type::String => Value::String(String::new()),
        t => Value::Null(t),
    }
}

/// The operands of an example that may be columns, each tried alone; what fails over columns is told in `failed`.
fn over_columns(spec: &FunctionSpec, e: &Example, failed: &mut String) {
    let session = Setting::default().session(PLAIN);
    let Some(shape) = shape(&session, e.query) else {
        return;
    };
    let mut may: Vec<(usize, Value)> = Vec::new();
    for i in 0..shape.operands.len() {
        let Some(v) = shape.value(&session, i) else {
            continue;
        };
        let ty = v.ty();
        let rows = vec![vec![v.clone()], vec![null(ty)], vec![v.clone()]];
        let Some(table) = table(&[(i, ty)], &rows) else {
            continue;
        };
        let query = format!(
            "{table} | extend v = {} | project v",
            shape.with_columns(&[i])
        );
        let prepared = session.prepare(&query, "example");
        if prepared.error().is_some() {
            continue; // a constant is required here
        }
        match answer(&session, &query) {
            // "" may be refused as a part, a pattern, the name of a format.
            Err(m) if ty == Type::String && m.contains("KQL0508") => {}
            Err(m) => {
                let _ = writeln!(failed, "{query}\n  {m}");
            }
            Ok(got) => {
                // Rows may hold `;` themselves.
                let inner = got
                    .strip_prefix(e.result)
                    .and_then(|g| g.strip_suffix(e.result))
                    .and_then(|g| g.strip_prefix(';')?.strip_suffix(';'));
                match inner {
                    None => {
                        let _ = writeln!(
                            failed,
                            "{query}\n  says  {} for the first and last row\n  gives {got}",
                            e.result
                        );
                    }
                    Some(of_null) => {
                        let strict = spec.nulls == Nulls::Strict
                            && ty != Type::String
                            && matches!(spec.lower, Lower::Kernel(_));
                        if strict && !of_null.is_empty() && of_null != "null" {
                            let _ = writeln!(failed, "{query}\n  gives {of_null} for a null");
                        }
                        may.push((i, v));
                    }
                }
            }
        }
    }
    if may.is_empty() {
        return;
    }
    let columns: Vec<(usize, Type)> = may.iter().map(|(i, v)| (*i, v.ty())).collect();
    let row: Vec<Value> = may.iter().map(|(_, v)| v.clone()).collect();
    // A text keeps its value: "" may be refused as a part or a pattern.
    let nulls: Vec<Value> = row
        .iter()
        .map(|v| match v {
            Value::String(_) => v.clone(),
            v => null(v.ty()),
        })
        .collect();
    let rows = vec![row.clone(), nulls, row.clone(), row.clone(), row];
    let Some(table) = table(&columns, &rows) else {
        return;
    };
    let all: Vec<usize> = columns.iter().map(|c| c.0).collect();
    let query = format!(
        "{table} | sort by __i asc | extend v = {} | where __i != 1 | project v",
        shape.with_columns(&all)
    );
    if session.prepare(&query, "example").error().is_some() {
        return; // the arguments may be columns one by one only
    }
    let want = [e.result; 4].join(";");
    for way in [
        PLAIN,
        Way {
            threads: 1,
            batch_size: 2,
            optimise: true,
        },
        Way {
            threads: 4,
            batch_size: 1,
            optimise: false,
        },
    ] {
        let got = answer(&Setting::default().session(way), &query);
        if got.as_ref() != Ok(&want) {
            let _ = writeln!(
                failed,
                "{query}\n  {way:?}\n  says  {want}\n  gives {got:?}"
            );
            return;
        }
    }
}

fn scalar(spec: &FunctionSpec) -> Result<(), Failed> {
    if spec.examples.is_empty() && !matches!(spec.lower, Lower::Refused(_) | Lower::Unanswered(_)) {
        return Err("has no example".into());
    }
    let mut failed = String::new();
    for e in spec.examples {
        if plain(e, &mut failed)
            && !is_query(e.query)
            && spec.volatility == Volatility::Immutable
            && !BY_NAME.contains(&spec.name)
        {
            over_columns(spec, e, &mut failed);
        }
    }
    finish(failed)
}

/// The examples of a stored function that is built in.
fn builtin(b: &'static kql_engine::builtin::Builtin) -> Result<(), Failed> {
    let mut failed = String::new();
    for (query, result) in &b.examples {
        let e = Example {
            query: query.as_str(),
            result: result.as_str(),
        };
        plain(&e, &mut failed);
    }
    finish(failed)
}

/// The same examples, with each string operand from a CSV file and from a Parquet file with a dictionary.
fn strings_of_scans() -> Result<(), Failed> {
    let session = Setting::default().session(PLAIN);
    let mut strings: Vec<String> = Vec::new();
    let mut calls: Vec<(&Example, usize, String)> = Vec::new();
    for spec in catalog::scalars() {
        if spec.volatility != Volatility::Immutable || BY_NAME.contains(&spec.name) {
            continue;
        }
        for e in spec.examples.iter().filter(|e| !is_query(e.query)) {
            let Some(shape) = shape(&session, e.query) else {
                continue;
            };
            for i in 0..shape.operands.len() {
                let Some(Value::String(s)) = shape.value(&session, i) else {
                    continue;
                };
                let table = format!("datatable(__i:long, __a{i}:string)[]");
                let rest = format!("extend v = {} | project v", shape.with_columns(&[i]));
                if session
                    .prepare(&format!("{table} | {rest}"), "example")
                    .error()
                    .is_some()
                {
                    continue;
                }
                calls.push((e, strings.len(), rest.replace(&format!("__a{i}"), "s")));
                strings.push(s);
            }
        }
    }
    let dir = tempfile::tempdir()?;
    let mut csv = "id,s\n".to_owned();
    for (i, s) in strings.iter().enumerate() {
        let _ = writeln!(csv, "{i},\"{}\"", s.replace('"', "\"\""));
    }
    std::fs::write(dir.path().join("Text.csv"), csv)?;
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values((0i64..).take(strings.len())));
    let plain: ArrayRef = Arc::new(StringArray::from_iter_values(&strings));
    let dictionary: DictionaryArray<Int32Type> = strings.iter().map(String::as_str).collect();
    let batch =
        RecordBatch::try_from_iter([("id", ids), ("s", Arc::new(dictionary)), ("plain", plain)])?;
    let file = std::fs::File::create(dir.path().join("Dictionary.parquet"))?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None)?;
    writer.write(&batch)?;
    writer.close()?;
    let session = Setting {
        data: vec![dir.path().to_owned()],
        ..Setting::default()
    }
    .session(PLAIN);
    let mut failed = String::new();
    let per_table: Vec<(&str, &str)> =
        vec![("Text", "s"), ("Dictionary", "s"), ("Dictionary", "plain")];
    let answers = crate::conformance::parallel(&calls, |(e, id, rest)| {
        let mut failed = String::new();
        for (table, column) in &per_table {
            let query = format!("{table} | where id == {id} | project s = {column} | {rest}");
            let got = answer(&session, &query);
            if got.as_deref() != Ok(e.result) {
                let _ = writeln!(failed, "{query}\n  says  {}\n  gives {got:?}", e.result);
            }
        }
        failed
    });
    failed.extend(answers);
    finish(failed)
}
