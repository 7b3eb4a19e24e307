//! Only the columns that somebody needs, and no step that does nothing.

use crate::plan::{
    Assignment, BoundQuery, ColumnId, Expr, ExprKind, Join, JoinKind, ParsePart, PathStep,
    Relation, RelationKind, SharedId, Step,
};
use kql_types::{Type, Value};
use std::collections::{HashMap, HashSet};

/// Calls `f` with every column that an expression reads.
pub fn columns_of(e: &Expr, f: &mut dyn FnMut(ColumnId)) {
    match &e.kind {
        ExprKind::Literal(_) | ExprKind::Scalar(_) => {}
        ExprKind::Column(id) => f(*id),
        ExprKind::Call { arguments, .. } => arguments.iter().for_each(|a| columns_of(a, f)),
        ExprKind::Cast(x) | ExprKind::Not(x) => columns_of(x, f),
        ExprKind::Case {
            branches,
            otherwise,
        } => {
            for (c, v) in branches {
                columns_of(c, f);
                columns_of(v, f);
            }
            columns_of(otherwise, f);
        }
        ExprKind::And(xs) | ExprKind::Or(xs) => xs.iter().for_each(|x| columns_of(x, f)),
        ExprKind::InSet { value, .. } => columns_of(value, f),
        ExprKind::Path { base, steps } => {
            columns_of(base, f);
            for s in steps {
                if let PathStep::Computed(e) = s {
                    columns_of(e, f);
                }
            }
        }
    }
}

/// Takes unused columns out of every relation of a query, and branches that can give no row.
pub fn prune(query: &mut BoundQuery) {
    let mut shared: HashMap<SharedId, HashSet<ColumnId>> = HashMap::new();
    for r in &mut query.results {
        let needed = r.relation.fields.iter().map(|f| f.id).collect();
        relation(&mut r.relation, needed, &mut shared);
    }
    // Later steps use earlier ones, so the last comes first.
    for step in query.steps.clone().into_iter().rev() {
        match step {
            Step::Scalar(id) => {
                if let Some(s) = query.scalars.get_mut(id.0 as usize) {
                    s.relation.fields.truncate(1);
                    let needed = s.relation.fields.iter().map(|f| f.id).collect();
                    relation(&mut s.relation, needed, &mut shared);
                }
            }
            Step::Set(id) => {
                if let Some(s) = query.sets.get_mut(id.0 as usize) {
                    s.fields.truncate(1);
                    let needed = s.fields.iter().map(|f| f.id).collect();
                    relation(s, needed, &mut shared);
                }
            }
            Step::Shared(id) => {
                if let Some(s) = query.shared.get_mut(id.0 as usize) {
                    let needed = shared.get(&id).cloned().unwrap_or_default();
                    s.fields.retain(|f| needed.contains(&f.id));
                    relation(s, needed, &mut shared);
                }
            }
        }
    }
}

fn add(needed: &mut HashSet<ColumnId>, e: &Expr) {
    columns_of(e, &mut |id| {
        needed.insert(id);
    });
}

fn is_false(e: &Expr) -> bool {
    matches!(e.as_literal(), Some(Value::Bool(false) | Value::Null(_)))
}

