//! Operators on texts, by the reference and by answers of a real engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod call;

use call::{ask, d, l, s, try_ask};
use kql_types::{Type, Value};

fn yes(left: Value, op: &str, right: Value) {
    assert_eq!(
        ask(op, &[left.clone(), right.clone()], Type::Bool),
        Value::Bool(true),
        "{left:?} {op} {right:?}"
    );
    let not = match op {
        "=~" => "!~".to_owned(),
        _ => format!("!{op}"),
    };
    if kql_functions::catalog::find(&not).is_some() {
        assert_eq!(
            ask(&not, &[left.clone(), right.clone()], Type::Bool),
            Value::Bool(false),
            "{left:?} {not} {right:?}"
        );
    }
}

fn no(left: Value, op: &str, right: Value) {
    assert_eq!(
        ask(op, &[left.clone(), right.clone()], Type::Bool),
        Value::Bool(false),
        "{left:?} {op} {right:?}"
    );
    let not = match op {
        "=~" => "!~".to_owned(),
        _ => format!("!{op}"),
    };
    if kql_functions::catalog::find(&not).is_some() {
        assert_eq!(
            ask(&not, &[left.clone(), right.clone()], Type::Bool),
            Value::Bool(true),
            "{left:?} {not} {right:?}"
        );
    }
}

fn which<'a>(texts: &[&'a str], op: &str, right: &Value) -> Vec<&'a str> {
    texts
        .iter()
        .copied()
        .filter(|t| ask(op, &[s(t), right.clone()], Type::Bool) == Value::Bool(true))
        .collect()
}

#[test]
fn the_table_of_operators_in_the_reference() {
    for (left, op, right) in [
        ("aBc", "=~", "ABC"),
        ("FabriKam", "contains", "BRik"),
        ("FabriKam", "contains_cs", "Kam"),
        ("Fabrikam", "endswith", "Kam"),
        ("Fabrikam", "endswith_cs", "kam"),
        ("North America", "has", "america"),
        ("North America", "has_cs", "America"),
        ("North America", "hasprefix", "ame"),
        ("North America", "hasprefix_cs", "Ame"),
        ("North America", "hassuffix", "ica"),
        ("North America", "hassuffix_cs", "ica"),
        ("Fabrikam", "matches regex", "b.*k"),
        ("Fabrikam", "startswith", "fab"),
        ("Fabrikam", "startswith_cs", "Fab"),
    ] {
        yes(s(left), op, s(right));
    }
    for (left, op, right) in [
        ("aBc", "=~", "xyz"),
        ("Fabrikam", "contains", "xyz"),
        ("Fabrikam", "contains_cs", "Kam"),
        ("Fabrikam", "endswith", "brik"),
        ("Fabrikam", "endswith_cs", "brik"),
        ("North America", "has", "amer"),
        ("North America", "has_cs", "amer"),
        ("North America", "hasprefix", "mer"),
        ("North America", "hasprefix_cs", "CA"),
        ("North America", "hassuffix", "americ"),
        ("North America", "hassuffix_cs", "icA"),
        ("Fabrikam", "startswith", "kam"),
        ("Fabrikam", "startswith_cs", "fab"),
    ] {
        no(s(left), op, s(right));
    }
}

#[test]
fn terms() {
    let terms = [
        "error code",
        "the error",
        "an errorlog",
        "ERROR",
        "x-error",
        "a_error",
        "code error",
        "erro",
        "the code",
        "a.error.b",
        "err or",
    ];
    assert_eq!(which(&terms, "hasprefix", &s("err")).len(), 10);
    assert_eq!(
        which(&terms, "startswith", &s("err")),
        ["error code", "ERROR", "erro", "err or"]
    );
    assert_eq!(
        which(&terms, "hassuffix", &s("or")),
        [
            "error code",
            "the error",
            "ERROR",
            "x-error",
            "a_error",
            "code error",
            "a.error.b",
            "err or"
        ]
    );
    assert_eq!(which(&terms, "hasprefix", &s("or")), ["err or"]);
    assert_eq!(which(&terms, "hasprefix_cs", &s("ERR")), ["ERROR"]);
    assert!(which(&terms, "hassuffix_cs", &s("ERR")).is_empty());
    assert_eq!(which(&terms, "hasprefix_cs", &s("err")).len(), 9);
    no(s("xa b"), "hasprefix", s("a "));
    yes(s("a b"), "hasprefix", s("a "));
    yes(s("x ab y"), "hasprefix", s(" a"));
    yes(s("x-error"), "hasprefix", s("-err"));
    no(s("x-error"), "hassuffix", s("err"));
    yes(s("b .b-"), "hasprefix", s(" "));
    yes(s("b .b-"), "hassuffix", s(" "));
    yes(s("abc"), "hasprefix", s(""));
    assert_eq!(
        which(&["a b", "xa b", "x ab y", "x a-b y"], "has", &s(" a")),
        ["x a-b y"]
    );
    assert_eq!(which(&["b .b-", "11", "a-b"], "has", &s("")).len(), 3);
    let scan = "Kusto: ad67d136-c1db-4f9f-88ef-d94f3b6b0b5a;KustoExplorerQueryRun";
    yes(s(scan), "has", s("KUSTO"));
    yes(s(scan), "has", s("4f9f"));
    yes(s(scan), "has", s("c1db-4F9F"));
    no(s(scan), "has", s("Explorer"));
    yes(s(scan), "contains", s("explorer"));
}

