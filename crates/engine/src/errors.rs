//! Errors from below become one diagnostic in KQL's terms, here and nowhere else.

use datafusion::error::DataFusionError;
use kql_diag::{Diagnostic, Span, codes};
use kql_plan::RunError;
use kql_sources::SourceError;

/// The diagnostic for an error of planning or running. `span` is the query's own place, for errors that have none.
pub(crate) fn diagnose(e: &DataFusionError, span: Span) -> Diagnostic {
    if let Some(found) = known(e) {
        return found;
    }
    match e.find_root() {
        DataFusionError::ResourcesExhausted(text) => {
            let what = text.lines().next().unwrap_or_default();
            Diagnostic::error(
                codes::MEMORY,
                span,
                format!("the memory limit was reached: {what}"),
            )
            .with_help("--memory-limit gives more, and fewer columns or groups need less")
        }
        DataFusionError::IoError(e) => Diagnostic::error(
            codes::INPUT,
            span,
            format!("input or spill file failed: {e}"),
        ),
        DataFusionError::ParquetError(e) => Diagnostic::error(
            codes::BAD_FILE,
            span,
            format!("a Parquet file cannot be read: {e}"),
        ),
        DataFusionError::ObjectStore(e) => {
            Diagnostic::error(codes::INPUT, span, format!("a file cannot be read: {e}"))
        }
        DataFusionError::ArrowError(e, _) => Diagnostic::error(
            codes::RUN_TIME,
            span,
            format!("a value cannot be processed: {e}"),
        ),
        other => Diagnostic::error(codes::INTERNAL, span, format!("the engine failed: {other}")),
    }
}

fn known(e: &DataFusionError) -> Option<Diagnostic> {
    let mut at: Option<&(dyn std::error::Error + 'static)> = Some(e);
    while let Some(error) = at {
        if let Some(run) = error.downcast_ref::<RunError>() {
            return Some(Diagnostic::error(
                codes::RUN_TIME,
                run.span,
                run.message.clone(),
            ));
        }
        if let Some(source) = error.downcast_ref::<SourceError>() {
            return Some(source_error(source, Span::default()));
        }
        if let Some(DataFusionError::External(inner)) = error.downcast_ref::<DataFusionError>() {
            if let Some(run) = inner.downcast_ref::<RunError>() {
                return Some(Diagnostic::error(
                    codes::RUN_TIME,
                    run.span,
                    run.message.clone(),
                ));
            }
            if let Some(source) = inner.downcast_ref::<SourceError>() {
                return Some(source_error(source, Span::default()));
            }
        }
        at = error.source();
    }
    None
}

/// The diagnostic for a file that cannot be read.
pub(crate) fn source_error(e: &SourceError, span: Span) -> Diagnostic {
    let mut d = Diagnostic::error(e.code, span, e.to_string());
    if let Some(help) = &e.help {
        d = d.with_help(help.clone());
    }
    d
}
