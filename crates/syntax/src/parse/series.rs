//! Operators over ordered or grouped rows: `make-series`, `top-nested`, `partition`, `scan`.

use super::cursor::{Cursor, Res};
use crate::ast::{Expr, ExprKind, OperatorKind as K, ScanStep, SeriesItem, TopNestedLevel};

impl Cursor<'_> {
    /// `a`, `a.b`, `a["b"]`: no call, because a body in parentheses stands right behind it.
    fn column_path(&mut self) -> Res<Expr> {
        let name = self.name()?;
        let start = name.span.start as usize;
        let mut out = Expr {
            span: name.span,
            kind: ExprKind::Name(name),
        };
        loop {
            let kind = if self.take(".") {
                ExprKind::Member {
                    base: Box::new(out),
                    member: self.name()?,
                }
            } else if self.take("[") {
                let index = Box::new(self.expr()?);
                self.expect("]")?;
                ExprKind::Index {
                    base: Box::new(out),
                    index,
                }
            } else {
                return Ok(out);
            };
            out = Expr {
                kind,
                span: self.span_from(start),
            };
        }
    }

    pub fn make_series(&mut self) -> Res<K> {
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

    pub fn top_nested(&mut self) -> Res<K> {
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

    pub fn partition(&mut self) -> Res<K> {
        let mut parameters = self.parameters(&["hint"])?;
        self.expect_word("by")?;
        let by = if self.is("(") {
            Box::new(self.expr()?)
        } else {
            Box::new(self.column_path()?)
        };
        parameters.extend(self.parameters(&["hint"])?);
        let scope = if self.take_word("in") {
            Some(Box::new(self.table()?))
        } else {
            None
        };
        let open = self.peek();
        let braces = self.take("{");
        if braces {
            let body = Box::new(self.pipe_expr()?);
            self.close("}", open)?;
            return Ok(K::Partition {
                parameters,
                by,
                scope,
                body,
                braces,
            });
        }
        let body = Box::new(self.body_in_parentheses()?);
        Ok(K::Partition {
            parameters,
            by,
            scope,
            body,
            braces,
        })
    }

    pub fn scan(&mut self) -> Res<K> {
        let parameters = self.parameters(&["with_match_id", "kind"])?;
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
