//! `top-nested`: the top values of a column, within each of them the top values of another, and so on.
//!
//! The rows are kept once. Each level is an aggregation of the rows that the levels before it have left. Where a level
//! or one below it has `with others`, the rows that a level leaves out make one more row for each of its parents; a level
//! that does not name its others is empty there.

use super::aggregate::uses_input;
use crate::binder::{Binder, Res};
use crate::expr::{Collector, Row};
use crate::names::{Unique, of_expr};
use crate::plan::{
    Aggregate, Assignment, Expr, Field, Join, JoinKind, Relation, RelationKind, SharedId, SortKey,
    UnionColumn,
};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::{Type, Value};

/// Rows that are used several times.
#[derive(Clone)]
struct Kept {
    id: SharedId,
    fields: Vec<Field>,
}

/// The name of a level's key; no query can write it.
fn key_name(level: usize) -> String {
    format!("$key{level}")
}

/// The name of a level's aggregate.
const VALUE: &str = "$value";

impl Binder<'_> {
    pub(super) fn top_nested(
        &mut self,
        input: Relation,
        levels: &[ast::TopNestedLevel],
        span: Span,
    ) -> Res<Relation> {
        if !self.partition.is_empty() {
            return Err(self.unsupported(span, "top-nested in the body of another operator"));
        }
        let at = self.at(span);
        let mut assignments = Vec::new();
        let mut keys: Vec<Field> = Vec::new();
        let mut others: Vec<Option<Expr>> = Vec::new();
        let mut counts: Vec<Option<Expr>> = Vec::new();
        let mut names: Vec<(String, String)> = Vec::new();
        let mut unique = Unique::new();
        for (i, level) in levels.iter().enumerate() {
            let value = self.expr(&level.of.value, Row::of(&input.fields))?;
            if value.ty == Type::Dynamic {
                let message = "a level of top-nested requires a scalar type, not dynamic";
                return Err(self.fail(codes::TYPE_MISMATCH, level.of.span, message));
            }
            let own = match level.of.names.first() {
                Some(n) => Some(n.text.clone()),
                None => of_expr(&level.of.value, self.catalog).filter(|n| !n.is_empty()),
            };
            let Some(own) = own else {
                let message = "a level of top-nested requires a name for this value";
                return Err(self.fail(codes::BAD_VALUE, level.of.span, message));
            };
            let name = unique.of(&own);
            let result = match level.by.names.first() {
                Some(n) => n.text.clone(),
                None => format!("aggregated_{name}"),
            };
            let result = unique.of(&result);
            names.push((name, result));
            others.push(match &level.others {
                None => None,
                Some(o) => {
                    let other = self.constant(o, "the name of the others")?;
                    let fits = other.ty == value.ty
                        || matches!((other.ty, value.ty), (Type::Long, Type::Int | Type::Real));
                    if !fits {
                        let message = format!("the others require {}, not {}", value.ty, other.ty);
                        return Err(self.fail(codes::TYPE_MISMATCH, o.span, message));
                    }
                    Some(self.cast(other, value.ty))
                }
            });
            counts.push(match &level.count {
                None => None,
                Some(n) => Some(self.count_of(n, "top-nested")?),
            });
            let (ty, id) = (value.ty, self.as_column(value, &mut assignments));
            let name = key_name(i);
            keys.push(Field { name, id, ty });
        }
        let mut fields = input.fields.clone();
        fields.extend(keys.iter().cloned());
        let input = self.extend(input, assignments);
        let rows = self.keep(self.with_fields(input, fields));
        let mut tops: Vec<Kept> = Vec::new();
        for (i, level) in levels.iter().enumerate() {
            let below = self.left_by(&rows, &tops, &counts, at);
            let top = self.level(below, i, level, counts.get(i).cloned().flatten(), at)?;
            tops.push(self.keep(top));
        }

        let mut legs: Vec<(Relation, Vec<Option<Expr>>)> = Vec::new();
        let depth = levels.len();
        let main = self.with_values(None, &tops, at);
        legs.push(main);
        for i in 0..depth {
            let named = others.iter().skip(i).any(Option::is_some);
            if named && counts.get(i).is_some_and(Option::is_some) {
                legs.push(self.others(&rows, &tops, &counts, &others, levels, i, at)?);
            }
        }
        let mut columns = Vec::new();
        let mut fields = Vec::new();
        let mut names = names.into_iter();
        for place in 0..2 * depth {
            let ty = legs
                .iter()
                .find_map(|(_, v)| v.get(place).and_then(Option::as_ref))
                .map_or(Type::Dynamic, |e| e.ty);
            let id = self.column(ty);
            let values = legs
                .iter()
                .enumerate()
                .filter_map(|(leg, (_, v))| Some((leg, v.get(place)?.clone()?)))
                .collect();
            columns.push(UnionColumn { id, ty, values });
            fields.push(Field {
                name: String::new(),
                id,
                ty,
            });
        }
        for pair in fields.chunks_mut(2) {
            if let (Some((key, value)), [k, v]) = (names.next(), pair) {
                (k.name, v.name) = (key, value);
            }
        }
        Ok(Relation {
            kind: RelationKind::Union {
                inputs: legs.into_iter().map(|(r, _)| r).collect(),
                columns,
            },
            fields,
            span: at,
            ordered: false,
        })
    }

    fn keep(&mut self, relation: Relation) -> Kept {
        let fields = relation.fields.clone();
        let id = self.add_shared(relation);
        Kept { id, fields }
    }

    fn kept(&mut self, rows: &Kept, at: Span) -> Relation {
        self.use_shared(rows.id, &rows.fields, false, at)
    }

    /// The rows that the levels so far have left.
    fn left_by(
        &mut self,
        rows: &Kept,
        tops: &[Kept],
        counts: &[Option<Expr>],
        at: Span,
    ) -> Relation {
        let all = self.kept(rows, at);
        // A level without a count leaves all, and each level knows the keys of those before it.
        let last = tops.iter().zip(counts).rposition(|(_, n)| n.is_some());
        match last.and_then(|i| Some((i, tops.get(i)?))) {
            None => all,
            Some((i, top)) => {
                let top = self.kept(top, at);
                join(all, top, JoinKind::LeftSemi, i + 1, at)
            }
        }
    }

    /// The values of a level with their aggregates.
    fn level(
        &mut self,
        below: Relation,
        i: usize,
        level: &ast::TopNestedLevel,
        count: Option<Expr>,
        at: Span,
    ) -> Res<Relation> {
        let fields = below.fields.clone();
        let mut keys = Vec::new();
        let mut out = Vec::new();
        for k in 0..=i {
            if let Some(f) = fields.iter().find(|f| f.name == key_name(k)) {
                let id = self.column(f.ty);
                let value = Expr::column(f.id, f.ty, at);
                keys.push(Assignment { id, value });
                out.push(Field { id, ..f.clone() });
            }
        }
        let partition = out.iter().take(i).map(|f| f.id).collect();
        let mut calls = Vec::new();
        let value = self.level_value(level, &fields, &mut calls)?;
        let ty = value.ty;
        let aggregated = Relation {
            kind: RelationKind::Aggregate {
                input: Box::new(below),
                keys,
                aggregates: calls,
            },
            fields: Vec::new(),
            span: at,
            ordered: false,
        };
        let mut after = Vec::new();
        let id = self.as_column(value, &mut after);
        out.push(Field {
            name: VALUE.to_owned(),
            id,
            ty,
        });
        let aggregated = self.extend(aggregated, after);
        let aggregated = self.with_fields(aggregated, out.clone());
        let Some(count) = count else {
            return Ok(aggregated);
        };
        let ascending = level.ascending.unwrap_or(false);
        let key = SortKey {
            value: Expr::column(id, ty, at),
            ascending,
            nulls_first: ascending,
        };
        Ok(Relation {
            kind: RelationKind::Top {
                input: Box::new(aggregated),
                keys: vec![key],
                count,
                partition,
            },
            fields: out,
            span: at,
            ordered: false,
        })
    }

    /// The aggregate of a level over some rows.
    fn level_value(
        &mut self,
        level: &ast::TopNestedLevel,
        fields: &[Field],
        calls: &mut Vec<Aggregate>,
    ) -> Res<Expr> {
        self.collector = Some(Collector {
            aggregates_allowed: true,
            ..Default::default()
        });
        let value = self.expr(&level.by.value, Row::of(fields));
        let found = self.collector.take().map(|c| c.aggregates);
        let value = value?;
        let found = found.unwrap_or_default();
        if found.is_empty() {
            let message = "top-nested requires an aggregate here";
            return Err(self.fail(codes::AGGREGATE_PLACE, level.by.value.span, message));
        }
        if let Some(name) = uses_input(&value, fields) {
            let message = format!("column `{name}` stands outside of an aggregate");
            return Err(self.fail(codes::AGGREGATE_PLACE, level.by.value.span, message));
        }
        calls.extend(found);
        Ok(value)
    }

    /// Rows with the keys and values of the levels: of all of them, or those of `rows` with the values of the first ones.
    fn with_values(
        &mut self,
        rows: Option<Relation>,
        tops: &[Kept],
        at: Span,
    ) -> (Relation, Vec<Option<Expr>>) {
        let mut values = vec![None; 2 * tops.len()];
        let mut set = |place: usize, f: Option<&Field>| {
            if let (Some(slot), Some(f)) = (values.get_mut(place), f) {
                *slot = Some(Expr::column(f.id, f.ty, at));
            }
        };
        let mut rest = tops;
        let mut out = match rows {
            Some(r) => r,
            None => match tops.split_last() {
                Some((last, before)) => {
                    rest = before;
                    self.kept(last, at)
                }
                None => self.values(Vec::new(), Vec::new(), at),
            },
        };
        if rest.len() < tops.len() {
            set(2 * rest.len() + 1, named(&out, VALUE));
        }
        for i in 0..tops.len() {
            let key = key_name(i);
            set(2 * i, named(&out, &key));
        }
        for (i, top) in rest.iter().enumerate() {
            let top = self.kept(top, at);
            set(2 * i + 1, named(&top, VALUE));
            out = join(out, top, JoinKind::Inner, i + 1, at);
        }
        (out, values)
    }

    /// The rows for what a level leaves out: one for each of its parents.
    #[allow(clippy::too_many_arguments)]
    fn others(
        &mut self,
        rows: &Kept,
        tops: &[Kept],
        counts: &[Option<Expr>],
        others: &[Option<Expr>],
        levels: &[ast::TopNestedLevel],
        i: usize,
        at: Span,
    ) -> Res<(Relation, Vec<Option<Expr>>)> {
        let parents = tops.get(..i).unwrap_or_default();
        let mut below = self.left_by(rows, parents, counts, at);
        if let Some(top) = tops.get(i) {
            let top = self.kept(top, at);
            below = join(below, top, JoinKind::LeftAnti, i + 1, at);
        }
        let fields = below.fields.clone();
        let mut keys = Vec::new();
        let mut out = Vec::new();
        for k in 0..i {
            if let Some(f) = fields.iter().find(|f| f.name == key_name(k)) {
                let id = self.column(f.ty);
                let value = Expr::column(f.id, f.ty, at);
                keys.push(Assignment { id, value });
                out.push(Field { id, ..f.clone() });
            }
        }
        let count = self.column(Type::Long);
        let mut calls = vec![Aggregate {
            outputs: vec![count],
            function: "count".to_owned(),
            arguments: Vec::new(),
            filter: None,
            span: at,
        }];
        let mut mine: Vec<(usize, Expr)> = Vec::new();
        for (j, (level, other)) in levels.iter().zip(others).enumerate().skip(i) {
            if let Some(other) = other {
                mine.push((2 * j, other.clone()));
                mine.push((2 * j + 1, self.level_value(level, &fields, &mut calls)?));
            }
        }
        let aggregated = Relation {
            kind: RelationKind::Aggregate {
                input: Box::new(below),
                keys,
                aggregates: calls,
            },
            fields: out,
            span: at,
            ordered: false,
        };
        // Nothing that is left out is no row.
        let some = Expr::column(count, Type::Long, at);
        let zero = Expr::literal(Value::Long(0), at);
        let some = self.call_or_fold(">", vec![some, zero], Type::Bool, at);
        let aggregated = self.filter(aggregated, some, at);
        let (out, mut values) = self.with_values(Some(aggregated), parents, at);
        values.resize(2 * tops.len(), None);
        for (place, value) in mine {
            if let Some(slot) = values.get_mut(place) {
                *slot = Some(value);
            }
        }
        Ok((out, values))
    }
}

fn named<'r>(r: &'r Relation, name: &str) -> Option<&'r Field> {
    r.fields.iter().find(|f| f.name == name)
}

/// A join on the first so many keys.
fn join(left: Relation, right: Relation, kind: JoinKind, keys: usize, at: Span) -> Relation {
    let on = (0..keys)
        .filter_map(|k| {
            let name = key_name(k);
            let (l, r) = (named(&left, &name)?, named(&right, &name)?);
            Some((Expr::column(l.id, l.ty, at), Expr::column(r.id, r.ty, at)))
        })
        .collect();
    let fields = left.fields.clone();
    Relation {
        kind: RelationKind::Join(Box::new(Join {
            left,
            right,
            kind,
            on,
            filter: None,
            hints: Vec::new(),
        })),
        fields,
        span: at,
        ordered: false,
    }
}
