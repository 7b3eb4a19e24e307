//! What is known of columns before any row is read: `iff(Action == 'Failed', 'Failure', 'Success') == 'Failure'` asks for
//! one `Action`, a `lookup` in a few constant rows is a choice among constants, and a condition that contradicts an earlier
//! one keeps no row. Parsers of many sources are made of such steps, and most of their legs fall away by them.
//!
//! A column is *known* here when its value follows from one string column by a list of texts, and is one value for all
//! other texts. A string is never null, so a condition over such columns is a list of texts too.

mod join;
mod lists;

use self::lists::without_repeats;
use crate::expr::cast_function;
use crate::plan::{
    BoundQuery, ColumnId, Expr, ExprKind, JoinKind, Relation, RelationKind, SharedId,
};
use crate::prune::columns_of;
use crate::rewrite::inputs_mut;
use kql_diag::Span;
use kql_types::{FunctionCatalog, Type, Value};
use std::collections::{HashMap, HashSet};

/// Most rows of a table that becomes a choice: with more, looking up by a hash is the quicker way.
const MOST_ROWS: usize = 16;

/// Most texts that a column's value may follow from.
const MOST_TEXTS: usize = 64;

/// Rewrites the conditions and lookups of a query by what is known.
pub fn simplify(query: &mut BoundQuery, functions: &dyn FunctionCatalog) {
    let tables = query.shared.iter().enumerate().filter_map(|(i, r)| {
        let id = SharedId(u32::try_from(i).ok()?);
        Some((id, rows_of(r)?))
    });
    let mut cx = Rewriter {
        functions,
        tables: tables.collect(),
        types: std::mem::take(&mut query.column_types),
        wanted: HashSet::new(),
    };
    for r in query.relations_mut() {
        cx.want(r);
        cx.relation(r);
        without_repeats(r);
    }
    query.column_types = cx.types;
}

/// The constant rows of a small table.
#[derive(Clone)]
struct Rows {
    columns: Vec<(ColumnId, Type)>,
    rows: Vec<Vec<Value>>,
}

fn rows_of(r: &Relation) -> Option<Rows> {
    match &r.kind {
        RelationKind::Values { columns, rows } if rows.len() <= MOST_ROWS => Some(Rows {
            columns: columns.clone(),
            rows: rows.clone(),
        }),
        _ => None,
    }
}

/// A column whose value follows from another.
#[derive(Clone)]
struct Choice {
    /// The string column; none where the value is one for all rows.
    key: Option<ColumnId>,
    /// Its texts, with the value for each.
    values: Vec<(String, Value)>,
    /// The value for any other text.
    otherwise: Value,
}

/// What is known of the rows of a relation.
#[derive(Default)]
struct Known {
    choices: HashMap<ColumnId, Choice>,
    /// The texts that a column can have.
    texts: HashMap<ColumnId, Vec<String>>,
}

/// For which text of the key a value is asked.
#[derive(Clone, Copy)]
enum Text<'a> {
    /// This one.
    Is(&'a str),
    /// One that is named nowhere.
    Other,
}

struct Rewriter<'a> {
    functions: &'a dyn FunctionCatalog,
    tables: HashMap<SharedId, Rows>,
    types: Vec<Type>,
    /// The columns that conditions read, and those that these are made of.
    wanted: HashSet<ColumnId>,
}

