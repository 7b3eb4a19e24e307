//! Whether what came is what should come.

use crate::fixture::{Form, Rows};
use crate::outcome::{Outcome, Table};
use crate::setup;
use crate::suite::{Count, Expect};
use crate::{diff, entities};
use kql_content::Rule;
use kql_types::{ColumnSchema, Type};
use std::path::Path;

/// What is not as it should be, one finding each; a finding may have several lines.
pub(crate) fn check(
    expect: &Expect,
    outcome: &Outcome,
    rule: Option<&Rule>,
    path: &Path,
    now: i64,
) -> Result<Vec<String>, String> {
    if expect.is_empty() {
        return Err(
            "the test expects nothing: `expect:` takes fires, silent, rows, count, columns, entities or error (--update writes what comes now)"
                .to_owned(),
        );
    }
    let table = match (outcome, &expect.error) {
        (Outcome::Errors(found, sources), Some(code)) => {
            let is = |d: &&kql_diag::Diagnostic| d.code.to_string().eq_ignore_ascii_case(code);
            if found.iter().any(|d| is(&d)) {
                return Ok(Vec::new());
            }
            let shown: Vec<String> = found.iter().map(|d| d.show(sources)).collect();
            return Ok(vec![format!(
                "expected error {code}, got another one\n{}",
                shown.concat().trim_end()
            )]);
        }
        (Outcome::Errors(found, sources), None) => {
            let shown: Vec<String> = found.iter().map(|d| d.show(sources)).collect();
            return Ok(vec![format!(
                "the query fails\n{}",
                shown.concat().trim_end()
            )]);
        }
        (Outcome::Rows(t), Some(code)) => {
            return Ok(vec![format!(
                "expected error {code}, got {}",
                count(t.rows.len())
            )]);
        }
        (Outcome::Rows(t), None) => t,
    };
    let mut out = Vec::new();
    if let Some(fires) = expect.fires {
        let n = table.rows.len();
        let alert = has_fired(rule, n);
        if fires && !alert {
            out.push(match n {
                0 => "expected rows, and there are none".to_owned(),
                n => format!("the rule does not fire on {}", count(n)),
            });
        } else if !fires && alert {
            out.push(format!(
                "expected no rows, got {}\n{}",
                count(n),
                diff::listed(table)
            ));
        }
    }
    if let Some(Count { least, most }) = expect.count {
        let n = table.rows.len();
        if n < least || n > most {
            let wanted = match (least, most) {
                (l, m) if l == m => count(l),
                (l, usize::MAX) => format!("at least {}", count(l)),
                (_, m) => format!("at most {}", count(m)),
            };
            out.push(format!("expected {wanted}, got {}", count(n)));
        }
    }
    if let Some((text, line)) = &expect.columns {
        out.extend(columns(text, *line, table)?);
    }
    if let Some(wanted) = &expect.entities {
        let rule = rule.ok_or("the query is no rule, so it has no entities")?;
        out.extend(entities::differences(wanted, &entities::of(rule, table)));
    }
    if let Some(rows) = &expect.rows {
        out.extend(rows_of(rows, expect.ordered, table, path, now)?);
    }
    Ok(out)
}

/// Whether so many rows raise an alert; those of a query that is no rule do when there are any.
pub(crate) fn has_fired(rule: Option<&Rule>, rows: usize) -> bool {
    let trigger = rule.map(|r| r.trigger).unwrap_or_default();
    trigger.fires(u64::try_from(rows).unwrap_or(u64::MAX))
}

fn count(n: usize) -> String {
    if n == 1 {
        "1 row".to_owned()
    } else {
        format!("{n} rows")
    }
}

/// `name:type, name:type`: all columns in order; `*` at the end lets others follow.
fn columns(text: &str, line: usize, table: &Table) -> Result<Option<String>, String> {
    let mut wanted: Vec<(String, Option<Type>)> = Vec::new();
    let mut open = false;
    for part in text
        .split([',', '\n'])
        .map(str::trim)
        .filter(|p| !p.is_empty())
    {
        if part == "*" {
            open = true;
            continue;
        }
        wanted.push(match part.rsplit_once(':') {
            None => (part.to_owned(), None),
            Some((n, t)) => {
                let ty = Type::from_name(t.trim())
                    .ok_or_else(|| format!("line {line}: `{}` is no type", t.trim()))?;
                (n.trim().to_owned(), Some(ty))
            }
        });
    }
    let fits = |(i, (name, ty)): (usize, &(String, Option<Type>))| {
        table
            .columns
            .get(i)
            .is_some_and(|c| c.name == *name && ty.is_none_or(|t| t == c.ty))
    };
    let enough = open || wanted.len() == table.columns.len();
    if enough && wanted.iter().enumerate().all(fits) {
        return Ok(None);
    }
    let mut shown = vec!["the columns are others".to_owned()];
    for (name, ty) in &wanted {
        let got = table.columns.iter().find(|c| c.name == *name);
        match (got, ty) {
            (None, _) => shown.push(format!("  - {name}{}", typed(*ty))),
            (Some(c), Some(t)) if c.ty != *t => {
                shown.push(format!("  ~ {name}: expected {t}, got {}", c.ty));
            }
            _ => {}
        }
    }
    for c in &table.columns {
        if !open && !wanted.iter().any(|(n, _)| *n == c.name) {
            shown.push(format!("  + {}:{}", c.name, c.ty));
        }
    }
    if shown.len() == 1 {
        shown.push(format!(
            "  they come in the order {}",
            header(&table.columns)
        ));
    }
    Ok(Some(shown.join("\n")))
}

fn typed(ty: Option<Type>) -> String {
    ty.map_or_else(String::new, |t| format!(":{t}"))
}

/// `name:type, name:type`
pub(crate) fn header(columns: &[ColumnSchema]) -> String {
    let all: Vec<String> = columns
        .iter()
        .map(|c| format!("{}:{}", c.name, c.ty))
        .collect();
    all.join(", ")
}

fn rows_of(
    rows: &Rows,
    ordered: bool,
    table: &Table,
    path: &Path,
    now: i64,
) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    if let Form::Grid(g) = &rows.form {
        for (name, ty) in &g.columns {
            let got = table.columns.iter().find(|c| c.name == *name);
            if let (Some(c), Some(ty)) = (got, ty)
                && c.ty != *ty
            {
                out.push(format!("column `{name}` is {}, expected {ty}", c.ty));
            }
        }
    }
    if let Form::Objects(list) = &rows.form
        && list.is_empty()
    {
        if !table.rows.is_empty() {
            out.push(format!(
                "expected no rows, got {}\n{}",
                count(table.rows.len()),
                diff::listed(table)
            ));
        }
        return Ok(out);
    }
    let wanted = Table::of(&setup::expected(rows, &table.columns, path, now)?);
    let mut places = Vec::new();
    for c in &wanted.columns {
        match table.place(&c.name) {
            None => {
                let names = table.columns.iter().map(|c| c.name.as_str());
                let near = kql_diag::did_you_mean(&c.name, names);
                let hint = near.map_or_else(
                    || format!("the result has {}", header(&table.columns)),
                    |n| format!("`{n}` exists"),
                );
                out.push(format!("column `{}` is not in the result ({hint})", c.name));
            }
            Some(i) => {
                let got = table.columns.get(i).map(|c| c.ty);
                if got != Some(c.ty)
                    && let Some(got) = got
                {
                    out.push(format!("column `{}` is {got}, expected {}", c.name, c.ty));
                }
                places.push(i);
            }
        }
    }
    if out.is_empty() {
        out.extend(diff::differences(&wanted, table, &places, ordered));
    }
    Ok(out)
}