/// Whether a relation certainly has no row.
pub fn is_empty(r: &Relation) -> bool {
    match &r.kind {
        RelationKind::Scan { empty, .. } => *empty,
        RelationKind::Values { rows, .. } => rows.is_empty(),
        RelationKind::Filter { input, predicate } => is_false(predicate) || is_empty(input),
        RelationKind::Extend { input, .. }
        | RelationKind::Sort { input, .. }
        | RelationKind::Limit { input, .. }
        | RelationKind::Top { input, .. }
        | RelationKind::Serialize { input }
        | RelationKind::Fence { input }
        | RelationKind::Window { input, .. } => is_empty(input),
        RelationKind::Aggregate { input, keys, .. } => !keys.is_empty() && is_empty(input),
        RelationKind::Parse(p) => is_empty(&p.input),
        RelationKind::ParseKv(p) => is_empty(&p.input),
        RelationKind::ScanSteps(s) => is_empty(&s.input),
        RelationKind::MvExpand(m) => is_empty(&m.input),
        RelationKind::Union { inputs, .. } => inputs.iter().all(is_empty),
        RelationKind::Join(j) => match j.kind {
            JoinKind::Inner | JoinKind::InnerUnique | JoinKind::LeftSemi | JoinKind::RightSemi => {
                is_empty(&j.left) || is_empty(&j.right)
            }
            JoinKind::LeftOuter | JoinKind::LeftAnti => is_empty(&j.left),
            JoinKind::RightOuter | JoinKind::RightAnti => is_empty(&j.right),
            JoinKind::FullOuter => is_empty(&j.left) && is_empty(&j.right),
        },
        _ => false,
    }
}

