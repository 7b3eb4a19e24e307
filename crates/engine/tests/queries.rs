//! Whole queries: text in, rows out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use arrow::array::Array;
use kql_engine::{Collected, Session, SessionOptions};
use kql_functions::adapter::Column;
use kql_types::Value;

/// The rows of the last result as text: cells with commas, rows on lines.
fn run(session: &Session, text: &str) -> String {
    let prepared = session.prepare(text, "test");
    let mut out = Collected::default();
    if let Err(d) = session.run(&prepared, &mut out) {
        return format!("error: {}", d.show(&prepared.sources));
    }
    let Some(result) = out.results.last() else {
        return String::new();
    };
    let mut rows = Vec::new();
    for batch in &result.batches {
        for row in 0..batch.num_rows() {
            let cells: Vec<String> = batch
                .columns()
                .iter()
                .zip(&result.info.columns)
                .map(|(array, c)| {
                    assert!(
                        !(c.ty == kql_types::Type::String && array.is_null(row)),
                        "a null text in {}",
                        c.name
                    );
                    let column = Column {
                        array: std::sync::Arc::clone(array),
                        constant: false,
                        ty: c.ty,
                    };
                    show(column.any().unwrap().to_value(row))
                })
                .collect();
            rows.push(cells.join(","));
        }
    }
    rows.join("\n")
}

fn show(v: Value) -> String {
    match v {
        Value::Null(_) => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Long(n) => n.to_string(),
        Value::Real(x) => x.to_string(),
        Value::String(s) => s,
        other => format!("{other:?}"),
    }
}

/// Every way of running gives the same rows.
fn check(text: &str, expected: &str) {
    for (threads, batch_size, optimise) in [(1, 8192, true), (4, 1, true), (2, 3, false)] {
        let session = Session::new(SessionOptions {
            threads,
            batch_size,
            optimise,
            ..SessionOptions::default()
        });
        assert_eq!(
            run(&session, text),
            expected,
            "{text}\n(threads {threads}, batch {batch_size}, optimise {optimise})"
        );
    }
}

#[test]
fn constants() {
    check("print 1", "1");
    check("print a = 'x', b = 2", "x,2");
    check("print strlen('héllo')", "5");
    check("datatable(a:long)[1, 2, 3]", "1\n2\n3");
    check("datatable(a:long)[]", "");
    check("range x from 1 to 5 step 2", "1\n3\n5");
}

#[test]
fn filters_and_extends_keep_the_order() {
    let t = "datatable(a:long, s:string)[3, 'x', 1, '', 2, 'y', long(null), 'z']";
    check(&format!("{t} | where a > 1"), "3,x\n2,y");
    check(&format!("{t} | where a != 1"), "3,x\n2,y\nnull,z");
    check(&format!("{t} | where not(a == 1)"), "3,x\n2,y\nnull,z");
    check(&format!("{t} | where not(a > 1)"), "1,");
    check(&format!("{t} | where s == ''"), "1,");
    check(&format!("{t} | where s != 'x'"), "1,\n2,y\nnull,z");
    check(&format!("{t} | where a in (1, 2)"), "1,\n2,y");
    check(&format!("{t} | where a !in (1, 2)"), "3,x\nnull,z");
    check(
        &format!("{t} | where isnull(a) or isempty(s)"),
        "1,\nnull,z",
    );
    check(&format!("{t} | where a between (1 .. 2)"), "1,\n2,y");
    check(&format!("{t} | where a !between (1 .. 2)"), "3,x");
    check(
        &format!(
            "{t} | extend n = strlen(s) | extend m = n, k = 7 | project m, k, s | where m == 0"
        ),
        "0,7,",
    );
}

#[test]
fn aggregates() {
    let t = "datatable(k:string, v:long)['a', 1, 'b', 2, 'a', 3, '', long(null)]";
    check(&format!("{t} | count"), "4");
    check(
        &format!("{t} | summarize count(), sum(v), min(v), max(v), avg(v) by k | order by k asc"),
        ",1,0,null,null,NaN\na,2,4,1,3,2\nb,1,2,2,2,2",
    );
    check(
        "datatable(x:long)[] | summarize count(), sum(x), max(x), avg(x)",
        "0,0,null,NaN",
    );
    check("datatable(x:long)[] | summarize count() by x", "");
    check(&format!("{t} | distinct k | order by k asc"), "\na\nb");
    check(&format!("{t} | summarize arg_max(v, k)"), "3,a");
    check(
        &format!("{t} | summarize arg_min(v, *) by k | sort by k asc"),
        ",null\na,1\nb,2",
    );
    check(
        &format!("{t} | summarize countif(v > 1), sumif(v, v > 1)"),
        "2,5",
    );
}

#[test]
fn sorts_and_limits() {
    let t = "datatable(a:long, s:string)[3, 'x', 1, '', 2, 'y', long(null), 'z']";
    check(&format!("{t} | sort by a"), "3,x\n2,y\n1,\nnull,z");
    check(&format!("{t} | sort by a asc"), "null,z\n1,\n2,y\n3,x");
    check(&format!("{t} | top 2 by a"), "3,x\n2,y");
    check(&format!("{t} | top -1 by a"), "");
    check(&format!("{t} | take 2"), "3,x\n1,");
    check(&format!("{t} | sort by a | take 1 | project s"), "x");
}

