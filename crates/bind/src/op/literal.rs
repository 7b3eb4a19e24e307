//! Rows that the query itself says: `datatable`, `externaldata`, `print`, `range`.

use crate::binder::{Binder, Poison, Res};
use crate::expr::Row;
use crate::names::Unique;
use crate::plan::{Field, Relation, RelationKind};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::{Dyn, Type, Value};

impl Binder<'_> {
    pub(super) fn datatable(
        &mut self,
        columns: &[ast::ColumnDecl],
        values: &[ast::Expr],
        span: Span,
    ) -> Res<Relation> {
        let columns = self.declared(columns)?;
        let width = columns.len();
        if width == 0 || !values.len().is_multiple_of(width) {
            return Err(self.fail(
                codes::ARGUMENT_COUNT,
                span,
                format!(
                    "datatable has {width} columns, and {} values do not fill its rows",
                    values.len()
                ),
            ));
        }
        let mut rows = Vec::with_capacity(values.len() / width);
        for chunk in values.chunks(width) {
            let mut row = Vec::with_capacity(width);
            for (e, (_, ty)) in chunk.iter().zip(&columns) {
                let bound = self.constant(e, "datatable")?;
                let cast = self.cast(bound, *ty);
                match cast.as_literal() {
                    Some(Value::Dynamic(Dyn::Null)) => row.push(Value::Null(Type::Dynamic)),
                    Some(v) => row.push(v.clone()),
                    None => {
                        return Err(self.fail(
                            codes::NOT_CONSTANT,
                            e.span,
                            format!("datatable requires a constant {ty}"),
                        ));
                    }
                }
            }
            rows.push(row);
        }
        Ok(self.values(columns, rows, span))
    }

    pub(super) fn externaldata(
        &mut self,
        columns: &[ast::ColumnDecl],
        locations: &[ast::Expr],
        properties: &[ast::Property],
        span: Span,
    ) -> Res<Relation> {
        let columns = self.declared(columns)?;
        let mut texts = Vec::with_capacity(locations.len());
        for l in locations {
            let e = self.constant(l, "externaldata")?;
            match e.as_literal().and_then(|v| v.as_str()) {
                Some(s) => {
                    self.externals.insert(s.to_owned());
                    texts.push(s.to_owned());
                }
                None => {
                    return Err(self.fail(
                        codes::ARGUMENT_TYPE,
                        l.span,
                        "externaldata requires constant strings as locations",
                    ));
                }
            }
        }
        let properties = self.properties(properties)?;
        let mut made = Vec::with_capacity(columns.len());
        let mut fields = Vec::with_capacity(columns.len());
        for (name, ty) in columns {
            let id = self.column(ty);
            made.push((Some(id), name.clone(), ty));
            fields.push(Field { name, id, ty });
        }
        Ok(Relation {
            kind: RelationKind::External {
                columns: made,
                locations: texts,
                properties,
            },
            fields,
            span: self.at(span),
            ordered: false,
        })
    }

    pub(super) fn print(&mut self, items: &[ast::NamedExpr], span: Span) -> Res<Relation> {
        let input = Relation {
            kind: RelationKind::Values {
                columns: Vec::new(),
                rows: vec![Vec::new()],
            },
            fields: Vec::new(),
            span: self.at(span),
            ordered: true,
        };
        let mut taken = Unique::new();
        let mut assignments = Vec::new();
        let mut fields = Vec::new();
        let mut failed = false;
        for (i, item) in items.iter().enumerate() {
            let Ok(value) = self.item(item, Row::default()) else {
                failed = true;
                continue;
            };
            match self.several_columns(item, &value) {
                Some(Ok(columns)) => {
                    // Where the query gives names, it gets those columns only.
                    let named = columns.iter().any(|(_, spelled, _)| *spelled);
                    for (name, spelled, value) in columns {
                        if spelled || !named {
                            let (name, ty) = (taken.of(&name), value.ty);
                            let id = self.as_column(value, &mut assignments);
                            fields.push(Field { name, id, ty });
                        }
                    }
                    continue;
                }
                Some(Err(Poison)) => {
                    failed = true;
                    continue;
                }
                None => {}
            }
            let name = match item.names.first() {
                Some(n) => taken.of(&n.text),
                None => {
                    // What a function or a variable is called says nothing of the column here.
                    taken.of(&format!("print_{i}"))
                }
            };
            let ty = value.ty;
            let id = self.as_column(value, &mut assignments);
            fields.push(Field { name, id, ty });
        }
        if failed {
            return Err(Poison);
        }
        let out = self.extend(input, assignments);
        Ok(self.with_fields(out, fields))
    }

    /// A scalar that stands as a query of its own.
    pub fn print_of(&mut self, e: &ast::Expr) -> Res<Relation> {
        let item = ast::NamedExpr {
            names: Vec::new(),
            value: e.clone(),
            span: e.span,
        };
        self.print(&[item], e.span)
    }

    pub(super) fn range(
        &mut self,
        name: &ast::Name,
        from: &ast::Expr,
        to: &ast::Expr,
        step: &ast::Expr,
        span: Span,
    ) -> Res<Relation> {
        let from = self.constant(from, "range")?;
        let to = self.constant(to, "range")?;
        let step = self.constant(step, "range")?;
        let ty = match (from.ty, to.ty) {
            (Type::DateTime, _) => Type::DateTime,
            (Type::TimeSpan, _) => Type::TimeSpan,
            (Type::Int, Type::Int) if step.ty == Type::Int => Type::Int,
            _ => {
                let mut ty = Type::Long;
                for t in [from.ty, to.ty, step.ty] {
                    ty = match t {
                        Type::Int | Type::Long | Type::Dynamic => ty,
                        Type::Real if ty != Type::Decimal => Type::Real,
                        Type::Decimal => Type::Decimal,
                        Type::Real => ty,
                        other => {
                            return Err(self.fail(
                                codes::TYPE_MISMATCH,
                                span,
                                format!("range does not take {other}"),
                            ));
                        }
                    };
                }
                ty
            }
        };
        let step_type = if matches!(ty, Type::DateTime | Type::TimeSpan) {
            Type::TimeSpan
        } else {
            ty
        };
        let (from, to, step) = (
            self.cast(from, ty),
            self.cast(to, ty),
            self.cast(step, step_type),
        );
        let column = self.column(ty);
        Ok(Relation {
            kind: RelationKind::Range {
                column,
                from,
                to,
                step,
            },
            fields: vec![Field {
                name: name.text.clone(),
                id: column,
                ty,
            }],
            span: self.at(span),
            ordered: true,
        })
    }
}
