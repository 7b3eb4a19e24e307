//! What a function's file needs.

pub use crate::adapter::*;
pub use crate::cache;
pub use crate::spec::*;
pub use arrow::array::ArrayRef;
pub use kql_types::dynamic::DynWriter;
pub use kql_types::signature::{Class, Param, Returns, Signature, arg, arg_of, sig, sig_as};
pub use kql_types::{Dyn, DynRef, Nulls, ResultName, Type, Value, Volatility};

/// `bool`
pub const BOOL: Type = Type::Bool;
/// `int`
pub const INT: Type = Type::Int;
/// `long`
pub const LONG: Type = Type::Long;
/// `real`
pub const REAL: Type = Type::Real;
/// `decimal`
pub const DECIMAL: Type = Type::Decimal;
/// `string`
pub const STRING: Type = Type::String;
/// `datetime`
pub const DATETIME: Type = Type::DateTime;
/// `timespan`
pub const TIMESPAN: Type = Type::TimeSpan;
/// `guid`
pub const GUID: Type = Type::Guid;
/// `dynamic`
pub const DYNAMIC: Type = Type::Dynamic;
