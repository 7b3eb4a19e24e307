//! `evaluate plugin(...)`: one file a plugin.
//!
//! A plugin is bound into ordinary steps of the plan wherever that can be. One whose columns follow from the data
//! (`bag_unpack`, `pivot`) asks the session to run the rows before it first ([`crate::scope::Scope::probe`]); where
//! nothing may be run (`check`) the columns stay open: names that are not found behind it stand for dynamic values.
//!
//! To add a plugin: a file with `impl Binder { pub(super) fn <name>(&mut self, call: Call<'_>) -> Res<Relation> }` and a
//! line in [`Binder::plugin`].

mod activity;
mod bag_unpack;
mod basket;
mod composed;
mod dcount_intersect;
mod geo_lookup;
mod ip_lookup;
mod narrow;
mod pivot;
mod preview;
mod rolling_percentile;
mod rows_near;
mod schema_merge;
mod sequence;

use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::plan::{BoundQuery, Field, Relation, ResultTable};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast;
use kql_types::{Type, Value};

/// Plugins that need what a local engine has not.
const REMOTE: [(&str, &str); 15] = [
    ("ai_chat_completion", "it calls a model over the network"),
    (
        "ai_chat_completion_prompt",
        "it calls a model over the network",
    ),
    ("ai_embed_text", "it calls a model over the network"),
    ("ai_embeddings", "it calls a model over the network"),
    (
        "azure_digital_twins_query_request",
        "it calls a service over the network",
    ),
    (
        "cosmosdb_sql_request",
        "it calls a service over the network",
    ),
    ("http_request", "it calls a service over the network"),
    ("http_request_post", "it calls a service over the network"),
    ("infer_storage_schema", "it reads a storage account"),
    (
        "infer_storage_schema_with_suggestions",
        "it reads a storage account",
    ),
    ("mysql_request", "it calls a database over the network"),
    ("postgresql_request", "it calls a database over the network"),
    ("python", "it runs a program of another language"),
    ("r", "it runs a program of another language"),
    ("sql_request", "it calls a database over the network"),
];

/// Plugins whose results cannot be told from what is known of them.
const UNKNOWN: [(&str, &str); 4] = [
    (
        "autocluster",
        "how it chooses among segments is not published",
    ),
    (
        "diffpatterns",
        "how it chooses among segments is not published",
    ),
    (
        "diffpatterns_text",
        "how it chooses among segments is not published",
    ),
    (
        "funnel_sequence",
        "its page counts an id under several states before its first event, and does not say by which rule",
    ),
];

/// A call of a plugin.
pub(super) struct Call<'a> {
    pub input: Relation,
    pub name: &'a ast::Name,
    pub arguments: &'a [ast::Argument],
    /// The columns that the query declares, if it does.
    pub schema: Option<&'a [ast::ColumnDecl]>,
    /// Whether the declared columns begin with `*`.
    pub schema_open: bool,
    pub span: Span,
}

