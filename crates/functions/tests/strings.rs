//! Functions on texts, by the reference and by answers of a real engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod call;

use call::{ask, ask_with, d, l, s, try_ask};
use kql_types::{Dyn, Type, Value};

fn text(name: &str, args: &[Value]) -> String {
    match ask(name, args, Type::String) {
        Value::String(s) => s,
        other => panic!("{name}: {other:?}"),
    }
}

fn long(name: &str, args: &[Value]) -> Option<i64> {
    match ask(name, args, Type::Long) {
        Value::Long(n) => Some(n),
        Value::Null(_) => None,
        other => panic!("{name}: {other:?}"),
    }
}

fn json(name: &str, args: &[Value]) -> String {
    let mut out = String::new();
    let Value::Dynamic(v) = ask(name, args, Type::Dynamic) else {
        return "null".to_owned();
    };
    let bytes = v.to_bytes();
    kql_types::dynamic::json::write_json(kql_types::DynRef::new(&bytes), &mut out);
    out
}

fn bool(name: &str, args: &[Value]) -> bool {
    ask(name, args, Type::Bool) == Value::Bool(true)
}

#[test]
fn joining() {
    assert_eq!(
        text("strcat", &[s("hello"), s(" "), s("world")]),
        "hello world"
    );
    assert_eq!(text("strcat", &[s("a"), s("-"), l(123)]), "a-123");
    assert_eq!(text("strcat", &[s("x"), Value::Null(Type::Int)]), "x");
    assert_eq!(text("strcat", &[Value::Real(f64::NAN)]), "NaN");
    assert_eq!(text("strcat", &[s("a"), d("\"x\""), s("b")]), "axb");
    assert_eq!(
        text(
            "strcat",
            &[s("t="), Value::DateTime(637_135_633_456_000_000)]
        ),
        "t=2020-01-02T12:02:25.6000000Z"
    );
    assert_eq!(
        text(
            "strcat_delim",
            &[s("-"), l(1), s("2"), s("A"), Value::TimeSpan(10_000_000)]
        ),
        "1-2-A-00:00:01"
    );
    assert_eq!(
        text(
            "strcat_delim",
            &[s("-"), s("a"), Value::Null(Type::Int), s("b")]
        ),
        "a--b"
    );
    assert_eq!(text("strcat_array", &[d("[1,2,3]"), s("->")]), "1->2->3");
    assert_eq!(text("strcat_array", &[d("\"abc\""), s("-")]), "abc");
    assert_eq!(text("strcat_array", &[d("[\"a\",\"b\"]"), l(5)]), "a5b");
    assert_eq!(text("strcat_array", &[d("[1,2]"), d("\",\"")]), "1,2");
    assert_eq!(
        text("strcat_array", &[d("[1,null,true,\"x\"]"), s(",")]),
        "1,,true,x"
    );
    assert_eq!(text("strrep", &[s("ABC"), l(2)]), "ABCABC");
    assert_eq!(text("strrep", &[l(123), l(3), s(".")]), "123.123.123");
    assert!(try_ask("strrep", &[s("x"), l(1025)], Type::String, &[0]).is_err());
}

