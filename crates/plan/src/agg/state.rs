//! The catalog's aggregates (a state a group) as DataFusion's.

use crate::error::RunError;
use arrow::array::{Array, ArrayRef, BooleanArray, StructArray};
use arrow::compute;
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};
use kql_diag::Span;
use kql_functions::adapter::{Args, Column, arrow_type};
use kql_functions::aggregate::Aggregator;
use kql_functions::spec::AggregateCall;
use kql_types::{Type, Value};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// Makes the state of a call.
type Maker = fn(&AggregateCall<'_>) -> kql_functions::spec::Result<Box<dyn Aggregator>>;

/// A call with what is known of its arguments.
#[derive(Clone)]
struct Call {
    name: &'static str,
    make: Maker,
    types: Vec<Type>,
    constants: Vec<Option<Value>>,
    returns: Vec<Type>,
    span: Span,
}

impl Call {
    fn start(&self) -> Result<Box<dyn Aggregator>> {
        (self.make)(&AggregateCall {
            types: &self.types,
            constants: &self.constants,
            returns: &self.returns,
        })
        .map_err(|e| RunError::wrap(e.0, self.span))
    }

    /// The arguments as kernels see them; constants are not among DataFusion's arguments.
    fn columns(&self, values: &[ArrayRef]) -> Vec<Column> {
        let mut rest = values.iter();
        self.types
            .iter()
            .zip(&self.constants)
            .map(|(ty, constant)| match constant {
                Some(value) => Column {
                    ty: *ty,
                    ..Column::constant(value)
                },
                None => Column::new(
                    rest.next().map_or_else(
                        || arrow::array::new_empty_array(&arrow_type(*ty)),
                        Arc::clone,
                    ),
                    *ty,
                ),
            })
            .collect()
    }

    fn result_type(&self) -> DataType {
        match self.returns.as_slice() {
            [one] => arrow_type(*one),
            several => DataType::Struct(fields(several)),
        }
    }
}

fn fields(types: &[Type]) -> Fields {
    types
        .iter()
        .enumerate()
        .map(|(i, t)| Field::new(format!("f{i}"), arrow_type(*t), true))
        .collect()
}

/// An aggregate of the catalog with its call.
pub(crate) struct StateCall {
    call: Call,
    key: String,
    signature: Signature,
}

impl StateCall {
    /// An aggregate of these argument types; `constants` has the value of each argument that is constant.
    pub(crate) fn new(
        name: &'static str,
        make: Maker,
        types: Vec<Type>,
        constants: Vec<Option<Value>>,
        returns: Vec<Type>,
        span: Span,
    ) -> Self {
        StateCall {
            key: format!("{types:?}{constants:?}{returns:?}"),
            call: Call {
                name,
                make,
                types,
                constants,
                returns,
                span,
            },
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }

    /// Fails early where the constants are no good.
    pub(crate) fn check(&self) -> Result<()> {
        self.call.start().map(|_| ())
    }
}

impl fmt::Debug for StateCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.call.name, self.key)
    }
}

impl PartialEq for StateCall {
    fn eq(&self, other: &Self) -> bool {
        self.call.name == other.call.name && self.key == other.key
    }
}

impl Eq for StateCall {}

impl Hash for StateCall {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.call.name.hash(state);
        self.key.hash(state);
    }
}

impl AggregateUDFImpl for StateCall {
    fn name(&self) -> &str {
        self.call.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(self.call.result_type())
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(arg_types.to_vec())
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(
            format!("{}[state]", args.name),
            DataType::Binary,
            true,
        ))])
    }

    fn accumulator(&self, _args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let mut groups = StateGroups::new(self.call.clone())?;
        groups.grow(1)?;
        Ok(Box::new(One::new(groups)))
    }

    fn groups_accumulator_supported(&self, _args: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        _args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(StateGroups::new(self.call.clone())?))
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}

struct StateGroups {
    call: Call,
    state: Box<dyn Aggregator>,
    total: usize,
}

impl StateGroups {
    fn new(call: Call) -> Result<Self> {
        Ok(StateGroups {
            state: call.start()?,
            call,
            total: 0,
        })
    }

    fn fail(&self, e: kql_functions::spec::KernelError) -> datafusion::common::DataFusionError {
        RunError::wrap(e.0, self.call.span)
    }

