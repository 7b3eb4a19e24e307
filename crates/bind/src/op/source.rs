//! Where rows come from: tables and functions that give tables.

use crate::binder::{Binder, Poison, Res};
use crate::env::Meaning;
use crate::expr::Row;
use crate::plan::{Expr, ExprKind, Field, Relation, RelationKind};
use crate::scope::TableSchema;
use kql_diag::{Diagnostic, Span, codes, did_you_mean};
use kql_syntax::ast;
use kql_types::{Type, Value};
use std::rc::Rc;

impl Binder<'_> {
    pub(super) fn source_table(&mut self, e: &ast::Expr) -> Res<Relation> {
        match &e.kind {
            ast::ExprKind::Name(n) => self.named_table(n),
            ast::ExprKind::Call { name, arguments } => self.table_call(name, arguments, e.span),
            ast::ExprKind::DataTable { columns, values } => self.datatable(columns, values, e.span),
            ast::ExprKind::ExternalData {
                columns,
                locations,
                properties,
            } => self.externaldata(columns, locations, properties, e.span),
            ast::ExprKind::Member { base, member } => self.remote_table(base, member),
            ast::ExprKind::MethodCall {
                name, arguments, ..
            } => self.table_call(name, arguments, e.span),
            ast::ExprKind::Wildcard(n) => Err(self.fail(
                codes::NOT_SUPPORTED,
                n.span,
                "a wildcard of tables stands only in union, find and search",
            )),
            ast::ExprKind::Error => Err(Poison),
            ast::ExprKind::EntityGroup(_) => Err(self.unsupported(e.span, "`entity_group`")),
            _ => Err(self.fail(
                codes::NOT_SCALAR,
                e.span,
                "a scalar stands where a table is required",
            )),
        }
    }

    fn named_table(&mut self, n: &ast::Name) -> Res<Relation> {
        match self.env.get(&n.text).cloned() {
            Some(Meaning::Table { body, env, source }) => {
                self.enter_let(&n.text, n.span)?;
                let saved_env = std::mem::replace(&mut self.env, env);
                let saved_source = std::mem::replace(&mut self.source, source);
                let out = self.isolated_value(&body);
                self.env = saved_env;
                self.source = saved_source;
                self.calls.pop();
                return out;
            }
            Some(Meaning::Shared {
                id,
                fields,
                ordered,
            }) => {
                return Ok(self.use_shared(id, &fields, ordered, n.span));
            }
            Some(Meaning::Function(f)) => return self.call_table(&f, &[], n.span),
            Some(Meaning::Scalar(_) | Meaning::OfRow) => {
                return Err(self.fail(
                    codes::NOT_SCALAR,
                    n.span,
                    format!(
                        "`{}` is a scalar and stands where a table is required",
                        n.text
                    ),
                ));
            }
            Some(Meaning::Pattern(p)) => return self.pattern_call(&p, &[], None, n.span),
            Some(Meaning::Entities(_) | Meaning::Entity(_)) => {
                return Err(self.fail(
                    codes::NOT_SCALAR,
                    n.span,
                    format!("`{}` stands for databases, not for a table", n.text),
                ));
            }
            Some(Meaning::Poison) => return Err(Poison),
            Some(Meaning::Restricted(_)) | None => {}
        }
        if let Some(t) = self.known_table("", &n.text) {
            return self.scan(t, n.span);
        }
        if let Some(f) = self.stored(&n.text, n.span) {
            return self.call_table(&f?, &[], n.span);
        }
        Err(self.unknown_table(&n.text, n.span))
    }

    /// A table that is bound at its use must not use itself.
    fn enter_let(&mut self, name: &str, span: Span) -> Res<()> {
        if self.calls.len() >= 200 {
            return Err(self.fail(codes::TOO_DEEP, span, "tables use each other too deeply"));
        }
        self.calls.push(format!("let {name}"));
        Ok(())
    }

    /// Reports a table that is not there.
    pub fn unknown_table(&mut self, name: &str, span: Span) -> Poison {
        let span = self.at(span);
        let mut d = Diagnostic::error(
            codes::UNKNOWN_TABLE,
            span,
            format!("table `{name}` not found"),
        );
        let mut names = self.scope.table_names();
        names.extend(self.scope.function_names());
        names.extend(self.env.names().into_iter().map(str::to_owned));
        if let Some(near) = did_you_mean(name, names.iter().map(String::as_str)) {
            d = d.with_help(if near.eq_ignore_ascii_case(name) {
                format!("names are case-sensitive, and `{near}` exists")
            } else {
                format!("`{near}` exists")
            });
        }
        self.tables.insert(name.to_owned());
        self.report(d)
    }

    /// The rows of a table of the scope.
    pub fn scan(&mut self, t: TableSchema, span: Span) -> Res<Relation> {
        self.tables.insert(t.name.clone());
        if !t.has_data && !self.scope.empty_tables() {
            let at = self.at(span);
            let d = Diagnostic::error(
                codes::NO_DATA,
                at,
                format!("table `{}` is known but has no data", t.name),
            )
            .with_help(format!(
                "--data {}=PATH gives it rows, --empty-tables makes it empty",
                t.name
            ));
            return Err(self.report(d));
        }
        self.scans += usize::from(t.has_data);
        let mut columns = Vec::with_capacity(t.columns.len());
        let mut fields = Vec::with_capacity(t.columns.len());
        for c in &t.columns {
            let id = self.column(c.ty);
            columns.push((id, c.name.clone(), c.ty));
            fields.push(Field {
                name: c.name.clone(),
                id,
                ty: c.ty,
            });
        }
        let scan = Relation {
            kind: RelationKind::Scan {
                table: t.name,
                columns,
                empty: !t.has_data,
            },
            fields,
            span: self.at(span),
            ordered: false,
        };
        let mut assignments = Vec::with_capacity(t.constants.len());
        let mut scan = self.within_timespan(scan);
        for (name, value) in t.constants {
            let ty = value.ty();
            let id = self.column(ty);
            scan.fields.push(Field { name, id, ty });
            let value = Expr::literal(value, scan.span);
            assignments.push(crate::plan::Assignment { id, value });
        }
        Ok(self.extend(scan, assignments))
    }

    /// The rows of a table that lie in the session's time range.
    fn within_timespan(&self, scan: Relation) -> Relation {
        let time = scan
            .fields
            .iter()
            .find(|f| f.name == "TimeGenerated" && f.ty == Type::DateTime);
        let (Some((from, to)), Some(time)) = (self.scope.timespan(), time) else {
            return scan;
        };
        let span = scan.span;
        let compare = |operator: &str, ticks: i64| {
            let column = Expr {
                kind: ExprKind::Column(time.id),
                ty: Type::DateTime,
                span,
            };
            let end = Expr {
                kind: ExprKind::Literal(Value::DateTime(ticks)),
                ty: Type::DateTime,
                span,
            };
            self.call_or_fold(operator, vec![column, end], Type::Bool, span)
        };
        let predicate = Expr {
            kind: ExprKind::And(vec![compare(">=", from), compare("<=", to)]),
            ty: Type::Bool,
            span,
        };
        Relation {
            fields: scan.fields.clone(),
            ordered: scan.ordered,
            span,
            kind: RelationKind::Filter {
                input: Box::new(scan),
                predicate,
            },
        }
    }

    /// `database("x").T`, `cluster("x").database("y").T`, `workspace("x").T`: the last name is looked up here.
    fn remote_table(&mut self, base: &ast::Expr, member: &ast::Name) -> Res<Relation> {
        if let ast::ExprKind::Call { name, arguments } = &base.kind
            && let Some(Meaning::Pattern(p)) = self.env.get(&name.text).cloned()
        {
            let whole = base.span.to(member.span);
            return self.pattern_call(&p, arguments, Some(&member.text), whole);
        }
        if let ast::ExprKind::Name(n) = &base.kind
            && let Some(Meaning::Entity(entity)) = self.env.get(&n.text).cloned()
        {
            return self.remote_table(&entity, member);
        }
        let database = self.database_before(base)?;
        match self.known_table(&database, &member.text) {
            Some(t) => self.scan(t, member.span),
            None => match self.stored(&member.text, member.span) {
                Some(f) => self.call_table(&f?, &[], member.span),
                None => Err(self.unknown_table(&member.text, member.span)),
            },
        }
    }

    /// The name of the database in front of `.T`; of several calls the last one names it.
    pub(super) fn database_before(&mut self, base: &ast::Expr) -> Res<String> {
        if let ast::ExprKind::Call { name, arguments }
        | ast::ExprKind::MethodCall {
            name, arguments, ..
        } = &base.kind
            && matches!(
                name.text.as_str(),
                "database" | "cluster" | "workspace" | "app" | "resource" | "adx"
            )
        {
            let text = arguments.first().and_then(|a| match &a.value.kind {
                ast::ExprKind::Literal(ast::Literal::String(s)) => Some(s.clone()),
                _ => None,
            });
            return Ok(text.unwrap_or_default());
        }
        let message = "a scalar stands where a table is required";
        Err(self.fail(codes::NOT_SCALAR, base.span, message))
    }

    fn table_call(
        &mut self,
        name: &ast::Name,
        arguments: &[ast::Argument],
        span: Span,
    ) -> Res<Relation> {
        match self.env.get(&name.text).cloned() {
            Some(Meaning::Function(f)) => return self.call_table(&f, arguments, span),
            Some(Meaning::Pattern(p)) => return self.pattern_call(&p, arguments, None, span),
            Some(Meaning::Poison) => return Err(Poison),
            _ => {}
        }
        match (name.text.as_str(), arguments) {
            ("materialize", [a]) => {
                let relation = self.isolated_relation(&a.value)?;
                let (fields, ordered) = (relation.fields.clone(), relation.ordered);
                let id = self.add_shared(relation);
                Ok(self.use_shared(id, &fields, ordered, span))
            }
            ("table", [a, ..]) => {
                let e = self.constant(&a.value, "table")?;
                let Some(text) = e.as_literal().and_then(|v| v.as_str()).map(str::to_owned) else {
                    return Err(self.fail(
                        codes::ARGUMENT_TYPE,
                        a.value.span,
                        "table requires a constant string",
                    ));
                };
                let n = ast::Name {
                    text,
                    bracketed: false,
                    span: a.value.span,
                };
                self.named_table(&n)
            }
            ("graph", _) => {
                let at = self.at(name.span);
                let d = Diagnostic::unsupported(at, "`graph`").with_help(
                    "a graph model is kept by a cluster; make-graph makes a graph of tables",
                );
                Err(self.report(d))
            }
            ("view", _) => Err(self.unsupported(name.span, "`view`")),
            _ => match self.stored(&name.text, name.span) {
                Some(f) => self.call_table(&f?, arguments, span),
                None if self.catalog.scalar(&name.text).is_some() => Err(self.fail(
                    codes::NOT_SCALAR,
                    span,
                    "a scalar stands where a table is required",
                )),
                None => match self.service_table(name) {
                    Some(f) => self.call_table(&f?, arguments, span),
                    None => Err(self.unknown_function(name)),
                },
            },
        }
    }

    /// Calls a user function whose body is a table.
    pub fn call_table(
        &mut self,
        f: &Rc<crate::env::UserFunction>,
        arguments: &[ast::Argument],
        span: Span,
    ) -> Res<Relation> {
        self.functions.insert(f.name.clone());
        self.enter(&f.name, f.source, f.function.span, span)?;
        let env = self.parameters(f, arguments, span, Row::default());
        let out = env.and_then(|env| {
            let called = env.clone();
            self.recalled(f, &env, span, |b| b.body_table(f, called))
        });
        self.calls.pop();
        out
    }

    /// The rows of a function's body; `env` has its parameters.
    fn body_table(&mut self, f: &crate::env::UserFunction, env: crate::env::Env) -> Res<Relation> {
        let saved_env = std::mem::replace(&mut self.env, env);
        let saved_source = std::mem::replace(&mut self.source, f.source);
        let out = self
            .local_statements(&f.function.statements)
            .and_then(|()| match &f.function.body {
                Some(body) => self.isolated_value(body),
                None => Err(self.fail(
                    codes::NOT_SCALAR,
                    f.function.span,
                    format!("function `{}` has no result", f.name),
                )),
            });
        self.env = saved_env;
        self.source = saved_source;
        out
    }

    /// The column names and types of a declaration.
    pub fn declared(&mut self, columns: &[ast::ColumnDecl]) -> Res<Vec<(String, Type)>> {
        let mut out = Vec::with_capacity(columns.len());
        for c in columns {
            match Type::from_name(&c.type_name.text) {
                Some(t) => out.push((c.name.text.clone(), t)),
                None => {
                    let near = did_you_mean(&c.type_name.text, Type::ALL.map(Type::name));
                    let at = self.at(c.type_name.span);
                    let mut d = Diagnostic::error(
                        codes::TYPE_MISMATCH,
                        at,
                        format!("type `{}` not found", c.type_name.text),
                    );
                    if let Some(near) = near {
                        d = d.with_help(format!("`{near}` exists"));
                    }
                    return Err(self.report(d));
                }
            }
        }
        Ok(out)
    }

    /// `name=value` pairs; names stand for their text.
    pub fn properties(&mut self, properties: &[ast::Property]) -> Res<Vec<(String, Value)>> {
        let mut out = Vec::with_capacity(properties.len());
        for p in properties {
            let value = match &p.value.kind {
                ast::ExprKind::Name(n) if self.env.get(&n.text).is_none() => {
                    Value::String(n.text.clone())
                }
                _ => match self.constant(&p.value, "a property")?.as_literal() {
                    Some(v) => v.clone(),
                    None => {
                        return Err(self.fail(
                            codes::NOT_CONSTANT,
                            p.value.span,
                            "a property requires a literal",
                        ));
                    }
                },
            };
            out.push((p.name.text.to_ascii_lowercase(), value));
        }
        Ok(out)
    }

    /// The columns of a relation as rows.
    pub(super) fn getschema(&mut self, input: Relation, span: Span) -> Relation {
        let columns = vec![
            ("ColumnName".to_owned(), Type::String),
            ("ColumnOrdinal".to_owned(), Type::Long),
            ("DataType".to_owned(), Type::String),
            ("ColumnType".to_owned(), Type::String),
        ];
        let rows = input
            .fields
            .iter()
            .enumerate()
            .map(|(i, f)| {
                vec![
                    Value::String(f.name.clone()),
                    Value::Long(i64::try_from(i).unwrap_or(i64::MAX)),
                    Value::String(f.ty.net_name().to_owned()),
                    Value::String(f.ty.name().to_owned()),
                ]
            })
            .collect();
        self.values(columns, rows, span)
    }

    /// A constant count: `take n`, `top n`.
    pub fn count_of(&mut self, e: &ast::Expr, what: &str) -> Res<Expr> {
        let n = self.constant(e, what)?;
        if !n.ty.is_number() && n.ty != Type::Dynamic {
            return Err(self.fail(
                codes::TYPE_MISMATCH,
                e.span,
                format!("{what} requires an integer, not {}", n.ty),
            ));
        }
        Ok(self.cast(n, Type::Long))
    }
}
