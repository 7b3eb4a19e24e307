//! Functions with regular expressions, by the reference and by answers of a real engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod call;

use call::{ask_with, d, l, s, try_ask};
use kql_types::{DynRef, Type, Value};

fn text(name: &str, args: &[Value], columns: &[usize]) -> String {
    match ask_with(name, args, Type::String, columns) {
        Value::String(s) => s,
        other => panic!("{name}: {other:?}"),
    }
}

fn extract(pattern: &str, group: i64, source: &str) -> String {
    text("extract", &[s(pattern), l(group), s(source)], &[1, 2])
}

fn all(args: &[Value]) -> String {
    let Value::Dynamic(v) = ask_with("extract_all", args, Type::Dynamic, &[args.len() - 1]) else {
        return "null".to_owned();
    };
    let mut out = String::new();
    kql_types::dynamic::json::write_json(DynRef::new(&v.to_bytes()), &mut out);
    out
}

#[test]
fn one_match() {
    let p = "([0-9.]+) (s|ms)$";
    let t = "Operation took 127.5 ms";
    assert_eq!(extract(p, 1, t), "127.5");
    assert_eq!(extract(p, 2, t), "ms");
    assert_eq!(extract(p, 0, t), "127.5 ms");
    assert_eq!(extract(p, 3, t), "");
    assert_eq!(extract(p, 1, ""), "");
    assert_eq!(extract(p, -1, t), "");
    assert_eq!(
        extract(
            "User: ([^,]+)",
            1,
            "User: James, Email: James@example.com, Age: 29"
        ),
        "James"
    );
    assert_eq!(extract(r"é(\w+)", 1, "aéöü b"), "öü");
    let typed =
        |p: &str, t: &str, ty: Type| ask_with("extract", &[s(p), l(1), s(t), s("")], ty, &[2]);
    assert_eq!(typed(r"-(\d{2})-", "15-12-2024", Type::Int), Value::Int(12));
    assert_eq!(typed(r"x=(\d+)", "x=7", Type::Long), Value::Long(7));
    assert_eq!(
        typed(r"x=(\d+)", "y=7", Type::Long),
        Value::Null(Type::Long)
    );
    assert_eq!(
        typed(r"x=(\w+)", "x=a", Type::Real),
        Value::Null(Type::Real)
    );
    assert_eq!(typed(r"x=(.+)", "x=true", Type::Bool), Value::Bool(true));
    assert_eq!(
        typed(r"x=(.+)", "x=0001-01-02", Type::DateTime),
        Value::DateTime(864_000_000_000)
    );
    assert_eq!(
        typed(r"x=(.+)", "x=00:00:01", Type::TimeSpan),
        Value::TimeSpan(10_000_000)
    );
    assert_eq!(typed(r"x=(.+)", "x=[1]", Type::Dynamic), d("[1]"));
    assert_eq!(
        typed(r"x=(.+)", "y", Type::Dynamic),
        Value::Null(Type::Dynamic)
    );
}