#[test]
fn signs_are_themselves() {
    let texts = [
        "user_id",
        "userXid",
        "100%",
        "100pct",
        "a_b",
        "axb",
        "a\\b",
        "C:\\Users\\foo",
    ];
    assert_eq!(which(&texts, "contains", &s("user_id")), ["user_id"]);
    assert_eq!(which(&texts, "contains", &s("%")), ["100%"]);
    assert_eq!(which(&texts, "endswith", &s("_b")), ["a_b"]);
    assert_eq!(which(&texts, "endswith_cs", &s("\\b")), ["a\\b"]);
    assert_eq!(
        which(&texts, "contains", &s("\\users\\")),
        ["C:\\Users\\foo"]
    );
}

#[test]
fn dynamics_are_texts() {
    for op in [
        "startswith",
        "=~",
        "contains",
        "has",
        "has_any",
        "has_all",
        "in",
        "in~",
    ] {
        yes(d(r#""x""#), op, s("x"));
    }
    yes(d(r#""x""#), "matches regex", s("^x$"));
    yes(s("x"), "contains", d(r#""x""#));
    yes(s("x"), "startswith", d(r#""x""#));
    no(Value::Null(Type::Dynamic), "contains", s("x"));
    yes(d(r#"{"k":["a b",1.5]}"#), "has", s("A"));
    yes(
        d(r#"{"k":["a b",1.5]}"#),
        "contains",
        s(r#""k":["a b",1.5]"#),
    );
}

#[test]
fn lists_of_terms() {
    let list = |op: &str, text: &str, list: &[Value]| {
        let mut args = vec![s(text)];
        args.extend_from_slice(list);
        ask(op, &args, Type::Bool) == Value::Bool(true)
    };
    let two = [s("value1"), s("value2")];
    for (text, want) in [
        ("value1 here", true),
        ("other", false),
        ("VALUE2", true),
        ("value1_x", true),
        ("xvalue1", false),
    ] {
        assert_eq!(list("has_any", text, &two), want, "{text}");
    }
    assert!(list("has_all", "alpha beta", &[s("alpha"), s("beta")]));
    assert!(!list("has_all", "alpha", &[s("alpha"), s("beta")]));
    assert!(list("has_any", "code 42 here", &[l(42)]));
    assert!(list("has_any", "alpha", &[d(r#"["alpha","zeta"]"#)]));
    assert!(list("has_any", "", &[d("[null]")]));
    assert!(list("has_all", "", &[d("[null]")]));
    assert!(list("has_all", "", &[d("[]")]));
    assert!(!list("has_any", "alpha", &[d("[]")]));
    assert!(!list("has_any", "AAA", &[s("aA"), s("b")]));
    assert!(list(
        "has_any",
        "errors in North",
        &[
            d(r#"["a1","a2","a3","a4","a5","a6","a7","a8"]"#),
            s("north")
        ]
    ));
    assert!(!list(
        "has_any",
        "errors in North",
        &[d(r#"["a1","a2","a3","a4","a5","a6","a7","a8"]"#), s("nort")]
    ));
}

#[test]
fn membership() {
    let is = |op: &str, args: &[Value]| ask(op, args, Type::Bool) == Value::Bool(true);
    assert!(is("in", &[s("abc"), s("123"), s("345"), s("abc")]));
    assert!(!is("in", &[s("AAA"), s("aaa"), s("b")]));
    assert!(is("in~", &[s("B"), s("aaa"), s("b")]));
    assert!(is("!in", &[s("bca"), s("123"), s("abc")]));
    assert!(is("!in~", &[s("bCa"), s("123"), s("ABC")]));
    assert!(is("in~", &[s("a"), d(r#"["A","b"]"#)]));
    assert!(is("in", &[l(1), l(1), l(2), l(3)]));
    assert!(is("!in", &[l(4), l(1), l(2), l(3)]));
    assert!(is("in", &[l(3), d("[1,3]")]));
    assert!(is("in", &[s("z"), d(r#"["a"]"#), s("z")]));
    assert!(is("in", &[Value::Int(3), l(1), Value::Real(3.0)]));
    assert!(is("in", &[Value::Real(1.5), d("[1,1.5]")]));
    assert!(!is("in", &[l(1), Value::Null(Type::Long)]));
    assert!(is("!in", &[l(1), Value::Null(Type::Long)]));
    assert!(!is(
        "in",
        &[Value::Null(Type::Long), Value::Null(Type::Long), l(1)]
    ));
    assert!(is("in", &[s(""), s("")]));
    assert!(!is("in", &[s("a"), d("[]")]));
    assert!(is("in", &[Value::Bool(true), Value::Bool(true)]));
    assert!(is(
        "in",
        &[Value::DateTime(5), Value::DateTime(4), Value::DateTime(5)]
    ));
    assert!(is("in", &[d("2"), l(2)]));
    assert!(is("in", &[d("[1,2]"), s("x"), d("[[1,2]]")]));
    assert!(is("in", &[Value::Int(4625), s("4624"), s("4625")]));
    assert!(is("in", &[s("50199"), l(0), l(50199)]));
    // Enough elements for sets, and for the list to be remembered.
    let mut many: Vec<Value> = (0..100)
        .map(|i| s(&format!("a rather long value {i}")))
        .collect();
    many.insert(0, s("a rather long value 57"));
    assert!(is("in", &many));
    many[0] = s("A RATHER long value 57");
    assert!(!is("in", &many));
    assert!(is("in~", &many));
    let mut numbers: Vec<Value> = (0..100).map(|i| l(i * 7)).collect();
    numbers.insert(0, l(70));
    assert!(is("in", &numbers));
    numbers[0] = l(71);
    assert!(!is("in", &numbers));
}

#[test]
fn a_pattern_must_be_re2() {
    let args = [s("test"), s("te(?=st)")];
    assert!(try_ask("matches regex", &args, Type::Bool, &[0]).is_err());
    assert_eq!(
        ask(
            "matches regex",
            &[s(" test word"), s("(?<w>[a-z]+)")],
            Type::Bool
        ),
        Value::Bool(true)
    );
}
