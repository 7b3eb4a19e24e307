//! A result.

use crate::arrow_c;
use crate::error::{fault, raise};
use crate::values::Makers;
use arrow::array::RecordBatch;
use kql_diag::{Diagnostic, Span, codes};
use kql_engine::{CollectedResult, ResultInfo};
use kql_render::chart::{Chart, Data, Spec, escape};
use kql_render::{Cells, exchange, plain_cell};
use kql_types::Type;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyTuple};

/// Rows beyond which nothing is drawn.
const MOST_DRAWN: usize = 1_000_000;

/// One result of a query.
#[pyclass(frozen, module = "kql._kql")]
pub struct Rows {
    info: ResultInfo,
    batches: Vec<RecordBatch>,
}

impl Rows {
    /// A result that is whole.
    pub fn new(result: CollectedResult) -> Rows {
        Rows {
            info: result.info,
            batches: result.batches,
        }
    }

    fn count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn chart(&self) -> Result<Chart, String> {
        let render = self
            .info
            .render
            .as_ref()
            .ok_or("a picture requires `render` with a chart at the end of the query")?;
        if self.count() > MOST_DRAWN {
            return Err(format!("{} rows are too many to draw", self.count()));
        }
        let mut data = Data::new(&self.info.columns);
        self.batches.iter().for_each(|b| data.push(b));
        let spec = Spec {
            kind: render.kind.clone(),
            properties: render.properties.clone(),
        };
        Chart::new(&spec, &data)
    }
}

#[pymethods]
impl Rows {
    /// What the query calls the result.
    #[getter]
    fn name(&self) -> &str {
        &self.info.name
    }

    /// Names and KQL types of the columns.
    #[getter]
    fn schema(&self) -> Vec<(String, String)> {
        let columns = self.info.columns.iter();
        columns
            .map(|c| (c.name.clone(), c.ty.to_string()))
            .collect()
    }

    /// The kind that `render` names, and its properties as text.
    #[getter]
    fn render(&self) -> Option<(String, Vec<(String, String)>)> {
        let render = self.info.render.as_ref()?;
        let properties = render.properties.iter().map(|(n, v)| {
            let text = match v {
                kql_types::Value::String(s) => s.clone(),
                kql_types::Value::Bool(b) => b.to_string(),
                kql_types::Value::Long(n) => n.to_string(),
                other => format!("{other:?}"),
            };
            (n.clone(), text)
        });
        Some((render.kind.clone(), properties.collect()))
    }

    fn __len__(&self) -> usize {
        self.count()
    }

    /// How many batches there are.
    #[getter]
    fn batches(&self) -> usize {
        self.batches.len()
    }

    /// The rows of a batch as tuples.
    fn batch<'py>(&self, py: Python<'py>, at: usize) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        let Some(batch) = self.batches.get(at) else {
            return Ok(Vec::new());
        };
        let columns = &self.info.columns;
        let cells = Cells::new(batch, columns);
        let any = cells
            .any()
            .ok_or_else(|| fault(py, "a column is not of its type"))?;
        let makers = Makers::get(py)?;
        let mut out = Vec::with_capacity(batch.num_rows());
        for row in 0..batch.num_rows() {
            let mut values = Vec::with_capacity(columns.len());
            for (column, c) in any.iter().zip(columns) {
                values.push(makers.value(py, column, c.ty, row)?);
            }
            out.push(PyTuple::new(py, values)?);
        }
        Ok(out)
    }

    /// Arrow's stream: a datetime is a timestamp and a timespan a duration, in nanoseconds; a dynamic is JSON text.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // Who asks for other types casts them: the interface allows it.
        drop(requested_schema);
        let made = py.detach(|| {
            let schema = exchange::schema(&self.info.columns);
            let batches = self.batches.iter();
            let batches = batches.map(|b| exchange::batch(b, &self.info.columns, &schema));
            let batches = batches.collect::<Result<Vec<_>, String>>()?;
            Ok((schema, batches))
        });
        let (schema, batches) = made.map_err(|e: String| {
            raise(
                py,
                &Diagnostic::error(codes::OUTPUT, Span::default(), e),
                &[],
            )
        })?;
        arrow_c::export(py, schema, batches)
    }

    /// The chart that `render` asks for, as SVG.
    fn svg(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| self.chart().map(|c| c.svg()))
            .map_err(|e| fault(py, &e))
    }

    /// The same as a PNG file.
    fn png<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let made = py.detach(|| self.chart().and_then(|c| c.png()));
        let bytes = made.map_err(|e| fault(py, &e))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// A part of a page: the chart, else at most so many rows as a table.
    fn html(&self, py: Python<'_>, most: usize) -> PyResult<String> {
        let mut out = String::new();
        if self.info.render.as_ref().is_some_and(|r| r.kind != "table") {
            match py.detach(|| self.chart()) {
                Ok(chart) => {
                    out.push_str(&chart.svg());
                    for n in &chart.notes {
                        out.push_str("<div>note: ");
                        escape(n, &mut out);
                        out.push_str("</div>\n");
                    }
                    return Ok(out);
                }
                Err(e) => {
                    out.push_str("<div>note: the rows are shown as a table: ");
                    escape(&e, &mut out);
                    out.push_str("</div>\n");
                }
            }
        }
        out.push_str("<table>\n<thead><tr>");
        for c in &self.info.columns {
            out.push_str("<th title=\"");
            out.push_str(&c.ty.to_string());
            out.push_str("\">");
            escape(&c.name, &mut out);
            out.push_str("</th>");
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        let mut shown = 0;
        let mut cell = String::new();
        for batch in &self.batches {
            let cells = Cells::new(batch, &self.info.columns);
            let Some(any) = cells.any() else { break };
            for row in 0..batch.num_rows().min(most.saturating_sub(shown)) {
                out.push_str("<tr>");
                for (c, column) in any.iter().zip(&self.info.columns) {
                    cell.clear();
                    plain_cell(c, row, &mut cell);
                    let number = matches!(
                        column.ty,
                        Type::Int | Type::Long | Type::Real | Type::Decimal
                    );
                    out.push_str(if number {
                        "<td style=\"text-align:right\">"
                    } else {
                        "<td style=\"text-align:left\">"
                    });
                    if cell.is_empty() && column.ty != Type::String {
                        out.push_str("<i style=\"opacity:.5\">null</i>");
                    } else {
                        escape(&cell, &mut out);
                    }
                    out.push_str("</td>");
                }
                out.push_str("</tr>\n");
                shown += 1;
            }
        }
        out.push_str("</tbody>\n</table>\n");
        let all = self.count();
        let s = if all == 1 { "" } else { "s" };
        out.push_str(&if shown < all {
            format!("<div>{shown} of {all} rows</div>\n")
        } else {
            format!("<div>{all} row{s}</div>\n")
        });
        Ok(out)
    }
}
