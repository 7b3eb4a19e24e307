//! `parse` and `parse-where`.

use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::plan::{Field, Parse, ParseKind, ParsePart, Relation, RelationKind};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::Type;

impl Binder<'_> {
    pub(super) fn parse_op(
        &mut self,
        input: Relation,
        filter: bool,
        parameters: &[ast::Property],
        source: &ast::Expr,
        parts: &[ast::ParsePart],
        span: Span,
    ) -> Res<Relation> {
        let mut kind = ParseKind::Simple;
        let mut flags = String::new();
        for (p, (name, value)) in parameters.iter().zip(self.properties(parameters)?) {
            match (name.as_str(), value.as_str()) {
                ("kind", Some("simple")) => kind = ParseKind::Simple,
                ("kind", Some("relaxed")) => kind = ParseKind::Relaxed,
                ("kind", Some("regex")) => kind = ParseKind::Regex,
                ("flags", Some(f)) => flags = f.to_owned(),
                _ => {
                    return Err(self.fail(
                        codes::UNKNOWN_OPTION,
                        p.name.span,
                        format!("parse has no such parameter `{}`", p.name.text),
                    ));
                }
            }
        }
        let source = self.expr(source, Row::of(&input.fields))?;
        let source = self.cast(source, Type::String);
        let mut fields = input.fields.clone();
        let mut made = Vec::with_capacity(parts.len());
        for part in parts {
            made.push(match part {
                ast::ParsePart::Star(_) => ParsePart::Star,
                ast::ParsePart::Text(t, _) => ParsePart::Text(t.clone()),
                ast::ParsePart::Column(c) => {
                    let ty = match &c.type_name {
                        None => Type::String,
                        Some(n) => match Type::from_name(&n.text) {
                            Some(t) => t,
                            None => {
                                return Err(self.fail(
                                    codes::TYPE_MISMATCH,
                                    n.span,
                                    format!("type `{}` not found", n.text),
                                ));
                            }
                        },
                    };
                    let id = self.column(ty);
                    let name = c.name.text.clone();
                    match fields.iter_mut().find(|f| f.name == name) {
                        Some(f) => *f = Field { name, id, ty },
                        None => fields.push(Field { name, id, ty }),
                    }
                    ParsePart::Column(id, ty)
                }
            });
        }
        let ordered = input.ordered;
        let parse = Parse {
            input,
            source,
            kind,
            flags,
            parts: made,
            filter,
        };
        Ok(Relation {
            kind: RelationKind::Parse(Box::new(parse)),
            fields,
            span: self.at(span),
            ordered,
        })
    }
}
