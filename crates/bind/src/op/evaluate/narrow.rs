//! `evaluate narrow()`: a row for each cell, with the row's number, the column's name and the value as text.

use super::Call;
use crate::binder::{Binder, Res};
use crate::plan::{Expr, Field, MvExpand, Relation, RelationKind, WindowCall};
use kql_diag::codes;
use kql_types::{Type, Value};

impl Binder<'_> {
    pub(super) fn narrow(&mut self, call: Call<'_>) -> Res<Relation> {
        if let Some(a) = call.arguments.first() {
            return Err(self.fail(codes::BAD_VALUE, a.value.span, "narrow takes no argument"));
        }
        let at = self.at(call.span);
        let fields = call.input.fields.clone();
        let serialized = self.serialize(call.input, call.span);
        // Numbers from 0.
        let number = self.column(Type::Long);
        let literal = |v: Value| Expr::literal(v, at);
        let numbered = Relation {
            kind: RelationKind::Window {
                input: Box::new(serialized),
                calls: vec![WindowCall {
                    id: number,
                    function: "row_number".to_owned(),
                    arguments: vec![literal(Value::Long(0)), literal(Value::Bool(false))],
                    span: at,
                }],
                partition: Vec::new(),
            },
            fields: Vec::new(),
            span: at,
            ordered: true,
        };
        let names: Vec<Expr> = fields
            .iter()
            .map(|f| literal(Value::String(f.name.clone())))
            .collect();
        let mut values = Vec::with_capacity(fields.len());
        for f in &fields {
            values.push(self.cast(Expr::column(f.id, f.ty, at), Type::String));
        }
        let names = self.call_or_fold("pack_array", names, Type::Dynamic, at);
        let values = self.call_or_fold("pack_array", values, Type::Dynamic, at);
        let (column, value) = (self.column(Type::String), self.column(Type::String));
        let expanded = Relation {
            kind: RelationKind::MvExpand(Box::new(MvExpand {
                input: numbered,
                items: vec![(names, column, Type::String), (values, value, Type::String)],
                index: None,
                bag_as_array: false,
                limit: None,
            })),
            fields: Vec::new(),
            span: at,
            ordered: true,
        };
        let field = |name: &str, id, ty| Field {
            name: name.to_owned(),
            id,
            ty,
        };
        let fields = vec![
            field("Row", number, Type::Long),
            field("Column", column, Type::String),
            field("Value", value, Type::String),
        ];
        Ok(self.with_fields(expanded, fields))
    }
}
