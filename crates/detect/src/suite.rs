//! A test file: what it says, without running anything.

use crate::fixture::Rows;
use crate::yaml::{self, Entry, Fault, Kind, Node, fault};
use std::path::{Path, PathBuf};

/// A test file.
#[derive(Debug, Clone)]
pub struct Suite {
    /// Where it is.
    pub path: PathBuf,
    /// Its tests in order.
    pub cases: Vec<Case>,
}

/// One test.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it is called; the file's name where it has none.
    pub name: String,
    /// Where it begins, from 1.
    pub line: usize,
    pub(crate) setup: Setup,
    pub(crate) expect: Expect,
    /// Line (from 1) and column (from 0) of the word `expect`, or of the test's first name where there is none.
    pub(crate) place: (usize, usize),
    /// Whether `expect` is written.
    pub(crate) written: bool,
    /// Why it does not run.
    pub(crate) skip: Option<String>,
}

/// What a test runs on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Setup {
    pub(crate) query: Option<(String, usize)>,
    pub(crate) now: Option<String>,
    pub(crate) timespan: Option<String>,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) functions: Vec<String>,
    pub(crate) watchlists: Vec<(String, Rows)>,
    pub(crate) watchlist_folders: Vec<String>,
    pub(crate) external: Vec<(String, String)>,
    pub(crate) data: Vec<String>,
    pub(crate) tables: Vec<(String, Rows)>,
    pub(crate) needs: Vec<String>,
    pub(crate) full_schema: Option<bool>,
    pub(crate) empty_tables: Option<bool>,
}

/// What should come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expect {
    pub(crate) rows: Option<Rows>,
    pub(crate) ordered: bool,
    pub(crate) count: Option<Count>,
    pub(crate) columns: Option<(String, usize)>,
    pub(crate) fires: Option<bool>,
    pub(crate) entities: Option<Vec<Vec<(String, String)>>>,
    pub(crate) error: Option<String>,
}

/// `3`, `>= 3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) least: usize,
    pub(crate) most: usize,
}

impl Count {
    fn read(text: &str) -> Option<Count> {
        let t = text.trim();
        let number = |s: &str| s.trim().parse::<usize>().ok();
        let (least, most) = if let Some(n) = t.strip_prefix(">=") {
            (number(n)?, usize::MAX)
        } else if let Some(n) = t.strip_prefix("<=") {
            (0, number(n)?)
        } else if let Some(n) = t.strip_prefix('>') {
            (number(n)?.checked_add(1)?, usize::MAX)
        } else if let Some(n) = t.strip_prefix('<') {
            (0, number(n)?.checked_sub(1)?)
        } else {
            (number(t)?, number(t)?)
        };
        Some(Count { least, most })
    }
}

impl Expect {
    /// Whether nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_none()
            && self.count.is_none()
            && self.columns.is_none()
            && self.fires.is_none()
            && self.entities.is_none()
            && self.error.is_none()
    }
}

const SETUP: [&str; 13] = [
    "query",
    "now",
    "timespan",
    "parameters",
    "functions",
    "watchlists",
    "external",
    "data",
    "tables",
    "needs",
    "full-schema",
    "empty-tables",
    "skip",
];

/// Reads a test file.
///
/// # Errors
/// It is no YAML, or says something that no test file says.
pub fn read(path: &Path, text: &str) -> Result<Suite, String> {
    suite(path, text).map_err(|f| format!("{}:{}: {}", path.display(), f.line, f.message))
}

