//! Tabular operators.

use super::cursor::{Cursor, Res};
use super::lexer::Kind;
use crate::ast::{
    ColumnDeclOpt, ExpandItem, Expr, ExprKind, Name, NamedExpr, OperatorKind as K, ParsePart,
    ReorderDirection,
};

/// The words of all operators, for hints.
pub const WORDS: [&str; 54] = [
    "as",
    "assert-schema",
    "consume",
    "count",
    "distinct",
    "evaluate",
    "execute-and-cache",
    "extend",
    "facet",
    "filter",
    "find",
    "fork",
    "getschema",
    "graph-mark-components",
    "graph-match",
    "graph-shortest-paths",
    "graph-to-table",
    "invoke",
    "join",
    "limit",
    "lookup",
    "macro-expand",
    "make-graph",
    "make-series",
    "mv-apply",
    "mv-expand",
    "order",
    "parse",
    "parse-kv",
    "parse-where",
    "partition",
    "print",
    "project",
    "project-away",
    "project-by-names",
    "project-keep",
    "project-rename",
    "project-reorder",
    "range",
    "reduce",
    "render",
    "sample",
    "sample-distinct",
    "scan",
    "search",
    "serialize",
    "sort",
    "summarize",
    "take",
    "top",
    "top-hitters",
    "top-nested",
    "union",
    "where",
];