fn relation(
    r: &mut Relation,
    mut needed: HashSet<ColumnId>,
    shared: &mut HashMap<SharedId, HashSet<ColumnId>>,
) {
    match &mut r.kind {
        RelationKind::Scan { columns, .. } => columns.retain(|(id, _, _)| needed.contains(id)),
        RelationKind::External { columns, .. } => {
            for c in columns {
                if c.0.is_some_and(|id| !needed.contains(&id)) {
                    c.0 = None;
                }
            }
        }
        RelationKind::Values { .. } | RelationKind::Range { .. } => {}
        RelationKind::Shared { id, columns } => {
            columns.retain(|(new, _)| needed.contains(new));
            shared
                .entry(*id)
                .or_default()
                .extend(columns.iter().map(|(_, old)| *old));
        }
        RelationKind::Filter { input, predicate } => {
            add(&mut needed, predicate);
            relation(input, needed, shared);
        }
        RelationKind::Extend { input, assignments } => {
            assignments.retain(|a| needed.contains(&a.id));
            for a in assignments.iter() {
                add(&mut needed, &a.value);
            }
            relation(input, needed, shared);
            merge_extends(r);
        }
        RelationKind::Aggregate {
            input,
            keys,
            aggregates,
        } => {
            if !keys.is_empty()
                || aggregates
                    .iter()
                    .any(|a| a.outputs.iter().any(|o| needed.contains(o)))
            {
                aggregates.retain(|a| a.outputs.iter().any(|o| needed.contains(o)));
            } else {
                aggregates.truncate(1);
            }
            let mut below = HashSet::new();
            for k in keys.iter() {
                add(&mut below, &k.value);
            }
            for a in aggregates.iter() {
                a.arguments.iter().for_each(|e| add(&mut below, e));
                if let Some(f) = &a.filter {
                    add(&mut below, f);
                }
            }
            relation(input, below, shared);
        }
        RelationKind::Sort { input, keys } => {
            keys.iter().for_each(|k| add(&mut needed, &k.value));
            relation(input, needed, shared);
        }
        RelationKind::Top {
            input,
            keys,
            partition,
            ..
        } => {
            keys.iter().for_each(|k| add(&mut needed, &k.value));
            needed.extend(partition.iter().copied());
            relation(input, needed, shared);
        }
        RelationKind::Limit {
            input, partition, ..
        } => {
            needed.extend(partition.iter().copied());
            relation(input, needed, shared);
        }
        RelationKind::Serialize { input }
        | RelationKind::Fence { input }
        | RelationKind::Sample { input, .. }
        | RelationKind::RowId { input, .. } => {
            relation(input, needed, shared);
        }
        RelationKind::Join(join) if is_unread(join, &needed) => {
            let Join { left, .. } = join.as_mut();
            let left = left.take();
            r.kind = left.kind;
            relation(r, needed, shared);
        }
        RelationKind::Join(join) => {
            let Join {
                left,
                right,
                on,
                filter,
                ..
            } = join.as_mut();
            if let Some(f) = filter {
                add(&mut needed, f);
            }
            for (l, r) in on.iter() {
                add(&mut needed, l);
                add(&mut needed, r);
            }
            relation(left, needed.clone(), shared);
            relation(right, needed, shared);
        }
        RelationKind::Union { inputs, columns } => {
            columns.retain(|c| needed.contains(&c.id));
            // A leg without rows costs nothing; one stays so that the columns are known.
            let mut keep: Vec<bool> = inputs.iter().map(|i| !is_empty(i)).collect();
            if !keep.iter().any(|k| *k)
                && let Some(first) = keep.first_mut()
            {
                *first = true;
            }
            let mut it = keep.iter();
            inputs.retain(|_| it.next().copied().unwrap_or(true));
            // The place of each leg among those that stay.
            let places: Vec<Option<usize>> = keep
                .iter()
                .scan(0, |next, kept| {
                    let place = *next;
                    *next += usize::from(*kept);
                    Some(kept.then_some(place))
                })
                .collect();
            let mut below: Vec<HashSet<ColumnId>> = vec![HashSet::new(); inputs.len()];
            for c in columns.iter_mut() {
                c.values = std::mem::take(&mut c.values)
                    .into_iter()
                    .filter_map(|(i, e)| Some((places.get(i).copied().flatten()?, e)))
                    .collect();
                for (i, e) in &c.values {
                    if let Some(needed) = below.get_mut(*i) {
                        add(needed, e);
                    }
                }
            }
            for (input, needed) in inputs.iter_mut().zip(below) {
                relation(input, needed, shared);
            }
        }
        RelationKind::Window {
            input,
            calls,
            partition,
        } => {
            // A call may read the result of one before it.
            let mut kept = Vec::with_capacity(calls.len());
            for c in std::mem::take(calls).into_iter().rev() {
                if needed.contains(&c.id) {
                    c.arguments.iter().for_each(|a| add(&mut needed, a));
                    kept.push(c);
                }
            }
            kept.reverse();
            *calls = kept;
            needed.extend(partition.iter().copied());
            relation(input, needed, shared);
        }
        RelationKind::MvExpand(m) => {
            m.items.iter().for_each(|(e, _, _)| add(&mut needed, e));
            relation(&mut m.input, needed, shared);
        }
        RelationKind::Parse(p) => {
            add(&mut needed, &p.source);
            needed.retain(|id| {
                !p.parts
                    .iter()
                    .any(|part| matches!(part, ParsePart::Column(c, _) if c == id))
            });
            relation(&mut p.input, needed, shared);
        }
        RelationKind::ParseKv(p) => {
            // Keys stay: which ones are looked for decides what their values are.
            for (_, id, _) in &p.keys {
                needed.remove(id);
            }
            add(&mut needed, &p.source);
            relation(&mut p.input, needed, shared);
        }
        RelationKind::ScanSteps(s) => {
            needed.extend(s.partition.iter().copied());
            s.reads(&mut needed);
            relation(&mut s.input, needed, shared);
        }
        RelationKind::MakeSeries(m) => {
            let mut below = HashSet::new();
            add(&mut below, &m.on);
            for (a, d) in &m.aggregates {
                a.arguments.iter().for_each(|e| add(&mut below, e));
                if let Some(f) = &a.filter {
                    add(&mut below, f);
                }
                add(&mut below, d);
            }
            for e in [&m.from, &m.to].into_iter().flatten().chain([&m.step]) {
                add(&mut below, e);
            }
            m.by.iter().for_each(|k| add(&mut below, &k.value));
            relation(&mut m.input, below, shared);
        }
        RelationKind::GraphNodes(g) => {
            for (input, below) in g.prune(&needed) {
                relation(input, below, shared);
            }
        }
        RelationKind::GraphMatch(g) => {
            for (input, below) in g.prune(&needed) {
                relation(input, below, shared);
            }
        }
        RelationKind::Either(e) => {
            relation(&mut e.few, needed.clone(), shared);
            relation(&mut e.many, needed, shared);
        }
        RelationKind::Custom(c) => {
            for input in &mut c.inputs {
                let mut below: HashSet<ColumnId> = input.fields.iter().map(|f| f.id).collect();
                if c.keeps_input {
                    below.extend(needed.iter().copied());
                }
                c.arguments.iter().for_each(|e| add(&mut below, e));
                relation(input, below, shared);
            }
        }
    }
}

