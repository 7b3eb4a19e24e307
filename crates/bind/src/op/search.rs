//! `search`: rows in which a column has a term.

use super::by_leg::{ByLeg, Leg};
use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::plan::{Expr, ExprKind, Field, Relation, RelationKind, UnionColumn};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast::{self, BinaryOp, InOp};
use kql_types::{Type, Value};

/// The column that says from which table a row is.
const TABLE: &str = "$table";

impl Binder<'_> {
    /// `search in (T1, T2) "x"`: the rows of all tables, put together as `union` does, for which the predicate is true.
    pub(super) fn search(
        &mut self,
        parameters: &[ast::Property],
        tables: &[ast::Expr],
        predicate: &ast::Expr,
        span: Span,
    ) -> Res<Relation> {
        let cased = self.search_kind(parameters)?;
        let mut legs = Vec::new();
        if tables.is_empty() {
            self.wildcard_legs("*", &mut legs)?;
        }
        for t in tables {
            self.union_leg(t, false, &mut legs)?;
        }
        if legs.is_empty() {
            let at = self.at(span);
            return Err(self.report(Diagnostic::error(
                codes::UNKNOWN_TABLE,
                at,
                "search has no table that exists",
            )));
        }
        let all = self.union_of(legs, false, Some(TABLE), span);
        self.found(all, predicate, cased, span)
    }

    /// `T | search "x"`.
    pub(super) fn search_in(
        &mut self,
        input: Relation,
        parameters: &[ast::Property],
        predicate: &ast::Expr,
        span: Span,
    ) -> Res<Relation> {
        let cased = self.search_kind(parameters)?;
        let name = match &input.kind {
            RelationKind::Scan { table, .. } => table.clone(),
            _ => "union_arg0".to_owned(),
        };
        let all = self.union_of(vec![(name, input)], false, Some(TABLE), span);
        self.found(all, predicate, cased, span)
    }

    fn found(
        &mut self,
        all: Relation,
        predicate: &ast::Expr,
        cased: bool,
        span: Span,
    ) -> Res<Relation> {
        // The name of the table is no text to search in.
        let fields: Vec<Field> = all.fields.iter().skip(1).cloned().collect();
        let p = self.search_predicate(predicate, cased, Row::of(&fields))?;
        Ok(match all {
            Relation {
                kind: RelationKind::Union { inputs, columns },
                fields,
                span,
                ordered,
            } => Relation {
                kind: RelationKind::Union {
                    inputs: self.filter_each(inputs, &columns, &p),
                    columns,
                },
                fields,
                span,
                ordered,
            },
            other => self.filter(other, p, span),
        })
    }

    /// The predicate on each table by itself, where most of the columns of all tables together are not there.
    fn filter_each(
        &mut self,
        inputs: Vec<Relation>,
        columns: &[UnionColumn],
        p: &Expr,
    ) -> Vec<Relation> {
        let mut legs: Vec<Leg<'_>> = Vec::new();
        legs.resize_with(inputs.len(), Leg::default);
        for c in columns {
            for (leg, value) in &c.values {
                if let Some(leg) = legs.get_mut(*leg) {
                    leg.insert(c.id, value);
                }
            }
        }
        let all = columns.iter().map(|c| c.id).collect();
        let predicate = ByLeg::of(p, &all);
        inputs
            .into_iter()
            .zip(&legs)
            .map(|(input, leg)| {
                let own = predicate.in_leg(leg);
                let span = input.span;
                match own.as_literal() {
                    Some(Value::Bool(true)) => input,
                    _ => self.filter(input, own, span),
                }
            })
            .collect()
    }

    /// Whether strings are compared by case.
    fn search_kind(&mut self, parameters: &[ast::Property]) -> Res<bool> {
        let mut cased = false;
        for (p, (name, value)) in parameters.iter().zip(self.properties(parameters)?) {
            cased = match (name.as_str(), value.as_str()) {
                ("kind", Some("case_sensitive")) => true,
                ("kind", Some("default" | "case_insensitive")) => false,
                _ => {
                    return Err(self.fail(
                        codes::UNKNOWN_OPTION,
                        p.name.span,
                        format!("search does not take this `{}`", p.name.text),
                    ));
                }
            };
        }
        Ok(cased)
    }

    /// A predicate in which a constant alone means "any column has this term".
    pub(super) fn search_predicate(
        &mut self,
        e: &ast::Expr,
        cased: bool,
        row: Row<'_>,
    ) -> Res<Expr> {
        let at = self.at(e.span);
        match &e.kind {
            ast::ExprKind::Paren(inner) => self.search_predicate(inner, cased, row),
            ast::ExprKind::Star => Ok(Expr::literal(Value::Bool(true), at)),
            ast::ExprKind::And(items) | ast::ExprKind::Or(items) => {
                let mut out = Vec::with_capacity(items.len());
                for i in items {
                    out.push(self.search_predicate(i, cased, row)?);
                }
                let kind = match &e.kind {
                    ast::ExprKind::And(_) => ExprKind::And(out),
                    _ => ExprKind::Or(out),
                };
                Ok(Expr {
                    kind,
                    ty: Type::Bool,
                    span: at,
                })
            }
            ast::ExprKind::Call { name, arguments }
                if name.text == "not" && arguments.len() == 1 =>
            {
                let inner = arguments.first().map_or(e, |a| &a.value);
                let inner = self.search_predicate(inner, cased, row)?;
                Ok(Expr {
                    kind: ExprKind::Not(Box::new(inner)),
                    ty: Type::Bool,
                    span: at,
                })
            }
            ast::ExprKind::Literal(ast::Literal::String(text)) => {
                Ok(self.any_has(text, cased, row.fields, at))
            }
            ast::ExprKind::Binary {
                op: BinaryOp::Colon,
                left,
                right,
                ..
            } => {
                if let (
                    ast::ExprKind::Name(_),
                    ast::ExprKind::Literal(ast::Literal::String(text)),
                ) = (&left.kind, &right.kind)
                {
                    let column = self.expr(left, row)?;
                    return Ok(self.term_in(column, text, cased, at));
                }
                self.condition(e, row)
            }
            _ if cased => self.condition(&by_case(e), row),
            _ => self.condition(e, row),
        }
    }

    /// Any of the columns has the term.
    fn any_has(&mut self, text: &str, cased: bool, fields: &[Field], at: Span) -> Expr {
        if text.is_empty() || text == "*" {
            return Expr::literal(Value::Bool(true), at);
        }
        let mut any = Vec::with_capacity(fields.len());
        for f in fields {
            any.push(self.term_in(Expr::column(f.id, f.ty, at), text, cased, at));
        }
        match any.len() {
            0 => Expr::literal(Value::Bool(false), at),
            1 => any.swap_remove(0),
            _ => Expr {
                kind: ExprKind::Or(any),
                ty: Type::Bool,
                span: at,
            },
        }
    }

    /// A term in a column; `*` at its ends and inside of it is a wildcard.
    fn term_in(&mut self, column: Expr, text: &str, cased: bool, at: Span) -> Expr {
        let inner = text.trim_matches('*');
        let (function, needle) = if inner.contains('*') {
            let parts: Vec<String> = inner.split('*').map(regex_text).collect();
            let flags = if cased { "" } else { "(?i)" };
            let start = if text.starts_with('*') { "" } else { r"\b" };
            let end = if text.ends_with('*') { "" } else { r"\b" };
            (
                "matches regex",
                format!("{flags}{start}{}{end}", parts.join(".*")),
            )
        } else {
            let function = match (text.starts_with('*'), text.ends_with('*'), cased) {
                (true, true, false) => "contains",
                (true, true, true) => "contains_cs",
                (true, false, false) => "hassuffix",
                (true, false, true) => "hassuffix_cs",
                (false, true, false) => "hasprefix",
                (false, true, true) => "hasprefix_cs",
                (false, false, false) => "has",
                (false, false, true) => "has_cs",
            };
            (function, inner.to_owned())
        };
        let needle = Expr::literal(Value::String(needle), at);
        let column = self.cast(column, Type::String);
        self.call_or_fold(function, vec![column, needle], Type::Bool, at)
    }
}

