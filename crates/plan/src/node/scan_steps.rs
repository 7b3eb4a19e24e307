//! `scan`: each row is held against the steps from the last to the first. A step that matches takes the sequence of the
//! step before it, or goes on with its own; the first step begins one.

use crate::node::{Operator, StepContext, Worker};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions,
};
use arrow::compute::{concat, interleave};
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::common::{DFSchema, DataFusionError, Result, ScalarValue};
use datafusion::execution::context::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};
use datafusion::prelude::Expr;
use kql_bind::plan::ScanGiven;
use std::collections::HashMap;
use std::sync::Arc;

/// Where a value comes from. Numbers are places among the step's expressions, and among the states.
#[derive(Debug)]
pub(crate) enum Source {
    Value(usize),
    Program(Program),
}

/// An expression over one row and what is remembered.
#[derive(Debug)]
pub(crate) struct Program {
    pub expr: Expr,
    pub inputs: Vec<(Field, ProgramInput)>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum ProgramInput {
    Value(usize),
    State(usize),
}

/// A value that is remembered of the row that matched a step last.
#[derive(Debug)]
pub(crate) struct StateColumn {
    pub step: usize,
    pub memory: Memory,
    /// The value while no row has matched.
    pub none: ScalarValue,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Memory {
    Value(usize),
    Output(usize),
}

#[derive(Debug)]
pub(crate) struct ScanStepRows {
    pub given: ScanGiven,
    /// The part of the condition that looks at the row alone.
    pub before: Option<usize>,
    pub inside: Option<Program>,
    pub assignments: Vec<(usize, Source)>,
}

/// The first `passed` columns of the input, the outputs and the number of the sequence.
#[derive(Debug)]
pub(crate) struct ScanRows {
    pub passed: usize,
    pub outputs: Vec<Source>,
    pub states: Vec<StateColumn>,
    pub steps: Vec<ScanStepRows>,
    pub numbered: bool,
    /// Expressions that tell groups apart.
    pub keys: Vec<usize>,
}

impl Operator for ScanRows {
    fn name(&self) -> &'static str {
        "Scan"
    }

    fn parameters(&self) -> String {
        format!("{self:?}")
    }

    fn whole(&self) -> bool {
        true
    }

