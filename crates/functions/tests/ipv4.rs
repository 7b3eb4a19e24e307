//! What the functions on IP addresses give, by the documentation and by other engines' tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;

use answers::{d, l, s};
use kql_types::{Type, Value};

#[test]
fn numbers() {
    cases! { Type::Long;
        "parse_ipv4"(s("192.168.1.1")) => "3232235777";
        "parse_ipv4"(s("192.168.1.1/24")) => "3232235776";
        "parse_ipv4"(s("255.255.255.255/31")) => "4294967294";
        "parse_ipv4"(s("203.0.113.10/24")) => "3405803776";
        "parse_ipv4"(s("0.0.0.0")) => "0";
        "parse_ipv4"(s("203.0.113.10/0")) => "0";
        "parse_ipv4"(s("1.1.1.256")) => "null";
        "parse_ipv4"(s("https://example.invalid/path")) => "null";
        "parse_ipv4_mask"(s("127.0.0.1"), l(24)) => "2130706432";
        "parse_ipv4_mask"(s("127.0.0.1"), l(-1)) => "null";
        "ipv4_netmask_suffix"(s("10.1.2.3")) => "32";
        "ipv4_netmask_suffix"(s("192.168.1.1/24")) => "24";
        "ipv4_netmask_suffix"(s("127.0.0.1/16")) => "16";
        "ipv4_netmask_suffix"(s("x")) => "null";
        "ipv4_compare"(s("192.168.1.0"), s("192.168.1.0")) => "0";
        "ipv4_compare"(s("192.168.1.1/24"), s("192.168.1.255")) => "0";
        "ipv4_compare"(s("192.168.1.1"), s("192.168.1.255/24")) => "0";
        "ipv4_compare"(s("192.168.1.1/30"), s("192.168.1.255/24")) => "0";
        "ipv4_compare"(s("192.168.1.1"), s("192.168.1.0"), l(31)) => "0";
        "ipv4_compare"(s("192.168.1.1/24"), s("192.168.1.255"), l(31)) => "0";
        "ipv4_compare"(s("192.168.1.1"), s("192.168.1.255"), l(24)) => "0";
        "ipv4_compare"(s("192.168.1.1"), s("192.168.1.255")) => "-1";
        "ipv4_compare"(s("200.168.1.1"), s("192.168.1.255")) => "1";
        "ipv4_compare"(s("bad"), s("1.1.1.1")) => "null";
        "ipv4_compare"(s("1.1.1.1"), s("1.1.1.1"), l(33)) => "null";
        "ipv6_compare"(s("192.168.1.1/30"), s("192.168.1.255/24")) => "0";
        "ipv6_compare"(s("fe80::85d:e82c:9446:7994/120"), s("fe80::85d:e82c:9446:7998")) => "0";
        "ipv6_compare"(s("fe80::85d:e82c:9446:7994"), s("fe80::85d:e82c:9446:7998")) => "-1";
        "ipv6_compare"(s("192.168.1.1"), s("::ffff:c0a8:0101")) => "0";
        "ipv6_compare"(s("::ffff:c0a8:0101"), s("192.168.1.255/24")) => "0";
        "ipv6_compare"(s("::192.168.1.1/30"), s("192.168.1.255/24")) => "0";
        "ipv6_compare"(s("192.168.1.1"), s("192.168.1.0"), l(31)) => "0";
        "ipv6_compare"(s("192.168.1.1"), s("192.168.1.255"), l(24)) => "0";
        "ipv6_compare"(s("::192.168.1.1/30"), s("192.168.1.255/24"), l(127)) => "0";
        "ipv6_compare"(s("nope"), s("::1")) => "null";
    }
    assert!(
        answers::answer(
            "ipv6_compare",
            &[s("192.168.1.1"), s("10.0.0.1"), l(24)],
            Type::Long
        )
        .starts_with("error: a prefix of 24")
    );
}

