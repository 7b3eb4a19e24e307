//! The `project` of `graph-match`.

use super::names;
use crate::binder::{Binder, Poison, Res};
use crate::expr::Row;
use crate::names::Unique;
use crate::plan::{Assignment, Field};
use kql_diag::codes;
use kql_syntax::ast;

impl Binder<'_> {
    /// The columns of the result, and what must be computed of the match for them.
    pub(super) fn graph_items(
        &mut self,
        items: &[ast::NamedExpr],
    ) -> Res<(Vec<Field>, Vec<Assignment>)> {
        let mut fields = Vec::with_capacity(items.len());
        let mut assignments = Vec::new();
        let mut unique = Unique::new();
        let mut failed = false;
        // Names that the query gives come first, so that no other column takes one.
        for n in items.iter().filter_map(|i| i.names.first()) {
            if !unique.take(&n.text) {
                let message = format!("column `{}` is made twice", n.text);
                self.fail(codes::DUPLICATE_NAME, n.span, message);
                failed = true;
            }
        }
        for item in items {
            if item.names.len() > 1 {
                self.unsupported(item.span, "several names for one value of a match");
                failed = true;
                continue;
            }
            let Ok(value) = self.expr(&item.value, Row::default()) else {
                failed = true;
                continue;
            };
            let name = match item.names.first() {
                Some(n) => n.text.clone(),
                None => match names::of_item(&item.value) {
                    Some(n) if !self.has_no_property(&item.value) => unique.of(&n),
                    _ => unique.column(),
                },
            };
            let ty = value.ty;
            let id = self.as_column(value, &mut assignments);
            fields.push(Field { name, id, ty });
        }
        if failed {
            return Err(Poison);
        }
        Ok((fields, assignments))
    }

    /// Whether this is a node of a graph whose nodes have no properties: such a column has no name of its own.
    fn has_no_property(&self, e: &ast::Expr) -> bool {
        match (&e.kind, &self.graph_scope) {
            (ast::ExprKind::Paren(inner), _) => self.has_no_property(inner),
            (ast::ExprKind::Name(n), Some(s)) => s.nodes.fields.is_empty() && s.is_node(&n.text),
            _ => false,
        }
    }
}
