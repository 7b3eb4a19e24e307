//! What names and functions mean inside of `graph-match`.

use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::graph::MatchOutput;
use crate::plan::{Assignment, ColumnId, Expr, ExprKind, Field, PathStep};
use kql_diag::{Diagnostic, Span, codes, did_you_mean};
use kql_syntax::ast;
use kql_types::{Dyn, Type, Value};

/// What a variable of a pattern stands for, with its number among its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable {
    Node(usize),
    Edge(usize),
    /// An edge of variable length.
    Path(usize),
}

/// Where in the operator an expression stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Where,
    Project,
    /// Inside of `all`, `any` or `map`, over the edges of this path or (`inner`) over its inner nodes.
    Along {
        path: String,
        inner: bool,
    },
}

/// The nodes or the edges.
#[derive(Debug)]
pub(super) struct Elements {
    /// Their properties.
    pub fields: Vec<Field>,
    /// Columns that are computed of each.
    pub made: Vec<Assignment>,
}

/// The names of a pattern, and what was asked for so far.
#[derive(Debug)]
pub struct GraphScope {
    pub(super) variables: Vec<(String, Variable)>,
    pub(super) nodes: Elements,
    pub(super) edges: Elements,
    /// The id of a node.
    pub(super) key: Option<Field>,
    /// How many edges end at a node, and how many start there.
    pub(super) degrees: [Field; 2],
    pub(super) outputs: Vec<(ColumnId, MatchOutput)>,
    pub(super) place: Place,
}

impl GraphScope {
    fn find(&self, name: &str) -> Option<Variable> {
        self.variables
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| *v)
    }

    /// Whether a name is a node's.
    pub(super) fn is_node(&self, name: &str) -> bool {
        matches!(self.find(name), Some(Variable::Node(_)))
    }
}

/// The functions of graphs.
pub(super) const FUNCTIONS: [&str; 8] = [
    "all",
    "any",
    "map",
    "inner_nodes",
    "node_degree_in",
    "node_degree_out",
    "node_id",
    "labels",
];

