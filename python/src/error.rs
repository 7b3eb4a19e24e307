//! Faults as `kql.KqlError`.

use kql_diag::{Diagnostic, Source, place_of};
use pyo3::prelude::*;

/// The exception for a finding. `sources` are the texts that it points into.
pub fn raise(py: Python<'_>, d: &Diagnostic, sources: &[Source]) -> PyErr {
    let at = usize::try_from(d.primary.source).unwrap_or_default();
    let place = sources.get(at).map(|s| place_of(s, d.primary));
    let made = py
        .import("kql._errors")
        .and_then(|m| m.getattr("KqlError"))
        .and_then(|class| {
            class.call1((
                d.code.to_string(),
                d.message.clone(),
                place.as_ref().map(|p| p.line),
                place.as_ref().map(|p| p.column),
                d.show(sources).trim_end(),
                d.help.clone(),
            ))
        });
    match made {
        Ok(e) => PyErr::from_value(e),
        Err(e) => e,
    }
}

/// The exception for a fault of an argument or a file, without a place.
pub fn fault(py: Python<'_>, message: &str) -> PyErr {
    let d = Diagnostic::error(kql_diag::codes::INPUT, kql_diag::Span::default(), message);
    raise(py, &d, &[])
}
