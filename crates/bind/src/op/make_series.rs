//! `make-series`: a summarize by bins of an axis, and the bins of each group as arrays.
//!
//! The rows between the edges are summarized by the groups and the bin (`bin_at` where the first bin is given after `from`,
//! else `bin`), the bins and values of each group are gathered, and `make-series axis` and `make-series values` put them on
//! the axis.

use crate::binder::{Binder, Poison, Res};
use crate::expr::Row;
use crate::names::{Unique, of_expr};
use crate::plan::{Aggregate, Assignment, Expr, Field, Relation, RelationKind};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::{Type, Value};

/// The bin among the fields; no query can write this name.
const BIN: &str = "$bin";

/// The edges of the axis, in its type.
struct Edges {
    from: Option<Expr>,
    to: Option<Expr>,
    step: Expr,
    /// The form `in range(...)`: rows count whose bin lies between the bin of the start and the stop, which belongs to it.
    by_bin: bool,
}

/// The parts of the operator.
pub(super) struct Parts<'a> {
    pub parameters: &'a [ast::Property],
    pub items: &'a [ast::SeriesItem],
    pub on: &'a ast::NamedExpr,
    pub from: Option<&'a ast::Expr>,
    pub to: Option<&'a ast::Expr>,
    pub step: Option<&'a ast::Expr>,
    pub in_range: Option<(&'a ast::Expr, &'a ast::Expr, &'a ast::Expr)>,
    pub by: &'a [ast::NamedExpr],
}

