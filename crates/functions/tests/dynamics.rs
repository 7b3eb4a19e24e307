//! What the functions on dynamic values give, by the documentation and by other engines' tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;

use answers::{d, l, s};
use kql_types::{Type, Value};

const YES: Value = Value::Bool(true);
const NO: Value = Value::Bool(false);
const NULL: Value = Value::Null(Type::Dynamic);
const HOUR: Value = Value::TimeSpan(36_000_000_000);

#[test]
fn arrays() {
    cases! { Type::Dynamic;
        "array_concat"(d("[1,2]"), d("[3]")) => "[1,2,3]";
        "array_concat"(d("[1,2,4]"), d("[1,2]")) => "[1,2,4,1,2]";
        "array_concat"(d("[1]"), NULL) => "null";
        "array_slice"(d("[1,2,3]"), l(1), l(2)) => "[2,3]";
        "array_slice"(d("[1,2,3,4]"), l(1), l(2)) => "[2,3]";
        "array_slice"(d("[1,2,3,4,5]"), l(2), l(-1)) => "[3,4,5]";
        "array_slice"(d("[1,2,3,4,5]"), l(-3), l(-2)) => "[3,4]";
        "array_slice"(d("[1,2,3]"), l(-10), l(0)) => "[1]";
        "array_slice"(d("[1,2,3]"), l(0), l(-10)) => "[]";
        "array_slice"(d("[1,2,3]"), l(3), l(9)) => "[]";
        "array_slice"(d("{}"), l(0), l(1)) => "null";
        "array_split"(d("[1,2,3,4,5]"), l(2)) => "[[1,2],[3,4,5]]";
        "array_split"(d("[1,2,3,4,5]"), Value::Int(2)) => "[[1,2],[3,4,5]]";
        "array_split"(d("[1,2,3,4,5]"), d("[1,3]")) => "[[1],[2,3],[4,5]]";
        "array_split"(d("[1,2]"), l(9)) => "[[1,2],[]]";
        "array_reverse"(d(r#"["this","is","an","example"]"#)) => r#"["example","an","is","this"]"#;
        "array_rotate_left"(d("[1,2,3,4,5]"), l(2)) => "[3,4,5,1,2]";
        "array_rotate_left"(d("[1,2,3,4,5]"), l(-2)) => "[4,5,1,2,3]";
        "array_rotate_right"(d("[1,2,3,4,5]"), l(2)) => "[4,5,1,2,3]";
        "array_rotate_right"(d("[1,2,3,4,5]"), l(-2)) => "[3,4,5,1,2]";
        "array_rotate_right"(d("[1,2,3,4,5]"), l(10)) => "[1,2,3,4,5]";
        "array_rotate_left"(d("[]"), l(3)) => "[]";
        "array_shift_left"(d("[1,2,3,4,5]"), l(2)) => "[3,4,5,null,null]";
        "array_shift_left"(d("[1,2,3,4,5]"), l(2), l(-1)) => "[3,4,5,-1,-1]";
        "array_shift_left"(d("[1,2,3,4,5]"), l(-2), l(-1)) => "[-1,-1,1,2,3]";
        "array_shift_right"(d("[1,2,3,4,5]"), l(2)) => "[null,null,1,2,3]";
        "array_shift_right"(d("[1,2,3,4,5]"), l(2), l(-1)) => "[-1,-1,1,2,3]";
        "array_shift_right"(d("[1,2,3,4,5]"), l(-2), l(-1)) => "[3,4,5,-1,-1]";
        "array_shift_right"(d("[1,2]"), l(i64::MIN)) => "[null,null]";
        "array_iff"(d("[true,false,true]"), d("[1,2,3]"), d("[4,5,6]")) => "[1,5,3]";
        "array_iff"(d("[1,0,50]"), s("yes"), s("no")) => r#"["yes","no","yes"]"#;
        "array_iff"(d(r#"["some string value",null]"#), l(1), l(0)) => "[null,null]";
        "array_iff"(d("[true,true,true]"), d("[1,2]"), d("[3,4]")) => "[1,2,null]";
        "array_iif"(d("[true,true]"), d("[1]"), d("[2]")) => "[1,null]";
        "array_sort_asc"(d("[1,3,4,5,2]")) => "[1,2,3,4,5]";
        "array_sort_asc"(d("[1,3,4,5,2]"), d(r#"["a","b","c","d","e"]"#))
            => r#"[[1,2,3,4,5],["a","e","b","c","d"]]"#;
        "array_sort_asc"(d("[1,3]"), d("[1]")) => "[[1,3],null]";
        "array_sort_asc"(d(r#"["John","Paul","Jane","Kao"]"#)) => r#"["Jane","John","Kao","Paul"]"#;
        "array_sort_asc"(d(r#"[null,"blue","yellow","green",null]"#))
            => r#"["blue","green","yellow",null,null]"#;
        "array_sort_asc"(d(r#"[null,"blue","yellow","green",null]"#), NO)
            => r#"[null,null,"blue","green","yellow"]"#;
        "array_sort_desc"(d(r#"[null,"blue","yellow","green",null]"#))
            => r#"["yellow","green","blue",null,null]"#;
        "array_sort_desc"(d(r#"[null,1,2]"#), NO) => "[null,2,1]";
        "array_sort_asc"(d(r#"[1,3,2,"a","c","b"]"#)) => r#"[1,2,3,"a","b","c"]"#;
        "array_sort_desc"(d(r#"[1,3,2,"a","c","b"]"#)) => r#"[3,2,1,"c","b","a"]"#;
        "array_sort_desc"(d(r#"[1,3,"a","c"]"#)) => r#"[3,1,"c","a"]"#;
        "array_sort_asc"(d("[2,1.5,10]")) => "[1.5,2,10]";
        "array_sort_asc"(NULL) => "null";
        "zip"(d("[1,3,5]"), d("[2,4,6]")) => "[[1,2],[3,4],[5,6]]";
        "zip"(d(r#"["A",1,1.5]"#), d(r#"[{},"B"]"#)) => r#"[["A",{}],[1,"B"],[1.5,null]]"#;
        "repeat"(l(1), l(3)) => "[1,1,1]";
        "repeat"(s("a"), l(2)) => r#"["a","a"]"#;
        "repeat"(l(1), l(0)) => "[]";
        "repeat"(l(1), l(-1)) => "null";
        "pack_array"(l(1), s("2"), Value::TimeSpan(20_000_000)) => r#"[1,"2","00:00:02"]"#;
        "pack_array"(Value::DateTime(637_134_336_000_000_000), s("a"), l(1), d("[1]"))
            => r#"["2020-01-01T00:00:00.0000000Z","a",1,[1]]"#;
        "pack_array"(Value::Null(Type::Long), YES, HOUR) => r#"[null,true,"01:00:00"]"#;
    }
    cases! { Type::Long;
        "array_length"(d(r#"[1,2,3,"four"]"#)) => "4";
        "array_length"(d("[]")) => "0";
        "array_length"(d(r#"{"a":1}"#)) => "null";
        "array_length"(NULL) => "null";
    }
    cases! { Type::Real;
        "array_sum"(d("[1,2,3,4]")) => "10.0";
        "array_sum"(d("[1,2.5]")) => "3.5";
        "array_sum"(d(r#"[1,"2"]"#)) => "null";
    }
    let arr = || d(r#"["this","is","an","example","an","example"]"#);
    cases! { Type::Long;
        "array_index_of"(arr(), s("an")) => "2";
        "array_index_of"(arr(), s("example"), l(1), l(3)) => "3";
        "array_index_of"(arr(), s("example"), l(1), l(2)) => "-1";
        "array_index_of"(arr(), s("is"), l(2), l(4)) => "-1";
        "array_index_of"(arr(), s("example"), l(2), l(-1)) => "3";
        "array_index_of"(arr(), s("an"), l(1), l(-1), l(2)) => "4";
        "array_index_of"(arr(), s("an"), l(1), l(-1), l(3)) => "-1";
        "array_index_of"(arr(), s("an"), l(-3)) => "4";
        "array_index_of"(arr(), s("is"), l(-4)) => "-1";
        "array_index_of"(arr(), s("is"), l(0), l(-2)) => "null";
        "array_index_of"(arr(), s("is"), l(0), l(-1), l(-1)) => "null";
        "array_index_of"(d("[1,2.0]"), l(2)) => "1";
        "array_index_of"(d("[1,2]"), Value::Real(2.0)) => "1";
        "array_index_of"(NULL, l(2)) => "null";
    }
}

#[test]
fn sets() {
    cases! { Type::Dynamic;
        "set_union"(d("[1,2,1,4]"), d("[1,2]"), d("[8]")) => "[1,2,4,8]";
        "set_union"(d(r#"["A4","A2","A7","A2"]"#), d(r#"["A4","A2","A7","A2"]"#)) => r#"["A4","A2","A7"]"#;
        "set_intersect"(d("[3,6,3,12]"), d("[3,6]"), d("[24,3]")) => "[3]";
        "set_intersect"(d("[1,2,3]"), d("[4,5]")) => "[]";
        "set_intersect"(d("[1,2,2]"), d("[2,2]"), d("[2,1]")) => "[2]";
        "set_difference"(d("[2,4,2,8]"), d("[2,4]"), d("[2,4,16]")) => "[8]";
        "set_difference"(d("[1,2,3]"), d("[1,2,3]")) => "[]";
        "jaccard_index"(d("[1,2,3]"), d("[1,2,3,4]")) => "0.75";
        "jaccard_index"(d("[1,2]"), NULL) => "null";
    }
    cases! { Type::Bool;
        "set_has_element"(d(r#"["this","is"]"#), s("is")) => "true";
        "set_has_element"(d("[1,2]"), l(1)) => "true";
        "set_has_element"(d("[1,2]"), s("1")) => "false";
        "set_has_element"(d(r#"["01:00:00"]"#), HOUR) => "true";
        "set_has_element"(d("{}"), l(1)) => "null";
        "set_equals"(d("[1,2,1]"), d("[2,1.0]")) => "true";
        "set_equals"(d("[1,2]"), d("[1]")) => "false";
    }
}

#[test]
fn bags() {
    cases! { Type::Dynamic;
        "bag_keys"(d(r#"{"a":"b","c":[{"d":123}]}"#)) => r#"["a","c"]"#;
        "bag_keys"(d("{}")) => "[]";
        "bag_keys"(d("[]")) => "null";
        "bag_keys"(d(r#""a""#)) => "null";
        "bag_merge"(d(r#"{"A1":12,"B1":2,"C1":3}"#), d(r#"{"A2":81,"B2":82,"A1":1}"#))
            => r#"{"A1":12,"B1":2,"C1":3,"A2":81,"B2":82}"#;
        "bag_merge"(d("{}"), d(r#"{"a":1}"#)) => r#"{"a":1}"#;
        "bag_merge"(d(r#"{"kept":1}"#), d("[1,2,3]")) => r#"{"kept":1}"#;
        "bag_merge"(NULL, d(r#"{"a":1}"#)) => r#"{"a":1}"#;
        "bag_remove_keys"(d(r#"{"key1":123,"key2":"abc"}"#), d(r#"["key2","key4"]"#)) => r#"{"key1":123}"#;
        "bag_remove_keys"(
            d(r#"{"key1":123,"key2":{"prop1":"abc","prop2":"xyz"},"key3":[100,200]}"#),
            d(r#"["$.key2.prop1","key3"]"#),
        ) => r#"{"key1":123,"key2":{"prop2":"xyz"}}"#;
        "bag_set_key"(d(r#"{"key1":1,"key2":2}"#), s("key3"), l(3)) => r#"{"key1":1,"key2":2,"key3":3}"#;
        "bag_set_key"(d(r#"{"key1":1,"key3":"abc"}"#), s("key3"), l(3)) => r#"{"key1":1,"key3":3}"#;
        "bag_set_key"(d(r#"{"key1":123}"#), s("$.key2.prop1"), s("abc"))
            => r#"{"key1":123,"key2":{"prop1":"abc"}}"#;
        "bag_set_key"(d("[]"), s("a"), l(1)) => "null";
        "bag_zip"(d(r#"["a","b","c"]"#), d(r#"[1,"2",3.4]"#)) => r#"{"a":1,"b":"2","c":3.4}"#;
        "bag_zip"(d(r#"["a","b","c"]"#), d(r#"[1,"2"]"#)) => r#"{"a":1,"b":"2","c":null}"#;
        "bag_zip"(d(r#"["a","b"]"#), d(r#"[1,"2",2.5]"#)) => r#"{"a":1,"b":"2"}"#;
        "bag_zip"(d(r#"["a",8,"b"]"#), d(r#"[1,"2",2.5]"#)) => r#"{"a":1,"b":2.5}"#;
        "bag_zip"(d(r#"["a",8,"b"]"#), d("1")) => r#"{"a":null,"b":null}"#;
        "bag_zip"(d(r#""a""#), d("[1]")) => "null";
        "bag_pack"(s("Level"), s("Information"), s("ProcessID"), l(1234), s("Data"), d(r#"{"url":"www.bing.com"}"#))
            => r#"{"Level":"Information","ProcessID":1234,"Data":{"url":"www.bing.com"}}"#;
        "bag_pack"(s("missing"), NULL, s("present"), l(1)) => r#"{"missing":null,"present":1}"#;
        "bag_pack"(s("a"), l(1), s("b"), l(2), s("a"), l(3)) => r#"{"a":3,"b":2}"#;
        "pack_all_ignore_empty"(s("a"), s(""), s("b"), Value::Null(Type::Long), s("c"), s("kept")) => r#"{"c":"kept"}"#;
        "treepath"(d(r#"{"a":"b","c":123}"#)) => r#"["['a']","['c']"]"#;
        "treepath"(d(r#"{"prop1":[1,2,3,4],"prop2":"value2"}"#)) => r#"["['prop1']","['prop1'][0]","['prop2']"]"#;
        "treepath"(d(r#"{"listProperty":[100,200,300,"abcde",{"x":"y"}]}"#))
            => r#"["['listProperty']","['listProperty'][0]","['listProperty'][0]['x']"]"#;
    }
    cases! { Type::Bool;
        "bag_has_key"(d(r#"{"key1":123,"key2":"abc"}"#), s("key2")) => "true";
        "bag_has_key"(d(r#"{"key1":123,"key3":"abc"}"#), s("key2")) => "false";
        "bag_has_key"(d(r#"{"key2":{"prop1":"abc"}}"#), s("$.key2.prop1")) => "true";
        "bag_has_key"(NULL, s("a")) => "null";
    }
    let bag =
        r#"{"Y10":{},"X8":{"c3":1,"d8":5,"a4":6},"D1":114,"A1":12,"B1":2,"C1":3,"A14":[15,13,18]}"#;
    cases! { Type::String;
        "dynamic_to_json"(d(bag))
            => r#"{"A1":12,"A14":[15,13,18],"B1":2,"C1":3,"D1":114,"X8":{"a4":6,"c3":1,"d8":5},"Y10":{}}"#;
        "dynamic_to_json"(YES) => "True";
    }
}

#[test]
fn json() {
    cases! { Type::Dynamic;
        "parse_json"(s("null")) => "null";
        "parse_json"(s("{}")) => "{}";
        "parse_json"(s("[1, 2]")) => "[1,2]";
        "parse_json"(s("[{\"a\": 1}]")) => r#"[{"a":1}]"#;
        "parse_json"(s("")) => "null";
        "parse_json"(s(" ")) => " ";
        "parse_json"(s("invalid")) => "invalid";
        "parse_json"(s("{'a': 'b'}")) => "{'a': 'b'}";
        "parse_json"(d(r#""[1]""#)) => "[1]";
        "todynamic"(Value::Real(1.5)) => "1.5";
        "json_get"(s(r#"{"a":[1,{"b":"x"}]}"#), s("a"), l(1), s("b")) => "x";
        "json_get"(s(r#"{"a":[1,{"b":"x"}]}"#), s("a"), l(-1)) => r#"{"b":"x"}"#;
        "json_get"(s(r#"{"a":[1,{"b":"x"}"#), s("a")) => "null";
        "dynamic_get"(d(r#"{"a":1,"b":"a long text of many bytes"}"#), s("b")) => "a long text of many bytes";
        "dynamic_get"(d(r#"{"a":1}"#), s("zz")) => "null";
        "dynamic_get"(NULL, s("zz")) => "null";
        "dynamic_at"(d("[1,2,3]"), l(-1)) => "3";
        "dynamic_at"(d("[1]"), l(9)) => "null";
        "dynamic_at"(d("[1]"), l(-2)) => "null";
        "[]"(d("[5,6]"), YES) => "6";
        "[]"(d(r#"{"a":{"b":1}}"#), d(r#""a""#)) => r#"{"b":1}"#;
    }
    let john = || s(r#"{"name": "John", "age": 30, "city": "New York"}"#);
    cases! { Type::String;
        "extract_json"(s("$.name"), john(), s("string")) => "John";
        "extract_json"(s("$.age"), john()) => "30";
        "extract_json"(s("$.zip"), john()) => "";
        "extract_json"(s("$"), s(r#"[1, 2]"#)) => "[1,2]";
        "extract_json"(s("$..name"), john()) => "error: `$..name` is not a supported JSON path: \
            a path is `$` followed by `.name`, `['name']` or `[number]`";
    }
}
