//! Scalars and tables by precedence: or, and, comparison, sum, product, sign, member.

use super::MOST_DEPTH;
use super::cursor::{Cursor, Res};
use super::lexer::Kind;
use crate::ast::{Argument, BinaryOp, Expr, ExprKind, InOp, Name, UnaryOp};
use kql_diag::{Diagnostic, codes};

/// Operators in a chain of one precedence (`a + b + c ...`).
const MOST_CHAIN: usize = 2000;

/// Old spellings of operators.
const OTHER_SPELLINGS: [(&str, BinaryOp); 4] = [
    ("notcontains", BinaryOp::NotContains),
    ("notcontainscs", BinaryOp::NotContainsCs),
    ("containscs", BinaryOp::ContainsCs),
    ("hascs", BinaryOp::HasCs),
];

impl Cursor<'_> {
    /// A scalar or a table without pipes.
    pub fn expr(&mut self) -> Res<Expr> {
        self.depth += 1;
        let out = if self.depth > MOST_DEPTH * 2 {
            let t = self.peek();
            Err(self.report(Diagnostic::error(
                codes::TOO_DEEP,
                t.span(),
                "expressions are nested too deeply",
            )))
        } else {
            self.or()
        };
        self.depth -= 1;
        out
    }

    fn or(&mut self) -> Res<Expr> {
        self.list("or", Self::and, ExprKind::Or)
    }

    fn and(&mut self) -> Res<Expr> {
        self.list("and", Self::comparison, ExprKind::And)
    }

    fn list(
        &mut self,
        word: &str,
        next: fn(&mut Self) -> Res<Expr>,
        make: fn(Vec<Expr>) -> ExprKind,
    ) -> Res<Expr> {
        let first = next(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let start = first.span.start as usize;
        let mut items = vec![first];
        while self.take_word(word) {
            items.push(next(self)?);
        }
        Ok(Expr {
            kind: make(items),
            span: self.span_from(start),
        })
    }

    fn comparison(&mut self) -> Res<Expr> {
        let mut left = self.sum()?;
        let mut n = 0;
        loop {
            let start = left.span.start as usize;
            let t = self.peek();
            let op_start = t.start;
            let negated = self.is("!") && self.ahead(1).kind == Kind::Name && self.touches(0);
            let word = if negated { self.ahead(1) } else { t };
            n += 1;
            if n > MOST_CHAIN {
                return Err(self.expected("a shorter chain of operators"));
            }
            if word.kind == Kind::Name {
                let text = word.text;
                let width = if negated { 2 } else { 1 };
                if text == "between" {
                    for _ in 0..width {
                        self.next();
                    }
                    self.expect("(")?;
                    let low = self.expr()?;
                    self.expect("..")?;
                    let high = self.expr()?;
                    self.expect(")")?;
                    let kind = ExprKind::Between {
                        negated,
                        value: Box::new(left),
                        low: Box::new(low),
                        high: Box::new(high),
                    };
                    left = Expr {
                        kind,
                        span: self.span_from(start),
                    };
                    continue;
                }
                if text == "matches" && self.is_word_ahead(width, "regex") {
                    self.next();
                    self.next();
                    left = self.binary_rest(BinaryOp::MatchesRegex, op_start, left)?;
                    continue;
                }
                if matches!(text, "in" | "has_any" | "has_all") {
                    let mut name = if negated {
                        format!("!{text}")
                    } else {
                        text.to_owned()
                    };
                    let tilde = text == "in" && self.is_ahead(width, "~");
                    if tilde {
                        name.push('~');
                    }
                    if let Some(op) = InOp::from_text(&name)
                        && (self.is_ahead(width + usize::from(tilde), "(") || text != "in")
                    {
                        for _ in 0..width + usize::from(tilde) {
                            self.next();
                        }
                        left = self.in_rest(op, op_start, left)?;
                        continue;
                    }
                }
                let name = if negated {
                    format!("!{text}")
                } else {
                    text.to_owned()
                };
                let op = BinaryOp::from_text(&name).or_else(|| {
                    OTHER_SPELLINGS
                        .iter()
                        .find(|(s, _)| *s == name)
                        .map(|(_, op)| *op)
                });
                if let Some(op) = op {
                    for _ in 0..width {
                        self.next();
                    }
                    left = self.binary_rest(op, op_start, left)?;
                    continue;
                }
                return Ok(left);
            }
            let op = match (t.kind, t.text) {
                (Kind::Mark, "<>") => Some(BinaryOp::NotEqual),
                (Kind::Mark, "==" | "!=" | "<" | "<=" | ">" | ">=" | "=~" | "!~") => {
                    BinaryOp::from_text(t.text)
                }
                (Kind::Mark, ":") => Some(BinaryOp::Colon),
                _ => None,
            };
            let Some(op) = op else { return Ok(left) };
            self.next();
            left = self.binary_rest(op, op_start, left)?;
        }
    }

    fn binary_rest(&mut self, op: BinaryOp, op_start: usize, left: Expr) -> Res<Expr> {
        let op_span = self.span_from(op_start);
        let start = left.span.start as usize;
        let right = self.sum()?;
        let kind = ExprKind::Binary {
            op,
            op_span,
            left: Box::new(left),
            right: Box::new(right),
        };
        Ok(Expr {
            kind,
            span: self.span_from(start),
        })
    }

    fn in_rest(&mut self, op: InOp, op_start: usize, left: Expr) -> Res<Expr> {
        let op_span = self.span_from(op_start);
        let start = left.span.start as usize;
        let mut list = Vec::new();
        if self.is("(") {
            let open = self.next();
            while !self.is(")") {
                list.push(self.pipe_expr()?);
                if !self.take(",") {
                    break;
                }
            }
            self.close_list(")", open)?;
        } else {
            // `x has_any dynamic([...])`, `x has_all T`
            list.push(self.sum()?);
        }
        let kind = ExprKind::In {
            op,
            op_span,
            value: Box::new(left),
            list,
        };
        Ok(Expr {
            kind,
            span: self.span_from(start),
        })
    }

    fn chain(&mut self, marks: &[(&str, BinaryOp)], next: fn(&mut Self) -> Res<Expr>) -> Res<Expr> {
        let mut left = next(self)?;
        for _ in 0..MOST_CHAIN {
            let t = self.peek();
            let Some((_, op)) = marks
                .iter()
                .find(|(m, _)| t.kind == Kind::Mark && t.text == *m)
            else {
                return Ok(left);
            };
            self.next();
            let start = left.span.start as usize;
            let right = next(self)?;
            let kind = ExprKind::Binary {
                op: *op,
                op_span: t.span(),
                left: Box::new(left),
                right: Box::new(right),
            };
            left = Expr {
                kind,
                span: self.span_from(start),
            };
        }
        Err(self.expected("a shorter chain of operators"))
    }

    pub fn sum(&mut self) -> Res<Expr> {
        self.chain(
            &[("+", BinaryOp::Add), ("-", BinaryOp::Subtract)],
            Self::product,
        )
    }

    fn product(&mut self) -> Res<Expr> {
        let marks = [
            ("*", BinaryOp::Multiply),
            ("/", BinaryOp::Divide),
            ("%", BinaryOp::Modulo),
        ];
        self.chain(&marks, Self::unary)
    }

    fn unary(&mut self) -> Res<Expr> {
        let t = self.peek();
        if self.is("-") || self.is("+") {
            let mut signs = Vec::new();
            while self.is("-") || self.is("+") {
                let s = self.next();
                signs.push((
                    s.start,
                    if s.text == "-" {
                        UnaryOp::Minus
                    } else {
                        UnaryOp::Plus
                    },
                ));
            }
            if signs.len() > MOST_DEPTH {
                return Err(self.report(Diagnostic::error(
                    codes::TOO_DEEP,
                    t.span(),
                    "too many signs",
                )));
            }
            let mut e = self.postfix()?;
            for (start, op) in signs.into_iter().rev() {
                e = Expr {
                    kind: ExprKind::Unary {
                        op,
                        operand: Box::new(e),
                    },
                    span: self.span_from(start),
                };
            }
            return Ok(e);
        }
        self.postfix()
    }

    /// What stands behind `database('x').`: a table, several of them as `Storm*`, or `*`.
    fn member_of_database(&mut self) -> Res<Name> {
        let member = self.name_pattern()?;
        Ok(match member.kind {
            ExprKind::Name(name) | ExprKind::Wildcard(name) => name,
            _ => Name {
                text: "*".to_owned(),
                bracketed: false,
                span: member.span,
            },
        })
    }

    fn postfix(&mut self) -> Res<Expr> {
        let mut e = self.primary()?;
        for _ in 0..MOST_CHAIN {
            let start = e.span.start as usize;
            if self.is(".") {
                self.next();
                if self.is("[") && self.ahead(1).kind != Kind::String {
                    // `a.[0]`
                    continue;
                }
                let member = if self.is("*") || is_database(&e) {
                    self.member_of_database()?
                } else {
                    self.name()?
                };
                if self.is("(") {
                    let arguments = self.arguments()?;
                    let kind = ExprKind::MethodCall {
                        base: Box::new(e),
                        name: member,
                        arguments,
                    };
                    e = Expr {
                        kind,
                        span: self.span_from(start),
                    };
                } else {
                    let kind = ExprKind::Member {
                        base: Box::new(e),
                        member,
                    };
                    e = Expr {
                        kind,
                        span: self.span_from(start),
                    };
                }
            } else if self.is("[") {
                self.next();
                let index = self.expr()?;
                self.expect("]")?;
                let kind = ExprKind::Index {
                    base: Box::new(e),
                    index: Box::new(index),
                };
                e = Expr {
                    kind,
                    span: self.span_from(start),
                };
            } else {
                return Ok(e);
            }
        }
        Err(self.expected("a shorter path"))
    }

    /// `(a, name = b, T | where x)`
    pub fn arguments(&mut self) -> Res<Vec<Argument>> {
        let open = self.peek();
        self.expect("(")?;
        let mut out = Vec::new();
        while !self.is(")") {
            let name = if self.peek().kind == Kind::Name && self.is_ahead(1, "=") {
                let n = self.name()?;
                self.next();
                Some(n)
            } else {
                None
            };
            let value = if self.is("*") && (self.is_ahead(1, ",") || self.is_ahead(1, ")")) {
                let t = self.next();
                Expr {
                    kind: ExprKind::Star,
                    span: t.span(),
                }
            } else {
                self.pipe_expr()?
            };
            out.push(Argument { name, value });
            if !self.take(",") {
                break;
            }
            if self.is(")") {
                return Err(self.expected("an argument"));
            }
        }
        self.close_list(")", open)?;
        Ok(out)
    }

    fn primary(&mut self) -> Res<Expr> {
        let t = self.peek();
        if let Some(l) = self.literal() {
            return Ok(Expr {
                kind: ExprKind::Literal(l?),
                span: self.span_from(t.start),
            });
        }
        if self.is("(") {
            self.next();
            let inner = self.pipe_expr()?;
            self.close(")", t)?;
            return Ok(Expr {
                kind: ExprKind::Paren(Box::new(inner)),
                span: self.span_from(t.start),
            });
        }
        if self.is("*") {
            self.next();
            return Ok(Expr {
                kind: ExprKind::Star,
                span: t.span(),
            });
        }
        if self.is("[") && self.ahead(1).kind == Kind::String && self.is_ahead(2, "]") {
            let name = self.name()?;
            if self.is("(") {
                let arguments = self.arguments()?;
                return Ok(Expr {
                    kind: ExprKind::Call { name, arguments },
                    span: self.span_from(t.start),
                });
            }
            return Ok(Expr {
                kind: ExprKind::Name(name),
                span: self.span_from(t.start),
            });
        }
        // A bare `Kind::Typed` word such as `int` never comes here; a type's name without parentheses is a name.
        if t.kind == Kind::Name {
            if self.is_ahead(1, "(") {
                match t.text {
                    "typeof" => return self.type_of(),
                    "datatable" => return self.datatable(),
                    "externaldata" | "external_data" => return self.externaldata(),
                    _ => {}
                }
            }
            if t.text == "entity_group" && self.is_ahead(1, "[") {
                return self.entity_group();
            }
            if t.text == "toscalar" && self.is_word_ahead(1, "kind") && self.is_ahead(2, "=") {
                // How it is computed does not change what it is.
                let name = self.name()?;
                self.parameters(&["kind"])?;
                let arguments = self.arguments()?;
                return Ok(Expr {
                    kind: ExprKind::Call { name, arguments },
                    span: self.span_from(t.start),
                });
            }
            if t.text == "view" && self.is_ahead(1, "(") {
                let function = self.function()?;
                return Ok(Expr {
                    kind: ExprKind::Lambda(std::sync::Arc::new(function)),
                    span: self.span_from(t.start),
                });
            }
            let name = self.name()?;
            if self.is("(") {
                let arguments = self.arguments()?;
                return Ok(Expr {
                    kind: ExprKind::Call { name, arguments },
                    span: self.span_from(t.start),
                });
            }
            return Ok(Expr {
                kind: ExprKind::Name(name),
                span: t.span(),
            });
        }
        Err(self.expected("an expression"))
    }

    fn type_of(&mut self) -> Res<Expr> {
        let start = self.next().start;
        self.expect("(")?;
        let mut columns = Vec::new();
        while !self.is(")") {
            let first = if self.is("*") {
                let t = self.next();
                Name {
                    text: "*".to_owned(),
                    bracketed: false,
                    span: t.span(),
                }
            } else {
                self.name()?
            };
            if self.take(":") {
                let type_name = self.name()?;
                columns.push(crate::ast::ColumnDecl {
                    name: first,
                    type_name,
                    default: None,
                });
            } else {
                let none = Name {
                    text: String::new(),
                    bracketed: false,
                    span: first.span,
                };
                columns.push(crate::ast::ColumnDecl {
                    name: none,
                    type_name: first,
                    default: None,
                });
            }
            if !self.take(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(Expr {
            kind: ExprKind::TypeOf(columns),
            span: self.span_from(start),
        })
    }

    fn datatable(&mut self) -> Res<Expr> {
        let start = self.next().start;
        let columns = self.columns()?;
        self.properties()?;
        self.expect("[")?;
        let mut values = Vec::new();
        while !self.is("]") {
            values.push(self.expr()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect("]")?;
        Ok(Expr {
            kind: ExprKind::DataTable { columns, values },
            span: self.span_from(start),
        })
    }

    fn externaldata(&mut self) -> Res<Expr> {
        let start = self.next().start;
        let columns = self.columns()?;
        let mut properties = self.properties()?;
        self.expect("[")?;
        let mut locations = Vec::new();
        while !self.is("]") {
            locations.push(self.expr()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect("]")?;
        if self.take_word("with") {
            self.expect("(")?;
            while !self.is(")") {
                properties.push(self.property()?);
                if !self.take(",") && !self.is(")") && !self.at_name() {
                    break;
                }
            }
            self.expect(")")?;
        }
        Ok(Expr {
            kind: ExprKind::ExternalData {
                columns,
                locations,
                properties,
            },
            span: self.span_from(start),
        })
    }
}

/// Whether it is `database(...)` or `cluster(...).database(...)`, where a `*` behind the dot multiplies nothing.
fn is_database(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Call { name, .. } | ExprKind::MethodCall { name, .. } if name.text == "database")
}