#[test]
fn all_matches() {
    let t = s(" test word");
    let id = s("82b8be2d-dfa7-4bd1-8f63-24ad26d31449");
    assert_eq!(
        all(&[s("(?:^| )([a-z]+)"), t.clone()]),
        r#"["test","word"]"#
    );
    assert_eq!(
        all(&[s("(?:^| )([a-z])([a-z]+)"), t.clone()]),
        r#"[["t","est"],["w","ord"]]"#
    );
    assert_eq!(all(&[s(r"(\d+)"), t.clone()]), "null");
    assert_eq!(
        all(&[s("(?:^| )([a-z]+)"), d("[1]"), t.clone()]),
        r#"["test","word"]"#
    );
    let two = "(?:^| )([a-z])([a-z]+)";
    assert_eq!(
        all(&[s(two), d("[2,1]"), t.clone()]),
        r#"[["est","t"],["ord","w"]]"#
    );
    assert_eq!(
        all(&[s(two), d("[1,1]"), t.clone()]),
        r#"[["t","t"],["w","w"]]"#
    );
    assert_eq!(all(&[s(two), d("[1,5]"), t.clone()]), r#"["t","w"]"#);
    assert_eq!(
        all(&[s("(?: )(?<w>[a-z]+)"), t.clone()]),
        r#"["test","word"]"#
    );
    assert_eq!(
        all(&[s(r"([\da-f]{2})"), id.clone()]),
        r#"["82","b8","be","2d","df","a7","4b","d1","8f","63","24","ad","26","d3","14","49"]"#
    );
    assert_eq!(
        all(&[s(r"(\w)(\w+)(\w)"), d("[1,3]"), id.clone()]),
        r#"[["8","d"],["d","7"],["4","1"],["8","3"],["2","9"]]"#
    );
    assert_eq!(
        all(&[
            s(r"(?P<first>\w)(?P<middle>\w+)(?P<last>\w)"),
            d(r#"["first",2,"last"]"#),
            id
        ]),
        r#"[["8","2b8be2","d"],["d","fa","7"],["4","bd","1"],["8","f6","3"],["2","4ad26d3144","9"]]"#
    );
    // Empty matches: as the plain iterator of matches has them.
    for (p, t) in [("(a*)", "baac"), ("(x?)", "é日"), ("(b|)", "abb")] {
        let want: Vec<&str> = regex::Regex::new(p)
            .unwrap()
            .captures_iter(t)
            .map(|c| c.get(1).unwrap().as_str())
            .collect();
        assert_eq!(
            all(&[s(p), s(t)]),
            serde_json::to_string(&want).unwrap(),
            "{p} {t}"
        );
    }
    assert!(try_ask("extract_all", &[s("[a-z]+"), t], Type::Dynamic, &[1]).is_err());
}

#[test]
fn replacing() {
    let replace = |t: &str, p: &str, by: &str| text("replace_regex", &[s(t), s(p), s(by)], &[0]);
    assert_eq!(
        replace("Number is 1", r"is (\d+)", r"was: \1"),
        "Number was: 1"
    );
    assert_eq!(replace("hello-world", "-", "_"), "hello_world");
    assert_eq!(replace(" test word", "[a-z]+", "X"), " X X");
    assert_eq!(replace("ab", "(a)(b)", r"\2\1\0$1\\\x"), r"baab$1\\x");
    assert_eq!(replace("a1", r"\d", r"[\0]"), "a[1]");
    assert_eq!(text("replace", &[s("[+]"), s(" "), s("a+b")], &[2]), "a b");
    let bad = [s("test"), s("te(?=st)"), s("X")];
    assert!(try_ask("replace_regex", &bad, Type::String, &[0]).is_err());
    assert_eq!(
        text("regex_quote", &[s("(so$me.Te^xt)")], &[0]),
        r"\(so\$me\.Te\^xt\)"
    );
}

#[test]
fn trimming() {
    let three =
        |p: &str, t: &str| ["trim", "trim_start", "trim_end"].map(|f| text(f, &[s(p), s(t)], &[1]));
    assert_eq!(three("a", "aaab"), ["aab", "aab", "aaab"]);
    assert_eq!(three("^b|a", "ba"), ["", "a", "b"]);
    assert_eq!(three("a|^b", "ab"), ["b", "b", "ab"]);
    assert_eq!(three("a)|(b", "xaxbx"), ["xxx", "xaxx", "xxbx"]);
    assert_eq!(three("a+?", "xaaa"), ["x", "xaaa", "x"]);
    assert_eq!(three("(?<n>a)", "aba"), ["b", "ba", "ab"]);
    assert_eq!(three("a", "aaaa")[0], "aa");
    assert_eq!(three("a|x", "bxa")[1], "bxa");
    assert_eq!(three("a", "xa\n")[2], "xa\n");
    assert_eq!(three(".", "a\n")[2], "a\n");
    assert_eq!(three("--", "--https://bing.com--")[0], "https://bing.com");
    assert_eq!(three("a*", "aaathis is a testaaaa")[0], "this is a test");
    assert_eq!(
        three(r"[^\w]+", "-  Te st1// $"),
        ["Te st1", "Te st1// $", "-  Te st1"]
    );
    for (t, want) in [("10", "0"), ("11", ""), ("12", "2")] {
        assert_eq!(three("1", t)[0], want);
    }
    for f in ["trim", "trim_start", "trim_end"] {
        assert!(try_ask(f, &[s(""), s("abc")], Type::String, &[1]).is_err());
        assert!(try_ask(f, &[s("a(?=b)"), s("ab")], Type::String, &[1]).is_err());
    }
}

#[test]
fn counting() {
    let count = |args: &[&str]| {
        let args: Vec<Value> = args.iter().map(|a| s(a)).collect();
        ask_with("countof", &args, Type::Long, &[0, 1])
    };
    for (args, want) in [
        (&["aaaa", "aa", "normal"][..], 3),
        (&["aaaa", "a"], 4),
        (&["abc", "abc"], 1),
        (&["AAAA", "aa"], 0),
        (&["abc", ""], 0),
        (&["", ""], 0),
        (&["ababa", "aba"], 2),
        (&["ababa", "ab", "normal"], 2),
        (&["abcabc", "aa"], 0),
        (&["abc abc ab", "abc", "normal"], 2),
        (&["aaaa", "aa", "regex"], 2),
        (&["aaaa", "a+", "regex"], 1),
        (&["abc abc ab a", "a.", "regex"], 3),
        (&["abcabc", "a.c", "regex"], 2),
    ] {
        assert_eq!(count(args), Value::Long(want), "{args:?}");
    }
}

#[test]
fn positions() {
    let at = |t: &str, p: &str, rest: &[i64]| {
        let mut args = vec![s(t), s(p)];
        args.extend(rest.iter().map(|n| l(*n)));
        match ask_with("indexof_regex", &args, Type::Long, &[0]) {
            Value::Long(n) => Some(n),
            _ => None,
        }
    };
    assert_eq!(at("abcabc", "a.c", &[]), Some(0));
    assert_eq!(at("abcabcdefg", "a.c", &[0, 9, 2]), Some(3));
    assert_eq!(at("abcabc", "a.c", &[1, -1, 2]), Some(-1));
    assert_eq!(at("ababaa", "a.a", &[0, -1, 2]), Some(-1));
    assert_eq!(at("abcabc", "a|ab", &[-1]), None);
    assert_eq!(at("éa", "a", &[]), Some(1));
}
