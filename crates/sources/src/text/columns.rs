//! Typed columns that rows of cells are read into.

use super::Cell;
use crate::error::SourceError;
use arrow::array::{
    ArrayRef, BinaryViewBuilder, BooleanBuilder, Decimal128Builder, FixedSizeBinaryBuilder,
    Float64Builder, Int32Builder, Int64Builder, RecordBatch, RecordBatchOptions, StringViewBuilder,
};
use arrow::datatypes::SchemaRef;
use kql_functions::adapter::arrow_type;
use kql_types::dynamic::{DynWriter, json::parse_json};
use kql_types::{ColumnSchema, Type, text};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

enum Builder {
    Bool(BooleanBuilder),
    Int(Int32Builder),
    Long(Int64Builder),
    Real(Float64Builder),
    Decimal(Decimal128Builder),
    String(StringViewBuilder),
    DateTime(Int64Builder),
    TimeSpan(Int64Builder),
    Guid(FixedSizeBinaryBuilder),
    Dynamic(BinaryViewBuilder),
}

impl Builder {
    fn new(ty: Type) -> Builder {
        match ty {
            Type::Bool => Builder::Bool(BooleanBuilder::new()),
            Type::Int => Builder::Int(Int32Builder::new()),
            Type::Long => Builder::Long(Int64Builder::new()),
            Type::Real => Builder::Real(Float64Builder::new()),
            Type::Decimal => {
                Builder::Decimal(Decimal128Builder::new().with_data_type(arrow_type(Type::Decimal)))
            }
            Type::String => Builder::String(StringViewBuilder::new()),
            Type::DateTime => Builder::DateTime(Int64Builder::new()),
            Type::TimeSpan => Builder::TimeSpan(Int64Builder::new()),
            Type::Guid => Builder::Guid(FixedSizeBinaryBuilder::new(16)),
            Type::Dynamic => Builder::Dynamic(BinaryViewBuilder::new()),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Bool(b) => Arc::new(b.finish()),
            Builder::Int(b) => Arc::new(b.finish()),
            Builder::Long(b) | Builder::DateTime(b) | Builder::TimeSpan(b) => Arc::new(b.finish()),
            Builder::Real(b) => Arc::new(b.finish()),
            Builder::Decimal(b) => Arc::new(b.finish()),
            Builder::String(b) => Arc::new(b.finish()),
            Builder::Guid(b) => Arc::new(b.finish()),
            Builder::Dynamic(b) => Arc::new(b.finish()),
        }
    }
}

/// A value that is read and waits for the rest of its row.
enum Value<'r> {
    Null,
    Bool(bool),
    Int(i32),
    Long(i64),
    Real(f64),
    Decimal(i128),
    Text(Cow<'r, str>),
    Guid([u8; 16]),
    /// Bytes of the scratch writer.
    Dynamic(Vec<u8>),
}

/// The columns of a batch.
pub(crate) struct Columns {
    builders: Vec<Builder>,
    types: Vec<Type>,
    names: Vec<String>,
    /// For cells by place: which column.
    places: Vec<Option<usize>>,
    /// For cells by name.
    by_name: HashMap<String, usize>,
    rows: usize,
    most: usize,
    schema: SchemaRef,
}

impl Columns {
    pub(crate) fn new(
        columns: &[ColumnSchema],
        wanted: &[usize],
        schema: SchemaRef,
        most: usize,
    ) -> Self {
        let chosen: Vec<&ColumnSchema> = wanted.iter().filter_map(|i| columns.get(*i)).collect();
        let mut places = vec![None; columns.len()];
        for (slot, i) in wanted.iter().enumerate() {
            if let Some(p) = places.get_mut(*i) {
                *p = Some(slot);
            }
        }
        Columns {
            builders: chosen.iter().map(|c| Builder::new(c.ty)).collect(),
            types: chosen.iter().map(|c| c.ty).collect(),
            names: chosen.iter().map(|c| c.name.clone()).collect(),
            by_name: chosen
                .iter()
                .enumerate()
                .map(|(i, c)| (c.name.clone(), i))
                .collect(),
            places,
            rows: 0,
            most,
            schema,
        }
    }

    /// Cells by place are those of this header (files of one table may differ in their order).
    pub(crate) fn place(&mut self, header: &[String]) {
        self.places = header
            .iter()
            .map(|n| self.by_name.get(n).copied())
            .collect();
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows >= self.most
    }

