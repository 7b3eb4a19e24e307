//! Errors of running queries that people can cause, with their place; and faults of planning.

use datafusion::error::DataFusionError;
use kql_diag::{Diagnostic, Span, codes};

/// A run-time error in KQL's terms (a kernel's or an operator's), on its way through DataFusion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunError {
    /// What was wrong.
    pub message: String,
    /// The expression or operator.
    pub span: Span,
}

impl std::fmt::Display for RunError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RunError {}

impl RunError {
    /// As an error that DataFusion hands up.
    pub fn wrap(message: impl Into<String>, span: Span) -> DataFusionError {
        DataFusionError::External(Box::new(RunError {
            message: message.into(),
            span,
        }))
    }
}

/// The result of lowering.
pub(crate) type Result<T, E = Diagnostic> = std::result::Result<T, E>;

/// A plan that DataFusion refuses is our fault.
pub(crate) fn fault(span: Span) -> impl Fn(DataFusionError) -> Diagnostic {
    move |e| internal(span, format!("internal: the plan is refused: {e}"))
}

/// Our fault.
pub(crate) fn internal(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(codes::INTERNAL, span, message)
}
