//! Matchers made once of a constant and asked for every row: one text ([`Matcher`]), several ([`AnyTerm`], [`AllTerms`]),
//! membership ([`Members`]), and what they share.

mod case;
mod list;
mod members;
mod pair;
mod single;
pub mod values;

pub use case::{equal, fold};
pub use list::{AllTerms, AnyTerm};
pub use members::Members;
pub use single::{Matcher, Place};
