//! How result columns are called when the query does not say.

use crate::plan::Field;
use kql_syntax::ast::{Argument, Expr, ExprKind, Literal};
use kql_types::{FunctionCatalog, ResultName};
use std::collections::HashSet;

/// The name that an expression has of itself, if any: a column's name, `a_b` of a path, what a function takes from its
/// first argument.
pub fn of_expr(e: &Expr, catalog: &dyn FunctionCatalog) -> Option<String> {
    match &e.kind {
        ExprKind::Name(n) => Some(n.text.clone()),
        ExprKind::Paren(inner) => of_expr(inner, catalog),
        ExprKind::Member { base, member } => {
            let base_name = of_expr(base, catalog)?;
            if matches!(&base.kind, ExprKind::Name(n) if n.text == "$left" || n.text == "$right") {
                return Some(member.text.clone());
            }
            Some(format!("{base_name}_{}", member.text))
        }
        ExprKind::Index { base, index } => {
            let base = of_expr(base, catalog)?;
            match &index.kind {
                ExprKind::Literal(Literal::String(s)) => Some(format!("{base}_{s}")),
                ExprKind::Literal(Literal::Long(n)) => Some(format!("{base}_{n}")),
                ExprKind::Unary {
                    op: kql_syntax::ast::UnaryOp::Minus,
                    operand,
                } => match &operand.kind {
                    ExprKind::Literal(Literal::Long(n)) => Some(format!("{base}__{n}")),
                    _ => None,
                },
                _ => None,
            }
        }
        ExprKind::Call { name, arguments } => {
            let facts = catalog
                .aggregate(&name.text)
                .or_else(|| catalog.scalar(&name.text))?;
            let first = arguments.first().map(|a| &a.value);
            let first_name = || first.and_then(|a| of_expr(a, catalog));
            match facts.result_name {
                ResultName::None
                    if facts.kind == kql_types::FunctionKind::Aggregate
                        && matches!(facts.name, "percentile" | "percentilew") =>
                {
                    of_percentile(arguments, catalog, facts.name)
                }
                ResultName::None | ResultName::Columns(_) | ResultName::Sorted => None,
                ResultName::FirstArgument => first_name(),
                ResultName::OnlyArgument if arguments.len() == 1 => first_name(),
                ResultName::OnlyArgument => None,
                ResultName::Prefix(p) => Some(format!("{p}_{}", first_name().unwrap_or_default())),
                ResultName::PrefixOnly(p) => Some(p.to_owned()),
                ResultName::FirstArgumentValue => match first.map(|a| &a.kind) {
                    Some(ExprKind::Literal(Literal::String(s))) => Some(s.clone()),
                    _ => first_name(),
                },
            }
        }
        _ => None,
    }
}

/// The name of a `column_ifexists` that is bound to `value`: the column's, where that exists.
pub fn of_existing(e: &Expr, value: &crate::plan::Expr, fields: &[Field]) -> Option<String> {
    match (&e.kind, &value.kind) {
        (ExprKind::Paren(inner), _) => of_existing(inner, value, fields),
        (ExprKind::Call { name, arguments }, crate::plan::ExprKind::Column(id))
            if matches!(name.text.as_str(), "column_ifexists" | "columnifexists") =>
        {
            let first = arguments.first()?.value.span;
            // A default that is a column gives no name.
            let is_first = (first.start, first.end) == (value.span.start, value.span.end);
            let field = fields.iter().find(|f| f.id == *id && is_first)?;
            Some(field.name.clone())
        }
        _ => None,
    }
}

/// As [`of_expr`] for an item of `distinct`, where `gettype(x)` itself gives no name (the engine's own answer).
pub fn of_distinct(e: &Expr, catalog: &dyn FunctionCatalog) -> Option<String> {
    let mut at = e;
    while let ExprKind::Call { name, arguments } = &at.kind {
        if name.text == "gettype" {
            return None;
        }
        let passes = catalog
            .scalar(&name.text)
            .is_some_and(|f| f.result_name == ResultName::FirstArgument);
        match arguments.first() {
            Some(a) if passes => at = &a.value,
            _ => break,
        }
    }
    of_expr(e, catalog)
}

/// A percentage inside a column's name: 99.9 is `99_9`.
pub(crate) fn of_percentage(e: &Expr) -> String {
    match &e.kind {
        ExprKind::Literal(Literal::Long(n)) => n.to_string(),
        ExprKind::Literal(Literal::Int(n)) => n.to_string(),
        ExprKind::Literal(Literal::Real(x)) => x.to_string().replace('.', "_"),
        ExprKind::Paren(inner) => of_percentage(inner),
        _ => String::new(),
    }
}

/// `percentile_x_50`, or `percentiles_x` of those that give an array.
pub(crate) fn of_percentile(
    arguments: &[Argument],
    catalog: &dyn FunctionCatalog,
    function: &str,
) -> Option<String> {
    let base = arguments
        .first()
        .and_then(|a| of_expr(&a.value, catalog))
        .unwrap_or_default();
    if function.contains("_array") {
        return Some(format!("percentiles_{base}"));
    }
    let p = arguments
        .get(if function == "percentilew" { 2 } else { 1 })
        .map(|a| of_percentage(&a.value))
        .unwrap_or_default();
    Some(format!("percentile_{base}_{p}"))
}

/// Makes names unique the way Kusto does: `x`, `x1`, `x2`, ...
#[derive(Debug, Default)]
pub struct Unique {
    taken: HashSet<String>,
    /// The next `ColumnN`.
    next: usize,
}

impl Unique {
    /// Names that are taken already.
    pub fn over(fields: &[Field]) -> Self {
        Unique {
            taken: fields.iter().map(|f| f.name.clone()).collect(),
            next: 1,
        }
    }

    /// None taken.
    pub fn new() -> Self {
        Unique {
            taken: HashSet::new(),
            next: 1,
        }
    }

    /// Takes a name as it is; whether it was free.
    pub fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// The name, or it with the first free number.
    pub fn of(&mut self, name: &str) -> String {
        let mut out = name.to_owned();
        let mut n = 1;
        while !self.taken.insert(out.clone()) {
            out = format!("{name}{n}");
            n += 1;
        }
        out
    }

    /// `Column1`, `Column2`, ...
    pub fn column(&mut self) -> String {
        loop {
            let name = format!("Column{}", self.next);
            self.next += 1;
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}