fn suite(path: &Path, text: &str) -> Result<Suite, Fault> {
    let root = yaml::read(text)?;
    let entries = root.map("a test file")?;
    let mut common = Setup::default();
    let mut skip = None;
    let mut tests = None;
    let mut alone = Vec::new();
    for e in entries {
        match e.key.as_str() {
            "tests" => tests = Some(&e.value),
            "expect" | "name" => alone.push(e),
            _ => setting(e, &mut common, &mut skip)?,
        }
    }
    let stem = path.file_name().and_then(|n| n.to_str());
    let stem = stem.unwrap_or_default().to_owned();
    let mut cases = Vec::new();
    match tests {
        None => {
            let mut case = Case {
                name: stem,
                line: root.line,
                setup: common,
                expect: Expect::default(),
                place: (root.line, root.column),
                written: false,
                skip,
            };
            for e in alone {
                own(e, &mut case)?;
            }
            cases.push(case);
        }
        Some(list) => {
            if let Some(e) = alone.first() {
                return fault(
                    e.line,
                    format!("`{}` belongs to a test of the list `tests`", e.key),
                );
            }
            let Kind::List(list) = &list.kind else {
                return fault(list.line, "`tests` requires a list");
            };
            for (i, node) in list.iter().enumerate() {
                let mut case = Case {
                    name: format!("test {}", i + 1),
                    line: node.line,
                    setup: common.clone(),
                    expect: Expect::default(),
                    place: (node.line, node.column),
                    written: false,
                    skip: skip.clone(),
                };
                for e in node.map("a test")? {
                    own(e, &mut case)?;
                }
                cases.push(case);
            }
        }
    }
    for c in &cases {
        if c.setup
            .query
            .as_ref()
            .is_some_and(|(q, _)| q.trim().is_empty())
        {
            return fault(c.line, "`query` is empty");
        }
    }
    Ok(Suite {
        path: path.to_owned(),
        cases,
    })
}

/// An entry of a test.
fn own(e: &Entry, case: &mut Case) -> Result<(), Fault> {
    match e.key.as_str() {
        "name" => case.name = e.value.text("name")?.to_owned(),
        "expect" => {
            case.expect = expect(&e.value)?;
            case.place = (e.line, e.column);
            case.written = true;
        }
        _ => setting(e, &mut case.setup, &mut case.skip)?,
    }
    Ok(())
}

/// An entry that a file and a test may both have: a test's single values replace the file's, its tables replace those of
/// the same name, its lists come behind.
fn setting(e: &Entry, into: &mut Setup, skip: &mut Option<String>) -> Result<(), Fault> {
    let v = &e.value;
    match e.key.as_str() {
        "query" => into.query = Some((v.text("query")?.to_owned(), v.line)),
        "now" => into.now = Some(v.text("now")?.to_owned()),
        "timespan" => into.timespan = Some(v.text("timespan")?.to_owned()),
        "parameters" => {
            for p in v.map("`parameters`")? {
                let value = p.value.text(&p.key)?.to_owned();
                put(&mut into.parameters, &p.key, value);
            }
        }
        "functions" => into.functions.extend(v.texts("functions")?),
        "watchlists" => match &v.kind {
            Kind::Map(m) => {
                for w in m {
                    put(&mut into.watchlists, &w.key, Rows::of(&w.value)?);
                }
            }
            _ => into.watchlist_folders.extend(v.texts("watchlists")?),
        },
        "external" => {
            for p in v.map("`external`")? {
                let value = p.value.text(&p.key)?.to_owned();
                put(&mut into.external, &p.key, value);
            }
        }
        "data" => match &v.kind {
            Kind::Map(m) => {
                for d in m {
                    let path = d.value.text(&d.key)?;
                    into.data.push(format!("{}={path}", d.key));
                }
            }
            _ => into.data.extend(v.texts("data")?),
        },
        "tables" => {
            for t in v.map("`tables`")? {
                put(&mut into.tables, &t.key, Rows::of(&t.value)?);
            }
        }
        "needs" => into.needs.extend(v.texts("needs")?),
        "full-schema" => into.full_schema = Some(v.truth("full-schema")?),
        "empty-tables" => into.empty_tables = Some(v.truth("empty-tables")?),
        "skip" => *skip = Some(v.text("skip")?.to_owned()),
        key => {
            let names = SETUP.iter().chain(&["name", "expect", "tests"]).copied();
            return fault(e.line, unknown(key, "a test file", names));
        }
    }
    Ok(())
}

fn unknown<'n>(key: &str, place: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let near = kql_diag::did_you_mean(key, names);
    let hint = near.map_or_else(String::new, |n| format!(" (`{n}` exists)"));
    format!("`{key}` is nothing that {place} has{hint}")
}

/// Adds or replaces.
fn put<T>(list: &mut Vec<(String, T)>, name: &str, value: T) {
    match list.iter_mut().find(|(n, _)| n == name) {
        Some((_, old)) => *old = value,
        None => list.push((name.to_owned(), value)),
    }
}

