//! Plugins that count who is active in windows of time.
//!
//! Windows begin at the start of the analysis, both ends of which are within it. Ids are counted exactly.

use super::Call;
use super::composed::{Given, Kind};
use crate::binder::{Binder, Res};
use crate::plan::Relation;
use kql_diag::codes;
use kql_types::{Type, Value};

fn column(name: &str, ty: Type) -> (String, Type) {
    (name.to_owned(), ty)
}

impl Binder<'_> {
    /// `activity_counts_metrics(id, time, start, end, step, dimensions...)`: each window beside all before it.
    pub(super) fn activity_counts_metrics(&mut self, call: Call<'_>) -> Res<Relation> {
        let span = call.span;
        let a = self.activity(
            call,
            &[
                ("_start", Kind::Point),
                ("_end", Kind::Point),
                ("_step", Kind::Period),
            ],
        )?;
        let (by, dims, window) = (a.by(), a.dims(), a.window("_t"));
        let text = format!(
            "let D = _in | where _t between (_start .. _end) | extend _w = {window}, _k = 0;
            let W = D | summarize _count = count(), _dcount = count_distinct(_id) by _w, {by};
            let F = D | summarize _f = min(_w) by _id, {by} | summarize _n = countif(isnotnull(_id)) by _f, {by};
            W | join kind=inner F on {by} | where _f <= _w
            | summarize _new = sumif(_n, _f == _w), _all = sum(_n) by _w, {by}, _count, _dcount
            | sort by _w asc{dims} | project _w{dims}, _count, _dcount, _new, _all"
        );
        let mut columns = a.columns();
        for name in ["count", "dcount", "new_dcount", "aggregated_dcount"] {
            columns.push(column(name, Type::Long));
        }
        self.composed("activity_counts_metrics", a.input(), text, &columns, span)
    }

    /// `activity_metrics(id, time, start, end, step, dimensions...)`: each window beside the one before it.
    pub(super) fn activity_metrics(&mut self, call: Call<'_>) -> Res<Relation> {
        let span = call.span;
        let a = self.activity(
            call,
            &[
                ("_start", Kind::Point),
                ("_end", Kind::Point),
                ("_step", Kind::Period),
            ],
        )?;
        let (by, dims, window) = (a.by(), a.dims(), a.window("_t"));
        let next = a.next("_w");
        let text = format!(
            "let U = _in | where _t between (_start .. _end) and isnotnull(_id) | extend _w = {window}, _k = 0 | distinct _id, _w, {by};
            let N = U | summarize _n = count() by _w, {by};
            let R = U | join kind=inner (U | extend _w = {next}) on _id, _w, {by} | summarize _r = count() by _w, {by};
            N | join kind=leftouter R on _w, {by}
            | join kind=leftouter (N | project _w = {next}, _p = _n, {by}) on _w, {by}
            | extend _r = coalesce(_r, 0), _p = coalesce(_p, 0)
            | sort by _w asc{dims}
            | project _w{dims}, _n, _n - _r, toreal(_r) / toreal(_p), toreal(_p - _r) / toreal(_p)"
        );
        let mut columns = a.columns();
        columns.push(column("dcount_values", Type::Long));
        columns.push(column("dcount_newvalues", Type::Long));
        columns.push(column("retention_rate", Type::Real));
        columns.push(column("churn_rate", Type::Real));
        self.composed("activity_metrics", a.input(), text, &columns, span)
    }

    /// `sliding_window_counts(id, time, start, end, lookback, bin, dimensions...)`
    pub(super) fn sliding_window_counts(&mut self, call: Call<'_>) -> Res<Relation> {
        let span = call.span;
        let a = self.activity(
            call,
            &[
                ("_start", Kind::Point),
                ("_end", Kind::Point),
                ("_look", Kind::Length),
                ("_step", Kind::Length),
            ],
        )?;
        if self
            .bins_of(&a.constants, "_look", "_step")
            .is_some_and(|(n, _)| n < 1)
        {
            let message = "the lookback window must not be shorter than a bin";
            return Err(self.fail(codes::BAD_VALUE, span, message));
        }
        let (by, dims) = (a.by(), a.dims());
        let text = format!(
            "let last = tolong(_look / _step) - 1;
            _in | where _t >= _start - last * _step and _t <= _end
            | extend _b = bin_at(_t, _step, _start), _k = 0
            | summarize _n = count() by _id, _b, {by}
            | mv-expand _o = range(0, last) to typeof(long)
            | extend _w = _b + _o * _step
            | where _w between (_start .. _end)
            | summarize _count = sum(_n), _dcount = count_distinct(_id) by _w, {by}
            | sort by _w asc{dims} | project _w{dims}, _count, _dcount"
        );
        let mut columns = a.columns();
        columns.push(column("Count", Type::Long));
        columns.push(column("Dcount", Type::Long));
        self.composed("sliding_window_counts", a.input(), text, &columns, span)
    }

    /// `activity_engagement(id, time, start, end, inner, outer, dimensions...)`
    pub(super) fn activity_engagement(&mut self, call: Call<'_>) -> Res<Relation> {
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
        match self.bins_of(&a.constants, "_look", "_step") {
            Some((n, 0)) if n >= 1 => {}
            _ => {
                let what = "an outer window that is not made of whole inner windows";
                return Err(self.unsupported(span, what));
            }
        }
        let (by, dims) = (a.by(), a.dims());
        let text = format!(
            "let last = tolong(_look / _step) - 1;
            let U = _in | where _t >= _start - last * _step and _t <= _end and isnotnull(_id)
            | extend _w = bin_at(_t, _step, _start), _k = 0 | distinct _id, _w, {by};
            let I = U | summarize _a = count() by _w, {by};
            U | mv-expand _o = range(0, last) to typeof(long)
            | extend _w = _w + _o * _step
            | where _w between (_start .. _end)
            | summarize _n = count_distinct(_id) by _w, {by}
            | join kind=leftouter I on _w, {by}
            | extend _a = coalesce(_a, 0)
            | sort by _w asc{dims} | project _w{dims}, _a, _n, toreal(_a) / toreal(_n)"
        );
        let mut columns = a.columns();
        columns.push(column("dcount_activities_inner", Type::Long));
        columns.push(column("dcount_activities_outer", Type::Long));
        columns.push(column("activity_ratio", Type::Real));
        self.composed("activity_engagement", a.input(), text, &columns, span)
    }

    /// `active_users_count(id, time, start, end, lookback, period, active periods, bin, dimensions...)`: ids that were
    /// there in so many periods of the lookback window, which ends with the time that counts and does not hold its start.
    pub(super) fn active_users_count(&mut self, call: Call<'_>) -> Res<Relation> {
        let span = call.span;
        let a = self.activity(
            call,
            &[
                ("_start", Kind::Point),
                ("_end", Kind::Point),
                ("_look", Kind::Length),
                ("_period", Kind::Length),
                ("_least", Kind::Count),
                ("_step", Kind::Period),
            ],
        )?;
        let (by, dims, window) = (a.by(), a.dims(), a.window("_t"));
        let text = format!(
            "let U = _in | where _t > _start - _look and _t <= _end and isnotnull(_id) | extend _k = 0 | distinct _id, _t, {by};
            U | where _t >= _start
            | join kind=inner (U | project _id, _s = _t, _p = bin_at(_t, _period, _start), {by}) on _id, {by}
            | where _s <= _t and _s > _t - _look
            | summarize _n = count_distinct(_p) by _id, _t, {by}
            | where _n >= _least
            | summarize _count = count_distinct(_id) by _w = {window}, {by}
            | sort by _w asc{dims} | project _w{dims}, _count"
        );
        let mut columns = a.columns();
        columns.push(column("dcount", Type::Long));
        self.composed("active_users_count", a.input(), text, &columns, span)
    }

    /// `new_activity_metrics(id, time, start, end, window, [cohort], dimensions..., [lookback])`
    pub(super) fn new_activity_metrics(&mut self, call: Call<'_>) -> Res<Relation> {
        let span = call.span;
        let mut arguments = call.arguments.to_vec();
        let fields = call.input.fields.clone();
        let is_column = |e: &kql_syntax::ast::Expr| match &e.kind {
            kql_syntax::ast::ExprKind::Name(n) => fields.iter().any(|f| f.name == n.text),
            _ => false,
        };
        let lookback = match arguments.last() {
            Some(last) if arguments.len() > 5 && !is_column(&last.value) => {
                if self.is_table(&last.value, &[]) {
                    arguments.pop()
                } else {
                    None
                }
            }
            _ => None,
        };
        let cohort = arguments.get(5).is_some_and(|c| !is_column(&c.value));
        let mut constants = vec![
            ("_start", Kind::Point),
            ("_end", Kind::Point),
            ("_step", Kind::Length),
        ];
        if cohort {
            constants.push(("_cohort", Kind::Point));
        }
        let id_name = arguments.first().map(|a| a.value.clone());
        let call = Call {
            arguments: &arguments,
            ..call
        };
        let mut a = self.activity(call, &constants)?;
        let known = match (&lookback, id_name) {
            (Some(table), Some(id)) => {
                let mut rows = self.isolated_relation(&table.value)?;
                let mut id = self.column_argument(&id, &rows)?;
                id.name = "_id".to_owned();
                rows.fields = vec![id];
                a.given.push(("_known", Given::Rows(rows)));
                "| join kind=leftanti (_known | distinct _id) on _id"
            }
            _ => "",
        };
        let one = if cohort {
            "| where _f == bin_at(_cohort, _step, _start)"
        } else {
            ""
        };
        let (by, dims) = (a.by(), a.dims());
        let text = format!(
            "let D = _in | where _t between (_start .. _end) and isnotnull(_id) | extend _w = bin_at(_t, _step, _start), _k = 0 | distinct _id, _w, {by};
            let F = D | summarize _f = min(_w) by _id, {by} {known};
            let X = D | join kind=inner F on _id, {by} | summarize _m = count() by _f, _w, {by};
            let P = F | summarize _size = count() by _f, {by} {one}
            | join kind=inner (range _g from _start to _end step _step | extend _k = 0) on _k | where _g >= _f;
            let V = P | join kind=inner (X | project _h = _f, _g = _w, _q = _m, {by}) on _g, {by}
            | where _h > _f | summarize _v = sum(_q) by _f, _g, {by};
            P | join kind=leftouter (X | project _f, _g = _w, _m, {by}) on _f, _g, {by}
            | join kind=leftouter V on _f, _g, {by}
            | extend _m = coalesce(_m, 0), _v = iff(_f == _g, _size, coalesce(_v, 0))
            | sort by _f asc, _g asc{dims}
            | project _f, _g{dims}, _v, _m, _size - _m, toreal(_m) / toreal(_size), toreal(_size - _m) / toreal(_size)"
        );
        let mut columns = vec![
            (format!("from_{}", a.time.name), a.time.ty),
            (format!("to_{}", a.time.name), a.time.ty),
        ];
        columns.extend(a.columns().into_iter().skip(1));
        for name in [
            "dcount_new_values",
            "dcount_retained_values",
            "dcount_churn_values",
        ] {
            columns.push(column(name, Type::Long));
        }
        columns.push(column("retention_rate", Type::Real));
        columns.push(column("churn_rate", Type::Real));
        self.composed("new_activity_metrics", a.input(), text, &columns, span)
    }

    /// How many whole steps a length has, and what is left; none where it is not known yet.
    fn bins_of(
        &self,
        constants: &[(&'static str, Option<Value>)],
        length: &str,
        step: &str,
    ) -> Option<(i64, i64)> {
        let ticks = |name: &str| {
            let found = constants.iter().find(|(n, _)| *n == name);
            match found.and_then(|(_, v)| v.as_ref())? {
                Value::TimeSpan(t) => Some(*t),
                other => other.as_long(),
            }
        };
        let (length, step) = (ticks(length)?, ticks(step)?);
        Some((length.checked_div(step)?, length.checked_rem(step)?))
    }
}