impl Rewriter<'_> {
    /// Collects the columns that conditions follow from.
    fn want(&mut self, r: &mut Relation) {
        let wanted = &mut self.wanted;
        match &r.kind {
            RelationKind::Filter { predicate, .. } => columns_of(predicate, &mut |id| {
                wanted.insert(id);
            }),
            RelationKind::Extend { assignments, .. } => {
                let mut below = Vec::new();
                for a in assignments.iter().filter(|a| wanted.contains(&a.id)) {
                    columns_of(&a.value, &mut |id| below.push(id));
                }
                wanted.extend(below);
            }
            _ => {}
        }
        inputs_mut(r).into_iter().for_each(|i| self.want(i));
    }

    fn relation(&mut self, r: &mut Relation) -> Known {
        if let RelationKind::Join(join) = &mut r.kind
            && let Some((rows, at)) = self.constant_side(join)
        {
            self.choose(r, &rows, at);
        }
        match &mut r.kind {
            RelationKind::Filter { input, predicate } => {
                let mut known = self.relation(input);
                self.condition(predicate, &mut known);
                if matches!(predicate.as_literal(), Some(Value::Bool(true))) {
                    let inner = input.take();
                    r.kind = inner.kind;
                }
                known
            }
            RelationKind::Extend { input, assignments } => {
                let mut known = self.relation(input);
                let new: Vec<(ColumnId, Choice)> = assignments
                    .iter()
                    .filter(|a| self.wanted.contains(&a.id))
                    .filter_map(|a| Some((a.id, self.choice(&a.value, &known)?)))
                    .collect();
                known.choices.extend(new);
                known
            }
            RelationKind::Sort { input, .. } | RelationKind::Serialize { input } => {
                self.relation(input)
            }
            RelationKind::Join(join) => {
                let left = self.relation(&mut join.left);
                let right = self.relation(&mut join.right);
                match join.kind {
                    JoinKind::LeftOuter | JoinKind::LeftSemi | JoinKind::LeftAnti => left,
                    JoinKind::Inner | JoinKind::InnerUnique => {
                        let mut both = left;
                        both.choices.extend(right.choices);
                        both.texts.extend(right.texts);
                        both
                    }
                    _ => Known::default(),
                }
            }
            _ => {
                for input in inputs_mut(r) {
                    self.relation(input);
                }
                Known::default()
            }
        }
    }

    /// What is known of a computed value.
    fn choice(&self, e: &Expr, known: &Known) -> Option<Choice> {
        let (key, texts) = self.depends(e, known)?;
        let mut values = Vec::with_capacity(texts.len());
        for t in texts {
            let v = self.value(e, key, Text::Is(&t), known)?;
            values.push((t, v));
        }
        let otherwise = self.value(e, key, Text::Other, known)?;
        values.retain(|(_, v)| *v != otherwise || v.is_null());
        Some(Choice {
            key,
            values,
            otherwise,
        })
    }

    /// The string column that a value follows from, if it is one, and the texts that matter.
    fn depends(&self, e: &Expr, known: &Known) -> Option<(Option<ColumnId>, Vec<String>)> {
        let mut keys: HashSet<ColumnId> = HashSet::new();
        let mut texts: Vec<String> = Vec::new();
        columns_of(e, &mut |id| match known.choices.get(&id) {
            Some(choice) => {
                keys.extend(choice.key);
                texts.extend(choice.values.iter().map(|(t, _)| t.clone()));
            }
            None => {
                keys.insert(id);
            }
        });
        let mut keys = keys.into_iter();
        let key = keys.next();
        if keys.next().is_some() {
            return None;
        }
        if let Some(key) = key {
            let ty = self.types.get(usize::try_from(key.0).ok()?)?;
            if *ty != Type::String || !compared(e, key, &mut texts) {
                return None;
            }
        }
        texts.sort();
        texts.dedup();
        (texts.len() <= MOST_TEXTS).then_some((key, texts))
    }

    /// The value of an expression where the key has this text.
    fn value(
        &self,
        e: &Expr,
        key: Option<ColumnId>,
        text: Text<'_>,
        known: &Known,
    ) -> Option<Value> {
        let of = |e: &Expr| self.value(e, key, text, known);
        match &e.kind {
            ExprKind::Literal(v) => Some(v.clone()),
            ExprKind::Column(id) => match (known.choices.get(id), text) {
                (Some(choice), Text::Is(t)) if choice.key.is_some() => {
                    let found = choice.values.iter().find(|(own, _)| own == t);
                    Some(found.map_or(&choice.otherwise, |(_, v)| v).clone())
                }
                (Some(choice), _) => Some(choice.otherwise.clone()),
                (None, Text::Is(t)) if key == Some(*id) => Some(Value::String(t.to_owned())),
                _ => None,
            },
            ExprKind::Call {
                function,
                arguments,
            } => {
                let listed = said_of_listed(function);
                if let (Some(listed), Some(texts)) = (listed, texts_compared(arguments, key)) {
                    let found = matches!(text, Text::Is(t) if texts.contains(&t));
                    return Some(Value::Bool(found == listed));
                }
                if !is_pure_call(function, self.functions) {
                    return None;
                }
                let values: Option<Vec<Value>> = arguments.iter().map(of).collect();
                let values = values?;
                if let (Some(listed), Some((Value::String(first), rest))) =
                    (listed, values.split_first())
                    && rest.iter().all(|v| matches!(v, Value::String(_)))
                {
                    let found = rest.iter().any(|v| v.as_str() == Some(first));
                    return Some(Value::Bool(found == listed));
                }
                self.functions.fold(function, &values, e.ty).ok().flatten()
            }
            ExprKind::Cast(x) => {
                let v = of(x)?;
                if v.ty() == e.ty {
                    return Some(v);
                }
                let function = cast_function(e.ty);
                self.functions.fold(function, &[v], e.ty).ok().flatten()
            }
            ExprKind::Not(x) => match of(x)? {
                Value::Bool(b) => Some(Value::Bool(!b)),
                v => v.is_null().then_some(v),
            },
            ExprKind::And(xs) => self.all(xs, key, text, known, true),
            ExprKind::Or(xs) => self.all(xs, key, text, known, false),
            ExprKind::Case {
                branches,
                otherwise,
            } => {
                for (when, then) in branches {
                    if of(when)? == Value::Bool(true) {
                        return of(then);
                    }
                }
                of(otherwise)
            }
            ExprKind::Scalar(_) | ExprKind::InSet { .. } | ExprKind::Path { .. } => None,
        }
    }

    /// `and` (`rest` is true) or `or` of values: one that is not `rest` decides.
    fn all(
        &self,
        xs: &[Expr],
        key: Option<ColumnId>,
        text: Text<'_>,
        known: &Known,
        rest: bool,
    ) -> Option<Value> {
        let mut out = Some(Value::Bool(rest));
        for x in xs {
            match self.value(x, key, text, known) {
                Some(Value::Bool(b)) if b == rest => {}
                Some(Value::Bool(b)) => return Some(Value::Bool(b)),
                _ => out = None,
            }
        }
        out
    }

    /// Rewrites a condition on rows, and adds what it says to what is known.
    fn condition(&self, predicate: &mut Expr, known: &mut Known) {
        let span = predicate.span;
        let kind = std::mem::replace(&mut predicate.kind, truth(true));
        let parts = match kind {
            ExprKind::And(parts) => parts,
            kind => vec![Expr {
                kind,
                ty: Type::Bool,
                span,
            }],
        };
        let mut left = Vec::with_capacity(parts.len());
        for part in parts {
            let part = self.part(part, known);
            match part.as_literal() {
                Some(Value::Bool(true)) => {}
                Some(Value::Bool(false) | Value::Null(_)) => {
                    predicate.kind = truth(false);
                    return;
                }
                _ => left.push(part),
            }
        }
        predicate.kind = match left.len() {
            0 => truth(true),
            1 => left.remove(0).kind,
            _ => ExprKind::And(left),
        };
    }

    fn part(&self, part: Expr, known: &mut Known) -> Expr {
        let Some((key, texts)) = self.depends(&part, known) else {
            return part;
        };
        let constant = |keeps: bool| Expr {
            kind: truth(keeps),
            ty: Type::Bool,
            span: part.span,
        };
        let keeps = |text| Some(self.value(&part, key, text, known)? == Value::Bool(true));
        let Some(key) = key else {
            return match keeps(Text::Other) {
                Some(keeps) => constant(keeps),
                None => part,
            };
        };
        let possible = known.texts.get(&key);
        let asked = possible.unwrap_or(&texts);
        let mut kept = Vec::new();
        for t in asked {
            match keeps(Text::Is(t)) {
                Some(true) => kept.push(t.clone()),
                Some(false) => {}
                None => return part,
            }
        }
        if possible.is_none() {
            match keeps(Text::Other) {
                Some(false) => {}
                // All others too: only a list of what is not wanted would say it.
                Some(true) if kept.len() == asked.len() => return constant(true),
                _ => return part,
            }
        } else if kept.len() == asked.len() {
            return constant(true);
        }
        if kept.is_empty() {
            return constant(false);
        }
        let column = Expr::column(key, Type::String, part.span);
        let list = kept.iter().cloned().map(Value::String).collect();
        let out = member(&column, list, part.span);
        known.texts.insert(key, kept);
        out
    }
}

