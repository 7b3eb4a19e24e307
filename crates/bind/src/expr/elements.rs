//! The elements of a table's arrays, as the members of `x in (table)`.

use crate::binder::Binder;
use crate::plan::{Expr, Field, MvExpand, Relation, RelationKind};
use kql_diag::Span;
use kql_types::Type;

impl Binder<'_> {
    /// A row for each element of a dynamic column's arrays, and for each other value; the column of them. Published rules
    /// collect values with `make_list` and ask for members of the one row that it gives.
    pub(super) fn elements(
        &mut self,
        input: Relation,
        column: Expr,
        span: Span,
    ) -> (Relation, Expr) {
        let span = self.at(span);
        let id = self.column(Type::Dynamic);
        let fields = vec![Field {
            name: "value".to_owned(),
            id,
            ty: Type::Dynamic,
        }];
        let relation = |kind, fields| Relation {
            kind,
            fields,
            span,
            ordered: false,
        };
        let expanded = relation(
            RelationKind::MvExpand(Box::new(MvExpand {
                input,
                items: vec![(column, id, Type::Dynamic)],
                index: None,
                bag_as_array: false,
                limit: None,
            })),
            fields.clone(),
        );
        let value = Expr::column(id, Type::Dynamic, span);
        // An empty array has no member, though mv-expand gives it a row.
        let predicate = self.call_or_fold("isnotnull", vec![value.clone()], Type::Bool, span);
        let kind = RelationKind::Filter {
            input: Box::new(expanded),
            predicate,
        };
        (relation(kind, fields), value)
    }
}
