//! Tables: sources, pipes, and one file an operator.

mod aggregate;
mod by_leg;
mod evaluate;
mod expand;
mod facet;
mod find;
mod fork;
pub mod graph;
mod join;
mod literal;
mod macro_expand;
mod make_series;
mod misc;
mod parse;
mod parse_kv;
mod partition;
mod pattern;
mod project;
mod restrict;
mod scan;
mod search;
mod service;
mod several;
mod sort;
mod source;
pub mod subtables;
mod top_nested;
mod union;

pub use project::matches;

use crate::binder::{Binder, Poison, Res};
use crate::plan::{Expr, Field, Relation, RelationKind};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast::{self, Operator, OperatorKind as K};
use kql_types::{Type, Value};

impl Binder<'_> {
    /// Binds a table.
    pub fn relation(&mut self, e: &ast::Expr) -> Res<Relation> {
        self.spend(crate::binder::PARTS_OF_OPERATOR, e.span)?;
        match &e.kind {
            ast::ExprKind::Paren(inner) => self.relation(inner),
            ast::ExprKind::Pipe { source, operators } => {
                self.pipe(source.as_deref(), operators, e.span)
            }
            _ => self.source_table(e),
        }
    }

    /// Binds a table that is no part of the pipe at hand: its `render`, `as` and aggregates are its own.
    pub fn isolated_relation(&mut self, e: &ast::Expr) -> Res<Relation> {
        let beside = self.graph.take();
        let out = self.isolated_value(e).and_then(|r| {
            self.no_graph(e.span)?;
            Ok(r)
        });
        self.graph = beside;
        out
    }

    /// The same, of a table that is computed before any row.
    pub fn rowless_relation(&mut self, e: &ast::Expr) -> Res<Relation> {
        let env = self.env.without_rows();
        let outer = std::mem::replace(&mut self.env, env);
        let out = self.isolated_relation(e);
        self.env = outer;
        out
    }

    /// The same, where a graph may stand for the table.
    pub fn isolated_value(&mut self, e: &ast::Expr) -> Res<Relation> {
        let render = self.render.take();
        let name = self.result_name.take();
        let collector = self.collector.take();
        let quiet = std::mem::replace(&mut self.quiet_names, false);
        let partition = std::mem::take(&mut self.partition);
        let subtables = self.subtables.take();
        let implicit = std::mem::take(&mut self.implicit);
        let scope = self.graph_scope.take();
        let out = self.relation(e);
        self.graph_scope = scope;
        self.render = render;
        self.result_name = name;
        self.collector = collector;
        self.quiet_names = quiet || out.is_err();
        self.partition = partition;
        self.subtables = subtables;
        self.implicit = implicit;
        out
    }

    fn pipe(
        &mut self,
        source: Option<&ast::Expr>,
        operators: &[Operator],
        span: Span,
    ) -> Res<Relation> {
        let mut rest = operators;
        let mut at = match source {
            Some(s) => self.relation(s)?,
            None => match operators.split_first() {
                // The fault is told already.
                Some((first, _)) if matches!(first.kind, K::Error) => return Err(Poison),
                Some((first, tail)) if is_leading(&first.kind) => {
                    rest = tail;
                    self.leading(first)?
                }
                _ => match self.implicit.pop() {
                    Some(r) => r,
                    None => {
                        return Err(self.fail(
                            codes::SYNTAX,
                            span,
                            "a pipe requires a table in front of it",
                        ));
                    }
                },
            },
        };
        for o in rest {
            self.spend(crate::binder::PARTS_OF_OPERATOR, o.word)?;
            at = match self.operator(at.clone_for_recovery(), at, o) {
                Ok(next) => next,
                Err((before, Poison)) => {
                    // Later operators are still bound, on the rows before, and names that this one made are not missed.
                    self.quiet_names = true;
                    before
                }
            };
        }
        if self.quiet_names {
            Err(Poison)
        } else {
            Ok(at)
        }
    }

    fn operator(
        &mut self,
        before: Relation,
        input: Relation,
        o: &Operator,
    ) -> Result<Relation, (Relation, Poison)> {
        self.operator_inner(input, o).map_err(|p| (before, p))
    }

    fn operator_inner(&mut self, input: Relation, o: &Operator) -> Res<Relation> {
        let span = o.span;
        if let Some(graph) = self.graph.take() {
            return self.graph_operator(graph, o);
        }
        match &o.kind {
            K::MakeGraph { .. } => self.make_graph(input, o),
            K::GraphMatch { .. }
            | K::GraphMarkComponents { .. }
            | K::GraphToTable { .. }
            | K::GraphWhere { .. } => Err(self.not_a_graph(o)),
            K::Where { predicate, .. } => self.where_(input, predicate, span),
            K::Extend { items } => self.extend_op(input, items, span),
            K::Project { items } => self.project(input, items, span),
            K::ProjectAway { items } => self.project_away(input, items),
            K::ProjectKeep { items } => self.project_keep(input, items),
            K::ProjectRename { items } => self.project_rename(input, items),
            K::ProjectReorder { items } => self.project_reorder(input, items),
            K::ProjectByNames { items } => self.project_by_names(input, items),
            K::Serialize { items } => {
                let input = self.serialize(input, span);
                self.extend_op(input, items, span)
            }
            K::Summarize {
                parameters,
                aggregates,
                by,
                ..
            } => {
                self.summarize_hints(parameters, by)?;
                self.summarize(input, aggregates, by, span)
            }
            K::Distinct { items, .. } => self.distinct(input, items, span),
            K::Count { name } => self.count(input, name.as_ref(), span),
            K::Sort { keys, .. } => self.sort(input, keys, span),
            K::Top {
                count,
                keys,
                others,
                ..
            } => {
                if let Some(o) = others {
                    return Err(self.unsupported(o.span, "`with others` of top"));
                }
                self.top(input, count, keys, span)
            }
            K::Take { count } => self.take(input, count, span),
            K::Sample { count } => self.sample(input, count, span),
            K::SampleDistinct { count, of } => self.sample_distinct(input, count, of, span),
            K::TopHitters { count, of, by } => {
                self.top_hitters(input, count, of, by.as_deref(), span)
            }
            K::Join {
                parameters,
                right,
                on,
                on_word: false,
            } if on.len() == 1 => self.join_where(input, parameters, right, &on[0], span),
            K::Join {
                parameters,
                right,
                on,
                ..
            } => self.join(input, parameters, right, on, span),
            K::Lookup {
                parameters,
                right,
                on,
            } => self.lookup(input, parameters, right, on, span),
            K::Union { parameters, tables } => self.union(Some(input), parameters, tables, span),
            K::As { name, .. } => Ok(self.as_(input, name)),
            K::GetSchema => Ok(self.getschema(input, span)),
            K::Render { kind, properties } => {
                self.render = Some(self.chart(kind, properties)?);
                Ok(input)
            }
            K::Invoke { name, arguments } => self.invoke(input, name, arguments, span),
            K::Consume { .. } => Ok(self.consume(input, span)),
            K::MvExpand {
                parameters,
                items,
                limit,
            } => self.mv_expand(input, parameters, items, limit.as_deref(), span),
            K::MvApply {
                parameters,
                items,
                limit,
                id,
                body,
            } => {
                if let Some(id) = id {
                    return Err(self.unsupported(id.span, "`id` of mv-apply"));
                }
                self.mv_apply(input, parameters, items, limit.as_deref(), body, span)
            }
            K::Partition {
                parameters,
                by,
                scope,
                body,
                braces,
            } => self.partition(
                input,
                &partition::Parts {
                    parameters,
                    by,
                    scope: scope.as_deref(),
                    body,
                    braces: *braces,
                },
            ),
            K::Parse {
                where_,
                parameters,
                source,
                parts,
            } => self.parse_op(input, *where_, parameters, source, parts, span),
            K::ParseKv {
                source,
                columns,
                properties,
            } => self.parse_kv(input, source, columns, properties, span),
            K::Fork { .. } | K::Facet { .. } => {
                let what = format!("operator `{}`", word(&o.kind));
                let message =
                    format!("{what} gives several tables and has to come last of a query");
                Err(self.fail(codes::NOT_SCALAR, o.word, message))
            }
            K::Reduce { .. } => {
                let at = self.at(o.word);
                let d = Diagnostic::unsupported(at, "operator `reduce`")
                    .with_help("its page prints groups that its description does not give");
                Err(self.report(d))
            }
            K::TopNested { levels } => self.top_nested(input, levels, span),
            K::Scan {
                parameters,
                order_by,
                partition_by,
                declare,
                steps,
            } => {
                let outside = order_by.first().map(|k| k.expr.span);
                if let Some(at) = outside.or_else(|| partition_by.first().map(|e| e.span)) {
                    return Err(self.unsupported(at, "an order or partition inside of scan"));
                }
                self.scan_op(input, parameters, declare, steps, span)
            }
            K::Evaluate {
                parameters,
                name,
                arguments,
                schema,
                schema_open,
            } => {
                let call = evaluate::Call {
                    input,
                    name,
                    arguments,
                    schema: schema.as_deref(),
                    schema_open: *schema_open,
                    span,
                };
                self.evaluate(parameters, call)
            }
            K::MakeSeries {
                parameters,
                items,
                on,
                from,
                to,
                step,
                in_range,
                by,
            } => {
                let parts = make_series::Parts {
                    parameters,
                    items,
                    on,
                    from: from.as_deref(),
                    to: to.as_deref(),
                    step: step.as_deref(),
                    in_range: in_range
                        .as_ref()
                        .map(|(a, b, c)| (a.as_ref(), b.as_ref(), c.as_ref())),
                    by,
                };
                self.make_series(input, &parts, o.span)
            }
            K::Search {
                parameters,
                tables,
                predicate,
            } if tables.is_empty() => self.search_in(input, parameters, predicate, span),
            K::AssertSchema { columns } => self.assert_schema(input, columns, o),
            K::Error => Err(Poison),
            other => Err(self.unsupported(o.word, format!("operator `{}`", word(other)))),
        }
    }

    fn leading(&mut self, o: &Operator) -> Res<Relation> {
        match &o.kind {
            K::Print { items } => self.print(items, o.span),
            K::Range {
                name,
                from,
                to,
                step,
            } => self.range(name, from, to, step, o.span),
            K::Union { parameters, tables } => self.union(None, parameters, tables, o.span),
            K::Search {
                parameters,
                tables,
                predicate,
            } => self.search(parameters, tables, predicate, o.span),
            K::Find {
                parameters,
                tables,
                predicate,
                project,
                project_away,
                ..
            } => {
                let parts = find::Parts {
                    parameters,
                    tables,
                    predicate: predicate.as_deref(),
                    project: project.as_deref(),
                    project_away,
                };
                self.find(&parts, o.span)
            }
            K::MacroExpand {
                parameters,
                group,
                scope,
                statements,
                body,
            } => {
                let body = macro_expand::Body {
                    scope,
                    statements,
                    body: body.as_deref(),
                };
                self.macro_expand(parameters, group, &body, o.span)
            }
            other => Err(self.unsupported(o.word, format!("operator `{}`", word(other)))),
        }
    }

    /// A relation of new columns over an input: each keeps its name.
    pub fn with_fields(&self, mut input: Relation, fields: Vec<Field>) -> Relation {
        input.fields = fields;
        input
    }

    /// Keeps the rows for which a bound predicate is true.
    pub fn filter(&mut self, input: Relation, predicate: Expr, span: Span) -> Relation {
        let (fields, ordered) = (input.fields.clone(), input.ordered);
        if predicate.as_literal() == Some(&Value::Bool(true)) {
            return input;
        }
        Relation {
            kind: RelationKind::Filter {
                input: Box::new(input),
                predicate,
            },
            fields,
            span: self.at(span),
            ordered,
        }
    }

    fn where_(&mut self, input: Relation, predicate: &ast::Expr, span: Span) -> Res<Relation> {
        let fields = input.fields.clone();
        self.collect_windows(&input);
        let predicate = self.condition(predicate, crate::expr::Row::of(&fields));
        let collector = self.collector.take();
        let predicate = predicate?;
        let input = self.apply_windows(input, collector, span);
        Ok(self.filter(input, predicate, span))
    }

    /// Starts to collect window functions over a relation.
    pub fn collect_windows(&mut self, input: &Relation) {
        self.collector = Some(crate::expr::Collector {
            windows_allowed: true,
            ordered: input.ordered,
            ..Default::default()
        });
    }

    /// The relation with the window functions that were collected.
    pub fn apply_windows(
        &mut self,
        input: Relation,
        collector: Option<crate::expr::Collector>,
        span: Span,
    ) -> Relation {
        let calls = collector.map(|c| c.windows).unwrap_or_default();
        if calls.is_empty() {
            return input;
        }
        let fields = input.fields.clone();
        let partition = self.partition.clone();
        Relation {
            kind: RelationKind::Window {
                input: Box::new(input),
                calls,
                partition,
            },
            fields,
            span: self.at(span),
            ordered: true,
        }
    }

    /// Constant rows.
    pub fn values(
        &mut self,
        columns: Vec<(String, Type)>,
        rows: Vec<Vec<Value>>,
        span: Span,
    ) -> Relation {
        let fields: Vec<Field> = columns
            .into_iter()
            .map(|(name, ty)| Field {
                name,
                id: self.column(ty),
                ty,
            })
            .collect();
        let columns = fields.iter().map(|f| (f.id, f.ty)).collect();
        Relation {
            kind: RelationKind::Values { columns, rows },
            fields,
            span: self.at(span),
            ordered: true,
        }
    }
}