/// What a comparison says of a text that is listed; none of any other function.
fn said_of_listed(function: &str) -> Option<bool> {
    match function {
        "==" | "in" => Some(true),
        "!=" | "!in" => Some(false),
        _ => None,
    }
}

/// The texts that the key is compared with, where the arguments are the key and texts.
fn texts_compared(arguments: &[Expr], key: Option<ColumnId>) -> Option<Vec<&str>> {
    let is_key = |e: &Expr| matches!(e.kind, ExprKind::Column(id) if Some(id) == key);
    let text = |e| Expr::as_literal(e)?.as_str();
    match arguments {
        [first, rest @ ..] if is_key(first) => rest.iter().map(text).collect(),
        [first, last] if is_key(last) => Some(vec![text(first)?]),
        _ => None,
    }
}

/// Whether the key is only compared with texts, which are collected.
fn compared(e: &Expr, key: ColumnId, texts: &mut Vec<String>) -> bool {
    if let ExprKind::Call {
        function,
        arguments,
    } = &e.kind
        && said_of_listed(function).is_some()
        && let Some(found) = texts_compared(arguments, Some(key))
    {
        texts.extend(found.into_iter().map(str::to_owned));
        return true;
    }
    let mut all = |e: &Expr| compared(e, key, texts);
    match &e.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Column(id) => *id != key,
        ExprKind::Call { arguments, .. } => arguments.iter().all(all),
        ExprKind::Cast(x) | ExprKind::Not(x) => all(x),
        ExprKind::And(xs) | ExprKind::Or(xs) => xs.iter().all(all),
        ExprKind::Case {
            branches,
            otherwise,
        } => branches.iter().all(|(c, v)| all(c) && all(v)) && all(otherwise),
        ExprKind::Scalar(_) | ExprKind::InSet { .. } | ExprKind::Path { .. } => false,
    }
}

fn is_pure_call(function: &str, functions: &dyn FunctionCatalog) -> bool {
    let facts = functions.scalar(function);
    facts.is_some_and(|f| f.volatility != kql_types::Volatility::Volatile)
}

fn truth(b: bool) -> ExprKind {
    ExprKind::Literal(Value::Bool(b))
}

fn call(function: &str, arguments: Vec<Expr>, span: Span) -> Expr {
    Expr {
        kind: ExprKind::Call {
            function: function.to_owned(),
            arguments,
        },
        ty: Type::Bool,
        span,
    }
}

/// `key in (values)`
fn member(key: &Expr, values: Vec<Value>, span: Span) -> Expr {
    let function = match values.len() {
        0 => {
            return Expr {
                kind: truth(false),
                ty: Type::Bool,
                span,
            };
        }
        1 => "==",
        _ => "in",
    };
    let mut arguments = vec![key.clone()];
    arguments.extend(values.into_iter().map(|v| Expr::literal(v, span)));
    call(function, arguments, span)
}
