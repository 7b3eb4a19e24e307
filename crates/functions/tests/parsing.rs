//! What the hashes and the functions that take texts apart give, by the documentation and by other engines' tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;

use answers::{answer, d, l, s};
use kql_types::{Type, Value};

/// 2020-01-01
const DAY: Value = Value::DateTime(637_134_336_000_000_000);

#[test]
fn hashes() {
    cases! { Type::Long;
        "hash"(s("World")) => "1846988464401551951";
        "hash"(s("Hello")) => "753694413698530628";
        "hash"(s("World"), l(100)) => "51";
        "hash_xxhash64"(s("World"), Value::Int(100)) => "51";
        "hash_xxhash64"(Value::DateTime(635_556_672_000_000_000)) => "1380966698541616202";
        "hash"(s("World"), l(0)) => "null";
    }
    assert!(
        answer("hash", &[Value::Real(1.0)], Type::Long)
            .starts_with("error: hash of a value of type real")
    );
    cases! { Type::String;
        "hash_md5"(s("World")) => "f5a7924e621e84c9280a9a27e1bcb7f6";
        "hash_md5"(DAY) => "786c530672d1f8db31fee25ea8a9390b";
        "hash_md5"(l(123)) => "202cb962ac59075b964b07152d234b70";
        "hash_md5"(s("TEXAS")) => "3b00dbe6e07e7485a1c12d36c8e9910a";
        "hash_md5"(s("2020-01-02T03:04:05.6000000Z")) => "2ec9def8f0e9bc2e8780756a954935d4";
        "hash_md5"(s("")) => "";
        "hash_md5"(Value::Null(Type::Long)) => "";
        "hash_sha1"(s("World")) => "70c07ec18ef89c5309bbb0937f3a6342411e1fdd";
        "hash_sha1"(DAY) => "e903e533f4d636b4fc0dcf3cf81e7b7f330de776";
        "hash_sha1"(s("abc")) => "a9993e364706816aba3e25717850c26c9cd0d89d";
        "hash_sha1"(s("")) => "";
        "hash_sha256"(s("World")) => "78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524";
        "hash_sha256"(DAY) => "ba666752dc1a20eb750b0eb64e780cc4c968bc9fb8813461c1d7e750f302d71d";
        "hash_sha256"(s("2020-01-02T00:00:00.0000000Z")) => "94eb8ad4999be93fc5d8b45515b10957dc086abb7e9afdfb52e7e402d8bf43c2";
        "hash_sha256"(s("")) => "";
    }
}

/// The text of a URL's parts.
fn url(parts: [&str; 6], query: &str, fragment: &str) -> String {
    let [scheme, host, port, path, user, password] = parts;
    format!(
        r#"{{"Scheme":"{scheme}","Host":"{host}","Port":"{port}","Path":"{path}","Username":"{user}","Password":"{password}","Query Parameters":{query},"Fragment":"{fragment}"}}"#
    )
}

