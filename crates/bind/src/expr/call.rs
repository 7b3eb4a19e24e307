//! Calls: window functions and functions of the catalog, and which kind a name is.

use super::Row;
use crate::binder::{Binder, Poison, Res};
use crate::env::Meaning;
use crate::plan::{Expr, WindowCall};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast;
use kql_types::{FunctionFacts, Lowering, Type};

/// Functions over the rows before and after.
pub const WINDOWS: [&str; 7] = [
    "prev",
    "next",
    "row_number",
    "row_cumsum",
    "row_rank_dense",
    "row_rank_min",
    "row_window_session",
];

impl Binder<'_> {
    pub(super) fn call(
        &mut self,
        name: &ast::Name,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        if let Some(out) = self.graph_call(name, arguments, span) {
            return out;
        }
        match self.env.get(&name.text).cloned() {
            Some(Meaning::Function(f)) => return self.call_user(&f, arguments, span, row),
            Some(Meaning::Poison) => return Err(Poison),
            // `let f = now(); f()` is no call, and a scalar hides nothing of the catalog.
            _ => {}
        }
        if let Some(e) = self.special(name, arguments, span, row) {
            return e;
        }
        if let Some(facts) = self.catalog.aggregate(&name.text)
            && (self
                .collector
                .as_ref()
                .is_some_and(|c| c.aggregates_allowed)
                || self.catalog.scalar(&name.text).is_none())
        {
            return self.aggregate(facts, arguments, span, row);
        }
        if let Some(facts) = self.catalog.scalar(&name.text) {
            self.functions.insert(name.text.clone());
            if WINDOWS.contains(&name.text.as_str()) {
                return self.window(facts, arguments, span, row);
            }
            return self.scalar(facts, name, arguments, span, row);
        }
        if let Some(f) = self.stored(&name.text, name.span) {
            return self.call_user(&f?, arguments, span, row);
        }
        Err(self.unknown_function(name))
    }

    /// Reports a function that is not there.
    pub fn unknown_function(&mut self, name: &ast::Name) -> Poison {
        let span = self.at(name.span);
        let mut d = Diagnostic::error(
            codes::UNKNOWN_FUNCTION,
            span,
            format!("function `{}` not found", name.text),
        );
        if let Some(near) = self.function_hint(&name.text) {
            d = d.with_help(format!("`{near}` exists"));
        }
        self.report(d)
    }

    pub(super) fn positional(
        &mut self,
        arguments: &[ast::Argument],
        row: Row<'_>,
    ) -> Res<Vec<Expr>> {
        let bound: Vec<Res<Expr>> = arguments.iter().map(|a| self.expr(&a.value, row)).collect();
        bound.into_iter().collect()
    }

    fn scalar(
        &mut self,
        facts: FunctionFacts,
        name: &ast::Name,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        if let Lowering::Refused(why) = facts.lowering {
            let at = self.at(name.span);
            return Err(self.report(
                Diagnostic::error(
                    codes::NEEDS_SERVICE,
                    at,
                    format!("function `{}` is not supported", name.text),
                )
                .with_help(why),
            ));
        }
        let at = self.at(span);
        if matches!(facts.result_name, kql_types::ResultName::Columns(_))
            && self.several.take() != Some(at)
        {
            return Err(self.fail(
                codes::NOT_SCALAR,
                span,
                format!(
                    "`{}` gives several columns: it stands as an item of extend, project or print",
                    name.text
                ),
            ));
        }
        let bound = self.positional(arguments, row)?;
        let (bound, ty) = self.resolve(&facts, bound, at)?;
        match facts.lowering {
            Lowering::Kql(text) => self.expand_text(&facts, text, bound, ty, span),
            Lowering::Special => {
                Err(self.unsupported(name.span, format!("function `{}`", name.text)))
            }
            _ => Ok(self.call_or_fold(facts.name, bound, ty, at)),
        }
    }

    /// A function that is written in the language: its text with the arguments as variables.
    fn expand_text(
        &mut self,
        facts: &FunctionFacts,
        text: &str,
        arguments: Vec<Expr>,
        ty: Type,
        span: Span,
    ) -> Res<Expr> {
        let parsed = kql_syntax::parse(text);
        let Some(ast::Statement::Query { expr, .. }) = parsed.query.statements.last() else {
            return Err(self.fail(
                codes::INTERNAL,
                span,
                format!("the definition of `{}` cannot be read", facts.name),
            ));
        };
        let params = facts
            .signatures
            .iter()
            .find_map(|s| s.layout(arguments.len()).map(|l| (s, l)));
        let saved = std::mem::take(&mut self.env);
        let graph = self.graph_scope.take();
        if let Some((s, layout)) = params {
            for (value, p) in arguments.into_iter().zip(layout) {
                self.env = self.env.with(s.params[p].name, Meaning::Scalar(value));
            }
        }
        let out = self.expr(expr, Row::default());
        self.env = saved;
        self.graph_scope = graph;
        let out = out?;
        let out = self.cast(out, ty);
        Ok(Expr {
            span: self.at(span),
            ..out
        })
    }

    fn window(
        &mut self,
        facts: FunctionFacts,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        let at = self.at(span);
        let (allowed, ordered) = self
            .collector
            .as_ref()
            .map_or((false, false), |c| (c.windows_allowed, c.ordered));
        if !allowed {
            return Err(self.fail(
                codes::NOT_SUPPORTED,
                span,
                format!("`{}` is not supported in this place", facts.name),
            ));
        }
        if !ordered {
            let d = Diagnostic::error(
                codes::NOT_SERIALIZED,
                at,
                format!("`{}` requires serialized rows", facts.name),
            )
            .with_help("sort by ... or serialize before it gives the rows an order");
            return Err(self.report(d));
        }
        let bound = self.positional(arguments, row)?;
        let (bound, ty) = self.resolve(&facts, bound, at)?;
        let id = self.column(ty);
        if let Some(c) = &mut self.collector {
            c.windows.push(WindowCall {
                id,
                function: facts.name.to_owned(),
                arguments: bound,
                span: at,
            });
        }
        Ok(Expr::column(id, ty, at))
    }
}
