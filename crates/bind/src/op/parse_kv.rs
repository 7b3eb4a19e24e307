//! `parse-kv`: columns out of a text of keys and values.

use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::plan::{ColumnId, Field, KvMode, ParseKv, Relation, RelationKind};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::{Type, Value};

/// What `with (...)` says.
#[derive(Default)]
struct Options {
    pair: Option<String>,
    kv: Option<String>,
    regex: Option<String>,
    greedy: Option<bool>,
    quotes: Vec<(char, char)>,
    escapes: Vec<char>,
}

impl Binder<'_> {
    pub(super) fn parse_kv(
        &mut self,
        input: Relation,
        source: &ast::Expr,
        columns: &[ast::ColumnDecl],
        properties: &[ast::Property],
        span: Span,
    ) -> Res<Relation> {
        let options = self.kv_options(properties)?;
        let (quotes, escapes) = (options.quotes.clone(), options.escapes.clone());
        let mode = self.kv_mode(options, span)?;
        let source = self.expr(source, Row::of(&input.fields))?;
        let source = self.cast(source, Type::String);
        let mut fields = input.fields.clone();
        let mut keys: Vec<(String, ColumnId, Type)> = Vec::with_capacity(columns.len());
        for c in columns {
            let Some(ty) = Type::from_name(&c.type_name.text) else {
                let message = format!("type `{}` not found", c.type_name.text);
                return Err(self.fail(codes::TYPE_MISMATCH, c.type_name.span, message));
            };
            let name = c.name.text.clone();
            if keys.iter().any(|(k, ..)| *k == name) {
                let message = format!("key `{name}` stands twice");
                return Err(self.fail(codes::DUPLICATE_NAME, c.name.span, message));
            }
            let id = self.column(ty);
            keys.push((name.clone(), id, ty));
            // As `parse` does, a key takes the place of a column of its name.
            match fields.iter_mut().find(|f| f.name == name) {
                Some(f) => *f = Field { name, id, ty },
                None => fields.push(Field { name, id, ty }),
            }
        }
        let ordered = input.ordered;
        Ok(Relation {
            kind: RelationKind::ParseKv(Box::new(ParseKv {
                input,
                source,
                keys,
                mode,
                quotes,
                escapes,
            })),
            fields,
            span: self.at(span),
            ordered,
        })
    }

    fn kv_options(&mut self, properties: &[ast::Property]) -> Res<Options> {
        let mut out = Options::default();
        for (p, (name, value)) in properties.iter().zip(self.properties(properties)?) {
            let text = value.as_str().filter(|t| !t.is_empty()).map(str::to_owned);
            let good = match (name.as_str(), text) {
                ("pair_delimiter", Some(t)) => out.pair.replace(t).is_none(),
                ("kv_delimiter", Some(t)) => out.kv.replace(t).is_none(),
                ("regex", Some(t)) => out.regex.replace(t).is_none(),
                ("quote", Some(t)) => {
                    let mut chars = t.chars();
                    match (chars.next(), chars.next(), chars.next()) {
                        (Some(both), None, _) => out.quotes.push((both, both)),
                        (Some(open), Some(close), None) => out.quotes.push((open, close)),
                        _ => {
                            let message =
                                "a quote is one character, or an opening and a closing one";
                            return Err(self.fail(codes::BAD_VALUE, p.value.span, message));
                        }
                    }
                    true
                }
                ("escape", Some(t)) => {
                    let mut chars = t.chars();
                    match (chars.next(), chars.next()) {
                        (Some(one), None) => out.escapes.push(one),
                        _ => {
                            let message = "an escape is one character";
                            return Err(self.fail(codes::BAD_VALUE, p.value.span, message));
                        }
                    }
                    true
                }
                ("greedy", None) => match value {
                    Value::Bool(b) => out.greedy.replace(b).is_none(),
                    _ => false,
                },
                _ => false,
            };
            if !good {
                let message = format!("parse-kv does not take this `{}`", p.name.text);
                return Err(self.fail(codes::UNKNOWN_OPTION, p.name.span, message));
            }
        }
        Ok(out)
    }

    fn kv_mode(&mut self, options: Options, span: Span) -> Res<KvMode> {
        let quoted = !options.quotes.is_empty() || !options.escapes.is_empty();
        match options {
            Options {
                pair: Some(pair),
                kv: Some(kv),
                regex: None,
                greedy,
                ..
            } => Ok(KvMode::Delimiters {
                pair,
                kv,
                greedy: greedy.unwrap_or(false),
            }),
            Options {
                pair: None,
                kv: None,
                regex: None,
                greedy: None | Some(false),
                ..
            } => Ok(KvMode::Words),
            Options {
                pair: None,
                kv: None,
                regex: Some(pattern),
                greedy: None | Some(false),
                ..
            } if !quoted => Ok(KvMode::Regex(pattern)),
            _ => {
                let message = "parse-kv takes both delimiters (and quotes, escapes, greedy), quotes and escapes alone, or a regex alone";
                Err(self.fail(codes::UNKNOWN_OPTION, span, message))
            }
        }
    }
}