/// A text as a regular expression that matches it.
fn regex_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_alphanumeric() && !c.is_whitespace() && c != '_' {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The same comparison by case.
fn by_case(e: &ast::Expr) -> ast::Expr {
    let mut out = e.clone();
    match &mut out.kind {
        ast::ExprKind::Binary { op, .. } => {
            *op = match *op {
                BinaryOp::EqualCi => BinaryOp::Equal,
                BinaryOp::NotEqualCi => BinaryOp::NotEqual,
                BinaryOp::Has => BinaryOp::HasCs,
                BinaryOp::NotHas => BinaryOp::NotHasCs,
                BinaryOp::HasPrefix => BinaryOp::HasPrefixCs,
                BinaryOp::NotHasPrefix => BinaryOp::NotHasPrefixCs,
                BinaryOp::HasSuffix => BinaryOp::HasSuffixCs,
                BinaryOp::NotHasSuffix => BinaryOp::NotHasSuffixCs,
                BinaryOp::Contains => BinaryOp::ContainsCs,
                BinaryOp::NotContains => BinaryOp::NotContainsCs,
                BinaryOp::StartsWith => BinaryOp::StartsWithCs,
                BinaryOp::NotStartsWith => BinaryOp::NotStartsWithCs,
                BinaryOp::EndsWith => BinaryOp::EndsWithCs,
                BinaryOp::NotEndsWith => BinaryOp::NotEndsWithCs,
                other => other,
            };
        }
        ast::ExprKind::In { op, .. } => {
            *op = match *op {
                InOp::InCi => InOp::In,
                InOp::NotInCi => InOp::NotIn,
                other => other,
            };
        }
        _ => {}
    }
    out
}
