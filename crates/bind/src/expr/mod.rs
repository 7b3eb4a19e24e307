//! Scalars: names, members, literals and the walk over everything else.

mod aggregate_call;
mod call;
mod convert;
pub use convert::{cast_function, convertible};
mod elements;
mod membership;
mod operator;
mod resolve;
mod special;
mod table_test;
mod user_call;

use crate::binder::{Binder, Res};
use crate::env::Meaning;
use crate::plan::{Aggregate, Expr, ExprKind, Field, PathStep, WindowCall};
use kql_diag::{Span, codes, did_you_mean};
use kql_syntax::ast;
use kql_types::{Dyn, FunctionKind, Type, Value};

/// Where aggregates and window functions of an operator go while its expressions are bound.
#[derive(Debug, Default)]
pub struct Collector {
    /// Whether aggregates are allowed here.
    pub aggregates_allowed: bool,
    /// Whether window functions are allowed here, and the rows have an order.
    pub windows_allowed: bool,
    /// Whether the rows have an order.
    pub ordered: bool,
    /// What was found.
    pub aggregates: Vec<Aggregate>,
    /// What was found.
    pub windows: Vec<WindowCall>,
}

/// The row that an expression sees.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row<'f> {
    /// The columns by name.
    pub fields: &'f [Field],
    /// The right side of a join condition (`$right`).
    pub right: Option<&'f [Field]>,
}

impl<'f> Row<'f> {
    /// A row of one relation.
    pub fn of(fields: &'f [Field]) -> Self {
        Row {
            fields,
            right: None,
        }
    }

    fn find(&self, name: &str) -> Option<&'f Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

/// The value of a literal.
pub fn literal(l: &ast::Literal) -> Option<Value> {
    Some(match l {
        ast::Literal::Bool(b) => Value::Bool(*b),
        ast::Literal::Int(n) => Value::Int(*n),
        ast::Literal::Long(n) => Value::Long(*n),
        ast::Literal::Real(x) => Value::Real(*x),
        ast::Literal::Decimal(s) => Value::Decimal(kql_types::text::number::parse_decimal(s)?),
        ast::Literal::String(s) => Value::String(s.clone()),
        ast::Literal::DateTime(t) => Value::DateTime(*t),
        // Only the binder knows the day.
        ast::Literal::TimeOfDay(_) => return None,
        ast::Literal::TimeSpan(t) => Value::TimeSpan(*t),
        ast::Literal::Guid(g) => Value::Guid(*g),
        ast::Literal::Dynamic(d) => Value::Dynamic(dynamic(d)?),
        ast::Literal::Null(name) => Value::null(Type::from_name(name)?),
    })
}

fn dynamic(d: &ast::Dynamic) -> Option<Dyn> {
    Some(match d {
        ast::Dynamic::Null => Dyn::Null,
        // A timespan in a literal is kept as its ticks, as the engine keeps it.
        ast::Dynamic::Scalar(l) => match literal(l)?.to_dyn() {
            Dyn::TimeSpan(t) => Dyn::Long(t),
            d => d,
        },
        ast::Dynamic::Array(items) => Dyn::Array(items.iter().map(dynamic).collect::<Option<_>>()?),
        ast::Dynamic::Bag(items) => {
            let mut out: Vec<(String, Dyn)> = Vec::with_capacity(items.len());
            for (k, v) in items {
                let v = dynamic(v)?;
                match out.iter_mut().find(|(name, _)| name == k) {
                    Some(slot) => slot.1 = v,
                    None => out.push((k.clone(), v)),
                }
            }
            Dyn::Bag(out)
        }
    })
}

impl Binder<'_> {
    /// Binds a scalar.
    pub fn expr(&mut self, e: &ast::Expr, row: Row<'_>) -> Res<Expr> {
        self.spend(1, e.span)?;
        let span = self.at(e.span);
        match &e.kind {
            ast::ExprKind::Literal(ast::Literal::TimeOfDay(t)) => {
                let now = self.time();
                let day = now - now.rem_euclid(kql_types::text::timespan::DAY);
                Ok(Expr::literal(Value::DateTime(day + t), span))
            }
            ast::ExprKind::Literal(l) => match literal(l) {
                Some(v) => Ok(Expr::literal(v, span)),
                None => Err(self.fail(
                    codes::BAD_LITERAL,
                    e.span,
                    "the literal's value is out of range",
                )),
            },
            ast::ExprKind::Name(n) => self.name(n, row),
            ast::ExprKind::Paren(inner) => self.expr(inner, row),
            ast::ExprKind::Member { base, member } => self.member(base, member, e.span, row),
            ast::ExprKind::Index { base, index } => self.index(base, index, e.span, row),
            ast::ExprKind::Call { name, arguments } => self.call(name, arguments, e.span, row),
            ast::ExprKind::Unary { op, operand } => self.unary(*op, operand, e.span, row),
            ast::ExprKind::Binary {
                op,
                op_span,
                left,
                right,
            } => self.binary(*op, *op_span, left, right, e.span, row),
            ast::ExprKind::And(items) => self.logical(items, true, span, row),
            ast::ExprKind::Or(items) => self.logical(items, false, span, row),
            ast::ExprKind::In {
                op,
                op_span,
                value,
                list,
            } => self.in_list(*op, *op_span, value, list, e.span, row),
            ast::ExprKind::Between {
                negated,
                value,
                low,
                high,
            } => self.between(*negated, value, low, high, e.span, row),
            ast::ExprKind::TypeOf(columns) => match columns
                .first()
                .and_then(|c| Type::from_name(&c.type_name.text))
            {
                Some(t) if columns.len() == 1 => {
                    Ok(Expr::literal(Value::String(t.name().to_owned()), span))
                }
                _ => Err(self.fail(codes::BAD_VALUE, e.span, "a scalar type is required here")),
            },
            ast::ExprKind::Error => Err(crate::binder::Poison),
            ast::ExprKind::EntityGroup(_) => Err(self.unsupported(e.span, "`entity_group`")),
            ast::ExprKind::Star | ast::ExprKind::Wildcard(_) => {
                Err(self.fail(codes::NOT_SCALAR, e.span, "`*` is not a value"))
            }
            ast::ExprKind::MethodCall { .. }
            | ast::ExprKind::Pipe { .. }
            | ast::ExprKind::DataTable { .. }
            | ast::ExprKind::ExternalData { .. }
            | ast::ExprKind::Lambda(_) => {
                let p = kql_diag::Diagnostic::error(
                    codes::NOT_SCALAR,
                    span,
                    "a table stands where a scalar is required",
                )
                .with_help("toscalar(...) makes a scalar of a table's first value");
                Err(self.report(p))
            }
        }
    }