impl Binder<'_> {
    pub(super) fn evaluate(
        &mut self,
        parameters: &[ast::Property],
        call: Call<'_>,
    ) -> Res<Relation> {
        for (p, (name, _)) in parameters.iter().zip(self.properties(parameters)?) {
            if !name.starts_with("hint.") {
                return Err(self.fail(
                    codes::UNKNOWN_OPTION,
                    p.name.span,
                    format!("evaluate has no parameter `{}`", p.name.text),
                ));
            }
        }
        if !self.partition.is_empty() {
            return Err(
                self.unsupported(call.name.span, "evaluate inside of mv-apply or partition")
            );
        }
        self.functions.insert(call.name.text.clone());
        self.plugin(call)
    }

    fn plugin(&mut self, call: Call<'_>) -> Res<Relation> {
        match call.name.text.as_str() {
            "active_users_count" => self.active_users_count(call),
            "activity_counts_metrics" => self.activity_counts_metrics(call),
            "activity_engagement" => self.activity_engagement(call),
            "activity_metrics" => self.activity_metrics(call),
            "bag_unpack" => self.bag_unpack(call),
            "basket" => self.basket(call),
            "funnel_sequence_completion" => self.funnel_sequence_completion(call),
            "dcount_intersect" => self.dcount_intersect(call),
            "geo_line_lookup" | "geo_polygon_lookup" => self.geo_lookup(call),
            "ipv4_lookup" => self.ip_lookup(call, "ipv4_is_match"),
            "ipv6_lookup" => self.ip_lookup(call, "ipv6_is_match"),
            "narrow" => self.narrow(call),
            "new_activity_metrics" => self.new_activity_metrics(call),
            "pivot" => self.pivot(call),
            "preview" => {
                let message =
                    "preview gives two tables, so no operator stands behind it and nothing uses it";
                Err(self.fail(codes::BAD_VALUE, call.span, message))
            }
            "rolling_percentile" => self.rolling_percentile(call),
            "rows_near" => self.rows_near(call),
            "schema_merge" => self.schema_merge(call),
            "sequence_detect" => self.sequence_detect(call),
            "session_count" => self.session_count(call),
            "sliding_window_counts" => self.sliding_window_counts(call),
            name => {
                let at = self.at(call.name.span);
                let mut d = Diagnostic::unsupported(at, format!("plugin `{name}`"));
                let known = REMOTE.iter().chain(&UNKNOWN);
                if let Some((_, why)) = known.into_iter().find(|(n, _)| *n == name) {
                    d = d.with_help(*why);
                }
                Err(self.report(d))
            }
        }
    }

    /// The rows of a relation now, or none where nothing may be run; then the schema is open from here on.
    pub(super) fn probe(&mut self, relation: Relation) -> Res<Option<Vec<Vec<Value>>>> {
        let query = BoundQuery {
            results: vec![ResultTable {
                name: "PrimaryResult".to_owned(),
                relation,
                render: None,
            }],
            ..self.out.clone()
        };
        match self.scope.probe(query) {
            Some(Ok(rows)) => Ok(Some(rows)),
            Some(Err(d)) => Err(self.report(d)),
            None => {
                self.open_schema = true;
                Ok(None)
            }
        }
    }

    /// The declared columns as names and types.
    pub(super) fn declared_columns(
        &mut self,
        columns: &[ast::ColumnDecl],
    ) -> Res<Vec<(String, Type)>> {
        let mut out = Vec::with_capacity(columns.len());
        for c in columns {
            match Type::from_name(&c.type_name.text) {
                Some(t) => out.push((c.name.text.clone(), t)),
                None => {
                    return Err(self.fail(
                        codes::TYPE_MISMATCH,
                        c.type_name.span,
                        format!("type `{}` not found", c.type_name.text),
                    ));
                }
            }
        }
        Ok(out)
    }

    /// An argument that is a column of the input.
    pub(super) fn column_argument(&mut self, e: &ast::Expr, input: &Relation) -> Res<Field> {
        let value = self.expr(e, Row::of(&input.fields))?;
        let found = match value.kind {
            crate::plan::ExprKind::Column(id) => input.fields.iter().find(|f| f.id == id).cloned(),
            _ => None,
        };
        match (found, &e.kind) {
            // Two names may stand for one column; the written one is meant.
            (Some(f), ast::ExprKind::Name(n)) => Ok(input
                .fields
                .iter()
                .find(|g| g.name == n.text)
                .cloned()
                .unwrap_or(f)),
            (Some(f), _) => Ok(f),
            (None, _) => Err(self.fail(codes::NOT_SCALAR, e.span, "a column is required here")),
        }
    }

    /// A constant argument of a type.
    pub(super) fn constant_argument(&mut self, e: &ast::Expr, ty: Type) -> Res<Value> {
        let value = self.constant(e, "this argument")?;
        let value = self.cast(value, ty);
        match value.as_literal() {
            Some(v) => Ok(v.clone()),
            None => Err(self.fail(
                codes::NOT_CONSTANT,
                e.span,
                "this argument requires a constant",
            )),
        }
    }
}

/// Whether a field has this name.
pub(super) fn is_taken(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|f| f.name == name)
}
