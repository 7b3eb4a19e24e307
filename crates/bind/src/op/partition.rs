//! `partition by`: a pipe that runs on the rows of each value of a column on their own.

use crate::binder::{Binder, Poison, Res};
use crate::env::Meaning;
use crate::op::subtables::Subtables;
use crate::plan::{Assignment, Expr, ExprKind, Field, Relation, RelationKind};
use kql_diag::codes;
use kql_syntax::ast::{self, OperatorKind as K};

/// The parts of the operator.
pub(super) struct Parts<'a> {
    pub parameters: &'a [ast::Property],
    pub by: &'a ast::Expr,
    pub scope: Option<&'a ast::Expr>,
    pub body: &'a ast::Expr,
    pub braces: bool,
}

impl Binder<'_> {
    /// Binds the body once: its operators group, count, order and number the rows by the column beside their own keys.
    /// All strategies give the same rows; the limit of 64 values of the legacy one is not kept.
    pub(super) fn partition(&mut self, input: Relation, parts: &Parts<'_>) -> Res<Relation> {
        self.partition_hints(parts.parameters)?;
        if let Some(scope) = parts.scope {
            return Err(self.unsupported(scope.span, "`in` of partition"));
        }
        let by = self.column_argument(parts.by, &input)?;
        if parts.braces
            && let Some((table, operators)) = table_of_its_own(parts.body)
        {
            return self.partition_of_table(input, &by, table, operators, parts.body);
        }
        let operators = self.partition_body(parts.body)?;
        let (mut input, mut by) = (input, by);
        let around = self.partition.clone();
        let mut subtables = None;
        if loses_groups(operators) {
            // The rows are needed twice: for the body, and for what there is to work on.
            let mut fields = input.fields.clone();
            for id in &around {
                fields.push(Field {
                    name: "$row".to_owned(),
                    id: *id,
                    ty: self.type_of(*id),
                });
            }
            let at = self.at(parts.body.span);
            let place = input.fields.iter().position(|f| f.id == by.id);
            let rows = self.add_shared(Relation {
                fields: fields.clone(),
                ..input.clone()
            });
            let mut one = self.use_shared(rows, &fields, input.ordered, parts.body.span);
            let other = self.use_shared(rows, &fields, false, parts.body.span);
            let mut keys = Vec::new();
            let mut made = Vec::new();
            let outside = other.fields.iter().skip(input.fields.len());
            for f in outside.chain(place.and_then(|i| other.fields.get(i))) {
                let id = self.column(f.ty);
                keys.push(Assignment {
                    id,
                    value: Expr::column(f.id, f.ty, at),
                });
                made.push(Field { id, ..f.clone() });
            }
            let distinct = self.add_shared(Relation {
                kind: RelationKind::Aggregate {
                    input: Box::new(other),
                    keys,
                    aggregates: Vec::new(),
                },
                fields: made.clone(),
                span: at,
                ordered: false,
            });
            let own = one.fields.split_off(input.fields.len());
            self.partition = own.iter().map(|f| f.id).collect();
            by = place
                .and_then(|i| one.fields.get(i).cloned())
                .ok_or(Poison)?;
            input = one;
            subtables = Some(Subtables {
                rows: distinct,
                keys: made,
            });
        }
        let outside = std::mem::replace(&mut self.subtables, subtables);
        self.partition.push(by.id);
        self.implicit.push(Relation {
            ordered: false,
            ..input
        });
        let depth = self.implicit.len();
        let out = self.relation(parts.body);
        self.implicit.truncate(depth - 1);
        self.subtables = outside;
        // A body may have put the rows together anew; they are numbered by other columns then.
        let inside = std::mem::replace(&mut self.partition, around);
        if !self.partition.is_empty() {
            self.partition = inside;
            self.partition.pop();
        }
        Ok(Relation {
            ordered: false,
            ..out?
        })
    }

    fn partition_hints(&mut self, parameters: &[ast::Property]) -> Res<()> {
        for (p, (name, value)) in parameters.iter().zip(self.properties(parameters)?) {
            let good = match name.as_str() {
                "hint.strategy" => matches!(value.as_str(), Some("native" | "shuffle" | "legacy")),
                "hint.shufflekey" => value.as_str().is_some(),
                "hint.materialized" => matches!(value, kql_types::Value::Bool(_)),
                "hint.concurrency" | "hint.spread" | "hint.num_partitions" => {
                    value.as_long().is_some()
                }
                _ => false,
            };
            if !good {
                let message = format!("partition does not take this `{}`", p.name.text);
                return Err(self.fail(codes::BAD_VALUE, p.name.span, message));
            }
        }
        Ok(())
    }

    /// A body that starts with a table: its rows beside each value of the column.
    fn partition_of_table(
        &mut self,
        input: Relation,
        by: &Field,
        table: &ast::Expr,
        operators: &[ast::Operator],
        body: &ast::Expr,
    ) -> Res<Relation> {
        if !self.partition.is_empty() {
            return Err(self.unsupported(body.span, "a table of its own inside of two partitions"));
        }
        for o in operators {
            match o.kind {
                K::Where { .. }
                | K::Extend { .. }
                | K::Project { .. }
                | K::ProjectAway { .. }
                | K::ProjectKeep { .. }
                | K::ProjectRename { .. }
                | K::ProjectReorder { .. } => {}
                K::Error => return Err(Poison),
                _ => {
                    let what = "this operator on a table of its own inside of partition";
                    return Err(self.unsupported(o.word, what));
                }
            }
        }
        let table = self.rowless_relation(table)?;
        let (rows, key) = self.table_for_each(input, by, table, body.span);
        let ExprKind::Column(value) = key.kind else {
            return Err(Poison);
        };
        let value = self.partition_value.replace(value);
        let env = self.env.with(&by.name, Meaning::Scalar(key));
        let outer = std::mem::replace(&mut self.env, env);
        self.implicit.push(rows);
        let depth = self.implicit.len();
        let pipe = ast::Expr {
            kind: ast::ExprKind::Pipe {
                source: None,
                operators: operators.to_vec(),
            },
            span: body.span,
        };
        let out = if operators.is_empty() {
            self.implicit.pop().ok_or(Poison)
        } else {
            self.relation(&pipe)
        };
        self.implicit.truncate(depth - 1);
        self.env = outer;
        self.partition_value = value;
        Ok(Relation {
            ordered: false,
            ..out?
        })
    }

    /// The operators of a body that starts with the rows of the partition.
    fn partition_body<'a>(&mut self, body: &'a ast::Expr) -> Res<&'a [ast::Operator]> {
        match &body.kind {
            ast::ExprKind::Paren(inner) => self.partition_body(inner),
            ast::ExprKind::Pipe {
                source: None,
                operators,
            } => {
                for o in operators {
                    self.partition_operator(o)?;
                }
                Ok(operators)
            }
            _ => Err(self.fail(
                codes::SYNTAX,
                body.span,
                "the body of a partition starts with an operator",
            )),
        }
    }

    fn partition_operator(&mut self, o: &ast::Operator) -> Res<()> {
        match o.kind {
            K::Where { .. }
            | K::Extend { .. }
            | K::Project { .. }
            | K::ProjectAway { .. }
            | K::ProjectKeep { .. }
            | K::ProjectRename { .. }
            | K::ProjectReorder { .. }
            | K::Serialize { .. }
            | K::Summarize { .. }
            | K::Distinct { .. }
            | K::Count { .. }
            | K::Sort { .. }
            | K::Top { .. }
            | K::TopHitters { .. }
            | K::Take { .. }
            | K::Parse { .. }
            | K::ParseKv { .. }
            | K::Scan { .. }
            | K::Sample { .. }
            | K::SampleDistinct { .. }
            | K::MvExpand { .. }
            | K::MvApply { .. }
            | K::MakeSeries { .. } => Ok(()),
            K::Error => Err(Poison),
            _ => Err(self.unsupported(o.word, "this operator inside of partition")),
        }
    }
}

/// The table and the operators of a body that starts with a table.
fn table_of_its_own(body: &ast::Expr) -> Option<(&ast::Expr, &[ast::Operator])> {
    match &body.kind {
        ast::ExprKind::Paren(inner) => table_of_its_own(inner),
        ast::ExprKind::Pipe { source: None, .. } => None,
        ast::ExprKind::Pipe {
            source: Some(table),
            operators,
        } => Some((table, operators)),
        _ => Some((body, &[])),
    }
}

/// An aggregate without keys gives a row for a group that has lost all of its rows, which grouping does not.
fn loses_groups(operators: &[ast::Operator]) -> bool {
    let mut may_lose = false;
    for o in operators {
        match &o.kind {
            K::Count { .. } if may_lose => return true,
            K::Summarize { by, .. } if may_lose && by.is_empty() => return true,
            K::Where { .. }
            | K::Take { .. }
            | K::Top { .. }
            | K::Parse { .. }
            | K::MvExpand { .. }
            | K::MvApply { .. }
            | K::Sample { .. }
            | K::Scan { .. } => {
                may_lose = true;
            }
            // One row for each group, whatever was before.
            K::Count { .. } => may_lose = false,
            _ => {}
        }
    }
    false
}