fn expect(v: &Node) -> Result<Expect, Fault> {
    let mut out = Expect::default();
    match &v.kind {
        Kind::Scalar { text, .. } => match text.trim() {
            "fires" => out.fires = Some(true),
            "silent" => out.fires = Some(false),
            _ => out.rows = Some(Rows::of(v)?),
        },
        Kind::List(_) => out.rows = Some(Rows::of(v)?),
        Kind::Map(m) => {
            for e in m {
                let v = &e.value;
                match e.key.as_str() {
                    "rows" => out.rows = Some(Rows::of(v)?),
                    "ordered" => out.ordered = v.truth("ordered")?,
                    "count" => {
                        let count = v.scalar().and_then(Count::read);
                        out.count = match count {
                            None => {
                                return fault(
                                    v.line,
                                    "`count` requires a number, such as 3 or >= 3",
                                );
                            }
                            some => some,
                        };
                    }
                    "columns" => out.columns = Some((v.texts("columns")?.join(", "), v.line)),
                    "fires" => out.fires = Some(v.truth("fires")?),
                    "silent" => out.fires = Some(!v.truth("silent")?),
                    "entities" => out.entities = Some(entities(v)?),
                    "error" => out.error = Some(v.text("error")?.trim().to_owned()),
                    key => {
                        let names = [
                            "rows", "ordered", "count", "columns", "fires", "silent", "entities",
                            "error",
                        ];
                        return fault(e.line, unknown(key, "an expectation", names));
                    }
                }
            }
        }
    }
    if out.error.is_some() && (out.rows.is_some() || out.count.is_some() || out.fires.is_some()) {
        return fault(
            v.line,
            "a query that fails gives no rows: `error` stands alone",
        );
    }
    Ok(out)
}

/// Entities: each a mapping of its type and its identifiers, or of one type to one value.
fn entities(v: &Node) -> Result<Vec<Vec<(String, String)>>, Fault> {
    let Kind::List(list) = &v.kind else {
        return fault(v.line, "`entities` requires a list");
    };
    let mut out = Vec::new();
    for n in list {
        let mut one = Vec::new();
        for e in n.map("an entity")? {
            one.push((e.key.clone(), e.value.text(&e.key)?.to_owned()));
        }
        out.push(one);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Suite, String> {
        read(Path::new("x/a.test.yaml"), text)
    }

    #[test]
    fn a_file_without_a_list_is_one_test() {
        let s = of("query: T | count\nexpect:\n  count: 1\n").unwrap();
        assert_eq!(s.cases.len(), 1);
        assert_eq!(s.cases[0].place, (2, 0));
        assert_eq!(s.cases[0].expect.count, Some(Count { least: 1, most: 1 }));
    }

    #[test]
    fn tests_replace_what_the_file_says() {
        let s = of(
            "query: q.kql\nnow: 2024-01-01\ntables:\n  T: |\n    a\n    1\n  U: u.csv\ntests:\n- name: one\n  now: 2024-02-01\n  tables:\n    T: t.csv\n  expect: silent\n- expect: {count: '> 3'}\n",
        )
        .unwrap();
        assert_eq!(s.cases[0].setup.now.as_deref(), Some("2024-02-01"));
        assert_eq!(s.cases[0].setup.tables.len(), 2);
        assert_eq!(s.cases[0].expect.fires, Some(false));
        assert_eq!(s.cases[1].name, "test 2");
        assert_eq!(s.cases[1].setup.now.as_deref(), Some("2024-01-01"));
        let most = usize::MAX;
        assert_eq!(s.cases[1].expect.count, Some(Count { least: 4, most }));
    }

    #[test]
    fn faults_have_their_line() {
        let at = |text: &str| of(text).unwrap_err();
        assert!(at("query: T\nexpct: silent").contains(":2: `expct` is nothing"));
        assert!(at("query: T\nexpect:\n  cuont: 1").contains("(`count` exists)"));
        assert!(at("tests: 1").contains(":1:"));
        assert!(at("expect: {error: KQL0201, count: 1}").contains("stands alone"));
    }
}
