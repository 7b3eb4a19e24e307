//! The bound plan as a DataFusion plan: mechanical, nothing is looked up by a user's name and no type is guessed.
//!
//! Every column of the plan is called by its id (`c17`) from the scan to the root. Relations are lowered from the top
//! with the set of columns that somebody above needs, so no step carries what nobody reads. A column whose value is a
//! constant or another column is no projection at all: `Columns` knows what stands for each id, and a step makes a
//! projection only where a value must be computed.

use crate::error::{Result, fault, internal};
use crate::expr::{Typed, ValueSet};
use crate::form::Form;
use crate::op;
use crate::table::TableSource;
use datafusion::catalog::TableProvider;
use datafusion::common::Column;
use datafusion::logical_expr::{LogicalPlan, Projection};
use datafusion::prelude::Expr;
use kql_bind::plan::{BoundQuery, ColumnId, Relation, RelationKind, ScalarId, SetId, SharedId};
use kql_diag::{Diagnostic, Span};
use kql_types::{Type, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The columns that somebody above needs.
pub(crate) type Need = BTreeSet<ColumnId>;

/// What stands for a column in the plan so far.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    /// A column of the plan or a constant.
    pub expr: Expr,
    /// Its form.
    pub form: Form,
    /// How many nodes its definition has when every column in it is replaced by its own definition: what a filter that
    /// is pushed down carries with it.
    pub weight: usize,
}

/// The columns of a lowered relation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns(HashMap<ColumnId, Slot>);

impl Columns {
    /// What stands for a column.
    pub(crate) fn get(&self, id: ColumnId, span: Span) -> Result<&Slot> {
        self.0
            .get(&id)
            .ok_or_else(|| internal(span, format!("internal: column {} is not there", id.0)))
    }

    /// What stands for a column, if it is there.
    pub(crate) fn find(&self, id: ColumnId) -> Option<&Slot> {
        self.0.get(&id)
    }

    /// Adds a column that the plan has under its own name.
    pub(crate) fn put(&mut self, id: ColumnId, form: Form) {
        self.put_weighted(id, form, 1);
    }

    /// The same with the size of its definition.
    pub(crate) fn put_weighted(&mut self, id: ColumnId, form: Form, weight: usize) {
        self.0.insert(
            id,
            Slot {
                expr: column(id),
                form,
                weight,
            },
        );
    }

    /// Adds what stands for a column.
    pub(crate) fn alias(&mut self, id: ColumnId, slot: Slot) {
        self.0.insert(id, slot);
    }

    /// The columns.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&ColumnId, &Slot)> {
        self.0.iter()
    }
}

/// The plan's name of a column.
pub(crate) fn column_name(id: ColumnId) -> String {
    format!("c{}", id.0)
}

/// A column of the plan.
pub(crate) fn column(id: ColumnId) -> Expr {
    named(column_name(id))
}

/// A column of the plan by its name.
pub(crate) fn named(name: impl Into<String>) -> Expr {
    Expr::Column(Column::from_name(name))
}

/// A lowered relation.
#[derive(Debug, Clone)]
pub(crate) struct Low {
    /// The plan.
    pub plan: LogicalPlan,
    /// Its columns.
    pub columns: Columns,
}

/// A relation that was computed before.
#[derive(Debug, Clone)]
pub struct SharedRows {
    /// Its rows.
    pub provider: Arc<dyn TableProvider>,
    /// Its columns in the provider's order, each under the plan's name.
    pub columns: Vec<(ColumnId, Form)>,
    /// How many rows.
    pub rows: usize,
}

/// What the rows of a relation are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhatFor {
    /// Results: canonical values in the rows' order.
    Values,
    /// A table of a later step: values in the form that they have, in the rows' order.
    Table,
    /// A set: canonical values in any order.
    Set,
}

/// What the steps before a step have given.
#[derive(Debug, Clone, Default)]
pub struct Computed {
    /// By [`ScalarId`].
    pub scalars: HashMap<u32, Value>,
    /// By [`SharedId`].
    pub shared: HashMap<u32, SharedRows>,
    /// By [`SetId`].
    pub sets: HashMap<u32, Arc<ValueSet>>,
}

