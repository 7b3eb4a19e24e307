//! `evaluate bag_unpack(bag [, prefix] [, columnsConflict] [, ignoredProperties])`: a column a property.

use super::{Call, is_taken};
use crate::binder::{Binder, Res};
use crate::plan::{Aggregate, Assignment, Expr, ExprKind, Field, PathStep, Relation, RelationKind};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::{Dyn, Type, Value};

/// What happens to a property that is called like a column.
#[derive(Clone, Copy, PartialEq)]
enum Conflict {
    Error,
    ReplaceSource,
    KeepSource,
}

struct Options {
    prefix: String,
    conflict: Conflict,
    ignored: Vec<String>,
}

impl Binder<'_> {
    pub(super) fn bag_unpack(&mut self, call: Call<'_>) -> Res<Relation> {
        let Some(first) = call.arguments.first() else {
            return Err(self.fail(codes::BAD_VALUE, call.span, "bag_unpack requires a column"));
        };
        let bag = self.column_argument(&first.value, &call.input)?;
        if bag.ty != Type::Dynamic {
            return Err(self.fail(
                codes::TYPE_MISMATCH,
                first.value.span,
                format!("bag_unpack requires a dynamic column, not {}", bag.ty),
            ));
        }
        let options = self.bag_options(call.arguments)?;
        let declared = match call.schema {
            Some(columns) => Some(self.declared_columns(columns)?),
            None => None,
        };
        // (name of the column, key of the property, type)
        let slots: Vec<(String, String, Type)> = match &declared {
            Some(columns) => columns
                .iter()
                .filter_map(|(name, ty)| {
                    let key = name.strip_prefix(&options.prefix)?;
                    Some((name.clone(), key.to_owned(), *ty))
                })
                .filter(|(name, _, _)| {
                    // Without `*` a declared name may be one of the input's own.
                    call.schema_open || !is_taken(&call.input.fields, name) || *name == bag.name
                })
                .collect(),
            None => self
                .properties_of(&call.input, &bag, call.span)?
                .into_iter()
                .map(|(key, ty)| (format!("{}{key}", options.prefix), key, ty))
                .collect(),
        };
        let mut fields: Vec<Field> = call
            .input
            .fields
            .iter()
            .filter(|f| f.name != bag.name)
            .cloned()
            .collect();
        let at = self.at(call.span);
        let mut made = Vec::new();
        for (name, key, ty) in slots {
            if options.ignored.contains(&key) {
                continue;
            }
            let taken = is_taken(&fields, &name);
            match options.conflict {
                Conflict::Error if taken => {
                    let message =
                        format!("bag_unpack: the property `{key}` is called like a column");
                    return Err(self.fail(codes::DUPLICATE_NAME, call.span, message));
                }
                Conflict::KeepSource if taken => continue,
                _ => {}
            }
            let value = Expr {
                kind: ExprKind::Path {
                    base: Box::new(Expr::column(bag.id, Type::Dynamic, at)),
                    steps: vec![PathStep::Key(key)],
                },
                ty: Type::Dynamic,
                span: at,
            };
            let value = self.cast(value, ty);
            let id = self.as_column(value, &mut made);
            let field = Field { name, id, ty };
            match fields.iter_mut().find(|f| f.name == field.name) {
                Some(f) => *f = field,
                None => fields.push(field),
            }
        }
        if let Some(columns) = &declared
            && !call.schema_open
        {
            // Exactly the declared columns, in their order.
            let mut only = Vec::with_capacity(columns.len());
            for (name, ty) in columns {
                match fields.iter().find(|f| f.name == *name) {
                    Some(f) if f.ty == *ty => only.push(f.clone()),
                    Some(f) => {
                        let value = Expr::column(f.id, f.ty, at);
                        let value = self.cast(value, *ty);
                        let id = self.as_column(value, &mut made);
                        only.push(Field {
                            id,
                            ty: *ty,
                            name: name.clone(),
                        });
                    }
                    None => {
                        let id = self.column(*ty);
                        made.push(Assignment {
                            id,
                            value: Expr::literal(Value::null(*ty), at),
                        });
                        only.push(Field {
                            id,
                            ty: *ty,
                            name: name.clone(),
                        });
                    }
                }
            }
            fields = only;
        }
        let out = self.extend(call.input, made);
        Ok(self.with_fields(out, fields))
    }

    fn bag_options(&mut self, arguments: &[ast::Argument]) -> Res<Options> {
        const NAMES: [&str; 3] = ["OutputColumnPrefix", "columnsConflict", "ignoredProperties"];
        let mut options = Options {
            prefix: String::new(),
            conflict: Conflict::Error,
            ignored: Vec::new(),
        };
        for (i, a) in arguments.iter().skip(1).enumerate() {
            let which = match &a.name {
                Some(n) => NAMES.iter().position(|x| x.eq_ignore_ascii_case(&n.text)),
                None => Some(i),
            };
            match which {
                Some(0) => {
                    let value = self.constant_argument(&a.value, Type::String)?;
                    options.prefix = value.as_str().unwrap_or_default().to_owned();
                }
                Some(1) => {
                    let value = self.constant_argument(&a.value, Type::String)?;
                    options.conflict = match value.as_str() {
                        Some("error") => Conflict::Error,
                        Some("replace_source") => Conflict::ReplaceSource,
                        Some("keep_source") => Conflict::KeepSource,
                        _ => {
                            return Err(self.fail(
                                codes::BAD_VALUE,
                                a.value.span,
                                "columnsConflict is 'error', 'replace_source' or 'keep_source'",
                            ));
                        }
                    };
                }
                Some(2) => {
                    let value = self.constant_argument(&a.value, Type::Dynamic)?;
                    if let Value::Dynamic(Dyn::Array(names)) = value {
                        options.ignored = names
                            .iter()
                            .filter_map(|n| match n {
                                Dyn::String(s) => Some(s.clone()),
                                _ => None,
                            })
                            .collect();
                    }
                }
                _ => {
                    return Err(self.fail(
                        codes::BAD_VALUE,
                        a.value.span,
                        "bag_unpack has no such argument",
                    ));
                }
            }
        }
        Ok(options)
    }

    /// The properties of all bags of a column with their types, by name; nothing where the query may not run.
    fn properties_of(
        &mut self,
        input: &Relation,
        bag: &Field,
        span: Span,
    ) -> Res<Vec<(String, Type)>> {
        let at = self.at(span);
        let id = self.column(Type::Dynamic);
        let schema = Relation {
            kind: RelationKind::Aggregate {
                input: Box::new(input.clone()),
                keys: Vec::new(),
                aggregates: vec![Aggregate {
                    outputs: vec![id],
                    function: "buildschema".to_owned(),
                    arguments: vec![Expr::column(bag.id, Type::Dynamic, at)],
                    filter: None,
                    span: at,
                }],
            },
            fields: vec![Field {
                name: "schema".to_owned(),
                id,
                ty: Type::Dynamic,
            }],
            span: at,
            ordered: false,
        };
        let Some(rows) = self.probe(schema)? else {
            return Ok(Vec::new());
        };
        let mut out = Vec::new();
        if let Some(Value::Dynamic(schema)) = rows.first().and_then(|r| r.first()) {
            collect(schema, &mut out);
        }
        out.sort();
        Ok(out)
    }
}

/// The properties of what `buildschema` says of a bag, or of the bags among several kinds of value.
fn collect(schema: &Dyn, out: &mut Vec<(String, Type)>) {
    match schema {
        Dyn::Bag(properties) => {
            for (name, types) in properties {
                if let Some(ty) = slot_type(types) {
                    out.push((name.clone(), ty));
                }
            }
        }
        Dyn::Array(kinds) => kinds.iter().for_each(|k| collect(k, out)),
        _ => {}
    }
}

/// The type of all values of a property, dynamic where they differ, none where all are null.
fn slot_type(types: &Dyn) -> Option<Type> {
    match types {
        Dyn::String(name) if name == "null" => None,
        Dyn::String(name) => Some(match name.as_str() {
            "double" => Type::Real,
            other => Type::from_name(other).unwrap_or(Type::Dynamic),
        }),
        Dyn::Array(several) => {
            let mut found: Option<Type> = None;
            for t in several.iter().filter_map(slot_type) {
                found = Some(match found {
                    None => t,
                    Some(f) if f == t => f,
                    Some(_) => Type::Dynamic,
                });
            }
            found
        }
        _ => Some(Type::Dynamic),
    }
}