    /// Adds a row, or says what is wrong with it and adds nothing. `lenient`: a value that cannot be read is null.
    pub(crate) fn row(&mut self, cells: &[Cell<'_>], lenient: bool) -> Result<(), String> {
        let mut values: Vec<Value<'_>> = Vec::with_capacity(self.types.len());
        values.resize_with(self.types.len(), || Value::Null);
        for (i, cell) in cells.iter().enumerate() {
            let slot = match cell {
                Cell::Plain(_) => self.places.get(i).copied().flatten(),
                Cell::Named(name, _) => self.by_name.get(*name).copied(),
            };
            let Some(slot) = slot else { continue };
            let ty = self.types[slot];
            let read = match cell {
                Cell::Plain(t) => of_text(t, ty),
                Cell::Named(_, json) => of_json(json, ty),
            };
            values[slot] = match read {
                Some(v) => v,
                None if lenient => Value::Null,
                None => {
                    let (Cell::Plain(t) | Cell::Named(_, t)) = cell;
                    let shown: String = t.chars().take(60).collect();
                    return Err(format!(
                        "`{shown}` in column `{}` is no {ty}",
                        self.names[slot]
                    ));
                }
            };
        }
        for (b, v) in self.builders.iter_mut().zip(values) {
            append(b, v);
        }
        self.rows += 1;
        Ok(())
    }

    /// The rows so far.
    pub(crate) fn take(&mut self, file: &Path) -> Result<RecordBatch, SourceError> {
        let arrays = self.builders.iter_mut().map(Builder::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        self.rows = 0;
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|e| SourceError::bad_file(file, format!("the rows make no batch: {e}")))
    }
}

fn append(b: &mut Builder, v: Value<'_>) {
    match (b, v) {
        (Builder::Bool(b), Value::Bool(v)) => b.append_value(v),
        (Builder::Bool(b), _) => b.append_null(),
        (Builder::Int(b), Value::Int(v)) => b.append_value(v),
        (Builder::Int(b), _) => b.append_null(),
        (Builder::Long(b) | Builder::DateTime(b) | Builder::TimeSpan(b), Value::Long(v)) => {
            b.append_value(v)
        }
        (Builder::Long(b) | Builder::DateTime(b) | Builder::TimeSpan(b), _) => b.append_null(),
        (Builder::Real(b), Value::Real(v)) => b.append_value(v),
        (Builder::Real(b), _) => b.append_null(),
        (Builder::Decimal(b), Value::Decimal(v)) => b.append_value(v),
        (Builder::Decimal(b), _) => b.append_null(),
        (Builder::String(b), Value::Text(v)) => b.append_value(v),
        (Builder::String(b), _) => b.append_value(""),
        (Builder::Guid(b), Value::Guid(v)) => {
            // Sixteen bytes always fit.
            let _ = b.append_value(v);
        }
        (Builder::Guid(b), _) => b.append_null(),
        (Builder::Dynamic(b), Value::Dynamic(v)) if v != [0] => b.append_value(v),
        (Builder::Dynamic(b), _) => b.append_null(),
    }
}

/// A cell of a separated row; none when it cannot be read as the type. An empty cell is null.
fn of_text(t: &str, ty: Type) -> Option<Value<'_>> {
    if ty == Type::String {
        return Some(Value::Text(Cow::Borrowed(t)));
    }
    let t = t.trim();
    if t.is_empty() {
        return Some(Value::Null);
    }
    Some(match ty {
        Type::Bool => Value::Bool(match t {
            "true" | "True" | "TRUE" | "1" => true,
            "false" | "False" | "FALSE" | "0" => false,
            _ => return None,
        }),
        Type::Int => Value::Int(whole(t).and_then(|n| i32::try_from(n).ok())?),
        Type::Long => Value::Long(whole(t)?),
        Type::Real => Value::Real(t.parse().ok()?),
        Type::Decimal => Value::Decimal(text::parse_decimal(t)?),
        Type::String => Value::Text(Cow::Borrowed(t)),
        Type::DateTime => Value::Long(text::parse_datetime(t)?),
        Type::TimeSpan => Value::Long(text::parse_timespan(t)?),
        Type::Guid => Value::Guid(text::parse_guid(t)?),
        Type::Dynamic => Value::Dynamic(dynamic(t)),
    })
}

/// A whole number, also when it is written with zeros behind a point.
fn whole(t: &str) -> Option<i64> {
    if let Ok(n) = t.parse() {
        return Some(n);
    }
    let (n, zeros) = t.split_once('.')?;
    zeros.bytes().all(|b| b == b'0').then(|| n.parse().ok())?
}

/// JSON text as a dynamic value; any other text is itself as a string.
fn dynamic(t: &str) -> Vec<u8> {
    let mut w = DynWriter::new();
    if !parse_json(t, &mut w) {
        w.clear();
        w.string(t);
    }
    w.bytes
}

/// A JSON value; none when it cannot be read as the type.
fn of_json(json: &str, ty: Type) -> Option<Value<'_>> {
    if json == "null" {
        return Some(Value::Null);
    }
    if json.starts_with('"') {
        let inner: Cow<'_, str> = serde_json::from_str::<Text<'_>>(json).ok()?.0;
        return match (inner, ty) {
            (t, Type::String) => Some(Value::Text(t)),
            // Exports write an object as text: it is what it says.
            (t, Type::Dynamic) if t.trim_start().starts_with(['{', '[']) => {
                Some(Value::Dynamic(dynamic(&t)))
            }
            (t, Type::Dynamic) => {
                let mut w = DynWriter::new();
                w.string(&t);
                Some(Value::Dynamic(w.bytes))
            }
            (Cow::Borrowed(t), ty) => of_text(t, ty),
            (Cow::Owned(t), ty) => of_text(&t, ty).map(own),
        };
    }
    match ty {
        Type::String => Some(Value::Text(Cow::Borrowed(json))),
        Type::Dynamic => Some(Value::Dynamic(dynamic(json))),
        _ => of_text(json, ty),
    }
}

fn own(v: Value<'_>) -> Value<'static> {
    match v {
        Value::Null => Value::Null,
        Value::Bool(v) => Value::Bool(v),
        Value::Int(v) => Value::Int(v),
        Value::Long(v) => Value::Long(v),
        Value::Real(v) => Value::Real(v),
        Value::Decimal(v) => Value::Decimal(v),
        Value::Text(v) => Value::Text(Cow::Owned(v.into_owned())),
        Value::Guid(v) => Value::Guid(v),
        Value::Dynamic(v) => Value::Dynamic(v),
    }
}

/// A JSON string, borrowed where it has no escape.
#[derive(serde::Deserialize)]
struct Text<'t>(#[serde(borrow)] Cow<'t, str>);