#[test]
fn joins() {
    let l = "datatable(k:string, a:long)['x', 1, 'x', 2, 'y', 3, '', 4]";
    let r = "datatable(k:string, b:long)['x', 10, 'x', 20, 'z', 30, '', 40]";
    check(
        &format!("{l} | join ({r}) on k | sort by a asc, b asc"),
        "x,1,x,10\nx,1,x,20\n,4,,40",
    );
    check(
        &format!("{l} | join kind=inner ({r}) on k | sort by a asc, b asc"),
        "x,1,x,10\nx,1,x,20\nx,2,x,10\nx,2,x,20\n,4,,40",
    );
    check(
        &format!("{l} | join kind=leftouter ({r}) on k | where isempty(k1) | sort by a asc"),
        "y,3,,null\n,4,,40",
    );
    check(&format!("{l} | join kind=leftanti ({r}) on k"), "y,3");
    check(
        &format!("{l} | join kind=leftsemi ({r}) on k | sort by a asc"),
        "x,1\nx,2\n,4",
    );
    check(&format!("{l} | join kind=rightanti ({r}) on k"), "z,30");
    check(
        &format!("{l} | join kind=fullouter ({r}) on k | sort by a asc, b asc"),
        ",null,z,30\nx,1,x,10\nx,1,x,20\nx,2,x,10\nx,2,x,20\ny,3,,null\n,4,,40",
    );
    check(
        &format!("{l} | lookup ({r} | where b < 20) on k | sort by a asc"),
        "x,1,10\nx,2,10\ny,3,null\n,4,null",
    );
}

#[test]
fn unions_shared_rows_and_sets() {
    check(
        "union (datatable(a:long)[1, 2]), (datatable(a:long, s:string)[3, 'x'])",
        "1,\n2,\n3,x",
    );
    check(
        "let t = materialize(datatable(a:long)[1, 2, 3]); t | where a in (t | where a > 1 | project a) | union t | summarize sum(a)",
        "11",
    );
    check(
        "print toscalar(datatable(a:long)[5, 6] | summarize max(a))",
        "6",
    );
}

#[test]
fn mv_expand_zips_and_converts() {
    let t = "datatable(id:long, a:dynamic, b:dynamic)[1, dynamic([10,20]), dynamic(['p']), 2, dynamic([]), dynamic([]), 3, dynamic(null), dynamic({'k':1})]";
    check(
        &format!("{t} | mv-expand a to typeof(long) | project id, a"),
        "1,10\n1,20\n3,null",
    );
    check(
        &format!(
            "{t} | mv-expand with_itemindex=i a to typeof(long), b to typeof(string) | project id, i, a, b"
        ),
        "1,0,10,p\n1,1,20,\n3,0,null,{\"k\":1}",
    );
    check(
        &format!("{t} | mv-expand a to typeof(long) limit 1 | project a"),
        "10\nnull",
    );
    check(
        "datatable(a:dynamic)[dynamic([1, 2.5, -2.5, '2', true, null])] | mv-expand a to typeof(long)",
        "1\n2\n-2\nnull\nnull\nnull",
    );
}

#[test]
fn parse_is_all_or_nothing() {
    let rows = |q: &str, e: &str| check(q, e);
    rows(
        "datatable(s:string)['a=1, b=xy', 'nomatch'] | parse s with \"a=\" a \", b=\" b | project a, b",
        "1,xy\n,",
    );
    rows(
        "datatable(s:string)['a=1,b=2,c=zz,d=4'] | parse s with \"a=\" a: long \",b=\" b \",c=\" c: long \",d=\" d | project a, b, c, d",
        "null,,null,",
    );
    rows(
        "datatable(s:string)['a=1,b=2,c=zz,d=4'] | parse kind=relaxed s with \"a=\" a: long \",b=\" b \",c=\" c: long \",d=\" d | project a, b, c, d",
        "1,2,null,4",
    );
    rows(
        "datatable(s:string)['aXcYc'] | parse s with \"a\" v \"c\" | project v",
        "XcY",
    );
    rows(
        "datatable(s:string)['abcbd'] | parse s with \"a\" v \"b\" | project v",
        "",
    );
    rows(
        "datatable(s:string)['abcbd'] | parse kind=regex s with \"a\" v \"b\" | project v",
        "bc",
    );
    rows(
        "datatable(s:string)['n=27 junk m=23'] | parse s with \"n=\" n: long * \"m=\" m: long | project n, m",
        "27,23",
    );
    rows(
        "datatable(s:string)['a=1,b=2', 'a=zz,b=2', 'nope'] | parse-where s with \"a=\" a: long \",b=\" b | project a, b",
        "1,2",
    );
}

#[test]
fn windows_follow_the_order() {
    let t = "datatable(k:string, v:long)['a', 1, 'a', 2, 'b', 2, 'b', 5]";
    check(
        &format!("{t} | serialize n = row_number(), p = prev(v), x = next(v), d = prev(v, 2, 0)"),
        "a,1,1,null,2,0\na,2,2,1,2,0\nb,2,3,2,5,1\nb,5,4,2,null,2",
    );
    check(
        &format!(
            "{t} | sort by v desc, k asc | extend n = row_number(1, k != prev(k)), s = row_cumsum(v)"
        ),
        "b,5,1,5\na,2,1,7\nb,2,1,9\na,1,1,10",
    );
    check(
        &format!("{t} | serialize d = row_rank_dense(v), m = row_rank_min(v) | project d, m"),
        "1,1\n2,2\n2,2\n3,4",
    );
}
