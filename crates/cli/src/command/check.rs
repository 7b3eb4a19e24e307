//! `kql check`

use crate::args::CheckArgs;
use crate::{diagnostics, input};
use kql_diag::Source;
use serde::Serialize;
use std::io::Write;

#[derive(Serialize)]
struct Checked<'a> {
    query: &'a str,
    ok: bool,
    columns: Option<Vec<ColumnJson>>,
    tables: &'a [String],
    functions: &'a [String],
    diagnostics: Vec<diagnostics::DiagnosticJson>,
}

#[derive(Serialize)]
struct ColumnJson {
    name: String,
    #[serde(rename = "type")]
    ty: &'static str,
}

/// Parses and binds; known tables without data count as they are known.
pub fn check(args: &CheckArgs) -> u8 {
    let mut session_args = crate::args::SessionArgs {
        empty_tables: true,
        ..copy(&args.session)
    };
    session_args.empty_tables = true;
    let loaded = input::queries(&args.queries).and_then(|q| {
        Ok((
            q,
            input::session(&session_args, &args.queries.files)?.only_binding(),
        ))
    });
    let (queries, session) = match loaded {
        Ok(l) => l,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let mut code = 0;
    let mut out = std::io::stdout().lock();
    for q in queries {
        let prepared = session.prepare_source(Source {
            name: q.name.clone(),
            text: q.text,
            first_line: q.first_line,
        });
        let ok = prepared.error().is_none();
        if !ok {
            code = 1;
        }
        if args.json {
            let columns = prepared.columns().map(|c| {
                c.into_iter()
                    .map(|c| ColumnJson {
                        name: c.name,
                        ty: c.ty.name(),
                    })
                    .collect()
            });
            let checked = Checked {
                query: &q.name,
                ok,
                columns,
                tables: &prepared.tables,
                functions: &prepared.functions,
                diagnostics: prepared
                    .diagnostics
                    .iter()
                    .map(|d| diagnostics::to_json(d, &prepared.sources))
                    .collect(),
            };
            let line = serde_json::to_string(&checked).unwrap_or_default();
            if writeln!(out, "{line}").is_err() {
                return code;
            }
        } else {
            diagnostics::print(
                &prepared.diagnostics,
                &prepared.sources,
                args.session.diagnostics,
            );
        }
    }
    code
}

fn copy(a: &crate::args::SessionArgs) -> crate::args::SessionArgs {
    crate::args::SessionArgs {
        data: a.data.clone(),
        external: a.external.clone(),
        functions: a.functions.clone(),
        param: a.param.clone(),
        now: a.now.clone(),
        full_schema: a.full_schema,
        ..Default::default()
    }
}