/// A plan that can be optimised and run.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// The plan; its columns are those of `columns`, in their order.
    pub plan: LogicalPlan,
    /// What its columns are.
    pub columns: Vec<OutputColumn>,
    /// Whether all rows come from constants and earlier steps: then one thread does, and rows keep their order.
    pub small: bool,
}

/// A column of a lowered plan.
#[derive(Debug, Clone)]
pub struct OutputColumn {
    /// The column.
    pub id: ColumnId,
    /// Its type.
    pub ty: Type,
    /// How it is stored.
    pub form: Form,
}

/// Lowers the relations of one query.
pub struct Lowering<'a> {
    /// The query.
    pub(crate) query: &'a BoundQuery,
    /// Its tables.
    pub(crate) tables: &'a dyn TableSource,
    /// What is known already.
    pub(crate) computed: &'a Computed,
    /// Names that are no columns of the query.
    names: u32,
    /// Whether a table or file has been scanned.
    pub(crate) scanned: bool,
}

impl<'a> Lowering<'a> {
    /// A lowering of one relation of the query.
    pub fn new(
        query: &'a BoundQuery,
        tables: &'a dyn TableSource,
        computed: &'a Computed,
    ) -> Lowering<'a> {
        Lowering {
            query,
            tables,
            computed,
            names: 0,
            scanned: false,
        }
    }

    /// The plan of a relation with the columns of its fields (each once, in the order in which they first stand there).
    /// `canonical`: every column in canonical form.
    ///
    /// # Errors
    /// What cannot be planned.
    pub fn lower(mut self, relation: &Relation, what_for: WhatFor) -> Result<Lowered> {
        let mut ids: Vec<ColumnId> = Vec::new();
        let mut seen = BTreeSet::new();
        for f in &relation.fields {
            if seen.insert(f.id) {
                ids.push(f.id);
            }
        }
        let low = self.relation(relation, &seen)?;
        let mut items = Vec::with_capacity(ids.len());
        let mut columns = Vec::with_capacity(ids.len());
        for id in ids {
            let ty = self.type_of(id);
            let slot = low.columns.get(id, relation.span)?;
            let (expr, form) = if what_for != WhatFor::Table {
                let typed = Typed {
                    expr: slot.expr.clone(),
                    form: slot.form.clone(),
                    ty,
                };
                (typed.settle(), Form::Canonical)
            } else {
                (slot.expr.clone(), slot.form.clone())
            };
            items.push((expr, column_name(id)));
            columns.push(OutputColumn { id, ty, form });
        }
        let plan = project(low.plan, items, relation.span)?;
        Ok(Lowered {
            plan: match what_for {
                WhatFor::Set => plan,
                WhatFor::Values | WhatFor::Table => op::in_order(plan),
            },
            columns,
            small: !self.scanned,
        })
    }

    /// The type of a column.
    pub(crate) fn type_of(&self, id: ColumnId) -> Type {
        usize::try_from(id.0)
            .ok()
            .and_then(|i| self.query.column_types.get(i))
            .copied()
            .unwrap_or(Type::Dynamic)
    }

    /// A name that no column has.
    pub(crate) fn fresh(&mut self) -> String {
        self.names += 1;
        format!("t{}", self.names)
    }

    /// A scalar of an earlier step.
    pub(crate) fn scalar(&self, id: ScalarId, span: Span) -> Result<Value> {
        self.computed
            .scalars
            .get(&id.0)
            .cloned()
            .ok_or_else(|| internal(span, "internal: a scalar is used before it is computed"))
    }

    /// A set of an earlier step.
    pub(crate) fn set(&self, id: SetId, span: Span) -> Result<Arc<ValueSet>> {
        self.computed
            .sets
            .get(&id.0)
            .map(Arc::clone)
            .ok_or_else(|| internal(span, "internal: a set is used before it is computed"))
    }

    /// A relation of an earlier step.
    pub(crate) fn shared(&self, id: SharedId, span: Span) -> Result<&'a SharedRows> {
        self.computed
            .shared
            .get(&id.0)
            .ok_or_else(|| internal(span, "internal: a relation is used before it is computed"))
    }

    /// A relation with at least the needed columns.
    pub(crate) fn relation(&mut self, r: &Relation, need: &Need) -> Result<Low> {
        match &r.kind {
            RelationKind::Scan { table, columns, .. } => {
                op::scan::table(self, table, columns, need, r)
            }
            RelationKind::External {
                columns,
                locations,
                properties,
            } => op::scan::external(self, columns, locations, properties, need, r),
            RelationKind::Values { columns, rows } => {
                op::values::values(self, columns, rows, need, r)
            }
            RelationKind::Range {
                column,
                from,
                to,
                step,
            } => op::range::range(self, *column, from, to, step, r),
            RelationKind::Shared { id, columns } => op::scan::shared(self, *id, columns, need, r),
            RelationKind::Filter { input, predicate } => {
                op::filter::filter(self, input, predicate, need, r)
            }
            RelationKind::Extend { .. } => op::extend::extend(self, r, need),
            RelationKind::Aggregate {
                input,
                keys,
                aggregates,
            } => op::summarize::summarize(self, input, keys, aggregates, need, r),
            RelationKind::Sort { input, keys } => op::sort::sort(self, input, keys, None, need, r),
            RelationKind::Limit {
                input,
                count,
                partition,
            } => op::limit::limit(self, input, count, partition, need, r),
            RelationKind::Top {
                input,
                keys,
                count,
                partition,
            } => op::limit::top(self, input, keys, count, partition, need, r),
            RelationKind::Join(join) => op::join::join(self, join, need, r),
            RelationKind::Union { inputs, columns } => {
                op::union::union(self, inputs, columns, need, r)
            }
            RelationKind::Serialize { input } => op::serialize(self, input, need, r),
            RelationKind::Fence { input } => op::fence(self, input, need),
            RelationKind::Sample { input, count } => op::limit::sample(self, input, count, need, r),
            RelationKind::Window {
                input,
                calls,
                partition,
            } => op::window::window(self, input, calls, partition, need, r),
            RelationKind::RowId { input, id } => op::limit::row_id(self, input, *id, need, r),
            RelationKind::Either(e) => op::either(self, e, need, r),
            RelationKind::MvExpand(m) => op::mv_expand::mv_expand(self, m, need, r),
            RelationKind::Parse(p) => op::parse::parse(self, p, need, r),
            RelationKind::ParseKv(p) => op::parse_kv::parse_kv(self, p, need, r),
            RelationKind::ScanSteps(s) => op::scan_steps::scan_steps(self, s, need, r),
            RelationKind::GraphNodes(g) => op::graph::nodes(self, g, need, r),
            RelationKind::GraphMatch(g) => op::graph::matches(self, g, need, r),
            RelationKind::MakeSeries(_) => Err(Diagnostic::unsupported(r.span, "`make-series`")),
            RelationKind::Custom(c) if c.name == "basket" => op::basket::basket(self, c, r),
            RelationKind::Custom(c) => {
                Err(Diagnostic::unsupported(c.span, format!("`{}`", c.name)))
            }
        }
    }

    /// The plan with exactly these columns under their own names.
    pub(crate) fn only(&mut self, low: Low, ids: &Need, span: Span) -> Result<Low> {
        let items = ids
            .iter()
            .map(|id| Ok((low.columns.get(*id, span)?.expr.clone(), column_name(*id))))
            .collect::<Result<Vec<_>>>()?;
        let mut columns = Columns::default();
        for id in ids {
            let slot = low.columns.get(*id, span)?;
            columns.put_weighted(*id, slot.form.clone(), slot.weight);
        }
        Ok(Low {
            plan: project(low.plan, items, span)?,
            columns,
        })
    }
}

/// A projection to named values; none where the plan has exactly these columns already.
pub(crate) fn project(
    plan: LogicalPlan,
    items: Vec<(Expr, String)>,
    span: Span,
) -> Result<LogicalPlan> {
    let same = plan.schema().fields().len() == items.len()
        && items.iter().enumerate().all(|(i, (e, name))| {
            let (qualifier, field) = plan.schema().qualified_field(i);
            qualifier.is_none()
                && field.name() == name
                && matches!(e, Expr::Column(c) if c.relation.is_none() && &c.name == name)
        });
    if same {
        return Ok(plan);
    }
    let exprs = items
        .into_iter()
        .map(|(e, name)| match e {
            Expr::Column(c) if c.relation.is_none() && c.name == name => Expr::Column(c),
            e => e.alias(name),
        })
        .collect();
    Projection::try_new(exprs, Arc::new(plan))
        .map(LogicalPlan::Projection)
        .map_err(fault(span))
}