#[test]
fn parts() {
    let sub = |t: &str, a: i64, b: i64| text("substring", &[s(t), l(a), l(b)]);
    assert_eq!(sub("123456", 2, 2), "34");
    assert_eq!(sub("ABCD", 0, 2), "AB");
    assert_eq!(sub("123456", -2, 2), "56");
    assert_eq!(sub("abcdefg", 10, 3), "");
    assert_eq!(sub("abcdefg", 1, -1), "");
    assert_eq!(sub("abc", 3, 1), "");
    assert_eq!(sub("abc", -10, 2), "");
    assert_eq!(sub("abc", -1, 20), "c");
    assert_eq!(sub("héllo", 1, 3), "éll");
    assert_eq!(sub("héllo", -4, 2), "él");
    assert_eq!(sub("héllo", -9, 2), "");
    assert_eq!(text("substring", &[s("abc"), l(-10)]), "");
    assert_eq!(text("substring", &[s("abcdefg"), l(0)]), "abcdefg");
    assert_eq!(text("substring", &[s("abc"), l(3)]), "");
    assert_eq!(text("substring", &[s("xy"), l(-2)]), "xy");
    assert_eq!(
        text("substring", &[s(""), Value::Int(1), Value::Int(3)]),
        ""
    );
    assert_eq!(json("split", &[s("aa_bb"), s("_")]), r#"["aa","bb"]"#);
    assert_eq!(
        json("split", &[s("aaa_bbb_ccc"), s("_"), l(1)]),
        r#"["bbb"]"#
    );
    assert_eq!(json("split", &[s(""), s("_")]), r#"[""]"#);
    assert_eq!(json("split", &[s("a__b"), s("_")]), r#"["a","","b"]"#);
    assert_eq!(json("split", &[s("aabbcc"), s("bb")]), r#"["aa","cc"]"#);
    assert_eq!(json("split", &[s("a::b::"), s("::")]), r#"["a","b",""]"#);
    assert_eq!(json("split", &[s("a,b"), s(","), l(2)]), "[]");
    assert_eq!(text("reverse", &[l(12345)]), "54321");
    assert_eq!(
        text("reverse", &[Value::TimeSpan(108_000_000_000)]),
        "00:00:30"
    );
}

#[test]
fn positions() {
    let at = |t: &str, m: &str, rest: &[i64]| {
        let mut args = vec![s(t), s(m)];
        args.extend(rest.iter().map(|n| l(*n)));
        let columns: Vec<usize> = (0..args.len().min(4)).collect();
        match ask_with("indexof", &args, Type::Long, &columns) {
            Value::Long(n) => Some(n),
            _ => None,
        }
    };
    assert_eq!(at("abcdefg", "cde", &[]), Some(2));
    assert_eq!(at("abcdefg", "cde", &[1, 4]), Some(2));
    assert_eq!(at("abcdefg", "cde", &[1, 2]), Some(-1));
    assert_eq!(at("abcdefg", "cde", &[3, 4]), Some(-1));
    assert_eq!(at("abcdefg", "cde", &[-5]), Some(2));
    assert_eq!(at("abcdefg", "cde", &[2, -1]), Some(2));
    assert_eq!(at("abcdefgabcdefg", "cde", &[1, 10, 2]), Some(9));
    assert_eq!(at("abcdefgabcdefg", "cde", &[1, -1, 3]), Some(-1));
    assert_eq!(at("abc def ab", "ab", &[7]), Some(8));
    assert_eq!(at("abc def ab", "ab", &[-2]), Some(8));
    assert_eq!(at("abc", "c", &[9]), Some(-1));
    assert_eq!(at("abc", "c", &[0, -2]), None);
    assert_eq!(at("abc", "c", &[0, -1, -1]), None);
    assert_eq!(at("ééc", "c", &[1, 2]), Some(2));
    assert_eq!(at("ééc", "é", &[0, -1, 2]), Some(1));
    assert_eq!(long("indexof", &[l(1_234_567), l(5), l(1), l(4)]), Some(4));
    assert_eq!(long("indexof", &[d("\"x\""), s("x")]), Some(0));
    let any = |t: &str, list: &str| long("has_any_index", &[s(t), d(list)]);
    assert_eq!(any("this is an example", r#"["this","example"]"#), Some(0));
    assert_eq!(any("this is an example", r#"["not","example"]"#), Some(1));
    assert_eq!(any("this is an example", r#"["not","found"]"#), Some(-1));
    assert_eq!(any("Example number 2", "[1,2,3]"), Some(1));
    assert_eq!(any("this is an example", "[]"), Some(-1));
}

#[test]
fn replacing() {
    assert_eq!(
        text("replace_string", &[s("Number is 1"), s("is"), s("was")]),
        "Number was 1"
    );
    assert_eq!(text("replace_string", &[s("abcb"), s("b"), s("1")]), "a1c1");
    let list = |t: &str, a: &str, b: &str| text("replace_strings", &[s(t), d(a), d(b)]);
    let cat = "A magic trick can turn a cat into a dog";
    assert_eq!(
        list(cat, r#"["cat","dog"]"#, r#"["dog","pigeon"]"#),
        "A magic trick can turn a dog into a pigeon"
    );
    assert_eq!(
        list(cat, r#"["turn"," into a dog"]"#, r#"["disappear",""]"#),
        "A magic trick can disappear a cat"
    );
    let this = "This is an example of using replace_strings()";
    for (a, b, want) in [
        (r#"["This","is"]"#, r#"["This","was"]"#, "This was an"),
        (r#"["is","This"]"#, r#"["was","This"]"#, "Thwas was an"),
        (r#"["This","is"]"#, r#"[12345,"was"]"#, "This was an"),
    ] {
        assert!(list(this, a, b).starts_with(want), "{a}");
    }
    assert_eq!(
        text("translate", &[s("krasp"), s("otsku"), s("spark")]),
        "kusto"
    );
    assert_eq!(text("translate", &[s("abc"), s("x"), s("abc")]), "xxx");
    assert_eq!(text("translate", &[s("abc"), s(""), s("ab")]), "");
}

#[test]
fn facts() {
    assert!(bool("isempty", &[s("")]));
    assert!(!bool("isempty", &[s(" ")]));
    assert!(bool("isempty", &[Value::Null(Type::Dynamic)]));
    assert!(!bool("isempty", &[d("[]")]));
    assert!(!bool("isempty", &[d("0")]));
    assert!(!bool("isnotempty", &[d("\"\"")]));
    assert!(bool("isnotempty", &[d("\"x\"")]));
    assert!(bool("isnotempty", &[s("a text longer than a view holds")]));
    assert!(!bool("isnotempty", &[Value::Null(Type::Long)]));
    assert!(bool("isascii", &[s("some string")]));
    assert!(!bool("isascii", &[s("é")]));
    assert!(bool("isutf8", &[s("é")]));
    assert_eq!(long("string_size", &[s("⒦⒰⒮⒯⒪")]), Some(15));
    assert_eq!(long("strcmp", &[s("abc"), s("ABC")]), Some(1));
    assert_eq!(long("strcmp", &[s("ABC"), s("abc")]), Some(-1));
    assert_eq!(long("strcmp", &[s("abcde"), s("abc")]), Some(1));
    assert_eq!(text("tolower", &[d("\"X\"")]), "x");
    assert_eq!(text("toupper", &[s("abcdef é")]), "ABCDEF É");
    assert_eq!(
        json("unicode_codepoints_from_string", &[s("קו - K")]),
        "[1511,1493,32,45,32,75]"
    );
    assert_eq!(
        text(
            "unicode_codepoints_to_string",
            &[l(75), d("[117,115]"), l(116), l(111)]
        ),
        "Kusto"
    );
    assert_eq!(text("unicode_codepoints_to_string", &[l(-1)]), "");
}

#[test]
fn encodings() {
    assert_eq!(text("base64_encode_tostring", &[s("Kusto")]), "S3VzdG8=");
    assert_eq!(text("base64_decode_tostring", &[s("S3VzdG8=")]), "Kusto");
    assert_eq!(
        text(
            "base64_decode_tostring",
            &[s("U3RyaW5n0KHR0tGA0L7Rh9C60LA=")]
        ),
        ""
    );
    assert_eq!(
        json("base64_decode_toarray", &[s("S3VzdG8=")]),
        "[75,117,115,116,111]"
    );
    assert_eq!(
        json("base64_decode_toarray", &[s("U3RyaW5n0KHR0tGA0L7Rh9C60LA")]),
        "null"
    );
    assert_eq!(
        text("base64_encode_fromarray", &[d("[75,117,115,116,111]")]),
        "S3VzdG8="
    );
    let guid = *uuid::Uuid::parse_str("10e99626-bc2b-754c-bb3e-fe606de25700")
        .unwrap()
        .as_bytes();
    assert_eq!(
        ask(
            "base64_decode_toguid",
            &[s("JpbpECu8dUy7Pv5gbeJXAA==")],
            Type::Guid
        ),
        Value::Guid(guid)
    );
    assert_eq!(
        ask("base64_decode_toguid", &[s("abcd1231")], Type::Guid),
        Value::Null(Type::Guid)
    );
    let other = uuid::Uuid::parse_str("ae3133f2-6e22-49ae-b06a-16e6a9b212eb").unwrap();
    assert_eq!(
        text("base64_encode_fromguid", &[Value::Guid(*other.as_bytes())]),
        "8jMxriJurkmwahbmqbIS6w=="
    );
    let plain = "1234567890qwertyuiop";
    let gzip = "H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==";
    assert_eq!(text("gzip_compress_to_base64_string", &[s(plain)]), gzip);
    assert_eq!(
        text("gzip_decompress_from_base64_string", &[s(gzip)]),
        plain
    );
    assert_eq!(
        text("gzip_decompress_from_base64_string", &[s("x0x0x0")]),
        ""
    );
    assert_eq!(
        text("zlib_compress_to_base64_string", &[s(plain)]),
        "eAEBFADr/zEyMzQ1Njc4OTBxd2VydHl1aW9wOAkGdw=="
    );
    assert_eq!(
        text(
            "zlib_decompress_from_base64_string",
            &[s("eJwLSS0uUSguKcrMS1cwNDIGACxqBQ4=")]
        ),
        "Test string 123"
    );
    for long in ["", "a", &"abc ".repeat(40_000)] {
        for kind in ["gzip", "zlib"] {
            let packed = text(&format!("{kind}_compress_to_base64_string"), &[s(long)]);
            let back = text(
                &format!("{kind}_decompress_from_base64_string"),
                &[s(&packed)],
            );
            assert!(back == long, "{kind} {}", long.len());
        }
    }
    let url = "https://www.bing.com/hello world/";
    assert_eq!(
        text("url_encode", &[s(url)]),
        "https%3a%2f%2fwww.bing.com%2fhello+world%2f"
    );
    assert_eq!(
        text("url_encode_component", &[s(url)]),
        "https%3a%2f%2fwww.bing.com%2fhello%20world%2f"
    );
    assert_eq!(
        text("url_decode", &[s("https%3a%2f%2fwww.bing.com%2f")]),
        "https://www.bing.com/"
    );
    assert_eq!(text("url_decode", &[s("a+b%zz%4")]), "a b%zz%4");
}

#[test]
fn punycode() {
    assert_eq!(
        text("punycode_from_string", &[s("académie-française")]),
        "acadmie-franaise-npb1a"
    );
    assert_eq!(
        text("punycode_to_string", &[s("acadmie-franaise-npb1a")]),
        "académie-française"
    );
    assert_eq!(text("punycode_from_string", &[s("艺术")]), "cqv902d");
    assert_eq!(text("punycode_to_string", &[s("cqv902d")]), "艺术");
    assert_eq!(text("punycode_to_string", &[s("99999999")]), "");
    for (name, coded) in [
        (
            "Lê Lợi。Thuận Thiên。com",
            "xn--L Li-gpa4517b.xn--Thun Thin-s4a7194f.com",
        ),
        (
            "Riðill｡Skáldskaparmál｡org",
            "xn--Riill-jta.xn--Skldskaparml-dbbj.org",
        ),
        (
            "Kaledvoulc'h.Artorījos.edu",
            "Kaledvoulc'h.xn--Artorjos-ejb.edu",
        ),
    ] {
        assert_eq!(text("punycode_domain_to_string", &[s(name)]), coded);
    }
    for (coded, name) in [
        ("xn--Ge-mia.Bulg.edu", "Gáe.Bulg.edu"),
        ("xn--Lin-8na.Celtchair.org", "Lúin.Celtchair.org"),
        (
            "xn--Ry-lja8c.xn--Jng-uta63a.xn--Bng-9ka.com",
            "Rúyì.Jīngū.Bàng.com",
        ),
    ] {
        assert_eq!(text("punycode_domain_from_string", &[s(coded)]), name);
    }
    assert_eq!(
        ask("split", &[s("a"), s(",")], Type::Dynamic),
        Value::Dynamic(Dyn::Array(vec![Dyn::String("a".into())]))
    );
}
