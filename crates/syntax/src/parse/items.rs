//! Parts that many operators share: named expressions, properties, columns, patterns of names.

use super::cursor::{Cursor, Res};
use super::lexer::Kind;
use crate::ast::{ColumnDecl, Expr, ExprKind, Name, NamedExpr, Property, SortKey};

impl Cursor<'_> {
    /// `(a:long, b:string)`
    pub fn columns(&mut self) -> Res<Vec<ColumnDecl>> {
        self.expect("(")?;
        let out = self.columns_until(")")?;
        self.expect(")")?;
        Ok(out)
    }

    /// `(*, a:long)`: the columns, and whether the `*` is there.
    pub fn columns_or_star(&mut self) -> Res<(Vec<ColumnDecl>, bool)> {
        self.expect("(")?;
        let open = self.take("*");
        if open {
            self.take(",");
        }
        let out = self.columns_until(")")?;
        self.expect(")")?;
        Ok((out, open))
    }

    /// `a:long, b:string = expr` up to a mark that is not taken.
    pub fn columns_until(&mut self, end: &str) -> Res<Vec<ColumnDecl>> {
        let mut out = Vec::new();
        while !self.is(end) {
            let name = if self.peek().kind == Kind::String {
                let t = self.peek();
                let text = self.string()?;
                Name {
                    text,
                    bracketed: true,
                    span: self.span_from(t.start),
                }
            } else {
                self.name()?
            };
            self.expect(":")?;
            let type_name = self.name()?;
            let default = if self.take("=") {
                Some(self.expr()?)
            } else {
                None
            };
            out.push(ColumnDecl {
                name,
                type_name,
                default,
            });
            if !self.take(",") {
                break;
            }
        }
        Ok(out)
    }

    /// `name = value`, where the value is a name or a literal.
    pub fn property(&mut self) -> Res<Property> {
        self.property_of(true)
    }

    fn property_of(&mut self, calls: bool) -> Res<Property> {
        let t = self.peek();
        let mut name = self.name()?;
        while self.is(".") {
            self.next();
            let part = self.name()?;
            name.text.push('.');
            name.text.push_str(&part.text);
        }
        name.span = self.span_from(t.start);
        self.expect("=")?;
        let value = self.property_value(calls)?;
        Ok(Property { name, value })
    }

    /// A name (with hyphens), a literal, or a parenthesised list of names joined by commas.
    /// Calls are read where `calls` is true: an operator's own parameters stand right before its table in parentheses.
    pub fn property_value(&mut self, calls: bool) -> Res<Expr> {
        let t = self.peek();
        if let Some(l) = self.literal() {
            return Ok(Expr {
                kind: ExprKind::Literal(l?),
                span: self.span_from(t.start),
            });
        }
        if self.is("-") {
            return self.expr();
        }
        if t.kind == Kind::Name && !(calls && self.is_ahead(1, "(")) {
            let Some(name) = self.hyphenated() else {
                return Err(self.expected("a value"));
            };
            return Ok(Expr {
                kind: ExprKind::Name(name),
                span: self.span_from(t.start),
            });
        }
        self.expr()
    }

    /// Whether `name =` or `name.name =` is next, and no `==`.
    pub fn at_property(&self) -> bool {
        if self.peek().kind != Kind::Name {
            return false;
        }
        let mut n = 1;
        while self.is_ahead(n, ".") && self.ahead(n + 1).kind == Kind::Name {
            n += 2;
        }
        self.is_ahead(n, "=")
    }

    /// `name=value` pairs of an operator, as long as the names are among those that an operator takes.
    pub fn parameters(&mut self, known: &[&str]) -> Res<Vec<Property>> {
        let mut out = Vec::new();
        while self.at_property() {
            let t = self.peek();
            if !known.contains(&t.text) && t.text != "hint" && !t.text.starts_with("__") {
                break;
            }
            out.push(self.property_of(false)?);
            // Old texts put commas between them.
            if self.is(",")
                && self.ahead(1).kind == Kind::Name
                && self.is_ahead(2, "=")
                && known.contains(&self.ahead(1).text)
            {
                self.next();
            }
        }
        Ok(out)
    }

    /// `with (a=1, b=2)`, if it is next.
    pub fn properties(&mut self) -> Res<Vec<Property>> {
        let mut out = Vec::new();
        if self.is_word("with") && self.is_ahead(1, "(") {
            self.next();
            self.next();
            while !self.is(")") {
                out.push(self.property()?);
                if !self.take(",") {
                    break;
                }
            }
            self.expect(")")?;
        }
        Ok(out)
    }

    /// `expr`, `name = expr`, `(a, b) = expr`, `*`.
    pub fn named(&mut self) -> Res<NamedExpr> {
        let start = self.peek().start;
        let place = self.place();
        let mut names = Vec::new();
        if self.is("(") {
            self.next();
            while let Some(n) = self.at_name().then(|| self.name()) {
                names.push(n?);
                if !self.take(",") {
                    break;
                }
            }
            if names.is_empty() || !self.take(")") || !self.take("=") {
                names.clear();
                self.back_to(place);
            }
        } else if self.at_name() {
            let n = self.name()?;
            if self.take("=") {
                names.push(n);
            } else {
                self.back_to(place);
            }
        }
        let value = self.expr()?;
        Ok(NamedExpr {
            names,
            value,
            span: self.span_from(start),
        })
    }

    /// One or more named expressions.
    pub fn named_list(&mut self) -> Res<Vec<NamedExpr>> {
        let mut out = vec![self.named()?];
        while self.take(",") {
            let next = self.ahead(1).kind;
            if self.is_word("by") && !matches!(next, Kind::Mark | Kind::End) {
                return Err(self.expected("an item"));
            }
            out.push(self.named()?);
        }
        Ok(out)
    }

    /// `a`, `a*`, `*b*`, `*`, `['x y']`: parts that touch.
    pub fn name_pattern(&mut self) -> Res<Expr> {
        let t = self.peek();
        if self.at_name() && !(self.ahead(1).text == "*" && self.touches(0)) {
            let name = self.name()?;
            return Ok(Expr {
                span: name.span,
                kind: ExprKind::Name(name),
            });
        }
        let mut text = String::new();
        let mut end = t.start;
        while (self.is("*") || matches!(self.peek().kind, Kind::Name | Kind::Long))
            && (text.is_empty() || self.peek().start == end)
        {
            let part = self.next();
            text.push_str(part.text);
            end = part.end;
        }
        let span = self.span_from(t.start);
        match text.as_str() {
            "" => Err(self.expected("a column or a pattern of columns")),
            "*" => Ok(Expr {
                kind: ExprKind::Star,
                span,
            }),
            _ => Ok(Expr {
                kind: ExprKind::Wildcard(Name {
                    text,
                    bracketed: false,
                    span,
                }),
                span,
            }),
        }
    }

    /// One or more patterns.
    pub fn name_patterns(&mut self) -> Res<Vec<Expr>> {
        let mut out = vec![self.name_pattern()?];
        while self.take(",") {
            out.push(self.name_pattern()?);
        }
        Ok(out)
    }

    /// `expr asc nulls first`
    pub fn sort_key(&mut self) -> Res<SortKey> {
        let expr = self.named()?;
        let ascending = if self.take_word("asc") {
            Some(true)
        } else if self.take_word("desc") {
            Some(false)
        } else {
            None
        };
        let mut nulls_first = None;
        if self.take_word("nulls") {
            if self.take_word("first") {
                nulls_first = Some(true);
            } else {
                self.expect_word("last")?;
                nulls_first = Some(false);
            }
        }
        Ok(SortKey {
            expr,
            ascending,
            nulls_first,
        })
    }

    /// One or more sort keys.
    pub fn sort_keys(&mut self) -> Res<Vec<SortKey>> {
        let mut out = vec![self.sort_key()?];
        while self.take(",") {
            out.push(self.sort_key()?);
        }
        Ok(out)
    }

    /// A table: a name, a pattern, a call, or a pipe in parentheses.
    pub fn table(&mut self) -> Res<Expr> {
        if (self.is("*")
            || (self.peek().kind == Kind::Name && self.ahead(1).text == "*" && self.touches(0)))
            && !self.is_ahead(1, "(")
        {
            return self.name_pattern();
        }
        self.expr()
    }
}
