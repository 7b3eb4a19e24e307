//! `union`.

use super::project::matches;
use crate::binder::{Binder, Poison, Res};
use crate::env::Meaning;
use crate::expr::convertible;
use crate::names::Unique;
use crate::plan::{Expr, Field, Relation, RelationKind, UnionColumn};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast;
use kql_types::{Type, Value};
use std::collections::HashMap;

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
            let name = self.called(&input).unwrap_or("union_arg0").to_owned();
            legs.push((name, input));
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

    /// The name that an `as` right in front gave the rows.
    fn called(&self, input: &Relation) -> Option<&str> {
        let name = self.result_name.as_deref()?;
        match (self.env.get(name), &input.kind) {
            (Some(Meaning::Shared { id, .. }), RelationKind::Shared { id: of, .. }) if id == of => {
                Some(name)
            }
            _ => None,
        }
    }

    pub(super) fn union_leg(
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
            ast::ExprKind::Wildcard(w) => self.wildcard_legs(&w.text, legs),
            ast::ExprKind::Star => self.wildcard_legs("*", legs),
            ast::ExprKind::Member { base, member }
                if member.text.contains('*') && !member.bracketed =>
            {
                let database = self.database_before(base)?;
                self.table_legs(&database, &member.text, legs)
            }
            ast::ExprKind::Name(n)
                if fuzzy
                    && self.env.get(&n.text).is_none()
                    && !self.is_known_function(&n.text)
                    && self
                        .known_table("", &n.text)
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
                let scans = self.scans;
                let name = match &t.kind {
                    ast::ExprKind::Name(n) if self.env.get(&n.text).is_none() => n.text.clone(),
                    ast::ExprKind::Member { member, .. } => member.text.clone(),
                    // A view goes by its own name.
                    ast::ExprKind::Name(n) if matches!(self.env.get(&n.text), Some(Meaning::Function(f)) if f.function.view) => {
                        n.text.clone()
                    }
                    _ => named_by_as(t)
                        .map_or_else(|| format!("union_arg{}", legs.len()), str::to_owned),
                };
                match self.isolated_relation(t) {
                    Ok(r) => {
                        legs.push((name, r));
                        Ok(())
                    }
                    Err(p) => {
                        // A leg that only lacks its tables is left out, and so is one that has no rows to give: it is
                        // wrong all the same, which a check of its own says. Columns may be those of a table that a
                        // union within the leg has left out.
                        let found = &self.diagnostics[before..];
                        let lost = found
                            .iter()
                            .any(|d| !d.is_error() && d.code == codes::UNKNOWN_TABLE);
                        let missing = |d: &Diagnostic| match d.code {
                            codes::UNKNOWN_TABLE | codes::UNKNOWN_FUNCTION | codes::NO_DATA => true,
                            codes::UNKNOWN_COLUMN => lost,
                            _ => !d.is_error(),
                        };
                        let rowless = (self.scans == scans || self.scope.skips_broken_legs())
                            && found.iter().all(|d| {
                                d.primary.source != self.source && d.code != codes::TOO_DEEP
                            });
                        if fuzzy && (rowless || found.iter().all(missing)) {
                            for d in &mut self.diagnostics[before..] {
                                d.severity = kql_diag::Severity::Warning;
                            }
                            self.quiet_names = false;
                            return Ok(());
                        }
                        for d in &mut self.diagnostics[before..] {
                            if fuzzy && d.help.is_none() && d.primary.source != self.source {
                                d.help = Some(
                                    "--skip-broken-legs leaves this leg of the union out, with its rows"
                                        .to_owned(),
                                );
                            }
                        }
                        Err(p)
                    }
                }
            }
        }
    }

    /// The tables whose names match, and the query's own views. Views come last.
    pub(super) fn wildcard_legs(
        &mut self,
        pattern: &str,
        legs: &mut Vec<(String, Relation)>,
    ) -> Res<()> {
        self.table_legs("", pattern, legs)?;
        let mut views: Vec<String> = Vec::new();
        for name in self.env.names() {
            if matches(pattern, name) && !views.iter().any(|v| v == name) {
                views.push(name.to_owned());
            }
        }
        views.sort_unstable();
        for name in views {
            if let Some(Meaning::Function(f)) = self.env.get(&name).cloned()
                && f.function.view
                && f.function.parameters.is_empty()
            {
                let r = self.call_table(&f, &[], Span::default())?;
                legs.push((name, r));
            }
        }
        Ok(())
    }

    /// The tables of a database whose names match.
    fn table_legs(
        &mut self,
        database: &str,
        pattern: &str,
        legs: &mut Vec<(String, Relation)>,
    ) -> Res<()> {
        let names = self.scope.table_names();
        for name in names.into_iter().filter(|n| matches(pattern, n)) {
            if let Some(t) = self.known_table(database, &name)
                && (t.has_data || self.scope.empty_tables())
            {
                let r = self.scan(t, Span::default())?;
                legs.push((name, r));
            }
        }
        Ok(())
    }

    /// Rows of all legs; columns pair by name and type. A name of several types is a column for each, called after the type:
    /// but one column of the type of the first two tables that have it where those two agree, as the official binder has it.
    pub fn union_of(
        &mut self,
        legs: Vec<(String, Relation)>,
        inner: bool,
        source: Option<&str>,
        span: Span,
    ) -> Relation {
        let at = self.at(span);
        // Names in order of first appearance.
        let mut order: Vec<String> = Vec::new();
        let mut names: HashMap<String, Vec<Variant>> = HashMap::new();
        for (leg, (_, r)) in legs.iter().enumerate() {
            for f in &r.fields {
                let types = names.entry(f.name.clone()).or_insert_with(|| {
                    order.push(f.name.clone());
                    Vec::new()
                });
                let place = (leg, Expr::column(f.id, f.ty, at));
                match types.iter_mut().find(|t| t.ty == f.ty) {
                    Some(t) if t.places.last().is_some_and(|(l, _)| *l == leg) => {}
                    Some(t) => t.places.push(place),
                    None => types.push(Variant {
                        ty: f.ty,
                        places: vec![place],
                    }),
                }
            }
        }
        let mut columns: Vec<UnionColumn> = Vec::new();
        let mut fields: Vec<Field> = Vec::new();
        let mut unique = Unique::new();
        if let Some(source) = source {
            let id = self.column(Type::String);
            let values = legs
                .iter()
                .enumerate()
                .map(|(i, (n, _))| (i, Expr::literal(Value::String(n.clone()), at)))
                .collect();
            columns.push(UnionColumn {
                id,
                ty: Type::String,
                values,
            });
            fields.push(Field {
                name: unique.of(source),
                id,
                ty: Type::String,
            });
        }
        let mut merged = Vec::new();
        for name in &order {
            let mut types = names.remove(name).unwrap_or_default();
            if agrees_first(&types) {
                merged.push(name.clone());
                types = self.merged(types, at);
            }
            if inner {
                types.retain(|t| t.places.len() == legs.len());
            }
            let twice = types.len() > 1;
            for t in types {
                let shown = if twice {
                    format!("{name}_{}", t.ty)
                } else {
                    name.clone()
                };
                let id = self.column(t.ty);
                columns.push(UnionColumn {
                    id,
                    ty: t.ty,
                    values: t.places,
                });
                fields.push(Field {
                    name: unique.of(&shown),
                    id,
                    ty: t.ty,
                });
            }
        }
        self.say_merged(&merged, span);
        let inputs = legs.into_iter().map(|(_, r)| r).collect();
        Relation {
            kind: RelationKind::Union { inputs, columns },
            fields,
            span: at,
            ordered: false,
        }
    }
    /// One column of the first type; what cannot be converted to it is null.
    fn merged(&mut self, types: Vec<Variant>, at: Span) -> Vec<Variant> {
        let mut types = types.into_iter();
        let Some(mut first) = types.next() else {
            return Vec::new();
        };
        for other in types {
            for (leg, value) in other.places {
                let value = if convertible(other.ty, first.ty) {
                    self.cast(value, first.ty)
                } else {
                    Expr::literal(Value::null(first.ty), at)
                };
                first.places.push((leg, value));
            }
        }
        first.places.sort_by_key(|(leg, _)| *leg);
        vec![first]
    }

    fn say_merged(&mut self, names: &[String], span: Span) {
        let [first, rest @ ..] = names else {
            return;
        };
        let others = match rest.len() {
            0 => String::new(),
            n => format!(" (and {n} more)"),
        };
        let at = self.at(span);
        self.report(Diagnostic::warning(
            codes::TYPE_MISMATCH,
            at,
            format!(
                "column `{first}`{others} has several types in this union; the first two tables agree, and the values of the others are converted"
            ),
        ));
    }
}

/// A type of a column's name: the legs that have it, in order, and the values there.
struct Variant {
    ty: Type,
    places: Vec<(usize, Expr)>,
}

/// Whether a name has several types, and the first two legs that have it agree.
fn agrees_first(types: &[Variant]) -> bool {
    let [first, others @ ..] = types else {
        return false;
    };
    let second = first.places.get(1).map(|(leg, _)| *leg);
    let other = others
        .iter()
        .filter_map(|t| t.places.first().map(|(leg, _)| *leg))
        .min();
    matches!((second, other), (Some(s), Some(o)) if s < o)
}

/// The name in a table that ends in `| as NAME`.
fn named_by_as(table: &ast::Expr) -> Option<&str> {
    match &table.kind {
        ast::ExprKind::Paren(inner) => named_by_as(inner),
        ast::ExprKind::Pipe { operators, .. } => match &operators.last()?.kind {
            ast::OperatorKind::As { name, .. } => Some(&name.text),
            _ => None,
        },
        _ => None,
    }
}
