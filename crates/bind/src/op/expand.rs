//! `mv-expand` and `mv-apply`.

use crate::binder::{Binder, Poison, Res};
use crate::expr::Row;
use crate::names::{Unique, of_expr};
use crate::op::subtables::Subtables;
use crate::plan::{Expr, Field, MvExpand, Relation, RelationKind};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::Type;

impl Binder<'_> {
    pub(super) fn mv_expand(
        &mut self,
        input: Relation,
        parameters: &[ast::Property],
        items: &[ast::ExpandItem],
        limit: Option<&ast::Expr>,
        span: Span,
    ) -> Res<Relation> {
        let (bag_as_array, index_name) = self.expand_parameters(parameters, "mv-expand")?;
        self.expand(input, items, limit, index_name, bag_as_array, span)
    }

    /// Whether a bag is expanded to pairs in arrays, and the name of the index column.
    fn expand_parameters(
        &mut self,
        parameters: &[ast::Property],
        operator: &str,
    ) -> Res<(bool, Option<String>)> {
        let mut bag_as_array = false;
        let mut index_name = None;
        for (p, (name, value)) in parameters.iter().zip(self.properties(parameters)?) {
            match (name.as_str(), value.as_str()) {
                ("bagexpansion" | "kind", Some("array")) => bag_as_array = true,
                ("bagexpansion" | "kind", Some("bag")) => {}
                ("with_itemindex", Some(n)) => index_name = Some(n.to_owned()),
                (n, _) if n.starts_with("hint.") => {}
                _ => {
                    return Err(self.fail(
                        codes::UNKNOWN_OPTION,
                        p.name.span,
                        format!("{operator} has no parameter `{}`", p.name.text),
                    ));
                }
            }
        }
        Ok((bag_as_array, index_name))
    }

    fn expand(
        &mut self,
        input: Relation,
        items: &[ast::ExpandItem],
        limit: Option<&ast::Expr>,
        index_name: Option<String>,
        bag_as_array: bool,
        span: Span,
    ) -> Res<Relation> {
        let mut fields = input.fields.clone();
        let mut unique = Unique::over(&fields);
        let mut made = Vec::new();
        for item in items {
            let value = self.expr(&item.expr.value, Row::of(&input.fields))?;
            if value.ty != Type::Dynamic {
                return Err(self.fail(
                    codes::TYPE_MISMATCH,
                    item.expr.span,
                    format!("mv-expand requires a dynamic value, not {}", value.ty),
                ));
            }
            let ty = match &item.to_type {
                None => Type::Dynamic,
                Some(n) => match Type::from_name(&n.text) {
                    Some(t) => t,
                    None => {
                        return Err(self.fail(
                            codes::TYPE_MISMATCH,
                            n.span,
                            format!("type `{}` not found", n.text),
                        ));
                    }
                },
            };
            let name = match item.expr.names.first() {
                Some(n) => n.text.clone(),
                // `todynamic(x)` takes the place of `x`.
                None => match of_expr(&item.expr.value, self.catalog).filter(|n| !n.is_empty()) {
                    Some(n) => n,
                    None => unique.column(),
                },
            };
            let id = self.column(ty);
            made.push((value, id, ty));
            match fields.iter_mut().find(|f| f.name == name) {
                Some(f) => *f = Field { name, id, ty },
                None => fields.push(Field { name, id, ty }),
            }
        }
        let index = index_name.map(|name| {
            let id = self.column(Type::Long);
            // The index stands before what was expanded.
            fields.push(Field {
                name: unique.of(&name),
                id,
                ty: Type::Long,
            });
            id
        });
        let limit = match limit {
            Some(l) => Some(self.count_of(l, "limit")?),
            None => None,
        };
        let ordered = input.ordered;
        let kind = RelationKind::MvExpand(Box::new(MvExpand {
            input,
            items: made,
            index,
            bag_as_array,
            limit,
        }));
        Ok(Relation {
            kind,
            fields,
            span: self.at(span),
            ordered,
        })
    }

    /// Rows are numbered, expanded, and the body works on each number apart.
    pub(super) fn mv_apply(
        &mut self,
        input: Relation,
        parameters: &[ast::Property],
        items: &[ast::ExpandItem],
        limit: Option<&ast::Expr>,
        body: &ast::Expr,
        span: Span,
    ) -> Res<Relation> {
        let at = self.at(span);
        let (bag_as_array, index_name) = self.expand_parameters(parameters, "mv-apply")?;
        let row = self.column(Type::Long);
        let outer = input.fields.clone();
        let ordered = input.ordered;
        let numbered = Relation {
            kind: RelationKind::RowId {
                input: Box::new(input),
                id: row,
            },
            fields: outer.clone(),
            span: at,
            ordered,
        };
        // The rows are needed twice: expanded, and to put the other columns back.
        let mut shared_fields = outer.clone();
        // What the rows belong to around this operator goes with them.
        let around = self.partition.clone();
        for id in around.iter().chain([&row]) {
            shared_fields.push(Field {
                name: "$row".to_owned(),
                id: *id,
                ty: self.type_of(*id),
            });
        }
        let mut numbered = numbered;
        numbered.fields = shared_fields.clone();
        let id = self.add_shared(numbered);
        let mut left = self.use_shared(id, &shared_fields, ordered, span);
        let mut right = self.use_shared(id, &shared_fields, ordered, span);
        let ids = |fields: Vec<Field>| fields.iter().map(|f| f.id).collect::<Vec<_>>();
        let left_rows = ids(left.fields.split_off(outer.len()));
        let right_rows = ids(right.fields.split_off(outer.len()));
        let left_row = *left_rows.last().ok_or(Poison)?;
        let mut expanded = self.expand(right, items, limit, index_name, bag_as_array, span)?;
        expanded.ordered = true;
        let body_is_row_wise = row_wise(body);
        let subtables = Subtables {
            rows: id,
            keys: shared_fields.split_off(outer.len()),
        };
        let around_subtables = self.subtables.replace(subtables);
        self.partition = right_rows;
        self.implicit.push(expanded);
        let out = self.relation(body).and_then(|r| {
            self.no_graph(body.span)?;
            Ok(r)
        });
        // A body may have put the rows together anew; they are numbered by other columns then.
        let mut rows = std::mem::replace(&mut self.partition, around);
        self.subtables = around_subtables;
        let row = rows.pop().ok_or(Poison)?;
        let out = out?;
        if body_is_row_wise {
            // Every row still carries the columns around it.
            self.partition = rows;
            return Ok(out);
        }
        self.partition = left_rows;
        self.partition.pop();
        // What the body gives, beside the columns of the row that it came from.
        let made: Vec<Field> = out.fields.clone();
        let expanded_names: Vec<String> = items
            .iter()
            .filter_map(|i| item_name(i, self.catalog))
            .collect();
        let mut fields: Vec<Field> = left
            .fields
            .iter()
            .filter(|f| !expanded_names.contains(&f.name) && !made.iter().any(|m| m.name == f.name))
            .cloned()
            .collect();
        fields.extend(made);
        let on = vec![(
            Expr::column(left_row, Type::Long, at),
            Expr::column(row, Type::Long, at),
        )];
        let join = crate::plan::Join {
            left,
            right: out,
            kind: crate::plan::JoinKind::Inner,
            on,
            filter: None,
            hints: Vec::new(),
        };
        Ok(Relation {
            kind: RelationKind::Join(Box::new(join)),
            fields,
            span: at,
            ordered: false,
        })
    }
}

fn item_name(i: &ast::ExpandItem, catalog: &dyn kql_types::FunctionCatalog) -> Option<String> {
    i.expr
        .names
        .first()
        .map(|n| n.text.clone())
        .or_else(|| of_expr(&i.expr.value, catalog))
}

/// Whether a body keeps its rows' other columns (no aggregate and no projection inside).
fn row_wise(body: &ast::Expr) -> bool {
    match &body.kind {
        ast::ExprKind::Paren(inner) => row_wise(inner),
        ast::ExprKind::Pipe { operators, .. } => operators.iter().all(|o| {
            matches!(
                o.kind,
                ast::OperatorKind::Where { .. }
                    | ast::OperatorKind::Extend { .. }
                    | ast::OperatorKind::Take { .. }
                    | ast::OperatorKind::Top { .. }
                    | ast::OperatorKind::Sort { .. }
            )
        }),
        _ => false,
    }
}
