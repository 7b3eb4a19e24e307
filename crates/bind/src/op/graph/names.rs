//! How the columns of `graph-match` are called when the query does not say.

use super::scope::FUNCTIONS;
use kql_syntax::ast::{Argument, Expr, ExprKind, Literal};

/// The own name of an item. Other than in `project`, a function of a property gives none.
pub(super) fn of_item(e: &Expr) -> Option<String> {
    match &e.kind {
        ExprKind::Name(n) => Some(n.text.clone()),
        ExprKind::Paren(inner) => of_item(inner),
        ExprKind::Member { base, member } => Some(format!("{}_{}", of_item(base)?, member.text)),
        ExprKind::Index { base, index } => match &index.kind {
            ExprKind::Literal(Literal::String(s)) => Some(format!("{}_{s}", of_item(base)?)),
            ExprKind::Literal(Literal::Long(n)) => Some(format!("{}_{n}", of_item(base)?)),
            _ => None,
        },
        ExprKind::Call { name, arguments } if FUNCTIONS.contains(&name.text.as_str()) => {
            let first = arguments.first().map(|a| &a.value);
            match name.text.as_str() {
                "all" | "any" | "map" => {
                    let path = of_path(first?)?;
                    let value = arguments.get(1).and_then(of_value);
                    Some(format!("{path}_{}", value.unwrap_or("Column".to_owned())))
                }
                other => Some(format!("{other}_{}", of_path(first?)?)),
            }
        }
        _ => None,
    }
}

/// `p`, or `inner_nodes_p`.
fn of_path(e: &Expr) -> Option<String> {
    match &e.kind {
        ExprKind::Name(n) => Some(n.text.clone()),
        ExprKind::Call { name, arguments } if name.text == "inner_nodes" => Some(format!(
            "inner_nodes_{}",
            of_path(&arguments.first()?.value)?
        )),
        _ => None,
    }
}

/// The own name of what stands inside of `all`, `any` and `map`.
fn of_value(a: &Argument) -> Option<String> {
    match &a.value.kind {
        ExprKind::Call { name, arguments }
            if arguments.is_empty() && FUNCTIONS.contains(&name.text.as_str()) =>
        {
            Some(name.text.clone())
        }
        ExprKind::Call { .. } => None,
        _ => of_item(&a.value),
    }
}