impl Binder<'_> {
    pub(super) fn make_series(
        &mut self,
        input: Relation,
        parts: &Parts<'_>,
        span: Span,
    ) -> Res<Relation> {
        let at = self.at(span);
        let nonempty = self.series_parameters(parts.parameters)?;
        let axis = self.expr(&parts.on.value, Row::of(&input.fields))?;
        let ty = match axis.ty {
            Type::Int => Type::Long,
            Type::Long | Type::Real | Type::DateTime | Type::TimeSpan => axis.ty,
            other => {
                return Err(self.fail(
                    codes::TYPE_MISMATCH,
                    parts.on.span,
                    format!("make-series requires a number, datetime or timespan after `on`, not {other}"),
                ));
            }
        };
        let axis = self.cast(axis, ty);
        let edges = self.edges(parts, ty, span)?;

        // The rows between the edges, with their bins.
        let mut fields = input.fields.clone();
        let mut assignments = Vec::new();
        let axis_id = self.as_column(axis, &mut assignments);
        let input = self.extend(input, assignments);
        let axis = || Expr::column(axis_id, ty, at);
        let test = self.call_or_fold("isnotnull", vec![axis()], Type::Bool, at);
        let mut input = self.filter(input, test, span);
        if !edges.by_bin {
            input = self.between_edges(input, &axis, &edges, span);
        }
        let bin = match &edges.from {
            Some(from) if !edges.by_bin => {
                let arguments = vec![axis(), edges.step.clone(), from.clone()];
                self.call_or_fold("bin_at", arguments, ty, at)
            }
            _ => self.call_or_fold("bin", vec![axis(), edges.step.clone()], ty, at),
        };
        let bin_id = self.column(ty);
        let mut input = self.extend(
            input,
            vec![Assignment {
                id: bin_id,
                value: bin,
            }],
        );
        if edges.by_bin {
            input = self.between_edges(input, &|| Expr::column(bin_id, ty, at), &edges, span);
        }
        fields.push(Field {
            name: BIN.to_owned(),
            id: bin_id,
            ty,
        });
        let input = self.with_fields(input, fields);

        // Summarized by group and bin.
        let aggregates: Vec<ast::NamedExpr> = parts
            .items
            .iter()
            .map(|i| self.series_item(&i.expr, &input.fields))
            .collect();
        let mut by = parts.by.to_vec();
        by.push(ast::NamedExpr {
            names: Vec::new(),
            value: ast::Expr {
                kind: ast::ExprKind::Name(ast::Name {
                    text: BIN.to_owned(),
                    bracketed: false,
                    span,
                }),
                span,
            },
            span,
        });
        let binned = self.summarize(input, &aggregates, &by, span)?;
        let groups = parts.by.len();
        let (key_fields, rest) = binned.fields.split_at(groups);
        let (key_fields, rest) = (key_fields.to_vec(), rest.to_vec());
        let Some((bin, values)) = rest.split_first() else {
            return Err(Poison);
        };
        if values.len() != parts.items.len() {
            return Err(self.unsupported(span, "an aggregate of several columns in make-series"));
        }

        // Gathered by group.
        let mut keys = self.partition_keys(at);
        let mut out: Vec<Field> = Vec::new();
        let mut unique = Unique::new();
        for f in &key_fields {
            let id = self.column(f.ty);
            keys.push(Assignment {
                id,
                value: Expr::column(f.id, f.ty, at),
            });
            unique.take(&f.name);
            out.push(Field { id, ..f.clone() });
        }
        let gather = |b: &mut Self, f: &Field| {
            let id = b.column(Type::Dynamic);
            let aggregate = Aggregate {
                outputs: vec![id],
                function: "make_list_with_nulls".to_owned(),
                arguments: vec![Expr::column(f.id, f.ty, at)],
                filter: None,
                span: at,
            };
            (Expr::column(id, Type::Dynamic, at), aggregate)
        };
        let mut calls = Vec::new();
        let (bins, call) = gather(self, bin);
        calls.push(call);
        let mut lists = Vec::new();
        for f in values {
            let (list, call) = gather(self, f);
            lists.push(list);
            calls.push(call);
        }
        let count = self.column(Type::Long);
        calls.push(Aggregate {
            outputs: vec![count],
            function: "count".to_owned(),
            arguments: Vec::new(),
            filter: None,
            span: at,
        });
        let alone = keys.is_empty();
        let gathered = Relation {
            kind: RelationKind::Aggregate {
                input: Box::new(binned),
                keys,
                aggregates: calls,
            },
            fields: Vec::new(),
            span: at,
            ordered: false,
        };
        // Without groups there is one row also where there was none.
        let gathered = if alone && !nonempty {
            let zero = Expr::literal(Value::Long(0), at);
            let some = vec![Expr::column(count, Type::Long, at), zero];
            let some = self.call_or_fold(">", some, Type::Bool, at);
            self.filter(gathered, some, span)
        } else {
            gathered
        };

        // On the axis.
        let null = |e: &Option<Expr>| match e {
            Some(e) => e.clone(),
            None => Expr::literal(Value::null(ty), at),
        };
        let past = if edges.by_bin {
            let end = null(&edges.to);
            let (sum, step) = match ty {
                Type::DateTime => (Type::DateTime, edges.step.clone()),
                _ => (ty, edges.step.clone()),
            };
            let to_bin = self.call_or_fold("bin", vec![end, edges.step.clone()], ty, at);
            self.call_or_fold("+", vec![to_bin, step], sum, at)
        } else {
            null(&edges.to)
        };
        let place = [bins, null(&edges.from), past, edges.step.clone()];
        let mut made = Vec::new();
        for ((item, f), list) in parts.items.iter().zip(values).zip(lists) {
            let default = match &item.default {
                Some(d) => self.series_default(d, f.ty)?,
                None => Expr::literal(Value::Long(0), at),
            };
            let default = self.cast(default, f.ty);
            let default = self.cast(default, Type::Dynamic);
            let mut arguments = place.to_vec();
            arguments.extend([list, default]);
            let value = self.call_or_fold("make-series values", arguments, Type::Dynamic, at);
            let id = self.as_column(value, &mut made);
            unique.take(&f.name);
            out.push(Field {
                name: f.name.clone(),
                id,
                ty: Type::Dynamic,
            });
        }
        let value = self.call_or_fold("make-series axis", place.to_vec(), Type::Dynamic, at);
        let id = self.as_column(value, &mut made);
        let name = match parts.on.names.first() {
            Some(n) => n.text.clone(),
            None => match of_expr(&parts.on.value, self.catalog).filter(|n| !n.is_empty()) {
                Some(n) => unique.of(&n),
                None => unique.column(),
            },
        };
        if out.iter().any(|f| f.name == name) {
            let message = format!("column `{name}` is made twice");
            return Err(self.fail(codes::DUPLICATE_NAME, parts.on.span, message));
        }
        out.push(Field {
            name,
            id,
            ty: Type::Dynamic,
        });
        let done = self.extend(gathered, made);
        Ok(self.with_fields(done, out))
    }

    /// An item as an aggregate: a constant with a name is that constant in each bin that has rows.
    fn series_item(&self, item: &ast::NamedExpr, fields: &[Field]) -> ast::NamedExpr {
        let mut out = item.clone();
        if item.names.len() == 1 && self.is_series_constant(&item.value, fields) {
            let span = item.value.span;
            let name = ast::Name {
                text: "take_any".to_owned(),
                bracketed: false,
                span,
            };
            let arguments = vec![ast::Argument {
                name: None,
                value: item.value.clone(),
            }];
            let kind = ast::ExprKind::Call { name, arguments };
            out.value = ast::Expr { kind, span };
        }
        out
    }

    fn is_series_constant(&self, e: &ast::Expr, fields: &[Field]) -> bool {
        match &e.kind {
            ast::ExprKind::Paren(inner) => self.is_series_constant(inner, fields),
            ast::ExprKind::Unary { operand, .. } => self.is_series_constant(operand, fields),
            ast::ExprKind::Literal(_) => true,
            ast::ExprKind::Name(n) => {
                !fields.iter().any(|f| f.name == n.text)
                    && matches!(
                        self.env.get(&n.text),
                        Some(crate::env::Meaning::Scalar(_) | crate::env::Meaning::OfRow)
                    )
            }
            _ => false,
        }
    }

    /// The value of an empty bin: one that the aggregate could have had.
    fn series_default(&mut self, e: &ast::Expr, ty: Type) -> Res<Expr> {
        let value = self.constant(e, "a default")?;
        let whole = |t: Type| matches!(t, Type::Int | Type::Long);
        let fits = value.ty == ty
            || matches!(Type::Dynamic, t if t == value.ty || t == ty)
            || value.as_literal().is_none_or(Value::is_null)
            || (value.ty.is_number() && ty.is_number() && (whole(value.ty) || !whole(ty)))
            || matches!(value.as_literal(), Some(Value::Real(x)) if x.fract() == 0.0 && whole(ty));
        if fits {
            return Ok(value);
        }
        let message = format!("the default requires {ty}, not {}", value.ty);
        Err(self.fail(codes::TYPE_MISMATCH, e.span, message))
    }

    /// Whether `kind=nonempty` is said.
    fn series_parameters(&mut self, parameters: &[ast::Property]) -> Res<bool> {
        let mut nonempty = false;
        for (p, (name, value)) in parameters.iter().zip(self.properties(parameters)?) {
            match (name.as_str(), value.as_str()) {
                ("kind", Some("nonempty")) => nonempty = true,
                (n, _) if n.starts_with("hint.") => {}
                _ => {
                    return Err(self.fail(
                        codes::UNKNOWN_OPTION,
                        p.name.span,
                        format!("make-series does not take this `{}`", p.name.text),
                    ));
                }
            }
        }
        Ok(nonempty)
    }

    /// The rows whose place lies between the edges.
    fn between_edges(
        &mut self,
        mut input: Relation,
        place: &dyn Fn() -> Expr,
        edges: &Edges,
        span: Span,
    ) -> Relation {
        let at = self.at(span);
        let past = if edges.by_bin { "<=" } else { "<" };
        for (op, edge) in [(">=", &edges.from), (past, &edges.to)] {
            if let Some(edge) = edge {
                let test = self.call_or_fold(op, vec![place(), edge.clone()], Type::Bool, at);
                input = self.filter(input, test, span);
            }
        }
        input
    }

    fn edges(&mut self, parts: &Parts<'_>, ty: Type, span: Span) -> Res<Edges> {
        let step_ty = match ty {
            Type::DateTime => Type::TimeSpan,
            other => other,
        };
        if let Some((from, to, step)) = parts.in_range {
            let from_value = self.edge(from, ty)?;
            let step_value = self.edge(step, step_ty)?;
            let at = self.at(span);
            let first = vec![from_value, step_value.clone()];
            let from_value = self.call_or_fold("bin", first, ty, at);
            return Ok(Edges {
                from: Some(from_value),
                to: Some(self.edge(to, ty)?),
                step: step_value,
                by_bin: true,
            });
        }
        let Some(step) = parts.step else {
            return Err(self.fail(codes::BAD_VALUE, span, "make-series requires a step"));
        };
        let from = match parts.from {
            Some(e) => Some(self.edge(e, ty)?),
            None => None,
        };
        let to = match parts.to {
            Some(e) => Some(self.edge(e, ty)?),
            None => None,
        };
        Ok(Edges {
            from,
            to,
            step: self.edge(step, step_ty)?,
            by_bin: false,
        })
    }

    fn edge(&mut self, e: &ast::Expr, ty: Type) -> Res<Expr> {
        let value = self.expr(e, Row::default())?;
        let number = |t: Type| t.is_number();
        if value.ty == ty || value.ty == Type::Dynamic || (number(ty) && number(value.ty)) {
            return Ok(self.cast(value, ty));
        }
        Err(self.fail(
            codes::TYPE_MISMATCH,
            e.span,
            format!("the axis requires {ty} here, not {}", value.ty),
        ))
    }
}