#[test]
fn urls() {
    cases! { Type::Dynamic;
        "parse_url"(s("scheme://username:password@host:1234/this/is/a/path?k1=v1&k2=v2#fragment"))
            => url(["scheme", "host", "1234", "/this/is/a/path", "username", "password"], r#"{"k1":"v1","k2":"v2"}"#, "fragment");
        "parse_url"(s("https://john.doe@www.example.com:123/forum/questions/?tag=networking&order=newest#top"))
            => url(["https", "john.doe@www.example.com", "123", "/forum/questions/", "", ""], r#"{"order":"newest","tag":"networking"}"#, "top");
        "parse_url"(s("ldap://[2001:db8::7]/c=GB?objectClass?one"))
            => url(["ldap", "[2001:db8:", "7]", "/c=GB", "", ""], "{}", "");
        "parse_url"(s("https://domain.com/a/b?c=1&c=2&c=3"))
            => url(["https", "domain.com", "", "/a/b", "", ""], r#"{"c":"3"}"#, "");
        "parse_url"(s("https://a.b")) => url(["https", "a.b", "", "", "", ""], "{}", "");
        "parse_url"(s("https://a.b?x=a=b&y=")) => url(["https", "a.b", "", "", "", ""], r#"{"x":"a=b","y":""}"#, "");
        "parse_url"(s("mailto:John.Doe@example.com")) => url([""; 6], "{}", "");
        "parse_url"(s("")) => url([""; 6], "{}", "");
        "parse_urlquery"(s("k1=v1&k2=v2&k3=v3")) => r#"{"Query Parameters":{"k1":"v1","k2":"v2","k3":"v3"}}"#;
        "parse_urlquery"(s("view=vs-2019&preserve-view=true"))
            => r#"{"Query Parameters":{"preserve-view":"true","view":"vs-2019"}}"#;
    }
}

fn path(parts: [&str; 7]) -> String {
    let names = [
        "Scheme",
        "RootPath",
        "DirectoryPath",
        "DirectoryName",
        "Filename",
        "Extension",
        "AlternateDataStreamName",
    ];
    let all: Vec<String> = names
        .iter()
        .zip(parts)
        .map(|(n, p)| format!(r#""{n}":"{}""#, p.replace('\\', r"\\")))
        .collect();
    format!("{{{}}}", all.join(","))
}

#[test]
fn paths_and_command_lines() {
    cases! { Type::Dynamic;
        "parse_path"(s(r"C:\temp\file.txt")) => path(["", "C:", r"C:\temp", "temp", "file.txt", "txt", ""]);
        "parse_path"(s(r"temp\file.txt")) => path(["", "", "temp", "temp", "file.txt", "txt", ""]);
        "parse_path"(s("file://C:/temp/file.txt:some.exe")) => path(["file", "C:", "C:/temp", "temp", "file.txt", "txt", "some.exe"]);
        "parse_path"(s(r"\\shared\users\temp\file.txt.gz")) => path(["", "", r"\\shared\users\temp", "temp", "file.txt.gz", "gz", ""]);
        "parse_path"(s("/usr/lib/temp/file.txt")) => path(["", "", "/usr/lib/temp", "temp", "file.txt", "txt", ""]);
        "parse_path"(s("file")) => path(["", "", "", "", "file", "", ""]);
        "parse_path"(s(r"C:\file.txt")) => path(["", "C:", "C:", "", "file.txt", "txt", ""]);
        "parse_path"(s("")) => path([""; 7]);
        "parse_command_line"(s("echo \"hello world!\""), s("windows")) => r#"["echo","hello world!"]"#;
        "parse_command_line"(s(r#""C:\Program Files\a.exe" /x "a b"c  d"#), s("windows")) => r#"["C:\\Program Files\\a.exe","/x","a bc","d"]"#;
        "parse_command_line"(s(r#"a "b c" d"#), s("windows")) => r#"["a","b c","d"]"#;
        "parse_command_line"(s(r#"a "ab\"c" "\\" d"#), s("windows")) => r#"["a","ab\"c","\\","d"]"#;
        "parse_command_line"(s(r#"a a\\\b d"e f"g h"#), s("windows")) => r#"["a","a\\\\\\b","de fg","h"]"#;
        "parse_command_line"(s(r#"a a\\\"b c d"#), s("windows")) => r#"["a","a\\\"b","c","d"]"#;
        "parse_command_line"(s(r#"a a\\\\"b c" d e"#), s("windows")) => r#"["a","a\\\\b c","d","e"]"#;
        "parse_command_line"(s(r#"a "" b"#), s("windows")) => r#"["a","","b"]"#;
        "parse_command_line"(s("a é"), s("windows")) => r#"["a","é"]"#;
        "parse_command_line"(s(""), s("windows")) => "null";
    }
    assert!(
        answer("parse_command_line", &[s("a"), s("linux")], Type::Dynamic)
            .starts_with("error: parse_command_line has no parser")
    );
}

#[test]
fn records_and_xml() {
    cases! { Type::Dynamic;
        "parse_csv"(s("aa,\"b,b,b\",cc,\"Escaping quotes: \"\"Title\"\"\",\"line1\nline2\""))
            => r#"["aa","b,b,b","cc","Escaping quotes: \"Title\"","line1\nline2"]"#;
        "parse_csv"(s("record1,a,b,c\nrecord2,x,y,z")) => r#"["record1","a","b","c"]"#;
        "parse_csv"(s("a,,b,")) => r#"["a","","b",""]"#;
        "parse_csv"(d(r#""a,b""#)) => r#"["a","b"]"#;
        "parse_xml"(s("<e/>")) => r#"{"e":null}"#;
        "parse_xml"(s("<e>text</e>")) => r#"{"e":"text"}"#;
        "parse_xml"(s("<e name=\"value\" />")) => r#"{"e":{"@name":"value"}}"#;
        "parse_xml"(s("<e name=\"value\">text</e>")) => r##"{"e":{"@name":"value","#text":"text"}}"##;
        "parse_xml"(s("<e> <a>text</a> <b>text</b> </e>")) => r#"{"e":{"a":"text","b":"text"}}"#;
        "parse_xml"(s("<e> <a>text</a> <a>text</a> </e>")) => r#"{"e":{"a":["text","text"]}}"#;
        "parse_xml"(s("<e> text <a>text</a> </e>")) => r##"{"e":{"#text":"text","a":"text"}}"##;
        "parse_xml"(s("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<duration>\n <value>118.0</value>\n <!-- x --><count>5.0</count>\n</duration>\n"))
            => r#"{"duration":{"value":"118.0","count":"5.0"}}"#;
        "parse_xml"(s("<e a='&lt;&#65;'>x &amp; y</e>")) => r##"{"e":{"@a":"<A","#text":"x & y"}}"##;
        "parse_xml"(s("<EventData><Data Name=\"A\">1</Data><Data Name=\"B\"/></EventData>"))
            => r##"{"EventData":{"Data":[{"@Name":"A","#text":"1"},{"@Name":"B"}]}}"##;
        "parse_xml"(s("<a><b></a>")) => "null";
        "parse_xml"(s("<a>")) => "null";
        "parse_xml"(s("<a/><b/>")) => "null";
        "parse_xml"(s("text")) => "null";
        "parse_xml"(s("<a>&nope;</a>")) => "null";
        "parse_xml"(s("")) => "null";
    }
}
