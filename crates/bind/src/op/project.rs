//! `extend`, `project` and its relatives.

use crate::binder::{Binder, Poison, Res};
use crate::expr::Row;
use crate::names::{Unique, of_existing, of_expr};
use crate::plan::{Expr, Field, Relation};
use kql_diag::{Span, codes};
use kql_syntax::ast::{self, ReorderDirection};
use kql_types::Type;

/// Whether a name matches a pattern with `*`.
pub fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(first) = parts.next() else {
        return false;
    };
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for p in parts {
        match rest.find(p) {
            Some(i) => rest = &rest[i + p.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl Binder<'_> {
    /// Binds the items of an `extend` or `project`: `(names, value)`.
    fn items(
        &mut self,
        input: &Relation,
        items: &[ast::NamedExpr],
    ) -> (Vec<Option<Expr>>, Option<crate::expr::Collector>) {
        self.collect_windows(input);
        let bound = items
            .iter()
            .map(|i| {
                if is_star(&i.value) {
                    None
                } else {
                    self.item(i, Row::of(&input.fields)).ok()
                }
            })
            .collect();
        (bound, self.collector.take())
    }

    /// `(a, b) = array`: the parts of a dynamic.
    fn parts(&mut self, item: &ast::NamedExpr, value: &Expr) -> Res<Vec<(String, Expr)>> {
        if value.ty != Type::Dynamic {
            return Err(self.fail(
                codes::TYPE_MISMATCH,
                item.span,
                "several names require a dynamic array",
            ));
        }
        Ok(item
            .names
            .iter()
            .enumerate()
            .map(|(i, n)| {
                let step = crate::plan::PathStep::Index(i64::try_from(i).unwrap_or(i64::MAX));
                let e = Expr {
                    kind: crate::plan::ExprKind::Path {
                        base: Box::new(value.clone()),
                        steps: vec![step],
                    },
                    ty: Type::Dynamic,
                    span: value.span,
                };
                (n.text.clone(), e)
            })
            .collect())
    }

    pub(super) fn extend_op(
        &mut self,
        input: Relation,
        items: &[ast::NamedExpr],
        span: Span,
    ) -> Res<Relation> {
        if items.is_empty() {
            return Ok(input);
        }
        let (bound, collector) = self.items(&input, items);
        let mut fields = input.fields.clone();
        let mut unique = Unique::over(&fields);
        let mut taken: std::collections::HashSet<String> = std::collections::HashSet::new();
        let mut assignments = Vec::new();
        let mut failed = false;
        let mut set = |b: &mut Self, fields: &mut Vec<Field>, name: String, value: Expr| {
            let ty = value.ty;
            let id = b.as_column(value, &mut assignments);
            match fields.iter_mut().find(|f| f.name == name) {
                Some(f) => *f = Field { name, id, ty },
                None => fields.push(Field { name, id, ty }),
            }
        };
        for (item, value) in items.iter().zip(bound) {
            let Some(value) = value else {
                failed |= !is_star(&item.value);
                continue;
            };
            match self.several_columns(item, &value) {
                Some(Ok(columns)) => {
                    for (name, spelled, value) in columns {
                        let name = if spelled { name } else { unique.of(&name) };
                        taken.insert(name.clone());
                        set(self, &mut fields, name, value);
                    }
                    continue;
                }
                Some(Err(Poison)) => {
                    failed = true;
                    continue;
                }
                None => {}
            }
            match item.names.as_slice() {
                [] => {
                    let own = of_existing(&item.value, &value, &input.fields)
                        .or_else(|| of_expr(&item.value, self.catalog))
                        .filter(|n| !n.is_empty());
                    let name = own.unwrap_or_else(|| unique.column());
                    if !taken.insert(name.clone()) {
                        let message = format!("column `{name}` is made twice");
                        return Err(self.fail(codes::DUPLICATE_NAME, item.span, message));
                    }
                    set(self, &mut fields, name, value);
                }
                [one] => {
                    if !taken.insert(one.text.clone()) {
                        let message = format!("column `{}` is made twice", one.text);
                        return Err(self.fail(codes::DUPLICATE_NAME, one.span, message));
                    }
                    set(self, &mut fields, one.text.clone(), value);
                }
                _ => match self.parts(item, &value) {
                    Ok(parts) => parts
                        .into_iter()
                        .for_each(|(n, e)| set(self, &mut fields, n, e)),
                    Err(Poison) => failed = true,
                },
            }
        }
        if failed {
            return Err(Poison);
        }
        let input = self.apply_windows(input, collector, span);
        let out = self.extend(input, assignments);
        Ok(self.with_fields(out, fields))
    }

    pub(super) fn project(
        &mut self,
        input: Relation,
        items: &[ast::NamedExpr],
        span: Span,
    ) -> Res<Relation> {
        if let Some(star) = items.iter().find(|i| is_star(&i.value)) {
            return Err(self.fail(
                codes::NOT_SCALAR,
                star.span,
                "`*` is no column; project-keep and project-away take patterns",
            ));
        }
        let (bound, collector) = self.items(&input, items);
        // (name, whether it is spelled, value)
        let mut made: Vec<(String, bool, Expr)> = Vec::new();
        let mut failed = false;
        let mut unnamed = 0;
        for (item, value) in items.iter().zip(bound) {
            let Some(value) = value else {
                failed = true;
                continue;
            };
            match self.several_columns(item, &value) {
                Some(Ok(columns)) => {
                    made.extend(columns);
                    continue;
                }
                Some(Err(Poison)) => {
                    failed = true;
                    continue;
                }
                None => {}
            }
            match item.names.as_slice() {
                [] => {
                    let spelled = matches!(item.value.kind, ast::ExprKind::Name(_));
                    let own = of_existing(&item.value, &value, &input.fields)
                        .or_else(|| of_expr(&item.value, self.catalog))
                        .filter(|n| !n.is_empty());
                    let name = own.unwrap_or_else(|| {
                        unnamed += 1;
                        format!("Column{unnamed}")
                    });
                    made.push((name, spelled, value));
                }
                [one] => made.push((one.text.clone(), true, value)),
                _ => match self.parts(item, &value) {
                    Ok(parts) => made.extend(parts.into_iter().map(|(n, e)| (n, true, e))),
                    Err(Poison) => failed = true,
                },
            }
        }
        if failed {
            return Err(Poison);
        }
        for (i, (name, spelled, _)) in made.iter().enumerate() {
            if *spelled && made[..i].iter().any(|(n, s, _)| *s && n == name) {
                let message = format!("column `{name}` is made twice");
                return Err(self.fail(codes::DUPLICATE_NAME, span, message));
            }
        }
        let raw: Vec<String> = made.iter().map(|(n, _, _)| n.clone()).collect();
        let mut fields: Vec<Field> = Vec::new();
        let mut assignments = Vec::new();
        for (name, _, value) in made {
            let mut unique = name.clone();
            let mut n = 1;
            // A number that makes a name free must not make it one of the others either.
            while fields.iter().any(|f| f.name == unique) || (n > 1 && raw.contains(&unique)) {
                unique = format!("{name}{n}");
                n += 1;
            }
            let ty = value.ty;
            let id = self.as_column(value, &mut assignments);
            fields.push(Field {
                name: unique,
                id,
                ty,
            });
        }
        let input = self.apply_windows(input, collector, span);
        let out = self.extend(input, assignments);
        Ok(self.with_fields(out, fields))
    }

    /// The fields that names and wildcards mean, in the order of the relation for wildcards.
    fn chosen(&mut self, fields: &[Field], items: &[ast::Expr]) -> Res<Vec<usize>> {
        let mut out = Vec::new();
        for item in items {
            match &item.kind {
                ast::ExprKind::Star => out.extend(0..fields.len()),
                ast::ExprKind::Wildcard(w) => {
                    out.extend(
                        fields
                            .iter()
                            .enumerate()
                            .filter(|(_, f)| matches(&w.text, &f.name))
                            .map(|(i, _)| i),
                    );
                }
                ast::ExprKind::Name(n) => match fields.iter().position(|f| f.name == n.text) {
                    Some(i) => out.push(i),
                    None => return Err(self.unknown_column(&n.text, n.span, fields)),
                },
                _ => {
                    return Err(self.fail(
                        codes::SYNTAX,
                        item.span,
                        "a column or a pattern of columns is required here",
                    ));
                }
            }
        }
        Ok(out)
    }

    pub(super) fn project_away(&mut self, input: Relation, items: &[ast::Expr]) -> Res<Relation> {
        let gone = self.chosen(&input.fields, items)?;
        let fields = input
            .fields
            .iter()
            .enumerate()
            .filter(|(i, _)| !gone.contains(i))
            .map(|(_, f)| f.clone())
            .collect();
        Ok(self.with_fields(input, fields))
    }

    pub(super) fn project_keep(&mut self, input: Relation, items: &[ast::Expr]) -> Res<Relation> {
        let kept = self.chosen(&input.fields, items)?;
        let fields = input
            .fields
            .iter()
            .enumerate()
            .filter(|(i, _)| kept.contains(i))
            .map(|(_, f)| f.clone())
            .collect();
        Ok(self.with_fields(input, fields))
    }

    pub(super) fn project_rename(
        &mut self,
        input: Relation,
        items: &[ast::NamedExpr],
    ) -> Res<Relation> {
        let mut fields = input.fields.clone();
        let mut renamed = vec![false; fields.len()];
        for item in items {
            let ([new], ast::ExprKind::Name(old)) = (item.names.as_slice(), &item.value.kind)
            else {
                return Err(self.fail(
                    codes::SYNTAX,
                    item.span,
                    "project-rename requires `new = old`",
                ));
            };
            let Some(i) = input.fields.iter().position(|f| f.name == old.text) else {
                return Err(self.unknown_column(&old.text, old.span, &input.fields));
            };
            fields[i].name = new.text.clone();
            renamed[i] = true;
        }
        for (i, f) in fields.iter().enumerate() {
            if renamed[i]
                && fields
                    .iter()
                    .enumerate()
                    .any(|(j, g)| j != i && g.name == f.name)
            {
                let span = items.first().map_or(input.span, |i| i.span);
                return Err(self.fail(
                    codes::DUPLICATE_NAME,
                    span,
                    format!("column `{}` exists already", f.name),
                ));
            }
        }
        Ok(self.with_fields(input, fields))
    }

    pub(super) fn project_reorder(
        &mut self,
        input: Relation,
        items: &[(ast::Expr, Option<ReorderDirection>)],
    ) -> Res<Relation> {
        let mut order: Vec<usize> = Vec::new();
        for (item, direction) in items {
            let mut chosen = self.chosen(&input.fields, std::slice::from_ref(item))?;
            let name = |i: &usize| input.fields[*i].name.clone();
            match direction {
                None => {}
                Some(ReorderDirection::Asc) => chosen.sort_by_key(name),
                Some(ReorderDirection::Desc) => chosen.sort_by_key(|i| std::cmp::Reverse(name(i))),
                Some(ReorderDirection::GrannyAsc) => chosen.sort_by_key(|i| granny(&name(i))),
                Some(ReorderDirection::GrannyDesc) => {
                    chosen.sort_by_key(|i| std::cmp::Reverse(granny(&name(i))))
                }
            }
            for i in chosen {
                if !order.contains(&i) {
                    order.push(i);
                }
            }
        }
        let rest: Vec<usize> = (0..input.fields.len())
            .filter(|i| !order.contains(i))
            .collect();
        let fields = order
            .into_iter()
            .chain(rest)
            .map(|i| input.fields[i].clone())
            .collect();
        Ok(self.with_fields(input, fields))
    }

    pub(super) fn project_by_names(
        &mut self,
        input: Relation,
        items: &[ast::Expr],
    ) -> Res<Relation> {
        let mut fields: Vec<Field> = Vec::new();
        for item in items {
            let e = self.constant(item, "project-by-names")?;
            let names: Vec<String> = match e.as_literal() {
                Some(kql_types::Value::String(s)) => vec![s.clone()],
                Some(kql_types::Value::Dynamic(kql_types::Dyn::Array(a))) => a
                    .iter()
                    .filter_map(|d| match d {
                        kql_types::Dyn::String(s) => Some(s.clone()),
                        _ => None,
                    })
                    .collect(),
                _ => {
                    return Err(self.fail(
                        codes::ARGUMENT_TYPE,
                        item.span,
                        "project-by-names requires names as constants",
                    ));
                }
            };
            for n in names {
                for f in input.fields.iter().filter(|f| matches(&n, &f.name)) {
                    if !fields.iter().any(|g| g.name == f.name) {
                        fields.push(f.clone());
                    }
                }
            }
        }
        Ok(self.with_fields(input, fields))
    }
}

fn is_star(e: &ast::Expr) -> bool {
    matches!(e.kind, ast::ExprKind::Star)
}

/// Names by their text parts and numbers: `a2` before `a10`.
fn granny(name: &str) -> Vec<(String, u64)> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut digits = String::new();
    for c in name.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            if !digits.is_empty() {
                out.push((
                    std::mem::take(&mut text),
                    digits.parse().unwrap_or(u64::MAX),
                ));
                digits.clear();
            }
            text.push(c);
        }
    }
    out.push((text, digits.parse().unwrap_or(0)));
    out
}
