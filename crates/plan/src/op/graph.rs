//! The nodes of a graph, and the matches of a pattern.

use crate::error::{Result, fault};
use crate::expr::Typed;
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, project};
use crate::node::gather::Gather;
use crate::node::graph::matching::{EdgeOf, MatchColumn, MatchesOf};
use crate::node::graph::nodes::{NodeColumn, NodesOf, Property};
use crate::op::{in_order, sort};
use arrow::datatypes::{DataType, Field};
use datafusion::logical_expr::LogicalPlan;
use kql_bind::graph::{GraphMatch, GraphNodes, MatchOutput, Shortest};
use kql_bind::plan::{ColumnId, Relation};
use kql_functions::adapter::arrow_type;
use std::sync::Arc;

/// The canonical values of some columns, in order of the rows.
fn input(cx: &mut Lowering<'_>, rows: &Relation, need: &Need) -> Result<LogicalPlan> {
    let low = cx.relation(rows, need)?;
    let mut items = Vec::with_capacity(need.len());
    for id in need {
        let slot = low.columns.get(*id, rows.span)?;
        let typed = Typed {
            expr: slot.expr.clone(),
            form: slot.form.clone(),
            ty: cx.type_of(*id),
        };
        items.push((typed.settle(), column_name(*id)));
    }
    Ok(in_order(project(low.plan, items, rows.span)?))
}

fn names(ids: &[ColumnId]) -> Vec<String> {
    ids.iter().map(|id| column_name(*id)).collect()
}

/// The nodes.
pub(crate) fn nodes(
    cx: &mut Lowering<'_>,
    g: &GraphNodes,
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let mut fields = Vec::new();
    let mut made = Vec::new();
    let mut columns = Columns::default();
    let mut put = |id: ColumnId, ty: DataType, c: NodeColumn| {
        if need.contains(&id) {
            fields.push(Field::new(column_name(id), ty, true));
            columns.put(id, Form::Canonical);
            made.push(c);
        }
    };
    for (i, id) in g.key.iter().enumerate() {
        put(*id, arrow_type(cx.type_of(*id)), NodeColumn::Key(i));
    }
    for p in &g.properties {
        let property = Property {
            from: p.from.iter().map(|c| c.map(column_name)).collect(),
            part: p.part,
        };
        put(p.id, arrow_type(p.ty), NodeColumn::Property(property));
    }
    let [degree_in, degree_out] = g.degrees;
    for (id, c) in [
        (degree_in, NodeColumn::DegreeIn),
        (degree_out, NodeColumn::DegreeOut),
    ] {
        if let Some(id) = id {
            put(id, DataType::Int64, c);
        }
    }
    for c in &g.components {
        let strong = c.strong;
        put(c.id, DataType::Int64, NodeColumn::Component { strong });
    }
    let mut inputs = Vec::with_capacity(g.tables.len() + 1);
    for (i, t) in g.tables.iter().enumerate() {
        let mut below: Need = t.key.iter().copied().collect();
        below.extend(
            g.properties
                .iter()
                .filter(|p| need.contains(&p.id))
                .filter_map(|p| p.from.get(i).copied().flatten()),
        );
        inputs.push(input(cx, &t.rows, &below)?);
    }
    let ends = g.edges.source.iter().chain(&g.edges.target);
    inputs.push(input(cx, &g.edges.rows, &ends.copied().collect())?);
    let kind = NodesOf {
        tables: g.tables.iter().map(|t| names(&t.key)).collect(),
        source: names(&g.edges.source),
        target: names(&g.edges.target),
        columns: made,
    };
    let plan = Gather::plan(Arc::new(kind), inputs, fields).map_err(fault(r.span))?;
    Ok(Low { plan, columns })
}

/// The matches.
pub(crate) fn matches(
    cx: &mut Lowering<'_>,
    g: &GraphMatch,
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let ends = g.edges.source.iter().chain(&g.edges.target);
    let mut of_edges: Need = ends.copied().collect();
    let mut of_nodes: Need = g.key.iter().copied().collect();
    of_nodes.extend(g.variables.iter().flatten());
    let mut edges = Vec::with_capacity(g.pattern.len());
    for e in &g.pattern {
        of_edges.extend(e.filter);
        of_nodes.extend(e.inner_filter);
        let range = match &e.range {
            Some((low, high)) => Some((sort::rows_of(cx, low)?, sort::rows_of(cx, high)?)),
            None => None,
        };
        edges.push(EdgeOf {
            left: e.left,
            right: e.right,
            way: e.way,
            range,
            filter: e.filter.map(column_name),
            inner_filter: e.inner_filter.map(column_name),
        });
    }
    let mut fields = Vec::new();
    let mut made = Vec::new();
    let mut columns = Columns::default();
    for (id, o) in g.outputs.iter().filter(|(id, _)| need.contains(id)) {
        let mut below = |nodes: bool, id: ColumnId| {
            if nodes {
                of_nodes.insert(id);
            } else {
                of_edges.insert(id);
            }
            column_name(id)
        };
        made.push(match *o {
            MatchOutput::Node { variable, column } => MatchColumn::Node {
                variable,
                column: below(true, column),
            },
            MatchOutput::Number { variable } => MatchColumn::Number { variable },
            MatchOutput::Edge { edge, column } => MatchColumn::Edge {
                edge,
                column: below(false, column),
            },
            MatchOutput::Values {
                edge,
                inner,
                column,
            } => MatchColumn::Values {
                edge,
                inner,
                column: below(inner, column),
            },
            MatchOutput::All {
                edge,
                inner,
                column,
            } => MatchColumn::Holds {
                edge,
                inner,
                any: false,
                column: below(inner, column),
            },
            MatchOutput::Any {
                edge,
                inner,
                column,
            } => MatchColumn::Holds {
                edge,
                inner,
                any: true,
                column: below(inner, column),
            },
            MatchOutput::Length => MatchColumn::Length,
        });
        fields.push(Field::new(
            column_name(*id),
            arrow_type(cx.type_of(*id)),
            true,
        ));
        columns.put(*id, Form::Canonical);
    }
    let inputs = vec![
        input(cx, &g.edges.rows, &of_edges)?,
        input(cx, &g.nodes, &of_nodes)?,
    ];
    let kind = MatchesOf {
        source: names(&g.edges.source),
        target: names(&g.edges.target),
        key: names(&g.key),
        variables: g.variables.iter().map(|v| v.map(column_name)).collect(),
        edges,
        cycles: g.cycles,
        shortest: match g.shortest {
            Shortest::No => None,
            Shortest::Any => Some(false),
            Shortest::All => Some(true),
        },
        columns: made,
        span: r.span,
    };
    let plan = Gather::plan(Arc::new(kind), inputs, fields).map_err(fault(r.span))?;
    Ok(Low { plan, columns })
}
