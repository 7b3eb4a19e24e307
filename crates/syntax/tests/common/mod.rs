//! What several tests of this folder need.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod mutate;

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A file of `../shared`; none, with a note, where that is absent.
pub fn shared(path: &str) -> Option<String> {
    let file = root().join("../shared").join(path);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        eprintln!("skipped: {} is not there", file.display());
    }
    text
}

/// The project's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Queries of a file of JSON lines with their names; those that are said to be faulty are left out.
pub fn json_lines(path: &str) -> Vec<(String, String)> {
    let Some(text) = shared(path) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for line in text.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        if record["official"]["syntax_ok"] == false
            || record["expect_error"] == true
            || record["official_rejects"] == true
        {
            continue;
        }
        let text = |name: &str| record[name].as_str().unwrap().to_owned();
        out.push((text("id"), text("query")));
    }
    out
}

/// The project's own queries: `queries/`, and the query part of golden files.
pub fn own() -> Vec<(String, String)> {
    let mut out = Vec::new();
    walk(&root().join("queries"), &mut |path, text| {
        if path.extension().is_some_and(|e| e == "kql") {
            out.push((path.display().to_string(), text));
        }
    });
    walk(&root().join("tests/golden"), &mut |path, text| {
        if path.extension().is_some_and(|e| e == "kqlt") {
            for (n, case) in text.split("\n## ").skip(1).enumerate() {
                let query = case.split_once('\n').map_or("", |(_, q)| q);
                let query = query.split("\n---- ").next().unwrap();
                out.push((format!("{}#{}", path.display(), n + 1), query.to_owned()));
            }
        }
    });
    out
}

fn walk(dir: &Path, visit: &mut dyn FnMut(&Path, String)) {
    let mut paths: Vec<PathBuf> = match std::fs::read_dir(dir) {
        Ok(entries) => entries.filter_map(|e| e.ok().map(|e| e.path())).collect(),
        Err(_) => return,
    };
    paths.sort();
    for p in paths {
        if p.is_dir() {
            walk(&p, visit);
        } else if let Ok(text) = std::fs::read_to_string(&p) {
            visit(&p, text);
        }
    }
}

/// A tree as text without its places, and the places.
pub fn tree(query: &kql_syntax::ast::Query) -> (String, Vec<(usize, usize)>) {
    let text = format!("{query:?}");
    let mut out = String::with_capacity(text.len());
    let mut spans = Vec::new();
    let mut parts = text.split("Span { start: ");
    out.push_str(parts.next().unwrap());
    for part in parts {
        let (span, rest) = part.split_once(" }").unwrap();
        let mut numbers = span
            .split([',', ' '])
            .filter_map(|w| w.parse::<usize>().ok());
        spans.push((numbers.next().unwrap(), numbers.next().unwrap()));
        let _ = write!(out, "@{rest}");
    }
    (out, spans)
}

/// Every place lies within the text, on boundaries of characters.
pub fn check_spans(name: &str, text: &str) {
    let parsed = kql_syntax::parse(text);
    let (_, mut spans) = tree(&parsed.query);
    for d in &parsed.diagnostics {
        spans.push((d.primary.start as usize, d.primary.end as usize));
        spans.extend(
            d.labels
                .iter()
                .map(|(s, _)| (s.start as usize, s.end as usize)),
        );
    }
    for (start, end) in spans {
        assert!(
            start <= end && text.get(start..end).is_some(),
            "{name}: {start}..{end} of {text:?}"
        );
    }
}

/// A text without faults prints to a text with the same tree, and printing it again changes nothing.
pub fn check_format(text: &str) -> Result<(), String> {
    let faulty = |p: &kql_syntax::Parsed| p.diagnostics.iter().any(kql_diag::Diagnostic::is_error);
    let parsed = kql_syntax::parse(text);
    if faulty(&parsed) {
        return Ok(());
    }
    let (before, _) = tree(&parsed.query);
    let printed = kql_syntax::format(&parsed.query);
    let again = kql_syntax::parse(&printed);
    if faulty(&again) {
        return Err(format!("{:?}\n=>\n{printed}", again.diagnostics));
    }
    if before != tree(&again.query).0 {
        return Err(format!("another tree\n=>\n{printed}"));
    }
    let twice = kql_syntax::format(&again.query);
    if printed != twice {
        return Err(format!("printed {printed}\n and then {twice}"));
    }
    let laid_out = kql_syntax::format_text(text).map_err(|e| format!("{e:?}\n=>\n{printed}"))?;
    if before != tree(&kql_syntax::parse(&laid_out).query).0 {
        return Err(format!("another tree\n=>\n{laid_out}"));
    }
    let twice = kql_syntax::format_text(&laid_out).map_err(|e| format!("{e:?}\n{laid_out}"))?;
    if laid_out != twice {
        return Err(format!("laid out as\n{laid_out}\n and then\n{twice}"));
    }
    Ok(())
}

