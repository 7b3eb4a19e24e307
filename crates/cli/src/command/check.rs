//! `kql check`

use crate::args::CheckArgs;
use crate::{diagnostics, input};
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
    let session_args = crate::args::SessionArgs {
        empty_tables: true,
        ..args.session.clone()
    };
    let loaded = input::values(&session_args, true)
        .and_then(|v| input::load(&args.queries, &v))
        .and_then(|q| {
            Ok((
                q,
                input::session(&session_args, &args.queries.files)?.only_binding(),
            ))
        });
    let (files, session) = match loaded {
        Ok(l) => l,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let mut code = 0;
    let mut out = std::io::stdout().lock();
    let how = args.session.diagnostics;
    for (file, item) in files
        .iter()
        .flat_map(|f| f.items.iter().map(move |i| (f, i)))
    {
        let q = &item.query;
        if !diagnostics::of_file(file, how) {
            code = 1;
        }
        if item.kind == kql_content::Kind::Watchlist {
            continue;
        }
        let (session, source) = crate::item::prepare(item, &session, true);
        let prepared = session.prepare_source(source);
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
