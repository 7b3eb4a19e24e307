//! Functions that give several columns at once: `series_stats(x)` is `series_stats_x_min`, `series_stats_x_max`, ...

use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::names::of_expr;
use crate::plan::{Expr, PathStep};
use kql_syntax::ast;
use kql_types::{ResultName, Type};

/// The columns of one item: what the query or the function calls it, whether the query spells the name, its value.
pub(super) type Columns = Vec<(String, bool, Expr)>;

impl Binder<'_> {
    /// The names and types of the columns that a call makes, when it makes several.
    fn several_names(&self, value: &ast::Expr) -> Option<Vec<(String, Type)>> {
        let value = match &value.kind {
            ast::ExprKind::Paren(inner) => inner,
            _ => value,
        };
        let ast::ExprKind::Call { name, arguments } = &value.kind else {
            return None;
        };
        if self.env.get(&name.text).is_some() {
            return None;
        }
        let own = |a: &ast::Argument| of_expr(&a.value, self.catalog).filter(|n| !n.is_empty());
        match self.catalog.scalar(&name.text)?.result_name {
            ResultName::Columns(parts) => {
                let of = arguments.first().and_then(own).unwrap_or_default();
                let called = |part: &str| format!("{}_{of}_{part}", name.text);
                Some(parts.iter().map(|(p, ty)| (called(p), *ty)).collect())
            }
            ResultName::Sorted => {
                let is_array = |a: &&ast::Argument| {
                    !matches!(a.value.kind, ast::ExprKind::Literal(ast::Literal::Bool(_)))
                };
                let called = |(i, a): (usize, &ast::Argument)| match own(a) {
                    Some(n) => (format!("{n}_sorted"), Type::Dynamic),
                    None => (format!("array{i}_sorted"), Type::Dynamic),
                };
                let arrays = arguments.iter().filter(is_array);
                Some(arrays.enumerate().map(called).collect())
            }
            _ => None,
        }
    }

    /// An item's value.
    pub(super) fn item(&mut self, item: &ast::NamedExpr, row: Row<'_>) -> Res<Expr> {
        let inner = match &item.value.kind {
            ast::ExprKind::Paren(inner) => inner,
            _ => &item.value,
        };
        self.several = Some(self.at(inner.span));
        let value = self.expr(&item.value, row);
        self.several = None;
        value
    }

    /// The columns of an item that makes several; none for every other item. Names of the query come first, and what is
    /// left keeps the function's names.
    pub(super) fn several_columns(
        &mut self,
        item: &ast::NamedExpr,
        value: &Expr,
    ) -> Option<Res<Columns>> {
        let names = self.several_names(&item.value)?;
        if names.len() < item.names.len() {
            let span = item.names.get(names.len()).map_or(item.span, |n| n.span);
            return Some(Err(self.fail(
                kql_diag::codes::TYPE_MISMATCH,
                span,
                format!(
                    "there are {} columns for {} names",
                    names.len(),
                    item.names.len()
                ),
            )));
        }
        let single = names.len() == 1;
        let mut out = Columns::new();
        for (i, (name, ty)) in names.into_iter().enumerate() {
            let part = if single {
                Ok(value.clone())
            } else {
                let step = PathStep::Index(i64::try_from(i).unwrap_or(i64::MAX));
                self.path(value.clone(), step, item.value.span)
            };
            let part = match part {
                Ok(part) => self.cast(part, ty),
                Err(poison) => return Some(Err(poison)),
            };
            match item.names.get(i) {
                Some(n) => out.push((n.text.clone(), true, part)),
                None => out.push((name, false, part)),
            }
        }
        Some(Ok(out))
    }
}
