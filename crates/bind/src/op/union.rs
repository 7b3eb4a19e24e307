//! `union`.

use super::project::matches;
use crate::binder::{Binder, Poison, Res};
use crate::names::Unique;
use crate::plan::{Expr, Field, Relation, RelationKind};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast;
use kql_types::{Type, Value};

impl Binder<'_> {
    pub(super) fn union(
        &mut self,
        input: Option<Relation>,
        parameters: &[ast::Property],
        tables: &[ast::Expr],
        span: Span,
    ) -> Res<Relation> {
        let mut inner = false;
        let mut fuzzy = false;
        let mut source_name = None;
        for (p, (name, value)) in parameters.iter().zip(self.properties(parameters)?) {
            match (name.as_str(), value.as_str()) {
                ("kind", Some("inner")) => inner = true,
                ("kind", Some("outer")) => {}
                ("withsource" | "with_source", Some(n)) => source_name = Some(n.to_owned()),
                ("isfuzzy", _) => {
                    fuzzy = value == Value::Bool(true) || value.as_str() == Some("true")
                }
                (n, _) if n.starts_with("hint.") => {}
                _ => {
                    return Err(self.fail(
                        codes::UNKNOWN_OPTION,
                        p.name.span,
                        format!("union has no parameter `{}`", p.name.text),
                    ));
                }
            }
        }
        let mut legs: Vec<(String, Relation)> = Vec::new();
        if let Some(input) = input {
            legs.push(("union_arg0".to_owned(), input));
        }
        if let Some((_, first)) = legs.first_mut()
            && let RelationKind::Scan { table, .. } = &first.kind
        {
            legs[0].0 = table.clone();
        }
        let mut failed = false;
        for t in tables {
            failed |= self.union_leg(t, fuzzy, &mut legs).is_err();
        }
        if failed {
            return Err(Poison);
        }
        if legs.is_empty() {
            let at = self.at(span);
            return Err(self.report(Diagnostic::error(
                codes::UNKNOWN_TABLE,
                at,
                "union has no table that exists",
            )));
        }
        Ok(self.union_of(legs, inner, source_name.as_deref(), span))
    }

    fn union_leg(
        &mut self,
        t: &ast::Expr,
        fuzzy: bool,
        legs: &mut Vec<(String, Relation)>,
    ) -> Res<()> {
        match &t.kind {
            ast::ExprKind::Paren(p)
                if matches!(
                    p.kind,
                    ast::ExprKind::Wildcard(_) | ast::ExprKind::Star | ast::ExprKind::Name(_)
                ) =>
            {
                self.union_leg(p, fuzzy, legs)
            }
            ast::ExprKind::Wildcard(w) => self.wildcard_legs(&w.text.clone(), legs),
            ast::ExprKind::Star => self.wildcard_legs("*", legs),
            ast::ExprKind::Name(n)
                if fuzzy
                    && self.env.get(&n.text).is_none()
                    && self.scope.function(&n.text).is_none()
                    && self
                        .scope
                        .table("", &n.text)
                        .is_none_or(|t| !t.has_data && !self.scope.empty_tables()) =>
            {
                self.tables.insert(n.text.clone());
                let at = self.at(n.span);
                self.report(Diagnostic::warning(
                    codes::UNKNOWN_TABLE,
                    at,
                    format!("table `{}` is not there and is left out", n.text),
                ));
                Ok(())
            }
            _ => {
                let before = self.diagnostics.len();
                let name = match &t.kind {
                    ast::ExprKind::Name(n) if self.env.get(&n.text).is_none() => n.text.clone(),
                    // A view goes by its own name.
                    ast::ExprKind::Name(n) if matches!(self.env.get(&n.text), Some(crate::env::Meaning::Function(f)) if f.function.view) => {
                        n.text.clone()
                    }
                    _ => format!("union_arg{}", legs.len()),
                };
                match self.isolated_relation(t) {
                    Ok(r) => {
                        legs.push((name, r));
                        Ok(())
                    }
                    Err(p) => {
                        let missing = |d: &Diagnostic| {
                            matches!(
                                d.code,
                                codes::UNKNOWN_TABLE | codes::UNKNOWN_FUNCTION | codes::NO_DATA
                            )
                        };
                        // A leg that only lacks its tables is left out.
                        if fuzzy && self.diagnostics[before..].iter().all(missing) {
                            for d in &mut self.diagnostics[before..] {
                                d.severity = kql_diag::Severity::Warning;
                            }
                            self.quiet_names = false;
                            return Ok(());
                        }
                        Err(p)
                    }
                }
            }
        }
    }

    fn wildcard_legs(&mut self, pattern: &str, legs: &mut Vec<(String, Relation)>) -> Res<()> {
        for name in self
            .scope
            .table_names()
            .into_iter()
            .filter(|n| matches(pattern, n))
        {
            if let Some(t) = self.scope.table("", &name)
                && (t.has_data || self.scope.empty_tables())
            {
                let r = self.scan(t, Span::default())?;
                legs.push((name, r));
            }
        }
        Ok(())
    }

    /// Rows of all legs; columns pair by name and type.
    pub fn union_of(
        &mut self,
        legs: Vec<(String, Relation)>,
        inner: bool,
        source: Option<&str>,
        span: Span,
    ) -> Relation {
        let at = self.at(span);
        // (name, type) in order of first appearance.
        let mut columns: Vec<(String, Type)> = Vec::new();
        for f in legs.iter().flat_map(|(_, r)| &r.fields) {
            if !columns.iter().any(|(n, t)| *n == f.name && *t == f.ty) {
                columns.push((f.name.clone(), f.ty));
            }
        }
        if inner {
            columns.retain(|(n, t)| {
                legs.iter()
                    .all(|(_, r)| r.fields.iter().any(|f| f.name == *n && f.ty == *t))
            });
        }
        let mut out: Vec<(crate::plan::ColumnId, Vec<Expr>)> = Vec::new();
        let mut fields: Vec<Field> = Vec::new();
        let mut unique = Unique::new();
        if let Some(source) = source {
            let id = self.column(Type::String);
            let values = legs
                .iter()
                .map(|(n, _)| Expr::literal(Value::String(n.clone()), at))
                .collect();
            out.push((id, values));
            fields.push(Field {
                name: unique.of(source),
                id,
                ty: Type::String,
            });
        }
        for (name, ty) in &columns {
            let twice = columns.iter().filter(|(n, _)| n == name).count() > 1;
            let shown = if twice {
                format!("{name}_{ty}")
            } else {
                name.clone()
            };
            let id = self.column(*ty);
            let values = legs
                .iter()
                .map(
                    |(_, r)| match r.fields.iter().find(|f| f.name == *name && f.ty == *ty) {
                        Some(f) => Expr::column(f.id, f.ty, at),
                        None => Expr::literal(Value::null(*ty), at),
                    },
                )
                .collect();
            out.push((id, values));
            fields.push(Field {
                name: unique.of(&shown),
                id,
                ty: *ty,
            });
        }
        let inputs = legs.into_iter().map(|(_, r)| r).collect();
        Relation {
            kind: RelationKind::Union {
                inputs,
                columns: out,
            },
            fields,
            span: at,
            ordered: false,
        }
    }
}