impl Cursor<'_> {
    pub fn operator_kind(&mut self, word: &Name) -> Res<K> {
        Ok(match word.text.as_str() {
            "where" | "filter" => {
                let parameters = self.parameters(&[])?;
                K::Where {
                    parameters,
                    predicate: Box::new(self.expr()?),
                }
            }
            "extend" => K::Extend {
                items: self.named_list()?,
            },
            "project" => {
                let items = if self.at_end() {
                    Vec::new()
                } else {
                    self.named_list()?
                };
                K::Project { items }
            }
            "project-away" => K::ProjectAway {
                items: self.name_patterns()?,
            },
            "project-keep" => K::ProjectKeep {
                items: self.name_patterns()?,
            },
            "project-rename" => {
                let items = if self.at_end() {
                    Vec::new()
                } else {
                    self.named_list()?
                };
                K::ProjectRename { items }
            }
            "project-reorder" => self.project_reorder()?,
            "project-by-names" => {
                let mut items = vec![self.expr()?];
                while self.take(",") {
                    items.push(self.expr()?);
                }
                K::ProjectByNames { items }
            }
            "summarize" => self.summarize()?,
            "distinct" => {
                let parameters = self.parameters(&[])?;
                K::Distinct {
                    parameters,
                    items: self.named_list()?,
                }
            }
            "count" => {
                let name = if self.take_word("as") {
                    Some(self.name()?)
                } else {
                    None
                };
                K::Count { name }
            }
            "sort" | "order" => {
                let parameters = self.parameters(&[])?;
                self.expect_word("by")?;
                K::Sort {
                    parameters,
                    keys: self.sort_keys()?,
                }
            }
            "top" => {
                let parameters = self.parameters(&[])?;
                let count = Box::new(self.expr()?);
                let others = if self.take_word("with") {
                    self.expect_word("others")?;
                    self.expect("=")?;
                    Some(Box::new(self.expr()?))
                } else {
                    None
                };
                self.expect_word("by")?;
                K::Top {
                    parameters,
                    count,
                    keys: self.sort_keys()?,
                    others,
                }
            }
            "take" | "limit" => K::Take {
                count: Box::new(self.expr()?),
            },
            "sample" => K::Sample {
                count: Box::new(self.expr()?),
            },
            "sample-distinct" => {
                let count = Box::new(self.expr()?);
                self.expect_word("of")?;
                K::SampleDistinct {
                    count,
                    of: Box::new(self.expr()?),
                }
            }
            "top-hitters" => {
                let count = Box::new(self.expr()?);
                self.expect_word("of")?;
                let of = Box::new(self.expr()?);
                let by = if self.take_word("by") {
                    Some(Box::new(self.expr()?))
                } else {
                    None
                };
                K::TopHitters { count, of, by }
            }
            "top-nested" => self.top_nested()?,
            "join" | "lookup" => self.join(word.text == "join")?,
            "union" => {
                let parameters =
                    self.parameters(&["kind", "withsource", "with_source", "isfuzzy"])?;
                let mut tables = vec![self.table()?];
                while self.take(",") {
                    tables.push(self.table()?);
                }
                K::Union { parameters, tables }
            }
            "as" => {
                let parameters = self.parameters(&[])?;
                K::As {
                    parameters,
                    name: self.name()?,
                }
            }
            "serialize" => {
                let parameters = self.parameters(&[])?;
                let _ = parameters;
                let items = if self.at_end() {
                    Vec::new()
                } else {
                    self.named_list()?
                };
                K::Serialize { items }
            }
            "getschema" => K::GetSchema,
            "consume" => K::Consume {
                parameters: self.parameters(&["decodeblocks"])?,
            },
            "render" => self.render()?,
            "invoke" => {
                let name = self.name()?;
                K::Invoke {
                    name,
                    arguments: self.arguments()?,
                }
            }
            "evaluate" => {
                let parameters = self.parameters(&["hint"])?;
                let name = self.name()?;
                let arguments = self.arguments()?;
                let (schema, schema_open) = if self.take(":") {
                    let (columns, open) = self.columns_or_star()?;
                    (Some(columns), open)
                } else {
                    (None, false)
                };
                K::Evaluate {
                    parameters,
                    name,
                    arguments,
                    schema,
                    schema_open,
                }
            }
            "mv-expand" | "mvexpand" => {
                let parameters = self.parameters(&["bagexpansion", "kind", "with_itemindex"])?;
                let items = self.expand_items()?;
                let limit = self.limit()?;
                K::MvExpand {
                    parameters,
                    items,
                    limit,
                }
            }
            "mv-apply" | "mvapply" => {
                let parameters = self.parameters(&["bagexpansion", "kind", "with_itemindex"])?;
                let items = self.expand_items()?;
                let limit = self.limit()?;
                let id = if self.take_word("id") {
                    Some(Box::new(self.expr()?))
                } else {
                    None
                };
                self.expect_word("on")?;
                let body = Box::new(self.body_in_parentheses()?);
                K::MvApply {
                    parameters,
                    items,
                    limit,
                    id,
                    body,
                }
            }
            "parse" | "parse-where" => self.parse_op(word.text == "parse-where")?,
            "parse-kv" => {
                let source = Box::new(self.expr()?);
                self.expect_word("as")?;
                let columns = self.columns()?;
                K::ParseKv {
                    source,
                    columns,
                    properties: self.properties()?,
                }
            }
            "make-series" | "makeseries" => self.make_series()?,
            "search" => self.search()?,
            "find" => self.find()?,
            "print" => K::Print {
                items: self.named_list()?,
            },
            "range" => {
                let name = self.name()?;
                self.expect_word("from")?;
                let from = Box::new(self.expr()?);
                self.expect_word("to")?;
                let to = Box::new(self.expr()?);
                self.expect_word("step")?;
                K::Range {
                    name,
                    from,
                    to,
                    step: Box::new(self.expr()?),
                }
            }
            "reduce" => {
                let parameters = self.parameters(&["kind"])?;
                self.expect_word("by")?;
                let by = Box::new(self.expr()?);
                let mut with = Vec::new();
                if self.take_word("with") {
                    with.push(self.property()?);
                    while self.take(",") {
                        with.push(self.property()?);
                    }
                }
                K::Reduce {
                    parameters,
                    by,
                    with,
                }
            }
            "facet" => {
                self.expect_word("by")?;
                let by = self.name_patterns()?;
                let with = if self.take_word("with") {
                    Some(Box::new(self.body_in_parentheses()?))
                } else {
                    None
                };
                K::Facet { by, with }
            }
            "fork" => {
                let mut branches = Vec::new();
                while !self.at_end() {
                    let name = if self.is_ahead(1, "=") {
                        let n = self.name()?;
                        self.next();
                        Some(n)
                    } else {
                        None
                    };
                    branches.push((name, self.body_in_parentheses()?));
                    self.take(",");
                }
                K::Fork { branches }
            }
            "partition" => self.partition()?,
            "scan" => self.scan()?,
            "assert-schema" => K::AssertSchema {
                columns: self.columns()?,
            },
            "execute-and-cache" => K::ExecuteAndCache,
            "make-graph" => self.make_graph()?,
            "graph-match" => self.graph_match(false)?,
            "graph-shortest-paths" => self.graph_match(true)?,
            "graph-mark-components" => K::GraphMarkComponents {
                parameters: self.parameters(&["kind", "with_component_id"])?,
            },
            "graph-to-table" => self.graph_to_table()?,
            "graph-where-nodes" | "graph-where-edges" => K::GraphWhere {
                edges: word.text == "graph-where-edges",
                predicate: Box::new(self.expr()?),
            },
            "macro-expand" => self.macro_expand()?,
            "__partitionby" => {
                let parameters = self.parameters(&[])?;
                let by = self.name()?;
                K::PartitionBy {
                    parameters,
                    by,
                    body: Box::new(self.body_in_parentheses()?),
                }
            }
            _ => return Err(self.unknown_operator(word)),
        })
    }

    /// `(op | op)`: a pipe over rows of the place.
    pub fn body_in_parentheses(&mut self) -> Res<Expr> {
        let open = self.peek();
        self.expect("(")?;
        let body = self.body_pipe()?;
        self.close(")", open)?;
        Ok(body)
    }

    /// Whether the operator has no more text.
    pub fn at_end(&self) -> bool {
        self.done()
            || matches!(self.peek().text, "|" | ";" | ")" | "}") && self.peek().kind == Kind::Mark
    }

    fn limit(&mut self) -> Res<Option<Box<Expr>>> {
        if self.is_word("limit") && !self.is_ahead(1, "=") {
            self.next();
            return Ok(Some(Box::new(self.expr()?)));
        }
        Ok(None)
    }

    fn project_reorder(&mut self) -> Res<K> {
        let mut items = Vec::new();
        loop {
            if self.at_end() {
                break;
            }
            let pattern = self.name_pattern()?;
            let place = self.place();
            let direction = match self.hyphenated().map(|w| w.text).as_deref() {
                Some("asc") => Some(ReorderDirection::Asc),
                Some("desc") => Some(ReorderDirection::Desc),
                Some("granny-asc") => Some(ReorderDirection::GrannyAsc),
                Some("granny-desc") => Some(ReorderDirection::GrannyDesc),
                _ => {
                    self.back_to(place);
                    None
                }
            };
            items.push((pattern, direction));
            if !self.take(",") {
                break;
            }
        }
        Ok(K::ProjectReorder { items })
    }

    fn summarize(&mut self) -> Res<K> {
        let parameters = self.parameters(&[])?;
        let aggregates = if self.is_word("by") && !self.is_ahead(1, "=") {
            Vec::new()
        } else {
            self.named_list()?
        };
        let by_word = self.take_word("by");
        let by = if by_word {
            self.named_list()?
        } else {
            Vec::new()
        };
        Ok(K::Summarize {
            parameters,
            aggregates,
            by,
            by_word,
        })
    }

    fn join(&mut self, join: bool) -> Res<K> {
        let parameters = self.parameters(&["kind", "withsource", "flags"])?;
        let right = if self.is("(") {
            self.expr()?
        } else {
            self.table()?
        };
        let on_word = self.take_word("on");
        let mut on = Vec::new();
        if on_word {
            on.push(self.expr()?);
            while self.take(",") {
                on.push(self.expr()?);
            }
        } else if self.take_word("where") {
            on.push(self.expr()?);
        }
        let right = Box::new(right);
        Ok(if join {
            K::Join {
                parameters,
                right,
                on,
                on_word,
            }
        } else {
            K::Lookup {
                parameters,
                right,
                on,
            }
        })
    }

    fn render(&mut self) -> Res<K> {
        let Some(kind) = self.hyphenated() else {
            return Err(self.expected("a kind of chart"));
        };
        let mut properties = Vec::new();
        if self.take_word("with") {
            self.expect("(")?;
            while !self.is(")") {
                properties.push(self.render_property()?);
                if !self.take(",") && !self.at_property() {
                    break;
                }
            }
            self.expect(")")?;
        }
        while self.at_property() {
            properties.push(self.render_property()?);
        }
        Ok(K::Render { kind, properties })
    }

    /// `title = "x"`, `ycolumns = a, b`
    fn render_property(&mut self) -> Res<crate::ast::Property> {
        let mut p = self.property()?;
        let list = matches!(
            p.name.text.as_str(),
            "ycolumns" | "series" | "anomalycolumns" | "ysplit" | "accumulate"
        );
        if let ExprKind::Name(first) = &mut p.value.kind {
            while list && self.is(",") && self.ahead(1).kind == Kind::Name && !self.is_ahead(2, "=")
            {
                self.next();
                let n = self.next();
                first.text.push(',');
                first.text.push_str(n.text);
            }
        }
        Ok(p)
    }

    fn expand_items(&mut self) -> Res<Vec<ExpandItem>> {
        let mut out = Vec::new();
        loop {
            let expr: NamedExpr = self.named()?;
            let to_type = if self.is_word("to") && self.is_word_ahead(1, "typeof") {
                self.next();
                self.next();
                self.expect("(")?;
                let n = self.name()?;
                self.expect(")")?;
                Some(n)
            } else {
                None
            };
            out.push(ExpandItem { expr, to_type });
            if !self.take(",") {
                return Ok(out);
            }
        }
    }

    fn parse_op(&mut self, where_: bool) -> Res<K> {
        let parameters = self.parameters(&["kind", "flags"])?;
        let source = Box::new(self.expr()?);
        self.expect_word("with")?;
        let mut parts = Vec::new();
        while !self.at_end() {
            let t = self.peek();
            if self.take("*") {
                parts.push(ParsePart::Star(t.span()));
            } else if t.kind == Kind::String {
                let text = self.string()?;
                parts.push(ParsePart::Text(text, self.span_from(t.start)));
            } else {
                let name = self.name()?;
                let type_name = if self.take(":") {
                    Some(self.name()?)
                } else {
                    None
                };
                parts.push(ParsePart::Column(ColumnDeclOpt { name, type_name }));
            }
        }
        Ok(K::Parse {
            where_,
            parameters,
            source,
            parts,
        })
    }
}
