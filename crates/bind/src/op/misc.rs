//! `as`, `render`, `invoke`, `serialize`, `consume`, `search`.

use crate::binder::{Binder, Poison, Res};
use crate::env::Meaning;
use crate::expr::Row;
use crate::plan::{Expr, ExprKind, Relation, RelationKind, Render};
use kql_diag::{Diagnostic, Span, codes};
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

    pub(super) fn render_op(
        &mut self,
        input: Relation,
        kind: &ast::Name,
        properties: &[ast::Property],
    ) -> Res<Relation> {
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
        self.render = Some(Render {
            kind: kind.text.clone(),
            properties: out,
        });
        Ok(input)
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
                None => return Err(self.unknown_function(name)),
            },
        };
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
        let out = self.call_table(&Rc::clone(&f), &all, span);
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
        let none = Expr::literal(Value::Long(0), at);
        let limited = RelationKind::Limit {
            input: Box::new(input),
            count: none,
            partition: Vec::new(),
        };
        Relation {
            kind: limited,
            fields,
            span: at,
            ordered: false,
        }
    }

    /// `search in (T1, T2) "x"`: the rows of all tables in which a column has the term.
    pub(super) fn search(
        &mut self,
        _parameters: &[ast::Property],
        tables: &[ast::Expr],
        predicate: &ast::Expr,
        span: Span,
    ) -> Res<Relation> {
        let mut legs = Vec::new();
        if tables.is_empty() {
            let star = ast::Expr {
                kind: ast::ExprKind::Star,
                span,
            };
            self.search_leg(&star, predicate, &mut legs, span)?;
        }
        for t in tables {
            self.search_leg(t, predicate, &mut legs, span)?;
        }
        if legs.is_empty() {
            let at = self.at(span);
            return Err(self.report(Diagnostic::error(
                codes::UNKNOWN_TABLE,
                at,
                "search has no table that exists",
            )));
        }
        Ok(self.union_of(legs, false, Some("$table"), span))
    }

    fn search_leg(
        &mut self,
        t: &ast::Expr,
        predicate: &ast::Expr,
        legs: &mut Vec<(String, Relation)>,
        span: Span,
    ) -> Res<()> {
        let mut names = Vec::new();
        match &t.kind {
            ast::ExprKind::Star => names = self.scope.table_names(),
            ast::ExprKind::Wildcard(w) => {
                names = self.scope.table_names();
                names.retain(|n| super::project::matches(&w.text, n));
            }
            _ => {
                let name = match &t.kind {
                    ast::ExprKind::Name(n) => n.text.clone(),
                    _ => format!("union_arg{}", legs.len()),
                };
                let r = self.isolated_relation(t)?;
                let r = self.search_in(r, predicate, span)?;
                legs.push((name, r));
            }
        }
        for name in names {
            if let Some(table) = self.scope.table("", &name)
                && (table.has_data || self.scope.empty_tables())
            {
                let r = self.scan(table, span)?;
                let r = self.search_in(r, predicate, span)?;
                legs.push((name, r));
            }
        }
        Ok(())
    }

    /// `T | search "x"`.
    pub(super) fn search_in(
        &mut self,
        input: Relation,
        predicate: &ast::Expr,
        span: Span,
    ) -> Res<Relation> {
        let fields = input.fields.clone();
        let p = self.search_predicate(predicate, Row::of(&fields))?;
        Ok(self.filter(input, p, span))
    }

    /// A predicate in which a string alone means "any column has this term".
    fn search_predicate(&mut self, e: &ast::Expr, row: Row<'_>) -> Res<Expr> {
        let at = self.at(e.span);
        match &e.kind {
            ast::ExprKind::Paren(inner) => self.search_predicate(inner, row),
            ast::ExprKind::And(items) | ast::ExprKind::Or(items) => {
                let mut out = Vec::with_capacity(items.len());
                for i in items {
                    out.push(self.search_predicate(i, row)?);
                }
                let kind = if matches!(e.kind, ast::ExprKind::And(_)) {
                    ExprKind::And(out)
                } else {
                    ExprKind::Or(out)
                };
                Ok(Expr {
                    kind,
                    ty: Type::Bool,
                    span: at,
                })
            }
            ast::ExprKind::Literal(ast::Literal::String(text)) => {
                if text == "*" || text.is_empty() {
                    return Ok(Expr::literal(Value::Bool(true), at));
                }
                let (function, text) = match (text.strip_prefix('*'), text.strip_suffix('*')) {
                    (Some(_), Some(_)) => ("contains", text.trim_matches('*').to_owned()),
                    (Some(t), None) => ("hassuffix", t.to_owned()),
                    (None, Some(t)) => ("hasprefix", t.to_owned()),
                    (None, None) => ("has", text.clone()),
                };
                let needle = Expr::literal(Value::String(text), at);
                let mut any = Vec::new();
                for f in row.fields {
                    let column = self.cast(Expr::column(f.id, f.ty, at), Type::String);
                    any.push(self.call_or_fold(
                        function,
                        vec![column, needle.clone()],
                        Type::Bool,
                        at,
                    ));
                }
                Ok(match any.len() {
                    0 => Expr::literal(Value::Bool(false), at),
                    1 => any.swap_remove(0),
                    _ => Expr {
                        kind: ExprKind::Or(any),
                        ty: Type::Bool,
                        span: at,
                    },
                })
            }
            _ => self.condition(e, row),
        }
    }
}
