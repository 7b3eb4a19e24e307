//! What every rewrite of a bound query does to it: all of its relations in turn, taking one out, putting a step above one.

use crate::plan::{BoundQuery, Relation, RelationKind};
use kql_diag::Span;

impl BoundQuery {
    /// Every relation: the results, what is computed first, and the tables that are used several times.
    pub(crate) fn relations_mut(&mut self) -> impl Iterator<Item = &mut Relation> {
        self.results
            .iter_mut()
            .map(|r| &mut r.relation)
            .chain(self.scalars.iter_mut().map(|s| &mut s.relation))
            .chain(&mut self.sets)
            .chain(&mut self.shared)
    }
}

impl Relation {
    /// No rows and no columns: what stands where a relation was taken out.
    pub(crate) fn nothing(span: Span) -> Relation {
        Relation {
            kind: RelationKind::Values {
                columns: Vec::new(),
                rows: Vec::new(),
            },
            fields: Vec::new(),
            span,
            ordered: true,
        }
    }

    /// Takes the relation out and leaves nothing.
    pub(crate) fn take(&mut self) -> Relation {
        std::mem::replace(self, Relation::nothing(self.span))
    }

    /// The relation with a step above it that keeps its columns and its order.
    pub(crate) fn over(self, kind: impl FnOnce(Box<Relation>) -> RelationKind) -> Relation {
        Relation {
            fields: self.fields.clone(),
            span: self.span,
            ordered: self.ordered,
            kind: kind(Box::new(self)),
        }
    }
}

/// The relations right below one.
pub(crate) fn inputs_mut(r: &mut Relation) -> Vec<&mut Relation> {
    match &mut r.kind {
        RelationKind::Scan { .. }
        | RelationKind::External { .. }
        | RelationKind::Values { .. }
        | RelationKind::Range { .. }
        | RelationKind::Shared { .. } => Vec::new(),
        RelationKind::Filter { input, .. }
        | RelationKind::Extend { input, .. }
        | RelationKind::Aggregate { input, .. }
        | RelationKind::Sort { input, .. }
        | RelationKind::Limit { input, .. }
        | RelationKind::Top { input, .. }
        | RelationKind::Serialize { input }
        | RelationKind::Fence { input }
        | RelationKind::Window { input, .. }
        | RelationKind::RowId { input, .. }
        | RelationKind::Sample { input, .. } => vec![input],
        RelationKind::Join(j) => vec![&mut j.left, &mut j.right],
        RelationKind::Union { inputs, .. } => inputs.iter_mut().collect(),
        RelationKind::MvExpand(m) => vec![&mut m.input],
        RelationKind::Parse(p) => vec![&mut p.input],
        RelationKind::ParseKv(p) => vec![&mut p.input],
        RelationKind::ScanSteps(s) => vec![&mut s.input],
        RelationKind::MakeSeries(m) => vec![&mut m.input],
        RelationKind::Either(e) => vec![&mut e.few, &mut e.many],
        RelationKind::GraphNodes(g) => g.inputs_mut(),
        RelationKind::GraphMatch(g) => vec![&mut g.edges.rows, &mut g.nodes],
        RelationKind::Custom(c) => c.inputs.iter_mut().collect(),
    }
}
