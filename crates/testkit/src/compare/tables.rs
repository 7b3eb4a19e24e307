//! Printed tables.

use super::Rules;
use super::cells::{is_name, same_cell};
use crate::json::Json;
use kql_types::Type;

/// One of our result tables.
#[derive(Debug, Clone)]
pub struct Actual {
    /// Names and types.
    pub columns: Vec<(String, Type)>,
    /// Cells as the contract writes them.
    pub rows: Vec<Vec<Json>>,
}

/// What a comparison says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The same.
    Pass,
    /// Another answer, with the first difference.
    Wrong(String),
    /// No answer, with the message.
    Error(String),
}

/// Whether every row of the matrix can have a column of its own.
pub(super) fn pairs_up(matrix: &[Vec<bool>]) -> bool {
    fn place(i: usize, m: &[Vec<bool>], seen: &mut [bool], owner: &mut [Option<usize>]) -> bool {
        for (j, ok) in m[i].iter().enumerate() {
            if *ok && !seen[j] {
                seen[j] = true;
                if owner[j].is_none_or(|o| place(o, m, seen, owner)) {
                    owner[j] = Some(i);
                    return true;
                }
            }
        }
        false
    }
    let width = matrix.first().map_or(0, Vec::len);
    let mut owner = vec![None; width];
    (0..matrix.len()).all(|i| place(i, matrix, &mut vec![false; width], &mut owner))
}

fn type_of(name: &str) -> Option<Type> {
    Some(match name.to_lowercase().as_str() {
        "bool" | "boolean" => Type::Bool,
        "int" | "int32" => Type::Int,
        "long" | "int64" => Type::Long,
        "real" | "double" => Type::Real,
        "decimal" => Type::Decimal,
        "string" => Type::String,
        "datetime" | "date" => Type::DateTime,
        "timespan" | "time" => Type::TimeSpan,
        "guid" | "uuid" | "uniqueid" => Type::Guid,
        "dynamic" => Type::Dynamic,
        _ => return None,
    })
}

fn names(list: &Json) -> Vec<String> {
    list.items()
        .iter()
        .filter_map(|c| c.str().or_else(|| c.get("name")?.str()))
        .map(str::to_owned)
        .collect()
}

/// Where our columns differ from the official ones (`[{"name","type"}]`): in names, in types.
pub fn check_columns(ours: &[(String, Type)], official: &Json) -> (Option<String>, Option<String>) {
    let want = names(official);
    let got: Vec<String> = ours.iter().map(|c| c.0.clone()).collect();
    let different = (got != want).then(|| format!("columns {got:?}, official {want:?}"));
    let mut types = Vec::new();
    if got.len() == want.len() {
        for (c, o) in ours.iter().zip(official.items()) {
            let ty = o.get("type").and_then(Json::str).unwrap_or_default();
            if type_of(ty) != Some(c.1) {
                types.push(format!("{}:{} (official {ty})", c.0, c.1));
            }
        }
    }
    (different, (!types.is_empty()).then(|| types.join(", ")))
}