impl Binder<'_> {
    /// A column of the match, made once.
    pub(super) fn match_output(&mut self, output: MatchOutput, ty: Type, at: Span) -> Expr {
        let known = self
            .graph_scope
            .as_ref()
            .and_then(|s| s.outputs.iter().find(|(_, o)| *o == output))
            .map(|(id, _)| *id);
        let id = known.unwrap_or_else(|| {
            let id = self.column(ty);
            if let Some(s) = &mut self.graph_scope {
                s.outputs.push((id, output));
            }
            id
        });
        Expr::column(id, ty, at)
    }

    /// A bare name that is a variable of the pattern.
    pub fn graph_name(&mut self, n: &ast::Name) -> Option<Res<Expr>> {
        let scope = self.graph_scope.as_ref()?;
        let variable = scope.find(&n.text)?;
        if matches!(scope.place, Place::Along { .. }) {
            return Some(Err(self.only_properties(n.span)));
        }
        let at = self.at(n.span);
        let nodes = matches!(variable, Variable::Node(_));
        let id = self.element_bag(nodes, at)?;
        Some(Ok(match variable {
            Variable::Node(variable) => {
                let output = MatchOutput::Node {
                    variable,
                    column: id,
                };
                self.match_output(output, Type::Dynamic, at)
            }
            Variable::Edge(edge) => {
                self.match_output(MatchOutput::Edge { edge, column: id }, Type::Dynamic, at)
            }
            Variable::Path(edge) => {
                let output = MatchOutput::Values {
                    edge,
                    inner: false,
                    column: id,
                };
                self.match_output(output, Type::Dynamic, at)
            }
        }))
    }

    /// A column with all properties of each node or edge, without those that are null or the empty text.
    fn element_bag(&mut self, nodes: bool, at: Span) -> Option<ColumnId> {
        let scope = self.graph_scope.as_ref()?;
        let elements = if nodes { &scope.nodes } else { &scope.edges };
        let mut arguments = Vec::with_capacity(elements.fields.len() * 2);
        for f in &elements.fields {
            arguments.push(Expr::literal(Value::String(f.name.clone()), at));
            arguments.push(Expr::column(f.id, f.ty, at));
        }
        let value = if arguments.is_empty() {
            Expr::literal(Value::Dynamic(Dyn::Bag(Vec::new())), at)
        } else {
            self.call_or_fold("pack_all_ignore_empty", arguments, Type::Dynamic, at)
        };
        self.element_column(nodes, value)
    }

    /// A value of each node or edge as a column.
    pub(super) fn element_column(&mut self, nodes: bool, value: Expr) -> Option<ColumnId> {
        let mut made = Vec::new();
        let id = self.as_column(value, &mut made);
        let scope = self.graph_scope.as_mut()?;
        let elements = if nodes {
            &mut scope.nodes
        } else {
            &mut scope.edges
        };
        elements.made.append(&mut made);
        Some(id)
    }

    /// `a.x` where `a` is a variable of the pattern.
    pub fn graph_member(
        &mut self,
        base: &ast::Expr,
        member: &ast::Name,
        whole: Span,
        row: Row<'_>,
    ) -> Option<Res<Expr>> {
        let ast::ExprKind::Name(n) = &base.kind else {
            return None;
        };
        let scope = self.graph_scope.as_ref()?;
        let variable = scope.find(&n.text)?;
        if row.fields.iter().any(|f| f.name == n.text) {
            return None;
        }
        let at = self.at(whole);
        let nodes = matches!(variable, Variable::Node(_));
        let elements = if nodes { &scope.nodes } else { &scope.edges };
        let found = elements
            .fields
            .iter()
            .find(|f| f.name == member.text)
            .cloned();
        let along = match &scope.place {
            Place::Along { path, inner } => Some(*path == n.text && !inner),
            _ => None,
        };
        let in_where = scope.place == Place::Where;
        let Some(f) = found else {
            return Some(Err(self.no_property(n, member, nodes)));
        };
        match along {
            Some(true) => return Some(Ok(Expr::column(f.id, f.ty, at))),
            Some(false) => return Some(Err(self.only_properties(n.span))),
            None => {}
        }
        Some(Ok(match variable {
            Variable::Node(variable) => {
                let output = MatchOutput::Node {
                    variable,
                    column: f.id,
                };
                self.match_output(output, f.ty, at)
            }
            Variable::Edge(edge) => {
                let output = MatchOutput::Edge { edge, column: f.id };
                self.match_output(output, f.ty, at)
            }
            Variable::Path(_) if in_where => {
                let d = Diagnostic::error(
                    codes::NOT_SCALAR,
                    at,
                    format!("`{}` is a path, and its edges have a value each", n.text),
                )
                .with_help("all(), any() and map() read the edges of a path");
                return Some(Err(self.report(d)));
            }
            Variable::Path(edge) => {
                let value = Expr::column(f.id, f.ty, at);
                self.values_along(edge, false, value, at)?
            }
        }))
    }

    /// The values of an expression over the elements of a path, as an array.
    fn values_along(&mut self, edge: usize, inner: bool, value: Expr, at: Span) -> Option<Expr> {
        let value = if value.ty == Type::Dynamic {
            value
        } else {
            // As it is: a text is not read as JSON.
            let one = self.call_or_fold("pack_array", vec![value], Type::Dynamic, at);
            Expr {
                kind: ExprKind::Path {
                    base: Box::new(one),
                    steps: vec![PathStep::Index(0)],
                },
                ty: Type::Dynamic,
                span: at,
            }
        };
        let column = self.element_column(inner, value)?;
        let output = MatchOutput::Values {
            edge,
            inner,
            column,
        };
        Some(self.match_output(output, Type::Dynamic, at))
    }

    fn only_properties(&mut self, span: Span) -> crate::binder::Poison {
        self.unsupported(
            span,
            "another variable of the pattern inside of all(), any() or map()",
        )
    }

    fn no_property(
        &mut self,
        n: &ast::Name,
        member: &ast::Name,
        nodes: bool,
    ) -> crate::binder::Poison {
        if self.quiet_names {
            return crate::binder::Poison;
        }
        let at = self.at(member.span);
        let what = if nodes { "node" } else { "edge" };
        let message = format!("{what} `{}` has no property `{}`", n.text, member.text);
        let mut d = Diagnostic::error(codes::UNKNOWN_COLUMN, at, message);
        let near = self.graph_scope.as_ref().and_then(|s| {
            let elements = if nodes { &s.nodes } else { &s.edges };
            let names = elements.fields.iter().map(|f| f.name.as_str());
            did_you_mean(&member.text, names).map(str::to_owned)
        });
        if let Some(near) = near {
            d = d.with_help(format!("`{near}` exists"));
        }
        self.report(d)
    }

    /// A call of a function of graphs.
    pub fn graph_call(
        &mut self,
        name: &ast::Name,
        arguments: &[ast::Argument],
        span: Span,
    ) -> Option<Res<Expr>> {
        self.graph_scope.as_ref()?;
        if !FUNCTIONS.contains(&name.text.as_str()) {
            return None;
        }
        self.functions.insert(name.text.clone());
        Some(match name.text.as_str() {
            "all" | "any" | "map" => self.along(name, arguments, span),
            "inner_nodes" => {
                let message =
                    "inner_nodes() stands only as the first argument of all(), any() and map()";
                Err(self.fail(codes::NOT_SUPPORTED, span, message))
            }
            "labels" => self.labels(arguments, span),
            _ => self.of_node(name, arguments, span),
        })
    }

    /// `all(p, ...)`, `any(inner_nodes(p), ...)`, `map(p, ...)`.
    fn along(&mut self, name: &ast::Name, arguments: &[ast::Argument], span: Span) -> Res<Expr> {
        let at = self.at(span);
        let [over, body] = arguments else {
            let message = format!("`{}` requires a path and an expression", name.text);
            return Err(self.fail(codes::ARGUMENT_COUNT, span, message));
        };
        let (path, inner) = match &over.value.kind {
            ast::ExprKind::Name(n) => (n, false),
            ast::ExprKind::Call { name, arguments } if name.text == "inner_nodes" => {
                match arguments.as_slice() {
                    [
                        ast::Argument {
                            value:
                                ast::Expr {
                                    kind: ast::ExprKind::Name(n),
                                    ..
                                },
                            ..
                        },
                    ] => (n, true),
                    _ => return Err(self.not_a_path(name.span)),
                }
            }
            _ => return Err(self.not_a_path(over.value.span)),
        };
        let variable = self.graph_scope.as_ref().and_then(|s| s.find(&path.text));
        let Some(Variable::Path(edge)) = variable else {
            return Err(self.not_a_path(path.span));
        };
        let Some(scope) = &mut self.graph_scope else {
            return Err(crate::binder::Poison);
        };
        if matches!(scope.place, Place::Along { .. }) {
            let what = format!("`{}` inside of all(), any() or map()", name.text);
            return Err(self.unsupported(span, what));
        }
        let here = Place::Along {
            path: path.text.clone(),
            inner,
        };
        let place = std::mem::replace(&mut scope.place, here);
        let fields = if inner {
            scope.nodes.fields.clone()
        } else {
            scope.edges.fields.clone()
        };
        let value = if name.text == "map" {
            self.expr(&body.value, Row::of(&fields))
        } else {
            self.condition(&body.value, Row::of(&fields))
        };
        let scalar = place == Place::Project;
        if let Some(scope) = &mut self.graph_scope {
            scope.place = place;
        }
        let value = value?;
        if name.text == "map" {
            return self
                .values_along(edge, inner, value, at)
                .ok_or(crate::binder::Poison);
        }
        let column = self
            .element_column(inner, value)
            .ok_or(crate::binder::Poison)?;
        let output = if name.text == "all" {
            MatchOutput::All {
                edge,
                inner,
                column,
            }
        } else {
            MatchOutput::Any {
                edge,
                inner,
                column,
            }
        };
        let out = self.match_output(output, Type::Bool, at);
        // A projected one is dynamic to Kusto's binder.
        Ok(if scalar {
            self.cast(out, Type::Dynamic)
        } else {
            out
        })
    }

    fn not_a_path(&mut self, span: Span) -> crate::binder::Poison {
        let message = "an edge of variable length is required here, or inner_nodes() of one";
        self.fail(codes::ARGUMENT_TYPE, span, message)
    }

    /// A transient graph has no labels.
    fn labels(&mut self, arguments: &[ast::Argument], span: Span) -> Res<Expr> {
        let at = self.at(span);
        let scope = self.graph_scope.as_ref();
        let fits = match arguments {
            [] => scope.is_some_and(|s| matches!(s.place, Place::Along { .. })),
            [one] => match &one.value.kind {
                ast::ExprKind::Name(n) => scope.and_then(|s| s.find(&n.text)).is_some_and(|v| {
                    // Of a path each edge has its own.
                    !matches!(v, Variable::Path(_))
                }),
                _ => false,
            },
            _ => false,
        };
        if !fits {
            let message = "labels() requires a node or an edge of the pattern";
            return Err(self.fail(codes::ARGUMENT_TYPE, span, message));
        }
        Ok(Expr::literal(Value::Dynamic(Dyn::Array(Vec::new())), at))
    }

    /// `node_degree_in(a)`, `node_degree_out(a)`, `node_id(a)`; without an argument of an inner node.
    fn of_node(&mut self, name: &ast::Name, arguments: &[ast::Argument], span: Span) -> Res<Expr> {
        let at = self.at(span);
        let Some(scope) = self.graph_scope.as_ref() else {
            return Err(crate::binder::Poison);
        };
        let field = match name.text.as_str() {
            "node_degree_in" => Some(scope.degrees[0].clone()),
            "node_degree_out" => Some(scope.degrees[1].clone()),
            _ => scope.key.clone(),
        };
        let inner = matches!(scope.place, Place::Along { inner: true, .. });
        let variable = match arguments {
            [one] => match &one.value.kind {
                ast::ExprKind::Name(n) => scope.find(&n.text),
                _ => None,
            },
            _ => None,
        };
        let value = match (arguments, variable, field) {
            ([], _, Some(f)) if inner => Expr::column(f.id, f.ty, at),
            ([_], Some(Variable::Node(variable)), Some(f))
                if !matches!(scope.place, Place::Along { .. }) =>
            {
                let output = MatchOutput::Node {
                    variable,
                    column: f.id,
                };
                self.match_output(output, f.ty, at)
            }
            _ => {
                let message = format!(
                    "`{}` requires a node of the pattern, or no argument over inner_nodes()",
                    name.text
                );
                return Err(self.fail(codes::ARGUMENT_TYPE, span, message));
            }
        };
        Ok(if name.text == "node_id" {
            self.cast(value, Type::String)
        } else {
            value
        })
    }
}
