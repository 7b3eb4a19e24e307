//! How the binder sees functions.

use crate::{Signature, Type, Value};

/// What kind of thing a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// One value a row. Operators (`+`, `has`, `==`) are scalars too, under their own text.
    Scalar,
    /// One value a group.
    Aggregate,
    /// One value a row of serialized rows (`prev`, `row_number`).
    Window,
    /// A table from a table (`evaluate`).
    Plugin,
}

/// What a null argument does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// A null argument gives null and the kernel never sees it. A string is never null.
    Strict,
    /// The kernel sees nulls.
    Seen,
}

/// Whether equal arguments give equal results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volatility {
    /// Always.
    Immutable,
    /// Within one query (`now`): the binder makes one literal of it.
    Stable,
    /// Never (`rand`).
    Volatile,
}

/// How an unnamed result column is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultName {
    /// `Column1`, `print_0`, ...
    None,
    /// The name of the first argument, when that is a column or such a function of one.
    FirstArgument,
    /// `prefix_` and the name of the first argument: `sum_x`; without a name `prefix_`.
    Prefix(&'static str),
    /// The prefix alone: `count_`.
    PrefixOnly(&'static str),
    /// The text of the first argument when it is a constant, or its column's name.
    FirstArgumentValue,
    /// As `FirstArgument`, where there is exactly one argument.
    OnlyArgument,
    /// Several columns, each `function_argument_part`, of these types. The call itself gives an array of them.
    Columns(&'static [(&'static str, crate::Type)]),
    /// As many columns as arrays are given, each called after its array: `x_sorted`, else `array1_sorted`. The call itself
    /// gives an array of them, or with one array that array.
    Sorted,
}

/// How a call becomes a plan, as far as the binder must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lowering {
    /// A kernel or an expression of the engine.
    Engine,
    /// This text in KQL, with the parameters' names as variables: the binder binds it in place of the call.
    Kql(&'static str),
    /// The binder itself makes something else of it (`iff`, `now`, `toscalar`, ...).
    Special,
    /// Known and refused, with the reason.
    Refused(&'static str),
}

/// What the binder needs to know of a function.
#[derive(Debug, Clone, Copy)]
pub struct FunctionFacts {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub kind: FunctionKind,
    /// Tried in order; the first that fits without conversion wins, else the first that fits.
    pub signatures: &'static [Signature],
    /// Name of an unnamed result.
    pub result_name: ResultName,
    /// Nulls.
    pub nulls: Nulls,
    /// Volatility.
    pub volatility: Volatility,
    /// Lowering.
    pub lowering: Lowering,
    /// The aggregate of which this is the form with a `predicate` (`sum` of `sumif`).
    pub filter_of: Option<&'static str>,
}

/// All functions, as the binder sees them. Names are case-sensitive.
pub trait FunctionCatalog: Send + Sync {
    /// A scalar function, window function or operator.
    fn scalar(&self, name: &str) -> Option<FunctionFacts>;
    /// An aggregate.
    fn aggregate(&self, name: &str) -> Option<FunctionFacts>;
    /// A plugin.
    fn plugin(&self, name: &str) -> Option<FunctionFacts>;
    /// The value of a call with constant arguments, already converted to the signature's types; none when it cannot be
    /// folded (volatile, or no kernel).
    ///
    /// # Errors
    /// A message when the call fails on these values in KQL too.
    fn fold(&self, name: &str, arguments: &[Value], result: Type) -> Result<Option<Value>, String>;
    /// Every name of a kind, sorted.
    fn names(&self, kind: FunctionKind) -> Vec<&'static str>;
}
