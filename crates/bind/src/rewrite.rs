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
