//! `evaluate basket([threshold, weight, dimensions, wildcards...])`: what values stand together in many rows.

use super::Call;
use crate::binder::{Binder, Res};
use crate::plan::{Custom, Expr, Field, Relation, RelationKind};
use kql_diag::codes;
use kql_syntax::ast;
use kql_types::{Type, Value};

impl Binder<'_> {
    pub(super) fn basket(&mut self, call: Call<'_>) -> Res<Relation> {
        let at = self.at(call.span);
        let (mut threshold, mut dimensions) = (0.05, 5);
        let mut wildcards: Vec<Value> = Vec::new();
        for (i, a) in call.arguments.iter().enumerate() {
            if is_default(&a.value) && i < 3 {
                continue;
            }
            match i {
                0 => match self.constant_argument(&a.value, Type::Real)? {
                    Value::Real(x) if (0.015..=1.0).contains(&x) => threshold = x,
                    _ => {
                        let message = "a threshold is a number from 0.015 to 1";
                        return Err(self.fail(codes::BAD_VALUE, a.value.span, message));
                    }
                },
                1 => return Err(self.unsupported(a.value.span, "a weight column of basket")),
                2 => match self.constant_argument(&a.value, Type::Long)? {
                    Value::Long(n) if n >= 1 => dimensions = n,
                    _ => {
                        let message = "the number of dimensions is 1 or greater";
                        return Err(self.fail(codes::BAD_VALUE, a.value.span, message));
                    }
                },
                _ => match self.constant(&a.value, "a wildcard")?.as_literal() {
                    Some(v) => wildcards.push(v.clone()),
                    None => {
                        let message = "a wildcard requires a literal";
                        return Err(self.fail(codes::NOT_CONSTANT, a.value.span, message));
                    }
                },
            }
        }
        let mut outputs = Vec::with_capacity(call.input.fields.len() + 3);
        for (name, ty) in [
            ("SegmentId", Type::Long),
            ("Count", Type::Long),
            ("Percent", Type::Real),
        ] {
            outputs.push((self.column(ty), name.to_owned(), ty));
        }
        let mut arguments = Vec::with_capacity(call.input.fields.len());
        for f in &call.input.fields {
            let own = wildcards
                .iter()
                .find(|w| w.ty() == f.ty && w.as_str() != Some("~"));
            let value = own.cloned().unwrap_or_else(|| Value::null(f.ty));
            arguments.push(Expr::literal(value, at));
            outputs.push((self.column(f.ty), f.name.clone(), f.ty));
        }
        let fields = outputs
            .iter()
            .map(|(id, name, ty)| Field {
                name: name.clone(),
                id: *id,
                ty: *ty,
            })
            .collect();
        Ok(Relation {
            kind: RelationKind::Custom(Box::new(Custom {
                name: "basket".to_owned(),
                inputs: vec![call.input],
                arguments,
                settings: vec![
                    ("threshold".to_owned(), Value::Real(threshold)),
                    ("dimensions".to_owned(), Value::Long(dimensions)),
                ],
                outputs,
                keeps_input: false,
                span: at,
            })),
            fields,
            span: at,
            ordered: true,
        })
    }
}

fn is_default(e: &ast::Expr) -> bool {
    matches!(&e.kind, ast::ExprKind::Literal(ast::Literal::String(s)) if s == "~")
}