/// One text or more of each construct that few queries use.
#[rustfmt::skip]
pub const CONSTRUCTS: &[&str] = &[
    r#"where type =~ 'x'"#,
    r#"print int(0xFFFFFFFF)"#,
    r#"print datetime(2025, 6, 14)"#,
    r#"print datetime(2025,6,14)"#,
    r#"print todatetime(1)"#,
    r#"print toscalar kind=nooptimization (T | count)"#,
    r#"T | extend x = toscalar kind=nooptimization (T | count)"#,
    r#"let inner = T; U | join kind=inner (inner | take 1) on a"#,
    r#"let inner = T; U | join kind=inner inner on a"#,
    r#"print timespan(15 seconds), timespan(2), timespan(0.12:34:56.7)"#,
    r#"G | graph-match (a)<-[x]-(b) project a"#,
    r#"G | graph-match (a)<-[x*1..3]-(b)-[y]->(c)--(d)-->(e)<--(f)-[z]-(g) where a.x == 1 project a.x, b"#,
    r#"G | graph-match cycles=none (a)-[e*1..5]->(b), (b)-->(c) where all(e, x == 1) project n = a.name, map(e, p)"#,
    r#"G | graph-match (a)-[]->(b) project a.x"#,
    r#"G | graph-match ()-[]-() project 1"#,
    r#"G | graph-match (a)-[e]->(b)"#,
    r#"G | graph-shortest-paths output=all (a)-[e*1..20]->(b) where a.x == 1 project a.x"#,
    r#"T | make-graph a --> b with N on id"#,
    r#"T | make-graph a --> b with N on id, M on id2"#,
    r#"T | make-graph a --> b"#,
    r#"T | make-graph a -- b with_node_id = id"#,
    r#"T | make-graph a --> b with_node_id = id"#,
    r#"T | make-graph a --> b with N on id partitioned-by tenant (graph-match (a)-->(b) project a.x)"#,
    r#"T | make-graph a --> b with N on id partitioned-by tenant ( graph-match (a)-->(b) project a.x | take 1 )"#,
    r#"G | graph-to-table nodes"#,
    r#"G | graph-to-table nodes as N with_node_id=id, edges as E with_source_id=s with_target_id=t"#,
    r#"G | graph-to-table edges with_source_id=s with_target_id=t"#,
    r#"G | graph-to-table nodes, edges"#,
    r#"G | graph-to-table nodes as N, edges as E with_source_id=s"#,
    r#"G | graph-mark-components"#,
    r#"G | graph-mark-components kind=weak with_component_id=x"#,
    r#"G | graph-where-nodes a == 1"#,
    r#"G | graph-where-edges a == 1"#,
    r#"G | graph-where-nodes a == 1 | graph-to-table nodes"#,
    r#"graph("x") | graph-match (a)-->(b) project a"#,
    r#"G("x") | graph-match (a)-->(b) project a"#,
    r#"macro-expand entity_group [cluster("a").database("b"), cluster("c").database("d")] as X (X.T | count)"#,
    r#"macro-expand isfuzzy=true EG as X ( let a = X.T; a | count )"#,
    r#"macro-expand EG as X ( X.T | where a == X.$current_database )"#,
    r#"let EG = entity_group [database("a"), database("b")]; macro-expand EG as X ( X.T | count )"#,
    r#"macro-expand kind=outer entity_group [database("a")] as scope (scope.T | count)"#,
    r#"alias database x = cluster("a").database("b"); database("x").T"#,
    r#"declare pattern app; app("x").["y"]"#,
    r#"declare pattern app = (a:string)[p:string] { ("x").["y"] = { T | take 1 }; ("z").["w"] = { T | count; }; }; app("x").["y"]"#,
    r#"declare pattern app = (a:string, b:string) { ("x", "z") = { T | take 1 }; }; app("x", "z")"#,
    r#"declare pattern app = (a:string, b:long)[Scope:string] { ("x", 1).["y"] = { let z = 1; T | take z }; }; T"#,
    r#"restrict access to (T, database("x").*); T"#,
    r#"restrict access to (*); T"#,
    r#"restrict access to (database("x").*, T1, v*); T"#,
    r#"T | fork (count) (take 1 | project a) x=(summarize count())"#,
    r#"T | fork x=(count) y=(where a == 1)"#,
    r#"T | fork (| count)"#,
    r#"T | facet by a, b with (take 1)"#,
    r#"T | facet by a"#,
    r#"find where a == 1"#,
    r#"find in (T, U*) where a == 1 project a, b:string, pack(*)"#,
    r#"find withsource=S in (T) where a has "x" project-smart"#,
    r#"find "abc""#,
    r#"find in (T) "abc" and b == 1"#,
    r#"find in (T) where a == 1 project-away a, b*"#,
    r#"find datascope=all in (T) where x==1"#,
    r#"T | partition by a (take 1)"#,
    r#"T | partition hint.strategy=native by a (top 1 by b)"#,
    r#"T | partition by a { U | where b == a }"#,
    r#"T | partition by a in (dynamic(["x"])) (take 1)"#,
    r#"T | partition by a.b (take 1)"#,
    r#"T | __partitionby a (take 1)"#,
    r#"T | scan with (step s1: true; )"#,
    r#"T | scan with_match_id=m order by a desc partition by b declare (x:long = 0, y:string) with (step s1 output=last: a == 1 => x = s1.x + 1, y = "a"; step s2 optional: b == 2;)"#,
    r#"T | scan with (step s1: true => x = 1; step s2: a > 1)"#,
    r#"T | scan order by a partition by b with (step s: true;)"#,
    r#"T | scan hint.x=1 with (step s: true;)"#,
    r#"T | scan kind=x with (step s: true;)"#,
    r#"T | make-series a=count() default=0, sum(x) on t from ago(1d) to now() step 1h by c, d=e"#,
    r#"T | make-series kind=nonempty count() on t step 1h"#,
    r#"T | make-series count() on t in range(ago(1d), now(), 1h) by c"#,
    r#"T | make-series count() on t from ago(1d) step 1h"#,
    r#"T | make-series count() default = 0 on t = bin(x, 1d) step 1d"#,
    r#"T | make-series hint.shufflekey=a count() on t step 1d"#,
    r#"T | top-nested 3 of a with others="x" by count(), top-nested 2 of b by sum(c) desc"#,
    r#"T | top-nested of a by ignore0=max(1), top-nested 2 of bin(b,1) by x=count()"#,
    r#"T | top-nested 3 of a by count(), 2 of b by count()"#,
    r#"T | reduce by a"#,
    r#"T | reduce kind=source by a with threshold=0.1, characters="x""#,
    r#"T | reduce by a with threshold=0.1"#,
    r#"T | parse-kv a as (b:string, c:long) with (pair_delimiter=",", kv_delimiter="=", quote='"')"#,
    r#"T | parse-kv a as (b:string) with (greedy=true, pair_delimiter=" ", escape="\\\\")"#,
    r#"T | parse-kv a.b as (b:string)"#,
    r#"T | evaluate hint.distribution=per_node python(typeof(*, x:long), "s")"#,
    r#"T | evaluate pivot(a, count(), b) : (*, x:long)"#,
    r#"evaluate bag_unpack(d)"#,
    r#"T | evaluate bag_unpack(d, 'p_') : (*)"#,
    r#"T | mv-apply a on (take 1)"#,
    r#"T | mv-apply with_itemindex=i a = b to typeof(long), c limit 5 on (where a > 1 | summarize count())"#,
    r#"T | mv-apply a id g on (take 1)"#,
    r#"T | mv-apply a on ( | take 1)"#,
    r#"T | mv-expand bagexpansion=array a limit 5"#,
    r#"T | mv-expand kind=array a to typeof(string), b = c"#,
];
