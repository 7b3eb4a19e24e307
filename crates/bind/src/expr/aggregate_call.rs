//! Calls of aggregates, in a summarize and over the values of a row.

use super::Row;
use crate::binder::{Binder, Poison, Res};
use crate::plan::{Aggregate, Expr};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast;
use kql_types::{FunctionFacts, Lowering, Type};

impl Binder<'_> {
    /// Binds an aggregate with one result.
    pub(super) fn aggregate(
        &mut self,
        facts: FunctionFacts,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        self.functions.insert(facts.name.to_owned());
        let (outputs, aggregate) = self.aggregate_call(facts, arguments, span, row)?;
        let at = self.at(span);
        let Some((_, id, ty)) = outputs.into_iter().next() else {
            return Err(Poison);
        };
        if let Some(c) = &mut self.collector {
            c.aggregates.push(aggregate);
        }
        Ok(Expr::column(id, ty, at))
    }

    /// An aggregate with its outputs `(own name, column, type)`. The aggregate is not yet in the collector.
    pub fn aggregate_call(
        &mut self,
        facts: FunctionFacts,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<(
        Vec<(Option<String>, crate::plan::ColumnId, Type)>,
        Aggregate,
    )> {
        let at = self.at(span);
        if !self
            .collector
            .as_ref()
            .is_some_and(|c| c.aggregates_allowed)
        {
            return Err(self.fail(
                codes::AGGREGATE_PLACE,
                span,
                format!("aggregate `{}` stands outside of summarize", facts.name),
            ));
        }
        if let Lowering::Refused(why) = facts.lowering {
            return Err(self.report(
                Diagnostic::error(
                    codes::NOT_SUPPORTED,
                    at,
                    format!("aggregate `{}` is not supported", facts.name),
                )
                .with_help(why),
            ));
        }
        let saved = self.collector.take();
        let out = self.aggregate_inner(facts, arguments, span, row);
        self.collector = saved;
        out
    }

    fn aggregate_inner(
        &mut self,
        facts: FunctionFacts,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<(
        Vec<(Option<String>, crate::plan::ColumnId, Type)>,
        Aggregate,
    )> {
        let at = self.at(span);
        let make = |function: &str,
                    arguments: Vec<Expr>,
                    outputs: Vec<crate::plan::ColumnId>,
                    filter: Option<Expr>| Aggregate {
            outputs,
            function: function.to_owned(),
            arguments,
            filter,
            span: at,
        };
        // count(*) and count(x) count rows.
        if facts.name == "count"
            && arguments.len() == 1
            && matches!(arguments[0].value.kind, ast::ExprKind::Star)
        {
            let id = self.column(Type::Long);
            return Ok((
                vec![(None, id, Type::Long)],
                make("count", Vec::new(), vec![id], None),
            ));
        }
        let rows = matches!(
            facts.name,
            "arg_max" | "arg_min" | "argmax" | "argmin" | "take_any" | "any"
        );
        if rows {
            return self.row_aggregate(facts, arguments, at, row);
        }
        let bound = self.positional(arguments, row)?;
        if matches!(facts.name, "percentiles" | "percentilesw") {
            return self.percentiles(facts, arguments, bound, at);
        }
        let (mut bound, ty) = self.resolve(&facts, bound, at)?;
        let mut filter = None;
        let mut function = facts.name;
        if let Some(of) = facts.filter_of {
            function = of;
            let predicate = facts
                .signatures
                .iter()
                .find_map(|s| s.layout(bound.len()).map(|l| (s, l)))
                .and_then(|(s, l)| l.iter().position(|p| s.params[*p].name == "predicate"));
            if let Some(i) = predicate {
                filter = Some(bound.remove(i));
            }
        }
        let id = self.column(ty);
        let name = if facts.name.starts_with("percentile") && !facts.name.ends_with("tdigest") {
            crate::names::of_percentile(arguments, self.catalog, facts.name)
        } else {
            None
        };
        Ok((
            vec![(name, id, ty)],
            make(function, bound, vec![id], filter),
        ))
    }

    fn percentiles(
        &mut self,
        facts: FunctionFacts,
        arguments: &[ast::Argument],
        bound: Vec<Expr>,
        at: Span,
    ) -> Res<(
        Vec<(Option<String>, crate::plan::ColumnId, Type)>,
        Aggregate,
    )> {
        let weighted = facts.name == "percentilesw";
        let lead = if weighted { 2 } else { 1 };
        if bound.len() <= lead {
            return Err(self.wrong_count(&facts, bound.len(), at));
        }
        let ty = bound[0].ty;
        let ty = match ty {
            Type::Int => Type::Long,
            Type::Decimal => Type::Real,
            other => other,
        };
        let base = crate::names::of_expr(&arguments[0].value, self.catalog).unwrap_or_default();
        let mut outputs = Vec::new();
        let mut converted = Vec::with_capacity(bound.len());
        for (i, e) in bound.into_iter().enumerate() {
            if i >= lead {
                let text = crate::names::of_percentage(&arguments[i].value);
                let id = self.column(ty);
                outputs.push((Some(format!("percentile_{base}_{text}")), id, ty));
                converted.push(self.cast(e, Type::Real));
            } else if i == 0 {
                converted.push(self.cast(e, ty));
            } else {
                converted.push(self.cast(e, Type::Long));
            }
        }
        let ids = outputs.iter().map(|o| o.1).collect();
        let a = Aggregate {
            outputs: ids,
            function: facts.name.to_owned(),
            arguments: converted,
            filter: None,
            span: at,
        };
        Ok((outputs, a))
    }

    /// `arg_max(x, a, b)`, `arg_max(x, *)`, `take_any(*)`: several outputs.
    fn row_aggregate(
        &mut self,
        facts: FunctionFacts,
        arguments: &[ast::Argument],
        at: Span,
        row: Row<'_>,
    ) -> Res<(
        Vec<(Option<String>, crate::plan::ColumnId, Type)>,
        Aggregate,
    )> {
        let arg = facts.name.starts_with("arg");
        let function = match facts.name {
            "argmax" => "arg_max",
            "argmin" => "arg_min",
            "any" => "take_any",
            other => other,
        };
        let own = |a: &ast::Argument| crate::names::of_expr(&a.value, self.catalog);
        let first = arguments.first().and_then(own);
        // `max_x_` stands before what `argmax(x, ...)` gives, `any_` before what `any(...)` gives.
        let prefix = match function {
            "arg_max" => format!("max_{}", first.clone().unwrap_or_default()),
            "arg_min" => format!("min_{}", first.clone().unwrap_or_default()),
            _ => "any".to_owned(),
        };
        let old = function != facts.name;
        let called = |name: &str| {
            if old {
                format!("{prefix}_{name}")
            } else {
                name.to_owned()
            }
        };
        let unnamed = |i: usize| match (arg, i) {
            (true, 0) => prefix.clone(),
            (false, 0) if old && arguments.len() == 1 => format!("{prefix}_"),
            _ => format!("{prefix}_arg{i}"),
        };
        let mut taken: Vec<String> = Vec::new();
        let mut values: Vec<(Option<String>, Expr)> = Vec::new();
        for (i, a) in arguments.iter().enumerate() {
            if matches!(a.value.kind, ast::ExprKind::Star) {
                for f in row.fields {
                    if !taken.contains(&f.name) {
                        values.push((Some(called(&f.name)), Expr::column(f.id, f.ty, at)));
                        taken.push(f.name.clone());
                    }
                }
                continue;
            }
            let name = match own(a) {
                Some(_) if old && arg && i == 0 => prefix.clone(),
                Some(n) => called(&n),
                None => unnamed(i),
            };
            taken.extend(own(a));
            values.push((Some(name), self.expr(&a.value, row)?));
        }
        if values.is_empty() {
            return Err(self.wrong_count(&facts, 0, at));
        }
        let outputs: Vec<(Option<String>, crate::plan::ColumnId, Type)> = values
            .iter()
            .map(|(n, e)| (n.clone(), self.column(e.ty), e.ty))
            .collect();
        let ids = outputs.iter().map(|o| o.1).collect();
        let arguments = values.into_iter().map(|(_, e)| e).collect();
        Ok((
            outputs,
            Aggregate {
                outputs: ids,
                function: function.to_owned(),
                arguments,
                filter: None,
                span: at,
            },
        ))
    }
}