    /// Binds a scalar that must be constant when the query starts: a literal or the result of an earlier step.
    pub fn constant(&mut self, e: &ast::Expr, what: &str) -> Res<Expr> {
        let saved = self.collector.take();
        let bound = self.expr(e, Row::default());
        self.collector = saved;
        let bound = bound?;
        if is_constant(&bound) {
            Ok(bound)
        } else {
            Err(self.fail(
                codes::NOT_CONSTANT,
                e.span,
                format!("{what} requires a constant"),
            ))
        }
    }

    fn name(&mut self, n: &ast::Name, row: Row<'_>) -> Res<Expr> {
        let span = self.at(n.span);
        if let Some(f) = row.find(&n.text) {
            return Ok(Expr::column(f.id, f.ty, span));
        }
        if let Some(out) = self.graph_name(n) {
            return out;
        }
        match self.env.get(&n.text).cloned() {
            Some(Meaning::Scalar(value)) => {
                self.spend(value.size(), n.span)?;
                return Ok(Expr { span, ..value });
            }
            Some(Meaning::OfRow) => {
                let d = kql_diag::Diagnostic::error(
                    codes::NOT_CONSTANT,
                    span,
                    format!("`{}` is made of columns here", n.text),
                )
                .with_help("toscalar and `in` compute their table once, before any row");
                return Err(self.report(d));
            }
            Some(Meaning::Poison) => return Err(crate::binder::Poison),
            Some(Meaning::Function(f)) => return self.call_user(&f, &[], n.span, row),
            Some(
                Meaning::Table { .. }
                | Meaning::Shared { .. }
                | Meaning::Pattern(_)
                | Meaning::Entities(_)
                | Meaning::Entity(_),
            ) => {
                return Err(self.fail(
                    codes::NOT_SCALAR,
                    n.span,
                    format!(
                        "`{}` is a table and stands where a scalar is required",
                        n.text
                    ),
                ));
            }
            Some(Meaning::Restricted(_)) | None => {}
        }
        if self.open_schema {
            return Ok(Expr::literal(Value::Null(Type::Dynamic), span));
        }
        Err(self.unknown_column(&n.text, n.span, row.fields))
    }

