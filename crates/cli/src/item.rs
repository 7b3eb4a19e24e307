//! What a content item runs as.

use kql_content::{FunctionText, Item, Kind, Period};
use kql_diag::Source;
use kql_engine::{Session, StoredFunction};
use kql_syntax::ast;

/// The session and the text with which an item runs. `ranged`: the user gave a time range, which counts.
pub fn prepare(item: &Item, session: &Session, ranged: bool) -> (Session, Source) {
    prepared(item, session, ranged, call)
}

/// The same for a check.
pub fn prepare_check(item: &Item, session: &Session) -> (Session, Source) {
    prepared(item, session, true, check_call)
}

fn prepared(
    item: &Item,
    session: &Session,
    ranged: bool,
    call: fn(&FunctionText) -> String,
) -> (Session, Source) {
    let mut session = session.clone();
    if !ranged
        && session.timespan().is_none()
        && let Some(range) = item.query.period.and_then(|p| range(p, session.now()))
    {
        session = session.with_timespan(range);
    }
    if item.kind == Kind::ResourceGraph {
        session = session.with_resource_graph();
    }
    if item.kind != Kind::Function {
        return (session, item.query.source());
    }
    // A function runs as a call of itself.
    let Some(first) = item.functions.first() else {
        return (session, item.query.source());
    };
    for f in &item.functions {
        session = session.with_function(stored(f, &item.query.name));
    }
    let name = item.query.name.clone();
    (session, Source::new(name, call(first)))
}

/// A function of a file as one that queries may call.
pub fn stored(f: &FunctionText, origin: &str) -> StoredFunction {
    StoredFunction {
        name: f.name.clone(),
        parameters: f.parameters.clone(),
        body: f.body.clone(),
        origin: origin.to_owned(),
        anchors: f.anchors.clone(),
    }
}

/// `name`, which calls a function with its defaults.
fn call(f: &FunctionText) -> String {
    format!("['{}']()", f.name)
}

/// The text that binds a function: a call of it, with a stand-in for each parameter without a default.
pub fn check_call(f: &FunctionText) -> String {
    let parsed = kql_syntax::parse(&format!("let f = {} {{ print 1 }};", f.parameters));
    let Some(ast::Statement::LetFunction { function, .. }) = parsed.query.statements.first() else {
        return call(f);
    };
    let mut table = false;
    let mut arguments = Vec::new();
    for p in &function.parameters {
        match &p.kind {
            ast::ParameterKind::Table { .. } => table = true,
            ast::ParameterKind::Scalar(_) if p.default.is_some() => {}
            ast::ParameterKind::Scalar(ty) => {
                let value = match ty.text.as_str() {
                    "string" => "''".to_owned(),
                    ty => format!("{ty}(null)"),
                };
                arguments.push(format!("{}={value}", p.name.text));
            }
        }
    }
    let arguments = arguments.join(", ");
    if table {
        format!(
            "datatable(TimeGenerated:datetime)[] | invoke ['{}']({arguments})",
            f.name
        )
    } else {
        format!("['{}']({arguments})", f.name)
    }
}

/// The time that a query looks at, both ends within.
pub fn range(period: Period, now: i64) -> Option<(i64, i64)> {
    match period {
        Period::Last(ticks) => Some((now.checked_sub(ticks)?, now)),
        Period::Bin { size, delay } => {
            let ready = now.checked_sub(delay)?;
            let end = ready - ready.rem_euclid(size);
            Some((end.checked_sub(size)?, end - 1))
        }
    }
}
