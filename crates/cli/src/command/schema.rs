//! `kql schema`

use crate::args::SchemaArgs;
use crate::{diagnostics, input};

/// Prints tables as `name:type` lines.
pub fn schema(args: &SchemaArgs) -> u8 {
    let session = match input::session(&args.session, &[]) {
        Ok(s) => s,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let workspace = session.workspace();
    let names = if args.names.is_empty() {
        workspace.names()
    } else {
        args.names.clone()
    };
    let mut code = 0;
    for name in names {
        match workspace.schema(&name) {
            Some(t) => {
                let mut text = format!("{name}\n");
                for c in t.columns {
                    text.push_str(&format!("  {}:{}\n", c.name, c.ty));
                }
                for c in t.absent {
                    text.push_str(&format!("  {}:{} (not in the data)\n", c.name, c.ty));
                }
                crate::screen::print(&text);
            }
            None => {
                let mut known: Vec<String> = workspace.names();
                known.extend(kql_sources::builtin::names().map(str::to_owned));
                let near = kql_diag::did_you_mean(&name, known.iter().map(String::as_str));
                let hint = near.map_or_else(String::new, |n| format!(" (`{n}` exists)"));
                diagnostics::fault(&format!("table `{name}` not found{hint}"));
                code = 2;
            }
        }
    }
    code
}
