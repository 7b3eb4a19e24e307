//! `join` and `lookup`.

use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::names::Unique;
use crate::plan::{Expr, ExprKind, Field, Join, JoinKind, Relation, RelationKind};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast::{self, BinaryOp};
use kql_types::{Type, Value};

const KINDS: [(&str, JoinKind); 13] = [
    ("innerunique", JoinKind::InnerUnique),
    ("inner", JoinKind::Inner),
    ("leftouter", JoinKind::LeftOuter),
    ("rightouter", JoinKind::RightOuter),
    ("fullouter", JoinKind::FullOuter),
    ("leftsemi", JoinKind::LeftSemi),
    ("leftanti", JoinKind::LeftAnti),
    ("leftantisemi", JoinKind::LeftAnti),
    ("anti", JoinKind::LeftAnti),
    ("rightsemi", JoinKind::RightSemi),
    ("rightanti", JoinKind::RightAnti),
    ("rightantisemi", JoinKind::RightAnti),
    ("semi", JoinKind::LeftSemi),
];

impl Binder<'_> {
    /// The kind and the hints of the parameters.
    fn join_kind(
        &mut self,
        parameters: &[ast::Property],
        default: JoinKind,
    ) -> Res<(JoinKind, Vec<(String, Value)>)> {
        let mut kind = default;
        let mut hints = Vec::new();
        for (p, (name, value)) in parameters.iter().zip(self.properties(parameters)?) {
            if name == "kind" {
                let text = value.as_str().unwrap_or_default().to_ascii_lowercase();
                match KINDS.iter().find(|(k, _)| *k == text) {
                    Some((_, k)) => kind = *k,
                    None => {
                        let at = self.at(p.value.span);
                        let mut d = Diagnostic::error(
                            codes::BAD_VALUE,
                            at,
                            format!("join kind `{text}` not found"),
                        );
                        if let Some(near) =
                            kql_diag::did_you_mean(&text, KINDS.iter().map(|(k, _)| *k))
                        {
                            d = d.with_help(format!("`{near}` exists"));
                        }
                        return Err(self.report(d));
                    }
                }
            } else if name.starts_with("hint.") || name == "withsource" {
                hints.push((name, value));
            } else {
                return Err(self.fail(
                    codes::UNKNOWN_OPTION,
                    p.name.span,
                    format!("join has no parameter `{}`", p.name.text),
                ));
            }
        }
        Ok((kind, hints))
    }

    /// One condition: `k`, `$left.a == $right.b`, or several with `and`.
    fn join_condition(
        &mut self,
        e: &ast::Expr,
        left: &Relation,
        right: &Relation,
        on: &mut Vec<(Expr, Expr)>,
    ) -> Res<()> {
        match &e.kind {
            ast::ExprKind::Paren(inner) => self.join_condition(inner, left, right, on),
            ast::ExprKind::And(items) => {
                for i in items {
                    self.join_condition(i, left, right, on)?;
                }
                Ok(())
            }
            ast::ExprKind::Name(n) => {
                let find = |r: &Relation| r.fields.iter().find(|f| f.name == n.text).cloned();
                let Some(l) = find(left) else {
                    return Err(self.unknown_column(&n.text, n.span, &left.fields));
                };
                let Some(r) = find(right) else {
                    return Err(self.unknown_column(&n.text, n.span, &right.fields));
                };
                let at = self.at(n.span);
                self.key_pair(
                    Expr::column(l.id, l.ty, at),
                    Expr::column(r.id, r.ty, at),
                    e.span,
                    on,
                )
            }
            ast::ExprKind::Binary {
                op: BinaryOp::Equal,
                left: a,
                right: b,
                ..
            } => {
                let row = Row {
                    fields: &left.fields,
                    right: Some(&right.fields),
                };
                let side = |e: &ast::Expr| match &e.kind {
                    ast::ExprKind::Member { base, .. } => match &base.kind {
                        ast::ExprKind::Name(n) if n.text == "$left" => Some(true),
                        ast::ExprKind::Name(n) if n.text == "$right" => Some(false),
                        _ => None,
                    },
                    _ => None,
                };
                match (side(a), side(b)) {
                    (Some(true), Some(false)) => {
                        let (l, r) = (self.expr(a, row)?, self.expr(b, row)?);
                        self.key_pair(l, r, e.span, on)
                    }
                    (Some(false), Some(true)) => {
                        let (l, r) = (self.expr(b, row)?, self.expr(a, row)?);
                        self.key_pair(l, r, e.span, on)
                    }
                    // `on 1 == 1` joins every row with every row.
                    (None, None) => match (
                        self.constant(a, "a join condition"),
                        self.constant(b, "a join condition"),
                    ) {
                        (Ok(x), Ok(y))
                            if x.as_literal() == y.as_literal() && x.as_literal().is_some() =>
                        {
                            Ok(())
                        }
                        (Ok(_), Ok(_)) => {
                            Err(self.unsupported(e.span, "a join condition that is never true"))
                        }
                        _ => Err(crate::binder::Poison),
                    },
                    _ => Err(self.fail(
                        codes::NOT_SUPPORTED,
                        e.span,
                        "a join condition compares a column of $left with one of $right",
                    )),
                }
            }
            _ => Err(self.fail(
                codes::NOT_SUPPORTED,
                e.span,
                "a join condition is a column of both sides or an equality of $left and $right",
            )),
        }
    }

    pub(super) fn key_pair(
        &mut self,
        l: Expr,
        r: Expr,
        span: Span,
        on: &mut Vec<(Expr, Expr)>,
    ) -> Res<()> {
        if l.ty == Type::Dynamic || r.ty == Type::Dynamic {
            let at = self.at(span);
            let d = Diagnostic::error(
                codes::TYPE_MISMATCH,
                at,
                "a join key requires a scalar type, not dynamic",
            )
            .with_help("tostring(...) makes a key of it");
            return Err(self.report(d));
        }
        if l.ty == r.ty {
            on.push((l, r));
            return Ok(());
        }
        if l.ty.is_number() && r.ty.is_number() {
            let wide = [Type::Decimal, Type::Real, Type::Long]
                .into_iter()
                .find(|t| *t == l.ty || *t == r.ty);
            let wide = wide.unwrap_or(Type::Long);
            on.push((self.cast(l, wide), self.cast(r, wide)));
            return Ok(());
        }
        Err(self.fail(
            codes::NOT_COMPARABLE,
            span,
            format!("join keys require one type, not {} and {}", l.ty, r.ty),
        ))
    }

    pub(super) fn join(
        &mut self,
        left: Relation,
        parameters: &[ast::Property],
        right: &ast::Expr,
        on: &[ast::Expr],
        span: Span,
    ) -> Res<Relation> {
        let (kind, hints) = self.join_kind(parameters, JoinKind::InnerUnique)?;
        let right = self.isolated_relation(right)?;
        let mut pairs = Vec::new();
        for e in on {
            self.join_condition(e, &left, &right, &mut pairs)?;
        }
        let fields = match kind {
            JoinKind::LeftSemi | JoinKind::LeftAnti => left.fields.clone(),
            JoinKind::RightSemi | JoinKind::RightAnti => right.fields.clone(),
            _ => both_sides(&left.fields, &right.fields, &[]),
        };
        Ok(Relation {
            kind: RelationKind::Join(Box::new(Join {
                left,
                right,
                kind,
                on: pairs,
                filter: None,
                hints,
            })),
            fields,
            span: self.at(span),
            ordered: false,
        })
    }

    /// `join kind=inner T where predicate`: the pairs of rows of which the predicate holds.
    pub(super) fn join_where(
        &mut self,
        left: Relation,
        parameters: &[ast::Property],
        right: &ast::Expr,
        predicate: &ast::Expr,
        span: Span,
    ) -> Res<Relation> {
        let (kind, hints) = self.join_kind(parameters, JoinKind::InnerUnique)?;
        if kind != JoinKind::Inner {
            return Err(self.unsupported(span, "a join with `where` of another kind than inner"));
        }
        let right = self.isolated_relation(right)?;
        // Which side a name of both sides would mean is not known: it is no name here.
        let both = |f: &&Field| !right.fields.iter().any(|r| r.name == f.name);
        let mut visible: Vec<Field> = left.fields.iter().filter(both).cloned().collect();
        let own = |f: &&Field| !left.fields.iter().any(|l| l.name == f.name);
        visible.extend(right.fields.iter().filter(own).cloned());
        let row = Row {
            fields: &visible,
            right: None,
        };
        let condition = self.expr(predicate, row)?;
        if condition.ty != Type::Bool {
            let message = format!("a condition requires bool, not {}", condition.ty);
            return Err(self.fail(codes::TYPE_MISMATCH, predicate.span, message));
        }
        let fields = both_sides(&left.fields, &right.fields, &[]);
        let pairs = Relation {
            kind: RelationKind::Join(Box::new(Join {
                left,
                right,
                kind,
                on: Vec::new(),
                filter: None,
                hints,
            })),
            fields,
            span: self.at(span),
            ordered: false,
        };
        Ok(self.filter(pairs, condition, span))
    }

    pub(super) fn lookup(
        &mut self,
        left: Relation,
        parameters: &[ast::Property],
        right: &ast::Expr,
        on: &[ast::Expr],
        span: Span,
    ) -> Res<Relation> {
        let (kind, hints) = self.join_kind(parameters, JoinKind::LeftOuter)?;
        if let Some(p) = parameters
            .iter()
            .find(|p| p.name.text.eq_ignore_ascii_case("hint.shufflekey"))
        {
            let message = "lookup has no parameter `hint.shufflekey`";
            return Err(self.fail(codes::UNKNOWN_OPTION, p.name.span, message));
        }
        if !matches!(kind, JoinKind::LeftOuter | JoinKind::Inner) {
            return Err(self.fail(
                codes::BAD_VALUE,
                span,
                "lookup takes kind=leftouter or kind=inner",
            ));
        }
        let right = self.isolated_relation(right)?;
        let mut pairs = Vec::new();
        for e in on {
            self.join_condition(e, &left, &right, &mut pairs)?;
        }
        let keys: Vec<_> = pairs
            .iter()
            .filter_map(|(_, r)| match &r.kind {
                ExprKind::Column(id) => Some(*id),
                ExprKind::Cast(inner) => match inner.kind {
                    ExprKind::Column(id) => Some(id),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        let fields = both_sides(&left.fields, &right.fields, &keys);
        Ok(Relation {
            kind: RelationKind::Join(Box::new(Join {
                left,
                right,
                kind,
                on: pairs,
                filter: None,
                hints,
            })),
            fields,
            span: self.at(span),
            ordered: false,
        })
    }
}

/// The columns of both sides: a name of the right side that is taken gets a number.
pub(super) fn both_sides(
    left: &[Field],
    right: &[Field],
    without: &[crate::plan::ColumnId],
) -> Vec<Field> {
    let mut unique = Unique::over(left);
    let there = |name: &str| left.iter().any(|l| l.name == name);
    let right: Vec<&Field> = right.iter().filter(|f| !without.contains(&f.id)).collect();
    // The names that the right side keeps are not given to others.
    for f in right.iter().filter(|f| !there(&f.name)) {
        unique.take(&f.name);
    }
    let mut out = left.to_vec();
    for f in right {
        let name = if there(&f.name) {
            unique.of(&f.name)
        } else {
            f.name.clone()
        };
        out.push(Field { name, ..f.clone() });
    }
    out
}
