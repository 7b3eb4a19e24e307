//! Calls: aggregates, window functions, user functions and functions of the catalog.

use super::{Row, convertible};
use crate::binder::{Binder, Poison, Res};
use crate::env::{Meaning, UserFunction};
use crate::plan::{Aggregate, Expr, ExprKind, WindowCall};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast;
use kql_types::{FunctionFacts, Lowering, Type};
use std::rc::Rc;

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

    fn positional(&mut self, arguments: &[ast::Argument], row: Row<'_>) -> Res<Vec<Expr>> {
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

    /// Binds an aggregate with one result.
    fn aggregate(
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

    /// A stored function by name, ready to be called.
    pub fn stored(&mut self, name: &str, span: Span) -> Option<Res<Rc<UserFunction>>> {
        if let Some(known) = self.stored.get(name)
            && self.env.opens("", name)
        {
            return Some(known.clone().ok_or(Poison));
        }
        let stored = self.known_function(name)?;
        let read = self.scope.read(&stored);
        let read = self.read_stored(name, &read, span);
        self.stored.insert(name.to_owned(), read.clone().ok());
        Some(read)
    }

    /// A stored function that was read, as one of this text.
    pub fn read_stored(
        &mut self,
        name: &str,
        read: &crate::scope::ReadFunction,
        span: Span,
    ) -> Res<Rc<UserFunction>> {
        self.sources.push(read.source.clone());
        let source = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let mut bad = false;
        for d in &read.diagnostics {
            bad |= d.is_error();
            let primary = d.primary.in_source(source);
            self.report(Diagnostic {
                primary,
                ..d.clone()
            });
        }
        if let Some(function) = &read.function {
            return Ok(Rc::new(UserFunction {
                name: name.to_owned(),
                function: std::sync::Arc::clone(function),
                env: crate::env::Env::default(),
                source,
            }));
        }
        if !bad {
            self.fail(
                codes::BAD_VALUE,
                span,
                format!("stored function `{name}` cannot be read"),
            );
        }
        Err(Poison)
    }

    /// Calls a user function whose body is a scalar.
    pub(super) fn call_user(
        &mut self,
        f: &Rc<UserFunction>,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        self.functions.insert(f.name.clone());
        self.enter(&f.name, f.source, f.function.span, span)?;
        let out = self.call_user_inner(f, arguments, span, row);
        self.calls.pop();
        out
    }

    fn call_user_inner(
        &mut self,
        f: &Rc<UserFunction>,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        let env = self.parameters(f, arguments, span, row)?;
        let saved_env = std::mem::replace(&mut self.env, env);
        let saved_source = std::mem::replace(&mut self.source, f.source);
        let saved_collector = self.collector.take();
        let graph = self.graph_scope.take();
        let out = (|| {
            self.local_statements(&f.function.statements)?;
            match &f.function.body {
                Some(body) => self.expr(body, Row::default()),
                None => Err(self.fail(
                    codes::NOT_SCALAR,
                    f.function.span,
                    format!("function `{}` has no result", f.name),
                )),
            }
        })();
        self.env = saved_env;
        self.source = saved_source;
        self.collector = saved_collector;
        self.graph_scope = graph;
        let out = out?;
        Ok(Expr {
            span: self.at(span),
            ..out
        })
    }

    /// The environment of a call: the function's own and its parameters.
    pub fn parameters(
        &mut self,
        f: &Rc<UserFunction>,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<crate::env::Env> {
        let params = &f.function.parameters;
        let mut given: Vec<Option<&ast::Expr>> = vec![None; params.len()];
        for (i, a) in arguments.iter().enumerate() {
            let slot = match &a.name {
                Some(n) => params.iter().position(|p| p.name.text == n.text),
                None => Some(i).filter(|i| *i < params.len()),
            };
            match (slot, &a.name) {
                (Some(slot), _) => given[slot] = Some(&a.value),
                (None, Some(n)) => {
                    return Err(self.fail(
                        codes::UNKNOWN_OPTION,
                        n.span,
                        format!("function `{}` has no parameter `{}`", f.name, n.text),
                    ));
                }
                (None, None) => {
                    let most = params.len();
                    return Err(self.fail(
                        codes::ARGUMENT_COUNT,
                        span,
                        format!(
                            "`{}` requires at most {most} arguments, not {}",
                            f.name,
                            arguments.len()
                        ),
                    ));
                }
            }
        }
        let mut env = f.env.clone();
        for (p, a) in params.iter().zip(given) {
            let meaning = match (&p.kind, a) {
                (ast::ParameterKind::Table { .. }, Some(table)) => Meaning::Table {
                    body: std::sync::Arc::new(table.clone()),
                    env: self.env.clone(),
                    source: self.source,
                },
                (ast::ParameterKind::Table { .. }, None) => {
                    return Err(self.missing_argument(f, p, span));
                }
                (ast::ParameterKind::Scalar(type_name), a) => {
                    let Some(ty) = Type::from_name(&type_name.text) else {
                        return Err(self.fail(
                            codes::TYPE_MISMATCH,
                            type_name.span,
                            format!("type `{}` not found", type_name.text),
                        ));
                    };
                    let value = match (a, &p.default) {
                        (Some(a), _) => {
                            let e = self.expr(a, row)?;
                            // The official binder takes any type here; what cannot be converted is refused all the same.
                            if !self.converts(&e, ty) {
                                return Err(self.report(Diagnostic::error(
                                    codes::ARGUMENT_TYPE,
                                    e.span,
                                    format!(
                                        "`{}` requires {ty} for `{}`, not {}",
                                        f.name, p.name.text, e.ty
                                    ),
                                )));
                            }
                            e
                        }
                        (None, Some(d)) => {
                            let saved = std::mem::replace(&mut self.source, f.source);
                            let e = self.expr(d, Row::default());
                            self.source = saved;
                            e?
                        }
                        (None, None) => return Err(self.missing_argument(f, p, span)),
                    };
                    Meaning::Scalar(self.cast(value, ty))
                }
            };
            env = env.with(&p.name.text, meaning);
        }
        Ok(env)
    }

    fn missing_argument(&mut self, f: &UserFunction, p: &ast::Parameter, span: Span) -> Poison {
        self.fail(
            codes::ARGUMENT_COUNT,
            span,
            format!("`{}` requires an argument for `{}`", f.name, p.name.text),
        )
    }

    /// Whether an argument may stand for a parameter of a type.
    fn converts(&self, e: &Expr, ty: Type) -> bool {
        e.ty == ty
            || convertible(e.ty, ty)
            || matches!(&e.kind, ExprKind::Literal(v) if v.is_null())
    }
}
