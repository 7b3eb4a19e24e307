//! `scan`: what does not look at what steps remember is computed for whole batches below the step.

use crate::error::{Result, fault, internal};
use crate::expr::literal::scalar;
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, named, project};
use crate::node::Step;
use crate::node::scan_steps::{
    Memory, Program, ProgramInput, ScanRows, ScanStepRows, Source, StateColumn,
};
use crate::op::in_order;
use arrow::datatypes::Field;
use datafusion::prelude::Expr;
use kql_bind::plan::{self as bound, ColumnId, ExprKind, Relation, ScanSteps};
use kql_bind::prune::columns_of;
use kql_diag::Span;
use kql_functions::adapter::arrow_type;
use kql_types::Type;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Sequences of rows.
pub(crate) fn scan_steps(
    cx: &mut Lowering<'_>,
    s: &ScanSteps,
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let mut carried = need.clone();
    for id in s.outputs.iter().map(|o| o.id).chain(s.match_id) {
        carried.remove(&id);
    }
    let mut read: HashSet<ColumnId> = carried.iter().copied().collect();
    read.extend(s.partition.iter().copied());
    s.reads(&mut read);
    let below: Need = read.into_iter().collect();
    let mut low = cx.relation(&s.input, &below)?;
    low.plan = in_order(low.plan);

    let mut values = Values {
        items: crate::op::kept(&low.columns, &carried),
        names: Vec::new(),
        columns: HashMap::new(),
        states: s.states.iter().map(|s| s.id).zip(0..).collect(),
    };
    let mut states = Vec::new();
    for state in &s.states {
        let (memory, none) = match state.of {
            Err(id) => {
                let at = values.column(cx, id, &low.columns, r.span)?;
                (Memory::Value(at), kql_types::Value::null(state.ty))
            }
            Ok(output) => {
                let o = s.outputs.get(output).ok_or_else(|| lost(r.span))?;
                // Before a step has matched, a declared column has its default and a column of the input is null.
                let none = match o.otherwise.kind {
                    ExprKind::Column(_) => kql_types::Value::null(state.ty),
                    _ => cx.constant(&o.otherwise)?,
                };
                (Memory::Output(output), none)
            }
        };
        states.push(StateColumn {
            step: state.step,
            memory,
            none: scalar(&none),
        });
    }
    let mut outputs = Vec::new();
    for o in &s.outputs {
        outputs.push(values.source(cx, &o.otherwise, &low.columns)?);
    }
    let mut steps = Vec::new();
    for step in &s.steps {
        let (mut before, mut inside) = (Vec::new(), Vec::new());
        for part in conjuncts(&step.condition) {
            if values.is_state_free(part) {
                before.push(cx.predicate(part, &low.columns, true)?);
            } else {
                inside.push(part.clone());
            }
        }
        let before = match before.len() {
            0 => None,
            _ => Some(values.add(cx, crate::expr::all_of(before))),
        };
        let inside = match inside.len() {
            0 => None,
            _ => {
                let all = bound::Expr {
                    kind: ExprKind::And(inside),
                    ..step.condition.clone()
                };
                Some(values.program(cx, &all, &low.columns)?)
            }
        };
        let mut assignments = Vec::new();
        for (output, value) in &step.assignments {
            assignments.push((*output, values.source(cx, value, &low.columns)?));
        }
        steps.push(ScanStepRows {
            given: step.given,
            before,
            inside,
            assignments,
        });
    }
    let mut keys = Vec::new();
    for id in &s.partition {
        keys.push(values.column(cx, *id, &low.columns, r.span)?);
    }

    let mut columns = Columns::default();
    for (id, slot) in low.columns.iter().filter(|(id, _)| carried.contains(id)) {
        columns.put(*id, slot.form.clone());
    }
    let passed = carried.len();
    let exprs = values.names.iter().map(named).collect();
    let plan = project(low.plan, values.items, r.span)?;
    let mut fields: Vec<Field> = plan
        .schema()
        .fields()
        .iter()
        .take(passed)
        .map(|f| f.as_ref().clone())
        .collect();
    for o in &s.outputs {
        fields.push(Field::new(column_name(o.id), arrow_type(o.ty), true));
        columns.put(o.id, Form::Canonical);
    }
    if let Some(id) = s.match_id {
        fields.push(Field::new(column_name(id), arrow_type(Type::Long), true));
        columns.put(id, Form::Canonical);
    }
    let operator = ScanRows {
        passed,
        outputs,
        states,
        steps,
        numbered: s.match_id.is_some(),
        keys,
    };
    let plan = Step::rows(Arc::new(operator), plan, exprs, fields).map_err(fault(r.span))?;
    Ok(Low { plan, columns })
}

fn lost(span: Span) -> kql_diag::Diagnostic {
    internal(span, "internal: a column of scan is not there")
}

/// The conditions that all have to be true.
fn conjuncts(e: &bound::Expr) -> Vec<&bound::Expr> {
    match &e.kind {
        ExprKind::And(items) => items.iter().flat_map(conjuncts).collect(),
        _ => vec![e],
    }
}

/// What is computed below the step.
struct Values {
    items: Vec<(Expr, String)>,
    names: Vec<String>,
    /// Columns of the input, settled.
    columns: HashMap<ColumnId, usize>,
    states: HashMap<ColumnId, usize>,
}

impl Values {
    fn add(&mut self, cx: &mut Lowering<'_>, e: Expr) -> usize {
        let name = cx.fresh();
        self.items.push((e, name.clone()));
        self.names.push(name);
        self.names.len() - 1
    }

    fn column(
        &mut self,
        cx: &mut Lowering<'_>,
        id: ColumnId,
        columns: &Columns,
        span: Span,
    ) -> Result<usize> {
        if let Some(at) = self.columns.get(&id) {
            return Ok(*at);
        }
        let e = bound::Expr::column(id, cx.type_of(id), span);
        let value = cx.value(&e, columns)?;
        let at = self.add(cx, value);
        self.columns.insert(id, at);
        Ok(at)
    }

    fn is_state_free(&self, e: &bound::Expr) -> bool {
        let mut free = true;
        columns_of(e, &mut |id| free &= !self.states.contains_key(&id));
        free
    }

    fn source(
        &mut self,
        cx: &mut Lowering<'_>,
        e: &bound::Expr,
        columns: &Columns,
    ) -> Result<Source> {
        if self.is_state_free(e) {
            let value = cx.value(e, columns)?;
            return Ok(Source::Value(self.add(cx, value)));
        }
        self.program(cx, e, columns).map(Source::Program)
    }

    /// An expression over one row and what is remembered.
    fn program(
        &mut self,
        cx: &mut Lowering<'_>,
        e: &bound::Expr,
        columns: &Columns,
    ) -> Result<Program> {
        let mut ids = Vec::new();
        columns_of(e, &mut |id| {
            if !ids.contains(&id) {
                ids.push(id);
            }
        });
        let mut own = Columns::default();
        let mut inputs = Vec::new();
        for id in ids {
            let from = match self.states.get(&id) {
                Some(state) => ProgramInput::State(*state),
                None => ProgramInput::Value(self.column(cx, id, columns, e.span)?),
            };
            own.put(id, Form::Canonical);
            let field = Field::new(column_name(id), arrow_type(cx.type_of(id)), true);
            inputs.push((field, from));
        }
        Ok(Program {
            expr: cx.value(e, &own)?,
            inputs,
        })
    }
}
