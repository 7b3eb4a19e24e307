//! `partition by`: a pipe that runs on the rows of each value of a column on their own.

use crate::binder::{Binder, Poison, Res};
use crate::plan::Relation;
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
        let operators = self.partition_body(parts.body, parts.braces)?;
        self.refuse_lost_groups(operators)?;
        let around = self.partition.clone();
        self.partition.push(by.id);
        self.implicit.push(Relation {
            ordered: false,
            ..input
        });
        let depth = self.implicit.len();
        let out = self.relation(parts.body);
        self.implicit.truncate(depth - 1);
        self.partition = around;
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

    /// The operators of a body that starts with the rows of the partition.
    fn partition_body<'a>(
        &mut self,
        body: &'a ast::Expr,
        braces: bool,
    ) -> Res<&'a [ast::Operator]> {
        match &body.kind {
            ast::ExprKind::Paren(inner) => self.partition_body(inner, braces),
            ast::ExprKind::Pipe {
                source: None,
                operators,
            } => {
                for o in operators {
                    self.partition_operator(o)?;
                }
                Ok(operators)
            }
            _ if braces => Err(self.unsupported(body.span, "a partition over a table of its own")),
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

    /// An aggregate without keys gives a row for a group that has lost all of its rows, which grouping does not.
    fn refuse_lost_groups(&mut self, operators: &[ast::Operator]) -> Res<()> {
        let mut may_lose = false;
        for o in operators {
            match &o.kind {
                K::Count { .. } if may_lose => {
                    return Err(
                        self.unsupported(o.word, "count after fewer rows inside of partition")
                    );
                }
                K::Summarize { by, .. } if may_lose && by.is_empty() => {
                    return Err(self.unsupported(
                        o.word,
                        "summarize without `by` after fewer rows inside of partition",
                    ));
                }
                K::Where { .. }
                | K::Take { .. }
                | K::Top { .. }
                | K::Parse { .. }
                | K::MvExpand { .. }
                | K::MvApply { .. }
                | K::Scan { .. } => {
                    may_lose = true;
                }
                // One row for each group, whatever was before.
                K::Count { .. } => may_lose = false,
                _ => {}
            }
        }
        Ok(())
    }
}
