//! `evaluate rolling_percentile(value, percentile, index, bin, bins, dimensions...)`: a percentile of the last bins.

use super::Call;
use super::composed::Given;
use crate::binder::{Binder, Res};
use crate::plan::{Expr, Field, Relation};
use kql_diag::codes;
use kql_types::{Type, Value};

impl Binder<'_> {
    pub(super) fn rolling_percentile(&mut self, call: Call<'_>) -> Res<Relation> {
        let [value, percentile, index, bin, bins, dimensions @ ..] = call.arguments else {
            let message = "rolling_percentile requires a value, a percentile, an index, a bin and a number of bins";
            return Err(self.fail(codes::ARGUMENT_COUNT, call.span, message));
        };
        let value = self.column_argument(&value.value, &call.input)?;
        let index = self.column_argument(&index.value, &call.input)?;
        let percent = self.constant_argument(&percentile.value, Type::Real)?;
        let Value::Real(percent) = percent else {
            let message = "a percentile requires a number";
            return Err(self.fail(codes::ARGUMENT_TYPE, percentile.value.span, message));
        };
        let size = self.constant(&bin.value, "the size of a bin")?;
        let length = if index.ty == Type::DateTime {
            Type::TimeSpan
        } else {
            index.ty
        };
        if size.ty != length && !(size.ty.is_number() && length.is_number()) {
            let message = format!("a bin of {} requires {length}, not {}", index.name, size.ty);
            return Err(self.fail(codes::ARGUMENT_TYPE, bin.value.span, message));
        }
        let size = self.cast(size, length);
        let count = match self.constant_argument(&bins.value, Type::Long)? {
            Value::Long(n) if (1..=100_000).contains(&n) => n,
            _ => {
                let message = "a window has 1 to 100000 bins";
                return Err(self.fail(codes::BAD_VALUE, bins.value.span, message));
            }
        };
        let at = self.at(call.span);
        let mut columns = vec![(index.name.clone(), index.ty)];
        let named = |name: &str, f: &Field| Field {
            name: name.to_owned(),
            ..f.clone()
        };
        let mut fields = vec![named("_v", &value), named("_i", &index)];
        let (mut by, mut dims) = ("_k".to_owned(), String::new());
        for (i, d) in dimensions.iter().enumerate() {
            let f = self.column_argument(&d.value, &call.input)?;
            columns.push((f.name.clone(), f.ty));
            fields.push(named(&format!("_d{i}"), &f));
            by = format!("{by}, _d{i}");
            dims = format!("{dims}, _d{i}");
        }
        columns.push((
            format!("rolling_{count}_percentile_{}_{percent}", value.name),
            value.ty,
        ));
        let text = format!(
            "let D = _in | where isnotnull(_i) | extend _w = bin(_i, _bin), _k = 0;
            let B = D | distinct _w, {by};
            D | mv-expand _o = range(0, {last}) to typeof(long)
            | extend _w = _w + _o * _bin
            | join kind=inner B on _w, {by}
            | summarize _p = percentile(_v, _percent) by _w, {by}
            | sort by {first}_w asc | project _w{dims}, _p",
            last = count - 1,
            first = dims.trim_start_matches(", ").replace(',', " asc,")
                + if dims.is_empty() { "" } else { " asc, " },
        );
        let mut rows = call.input;
        rows.fields = fields;
        let given = vec![
            ("_in", Given::Rows(rows)),
            ("_bin", Given::Value(size)),
            (
                "_percent",
                Given::Value(Expr::literal(Value::Real(percent), at)),
            ),
        ];
        self.composed("rolling_percentile", given, text, &columns, call.span)
    }
}