impl crate::plan::ScanSteps {
    /// Adds the columns of the input that the steps read, and takes out those that they make.
    pub fn reads(&self, needed: &mut HashSet<ColumnId>) {
        for s in &self.steps {
            for e in std::iter::once(&s.condition).chain(s.assignments.iter().map(|(_, e)| e)) {
                add(needed, e);
            }
        }
        for o in &self.outputs {
            add(needed, &o.otherwise);
        }
        for s in &self.states {
            needed.remove(&s.id);
            needed.extend(s.of.err());
        }
        for id in self.outputs.iter().map(|o| o.id).chain(self.match_id) {
            needed.remove(&id);
        }
    }
}

/// Whether a left join adds neither rows nor a column that is needed: one row at most for each key, and none of it read.
fn is_unread(join: &Join, needed: &HashSet<ColumnId>) -> bool {
    let keys: Option<Vec<ColumnId>> = join
        .on
        .iter()
        .map(|(_, right)| match (&right.kind, right.ty) {
            (ExprKind::Column(_), Type::Real | Type::Decimal | Type::Dynamic) => None,
            (ExprKind::Column(id), _) => Some(*id),
            _ => None,
        })
        .collect();
    let Some(keys) = keys.filter(|_| join.kind == JoinKind::LeftOuter && join.filter.is_none())
    else {
        return false;
    };
    match &join.right.kind {
        RelationKind::Values { columns, rows } if rows.len() <= 1000 => {
            let [key] = keys.as_slice() else {
                return false;
            };
            let Some(at) = columns.iter().position(|(id, _)| id == key) else {
                return false;
            };
            let mut seen: Vec<&Value> = Vec::with_capacity(rows.len());
            let once = rows.iter().all(|r| match r.get(at) {
                Some(v) if !seen.contains(&v) => {
                    seen.push(v);
                    true
                }
                _ => false,
            });
            once && !columns.iter().any(|(id, _)| needed.contains(id))
        }
        RelationKind::Aggregate {
            keys: groups,
            aggregates,
            ..
        } => {
            let outputs = aggregates.iter().flat_map(|a| &a.outputs);
            let mut made = groups.iter().map(|g| &g.id).chain(outputs);
            !groups.is_empty()
                && groups.iter().all(|g| keys.contains(&g.id))
                && !made.any(|id| needed.contains(id))
        }
        _ => false,
    }
}

/// `extend a = x | extend b = y` is one step when `b` does not use `a`.
pub(crate) fn merge_extends(r: &mut Relation) {
    let RelationKind::Extend { input, assignments } = &mut r.kind else {
        return;
    };
    if assignments.is_empty() {
        let fields = std::mem::take(&mut r.fields);
        let inner = input.take();
        r.kind = inner.kind;
        r.fields = fields;
        return;
    }
    let RelationKind::Extend {
        input: below,
        assignments: first,
    } = &mut input.kind
    else {
        return;
    };
    let made: HashSet<ColumnId> = first.iter().map(|a| a.id).collect();
    let mut uses = false;
    for a in assignments.iter() {
        columns_of(&a.value, &mut |id| uses |= made.contains(&id));
    }
    if uses {
        return;
    }
    let mut all: Vec<Assignment> = std::mem::take(first);
    all.append(assignments);
    let below = below.take();
    r.kind = RelationKind::Extend {
        input: Box::new(below),
        assignments: all,
    };
}