    fn start(&self, cx: StepContext) -> Result<Box<dyn Worker>> {
        let ready = |s: &Source| -> Result<Ready> {
            Ok(match s {
                Source::Value(i) => Ready::Value(*i),
                Source::Program(p) => Ready::Program(Running::new(p)?),
            })
        };
        let steps = self
            .steps
            .iter()
            .map(|s| {
                let mut sources = Vec::with_capacity(self.outputs.len());
                for (i, o) in self.outputs.iter().enumerate() {
                    let own = s.assignments.iter().find(|(at, _)| *at == i);
                    sources.push(ready(own.map_or(o, |(_, s)| s))?);
                }
                Ok(ReadyStep {
                    given: s.given,
                    before: s.before,
                    inside: s.inside.as_ref().map(Running::new).transpose()?,
                    sources,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let none = self
            .states
            .iter()
            .map(|s| s.none.to_array())
            .collect::<Result<Vec<_>>>()?;
        Ok(Box::new(Scanner {
            schema: cx.schema,
            passed: self.passed,
            memories: self.states.iter().map(|s| (s.step, s.memory)).collect(),
            none,
            steps,
            numbered: self.numbered,
            keys: self.keys.clone(),
            converter: None,
            places: HashMap::new(),
            groups: Vec::new(),
            out: Given::default(),
        }))
    }
}

enum Ready {
    Value(usize),
    Program(Running),
}

/// A program that can run.
struct Running {
    expr: Arc<dyn PhysicalExpr>,
    schema: SchemaRef,
    inputs: Vec<ProgramInput>,
}

impl Running {
    fn new(p: &Program) -> Result<Running> {
        let fields: Vec<Field> = p.inputs.iter().map(|(f, _)| f.clone()).collect();
        let schema = Arc::new(Schema::new(fields));
        let df = DFSchema::try_from(Arc::clone(&schema))?;
        let props = ExecutionProps::new();
        let context = PhysicalPlanningContext::default();
        Ok(Running {
            expr: create_physical_expr(&p.expr, &df, &props, &context)?,
            schema,
            inputs: p.inputs.iter().map(|(_, i)| *i).collect(),
        })
    }

    fn run(&self, row: usize, values: &[ArrayRef], states: &[ArrayRef]) -> Result<ArrayRef> {
        let columns = self
            .inputs
            .iter()
            .map(|i| match i {
                ProgramInput::Value(at) => Ok(at_row(values, *at, row)?),
                ProgramInput::State(at) => states.get(*at).cloned().ok_or_else(lost),
            })
            .collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(1));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?;
        self.expr.evaluate(&batch)?.into_array(1)
    }
}

fn lost() -> DataFusionError {
    DataFusionError::Internal("scan has lost a value".to_owned())
}

fn at_row(values: &[ArrayRef], at: usize, row: usize) -> Result<ArrayRef> {
    Ok(values.get(at).ok_or_else(lost)?.slice(row, 1))
}

struct ReadyStep {
    given: ScanGiven,
    before: Option<usize>,
    inside: Option<Running>,
    sources: Vec<Ready>,
}

/// A sequence that has come as far as some step.
#[derive(Clone)]
struct Sequence {
    number: i64,
    /// By the place of the state.
    states: Vec<ArrayRef>,
    /// The row that is given when its step is left (`output = last`).
    last: Option<GivenRow>,
}

/// A row of the result.
#[derive(Clone)]
struct GivenRow {
    /// One row of the input.
    input: RecordBatch,
    outputs: Vec<ArrayRef>,
    number: i64,
}

/// The sequences of one group.
#[derive(Default)]
struct Group {
    at: Vec<Option<Sequence>>,
    next: i64,
}

/// Rows that are given.
#[derive(Default)]
struct Given {
    /// The batch and the row there.
    rows: Vec<(usize, usize)>,
    batches: Vec<RecordBatch>,
    outputs: Vec<Vec<ArrayRef>>,
    numbers: Vec<i64>,
}

impl Given {
    fn put(&mut self, place: (usize, usize), outputs: Vec<ArrayRef>, number: i64) {
        self.rows.push(place);
        self.outputs.push(outputs);
        self.numbers.push(number);
    }

    fn put_last(&mut self, sequence: &mut Sequence) {
        if let Some(row) = sequence.last.take() {
            self.batches.push(row.input);
            self.put((self.batches.len() - 1, 0), row.outputs, row.number);
        }
    }
}

struct Scanner {
    schema: SchemaRef,
    passed: usize,
    memories: Vec<(usize, Memory)>,
    none: Vec<ArrayRef>,
    steps: Vec<ReadyStep>,
    numbered: bool,
    keys: Vec<usize>,
    converter: Option<RowConverter>,
    places: HashMap<OwnedRow, usize>,
    groups: Vec<Group>,
    out: Given,
}

impl Scanner {
    /// The group of each row.
    fn group(&mut self, values: &[ArrayRef], rows: usize) -> Result<Vec<usize>> {
        let mut out = vec![0; rows];
        if !self.keys.is_empty() {
            let keys = self
                .keys
                .iter()
                .map(|k| values.get(*k).cloned().ok_or_else(lost))
                .collect::<Result<Vec<_>>>()?;
            let converter = match &mut self.converter {
                Some(c) => c,
                none => {
                    let types = keys.iter().map(|k| SortField::new(k.data_type().clone()));
                    none.insert(RowConverter::new(types.collect())?)
                }
            };
            let keys = converter.convert_columns(&keys)?;
            for (place, key) in out.iter_mut().zip(keys.iter()) {
                let next = self.places.len();
                *place = *self.places.entry(key.owned()).or_insert(next);
            }
        }
        let count = self.places.len().max(1);
        self.groups.resize_with(count, Group::default);
        Ok(out)
    }

    /// Holds a row against all steps.
    fn row(
        &mut self,
        batch: &RecordBatch,
        values: &[ArrayRef],
        before: &[Option<&BooleanArray>],
        row: usize,
        group: usize,
    ) -> Result<()> {
        let Scanner {
            steps,
            groups,
            memories,
            none,
            out,
            ..
        } = self;
        let group = groups.get_mut(group).ok_or_else(lost)?;
        group.at.resize_with(steps.len(), || None);
        for (k, step) in steps.iter().enumerate().rev() {
            let pass = before.get(k).copied().flatten();
            if pass.is_some_and(|b| b.is_null(row) || !b.value(row)) {
                continue;
            }
            let matches = |states: &[ArrayRef]| match &step.inside {
                None => Ok(true),
                Some(p) => {
                    let yes = p.run(row, values, states)?;
                    let yes = yes.as_boolean_opt().ok_or_else(lost)?;
                    Ok::<bool, DataFusionError>(yes.is_valid(0) && yes.value(0))
                }
            };
            let mut found: Option<Sequence> = None;
            // The sequence of the step before comes here.
            if let Some(before) = k.checked_sub(1)
                && let Some(Some(s)) = group.at.get(before)
                && matches(&s.states)?
            {
                found = group.at.get_mut(before).and_then(Option::take);
                if let Some(s) = &mut found {
                    out.put_last(s);
                }
                if let Some(Some(own)) = group.at.get_mut(k) {
                    out.put_last(own);
                }
            } else if let Some(Some(s)) = group.at.get(k) {
                // The sequence stays here.
                if matches(&s.states)? {
                    found = group.at.get_mut(k).and_then(Option::take);
                }
            } else if k == 0 && matches(none)? {
                found = Some(Sequence {
                    number: group.next,
                    states: none.clone(),
                    last: None,
                });
                group.next += 1;
            }
            let Some(mut sequence) = found else {
                continue;
            };
            let outputs = step
                .sources
                .iter()
                .map(|s| match s {
                    Ready::Value(at) => at_row(values, *at, row),
                    Ready::Program(p) => p.run(row, values, &sequence.states),
                })
                .collect::<Result<Vec<_>>>()?;
            for ((of, memory), state) in memories.iter().zip(&mut sequence.states) {
                if *of == k {
                    *state = match memory {
                        Memory::Value(at) => at_row(values, *at, row)?,
                        Memory::Output(at) => outputs.get(*at).cloned().ok_or_else(lost)?,
                    };
                }
            }
            match step.given {
                ScanGiven::None => {}
                ScanGiven::All => out.put((0, row), outputs, sequence.number),
                ScanGiven::Last => {
                    sequence.last = Some(GivenRow {
                        input: batch.slice(row, 1),
                        outputs,
                        number: sequence.number,
                    });
                }
            }
            if let Some(place) = group.at.get_mut(k) {
                *place = Some(sequence);
            }
        }
        Ok(())
    }

    /// The rows that are given so far.
    fn take(&mut self) -> Result<Vec<RecordBatch>> {
        let Given {
            rows,
            batches,
            outputs,
            numbers,
        } = std::mem::take(&mut self.out);
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for i in 0..self.passed {
            let parts: Vec<&dyn Array> = batches.iter().map(|b| b.column(i).as_ref()).collect();
            columns.push(interleave(&parts, &rows)?);
        }
        let width = outputs.first().map_or(0, Vec::len);
        for i in 0..width {
            let parts: Vec<&dyn Array> = outputs
                .iter()
                .filter_map(|o| o.get(i))
                .map(AsRef::as_ref)
                .collect();
            columns.push(concat(&parts)?);
        }
        if self.numbered {
            columns.push(Arc::new(Int64Array::from(numbers)));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        Ok(vec![RecordBatch::try_new_with_options(
            Arc::clone(&self.schema),
            columns,
            &options,
        )?])
    }
}

impl Worker for Scanner {
    fn push(&mut self, batch: RecordBatch, values: Vec<ArrayRef>) -> Result<Vec<RecordBatch>> {
        let groups = self.group(&values, batch.num_rows())?;
        let before = self
            .steps
            .iter()
            .map(|s| match s.before {
                Some(at) => values
                    .get(at)
                    .and_then(|v| v.as_boolean_opt())
                    .ok_or_else(lost)
                    .map(Some),
                None => Ok(None),
            })
            .collect::<Result<Vec<_>>>()?;
        self.out.batches.push(batch.clone());
        for (row, group) in groups.into_iter().enumerate() {
            self.row(&batch, &values, &before, row, group)?;
        }
        self.take()
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        for group in &mut self.groups {
            for sequence in group.at.iter_mut().rev().flatten() {
                self.out.put_last(sequence);
            }
        }
        self.take()
    }
}