    /// Makes sure that so many groups exist.
    fn grow(&mut self, total: usize) -> Result<()> {
        let columns = self.call.columns(&[]);
        let args = Args {
            columns: &columns,
            rows: 0,
            returns: self.call.returns.first().copied().unwrap_or(Type::Dynamic),
        };
        self.total = self.total.max(total);
        let done = self.state.update(&args, &[], self.total);
        done.map_err(|e| self.fail(e))
    }

    fn count(&self, emit_to: EmitTo) -> usize {
        match emit_to {
            EmitTo::All => self.total,
            EmitTo::First(n) => n.min(self.total),
        }
    }
}

/// The rows that a filter keeps, and their groups.
pub(super) fn keep(
    values: &[ArrayRef],
    groups: &[usize],
    filter: Option<&BooleanArray>,
) -> Result<Option<(Vec<ArrayRef>, Vec<usize>)>> {
    let Some(filter) = filter else {
        return Ok(None);
    };
    let filter = if filter.null_count() > 0 {
        compute::prep_null_mask_filter(filter)
    } else {
        filter.clone()
    };
    let values = values
        .iter()
        .map(|v| Ok(compute::filter(v, &filter)?))
        .collect::<Result<Vec<_>>>()?;
    let groups = groups
        .iter()
        .zip(filter.values().iter())
        .filter_map(|(g, keep)| keep.then_some(*g))
        .collect();
    Ok(Some((values, groups)))
}

impl GroupsAccumulator for StateGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        let kept = keep(values, group_indices, opt_filter)?;
        let (values, groups) = match &kept {
            Some((v, g)) => (v.as_slice(), g.as_slice()),
            None => (values, group_indices),
        };
        let columns = self.call.columns(values);
        let args = Args {
            columns: &columns,
            rows: groups.len(),
            returns: self.call.returns.first().copied().unwrap_or(Type::Dynamic),
        };
        self.total = self.total.max(total_num_groups);
        let done = self.state.update(&args, groups, self.total);
        done.map_err(|e| self.fail(e))
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let n = self.count(emit_to);
        self.grow(n)?;
        let out = self.state.finish(n).map_err(|e| self.fail(e))?;
        self.total -= n;
        if self.call.returns.len() == 1 {
            return Ok(out);
        }
        // The kernel's own names of the fields do not matter.
        match out.as_any().downcast_ref::<StructArray>() {
            Some(s) => Ok(Arc::new(StructArray::try_new_with_length(
                fields(&self.call.returns),
                s.columns().to_vec(),
                None,
                n,
            )?)),
            None => Ok(out),
        }
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let n = self.count(emit_to);
        self.grow(n)?;
        let out = self.state.states(n).map_err(|e| self.fail(e))?;
        self.total -= n;
        Ok(vec![out])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.total = self.total.max(total_num_groups);
        let Some(states) = values.first() else {
            return Ok(());
        };
        let done = self.state.merge(states, group_indices, self.total);
        done.map_err(|e| self.fail(e))
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let rows = match (values.first(), opt_filter) {
            (Some(v), _) => v.len(),
            (None, Some(f)) => f.len(),
            (None, None) => 0,
        };
        let groups: Vec<usize> = (0..rows).collect();
        let mut one = StateGroups::new(self.call.clone())?;
        one.update_batch(values, &groups, opt_filter, rows)?;
        one.state(EmitTo::All)
    }

    fn size(&self) -> usize {
        self.state.size() + size_of::<Self>()
    }
}

/// One group of a groups accumulator.
pub(super) struct One(Mutex<Box<dyn GroupsAccumulator>>);

impl One {
    pub(super) fn new(groups: impl GroupsAccumulator) -> Self {
        One(Mutex::new(Box::new(groups)))
    }

    fn groups(&mut self) -> &mut Box<dyn GroupsAccumulator> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for One {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("One")
    }
}

impl Accumulator for One {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, |v| v.len());
        self.groups().update_batch(values, &vec![0; rows], None, 1)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let out = self.groups().evaluate(EmitTo::All)?;
        ScalarValue::try_from_array(&out, 0)
    }

    fn size(&self) -> usize {
        self.0.lock().map_or(0, |g| g.size())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.groups()
            .state(EmitTo::All)?
            .iter()
            .map(|s| ScalarValue::try_from_array(s, 0))
            .collect()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let rows = states.first().map_or(0, |v| v.len());
        self.groups().merge_batch(states, &vec![0; rows], 1)
    }
}
