//! Graphs, entity groups and patterns.

use super::cursor::{Cursor, Res};
use crate::ast::{
    EdgeDirection, Expr, ExprKind, Function, GraphOutput, GraphPart, OperatorKind as K, Pattern,
    PatternCase, Property, Statement,
};

impl Cursor<'_> {
    /// `make-graph a --> b with N on id, M on id partitioned-by p (...)`
    pub fn make_graph(&mut self) -> Res<K> {
        let parameters = self.parameters(&[])?;
        let source = self.name()?;
        let directed = self.take_marks(&["-", "-", ">"]);
        if !directed && !self.take_marks(&["-", "-"]) {
            return Err(self.expected("`-->`"));
        }
        let target = self.name()?;
        let (mut nodes, mut node_id, mut partition) = (Vec::new(), None, None);
        if self.is_word("with_node_id") && self.is_ahead(1, "=") {
            self.next();
            self.next();
            node_id = Some(self.name()?);
        } else if self.take_word("with") {
            loop {
                let table = self.table()?;
                self.expect_word("on")?;
                nodes.push((table, self.name()?));
                if !self.take(",") {
                    break;
                }
            }
        }
        if self.take_hyphenated("partitioned-by") {
            let by = self.name()?;
            partition = Some((by, Box::new(self.body_in_parentheses()?)));
        }
        Ok(K::MakeGraph {
            parameters,
            source,
            target,
            directed,
            nodes,
            node_id,
            partition,
        })
    }

    /// Takes a word with hyphens if it is next.
    fn take_hyphenated(&mut self, word: &str) -> bool {
        let place = self.place();
        let yes = self.hyphenated().is_some_and(|w| w.text == word);
        if !yes {
            self.back_to(place);
        }
        yes
    }

    /// `graph-match (a)-[e]->(b), (b)--(c) where ... project ...`
    pub fn graph_match(&mut self, shortest: bool) -> Res<K> {
        let parameters = self.parameters(&["cycles", "output", "kind"])?;
        let mut patterns = vec![self.graph_pattern()?];
        while self.take(",") {
            patterns.push(self.graph_pattern()?);
        }
        let condition = if self.take_word("where") {
            Some(Box::new(self.expr()?))
        } else {
            None
        };
        let project = if self.take_word("project") {
            self.named_list()?
        } else {
            Vec::new()
        };
        Ok(K::GraphMatch {
            parameters,
            patterns,
            condition,
            project,
            shortest,
        })
    }

    fn graph_pattern(&mut self) -> Res<Vec<GraphPart>> {
        let mut parts = vec![self.graph_node()?];
        while self.is("-") || self.is("<") {
            parts.push(self.graph_edge()?);
            parts.push(self.graph_node()?);
        }
        Ok(parts)
    }

    fn graph_node(&mut self) -> Res<GraphPart> {
        let open = self.peek();
        if !self.take("(") {
            return Err(self.expected("a node such as `(n)`"));
        }
        let name = if self.is(")") {
            None
        } else {
            Some(self.name()?)
        };
        self.close(")", open)?;
        Ok(GraphPart::Node(name, self.span_from(open.start)))
    }

    fn graph_edge(&mut self) -> Res<GraphPart> {
        let start = self.peek().start;
        let plain = if self.take_marks(&["-", "-", ">"]) {
            Some(EdgeDirection::Right)
        } else if self.take_marks(&["<", "-", "-"]) {
            Some(EdgeDirection::Left)
        } else if self.take_marks(&["-", "-"]) {
            Some(EdgeDirection::Any)
        } else {
            None
        };
        if let Some(direction) = plain {
            return Ok(GraphPart::Edge {
                name: None,
                direction,
                range: None,
                span: self.span_from(start),
            });
        }
        let left = self.take_marks(&["<", "-", "["]);
        if !left && !self.take_marks(&["-", "["]) {
            return Err(self.expected("an edge such as `-[e]->`"));
        }
        let name = if self.is("*") || self.is("]") {
            None
        } else {
            Some(self.name()?)
        };
        let range = if self.take("*") {
            let low = self.sum()?;
            self.expect("..")?;
            Some((low, self.sum()?))
        } else {
            None
        };
        let direction = if left {
            if !self.take_marks(&["]", "-"]) {
                return Err(self.expected("`]-`"));
            }
            EdgeDirection::Left
        } else if self.take_marks(&["]", "-", ">"]) {
            EdgeDirection::Right
        } else if self.take_marks(&["]", "-"]) {
            EdgeDirection::Any
        } else {
            return Err(self.expected("`]->` or `]-`"));
        };
        Ok(GraphPart::Edge {
            name,
            direction,
            range,
            span: self.span_from(start),
        })
    }

    /// `graph-to-table nodes as N with_node_id=id, edges as E`
    pub fn graph_to_table(&mut self) -> Res<K> {
        const KNOWN: [&str; 3] = ["with_node_id", "with_source_id", "with_target_id"];
        let mut outputs = Vec::new();
        loop {
            let edges = self.take_word("edges");
            if !edges && !self.take_word("nodes") {
                return Err(self.expected("`nodes` or `edges`"));
            }
            let mut properties: Vec<Property> = self.parameters(&KNOWN)?;
            let name = if self.take_word("as") {
                Some(self.name()?)
            } else {
                None
            };
            properties.extend(self.parameters(&KNOWN)?);
            outputs.push(GraphOutput {
                edges,
                name,
                properties,
            });
            if !self.take(",") {
                return Ok(K::GraphToTable { outputs });
            }
        }
    }

    /// `macro-expand kind=outer entity_group [...] as X ( statements; X.T | ... )`
    pub fn macro_expand(&mut self) -> Res<K> {
        let parameters = self.parameters(&["kind", "isfuzzy"])?;
        let group = Box::new(self.expr()?);
        self.expect_word("as")?;
        let scope = self.name()?;
        let open = self.peek();
        self.expect("(")?;
        let (mut statements, mut body) = (Vec::new(), None);
        while !self.is(")") {
            if self.take(";") {
                continue;
            }
            match self.statement()? {
                Statement::Query { expr, .. } => body = Some(Box::new(expr)),
                other => statements.push(other),
            }
            if !self.is(";") {
                break;
            }
        }
        self.close(")", open)?;
        Ok(K::MacroExpand {
            parameters,
            group,
            scope,
            statements,
            body,
        })
    }

    /// `entity_group [a, b]`
    pub fn entity_group(&mut self) -> Res<Expr> {
        let start = self.next().start;
        let open = self.peek();
        self.expect("[")?;
        let mut items = Vec::new();
        while !self.is("]") {
            items.push(self.expr()?);
            if !self.take(",") {
                break;
            }
        }
        self.close("]", open)?;
        Ok(Expr {
            kind: ExprKind::EntityGroup(items),
            span: self.span_from(start),
        })
    }

    /// `name = (a:string)[p:string] { ("x").["y"] = { ... }; }` behind `declare pattern`.
    pub fn pattern_statement(&mut self, start: usize) -> Res<Statement> {
        let name = self.name()?;
        let definition = if self.take("=") {
            Some(self.pattern()?)
        } else {
            None
        };
        Ok(Statement::Pattern {
            name,
            definition,
            span: self.span_from(start),
        })
    }

    fn pattern(&mut self) -> Res<Pattern> {
        let parameters = self.function_parameters()?;
        let path = if self.take("[") {
            let start = self.peek().start;
            let p = self.parameter(start)?;
            self.expect("]")?;
            Some(p)
        } else {
            None
        };
        let open = self.peek();
        self.expect("{")?;
        let mut cases = Vec::new();
        while self.is("(") {
            let start = self.peek().start;
            let paren = self.next();
            let mut arguments = Vec::new();
            while !self.is(")") {
                arguments.push(self.expr()?);
                if !self.take(",") {
                    break;
                }
            }
            self.close(")", paren)?;
            let path = if self.take(".") {
                self.expect("[")?;
                let e = self.expr()?;
                self.expect("]")?;
                Some(e)
            } else {
                None
            };
            self.expect("=")?;
            let at = self.peek().start;
            let (statements, body) = self.body()?;
            let body = Function {
                view: false,
                parameters: Vec::new(),
                statements,
                body,
                span: self.span_from(at),
            };
            cases.push(PatternCase {
                arguments,
                path,
                body,
                span: self.span_from(start),
            });
            self.take(";");
        }
        self.close("}", open)?;
        Ok(Pattern {
            parameters,
            path,
            cases,
        })
    }
}
