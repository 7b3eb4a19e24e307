//! `evaluate schema_merge([PreserveOrder])`: rows of `getschema` of several tables as the schema of one.

use super::Call;
use crate::binder::{Binder, Res};
use crate::plan::{Field, Relation};
use kql_diag::codes;
use kql_types::{Type, Value};

const COLUMNS: [(&str, Type); 4] = [
    ("ColumnName", Type::String),
    ("ColumnOrdinal", Type::Long),
    ("DataType", Type::String),
    ("ColumnType", Type::String),
];

/// A column of the merged schema.
struct Merged {
    name: String,
    ordinal: i64,
    /// Whether it stands at two places.
    moved: bool,
    ty: Type,
}

impl Binder<'_> {
    pub(super) fn schema_merge(&mut self, call: Call<'_>) -> Res<Relation> {
        let keep = match call.arguments {
            [] => true,
            [a] if a.name.as_ref().is_none_or(|n| n.text == "PreserveOrder") => {
                self.constant_argument(&a.value, Type::Bool)? == Value::Bool(true)
            }
            _ => {
                let message = "schema_merge takes PreserveOrder and nothing else";
                return Err(self.fail(codes::ARGUMENT_COUNT, call.span, message));
            }
        };
        let mut wanted: Vec<Field> = Vec::with_capacity(3);
        for name in ["ColumnName", "ColumnOrdinal", "ColumnType"] {
            match call.input.fields.iter().find(|f| f.name == name) {
                Some(f) => wanted.push(f.clone()),
                None => return Err(self.unknown_column(name, call.span, &call.input.fields)),
            }
        }
        let mut input = call.input;
        input.fields = wanted;
        let mut merged: Vec<Merged> = Vec::new();
        for row in self.probe(input)?.unwrap_or_default() {
            let [Value::String(name), ordinal, Value::String(ty)] = row.as_slice() else {
                let message = "schema_merge requires rows of getschema";
                return Err(self.fail(codes::BAD_VALUE, call.span, message));
            };
            let (Some(ordinal), Some(ty)) = (ordinal.as_long(), Type::from_name(ty)) else {
                let message = "schema_merge requires rows of getschema";
                return Err(self.fail(codes::BAD_VALUE, call.span, message));
            };
            match merged.iter_mut().find(|m| m.name == *name) {
                None => merged.push(Merged {
                    name: name.clone(),
                    ordinal,
                    moved: false,
                    ty,
                }),
                Some(m) => {
                    m.moved |= m.ordinal != ordinal;
                    m.ordinal = m.ordinal.max(ordinal);
                    if m.ty != ty {
                        let what = format!(
                            "schema_merge of `{name}`, which is {} and {ty}",
                            m.ty.name()
                        );
                        return Err(self.unsupported(call.span, what));
                    }
                }
            }
        }
        // Stable: of two columns with one place the first stays in front.
        merged.sort_by_key(|m| m.ordinal);
        let mut places: Vec<i64> = merged.iter().map(|m| m.ordinal).collect();
        places.dedup();
        if !keep && places.len() < merged.len() {
            return Err(self.unsupported(call.span, "schema_merge of two columns at one place"));
        }
        let rows = merged
            .into_iter()
            .map(|m| {
                let text = |s: &str| Value::String(s.to_owned());
                let (ordinal, data, ty) = if m.moved && keep {
                    (
                        -1,
                        "ERROR(unknown CSL type:ERROR(columns are out of order))",
                        "ERROR(columns are out of order)",
                    )
                } else {
                    (m.ordinal, m.ty.net_name(), m.ty.name())
                };
                vec![
                    Value::String(m.name),
                    Value::Long(ordinal),
                    text(data),
                    text(ty),
                ]
            })
            .collect();
        let columns = COLUMNS.map(|(n, t)| (n.to_owned(), t)).to_vec();
        Ok(self.values(columns, rows, call.span))
    }
}
