//! Operators with clauses of their own: joins, mv-expand, scan, make-series, find.

use super::Builder;
use super::doc::{Doc, many, separated};
use super::literals::name;
use crate::ast::{ExpandItem, Expr, OperatorKind as K, Property, ScanStep};

impl Builder<'_> {
    pub(super) fn join(
        &self,
        word: &'static str,
        parameters: &[Property],
        right: &Expr,
        on: &[Expr],
        on_word: &'static str,
    ) -> Vec<Doc> {
        let mut out = vec![
            word.into(),
            self.flags(parameters),
            " ".into(),
            self.expr(right),
        ];
        if !on.is_empty() {
            let on = separated(self.plain(on), ",");
            let on = Doc::Group(false, vec![Doc::Nest(vec![on])]);
            out.push(many![" ", on_word, " ", on]);
        }
        out
    }

    pub(super) fn expand(
        &self,
        word: &'static str,
        parameters: &[Property],
        items: &[ExpandItem],
        limit: Option<&Expr>,
    ) -> Vec<Doc> {
        let items = items.iter().map(|i| {
            let to = match &i.to_type {
                Some(t) => format!(" to typeof({})", name(t)),
                None => String::new(),
            };
            many![self.named(&i.expr), to]
        });
        let items = separated(items.collect(), ",");
        let items = Doc::Group(false, vec![Doc::Nest(vec![items])]);
        let mut out = vec![word.into(), self.flags(parameters), " ".into(), items];
        if let Some(l) = limit {
            out.push(many![" limit ", self.expr(l)]);
        }
        out
    }

    pub(super) fn scan_step(&self, s: &ScanStep) -> Doc {
        let mut head = format!("step {}", name(&s.name));
        if s.optional {
            head.push_str(" optional");
        }
        if let Some(o) = &s.output {
            head.push_str(" output=");
            head.push_str(&name(o));
        }
        head.push_str(": ");
        let mut out = vec![head.into(), self.expr(&s.condition)];
        if !s.assignments.is_empty() {
            let items = separated(self.named_items(&s.assignments), ",");
            out.push(Doc::Nest(vec![
                Doc::Line,
                "=> ".into(),
                Doc::Nest(vec![items]),
            ]));
        }
        out.push(";".into());
        self.group(s.span, out)
    }

    pub(super) fn make_series(&self, k: &K) -> Vec<Doc> {
        let K::MakeSeries {
            parameters,
            items,
            on,
            from,
            to,
            step,
            in_range,
            by,
        } = k
        else {
            return Vec::new();
        };
        let items = items.iter().map(|i| match &i.default {
            Some(d) => many![self.named(&i.expr), " default = ", self.expr(d)],
            None => self.named(&i.expr),
        });
        let head = many!["make-series", self.flags(parameters)];
        let mut out = self.list(head, items.collect());
        let mut rest = vec![Doc::Line, "on ".into(), self.named(on)];
        if let Some((a, b, c)) = in_range {
            let (a, b, c) = (self.expr(a), self.expr(b), self.expr(c));
            rest.push(many![" in range(", a, ", ", b, ", ", c, ")"]);
        }
        for (word, value) in [(" from ", from), (" to ", to), (" step ", step)] {
            if let Some(v) = value {
                rest.push(many![word, self.expr(v)]);
            }
        }
        if !by.is_empty() {
            rest.push(Doc::Line);
            rest.push(many!["by ", separated(self.named_items(by), ",")]);
        }
        out.push(Doc::Nest(rest));
        out
    }

    pub(super) fn find(&self, k: &K) -> Vec<Doc> {
        let K::Find {
            parameters,
            tables,
            predicate,
            project,
            project_smart,
            project_away,
        } = k
        else {
            return Vec::new();
        };
        let mut out = vec!["find".into(), self.flags(parameters)];
        if !tables.is_empty() {
            out.push(many![" in ", self.listed("(", self.exprs(tables), ")")]);
        }
        if let Some(p) = predicate {
            let bare = tables.is_empty() && parameters.is_empty();
            out.push(if bare { " " } else { " where " }.into());
            out.push(self.expr(p));
        }
        let mut rest = Vec::new();
        if let Some(columns) = project {
            let items = columns.iter().map(|c| match &c.type_name {
                Some(t) => many![self.expr(&c.expr), format!(":{}", name(t))],
                None => self.expr(&c.expr),
            });
            rest.push(Doc::Line);
            rest.push(many!["project ", separated(items.collect(), ",")]);
        }
        if *project_smart {
            rest.push(Doc::Line);
            rest.push("project-smart".into());
        }
        if !project_away.is_empty() {
            rest.push(Doc::Line);
            let items = separated(self.plain(project_away), ",");
            rest.push(many!["project-away ", items]);
        }
        out.push(Doc::Nest(rest));
        out
    }
}
