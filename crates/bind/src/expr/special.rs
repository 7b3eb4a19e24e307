//! Functions that the binder itself makes into something else.

use super::Row;
use super::convert::common;
use crate::binder::{Binder, Res};
use crate::env::Meaning;
use crate::plan::{Expr, ExprKind};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::{Dyn, Type, Value};

impl Binder<'_> {
    /// The call of a special function; none when the name is not special.
    pub(super) fn special(
        &mut self,
        name: &ast::Name,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Option<Res<Expr>> {
        let at = self.at(span);
        let values: Vec<&ast::Expr> = arguments.iter().map(|a| &a.value).collect();
        let out = match (name.text.as_str(), values.as_slice()) {
            ("iff" | "iif", [c, a, b]) => self.choice(&[(c, a)], b, span, row),
            ("case", [pairs @ .., otherwise]) if pairs.len() >= 2 && pairs.len() % 2 == 0 => {
                let pairs: Vec<(&ast::Expr, &ast::Expr)> =
                    pairs.chunks_exact(2).map(|p| (p[0], p[1])).collect();
                self.choice(&pairs, otherwise, span, row)
            }
            ("not", [x]) => self.condition(x, row).map(|x| match x.as_literal() {
                Some(Value::Bool(b)) => Expr::literal(Value::Bool(!b), at),
                _ => Expr {
                    kind: ExprKind::Not(Box::new(x)),
                    ty: Type::Bool,
                    span: at,
                },
            }),
            ("now", []) => Ok(Expr::literal(Value::DateTime(self.time()), at)),
            ("now" | "ago", [offset]) => self.expr(offset, row).map(|offset| {
                let offset = self.cast(offset, Type::TimeSpan);
                let now = Expr::literal(Value::DateTime(self.time()), at);
                let sign = if name.text == "now" { "+" } else { "-" };
                self.call_or_fold(sign, vec![now, offset], Type::DateTime, at)
            }),
            ("toscalar", [table]) => self.to_scalar(table, at),
            ("pack_all", rest) if rest.len() <= 1 => self.pack_all(rest.first().copied(), at, row),
            ("column_ifexists" | "columnifexists" | "column_ifexist", [column, default]) => {
                self.column_if_exists(column, default, row)
            }
            ("iscolumnexists", [column]) => {
                self.constant_text(column, "iscolumnexists").map(|text| {
                    let exists = row.fields.iter().any(|f| f.name == text);
                    Expr::literal(Value::Bool(exists), at)
                })
            }
            ("column_names_of", [table]) => self.isolated_relation(table).map(|r| {
                let names = r.fields.iter().map(|f| Dyn::String(f.name.clone()));
                Expr::literal(Value::Dynamic(Dyn::Array(names.collect())), at)
            }),
            ("pack_array", [every]) if matches!(every.kind, ast::ExprKind::Star) => {
                let columns = row.fields.iter().map(|f| Expr::column(f.id, f.ty, at));
                Ok(self.call_or_fold("pack_array", columns.collect(), Type::Dynamic, at))
            }
            ("bag_pack_columns", columns @ [_, ..]) => self.pack_columns(columns, at, row),
            ("estimate_data_size", columns @ [_, ..]) => self.data_size(columns, at, row),
            ("bin_auto", [value]) => self.bin_auto(value, at, row),
            ("assert", [condition, message]) => self.assertion(condition, message, at, row),
            ("ingestion_time", []) => Ok(
                match row
                    .fields
                    .iter()
                    .find(|f| f.name == "TimeGenerated" && f.ty == Type::DateTime)
                {
                    Some(f) => Expr::column(f.id, f.ty, at),
                    None => Expr::literal(Value::Null(Type::DateTime), at),
                },
            ),
            ("materialize", [_]) => Err(self.fail(
                codes::NOT_SCALAR,
                span,
                "a table stands where a scalar is required",
            )),
            (n, []) => match self.scope.setting(n) {
                Some(v) => Ok(Expr::literal(v, at)),
                None => return None,
            },
            _ => return None,
        };
        self.functions.insert(name.text.clone());
        Some(out)
    }

    fn choice(
        &mut self,
        pairs: &[(&ast::Expr, &ast::Expr)],
        otherwise: &ast::Expr,
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        let at = self.at(span);
        let bound: Vec<(Res<Expr>, Res<Expr>)> = pairs
            .iter()
            .map(|(c, v)| (self.condition(c, row), self.expr(v, row)))
            .collect();
        let otherwise = self.expr(otherwise, row);
        let mut branches = Vec::with_capacity(bound.len());
        for (c, v) in bound {
            branches.push((c?, v?));
        }
        let otherwise = otherwise?;
        let mut ty: Option<Type> = None;
        for e in branches.iter().map(|(_, v)| v).chain([&otherwise]) {
            // A null literal has no say beside values.
            ty = Some(match ty {
                None => e.ty,
                Some(t) => match common(t, e.ty, true) {
                    Some(t) => t,
                    None => {
                        let d = kql_diag::Diagnostic::error(
                            codes::TYPE_MISMATCH,
                            e.span,
                            format!(
                                "the values of a choice require one type, and {} is not {t}",
                                e.ty
                            ),
                        );
                        return Err(self.report(d));
                    }
                },
            });
        }
        let ty = ty.unwrap_or(Type::Dynamic);
        let mut kept = Vec::with_capacity(branches.len());
        for (c, v) in branches {
            let v = self.cast(v, ty);
            match c.as_literal() {
                Some(Value::Bool(true)) => {
                    if kept.is_empty() {
                        return Ok(Expr { span: at, ..v });
                    }
                    return Ok(Expr {
                        kind: ExprKind::Case {
                            branches: kept,
                            otherwise: Box::new(v),
                        },
                        ty,
                        span: at,
                    });
                }
                Some(_) => {}
                None => kept.push((c, v)),
            }
        }
        let otherwise = self.cast(otherwise, ty);
        if kept.is_empty() {
            return Ok(Expr {
                span: at,
                ..otherwise
            });
        }
        Ok(Expr {
            kind: ExprKind::Case {
                branches: kept,
                otherwise: Box::new(otherwise),
            },
            ty,
            span: at,
        })
    }

    fn to_scalar(&mut self, table: &ast::Expr, at: Span) -> Res<Expr> {
        if !self.is_table(table, &[]) {
            // The value of a partition is no column in its body.
            if let ast::ExprKind::Name(n) = &table.kind
                && let Some(Meaning::Scalar(value)) = self.env.get(&n.text)
                && matches!(value.kind, ExprKind::Column(id) if Some(id) == self.partition_value)
            {
                return Ok(value.clone());
            }
            return self.constant(table, "toscalar");
        }
        let relation = self.rowless_relation(table)?;
        let Some(first) = relation.fields.first().cloned() else {
            return Err(self.fail(codes::NOT_SCALAR, table.span, "the table has no column"));
        };
        let id = self.add_scalar(relation, first.ty);
        Ok(Expr {
            kind: ExprKind::Scalar(id),
            ty: first.ty,
            span: at,
        })
    }

    fn pack_all(&mut self, ignore: Option<&ast::Expr>, at: Span, row: Row<'_>) -> Res<Expr> {
        let mut arguments = Vec::with_capacity(row.fields.len() * 2 + 1);
        let ignore = match ignore {
            Some(e) => matches!(
                self.constant(e, "pack_all")?.as_literal(),
                Some(Value::Bool(true))
            ),
            None => false,
        };
        for f in row.fields {
            arguments.push(Expr::literal(Value::String(f.name.clone()), at));
            arguments.push(Expr::column(f.id, f.ty, at));
        }
        let function = if ignore {
            "pack_all_ignore_empty"
        } else {
            "bag_pack"
        };
        if ignore && self.catalog.scalar(function).is_none() {
            return Err(self.unsupported(at, "pack_all(true)"));
        }
        Ok(self.call_or_fold(function, arguments, Type::Dynamic, at))
    }

    fn column_if_exists(
        &mut self,
        column: &ast::Expr,
        default: &ast::Expr,
        row: Row<'_>,
    ) -> Res<Expr> {
        let text = self.constant_text(column, "column_ifexists")?;
        match row.fields.iter().find(|f| f.name == text) {
            Some(f) => Ok(Expr::column(f.id, f.ty, self.at(column.span))),
            None => self.expr(default, row),
        }
    }

    fn constant_text(&mut self, e: &ast::Expr, function: &str) -> Res<String> {
        let value = self.constant(e, function)?;
        match value.as_literal().and_then(|v| v.as_str()) {
            Some(text) => Ok(text.to_owned()),
            None => Err(self.fail(
                codes::ARGUMENT_TYPE,
                e.span,
                format!("{function} requires a constant string"),
            )),
        }
    }

    /// An argument that must be a column of the rows, with its name.
    fn column_with_name(
        &mut self,
        e: &ast::Expr,
        row: Row<'_>,
        function: &str,
    ) -> Res<(String, Expr)> {
        let bound = self.expr(e, row)?;
        let field = match bound.kind {
            ExprKind::Column(id) => row.fields.iter().find(|f| f.id == id),
            _ => None,
        };
        match field {
            Some(f) => Ok((f.name.clone(), bound)),
            None => Err(self.fail(
                codes::ARGUMENT_TYPE,
                e.span,
                format!("{function} requires columns of the rows"),
            )),
        }
    }

    fn pack_columns(&mut self, columns: &[&ast::Expr], at: Span, row: Row<'_>) -> Res<Expr> {
        let mut arguments = Vec::with_capacity(columns.len() * 2);
        for column in columns {
            let (name, value) = self.column_with_name(column, row, "bag_pack_columns")?;
            arguments.push(Expr::literal(Value::String(name), at));
            arguments.push(value);
        }
        Ok(self.call_or_fold("bag_pack", arguments, Type::Dynamic, at))
    }

    fn data_size(&mut self, columns: &[&ast::Expr], at: Span, row: Row<'_>) -> Res<Expr> {
        let mut arguments = Vec::with_capacity(columns.len());
        for column in columns {
            if matches!(column.kind, ast::ExprKind::Star) {
                let all = row.fields.iter().map(|f| Expr::column(f.id, f.ty, at));
                arguments.extend(all);
            } else {
                let (_, value) = self.column_with_name(column, row, "estimate_data_size")?;
                arguments.push(value);
            }
        }
        Ok(self.call_or_fold("estimate_data_size", arguments, Type::Long, at))
    }

    /// `assert`: decided now where the condition is known now.
    fn assertion(
        &mut self,
        condition: &ast::Expr,
        message: &ast::Expr,
        at: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        // Functions of the program's own refuse single rows.
        let source = usize::try_from(self.source)
            .ok()
            .and_then(|i| i.checked_sub(1));
        let source = source.and_then(|i| self.sources.get(i));
        if source.is_some_and(|s| s.name.starts_with("_ASIM_")) {
            let held = self.expr(condition, row)?;
            let message = self.expr(message, row)?;
            return Ok(self.call_or_fold("assert", vec![held, message], Type::Bool, at));
        }
        let held = self.constant(condition, "assert")?;
        let held = self.cast(held, Type::Bool);
        let message = self.constant_text(message, "assert")?;
        match held.as_literal() {
            Some(Value::Bool(true)) => Ok(Expr::literal(Value::Bool(true), at)),
            Some(_) => Err(self.fail(
                codes::BAD_VALUE,
                at,
                format!("assert() has failed with message: '{message}'"),
            )),
            None => {
                let message = Expr::literal(Value::String(message), at);
                Ok(self.call_or_fold("assert", vec![held, message], Type::Bool, at))
            }
        }
    }

    /// `bin_auto`: `bin_at` by the options of the query.
    fn bin_auto(&mut self, value: &ast::Expr, at: Span, row: Row<'_>) -> Res<Expr> {
        let value = self.expr(value, row)?;
        let option = |name: &str| {
            let mut set = self.out.options.iter().rev();
            set.find(|(n, _)| n == name).map(|(_, v)| v.clone())
        };
        let (size, start) = (option("query_bin_auto_size"), option("query_bin_auto_at"));
        let Some(size) = size else {
            return Err(self.fail(
                codes::BAD_VALUE,
                at,
                "bin_auto requires `set query_bin_auto_size`, the width of a bin",
            ));
        };
        let start = start.unwrap_or(match value.ty {
            Type::DateTime => Value::DateTime(0),
            Type::TimeSpan => Value::TimeSpan(0),
            _ => Value::Long(0),
        });
        let Some(facts) = self.catalog.scalar("bin_at") else {
            return Err(self.unsupported(at, "bin_auto"));
        };
        let arguments = vec![value, Expr::literal(size, at), Expr::literal(start, at)];
        let (arguments, ty) = self.resolve(&facts, arguments, at)?;
        Ok(self.call_or_fold(facts.name, arguments, ty, at))
    }
}
