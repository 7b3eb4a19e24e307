//! `evaluate geo_polygon_lookup(table, polygon, longitude, latitude, radius, ...)` and `geo_line_lookup`: rows joined to the shapes
//! that their places lie in or close to.

use super::Call;
use crate::binder::{Binder, Res};
use crate::op::join::both_sides;
use crate::plan::{Expr, Join, JoinKind, Relation, RelationKind};
use kql_diag::codes;
use kql_syntax::ast;
use kql_types::{Type, Value};

/// The arguments after the table and the columns, in order.
const OPTIONS: [(&str, Type); 4] = [
    ("radius", Type::Real),
    ("return_unmatched", Type::Bool),
    ("lookup_area_radius", Type::Real),
    ("return_lookup_key", Type::Bool),
];

impl Binder<'_> {
    pub(super) fn geo_lookup(&mut self, call: Call<'_>) -> Res<Relation> {
        let polygons = call.name.text == "geo_polygon_lookup";
        let [table, shape, longitude, latitude, options @ ..] = call.arguments else {
            return Err(self.fail(
                codes::ARGUMENT_COUNT,
                call.span,
                format!(
                    "{} requires a table, its column with shapes, a longitude and a latitude",
                    call.name.text
                ),
            ));
        };
        let at = self.at(call.span);
        let left = call.input;
        let right = self.isolated_relation(&table.value)?;
        let key = self.column_argument(&shape.value, &right)?;
        if key.ty != Type::Dynamic {
            return Err(self.fail(
                codes::ARGUMENT_TYPE,
                shape.value.span,
                format!("a shape requires a dynamic, not {}", key.ty),
            ));
        }
        let mut place = Vec::with_capacity(3);
        for argument in [longitude, latitude] {
            let column = self.column_argument(&argument.value, &left)?;
            let column = Expr::column(column.id, column.ty, at);
            place.push(self.cast(column, Type::Real));
        }
        let [radius, unmatched, _, with_key] = self.lookup_options(options)?;
        place.push(Expr::column(key.id, Type::Dynamic, at));
        let filter = match (polygons, radius) {
            (true, None) => self.call_or_fold("geo_point_in_polygon", place, Type::Bool, at),
            (true, Some(radius)) => self.within("geo_distance_point_to_polygon", place, radius, at),
            (false, Some(radius)) => self.within("geo_distance_point_to_line", place, radius, at),
            (false, None) => {
                return Err(self.fail(
                    codes::ARGUMENT_COUNT,
                    call.span,
                    "geo_line_lookup requires a radius",
                ));
            }
        };
        let without = match with_key {
            Some(Value::Bool(true)) => Vec::new(),
            _ => vec![key.id],
        };
        let fields = both_sides(&left.fields, &right.fields, &without);
        let kind = match unmatched {
            Some(Value::Bool(true)) => JoinKind::LeftOuter,
            _ => JoinKind::Inner,
        };
        Ok(Relation {
            kind: RelationKind::Join(Box::new(Join {
                left,
                right,
                kind,
                on: Vec::new(),
                filter: Some(filter),
                hints: Vec::new(),
            })),
            fields,
            span: at,
            ordered: false,
        })
    }

    fn within(
        &mut self,
        distance: &str,
        place: Vec<Expr>,
        radius: Value,
        at: kql_diag::Span,
    ) -> Expr {
        let distance = self.call_or_fold(distance, place, Type::Real, at);
        let pair = vec![distance, Expr::literal(radius, at)];
        self.call_or_fold("<=", pair, Type::Bool, at)
    }

    /// The values of [`OPTIONS`], which may have their names or stand in their places.
    fn lookup_options(&mut self, given: &[ast::Argument]) -> Res<[Option<Value>; 4]> {
        let mut out = [const { None }; 4];
        for (i, argument) in given.iter().enumerate() {
            let place = match &argument.name {
                Some(name) => OPTIONS.iter().position(|(n, _)| *n == name.text),
                None => Some(i),
            };
            let found = place.and_then(|p| OPTIONS.get(p).zip(out.get_mut(p)));
            let Some(((_, ty), slot)) = found else {
                return Err(self.fail(
                    codes::ARGUMENT_COUNT,
                    argument.value.span,
                    "there is no such argument",
                ));
            };
            *slot = Some(self.constant_argument(&argument.value, *ty)?);
        }
        Ok(out)
    }
}