fn rows(
    expected: &[Json],
    actual: &[Vec<Json>],
    types: &[Type],
    names: &[String],
    case: &Json,
    partial: bool,
    rules: &Rules,
) -> Option<String> {
    let same = |e: &Json, a: &[Json]| {
        e.items().len() == a.len()
            && e.items()
                .iter()
                .zip(a)
                .zip(types)
                .all(|((x, y), t)| same_cell(x, y, *t, rules))
    };
    let blank = |c: &Json| c.str().is_some_and(|s| s.trim().is_empty());
    if expected.len() == 1 && actual.is_empty() && expected[0].items().iter().all(blank) {
        return None; // pages print an empty result as one blank row
    }
    if !partial && expected.len() != actual.len() {
        return Some(format!(
            "{} rows, expected {}",
            actual.len(),
            expected.len()
        ));
    }
    if partial && actual.len() < expected.len() {
        return Some(format!(
            "{} rows, expected at least {}",
            actual.len(),
            expected.len()
        ));
    }
    let bad = (0..expected.len()).find(|i| !same(&expected[*i], &actual[*i]))?;
    let text = |row: &[Json]| Json::Array(row.to_vec()).text();
    let place = format!(
        "row {bad}: expected {}, got {}",
        expected[bad].text(),
        text(&actual[bad])
    );
    let matrix: Vec<Vec<bool>> = expected
        .iter()
        .map(|e| actual.iter().map(|a| same(e, a)).collect())
        .collect();
    if !pairs_up(&matrix) {
        return Some(match matrix.iter().position(|r| !r.contains(&true)) {
            Some(i) => format!("no row like expected {}; {place}", expected[i].text()),
            None => format!("rows do not pair up; {place}"),
        });
    }
    if !case.flag("ordered") {
        return None;
    }
    let keys: Vec<&str> = case
        .get("sort_keys")
        .map(|k| k.items().iter().filter_map(Json::str).collect())
        .unwrap_or_default();
    let at: Vec<usize> = keys
        .iter()
        .filter_map(|k| names.iter().position(|n| n == k))
        .collect();
    // Rows that tie on the sort keys may come in any order.
    if !keys.is_empty()
        && at.len() == keys.len()
        && expected.iter().zip(actual).all(|(e, a)| {
            at.iter().all(|j| {
                e.items()
                    .get(*j)
                    .is_some_and(|x| same_cell(x, &a[*j], types[*j], rules))
            })
        })
    {
        return None;
    }
    Some(format!("same rows, other order; {place}"))
}

fn table(
    expected: &Json,
    actual: &Actual,
    case: &Json,
    partial: bool,
    partial_columns: bool,
    rules: &Rules,
) -> Option<String> {
    // Some suites recorded no names.
    let heads = match expected.field("columns") {
        Some(c) => names(c),
        None => actual.columns.iter().map(|c| c.0.clone()).collect(),
    };
    let mut columns = actual.columns.clone();
    let mut body = actual.rows.clone();
    if partial_columns {
        let mut at = Vec::new();
        for h in &heads {
            match columns.iter().position(|c| c.0 == *h) {
                Some(i) => at.push(i),
                None => return Some(format!("column {h} is missing")),
            }
        }
        columns = at.iter().map(|i| columns[*i].clone()).collect();
        body = body
            .iter()
            .map(|r| at.iter().map(|i| r[*i].clone()).collect())
            .collect();
    } else {
        if heads.len() != columns.len() {
            let ours: Vec<&str> = columns.iter().map(|c| c.0.as_str()).collect();
            return Some(format!("columns {ours:?}, expected {heads:?}"));
        }
        let other = case.get("columns_alt").map(names).unwrap_or_default();
        for (i, h) in heads.iter().enumerate() {
            if is_name(h) && *h != columns[i].0 && other.get(i) != Some(&columns[i].0) {
                return Some(format!("column {i} is {}, expected {h}", columns[i].0));
            }
        }
    }
    let names: Vec<String> = columns.iter().map(|c| c.0.clone()).collect();
    let types: Vec<Type> = columns.iter().map(|c| c.1).collect();
    let expected = expected.get("rows").map(Json::items).unwrap_or_default();
    rows(expected, &body, &types, &names, case, partial, rules)
}

