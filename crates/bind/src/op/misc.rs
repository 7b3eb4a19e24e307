//! `as`, `render`, `invoke`, `serialize`, `consume`.

use crate::binder::{Binder, Poison, Res};
use crate::env::{Meaning, UserFunction};
use crate::plan::{CHARTS, Expr, Relation, RelationKind, Render};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::{Type, Value};
use std::rc::Rc;

impl Binder<'_> {
    /// Names the rows: the result is called so, and later steps may read them again.
    pub(super) fn as_(&mut self, input: Relation, name: &ast::Name) -> Relation {
        self.result_name = Some(name.text.clone());
        let (fields, ordered, span) = (input.fields.clone(), input.ordered, input.span);
        let id = self.add_shared(input);
        self.env = self.env.with(
            &name.text,
            Meaning::Shared {
                id,
                fields: fields.clone(),
                ordered,
            },
        );
        self.use_shared(id, &fields, ordered, span)
    }

    /// The same rows where they have just these columns. What Kusto makes of others is not known.
    pub(super) fn assert_schema(
        &mut self,
        input: Relation,
        columns: &[ast::ColumnDecl],
        o: &ast::Operator,
    ) -> Res<Relation> {
        let mut declared = Vec::with_capacity(columns.len());
        for c in columns {
            declared.push((c.name.text.as_str(), Type::from_name(&c.type_name.text)));
        }
        let has = input.fields.iter().map(|f| (f.name.as_str(), Some(f.ty)));
        if self.open_schema || has.eq(declared) {
            return Ok(input);
        }
        let what = "assert-schema of other columns than the rows have";
        Err(self.unsupported(o.span, what))
    }

    /// What `render` says.
    pub(crate) fn chart(&mut self, kind: &ast::Name, properties: &[ast::Property]) -> Res<Render> {
        if !CHARTS.contains(&kind.text.as_str()) {
            let near = kql_diag::did_you_mean(&kind.text, CHARTS.iter().copied());
            let help = near.map_or_else(|| CHARTS.join(", "), |n| format!("`{n}` exists"));
            self.report(
                kql_diag::Diagnostic::error(
                    codes::BAD_VALUE,
                    kind.span,
                    format!("render does not know `{}`", kind.text),
                )
                .with_help(help),
            );
            return Err(Poison);
        }
        let mut out = Vec::with_capacity(properties.len());
        for p in properties {
            let value = match &p.value.kind {
                ast::ExprKind::Name(n) => Value::String(n.text.clone()),
                _ => match self
                    .constant(&p.value, "a property of render")?
                    .as_literal()
                {
                    Some(v) => v.clone(),
                    None => return Err(Poison),
                },
            };
            out.push((p.name.text.clone(), value));
        }
        Ok(Render {
            kind: kind.text.clone(),
            properties: out,
        })
    }

    /// `T | invoke f(a)` is `f(T, a)`.
    pub(super) fn invoke(
        &mut self,
        input: Relation,
        name: &ast::Name,
        arguments: &[ast::Argument],
        span: Span,
    ) -> Res<Relation> {
        let f = match self.env.get(&name.text).cloned() {
            Some(Meaning::Function(f)) => f,
            Some(Meaning::Poison) => return Err(Poison),
            _ => match self.stored(&name.text, name.span) {
                Some(f) => f?,
                None => match self.service(&input, name, arguments) {
                    // Its arguments are in its text already.
                    Some(f) => {
                        let f = f?;
                        return self.invoke_function(input, &f, name, &[], span);
                    }
                    None => return Err(self.unknown_function(name)),
                },
            },
        };
        self.invoke_function(input, &f, name, arguments, span)
    }

    fn invoke_function(
        &mut self,
        input: Relation,
        f: &Rc<UserFunction>,
        name: &ast::Name,
        arguments: &[ast::Argument],
        span: Span,
    ) -> Res<Relation> {
        let Some(first) = f.function.parameters.first() else {
            return Err(self.fail(
                codes::ARGUMENT_COUNT,
                span,
                format!("function `{}` takes no table", f.name),
            ));
        };
        if !matches!(first.kind, ast::ParameterKind::Table { .. }) {
            return Err(self.fail(
                codes::ARGUMENT_TYPE,
                span,
                format!("function `{}` takes no table first", f.name),
            ));
        }
        let (fields, ordered) = (input.fields.clone(), input.ordered);
        let id = self.add_shared(input);
        // The rows stand under a name that no query can write.
        let hidden = "$invoke".to_owned();
        let saved = self.env.clone();
        self.env = self.env.with(
            &hidden,
            Meaning::Shared {
                id,
                fields,
                ordered,
            },
        );
        let table = ast::Argument {
            name: Some(first.name.clone()),
            value: ast::Expr {
                kind: ast::ExprKind::Name(ast::Name {
                    text: hidden,
                    bracketed: false,
                    span: name.span,
                }),
                span: name.span,
            },
        };
        let rest = &f.function.parameters[1..];
        let mut all = vec![table];
        for (i, a) in arguments.iter().enumerate() {
            let name = a
                .name
                .clone()
                .or_else(|| rest.get(i).map(|p| p.name.clone()));
            all.push(ast::Argument {
                name,
                value: a.value.clone(),
            });
        }
        let out = self.call_table(f, &all, span);
        self.env = saved;
        out
    }

    pub(super) fn serialize(&mut self, input: Relation, span: Span) -> Relation {
        if input.ordered {
            return input;
        }
        let fields = input.fields.clone();
        Relation {
            kind: RelationKind::Serialize {
                input: Box::new(input),
            },
            fields,
            span: self.at(span),
            ordered: true,
        }
    }

    /// Runs everything and gives nothing.
    pub(super) fn consume(&mut self, input: Relation, span: Span) -> Relation {
        let at = self.at(span);
        let fields = input.fields.clone();
        // A condition that is never true and does not look like it, above a fence: every row is made, and none is kept.
        let fence = Relation {
            kind: RelationKind::Fence {
                input: Box::new(input),
            },
            fields: fields.clone(),
            span: at,
            ordered: false,
        };
        let zero = Expr::literal(Value::Real(0.0), at);
        let never = vec![self.chance(at), zero];
        let never = self.call_or_fold("<", never, Type::Bool, at);
        self.filter(fence, never, span)
    }
}
