#![allow(clippy::panic)]

use super::*;
use crate::Dyn;

fn parsed(text: &str) -> Option<Dyn> {
    let mut w = DynWriter::new();
    parse_json(text, &mut w).then(|| DynRef::new(&w.bytes).to_dyn())
}

fn again(text: &str) -> String {
    let mut w = DynWriter::new();
    let mut out = String::new();
    if parse_json(text, &mut w) {
        write_json(DynRef::new(&w.bytes), &mut out);
    } else {
        out.push('!');
    }
    out
}

#[test]
fn texts_come_back() {
    for (text, want) in [
        (
            r#" { "a" : 1 , "b" : [ 1, 2.0, 1.5, -3e2 ] } "#,
            r#"{"a":1,"b":[1,2.0,1.5,-300.0]}"#,
        ),
        (r#"{"a":{},"b":[],"c":null}"#, r#"{"a":{},"b":[],"c":null}"#),
        (
            r#""tab\t \"q\" \u00e9 \ud83d\ude00 \ud83d é""#,
            "\"tab\\t \\\"q\\\" é 😀 \u{FFFD} é\"",
        ),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9.223372036854776E+18"),
        ("-0", "0"),
        (
            r#"{"a":1,"b":{"x":1,"x":[2]},"a":3}"#,
            r#"{"a":3,"b":{"x":[2]}}"#,
        ),
        (r#"[{"a":1,"a":2},5]"#, r#"[{"a":2},5]"#),
        (r#"{"\u0061":1,"a":2}"#, r#"{"a":2}"#),
    ] {
        assert_eq!(again(text), want, "{text}");
    }
}

#[test]
fn what_is_not_json_is_nothing() {
    for text in [
        "",
        " ",
        "invalid",
        "{",
        "[1,]",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "NaN",
        "tru",
        "truex",
        "\"a",
        "\"a\nb\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\é\"",
        "\"\\",
        "1 2",
        "{\"a\":1,}",
        "[1}",
    ] {
        assert_eq!(parsed(text), None, "{text}");
        let mut w = DynWriter::new();
        w.begin_array();
        w.long(1);
        assert!(!parse_json(text, &mut w));
        w.end();
        assert_eq!(
            DynRef::new(&w.bytes).to_dyn(),
            Dyn::Array(vec![Dyn::Long(1)])
        );
    }
}

#[test]
fn depth_is_limited() {
    let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
    assert!(parsed(&nested(MAX_DEPTH)).is_some());
    assert!(parsed(&nested(MAX_DEPTH + 1)).is_none());
    assert!(parsed(&"[".repeat(1_000_000)).is_none());
    assert!(parsed(&"{\"a\":".repeat(1_000_000)).is_none());
}

#[test]
fn a_big_bag_has_each_name_once() {
    let items: Vec<String> = (0..2000)
        .map(|i| format!("\"k{}\":{i}", i % 1500))
        .collect();
    let text = format!("{{{}}}", items.join(","));
    let Some(Dyn::Bag(bag)) = parsed(&text) else {
        panic!("no bag");
    };
    assert_eq!(bag.len(), 1500);
    assert_eq!(bag[0], ("k0".to_owned(), Dyn::Long(1500)));
    assert_eq!(bag[1499], ("k1499".to_owned(), Dyn::Long(1499)));
}

fn by_path(text: &str, steps: &[Step<'_>]) -> Dyn {
    let mut w = DynWriter::new();
    json_path(text, steps, &mut w);
    DynRef::new(&w.bytes).to_dyn()
}

fn by_tree(text: &str, steps: &[Step<'_>]) -> Dyn {
    let mut w = DynWriter::new();
    if !parse_json(text, &mut w) {
        return Dyn::Null;
    }
    let mut v = Some(DynRef::new(&w.bytes));
    for s in steps {
        v = v.and_then(|v| match s {
            Step::Key(k) => v.get(k),
            Step::Index(i) => v.at(*i),
        });
    }
    v.map_or(Dyn::Null, |v| v.to_dyn())
}

#[test]
fn a_path_finds_what_the_tree_has() {
    let seeds = [
        r#"{"a":{"b":[1,{"c":"x\n"},[2,3]],"b":[{"c":7}]},"\u0061":{"b":[9,8]}}"#,
        r#"[{"a":1},[1,2,3],"s",null,{"b":{"a":[{}]}}]"#,
        r#"{"b":"long enough text to fill words \"quoted\" é","a":[[],[{"b":true}]]}"#,
        r#"{"a":1,"a":{"b":2},"a":"x"}"#,
    ];
    let keys = [
        Step::Key("a"),
        Step::Key("b"),
        Step::Key("c"),
        Step::Index(0),
        Step::Index(1),
        Step::Index(-1),
        Step::Index(-9),
    ];
    let mut paths: Vec<Vec<Step<'_>>> = vec![vec![]];
    for _ in 0..3 {
        let longer: Vec<Vec<Step<'_>>> = paths
            .iter()
            .flat_map(|p| {
                keys.iter().map(|k| {
                    let mut p = p.clone();
                    p.push(*k);
                    p
                })
            })
            .collect();
        paths.extend(longer);
    }
    for seed in seeds {
        for path in &paths {
            assert_eq!(by_path(seed, path), by_tree(seed, path), "{seed} {path:?}");
        }
        // Cut and changed texts too, which are mostly no JSON.
        for i in 0..seed.len() {
            for change in [None, Some('"'), Some('}'), Some('\\'), Some('1')] {
                let (Some(head), Some(tail)) = (seed.get(..i), seed.get(i + 1..)) else {
                    continue;
                };
                let text = match change {
                    None => head.to_owned(),
                    Some(c) => format!("{head}{c}{tail}"),
                };
                for path in paths.iter().take(60) {
                    assert_eq!(
                        by_path(&text, path),
                        by_tree(&text, path),
                        "{text} {path:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn top_level_text_has_no_quotes() {
    let mut out = String::new();
    to_text(DynRef::String("a\"b"), &mut out);
    to_text(DynRef::Null, &mut out);
    to_text(DynRef::Bool(true), &mut out);
    to_text(DynRef::DateTime(0), &mut out);
    assert_eq!(out, "a\"btrue0001-01-01T00:00:00.0000000Z");
    out.clear();
    let v = Dyn::Array(vec![
        Dyn::TimeSpan(600_000_000),
        Dyn::Real(f64::NAN),
        Dyn::String("\u{1}\\".into()),
    ]);
    write_json(DynRef::new(&v.to_bytes()), &mut out);
    assert_eq!(out, r#"["00:01:00","NaN","\u0001\\"]"#);
}
