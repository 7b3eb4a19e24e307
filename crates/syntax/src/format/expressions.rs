//! Scalars, tables and pipes.

use super::Builder;
use super::doc::{Doc, many, separated};
use super::literals::{literal, name};
use crate::ast::{
    Argument, BinaryOp, ColumnDecl, Expr, ExprKind, NamedExpr, Operator, Property, UnaryOp,
};

impl Builder<'_> {
    /// Any expression.
    pub fn expr(&self, e: &Expr) -> Doc {
        match &e.kind {
            ExprKind::Literal(l) => literal(l).into(),
            ExprKind::Name(n) | ExprKind::Wildcard(n) => name(n).into(),
            ExprKind::Star => "*".into(),
            ExprKind::Member { .. } | ExprKind::Index { .. } | ExprKind::MethodCall { .. } => {
                self.path(e)
            }
            ExprKind::Call { name: n, arguments } => {
                many![name(n), self.group(e.span, vec![self.arguments(arguments)])]
            }
            ExprKind::Unary { op, operand } => many![
                match op {
                    UnaryOp::Minus => "-",
                    UnaryOp::Plus => "+",
                },
                self.expr(operand)
            ],
            ExprKind::Binary { .. } | ExprKind::In { .. } | ExprKind::Between { .. } => {
                self.comparison(e)
            }
            ExprKind::And(items) => self.logical(e, items, "and "),
            ExprKind::Or(items) => self.logical(e, items, "or "),
            ExprKind::TypeOf(columns) => {
                let items: Vec<String> = columns.iter().map(type_of_item).collect();
                format!("typeof({})", items.join(", ")).into()
            }
            ExprKind::Paren(inner) => self.group(
                e.span,
                vec![
                    "(".into(),
                    Doc::Nest(vec![Doc::Soft, self.nested(inner)]),
                    Doc::Soft,
                    ")".into(),
                ],
            ),
            ExprKind::Pipe { source, operators } => {
                let pipe = self.pipe(source.as_deref(), operators, Doc::Line);
                self.group(e.span, vec![pipe])
            }
            ExprKind::DataTable { columns, values } => self.datatable(e, columns, values),
            ExprKind::ExternalData {
                columns,
                locations,
                properties,
            } => {
                let mut out = vec![
                    "externaldata".into(),
                    self.columns(columns),
                    " ".into(),
                    self.listed("[", self.exprs(locations), "]"),
                ];
                if !properties.is_empty() {
                    out.push(many![" with ", self.properties_in_parentheses(properties)]);
                }
                self.group(e.span, out)
            }
            ExprKind::EntityGroup(items) => self.group(
                e.span,
                vec![
                    "entity_group ".into(),
                    self.listed("[", self.exprs(items), "]"),
                ],
            ),
            ExprKind::Lambda(f) => self.function(f),
            ExprKind::Error => "".into(),
        }
    }

    /// What stands in parentheses: a pipe is broken with them.
    pub fn nested(&self, e: &Expr) -> Doc {
        match &e.kind {
            ExprKind::Pipe { source, operators } => {
                self.pipe(source.as_deref(), operators, Doc::Line)
            }
            _ => self.expr(e),
        }
    }

    /// `source | op | op`, with `between` in front of each bar.
    pub fn pipe(&self, source: Option<&Expr>, operators: &[Operator], between: Doc) -> Doc {
        let mut out = Vec::new();
        if let Some(s) = source {
            out.push(self.expr(s));
        }
        for o in operators {
            if !out.is_empty() {
                out.push(between.clone());
                out.push("| ".into());
            }
            out.push(self.operator(o));
        }
        Doc::Many(out)
    }

    /// Expressions of a list.
    pub fn exprs(&self, items: &[Expr]) -> Vec<Doc> {
        items.iter().map(|i| self.nested(i)).collect()
    }

    /// `(a, b)`; the lines end inside when the group around ends them.
    pub fn listed(&self, open: &'static str, items: Vec<Doc>, close: &'static str) -> Doc {
        if items.is_empty() {
            return many![open, close];
        }
        many![
            open,
            Doc::Nest(vec![Doc::Soft, separated(items, ",")]),
            Doc::Soft,
            close
        ]
    }

    /// `(a, name = b)`
    pub fn arguments(&self, arguments: &[Argument]) -> Doc {
        let items = arguments
            .iter()
            .map(|a| match &a.name {
                Some(n) => many![name(n), " = ", self.nested(&a.value)],
                None => self.nested(&a.value),
            })
            .collect();
        self.listed("(", items, ")")
    }

    fn logical(&self, e: &Expr, items: &[Expr], word: &'static str) -> Doc {
        let mut out = Vec::new();
        let mut rest = Vec::new();
        for (n, i) in items.iter().enumerate() {
            if n == 0 {
                out.push(self.expr(i));
            } else {
                rest.push(Doc::Line);
                rest.push(word.into());
                rest.push(self.expr(i));
            }
        }
        out.push(Doc::Nest(rest));
        self.group(e.span, out)
    }

    /// `a.b[0].f(x)`, from its left end.
    fn path(&self, e: &Expr) -> Doc {
        let mut steps = Vec::new();
        let mut at = e;
        loop {
            at = match &at.kind {
                ExprKind::Member { base, member } => {
                    steps.push(many![".", name(member)]);
                    base
                }
                ExprKind::Index { base, index } => {
                    steps.push(many!["[", self.expr(index), "]"]);
                    base
                }
                ExprKind::MethodCall {
                    base,
                    name: n,
                    arguments,
                } => {
                    let call = self.group(at.span, vec![self.arguments(arguments)]);
                    steps.push(many![".", name(n), call]);
                    base
                }
                _ => break,
            };
        }
        steps.push(self.expr(at));
        steps.reverse();
        Doc::Many(steps)
    }

    /// `a + b - c`, `a has b`, `a in (b, c)`: the operators of a chain from its left end.
    fn comparison(&self, e: &Expr) -> Doc {
        let mut parts = Vec::new();
        let mut at = e;
        loop {
            at = match &at.kind {
                ExprKind::Binary {
                    op: BinaryOp::Colon,
                    left,
                    right,
                    ..
                } => {
                    parts.push(many![":", self.expr(right)]);
                    left
                }
                ExprKind::Binary {
                    op, left, right, ..
                } => {
                    parts.push(many![Doc::Line, op.text(), " ", self.expr(right)]);
                    left
                }
                ExprKind::In {
                    op, value, list, ..
                } => {
                    let items = self.exprs(list);
                    let list = self.group(at.span, vec![self.listed("(", items, ")")]);
                    parts.push(many![" ", op.text(), " ", list]);
                    value
                }
                ExprKind::Between {
                    negated,
                    value,
                    low,
                    high,
                } => {
                    let word = if *negated {
                        " !between ("
                    } else {
                        " between ("
                    };
                    parts.push(many![word, self.expr(low), " .. ", self.expr(high), ")"]);
                    value
                }
                _ => break,
            };
        }
        parts.reverse();
        self.group(e.span, vec![self.expr(at), Doc::Nest(parts)])
    }

    fn datatable(&self, e: &Expr, columns: &[ColumnDecl], values: &[Expr]) -> Doc {
        let head = many!["datatable", self.columns(columns), " "];
        if values.is_empty() {
            return many![head, "[]"];
        }
        let mut rows = Vec::new();
        for row in values.chunks(columns.len().max(1)) {
            let mut items = Vec::new();
            for (n, v) in row.iter().enumerate() {
                if n > 0 {
                    items.push(", ".into());
                }
                items.push(self.expr(v));
            }
            rows.push(Doc::Many(items));
        }
        many![head, self.group(e.span, vec![self.listed("[", rows, "]")])]
    }

    /// `(a:long, b:string = "x")`
    pub fn columns(&self, columns: &[ColumnDecl]) -> Doc {
        let items = columns.iter().map(|c| self.column(c)).collect();
        Doc::Group(false, vec![self.listed("(", items, ")")])
    }

    /// `a:long = 1`
    pub fn column(&self, c: &ColumnDecl) -> Doc {
        let head = format!("{}:{}", name(&c.name), name(&c.type_name));
        match &c.default {
            Some(d) => many![head, " = ", self.expr(d)],
            None => head.into(),
        }
    }

    /// `a = 1`, `(a, b) = f()`
    pub fn named(&self, e: &NamedExpr) -> Doc {
        match e.names.as_slice() {
            [] => self.expr(&e.value),
            [n] => many![name(n), " = ", self.expr(&e.value)],
            names => {
                let names: Vec<String> = names.iter().map(name).collect();
                many![format!("({}) = ", names.join(", ")), self.expr(&e.value)]
            }
        }
    }

    /// `a=1`
    pub fn property(&self, p: &Property) -> Doc {
        many![name(&p.name), "=", self.expr(&p.value)]
    }

    /// `(a=1, b=2)`
    pub fn properties_in_parentheses(&self, properties: &[Property]) -> Doc {
        let items = properties.iter().map(|p| self.property(p)).collect();
        Doc::Group(false, vec![self.listed("(", items, ")")])
    }
}

fn type_of_item(c: &ColumnDecl) -> String {
    if c.name.text.is_empty() {
        name(&c.type_name)
    } else {
        format!("{}:{}", name(&c.name), name(&c.type_name))
    }
}
