//! Plugins that are written in the language: a text over the input, whose columns get names that no query gives.

use super::Call;
use crate::binder::{Binder, Poison, Res};
use crate::env::{Env, Meaning};
use crate::plan::{Expr, Field, Relation};
use kql_diag::{Source, Span, codes};
use kql_syntax::ast::{self, Statement};
use kql_types::{Type, Value};

/// A table or a value under a name.
pub(super) enum Given {
    Rows(Relation),
    Value(Expr),
}

/// What a constant argument is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A point of the time line.
    Point,
    /// A length of the time line.
    Length,
    /// A length, or `week`, `month`, `year`.
    Period,
    /// How many.
    Count,
}

/// The arguments that the plugins of activities share: ids, a time line, constants and dimensions.
pub(super) struct Activity {
    pub time: Field,
    pub dimensions: Vec<Field>,
    pub given: Vec<(&'static str, Given)>,
    /// `week`, `month` or `year`.
    pub word: Option<&'static str>,
    /// The constants as they came out, by their names.
    pub constants: Vec<(&'static str, Option<Value>)>,
    rows: Relation,
    id: Field,
}

impl Activity {
    /// `_k, _d0, _d1`: never nothing, so that every join has a key.
    pub fn by(&self) -> String {
        (0..self.dimensions.len()).fold("_k".to_owned(), |s, i| format!("{s}, _d{i}"))
    }

    /// `, _d0, _d1`
    pub fn dims(&self) -> String {
        (0..self.dimensions.len()).fold(String::new(), |s, i| format!("{s}, _d{i}"))
    }

    /// The window of a time.
    pub fn window(&self, time: &str) -> String {
        match self.word {
            Some(w) => format!("startof{w}({time})"),
            None => format!("bin_at({time}, _step, _start)"),
        }
    }

    /// The start of the next window.
    pub fn next(&self, window: &str) -> String {
        match self.word {
            Some(w) => format!("startof{w}({window}, 1)"),
            None => format!("{window} + _step"),
        }
    }

    /// The time line and the dimensions as columns of the result.
    pub fn columns(&self) -> Vec<(String, Type)> {
        std::iter::once(&self.time)
            .chain(&self.dimensions)
            .map(|f| (f.name.clone(), f.ty))
            .collect()
    }

    /// The input with the names of the text: `_id`, `_t`, `_d0`, ...
    pub fn input(self) -> Vec<(&'static str, Given)> {
        let mut rows = self.rows;
        let named = |name: String, f: Field| Field { name, ..f };
        let mut fields = vec![
            named("_id".to_owned(), self.id),
            named("_t".to_owned(), self.time),
        ];
        for (i, f) in self.dimensions.into_iter().enumerate() {
            fields.push(named(format!("_d{i}"), f));
        }
        rows.fields = fields;
        let mut given = self.given;
        given.push(("_in", Given::Rows(rows)));
        given
    }
}

impl Binder<'_> {
    /// Reads `id, time, constants..., dimensions...`.
    pub(super) fn activity(
        &mut self,
        call: Call<'_>,
        constants: &[(&'static str, Kind)],
    ) -> Res<Activity> {
        let name = &call.name.text;
        if let Some(a) = call.arguments.iter().find(|a| a.name.is_some()) {
            return Err(
                self.unsupported(a.value.span, format!("an argument of {name} by its name"))
            );
        }
        let [id, time, rest @ ..] = call.arguments else {
            let message = format!("{name} requires a column with ids and one with times");
            return Err(self.fail(codes::ARGUMENT_COUNT, call.span, message));
        };
        if rest.len() < constants.len() {
            let message = format!(
                "{name} requires {} arguments before its dimensions, not {}",
                constants.len() + 2,
                rest.len() + 2
            );
            return Err(self.fail(codes::ARGUMENT_COUNT, call.span, message));
        }
        let id = self.column_argument(&id.value, &call.input)?;
        let time_field = self.column_argument(&time.value, &call.input)?;
        let line = time_field.ty;
        if !(line.is_number() || matches!(line, Type::DateTime | Type::TimeSpan)) {
            let message = format!("a time line requires times or numbers, not {line}");
            return Err(self.fail(codes::ARGUMENT_TYPE, time.value.span, message));
        }
        let length = if line == Type::DateTime {
            Type::TimeSpan
        } else {
            line
        };
        let mut out = Activity {
            time: time_field,
            dimensions: Vec::new(),
            given: Vec::new(),
            word: None,
            constants: Vec::new(),
            id,
            rows: call.input,
        };
        let (values, dimensions) = rest.split_at(constants.len());
        for (a, (name, kind)) in values.iter().zip(constants) {
            let value = self.constant(&a.value, "this argument")?;
            let word = value.as_literal().and_then(|v| v.as_str());
            if let (Kind::Period, Some(word)) = (kind, word) {
                let known = ["week", "month", "year"].into_iter().find(|w| *w == word);
                if known.is_none() || line != Type::DateTime {
                    let message = "a period is a length, or 'week', 'month' or 'year' of datetimes";
                    return Err(self.fail(codes::BAD_VALUE, a.value.span, message));
                }
                out.word = known;
                continue;
            }
            let (ty, fits) = match kind {
                Kind::Point => (
                    line,
                    value.ty == line || value.ty.is_number() && line.is_number(),
                ),
                Kind::Length | Kind::Period => (
                    length,
                    value.ty == length || value.ty.is_number() && length.is_number(),
                ),
                Kind::Count => (Type::Long, value.ty.is_number()),
            };
            if !fits {
                let message = format!("this argument requires {ty}, not {}", value.ty);
                return Err(self.fail(codes::ARGUMENT_TYPE, a.value.span, message));
            }
            let value = self.cast(value, ty);
            let positive = value.as_literal().is_none_or(is_positive);
            if *kind != Kind::Point && !positive {
                let message = "this argument must be greater than 0";
                return Err(self.fail(codes::BAD_VALUE, a.value.span, message));
            }
            out.constants.push((name, value.as_literal().cloned()));
            out.given.push((name, Given::Value(value)));
        }
        for a in dimensions {
            let f = self.column_argument(&a.value, &out.rows)?;
            out.dimensions.push(f);
        }
        Ok(out)
    }

    /// Binds a text over what is given. The result's columns get these names and types, in their order.
    pub(super) fn composed(
        &mut self,
        plugin: &str,
        given: Vec<(&'static str, Given)>,
        text: String,
        columns: &[(String, Type)],
        span: Span,
    ) -> Res<Relation> {
        let parsed = kql_syntax::parse(&text);
        let mut env = Env::default();
        for (name, g) in given {
            let meaning = match g {
                Given::Value(e) => Meaning::Scalar(e),
                Given::Rows(r) => {
                    let (fields, ordered) = (r.fields.clone(), r.ordered);
                    let id = self.add_shared(r);
                    Meaning::Shared {
                        id,
                        fields,
                        ordered,
                    }
                }
            };
            env = env.with(name, meaning);
        }
        let origin = format!("evaluate {plugin}");
        self.sources.push(Source::new(origin.clone(), text));
        let source = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        self.enter(&origin, source, Span::default(), span)?;
        let env = std::mem::replace(&mut self.env, env);
        let outer = std::mem::replace(&mut self.source, source);
        let out = self.text(&parsed.query.statements);
        self.source = outer;
        self.env = env;
        self.calls.pop();
        let out = out?;
        if out.fields.len() != columns.len() || !parsed.diagnostics.is_empty() {
            let message = format!("the definition of {plugin} does not fit its columns");
            return Err(self.fail(codes::INTERNAL, span, message));
        }
        let mut made = Vec::new();
        let fields = out
            .fields
            .iter()
            .zip(columns)
            .map(|(f, (name, ty))| {
                let value = self.cast(Expr::column(f.id, f.ty, out.span), *ty);
                Field {
                    name: name.clone(),
                    id: self.as_column(value, &mut made),
                    ty: *ty,
                }
            })
            .collect();
        let out = self.extend(out, made);
        Ok(self.with_fields(out, fields))
    }

    fn text(&mut self, statements: &[Statement]) -> Res<Relation> {
        for s in statements {
            match s {
                Statement::Query { expr, .. } => return self.isolated_relation(expr),
                other => self.statement(other)?,
            }
        }
        Err(Poison)
    }

    /// A condition over the input as one more column.
    pub(super) fn condition_of(
        &mut self,
        input: Relation,
        condition: &ast::Expr,
    ) -> Res<(Relation, Field)> {
        let fields = input.fields.clone();
        let value = self.condition(condition, crate::expr::Row::of(&fields))?;
        let mut made = Vec::new();
        let id = self.as_column(value, &mut made);
        let field = Field {
            name: "_c".to_owned(),
            id,
            ty: Type::Bool,
        };
        Ok((self.extend(input, made), field))
    }
}

fn is_positive(v: &Value) -> bool {
    match v {
        Value::Int(n) => *n > 0,
        Value::Long(n) | Value::TimeSpan(n) => *n > 0,
        Value::Real(x) => *x > 0.0,
        Value::Null(_) => false,
        _ => true,
    }
}
