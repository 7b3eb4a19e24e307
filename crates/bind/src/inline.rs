//! Relations that are used once stand where they are used.

use crate::plan::{Assignment, BoundQuery, Expr, Relation, RelationKind, SharedId, Step};
use crate::rewrite::inputs_mut;
use std::collections::HashMap;

/// A relation that is used once is put where it is used; one that nobody uses is dropped.
pub fn inline_single_uses(query: &mut BoundQuery) {
    let mut uses: HashMap<SharedId, usize> = HashMap::new();
    for r in query.relations_mut() {
        count_uses(r, &mut uses);
    }
    let mut bodies: HashMap<SharedId, Relation> = HashMap::new();
    let mut kept = Vec::with_capacity(query.steps.len());
    for step in std::mem::take(&mut query.steps) {
        match step {
            Step::Shared(id) if uses.get(&id).copied().unwrap_or(0) <= 1 => {
                if let Some(slot) = query.shared.get_mut(id.0 as usize) {
                    let mut body = slot.clone();
                    inline(&mut body, &mut bodies);
                    bodies.insert(id, body);
                }
            }
            other => {
                match other {
                    Step::Scalar(id) => {
                        if let Some(s) = query.scalars.get_mut(id.0 as usize) {
                            inline(&mut s.relation, &mut bodies);
                        }
                    }
                    Step::Set(id) => {
                        if let Some(s) = query.sets.get_mut(id.0 as usize) {
                            inline(s, &mut bodies);
                        }
                    }
                    Step::Shared(id) => {
                        if let Some(s) = query.shared.get_mut(id.0 as usize) {
                            inline(s, &mut bodies);
                        }
                    }
                }
                kept.push(other);
            }
        }
    }
    query.steps = kept;
    for r in &mut query.results {
        inline(&mut r.relation, &mut bodies);
    }
}

fn count_uses(r: &mut Relation, uses: &mut HashMap<SharedId, usize>) {
    if let RelationKind::Shared { id, .. } = &r.kind {
        *uses.entry(*id).or_default() += 1;
    }
    inputs_mut(r).into_iter().for_each(|i| count_uses(i, uses));
}

fn inline(r: &mut Relation, bodies: &mut HashMap<SharedId, Relation>) {
    if let RelationKind::Shared { id, columns } = &r.kind
        && let Some(body) = bodies.remove(id)
    {
        let span = r.span;
        let assignments = columns
            .iter()
            .filter_map(|(new, old)| {
                let ty = body.fields.iter().find(|f| f.id == *old)?.ty;
                Some(Assignment {
                    id: *new,
                    value: Expr::column(*old, ty, span),
                })
            })
            .collect();
        r.kind = RelationKind::Extend {
            input: Box::new(body),
            assignments,
        };
    }
    inputs_mut(r).into_iter().for_each(|i| inline(i, bodies));
}
