//! What a function says of itself: help, completion, the reference page, binding and running all come from here.

use crate::adapter::Args;
use crate::aggregate::Aggregator;
use arrow::array::ArrayRef;
use kql_types::{
    FunctionFacts, FunctionKind, Lowering, Nulls, ResultName, Signature, Type, Volatility,
};

/// Why a call fails where KQL fails too (a bad regular expression, `assert`), in KQL's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelError(pub String);

impl KernelError {
    /// An error with a message.
    pub fn new(message: impl Into<String>) -> Self {
        KernelError(message.into())
    }
}

impl std::fmt::Display for KernelError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KernelError {}

impl From<arrow::error::ArrowError> for KernelError {
    fn from(e: arrow::error::ArrowError) -> Self {
        KernelError(e.to_string())
    }
}

/// The result of a kernel.
pub type Result<T, E = KernelError> = std::result::Result<T, E>;

/// Arrays in, one array out.
pub type Kernel = fn(&Args<'_>) -> Result<ArrayRef>;

/// How a scalar function is made.
#[derive(Debug, Clone, Copy)]
pub enum Lower {
    /// In the language itself: the parameters' names are variables of the text.
    Kql(&'static str),
    /// A kernel.
    Kernel(Kernel),
    /// The binder makes something else of it (`iff`, `now`, `toscalar`).
    Special,
    /// It binds, and where it runs it fails with the reason: what it asks for is not there (`current_principal`).
    Unanswered(&'static str),
    /// Known and refused, with the reason.
    Refused(&'static str),
}

/// An example that runs as a test: an expression (or, when it has a pipe or begins with `datatable`, `print` or `range`, a
/// query) and the text of its result as `tostring` gives it (a null is `null`).
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// KQL.
    pub query: &'static str,
    /// What it gives.
    pub result: &'static str,
}

/// An example.
pub const fn ex(query: &'static str, result: &'static str) -> Example {
    Example { query, result }
}

/// A scalar function or operator.
#[derive(Debug, Clone, Copy)]
pub struct FunctionSpec {
    /// Its name; for an operator its text.
    pub name: &'static str,
    /// One or two sentences.
    pub summary: &'static str,
    /// How it may be called.
    pub signatures: &'static [Signature],
    /// How its unnamed column is called.
    pub result_name: ResultName,
    /// What a null argument does.
    pub nulls: Nulls,
    /// Whether equal arguments give equal results.
    pub volatility: Volatility,
    /// How it is made.
    pub lower: Lower,
    /// Runnable examples; at least one unless refused.
    pub examples: &'static [Example],
    /// Where it is known to differ from Kusto, and why; empty when it does not.
    pub differs: &'static str,
}

impl FunctionSpec {
    /// What the binder sees.
    pub fn facts(&self) -> FunctionFacts {
        FunctionFacts {
            name: self.name,
            kind: FunctionKind::Scalar,
            signatures: self.signatures,
            result_name: self.result_name,
            nulls: self.nulls,
            volatility: self.volatility,
            lowering: match self.lower {
                Lower::Kql(text) => Lowering::Kql(text),
                Lower::Kernel(_) | Lower::Unanswered(_) => Lowering::Engine,
                Lower::Special => Lowering::Special,
                Lower::Refused(why) => Lowering::Refused(why),
            },
            filter_of: None,
        }
    }
}

/// How an aggregate is made.
#[derive(Clone, Copy)]
pub enum AggregateLower {
    /// The engine's own aggregate of this meaning (`count`, `sum`, `min`, `max`, ...), which the planner knows by the
    /// spec's name.
    Native,
    /// A state a group. The arguments' types and constant values are known when it is made.
    State(fn(&AggregateCall<'_>) -> Result<Box<dyn Aggregator>>),
    /// Another aggregate over the rows for which the argument of the parameter `predicate` is true (`sumif` is `sum`).
    FilterOf(&'static str),
    /// Keeps whole rows (`arg_max`, `arg_min`, `take_any`); the planner has it.
    Rows,
    /// Known and refused, with the reason.
    Refused(&'static str),
}

impl std::fmt::Debug for AggregateLower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            AggregateLower::Native => "Native",
            AggregateLower::State(_) => "State",
            AggregateLower::FilterOf(_) => "FilterOf",
            AggregateLower::Rows => "Rows",
            AggregateLower::Refused(_) => "Refused",
        })
    }
}

/// What an aggregate knows of its call before the first row.
#[derive(Debug)]
pub struct AggregateCall<'a> {
    /// Types of the arguments.
    pub types: &'a [Type],
    /// The value of each argument that is constant.
    pub constants: &'a [Option<kql_types::Value>],
    /// Types of the results: one, or several for `percentiles` and its like.
    pub returns: &'a [Type],
}

/// An aggregate.
#[derive(Debug, Clone, Copy)]
pub struct AggregateSpec {
    /// Its name.
    pub name: &'static str,
    /// One or two sentences.
    pub summary: &'static str,
    /// How it may be called.
    pub signatures: &'static [Signature],
    /// How its unnamed column is called.
    pub result_name: ResultName,
    /// How it is made.
    pub lower: AggregateLower,
    /// Runnable examples: whole queries.
    pub examples: &'static [Example],
    /// Where it is known to differ from Kusto, and why.
    pub differs: &'static str,
}

impl AggregateSpec {
    /// What the binder sees.
    pub fn facts(&self) -> FunctionFacts {
        FunctionFacts {
            name: self.name,
            kind: FunctionKind::Aggregate,
            signatures: self.signatures,
            result_name: self.result_name,
            nulls: Nulls::Seen,
            volatility: Volatility::Immutable,
            lowering: match self.lower {
                AggregateLower::Refused(why) => Lowering::Refused(why),
                _ => Lowering::Engine,
            },
            filter_of: match self.lower {
                AggregateLower::FilterOf(of) => Some(of),
                _ => None,
            },
        }
    }
}