    /// Reports a column that is not there, with the nearest name.
    pub fn unknown_column(
        &mut self,
        name: &str,
        span: Span,
        fields: &[Field],
    ) -> crate::binder::Poison {
        if self.quiet_names {
            return crate::binder::Poison;
        }
        let span = self.at(span);
        let mut d = kql_diag::Diagnostic::error(
            codes::UNKNOWN_COLUMN,
            span,
            format!("column `{name}` not found"),
        );
        let lets = self
            .env
            .names()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        let near = did_you_mean(
            name,
            fields
                .iter()
                .map(|f| f.name.as_str())
                .chain(lets.iter().map(String::as_str)),
        );
        if let Some(near) = near {
            d = d.with_help(if near.eq_ignore_ascii_case(name) {
                format!("names are case-sensitive, and `{near}` exists")
            } else {
                format!("`{near}` exists")
            });
        }
        self.report(d)
    }

    fn member(
        &mut self,
        base: &ast::Expr,
        member: &ast::Name,
        whole: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        let span = self.at(whole);
        if let ast::ExprKind::Name(n) = &base.kind {
            let side = match n.text.as_str() {
                "$left" => Some(row.fields),
                "$right" => row.right,
                _ => None,
            };
            if let Some(fields) = side
                && row.right.is_some()
            {
                return match fields.iter().find(|f| f.name == member.text) {
                    Some(f) => Ok(Expr::column(f.id, f.ty, span)),
                    None => Err(self.unknown_column(&member.text, member.span, fields)),
                };
            }
        }
        if let ast::ExprKind::Name(n) = &base.kind
            && row.find(&n.text).is_none()
            && let Some((_, fields)) = self.states.iter().find(|(step, _)| *step == n.text)
        {
            return match fields.iter().find(|f| f.name == member.text) {
                Some(f) => Ok(Expr::column(f.id, f.ty, span)),
                None => {
                    let fields = fields.clone();
                    Err(self.unknown_column(&member.text, member.span, &fields))
                }
            };
        }
        if let Some(out) = self.graph_member(base, member, whole, row) {
            return out;
        }
        if let ast::ExprKind::Name(n) = &base.kind
            && row.find(&n.text).is_none()
            && let Some(Meaning::Entity(entity)) = self.env.get(&n.text).cloned()
        {
            return self.entity_property(&entity, member);
        }
        let base = self.expr(base, row)?;
        self.path(base, PathStep::Key(member.text.clone()), whole)
    }

    fn index(
        &mut self,
        base: &ast::Expr,
        index: &ast::Expr,
        whole: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        let base = self.expr(base, row)?;
        let index = self.expr(index, row)?;
        let step = match index.as_literal() {
            Some(Value::String(s)) => PathStep::Key(s.clone()),
            Some(v) if v.as_long().is_some() => PathStep::Index(v.as_long().unwrap_or_default()),
            _ if matches!(index.ty, Type::Dynamic) => PathStep::Computed(index),
            _ if matches!(index.ty, Type::Int | Type::Long | Type::String) => {
                PathStep::Computed(index)
            }
            _ => {
                return Err(self.fail(
                    codes::TYPE_MISMATCH,
                    whole,
                    format!("an index requires a string or an integer, not {}", index.ty),
                ));
            }
        };
        self.path(base, step, whole)
    }

    /// A property or an element of a dynamic value.
    pub fn path(&mut self, base: Expr, step: PathStep, whole: Span) -> Res<Expr> {
        if base.ty != Type::Dynamic {
            return Err(self.fail(
                codes::TYPE_MISMATCH,
                whole,
                format!(
                    "a property or element requires a dynamic value, not {}",
                    base.ty
                ),
            ));
        }
        let span = self.at(whole);
        if let (ExprKind::Literal(v), PathStep::Key(_) | PathStep::Index(_)) = (&base.kind, &step) {
            return Ok(Expr::literal(path_of_constant(v, &step), span));
        }
        let kind = match base.kind {
            ExprKind::Path { base, mut steps } => {
                steps.push(step);
                ExprKind::Path { base, steps }
            }
            kind => ExprKind::Path {
                base: Box::new(Expr { kind, ..base }),
                steps: vec![step],
            },
        };
        Ok(Expr {
            kind,
            ty: Type::Dynamic,
            span,
        })
    }

