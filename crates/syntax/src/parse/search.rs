//! `search` and `find`.

use super::cursor::{Cursor, Res};
use crate::ast::{Expr, ExprKind, FindColumn, OperatorKind as K};

impl Cursor<'_> {
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

    pub fn search(&mut self) -> Res<K> {
        let mut parameters = self.parameters(&["kind"])?;
        let tables = self.table_list()?;
        parameters.extend(self.parameters(&["kind"])?);
        Ok(K::Search {
            parameters,
            tables,
            predicate: Box::new(self.expr()?),
        })
    }

    pub fn find(&mut self) -> Res<K> {
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
}
