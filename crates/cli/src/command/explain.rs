//! `kql explain`

use crate::args::{Emit, ExplainArgs};
use crate::{diagnostics, input};
use kql_diag::Source;
use kql_engine::Stage;
use std::io::Write;

/// Shows a stage of each query.
pub fn explain(args: &ExplainArgs) -> u8 {
    let loaded = input::queries(&args.queries)
        .and_then(|q| Ok((q, input::session(&args.session, &args.queries.files)?)));
    let (queries, session) = match loaded {
        Ok(l) => l,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let stage = match args.emit {
        Emit::Ast => Stage::Ast,
        Emit::Bound => Stage::Bound,
        Emit::Plan => Stage::Plan,
        Emit::Optimised => Stage::Optimised,
        Emit::Physical => Stage::Physical,
        Emit::Analyze => Stage::Analyze,
    };
    let mut code = 0;
    for q in queries {
        let prepared = session.prepare_source(Source {
            name: q.name,
            text: q.text,
            first_line: q.first_line,
        });
        diagnostics::print(
            &prepared.diagnostics,
            &prepared.sources,
            args.session.diagnostics,
        );
        if prepared.error().is_some() && stage != Stage::Ast {
            code = 1;
            continue;
        }
        match session.explain(&prepared, stage) {
            Ok(text) => {
                if write!(std::io::stdout().lock(), "{text}").is_err() {
                    return code;
                }
            }
            Err(d) => {
                diagnostics::print(&[d], &prepared.sources, args.session.diagnostics);
                code = 1;
            }
        }
    }
    code
}