/// What our last table keeps of a case of which only a part counts.
fn within_scope(case: &Json, actual: &mut Actual) -> Option<String> {
    let scope = case.field("scope");
    let of = |name: &str| scope.and_then(|s| s.field(name));
    if let Some(Json::Number(n)) = of("row_count")
        && *n != actual.rows.len().to_string()
    {
        return Some(format!("{} rows, expected {n}", actual.rows.len()));
    }
    let expected = case.get("expected").and_then(|e| e.get("rows"));
    let k = expected.map_or(0, |r| r.items().len());
    match of("rows").and_then(Json::str) {
        Some("first") => actual.rows.truncate(k),
        Some("last") => {
            let from = actual.rows.len().saturating_sub(k);
            actual.rows.drain(..from);
        }
        Some("none") => actual.rows.clear(),
        _ => {}
    }
    for name in case.get("json_text_columns").map(names).unwrap_or_default() {
        for (i, c) in actual.columns.iter_mut().enumerate() {
            if c.0 == name {
                c.1 = Type::Dynamic;
                for row in &mut actual.rows {
                    if let Some(v) = row[i].str().and_then(Json::parse) {
                        row[i] = v;
                    }
                }
            }
        }
    }
    None
}

/// The verdict on our tables for a case of a suite.
pub fn compare(case: &Json, mut tables: Vec<Actual>) -> Verdict {
    let Some(last) = tables.last_mut() else {
        return Verdict::Error("no result table".to_owned());
    };
    let peers = case.get("authority").is_some();
    let mut rules = Rules::default();
    if case.flag("approximate") || (peers && case.flag("approx")) {
        rules.relative = 0.05;
    }
    rules.unordered_arrays =
        case.flag("unordered_arrays") || (peers && case.flag("arrays_as_sets"));
    let scope = |name: &str| case.field("scope").and_then(|s| s.field(name)?.str());
    let partial_columns =
        case.flag("partial_columns") || (peers && scope("columns") == Some("named"));
    let partial = case.flag("partial")
        && (!peers || matches!(scope("rows"), Some("first" | "last" | "none")));
    let official = case
        .get("official")
        .and_then(|o| o.field("columns"))
        .or_else(|| case.field("official_columns"));
    let (mut other_names, other_types) = match official {
        Some(o) if !case.flag("multi") => check_columns(&last.columns, o),
        _ => (None, None),
    };
    let Some(expected) = case
        .field("expected")
        .filter(|_| !case.flag("nondeterministic"))
    else {
        let ours: Vec<String> = last.columns.iter().map(|c| c.0.clone()).collect();
        if case.field("columns_alt").is_some_and(|a| names(a) == ours) {
            other_names = None;
        }
        return match other_names.or(other_types.map(|t| format!("types {t}"))) {
            Some(d) => Verdict::Wrong(d),
            None => Verdict::Pass,
        };
    };
    if peers {
        if let Some(d) = within_scope(case, last) {
            return Verdict::Wrong(d);
        }
        if let Some(want) = expected.field("types")
            && !partial_columns
            && !case.flag("json_text_columns")
            && want.items().len() == last.columns.len()
        {
            for (w, c) in want.items().iter().zip(&last.columns) {
                if let Some(w) = w.str().filter(|w| !w.is_empty())
                    && type_of(w) != Some(c.1)
                {
                    return Verdict::Wrong(format!("column {} is {}, expected {w}", c.0, c.1));
                }
            }
        }
    }
    let difference = match case.field("expected_tables") {
        Some(all) if !all.items().is_empty() => {
            if all.items().len() != tables.len() {
                Some(format!(
                    "{} result tables, expected {}",
                    tables.len(),
                    all.items().len()
                ))
            } else {
                all.items()
                    .iter()
                    .zip(&tables)
                    .enumerate()
                    .find_map(|(i, (e, t))| {
                        table(e, t, case, partial, partial_columns, &rules)
                            .map(|d| format!("table {i}: {d}"))
                    })
            }
        }
        _ => tables.last().and_then(|t| {
            table(expected, t, case, partial, partial_columns, &rules).filter(|d| {
                // Which rows or values come is not fixed by the language.
                let free = case.flag("arbitrary_rows") || case.flag("arbitrary_values");
                let count = expected.get("rows").map_or(0, |r| r.items().len());
                !(free && t.rows.len() == count && !d.contains("column"))
            })
        }),
    };
    match difference {
        Some(d) => Verdict::Wrong(d),
        None => Verdict::Pass,
    }
}
