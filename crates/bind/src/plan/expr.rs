//! Scalars of the bound plan.

use super::{ColumnId, ScalarId, SetId};
use kql_diag::Span;
use kql_types::{Type, Value};

/// A typed scalar.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// Where.
    pub span: Span,
}

/// What a scalar is made of.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A constant.
    Literal(Value),
    /// A column of the input.
    Column(ColumnId),
    /// The result of an earlier step.
    Scalar(ScalarId),
    /// A function or operator of the catalog; arguments have the types that the kernel is made for.
    Call {
        function: String,
        arguments: Vec<Expr>,
    },
    /// Conversion to the expression's own type, as `tolong(x)` and its like do.
    Cast(Box<Expr>),
    /// The first branch whose condition is true; lazily. Every value has the expression's type.
    Case {
        branches: Vec<(Expr, Expr)>,
        otherwise: Box<Expr>,
    },
    /// All true.
    And(Vec<Expr>),
    /// One true.
    Or(Vec<Expr>),
    /// Not; null stays null.
    Not(Box<Expr>),
    /// `value in (set)`; `ignore_case` for `in~`. Null values follow the operator's rule.
    InSet {
        value: Box<Expr>,
        set: SetId,
        negated: bool,
        ignore_case: bool,
    },
    /// A property or element of a dynamic, at any depth.
    Path {
        base: Box<Expr>,
        steps: Vec<PathStep>,
    },
}

/// One step of a path.
#[derive(Debug, Clone)]
pub enum PathStep {
    /// `.name` or `['name']`
    Key(String),
    /// `[0]`; counted from the end when negative.
    Index(i64),
    /// `[expr]`: a string names a property, a number an element.
    Computed(Expr),
}

impl Expr {
    /// How many parts it has.
    pub fn size(&self) -> usize {
        let all = |xs: &[Expr]| xs.iter().map(Expr::size).fold(0, usize::saturating_add);
        let inner = match &self.kind {
            ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Scalar(_) => 0,
            ExprKind::Call { arguments, .. } => all(arguments),
            ExprKind::And(xs) | ExprKind::Or(xs) => all(xs),
            ExprKind::Cast(x) | ExprKind::Not(x) => x.size(),
            ExprKind::InSet { value, .. } => value.size(),
            ExprKind::Case {
                branches,
                otherwise,
            } => branches
                .iter()
                .map(|(when, then)| when.size().saturating_add(then.size()))
                .fold(otherwise.size(), usize::saturating_add),
            ExprKind::Path { base, steps } => steps
                .iter()
                .map(|s| match s {
                    PathStep::Computed(e) => e.size(),
                    PathStep::Key(_) | PathStep::Index(_) => 1,
                })
                .fold(base.size(), usize::saturating_add),
        };
        inner.saturating_add(1)
    }

    /// A constant.
    pub fn literal(value: Value, span: Span) -> Expr {
        Expr {
            ty: value.ty(),
            kind: ExprKind::Literal(value),
            span,
        }
    }

    /// A column.
    pub fn column(id: ColumnId, ty: Type, span: Span) -> Expr {
        Expr {
            kind: ExprKind::Column(id),
            ty,
            span,
        }
    }

    /// The constant that it is.
    pub fn as_literal(&self) -> Option<&Value> {
        match &self.kind {
            ExprKind::Literal(v) => Some(v),
            _ => None,
        }
    }
}
