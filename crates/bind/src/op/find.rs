//! `find`: rows of many tables for which a predicate is true, with the columns that they share and a bag of the others.

use super::by_leg::{Leg, in_leg};
use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::names::Unique;
use crate::plan::{ColumnId, Expr, Field, Relation, RelationKind, UnionColumn};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast;
use kql_types::{Type, Value};
use std::collections::HashSet;

/// The bag of the columns that have none of their own.
const PACK: &str = "pack_";

/// The parts of the operator.
pub(super) struct Parts<'a> {
    pub parameters: &'a [ast::Property],
    pub tables: &'a [ast::Expr],
    pub predicate: Option<&'a ast::Expr>,
    pub project: Option<&'a [ast::FindColumn]>,
    pub project_away: &'a [ast::Expr],
}

/// A column of the result before it has a place in the union.
struct Column {
    name: String,
    ty: Type,
    /// The input (by its place) and its field, converted where the type is declared.
    values: Vec<(usize, Expr)>,
}

impl Binder<'_> {
    pub(super) fn find(&mut self, parts: &Parts<'_>, span: Span) -> Res<Relation> {
        let source = self.find_parameters(parts.parameters)?;
        if let Some(away) = parts.project_away.first() {
            return Err(self.unsupported(away.span, "`project-away` of find"));
        }
        let mut legs = Vec::new();
        if parts.tables.is_empty() {
            self.wildcard_legs("*", &mut legs)?;
        }
        for t in parts.tables {
            self.union_leg(t, false, &mut legs)?;
        }
        if legs.is_empty() {
            let at = self.at(span);
            return Err(self.report(Diagnostic::error(
                codes::UNKNOWN_TABLE,
                at,
                "find has no table that exists",
            )));
        }
        let mut used = Used::default();
        if let Some(p) = parts.predicate {
            used.term_or_condition(p);
        }
        let has = |r: &Relation, name: &str| r.fields.iter().any(|f| f.name == name);
        used.names
            .retain(|n| legs.iter().any(|(_, r)| has(r, &n.text)));
        // A table with none of the columns that the predicate names is not looked at.
        let all = legs.clone();
        if !used.every && !used.names.is_empty() {
            legs.retain(|(_, r)| used.names.iter().any(|n| has(r, &n.text)));
        }
        if let Some(p) = parts.predicate {
            let mut kept = Vec::with_capacity(legs.len());
            for (name, r) in legs {
                kept.push((name, self.find_in(r, &all, &used, p, span)?));
            }
            legs = kept;
        }
        let (columns, pack) = match parts.project {
            Some(columns) => self.find_project(columns, &legs, &all)?,
            None => self.find_smart(&legs, &used),
        };
        Ok(self.find_union(legs, &source, columns, pack, span))
    }

    /// What the column of table names is called.
    fn find_parameters(&mut self, parameters: &[ast::Property]) -> Res<String> {
        let mut source = "source_".to_owned();
        for (p, (name, value)) in parameters.iter().zip(self.properties(parameters)?) {
            match (name.as_str(), value.as_str()) {
                ("withsource" | "with_source", Some(n)) => n.clone_into(&mut source),
                ("datascope", Some("all" | "hotcache")) => {}
                _ => {
                    return Err(self.fail(
                        codes::UNKNOWN_OPTION,
                        p.name.span,
                        format!("find does not take this `{}`", p.name.text),
                    ));
                }
            }
        }
        Ok(source)
    }

    /// The rows of one table for which the predicate is true; columns of it that only other tables have are null.
    fn find_in(
        &mut self,
        input: Relation,
        all: &[(String, Relation)],
        used: &Used,
        predicate: &ast::Expr,
        span: Span,
    ) -> Res<Relation> {
        let mut fields = input.fields.clone();
        let mut lacking: HashSet<ColumnId> = HashSet::new();
        for n in &used.names {
            if fields.iter().any(|f| f.name == n.text) {
                continue;
            }
            let other = all
                .iter()
                .find_map(|(_, r)| r.fields.iter().find(|f| f.name == n.text));
            if let Some(f) = other {
                let id = self.column(f.ty);
                lacking.insert(id);
                fields.push(Field { id, ..f.clone() });
            }
        }
        let p = self.search_predicate(predicate, false, Row::of(&fields))?;
        let p = in_leg(&p, &Leg::new(), &lacking);
        Ok(self.filter(input, p, span))
    }

    /// The columns that all tables have and those of the predicate; whether there are others.
    fn find_smart(&mut self, legs: &[(String, Relation)], used: &Used) -> (Vec<Column>, bool) {
        let mut names: Vec<&str> = Vec::new();
        let has = |r: &Relation, name: &str| r.fields.iter().any(|f| f.name == name);
        let first = legs.first().map(|(_, r)| r.fields.as_slice());
        for f in first.unwrap_or_default() {
            if legs.iter().all(|(_, r)| has(r, &f.name)) && !names.contains(&f.name.as_str()) {
                names.push(&f.name);
            }
        }
        for n in &used.names {
            if !names.contains(&n.text.as_str()) && legs.iter().any(|(_, r)| has(r, &n.text)) {
                names.push(&n.text);
            }
        }
        let others = legs
            .iter()
            .flat_map(|(_, r)| &r.fields)
            .any(|f| !names.contains(&f.name.as_str()));
        let mut columns: Vec<Column> = Vec::new();
        for name in names {
            let mut types: Vec<Column> = Vec::new();
            for (leg, (_, r)) in legs.iter().enumerate() {
                let Some(f) = r.fields.iter().find(|f| f.name == name) else {
                    continue;
                };
                let value = (leg, Expr::column(f.id, f.ty, r.span));
                match types.iter_mut().find(|c| c.ty == f.ty) {
                    Some(c) => c.values.push(value),
                    None => types.push(Column {
                        name: name.to_owned(),
                        ty: f.ty,
                        values: vec![value],
                    }),
                }
            }
            if types.len() > 1 {
                for c in &mut types {
                    c.name = format!("{name}_{}", c.ty);
                }
            }
            columns.extend(types);
        }
        (columns, others)
    }

    /// The columns that are asked for; whether the others are packed.
    fn find_project(
        &mut self,
        columns: &[ast::FindColumn],
        legs: &[(String, Relation)],
        all: &[(String, Relation)],
    ) -> Res<(Vec<Column>, bool)> {
        let mut out = Vec::new();
        for (i, c) in columns.iter().enumerate() {
            let name = match &c.expr.kind {
                ast::ExprKind::Name(n) => n,
                ast::ExprKind::Call { name, .. }
                    if matches!(name.text.as_str(), "pack" | "pack_all")
                        && c.type_name.is_none() =>
                {
                    if i + 1 == columns.len() {
                        return Ok((out, true));
                    }
                    let message = "the bag of all other columns has to come last";
                    return Err(self.fail(codes::BAD_VALUE, c.expr.span, message));
                }
                _ => {
                    let message = "project of find takes columns of the tables and pack_all()";
                    return Err(self.fail(codes::BAD_VALUE, c.expr.span, message));
                }
            };
            let field = |r: &Relation| r.fields.iter().find(|f| f.name == name.text).cloned();
            let known: Vec<Field> = all.iter().filter_map(|(_, r)| field(r)).collect();
            let Some(first) = known.first() else {
                let others: Vec<Field> = all.iter().flat_map(|(_, r)| r.fields.clone()).collect();
                return Err(self.unknown_column(&name.text, name.span, &others));
            };
            let ty = match &c.type_name {
                Some(t) => match Type::from_name(&t.text) {
                    Some(ty) => ty,
                    None => {
                        let message = format!("`{}` is no type", t.text);
                        return Err(self.fail(codes::BAD_VALUE, t.span, message));
                    }
                },
                None if known.iter().all(|f| f.ty == first.ty) => first.ty,
                None => {
                    let message = format!(
                        "column `{}` has several types in these tables: it has to be written with the one that is meant",
                        name.text
                    );
                    return Err(self.fail(codes::TYPE_MISMATCH, name.span, message));
                }
            };
            let at = self.at(name.span);
            let mut values = Vec::new();
            for (leg, (_, r)) in legs.iter().enumerate() {
                if let Some(f) = field(r) {
                    values.push((leg, self.cast(Expr::column(f.id, f.ty, at), ty)));
                }
            }
            out.push(Column {
                name: name.text.clone(),
                ty,
                values,
            });
        }
        Ok((out, false))
    }

    fn find_union(
        &mut self,
        legs: Vec<(String, Relation)>,
        source: &str,
        found: Vec<Column>,
        pack: bool,
        span: Span,
    ) -> Relation {
        let at = self.at(span);
        let tables = Column {
            name: source.to_owned(),
            ty: Type::String,
            values: legs
                .iter()
                .enumerate()
                .map(|(i, (n, _))| (i, Expr::literal(Value::String(n.clone()), at)))
                .collect(),
        };
        let bag = pack.then(|| {
            let mut values = Vec::with_capacity(legs.len());
            for (leg, (_, r)) in legs.iter().enumerate() {
                let mut arguments = Vec::new();
                for f in &r.fields {
                    let shown = found.iter().any(|c| {
                        c.values.iter().any(|(l, e)| {
                            *l == leg && matches!(column_of(e), Some(id) if id == f.id)
                        })
                    });
                    if !shown {
                        arguments.push(Expr::literal(Value::String(f.name.clone()), at));
                        arguments.push(Expr::column(f.id, f.ty, at));
                    }
                }
                let empty = arguments.is_empty();
                let value = if empty {
                    Expr::literal(Value::Dynamic(kql_types::Dyn::Bag(Vec::new())), at)
                } else {
                    self.call_or_fold("bag_pack", arguments, Type::Dynamic, at)
                };
                values.push((leg, value));
            }
            Column {
                name: PACK.to_owned(),
                ty: Type::Dynamic,
                values,
            }
        });
        let mut unique = Unique::new();
        let mut columns = Vec::new();
        let mut fields = Vec::new();
        for c in std::iter::once(tables).chain(found).chain(bag) {
            let id = self.column(c.ty);
            fields.push(Field {
                name: unique.of(&c.name),
                id,
                ty: c.ty,
            });
            columns.push(UnionColumn {
                id,
                ty: c.ty,
                values: c.values,
            });
        }
        Relation {
            kind: RelationKind::Union {
                inputs: legs.into_iter().map(|(_, r)| r).collect(),
                columns,
            },
            fields,
            span: at,
            ordered: false,
        }
    }
}

