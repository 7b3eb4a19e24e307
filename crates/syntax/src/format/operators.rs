//! Tabular operators.

use super::Builder;
use super::doc::{Doc, many, separated};
use super::literals::{name, string};
use crate::ast::{
    Expr, NamedExpr, Operator, OperatorKind as K, ParsePart, Property, ReorderDirection, SortKey,
};

impl Builder<'_> {
    /// An operator without its bar.
    pub fn operator(&self, o: &Operator) -> Doc {
        let docs = self.operator_parts(o);
        self.group(o.span, docs)
    }

    /// ` name=value` of each.
    pub(super) fn flags(&self, properties: &[Property]) -> Doc {
        let items = properties.iter();
        Doc::Many(items.map(|p| many![" ", self.property(p)]).collect())
    }

    /// A word with what it works on: one item behind it, several below it when they do not fit.
    pub(super) fn list(&self, head: Doc, mut items: Vec<Doc>) -> Vec<Doc> {
        match items.len() {
            0 => vec![head],
            1 => vec![head, " ".into(), items.remove(0)],
            _ => vec![head, Doc::Nest(vec![Doc::Line, separated(items, ",")])],
        }
    }

    pub(super) fn named_items(&self, items: &[NamedExpr]) -> Vec<Doc> {
        items.iter().map(|i| self.named(i)).collect()
    }

    pub(super) fn plain(&self, items: &[Expr]) -> Vec<Doc> {
        items.iter().map(|i| self.expr(i)).collect()
    }

    /// `(body)`
    pub(super) fn body_of(&self, e: &Expr) -> Doc {
        many![
            "(",
            Doc::Nest(vec![Doc::Soft, self.nested(e)]),
            Doc::Soft,
            ")"
        ]
    }

    fn operator_parts(&self, o: &Operator) -> Vec<Doc> {
        match &o.kind {
            K::As {
                parameters,
                name: n,
            } => vec![
                "as".into(),
                self.flags(parameters),
                " ".into(),
                name(n).into(),
            ],
            K::AssertSchema { columns } => vec!["assert-schema ".into(), self.columns(columns)],
            K::Consume { parameters } => vec!["consume".into(), self.flags(parameters)],
            K::Count { name: n } => vec![match n {
                Some(n) => format!("count as {}", name(n)).into(),
                None => "count".into(),
            }],
            K::Distinct { parameters, items } => {
                let head = many!["distinct", self.flags(parameters)];
                self.list(head, self.named_items(items))
            }
            K::Evaluate {
                parameters,
                name: n,
                arguments,
                schema,
                schema_open,
            } => {
                let mut out = vec![
                    "evaluate".into(),
                    self.flags(parameters),
                    " ".into(),
                    name(n).into(),
                    self.arguments(arguments),
                ];
                if let Some(columns) = schema {
                    let mut items: Vec<Doc> = columns.iter().map(|c| self.column(c)).collect();
                    if *schema_open {
                        items.insert(0, "*".into());
                    }
                    out.push(" : ".into());
                    out.push(self.listed("(", items, ")"));
                }
                out
            }
            K::ExecuteAndCache => vec!["execute-and-cache".into()],
            K::Extend { items } => self.list("extend".into(), self.named_items(items)),
            K::Facet { by, with } => {
                let mut out = self.list("facet by".into(), self.plain(by));
                if let Some(w) = with {
                    out.push(" with ".into());
                    out.push(self.body_of(w));
                }
                out
            }
            K::Find { .. } => self.find(&o.kind),
            K::Fork { branches } => {
                let mut out = Vec::new();
                for (n, body) in branches {
                    out.push(Doc::Line);
                    if let Some(n) = n {
                        out.push(format!("{} = ", name(n)).into());
                    }
                    out.push(Doc::Group(false, vec![self.body_of(body)]));
                }
                vec!["fork".into(), Doc::Nest(out)]
            }
            K::GetSchema => vec!["getschema".into()],
            K::GraphMarkComponents { .. }
            | K::GraphMatch { .. }
            | K::GraphToTable { .. }
            | K::GraphWhere { .. }
            | K::MakeGraph { .. }
            | K::MacroExpand { .. } => self.graph(&o.kind),
            K::Invoke { name: n, arguments } => {
                vec![
                    format!("invoke {}", name(n)).into(),
                    self.arguments(arguments),
                ]
            }
            K::Join {
                parameters,
                right,
                on,
                on_word,
            } => {
                let word = if *on_word { "on" } else { "where" };
                self.join("join", parameters, right, on, word)
            }
            K::Lookup {
                parameters,
                right,
                on,
            } => self.join("lookup", parameters, right, on, "on"),
            K::MakeSeries { .. } => self.make_series(&o.kind),
            K::MvApply {
                parameters,
                items,
                limit,
                id,
                body,
            } => {
                let mut out = self.expand("mv-apply", parameters, items, limit.as_deref());
                if let Some(id) = id {
                    out.push(many![" id ", self.expr(id)]);
                }
                out.push(" on ".into());
                out.push(self.body_of(body));
                out
            }
            K::MvExpand {
                parameters,
                items,
                limit,
            } => self.expand("mv-expand", parameters, items, limit.as_deref()),
            K::Parse {
                where_,
                parameters,
                source,
                parts,
            } => {
                let word = if *where_ { "parse-where" } else { "parse" };
                let mut out = vec![
                    word.into(),
                    self.flags(parameters),
                    " ".into(),
                    self.expr(source),
                    " with".into(),
                ];
                let parts = parts.iter().map(|p| many![Doc::Line, parse_part(p)]);
                out.push(Doc::Nest(parts.collect()));
                out
            }
            K::ParseKv {
                source,
                columns,
                properties,
            } => {
                let mut out = vec![
                    "parse-kv ".into(),
                    self.expr(source),
                    " as ".into(),
                    self.columns(columns),
                ];
                if !properties.is_empty() {
                    out.push(many![" with ", self.properties_in_parentheses(properties)]);
                }
                out
            }
            K::Partition {
                parameters,
                by,
                scope,
                body,
                braces,
            } => {
                let mut out = vec![
                    "partition".into(),
                    self.flags(parameters),
                    " by ".into(),
                    self.expr(by),
                ];
                if let Some(s) = scope {
                    out.push(many![" in ", self.expr(s)]);
                }
                out.push(" ".into());
                out.push(if *braces {
                    many![
                        "{",
                        Doc::Nest(vec![Doc::Line, self.nested(body)]),
                        Doc::Line,
                        "}"
                    ]
                } else {
                    self.body_of(body)
                });
                out
            }
            K::PartitionBy {
                parameters,
                by,
                body,
            } => vec![
                "__partitionby".into(),
                self.flags(parameters),
                format!(" {} ", name(by)).into(),
                self.body_of(body),
            ],
            K::Print { items } => self.list("print".into(), self.named_items(items)),
            K::Project { items } => self.list("project".into(), self.named_items(items)),
            K::ProjectAway { items } => self.list("project-away".into(), self.plain(items)),
            K::ProjectByNames { items } => self.list("project-by-names".into(), self.plain(items)),
            K::ProjectKeep { items } => self.list("project-keep".into(), self.plain(items)),
            K::ProjectRename { items } => {
                self.list("project-rename".into(), self.named_items(items))
            }
            K::ProjectReorder { items } => {
                let items = items.iter().map(|(e, d)| {
                    let direction = match d {
                        None => "",
                        Some(ReorderDirection::Asc) => " asc",
                        Some(ReorderDirection::Desc) => " desc",
                        Some(ReorderDirection::GrannyAsc) => " granny-asc",
                        Some(ReorderDirection::GrannyDesc) => " granny-desc",
                    };
                    many![self.expr(e), direction]
                });
                self.list("project-reorder".into(), items.collect())
            }
            K::Range {
                name: n,
                from,
                to,
                step,
            } => vec![
                format!("range {} from ", name(n)).into(),
                self.expr(from),
                " to ".into(),
                self.expr(to),
                " step ".into(),
                self.expr(step),
            ],
            K::Reduce {
                parameters,
                by,
                with,
            } => {
                let mut out = vec![
                    "reduce".into(),
                    self.flags(parameters),
                    " by ".into(),
                    self.expr(by),
                ];
                if !with.is_empty() {
                    let items = with.iter().map(|p| self.property(p)).collect();
                    out.push(many![" with ", separated(items, ",")]);
                }
                out
            }
            K::Render { kind, properties } => {
                let mut out = vec![format!("render {}", name(kind)).into()];
                if !properties.is_empty() {
                    out.push(many![" with ", self.properties_in_parentheses(properties)]);
                }
                out
            }
            K::Sample { count } => vec!["sample ".into(), self.expr(count)],
            K::SampleDistinct { count, of } => vec![
                "sample-distinct ".into(),
                self.expr(count),
                " of ".into(),
                self.expr(of),
            ],
            K::Scan {
                parameters,
                order_by,
                partition_by,
                declare,
                steps,
            } => {
                let mut out = vec!["scan".into(), self.flags(parameters)];
                if !order_by.is_empty() {
                    out.push(many![" order by ", separated(self.keys(order_by), ",")]);
                }
                if !partition_by.is_empty() {
                    let by = separated(self.plain(partition_by), ",");
                    out.push(many![" partition by ", by]);
                }
                if !declare.is_empty() {
                    out.push(many![" declare ", self.columns(declare)]);
                }
                out.push(" with (".into());
                let steps = steps.iter().map(|s| many![Doc::Hard, self.scan_step(s)]);
                out.push(Doc::Nest(steps.collect()));
                out.push(Doc::Hard);
                out.push(")".into());
                out
            }
            K::Search {
                parameters,
                tables,
                predicate,
            } => {
                let mut out = vec!["search".into(), self.flags(parameters), " ".into()];
                if !tables.is_empty() {
                    out.push(many!["in ", self.listed("(", self.exprs(tables), ")"), " "]);
                }
                out.push(self.expr(predicate));
                out
            }
            K::Serialize { items } => self.list("serialize".into(), self.named_items(items)),
            K::Sort { parameters, keys } => {
                let head = many!["sort", self.flags(parameters), " by"];
                self.list(head, self.keys(keys))
            }
            K::Summarize {
                parameters,
                aggregates,
                by,
                by_word,
            } => {
                let head = many!["summarize", self.flags(parameters)];
                let mut out = self.list(head, self.named_items(aggregates));
                if *by_word {
                    let by = separated(self.named_items(by), ",");
                    out.push(Doc::Nest(vec![
                        Doc::Line,
                        "by ".into(),
                        Doc::Group(false, vec![Doc::Nest(vec![by])]),
                    ]));
                }
                out
            }
            K::Take { count } => vec!["take ".into(), self.expr(count)],
            K::Top {
                parameters,
                count,
                keys,
                others,
            } => {
                let mut out = vec![
                    "top".into(),
                    self.flags(parameters),
                    " ".into(),
                    self.expr(count),
                ];
                if let Some(x) = others {
                    out.push(many![" with others = ", self.expr(x)]);
                }
                out.push(" by".into());
                self.list(Doc::Many(out), self.keys(keys))
            }
            K::TopHitters { count, of, by } => {
                let mut out = vec![
                    "top-hitters ".into(),
                    self.expr(count),
                    " of ".into(),
                    self.expr(of),
                ];
                if let Some(b) = by {
                    out.push(many![" by ", self.expr(b)]);
                }
                out
            }
            K::TopNested { levels } => {
                let levels = levels.iter().map(|l| {
                    let mut out = vec!["top-nested ".into()];
                    if let Some(c) = &l.count {
                        out.push(many![self.expr(c), " "]);
                    }
                    out.push(many!["of ", self.named(&l.of)]);
                    if let Some(x) = &l.others {
                        out.push(many![" with others = ", self.expr(x)]);
                    }
                    out.push(many![" by ", self.named(&l.by), direction(l.ascending)]);
                    Doc::Many(out)
                });
                vec![separated(levels.collect(), ",")]
            }
            K::Union { parameters, tables } => {
                let head = many!["union", self.flags(parameters)];
                self.list(head, self.plain(tables))
            }
            K::Where {
                parameters,
                predicate,
            } => vec![
                "where".into(),
                self.flags(parameters),
                " ".into(),
                self.expr(predicate),
            ],
            K::Error => Vec::new(),
        }
    }

    fn keys(&self, keys: &[SortKey]) -> Vec<Doc> {
        keys.iter()
            .map(|k| {
                let nulls = match k.nulls_first {
                    None => "",
                    Some(true) => " nulls first",
                    Some(false) => " nulls last",
                };
                many![self.named(&k.expr), direction(k.ascending), nulls]
            })
            .collect()
    }
}

fn direction(ascending: Option<bool>) -> &'static str {
    match ascending {
        None => "",
        Some(true) => " asc",
        Some(false) => " desc",
    }
}

fn parse_part(p: &ParsePart) -> String {
    match p {
        ParsePart::Star(_) => "*".to_owned(),
        ParsePart::Text(t, _) => string(t),
        ParsePart::Column(c) => match &c.type_name {
            Some(t) => format!("{}:{}", name(&c.name), name(t)),
            None => name(&c.name),
        },
    }
}