#[test]
fn truths() {
    cases! { Type::Bool;
        "ipv4_is_private"(s("10.1.2.3")) => "true";
        "ipv4_is_private"(s("10.1.2.3/24")) => "true";
        "ipv4_is_private"(s("192.168.1.1/24")) => "true";
        "ipv4_is_private"(s("172.15.255.255")) => "false";
        "ipv4_is_private"(s("172.16.0.0")) => "true";
        "ipv4_is_private"(s("172.31.255.255")) => "true";
        "ipv4_is_private"(s("172.32.0.0")) => "false";
        "ipv4_is_private"(s("202.1.2.3")) => "false";
        "ipv4_is_private"(s("127.0.0.1")) => "false";
        "ipv4_is_private"(s("169.254.0.1")) => "false";
        "ipv4_is_private"(s("bad")) => "null";
        "ipv4_is_private"(s("")) => "null";
        "ipv4_is_in_range"(s("192.168.1.1"), s("192.168.1.1")) => "true";
        "ipv4_is_in_range"(s("192.168.1.1"), s("192.168.1.255/24")) => "true";
        "ipv4_is_in_range"(s("192.168.2.1"), s("192.168.1.255/24")) => "false";
        "ipv4_is_in_range"(s("1.1.1.1"), s("0.0.0.0/0")) => "true";
        "ipv4_is_in_range"(s("192.168.2.1"), s("")) => "null";
        "ipv4_is_in_range"(s(""), s("10.0.0.0/8")) => "null";
        "ipv4_is_in_any_range"(s("192.168.1.6"), s("192.168.1.1/24"), s("10.0.0.1/8"), s("127.1.0.1/16")) => "true";
        "ipv4_is_in_any_range"(s("127.0.0.1"), d(r#"["127.0.0.1", "192.168.1.1"]"#)) => "true";
        "ipv4_is_in_any_range"(d(r#""127.0.0.1""#), d(r#"["127.0.0.1", "x"]"#)) => "true";
        "ipv4_is_in_any_range"(s("123.1.11.21"), d(r#"["192.168.1.1/16","127.0.0.1/8","10.0.0.1/8"]"#)) => "false";
        "ipv4_is_in_any_range"(s("10.1.2.3"), d(r#"["192.168.1.1/16","10.0.0.1/8","10.5.0.0/16"]"#)) => "true";
        "ipv4_is_in_any_range"(s("x"), d(r#"["192.168.1.1/16"]"#)) => "null";
        "ipv4_is_match"(s("192.168.1.1/24"), s("192.168.1.255")) => "true";
        "ipv4_is_match"(s("192.168.1.1"), s("192.168.1.255")) => "false";
        "ipv4_is_match"(s("192.168.1.1"), s("192.168.1.255"), l(24)) => "true";
        "ipv6_is_match"(s("fe80::85d:e82c:9446:7994/127"), s("fe80::85d:e82c:9446:7998"), l(120)) => "true";
        "ipv6_is_match"(s("::192.168.1.1/30"), s("192.168.1.255/24"), l(127)) => "true";
        "ipv6_is_match"(s("::1"), s("::2")) => "false";
        "ipv6_is_in_range"(s("a5e:f127:8a9d:146d:e102:b5d3:c755:abcd"), s("a5e:f127:8a9d:146d:e102:b5d3:c755:0000/112")) => "true";
        "ipv6_is_in_range"(s("a5e:f127:8a9d:146d:e102:b5d3:c755:abcd"), s("a5e:f127:8a9d:146d:e102:b5d3:c755:abcd")) => "true";
        "ipv6_is_in_range"(s("a5e:f127:8a9d:146d:e102:b5d3:c755:abcd"), s("0:0:0:0:0:ffff:c0a8:ac/60")) => "false";
        "ipv6_is_in_any_range"(s("a5e:f127:8a9d:146d:e102:b5d3:c755:abcf"),
            d(r#"["a5e:f127:8a9d:146d:e102:b5d3:c755:f6cd/112","0:0:0:0:0:ffff:c0a8:ac/60"]"#)) => "true";
        "ipv6_is_in_any_range"(s("a5e:f127:8a9d:146d:e102:b5d3:c756:abd1"),
            s("a5e:f127:8a9d:146d:e102:b5d3:c755:f6cd/112"), s("0:0:0:0:0:ffff:c0a8:ac/60")) => "false";
    }
    let text = || s("05:04:54 127.0.0.1 GET /favicon.ico 404");
    let close = || s("05:04:54127.0.0.1 GET /favicon.ico 404");
    cases! { Type::Bool;
        "has_ipv4"(text(), s("127.0.0.1")) => "true";
        "has_ipv4"(text(), s("127.0.0.2")) => "false";
        "has_ipv4"(s("05:04:54 127.0.0.256 GET"), s("127.0.0.256")) => "false";
        "has_ipv4"(close(), s("127.0.0.1")) => "false";
        "has_ipv4"(s("from 10.1.1.115, and 10.1.1.201."), s("10.1.1.201")) => "true";
        "has_ipv4"(s("10.1.1.20"), s("10.1.1.2")) => "false";
        "has_any_ipv4"(text(), s("127.0.0.1"), s("127.0.0.2")) => "true";
        "has_any_ipv4"(text(), d(r#"["127.0.0.1","127.0.0.2"]"#)) => "true";
        "has_any_ipv4"(s("05:04:54 127.0.0.256 GET"), d(r#"["127.0.0.256","192.168.1.1"]"#)) => "false";
        "has_any_ipv4"(close(), s("127.0.0.1"), s("192.168.1.1")) => "false";
        "has_ipv4_prefix"(text(), s("127.0.")) => "true";
        "has_ipv4_prefix"(text(), s("127.0")) => "false";
        "has_ipv4_prefix"(text(), s("127.0.0.1")) => "true";
        "has_ipv4_prefix"(text(), s("127.0.0.1.")) => "false";
        "has_ipv4_prefix"(s("05:04:54 127.0.0.256 GET"), s("127.0.")) => "false";
        "has_ipv4_prefix"(close(), s("127.0.")) => "false";
        "has_ipv4_prefix"(s("é127.0.0.1"), s("127.0.")) => "false";
        "has_any_ipv4_prefix"(text(), s("127.0."), s("192.168.")) => "true";
        "has_any_ipv4_prefix"(text(), d(r#"["127.0.","192.168."]"#)) => "true";
        "has_any_ipv4_prefix"(text(), s("127.0")) => "false";
        "has_any_ipv4_prefix"(close(), s("127.0."), s("192.")) => "false";
    }
}

#[test]
fn texts() {
    let none = || Value::Null(Type::Long);
    cases! { Type::String;
        "format_ipv4"(s("192.168.1.1"), l(24)) => "192.168.1.0";
        "format_ipv4"(s("192.168.1.1"), l(32)) => "192.168.1.1";
        "format_ipv4"(s("192.168.1.1/24"), l(32)) => "192.168.1.0";
        "format_ipv4"(s("192.168.1.1/24"), l(-1)) => "";
        "format_ipv4"(s("192.168.1.1/24"), none()) => "";
        "format_ipv4"(l(3_232_235_777)) => "192.168.1.1";
        "format_ipv4"(l(-1)) => "";
        "format_ipv4_mask"(s("192.168.1.1"), l(24)) => "192.168.1.0/24";
        "format_ipv4_mask"(s("192.168.1.1"), l(32)) => "192.168.1.1/32";
        "format_ipv4_mask"(s("192.168.1.1/24"), l(32)) => "192.168.1.0/24";
        "format_ipv4_mask"(s("192.168.1.1/24"), l(-1)) => "";
        "parse_ipv6"(s("192.168.255.255")) => "0000:0000:0000:0000:0000:ffff:c0a8:ffff";
        "parse_ipv6"(s("192.168.255.255/24")) => "0000:0000:0000:0000:0000:ffff:c0a8:ff00";
        "parse_ipv6"(s("2001:db8::10")) => "2001:0db8:0000:0000:0000:0000:0000:0010";
        "parse_ipv6"(s("::")) => "0000:0000:0000:0000:0000:0000:0000:0000";
        "parse_ipv6"(s("2001:DB8::10")) => "2001:0db8:0000:0000:0000:0000:0000:0010";
        "parse_ipv6"(s("2001:db8:0:0:1::")) => "2001:0db8:0000:0000:0001:0000:0000:0000";
        "parse_ipv6"(s("fe80::1%eth0")) => "fe80:0000:0000:0000:0000:0000:0000:0001";
        "parse_ipv6"(s("::ffff:203.0.113.10")) => "0000:0000:0000:0000:0000:ffff:cb00:710a";
        "parse_ipv6"(s("::1.2.3.4")) => "0000:0000:0000:0000:0000:0000:0102:0304";
        "parse_ipv6"(s("1:2:3:4:5:6:1.2.3.4")) => "0001:0002:0003:0004:0005:0006:0102:0304";
        "parse_ipv6"(s("2001:db8::10/128")) => "2001:0db8:0000:0000:0000:0000:0000:0010";
        "parse_ipv6"(s("2001:db8::10/17")) => "2001:0000:0000:0000:0000:0000:0000:0000";
        "parse_ipv6"(s("2001:db8::10/113")) => "2001:0db8:0000:0000:0000:0000:0000:0000";
        "parse_ipv6"(s("1.2.3.4/32")) => "0000:0000:0000:0000:0000:ffff:0102:0304";
        "parse_ipv6"(s("nope")) => "";
        "parse_ipv6"(s("")) => "";
        "parse_ipv6"(s("2001:db8::10/129")) => "";
        "parse_ipv6"(s("256.1.1.1")) => "";
        "parse_ipv6"(s("::ffff:1.2.3.400")) => "";
        "parse_ipv6"(s("::ffff:1.2.3.4/120")) => "";
        "parse_ipv6_mask"(s("192.168.255.255"), l(120)) => "0000:0000:0000:0000:0000:ffff:c0a8:ff00";
        "parse_ipv6_mask"(s("192.168.255.255/24"), l(124)) => "0000:0000:0000:0000:0000:ffff:c0a8:ff00";
        "parse_ipv6_mask"(s("255.255.255.255"), l(128)) => "0000:0000:0000:0000:0000:ffff:ffff:ffff";
        "parse_ipv6_mask"(s("fe80::85d:e82c:9446:7994"), l(128)) => "fe80:0000:0000:0000:085d:e82c:9446:7994";
        "parse_ipv6_mask"(s("fe80::85d:e82c:9446:7994/120"), l(124)) => "fe80:0000:0000:0000:085d:e82c:9446:7900";
        "parse_ipv6_mask"(s("::192.168.255.255"), l(128)) => "0000:0000:0000:0000:0000:ffff:c0a8:ffff";
        "parse_ipv6_mask"(s("::192.168.255.255/24"), l(128)) => "0000:0000:0000:0000:0000:ffff:c0a8:ff00";
    }
    cases! { Type::Dynamic;
        "ipv4_range_to_cidr_list"(s("1.1.128.0"), s("1.1.140.255"))
            => r#"["1.1.128.0/21","1.1.136.0/22","1.1.140.0/24"]"#;
        "ipv4_range_to_cidr_list"(s("1.1.1.1"), s("1.1.1.1")) => r#"["1.1.1.1/32"]"#;
        "ipv4_range_to_cidr_list"(s("0.0.0.0"), s("255.255.255.255")) => r#"["0.0.0.0/0"]"#;
        "ipv4_range_to_cidr_list"(s("x"), s("1.1.1.1")) => "null";
    }
}
