//! `kql explain`

use crate::args::{Emit, ExplainArgs};
use crate::{diagnostics, input};
use kql_engine::Stage;
use std::io::Write;

/// Shows a stage of each query.
pub fn explain(args: &ExplainArgs) -> u8 {
    let loaded = input::values(&args.session, false)
        .and_then(|v| input::load(&args.queries, &v))
        .and_then(|q| Ok((q, input::session(&args.session, &args.queries.files)?)));
    let (files, session) = match loaded {
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
    for file in files {
        let how = args.session.diagnostics;
        if !diagnostics::of_file(&file, how) {
            code = 1;
            continue;
        }
        for item in file.items {
            if !diagnostics::of_query(&item.query, &file.source, how) {
                code = 1;
                continue;
            }
            let prepared = session.prepare_source(item.query.source());
            diagnostics::print(&prepared.diagnostics, &prepared.sources, how);
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
                    diagnostics::print(&[d], &prepared.sources, how);
                    code = 1;
                }
            }
        }
    }
    code
}
