//! Tabular operators.

use super::cursor::{Cursor, Res};
use super::lexer::Kind;
use crate::ast::{
    ColumnDeclOpt, ExpandItem, Expr, ExprKind, FindColumn, Name, NamedExpr, OperatorKind as K,
    ParsePart, ReorderDirection, ScanStep, SeriesItem, TopNestedLevel,
};

/// The words of all operators, for hints.
pub const WORDS: [&str; 50] = [
    "as",
    "assert-schema",
    "consume",
    "count",
    "distinct",
    "evaluate",
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
                let schema = if self.take(":") {
                    Some(self.columns()?)
                } else {
                    None
                };
                K::Evaluate {
                    parameters,
                    name,
                    arguments,
                    schema,
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
                self.expect("(")?;
                let body = Box::new(self.body_pipe()?);
                self.expect(")")?;
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
                    self.expect("(")?;
                    let body = self.body_pipe()?;
                    self.expect(")")?;
                    Some(Box::new(body))
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
                    self.expect("(")?;
                    let body = self.body_pipe()?;
                    self.expect(")")?;
                    branches.push((name, body));
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
            "make-graph"
            | "graph-match"
            | "graph-shortest-paths"
            | "graph-mark-components"
            | "graph-to-table"
            | "graph-where-nodes"
            | "graph-where-edges"
            | "macro-expand"
            | "__partitionby" => {
                // Read over whole: the binder says that it is not supported.
                self.skip_to_pipe();
                K::GraphMarkComponents {
                    parameters: Vec::new(),
                }
            }
            _ => return Err(self.unknown_operator(word)),
        })
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
        let mut by = if by_word {
            self.named_list()?
        } else {
            Vec::new()
        };
        // `bin(x, 1h)` may be written as `x step 1h`? Not in KQL; an empty tail is a fault of the text.
        by.shrink_to_fit();
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

    fn make_series(&mut self) -> Res<K> {
        let parameters = self.parameters(&["kind"])?;
        let mut items = Vec::new();
        loop {
            let expr = self.named()?;
            let default = if self.take_word("default") {
                self.expect("=")?;
                Some(self.expr()?)
            } else {
                None
            };
            items.push(SeriesItem { expr, default });
            if !self.take(",") {
                break;
            }
        }
        self.expect_word("on")?;
        let on = Box::new(self.named()?);
        let (mut from, mut to, mut step, mut in_range) = (None, None, None, None);
        if self.is_word("in") && self.is_word_ahead(1, "range") {
            self.next();
            self.next();
            self.expect("(")?;
            let a = Box::new(self.expr()?);
            self.expect(",")?;
            let b = Box::new(self.expr()?);
            self.expect(",")?;
            let c = Box::new(self.expr()?);
            self.expect(")")?;
            in_range = Some((a, b, c));
        } else {
            if self.take_word("from") {
                from = Some(Box::new(self.expr()?));
            }
            if self.take_word("to") {
                to = Some(Box::new(self.expr()?));
            }
            self.expect_word("step")?;
            step = Some(Box::new(self.expr()?));
        }
        let by = if self.take_word("by") {
            self.named_list()?
        } else {
            Vec::new()
        };
        Ok(K::MakeSeries {
            parameters,
            items,
            on,
            from,
            to,
            step,
            in_range,
            by,
        })
    }

    fn table_list(&mut self) -> Res<Vec<Expr>> {
        let mut tables = Vec::new();
        if self.take_word("in") {
            self.expect("(")?;
            while !self.is(")") {
                tables.push(self.table()?);
                if !self.take(",") {
                    break;
                }
            }
            self.expect(")")?;
        }
        Ok(tables)
    }

    fn search(&mut self) -> Res<K> {
        let mut parameters = self.parameters(&["kind"])?;
        let tables = self.table_list()?;
        parameters.extend(self.parameters(&["kind"])?);
        Ok(K::Search {
            parameters,
            tables,
            predicate: Box::new(self.expr()?),
        })
    }

    fn find(&mut self) -> Res<K> {
        let mut parameters = self.parameters(&["withsource", "datascope"])?;
        let tables = self.table_list()?;
        parameters.extend(self.parameters(&["withsource", "datascope"])?);
        let predicate = if self.take_word("where") || !self.at_find_tail() {
            Some(Box::new(self.expr()?))
        } else {
            None
        };
        let (mut project, mut project_smart, mut project_away) = (None, false, Vec::new());
        let place = self.place();
        match self.hyphenated().map(|w| w.text).as_deref() {
            Some("project") => {
                let mut columns = Vec::new();
                loop {
                    let expr = self.expr_without_colon()?;
                    let type_name = if self.take(":") {
                        Some(self.name()?)
                    } else {
                        None
                    };
                    columns.push(FindColumn { expr, type_name });
                    if !self.take(",") {
                        break;
                    }
                }
                project = Some(columns);
            }
            Some("project-smart") => project_smart = true,
            Some("project-away") => project_away = self.name_patterns()?,
            _ => self.back_to(place),
        }
        Ok(K::Find {
            parameters,
            tables,
            predicate,
            project,
            project_smart,
            project_away,
        })
    }

    fn at_find_tail(&self) -> bool {
        self.at_end() || self.is_word("project")
    }

    /// A column or a call: no `a:b` is read as an operator.
    fn expr_without_colon(&mut self) -> Res<Expr> {
        let t = self.peek();
        let name = self.name()?;
        if self.is("(") {
            let arguments = self.arguments()?;
            return Ok(Expr {
                kind: ExprKind::Call { name, arguments },
                span: self.span_from(t.start),
            });
        }
        Ok(Expr {
            span: name.span,
            kind: ExprKind::Name(name),
        })
    }

    fn top_nested(&mut self) -> Res<K> {
        let mut levels = Vec::new();
        loop {
            let count = if self.is_word("of") {
                None
            } else {
                Some(self.expr()?)
            };
            self.expect_word("of")?;
            let of = self.named()?;
            let others = if self.take_word("with") {
                self.expect_word("others")?;
                self.expect("=")?;
                Some(self.expr()?)
            } else {
                None
            };
            self.expect_word("by")?;
            let by = self.named()?;
            let ascending = if self.take_word("asc") {
                Some(true)
            } else if self.take_word("desc") {
                Some(false)
            } else {
                None
            };
            levels.push(TopNestedLevel {
                count,
                of,
                others,
                by,
                ascending,
            });
            if !self.take(",") {
                return Ok(K::TopNested { levels });
            }
            let place = self.place();
            if self.hyphenated().is_none_or(|w| w.text != "top-nested") {
                self.back_to(place);
            }
        }
    }

    fn partition(&mut self) -> Res<K> {
        let mut parameters = self.parameters(&["hint"])?;
        self.expect_word("by")?;
        let by = if self.is("(") {
            Box::new(self.expr()?)
        } else {
            // No call: the body stands in parentheses right behind the name.
            let name = self.name()?;
            Box::new(Expr {
                span: name.span,
                kind: ExprKind::Name(name),
            })
        };
        parameters.extend(self.parameters(&["hint"])?);
        let scope = if self.take_word("in") {
            Some(Box::new(self.table()?))
        } else {
            None
        };
        let braces = self.is("{");
        if braces {
            self.next();
            let body = Box::new(self.pipe_expr()?);
            self.expect("}")?;
            return Ok(K::Partition {
                parameters,
                by,
                scope,
                body,
                braces,
            });
        }
        self.expect("(")?;
        let body = Box::new(self.body_pipe()?);
        self.expect(")")?;
        Ok(K::Partition {
            parameters,
            by,
            scope,
            body,
            braces,
        })
    }

    fn scan(&mut self) -> Res<K> {
        let parameters = self.parameters(&["with_match_id"])?;
        let mut order_by = Vec::new();
        let mut partition_by = Vec::new();
        if self.take_word("order") {
            self.expect_word("by")?;
            order_by = self.sort_keys()?;
        }
        if self.take_word("partition") {
            self.expect_word("by")?;
            partition_by.push(self.expr()?);
            while self.take(",") {
                partition_by.push(self.expr()?);
            }
        }
        let declare = if self.take_word("declare") {
            self.columns()?
        } else {
            Vec::new()
        };
        self.expect_word("with")?;
        self.expect("(")?;
        let mut steps = Vec::new();
        while self.is_word("step") {
            let start = self.next().start;
            let name = self.name()?;
            let optional = self.take_word("optional");
            let output = if self.take_word("output") {
                self.expect("=")?;
                Some(self.name()?)
            } else {
                None
            };
            self.expect(":")?;
            let condition = self.expr()?;
            let assignments = if self.take("=>") {
                self.named_list()?
            } else {
                Vec::new()
            };
            self.take(";");
            steps.push(ScanStep {
                name,
                optional,
                output,
                condition,
                assignments,
                span: self.span_from(start),
            });
        }
        self.expect(")")?;
        Ok(K::Scan {
            parameters,
            order_by,
            partition_by,
            declare,
            steps,
        })
    }
}