impl Relation {
    /// What later operators are bound on when the next one has a fault: the same fields over no rows.
    fn clone_for_recovery(&self) -> Relation {
        Relation {
            kind: RelationKind::Values {
                columns: self.fields.iter().map(|f| (f.id, f.ty)).collect(),
                rows: Vec::new(),
            },
            fields: self.fields.clone(),
            span: self.span,
            ordered: true,
        }
    }
}

fn is_leading(k: &K) -> bool {
    matches!(
        k,
        K::Print { .. }
            | K::Range { .. }
            | K::Union { .. }
            | K::Search { .. }
            | K::Find { .. }
            | K::MacroExpand { .. }
    )
}

/// An operator's word.
fn word(k: &K) -> &'static str {
    match k {
        K::AssertSchema { .. } => "assert-schema",
        K::Evaluate { .. } => "evaluate",
        K::ExecuteAndCache => "execute-and-cache",
        K::Facet { .. } => "facet",
        K::Find { .. } => "find",
        K::Fork { .. } => "fork",
        K::GraphMarkComponents { .. } => "graph-mark-components",
        K::GraphMatch { shortest: true, .. } => "graph-shortest-paths",
        K::GraphMatch { .. } => "graph-match",
        K::GraphToTable { .. } => "graph-to-table",
        K::GraphWhere { edges: true, .. } => "graph-where-edges",
        K::GraphWhere { .. } => "graph-where-nodes",
        K::MacroExpand { .. } => "macro-expand",
        K::MakeGraph { .. } => "make-graph",
        K::MakeSeries { .. } => "make-series",
        K::ParseKv { .. } => "parse-kv",
        K::PartitionBy { .. } => "__partitionby",
        K::Print { .. } => "print",
        K::Range { .. } => "range",
        K::Reduce { .. } => "reduce",
        K::Scan { .. } => "scan",
        K::Search { .. } => "search",
        K::TopNested { .. } => "top-nested",
        _ => "this",
    }
}
