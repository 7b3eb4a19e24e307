//! `evaluate rows_near(condition, rows [, rows after])`: the rows for which a condition holds, and those near them.

use super::Call;
use super::composed::Given;
use crate::binder::{Binder, Res};
use crate::plan::{Expr, Field, Relation};
use kql_diag::codes;
use kql_types::{Type, Value};

impl Binder<'_> {
    pub(super) fn rows_near(&mut self, call: Call<'_>) -> Res<Relation> {
        let (condition, counts) = match call.arguments {
            [c, n @ ..] if (1..=2).contains(&n.len()) => (c, n),
            _ => {
                let message = "rows_near requires a condition and a number of rows";
                return Err(self.fail(codes::ARGUMENT_COUNT, call.span, message));
            }
        };
        let mut near = Vec::with_capacity(2);
        for a in counts {
            match self.constant_argument(&a.value, Type::Long)? {
                Value::Long(n) if n >= 0 => near.push(n),
                _ => {
                    let message = "a number of rows is 0 or greater";
                    return Err(self.fail(codes::BAD_VALUE, a.value.span, message));
                }
            }
        }
        let before = near.first().copied().unwrap_or_default();
        let after = near.last().copied().unwrap_or_default();
        let at = self.at(call.span);
        let original = call.input.fields.clone();
        let (mut rows, holds) = self.condition_of(call.input, &condition.value)?;
        let columns: Vec<(String, Type)> =
            original.iter().map(|f| (f.name.clone(), f.ty)).collect();
        let names: Vec<String> = (0..original.len()).map(|i| format!("_x{i}")).collect();
        rows.fields = original
            .into_iter()
            .zip(&names)
            .map(|(f, name)| Field {
                name: name.clone(),
                ..f
            })
            .collect();
        rows.fields.push(holds);
        // A row after the n-th match and not after the next has `_g` n; a row before it, or that row itself, has `_h` n.
        let text = format!(
            "let R = materialize(_in | serialize | extend _n = row_number(), _g = row_cumsum(tolong(coalesce(_c, false))) | extend _h = _g + iff(coalesce(_c, false), 0, 1));
            let M = R | where _c | project _m = _n, _g;
            R | join kind=leftouter M on _g
            | join kind=leftouter (M | project _q = _m, _h = _g) on _h
            | where _n - _m <= _after or _q - _n <= _before
            | sort by _n asc | project {}",
            names.join(", ")
        );
        let long = |n: i64| Given::Value(Expr::literal(Value::Long(n), at));
        let given = vec![
            ("_in", Given::Rows(rows)),
            ("_before", long(before)),
            ("_after", long(after)),
        ];
        self.composed("rows_near", given, text, &columns, call.span)
    }
}
