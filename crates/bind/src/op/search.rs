//! `search`: rows in which a column has a term.

use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::plan::{ColumnId, Expr, ExprKind, Field, PathStep, Relation, RelationKind, UnionColumn};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast::{self, BinaryOp, InOp};
use kql_types::{Type, Value};
use std::collections::HashMap;

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
        inputs
            .into_iter()
            .enumerate()
            .map(|(leg, input)| {
                let values: HashMap<ColumnId, Option<&Expr>> =
                    columns.iter().map(|c| (c.id, c.value(leg))).collect();
                let own = in_leg(p, &values);
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

/// A predicate over the columns of a union in terms of one table's columns; what the table lacks is null there, and no
/// term stands in a null.
pub(super) fn in_leg(e: &Expr, values: &HashMap<ColumnId, Option<&Expr>>) -> Expr {
    let is = |e: &Expr, b: bool| e.as_literal() == Some(&Value::Bool(b));
    let literal = |b: bool| Expr::literal(Value::Bool(b), e.span);
    let with = |kind: ExprKind| Expr {
        kind,
        ty: e.ty,
        span: e.span,
    };
    let inner = |x: &Expr| Box::new(in_leg(x, values));
    match &e.kind {
        ExprKind::Column(id) => match values.get(id) {
            Some(Some(value)) => (*value).clone(),
            Some(None) => Expr::literal(Value::null(e.ty), e.span),
            None => e.clone(),
        },
        ExprKind::And(items) | ExprKind::Or(items) => {
            // A false part decides an `and`, a true one an `or`; the others of the kind say nothing.
            let decides = matches!(e.kind, ExprKind::Or(_));
            let mut rest: Vec<Expr> = Vec::new();
            for x in items.iter().map(|x| in_leg(x, values)) {
                if is(&x, decides) {
                    return literal(decides);
                }
                if !is(&x, !decides) {
                    rest.push(x);
                }
            }
            match (rest.len(), decides) {
                (0, decides) => literal(!decides),
                (1, _) => rest.swap_remove(0),
                (_, true) => with(ExprKind::Or(rest)),
                (_, false) => with(ExprKind::And(rest)),
            }
        }
        ExprKind::Call {
            function,
            arguments,
        } => {
            let arguments: Vec<Expr> = arguments.iter().map(|a| in_leg(a, values)).collect();
            let term = matches!(
                function.as_str(),
                "has"
                    | "has_cs"
                    | "hasprefix"
                    | "hasprefix_cs"
                    | "hassuffix"
                    | "hassuffix_cs"
                    | "contains"
                    | "contains_cs"
            );
            let empty = |a: &Expr| match &a.kind {
                ExprKind::Cast(x) => x.as_literal().is_some_and(Value::is_null),
                _ => a
                    .as_literal()
                    .is_some_and(|v| v.is_null() || v.as_str() == Some("")),
            };
            if term && arguments.first().is_some_and(empty) {
                return literal(false);
            }
            with(ExprKind::Call {
                function: function.clone(),
                arguments,
            })
        }
        ExprKind::Not(x) => with(ExprKind::Not(inner(x))),
        ExprKind::Cast(x) => with(ExprKind::Cast(inner(x))),
        ExprKind::Case {
            branches,
            otherwise,
        } => with(ExprKind::Case {
            branches: branches
                .iter()
                .map(|(c, v)| (in_leg(c, values), in_leg(v, values)))
                .collect(),
            otherwise: inner(otherwise),
        }),
        ExprKind::InSet {
            value,
            set,
            negated,
            ignore_case,
        } => with(ExprKind::InSet {
            value: inner(value),
            set: *set,
            negated: *negated,
            ignore_case: *ignore_case,
        }),
        ExprKind::Path { base, steps } => with(ExprKind::Path {
            base: inner(base),
            steps: steps
                .iter()
                .map(|s| match s {
                    PathStep::Computed(x) => PathStep::Computed(in_leg(x, values)),
                    other => other.clone(),
                })
                .collect(),
        }),
        ExprKind::Literal(_) | ExprKind::Scalar(_) => e.clone(),
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
