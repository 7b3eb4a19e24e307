//! Arrow's C stream in Python's capsules: batches go in and out without a copy, whatever library is at the other end.
#![allow(unsafe_code)]

use arrow::array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};
use std::ffi::CStr;

const NAME: &CStr = c"arrow_array_stream";

/// Batches as a capsule.
pub fn export(
    py: Python<'_>,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
) -> PyResult<Bound<'_, PyCapsule>> {
    let batches = batches.into_iter().map(Ok::<_, ArrowError>);
    let reader = RecordBatchIterator::new(batches, schema);
    // The stream is released when the capsule goes, unless who took it has done so.
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), NAME)
}

/// The batches of an object that has `__arrow_c_stream__`: tables of pyarrow, pandas, polars, duckdb and others.
pub fn import(object: &Bound<'_, PyAny>) -> PyResult<(SchemaRef, Vec<RecordBatch>)> {
    if !object.hasattr("__arrow_c_stream__")? {
        return Err(PyTypeError::new_err(format!(
            "a table requires Arrow's stream interface (as of pyarrow, pandas 2.2, polars), and {} has none",
            object.get_type().name()?
        )));
    }
    let capsule = object.call_method0("__arrow_c_stream__")?;
    let capsule = capsule.cast::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(NAME))?;
    let fault = |e: ArrowError| PyValueError::new_err(format!("the table cannot be read: {e}"));
    // SAFETY: the capsule has the name that Arrow's interface gives to a pointer to such a stream, and lives until the end
    // of this function. The stream is moved out of it, and what is left is marked as released.
    let reader = unsafe { ArrowArrayStreamReader::from_raw(pointer.cast().as_ptr()) };
    let reader = reader.map_err(fault)?;
    let schema = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>().map_err(fault)?;
    Ok((schema, batches))
}
