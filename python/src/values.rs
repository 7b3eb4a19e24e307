//! Cells as Python's own values.

use kql_functions::adapter::Any;
use kql_render::json_cell;
use kql_types::{DynRef, Type, text};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};

/// The classes and functions that values are made with.
pub struct Makers {
    delta: Py<PyAny>,
    first: Py<PyAny>,
    decimal: Py<PyAny>,
    uuid: Py<PyAny>,
    loads: Py<PyAny>,
}

static MAKERS: PyOnceLock<Makers> = PyOnceLock::new();

impl Makers {
    /// Those of this Python.
    pub fn get(py: Python<'_>) -> PyResult<&'static Makers> {
        MAKERS.get_or_try_init(py, || {
            let datetime = py.import("datetime")?;
            let utc = datetime.getattr("timezone")?.getattr("utc")?;
            let first = PyDict::new(py);
            first.set_item("tzinfo", utc)?;
            let class = datetime.getattr("datetime")?;
            Ok(Makers {
                delta: datetime.getattr("timedelta")?.unbind(),
                first: class.call((1, 1, 1), Some(&first))?.unbind(),
                decimal: py.import("decimal")?.getattr("Decimal")?.unbind(),
                uuid: py.import("uuid")?.getattr("UUID")?.unbind(),
                loads: py.import("json")?.getattr("loads")?.unbind(),
            })
        })
    }

    /// Ticks as a `timedelta`: the tenths of a microsecond go.
    fn delta<'py>(&self, py: Python<'py>, ticks: i64) -> PyResult<Bound<'py, PyAny>> {
        self.delta.bind(py).call1((0, 0, ticks.div_euclid(10)))
    }

    /// A cell.
    pub fn value<'py>(
        &self,
        py: Python<'py>,
        column: &Any<'_>,
        ty: Type,
        row: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let value = column.get(row);
        if ty == Type::Dynamic {
            if matches!(value, DynRef::Null) {
                return Ok(py.None().into_bound(py));
            }
            let mut json = String::new();
            json_cell(column, row, &mut json);
            return self.loads.bind(py).call1((json,));
        }
        Ok(match value {
            DynRef::Bool(b) => PyBool::new(py, b).to_owned().into_any(),
            DynRef::Long(n) => PyInt::new(py, n).into_any(),
            DynRef::Real(x) => PyFloat::new(py, x).into_any(),
            DynRef::String(s) => PyString::new(py, s).into_any(),
            DynRef::Decimal(d) => self.decimal.bind(py).call1((text::format_decimal(d),))?,
            DynRef::DateTime(t) => self
                .first
                .bind(py)
                .call_method1("__add__", (self.delta(py, t)?,))?,
            DynRef::TimeSpan(t) => self.delta(py, t)?,
            DynRef::Guid(g) => self.uuid.bind(py).call1((text::format_guid(&g),))?,
            _ => py.None().into_bound(py),
        })
    }
}