    fn logical(&mut self, items: &[ast::Expr], and: bool, span: Span, row: Row<'_>) -> Res<Expr> {
        let bound: Vec<Res<Expr>> = items.iter().map(|e| self.condition(e, row)).collect();
        let mut out = Vec::with_capacity(bound.len());
        for b in bound {
            out.push(b?);
        }
        // A constant that decides, or that says nothing, is taken out.
        if out
            .iter()
            .any(|e| e.as_literal() == Some(&Value::Bool(!and)))
        {
            return Ok(Expr::literal(Value::Bool(!and), span));
        }
        out.retain(|e| e.as_literal() != Some(&Value::Bool(and)));
        Ok(match out.len() {
            0 => Expr::literal(Value::Bool(and), span),
            1 => Expr {
                span,
                ..out.swap_remove(0)
            },
            _ => Expr {
                kind: if and {
                    ExprKind::And(out)
                } else {
                    ExprKind::Or(out)
                },
                ty: Type::Bool,
                span,
            },
        })
    }

    /// Binds a scalar that must be a bool (numbers and dynamic values are converted).
    pub fn condition(&mut self, e: &ast::Expr, row: Row<'_>) -> Res<Expr> {
        let bound = self.expr(e, row)?;
        match bound.ty {
            Type::Bool => Ok(bound),
            Type::Dynamic => Ok(self.cast(bound, Type::Bool)),
            other => Err(self.fail(
                codes::TYPE_MISMATCH,
                e.span,
                format!("a condition requires a bool, not {other}"),
            )),
        }
    }

    /// Whether a name is a function of the catalog, for hints.
    pub fn function_hint(&self, name: &str) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        for kind in [FunctionKind::Scalar, FunctionKind::Aggregate] {
            names.extend(self.catalog.names(kind).into_iter().map(str::to_owned));
        }
        names.extend(self.scope.function_names());
        names.extend(self.env.names().into_iter().map(str::to_owned));
        names.retain(|n| n.chars().all(|c| c.is_alphanumeric() || c == '_'));
        did_you_mean(name, names.iter().map(String::as_str)).map(str::to_owned)
    }
}

/// Whether an expression is the same for every row and known when the query starts.
pub fn is_constant(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Literal(_) | ExprKind::Scalar(_) => true,
        ExprKind::Column(_) => false,
        ExprKind::Call { arguments, .. } => arguments.iter().all(is_constant),
        ExprKind::Cast(x) | ExprKind::Not(x) => is_constant(x),
        ExprKind::Case {
            branches,
            otherwise,
        } => {
            branches
                .iter()
                .all(|(a, b)| is_constant(a) && is_constant(b))
                && is_constant(otherwise)
        }
        ExprKind::And(xs) | ExprKind::Or(xs) => xs.iter().all(is_constant),
        ExprKind::InSet { value, .. } => is_constant(value),
        ExprKind::Path { base, steps } => {
            is_constant(base)
                && steps
                    .iter()
                    .all(|s| !matches!(s, PathStep::Computed(e) if !is_constant(e)))
        }
    }
}

fn path_of_constant(v: &Value, step: &PathStep) -> Value {
    let found = match (v, step) {
        (Value::Dynamic(d), PathStep::Key(k)) => d.get(k).cloned(),
        (Value::Dynamic(Dyn::Array(items)), PathStep::Index(i)) => {
            let i = if *i < 0 {
                i64::try_from(items.len()).ok().map(|n| n + i)
            } else {
                Some(*i)
            };
            i.and_then(|i| usize::try_from(i).ok())
                .and_then(|i| items.get(i).cloned())
        }
        _ => None,
    };
    match found {
        None | Some(Dyn::Null) => Value::Null(Type::Dynamic),
        Some(d) => Value::Dynamic(d),
    }
}