/// The column that a value is, under conversions.
fn column_of(e: &Expr) -> Option<ColumnId> {
    match &e.kind {
        crate::plan::ExprKind::Column(id) => Some(*id),
        crate::plan::ExprKind::Cast(inner) => column_of(inner),
        crate::plan::ExprKind::Call { arguments, .. } => match arguments.as_slice() {
            [one] => column_of(one),
            _ => None,
        },
        _ => None,
    }
}

/// What a predicate looks at.
#[derive(Default)]
struct Used {
    /// Names in order, once each.
    names: Vec<ast::Name>,
    /// A term or `*`: all columns.
    every: bool,
}

impl Used {
    /// A place where a text alone is a term.
    fn term_or_condition(&mut self, e: &ast::Expr) {
        match &e.kind {
            ast::ExprKind::Paren(inner) => self.term_or_condition(inner),
            ast::ExprKind::And(items) | ast::ExprKind::Or(items) => {
                items.iter().for_each(|i| self.term_or_condition(i));
            }
            ast::ExprKind::Call { name, arguments } if name.text == "not" => {
                arguments
                    .iter()
                    .for_each(|a| self.term_or_condition(&a.value));
            }
            ast::ExprKind::Literal(ast::Literal::String(_)) => self.every = true,
            _ => self.value(e),
        }
    }

    fn value(&mut self, e: &ast::Expr) {
        use ast::ExprKind as K;
        match &e.kind {
            K::Star => self.every = true,
            K::Name(n) if !self.names.iter().any(|m| m.text == n.text) => {
                self.names.push(n.clone());
            }
            K::Name(_) => {}
            K::Paren(x) | K::Member { base: x, .. } | K::Unary { operand: x, .. } => self.value(x),
            K::Index { base, index } => {
                self.value(base);
                self.value(index);
            }
            K::Call { arguments, .. } | K::MethodCall { arguments, .. } => {
                arguments.iter().for_each(|a| self.value(&a.value));
            }
            K::Binary { left, right, .. } => {
                self.value(left);
                self.value(right);
            }
            K::And(items) | K::Or(items) => items.iter().for_each(|i| self.value(i)),
            K::In { value, list, .. } => {
                self.value(value);
                list.iter().for_each(|i| self.value(i));
            }
            K::Between {
                value, low, high, ..
            } => {
                self.value(value);
                self.value(low);
                self.value(high);
            }
            _ => {}
        }
    }
}
