//! The Python side of kql: sessions and results as small classes; `python/kql` makes the interface of them.

mod arrow_c;
mod error;
mod rows;
mod session;
mod values;

use pyo3::prelude::*;

/// The compiled part of the package.
#[pymodule]
fn _kql(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_class::<session::Session>()?;
    m.add_class::<rows::Rows>()?;
    m.add("__version__", env!("CARGO_PKG_VERSION"))
}
