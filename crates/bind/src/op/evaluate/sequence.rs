//! Plugins that look for sequences of events: `session_count`, `sequence_detect`, `funnel_sequence_completion`.
//!
//! A later step of a sequence is at a later time: no event follows itself, and events of one time do not follow each other.

use super::Call;
use super::composed::{Given, Kind};
use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::plan::{Expr, Field, Relation};
use kql_diag::codes;
use kql_types::{Dyn, Type, Value};
use std::fmt::Write;

/// More steps or periods than this are refused: each is a part of the plan.
const MOST_STEPS: usize = 32;

impl Binder<'_> {
    /// `session_count(id, time, start, end, bin, lookback, dimensions...)`: a session of an id goes on while its next event
    /// comes within the lookback; it counts in each bin that has an event of it.
    pub(super) fn session_count(&mut self, call: Call<'_>) -> Res<Relation> {
        let span = call.span;
        let a = self.activity(
            call,
            &[
                ("_start", Kind::Point),
                ("_end", Kind::Point),
                ("_step", Kind::Length),
                ("_look", Kind::Length),
            ],
        )?;
        let (dims, window) = (a.dims(), a.window("_t"));
        let mut same =
            "row_number() > 1 and _id == prev(_id) and _w == prev(_w) and _t - prev(_t) <= _look"
                .to_owned();
        for i in 0..a.dimensions.len() {
            let _ = write!(
                same,
                " and (_d{i} == prev(_d{i}) or isnull(_d{i}) and isnull(prev(_d{i})))"
            );
        }
        let text = format!(
            "_in | where _t between (_start .. _end) and isnotnull(_id) | extend _w = {window}
            | distinct _w, _id, _t{dims} | sort by _id asc{dims}, _t asc
            | extend _new = iff({same}, 0, 1)
            | summarize _n = sum(_new) by _w{dims}
            | sort by _w asc{dims} | project _w{dims}, _n"
        );
        let mut columns = a.columns();
        columns.push(("count_sessions".to_owned(), Type::Long));
        self.composed("session_count", a.input(), text, &columns, span)
    }

    /// `sequence_detect(time, step window, span, conditions..., dimensions...)`: all rows of times, one for each condition,
    /// that follow each other.
    pub(super) fn sequence_detect(&mut self, call: Call<'_>) -> Res<Relation> {
        let at = self.at(call.span);
        let [time, window, whole, rest @ ..] = call.arguments else {
            let message =
                "sequence_detect requires a column with times, two lengths and conditions";
            return Err(self.fail(codes::ARGUMENT_COUNT, call.span, message));
        };
        let time = self.time_line(&call, time.value.span, &time.value)?;
        let mut given = Vec::new();
        for (name, a) in [("_win", window), ("_all", whole)] {
            let value = self.constant(&a.value, "this argument")?;
            if value.ty != Type::TimeSpan {
                let message = format!("this argument requires timespan, not {}", value.ty);
                return Err(self.fail(codes::ARGUMENT_TYPE, a.value.span, message));
            }
            if matches!(value.as_literal(), Some(Value::TimeSpan(t)) if *t <= 0) {
                let message = "this argument must be greater than 0";
                return Err(self.fail(codes::BAD_VALUE, a.value.span, message));
            }
            given.push((name, Given::Value(value)));
        }

        let original = call.input.fields.clone();
        let mut made = Vec::new();
        let mut fields = vec![Field {
            name: "_t".to_owned(),
            ..time.clone()
        }];
        let mut names: Vec<String> = Vec::new();
        let mut dimensions: Vec<Field> = Vec::new();
        for a in rest {
            let value = self.expr(&a.value, Row::of(&original))?;
            if value.ty == Type::Bool && dimensions.is_empty() {
                let name = a.name.as_ref().map_or("", |n| n.text.as_str());
                names.push(format!("{name}_{}", time.name));
                fields.push(Field {
                    name: format!("_p{}", names.len() - 1),
                    id: self.as_column(value, &mut made),
                    ty: Type::Bool,
                });
            } else if let Some(name) = &a.name {
                let message = format!(
                    "the condition `{}` requires bool, not {}",
                    name.text, value.ty
                );
                return Err(self.fail(codes::ARGUMENT_TYPE, a.value.span, message));
            } else {
                let f = self.column_argument(&a.value, &call.input)?;
                fields.push(Field {
                    name: format!("_d{}", dimensions.len()),
                    ..f.clone()
                });
                dimensions.push(f);
            }
        }
        if names.is_empty() || names.len() > MOST_STEPS {
            let message = format!("sequence_detect requires 1 to {MOST_STEPS} conditions");
            return Err(self.fail(codes::ARGUMENT_COUNT, call.span, message));
        }
        if let Some((i, _)) = names
            .iter()
            .enumerate()
            .find(|(i, n)| names[..*i].contains(n))
        {
            let a = rest.get(i).map_or(call.span, |a| a.value.span);
            return Err(self.unsupported(a, "two conditions of one name"));
        }
        let mut rows = self.extend(call.input, made);
        rows.fields = fields;
        given.push(("_in", Given::Rows(rows)));

        let dims = (0..dimensions.len()).fold(String::new(), |s, i| format!("{s}, _d{i}"));
        let times = (0..names.len()).fold(String::new(), |s, i| format!("{s}, _t{i}"));
        // Times that are at most a window apart are in one bin of that width or in neighbours: an equal key for the join.
        let mut text = "let _bin = min_of(_win, _all);\n".to_owned();
        for i in 0..names.len() {
            let _ = writeln!(
                text,
                "let S{i} = _in | where _p{i} and isnotnull(_t) | extend _t{i} = _t, _k = 0 | distinct _t{i}, _k{dims};"
            );
        }
        text.push_str("S0");
        for i in 1..names.len() {
            let before = i - 1;
            let _ = write!(
                text,
                "\n| extend _b = bin(_t{before}, _bin)
                | join kind=inner (union (S{i} | extend _b = bin(_t{i}, _bin)), (S{i} | extend _b = bin(_t{i}, _bin) - _bin)) on _b, _k{dims}
                | where _t{i} > _t{before} and _t{i} - _t{before} <= _win and _t{i} - _t0 <= _all
                | project _k{dims}{}",
                (0..=i).fold(String::new(), |s, j| format!("{s}, _t{j}"))
            );
        }
        let _ = write!(
            text,
            "\n| extend _long = _t{} - _t0 | sort by {}{dims} | project {}{}, _long",
            names.len() - 1,
            times.trim_start_matches(", ").replace(',', " asc,") + " asc",
            dims.trim_start_matches(", "),
            if dims.is_empty() {
                times.trim_start_matches(", ")
            } else {
                &times
            },
        );
        let mut columns: Vec<(String, Type)> =
            dimensions.iter().map(|f| (f.name.clone(), f.ty)).collect();
        columns.extend(names.into_iter().map(|n| (n, time.ty)));
        columns.push(("Duration".to_owned(), Type::TimeSpan));
        self.composed("sequence_detect", given, text, &columns, at)
    }

    /// `funnel_sequence_completion(id, time, start, end, bin, state, sequence, periods)`: how many ids come how far.
    pub(super) fn funnel_sequence_completion(&mut self, call: Call<'_>) -> Res<Relation> {
        let span = call.span;
        let [front @ .., sequence, periods] = call.arguments else {
            let message = "funnel_sequence_completion requires 8 arguments";
            return Err(self.fail(codes::ARGUMENT_COUNT, span, message));
        };
        if front.len() != 6 {
            let message = format!(
                "funnel_sequence_completion requires 8 arguments, not {}",
                call.arguments.len()
            );
            return Err(self.fail(codes::ARGUMENT_COUNT, span, message));
        }
        if let Some(time) = front.get(1) {
            self.time_line(&call, time.value.span, &time.value)?;
        }
        let steps = self.elements_argument(&sequence.value, "a sequence of states")?;
        let mut names = Vec::with_capacity(steps.len());
        for v in &steps {
            match v {
                Dyn::String(s) => names.push(s.clone()),
                _ => return Err(self.unsupported(sequence.value.span, "a state that is no string")),
            }
        }
        let limits = self.elements_argument(&periods.value, "periods")?;
        let mut ticks = Vec::with_capacity(limits.len());
        for v in &limits {
            match self.cast_value(&Value::Dynamic(v.clone()), Type::TimeSpan) {
                Some(Value::TimeSpan(t)) if t >= 0 => ticks.push(t),
                _ => {
                    let message = "a period is a timespan that is not below 0";
                    return Err(self.fail(codes::BAD_VALUE, periods.value.span, message));
                }
            }
        }
        let at = self.at(span);
        let call = Call {
            arguments: front,
            ..call
        };
        let mut a = self.activity(
            call,
            &[
                ("_start", Kind::Point),
                ("_end", Kind::Point),
                ("_step", Kind::Length),
            ],
        )?;
        match a.dimensions.first() {
            Some(f) if f.ty == Type::String => {}
            _ => return Err(self.unsupported(span, "a column of states that are no strings")),
        }
        let array =
            |values: Vec<Dyn>| Given::Value(Expr::literal(Value::Dynamic(Dyn::Array(values)), at));
        a.given.push(("_names", array(steps)));
        a.given.push(("_limits", array(limits)));
        let mut columns = a.columns();
        columns.push(("Period".to_owned(), Type::TimeSpan));
        columns.push(("dcount".to_owned(), Type::Long));

        // For each time of an id: which states it has, and, for each step, the latest start from which the steps up to it
        // were all made by now. The shortest way to a step is what counts.
        let window = a.window("_t");
        let count = names.len();
        let list = |f: &dyn Fn(usize) -> String| (0..count).map(f).collect::<Vec<_>>().join(", ");
        let text = format!(
            "_in | where _t between (_start .. _end) and isnotnull(_id) and _d0 in (_names) | extend _w = {window}
            | summarize {flags} by _w, _id, _t
            | sort by _id asc, _t asc
            | scan declare ({states}) with (step s: true => {moves};)
            | summarize {shortest} by _w, _id
            | summarize {counts} by _w
            | where _c0 > 0
            | mv-expand with_itemindex=_i _c = pack_array({all}) to typeof(long)
            | sort by _w asc, _i asc
            | project _w, tostring(_names[_i % {count}]), totimespan(_limits[_i / {count}]), _c",
            flags = list(&|i| format!("_f{i} = countif(_d0 == tostring(_names[{i}])) > 0")),
            states = list(&|i| format!("_a{i}: datetime")),
            moves = list(&|i| {
                let kept = format!("iff(s._id == _id and s._w == _w, s._a{i}, datetime(null))");
                match i.checked_sub(1) {
                    None => format!("_a{i} = iff(_f{i}, _t, {kept})"),
                    Some(before) => format!(
                        "_a{i} = iff(_f{i} and s._id == _id and s._w == _w and isnotnull(s._a{before}), s._a{before}, {kept})"
                    ),
                }
            }),
            shortest = list(&|i| format!("_m{i} = minif(_t - _a{i}, _f{i})")),
            counts = (0..ticks.len() * count)
                .map(|n| format!("_c{n} = countif(_m{} <= totimespan(_limits[{}]))", n % count, n / count))
                .collect::<Vec<_>>()
                .join(", "),
            all = (0..ticks.len() * count)
                .map(|n| format!("_c{n}"))
                .collect::<Vec<_>>()
                .join(", "),
        );
        self.composed(
            "funnel_sequence_completion",
            a.input(),
            text,
            &columns,
            span,
        )
    }

    /// A column of datetimes or timespans: the results of these plugins are timespans.
    fn time_line(
        &mut self,
        call: &Call<'_>,
        span: kql_diag::Span,
        e: &kql_syntax::ast::Expr,
    ) -> Res<Field> {
        let time = self.column_argument(e, &call.input)?;
        match time.ty {
            Type::DateTime => Ok(time),
            other => {
                let what = format!("a time line of {other} in {}", call.name.text);
                Err(self.unsupported(span, what))
            }
        }
    }

    /// The elements of a constant array.
    fn elements_argument(&mut self, e: &kql_syntax::ast::Expr, what: &str) -> Res<Vec<Dyn>> {
        match self.constant_argument(e, Type::Dynamic)? {
            Value::Dynamic(Dyn::Array(a)) if (1..=MOST_STEPS).contains(&a.len()) => Ok(a),
            _ => {
                let message = format!("{what} requires an array of 1 to {MOST_STEPS} elements");
                Err(self.fail(codes::BAD_VALUE, e.span, message))
            }
        }
    }
}
