//! Separated texts as tables.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Folder, gzip, open, rows, rows_of, schema_of, zipped};
use kql_diag::codes;
use kql_sources::{BadRows, SourceOptions};

#[test]
fn types_come_from_the_values() {
    let f = Folder::new();
    f.write(
        "T.csv",
        "\u{feff}i,r,b,t,d,s,lead,long,guid,ip\r\n\
         1,1.5,true,2024-01-02T03:04:05Z,\"{\"\"a\"\":1}\",x,007,1234567890123456789,d0c5f8ae-9ed7-4e46-bfdf-ea1460f5a31b,10.0.0.1\r\n\
         -2,3,False,2024-01-02 03:04:05.1234567,,\"a, \"\"b\"\"\nc\",08,1,,::1\r\n\
         ,,,,[],,,,,\r\n",
    );
    let t = f.tables();
    assert_eq!(
        schema_of(&t, "T"),
        "i:long,r:real,b:bool,t:datetime,d:dynamic,s:string,lead:string,long:string,guid:string,ip:string"
    );
    assert_eq!(
        rows_of(&t, "T"),
        [
            "1|1.5|true|2024-01-02T03:04:05.0000000Z|{\"a\":1}|x|007|1234567890123456789|d0c5f8ae-9ed7-4e46-bfdf-ea1460f5a31b|10.0.0.1",
            "-2|3.0|false|2024-01-02T03:04:05.1234567Z|null|a, \"b\"\nc|08|1||::1",
            "null|null|null|null|[]|||||",
        ]
    );
}

#[test]
fn a_schema_beside_the_file_counts() {
    let f = Folder::new();
    f.write(
        "schema.json",
        r#"{"T":[["a","string"],["b","Int"],["c","guid"],["z","long"]]}"#,
    );
    f.write(
        "T.csv",
        "a,b,c\n1,2,{D0C5F8AE-9ED7-4E46-BFDF-EA1460F5A31B}\n",
    );
    let t = f.tables();
    assert_eq!(t.names(), ["T"]);
    assert_eq!(schema_of(&t, "T"), "a:string,b:int,c:guid");
    assert_eq!(
        rows_of(&t, "T"),
        ["1|2|d0c5f8ae-9ed7-4e46-bfdf-ea1460f5a31b"]
    );
    let table = t.get("T").unwrap().unwrap();
    assert_eq!(table.absent.len(), 1);
    assert_eq!(table.absent[0].name, "z");
}

#[test]
fn the_portal_and_a_known_table() {
    let f = Folder::new();
    f.write(
        "SecurityEvent.csv",
        "\"TimeGenerated [UTC]\",EventID,Account,Extra\n\"7/1/2024, 12:00:00.000 AM\",4624,a\\b,5\n\"12/31/2024, 1:02:03.456 PM\",,c,6\n",
    );
    let t = f.tables();
    assert_eq!(
        schema_of(&t, "SecurityEvent"),
        "TimeGenerated:datetime,EventID:int,Account:string,Extra:long"
    );
    assert_eq!(
        rows_of(&t, "SecurityEvent"),
        [
            "2024-07-01T00:00:00.0000000Z|4624|a\\b|5",
            "2024-12-31T13:02:03.4560000Z|null|c|6"
        ]
    );
    let table = t.get("SecurityEvent").unwrap().unwrap();
    assert!(table.absent.iter().any(|c| c.name == "Computer"));
    assert!(!table.absent.iter().any(|c| c.name == "EventID"));
}

#[test]
fn a_file_that_only_has_the_name_of_a_known_table() {
    let f = Folder::new();
    f.write("SecurityEvent.csv", "EventID,x\nlogon,1\n");
    let t = f.tables();
    assert_eq!(schema_of(&t, "SecurityEvent"), "EventID:string,x:long");
    assert_eq!(rows_of(&t, "SecurityEvent"), ["logon|1"]);
    assert!(
        t.skipped().notes()[0].contains("EventID"),
        "{:?}",
        t.skipped().notes()
    );
}

#[test]
fn packed_files() {
    let f = Folder::new();
    let text = b"a,b\n1,x\n2,y\n";
    f.write("G.csv.gz", gzip(text));
    f.write("Z.csv.zst", zstd::encode_all(&text[..], 3).unwrap());
    f.write(
        "One.zip",
        zipped(&[("inner/whatever.csv", text), ("README.md", b"no")]),
    );
    f.write(
        "Many.zip",
        zipped(&[("A.csv", text), ("d/B.csv.gz", &gzip(text))]),
    );
    let t = f.tables();
    assert_eq!(t.names(), ["A", "B", "G", "One", "Z"]);
    for name in t.names() {
        assert_eq!(rows_of(&t, &name), ["1|x", "2|y"], "{name}");
    }
    let all = open(
        &[&format!("T={}", f.path("Many.zip").display())],
        SourceOptions::default(),
    )
    .unwrap();
    assert_eq!(all.names(), ["T"]);
    assert_eq!(rows_of(&all, "T").len(), 4);
}

#[test]
fn bad_rows_have_a_place() {
    let f = Folder::new();
    f.write("schema.json", r#"{"T":[["a","long"],["b","string"]]}"#);
    let text = "a,b\n1,x\n2,\"y\nz\"\nthree,z\n4,w,v\n5,u\n";
    let path = f.write("T.csv", text);
    let t = f.tables();
    let e = rows(&t.get("T").unwrap().unwrap()).unwrap_err();
    assert_eq!((e.code, e.line), (codes::BAD_ROW, Some(5)));
    assert_eq!(e.file.as_deref(), Some(path.as_path()));
    assert!(
        e.message.contains("`three` in column `a` is no long"),
        "{e}"
    );
    let skip = SourceOptions {
        bad_rows: BadRows::Skip,
        ..SourceOptions::default()
    };
    let t = open(&[&f.text()], skip).unwrap();
    assert_eq!(rows_of(&t, "T"), ["1|x", "2|y\nz", "5|u"]);
    assert_eq!(t.skipped().count(), 2);
}

#[test]
fn files_that_cannot_be_read() {
    let f = Folder::new();
    assert_eq!(
        open(
            &[&f.path("no.csv").display().to_string()],
            SourceOptions::default()
        )
        .unwrap_err()
        .code,
        codes::INPUT
    );
    let fault = |name: &str, bytes: &[u8]| {
        let path = f.write(name, bytes);
        let t = open(
            &[&format!("T={}", path.display())],
            SourceOptions::default(),
        );
        t.and_then(|t| rows(t.get("T").unwrap()?.as_ref()))
            .unwrap_err()
    };
    let e = fault("empty.csv", b"");
    assert_eq!(e.code, codes::BAD_FILE);
    assert!(e.message.contains("empty"), "{e}");
    let packed = gzip(&b"a,b\n".repeat(1000));
    let e = fault("cut.csv.gz", &packed[..packed.len() - 10]);
    assert_eq!(e.code, codes::BAD_FILE, "{e}");
    let e = fault("utf16.csv", &[0xFF, 0xFE, b'a', 0, b'b']);
    assert!(e.message.contains("UTF-16"), "{e}");
    let e = fault("latin.csv", b"a\ncaf\xe9\n");
    assert_eq!((e.code, e.line), (codes::BAD_ROW, Some(2)));
    let e = fault("quote.csv", b"a,b\n1,\"open\n2,x\n");
    assert_eq!(e.code, codes::BAD_ROW);
    assert!(e.message.contains("quote"), "{e}");
    let e = fault("nodata.zip", &zipped(&[("README.md", b"x")]));
    assert_eq!(e.code, codes::BAD_FILE);
    let mut zip = zipped(&[("a.csv", b"a\n1\n2\n3\n")]);
    let at = zip.windows(5).position(|w| w == b"a.csv").unwrap() + 5;
    zip[at + 2] ^= 0x55;
    let e = fault("damaged.zip", &zip);
    assert_eq!(e.code, codes::BAD_FILE, "{e}");
    let e = fault("what.dat", b"???");
    assert_eq!(e.code, codes::INPUT);
}

#[test]
fn a_file_that_grows_without_end() {
    let f = Folder::new();
    let zeros = vec![b'\n'; 4 << 20];
    f.write(
        "T.csv.zst",
        zstd::encode_all(&[b"a,b\n", &zeros[..]].concat()[..], 3).unwrap(),
    );
    // The limit counts only above 1 GiB: small files are never refused.
    assert!(rows_of(&f.tables(), "T").is_empty());
}

#[test]
fn headers_of_all_kinds() {
    let f = Folder::new();
    f.write("Dup.csv", "a,a,,a\n1,2,3,4\n");
    f.write("Sep.csv", "sep=;\na;b\n1;x,y\n");
    f.write("Only.csv", "a,b");
    f.write("Blank.csv", "a,b\n\n1,2\n\n\n");
    f.write("Tab.tsv", "a\tb\n1\t\"x\ty\"\n");
    let t = f.tables();
    assert_eq!(schema_of(&t, "Dup"), "a:long,a1:long,Column3:long,a2:long");
    assert_eq!(rows_of(&t, "Sep"), ["1|x,y"]);
    assert_eq!(schema_of(&t, "Only"), "a:string,b:string");
    assert!(rows_of(&t, "Only").is_empty());
    assert_eq!(rows_of(&t, "Blank"), ["1|2"]);
    assert_eq!(rows_of(&t, "Tab"), ["1|x\ty"]);
}

#[test]
fn files_of_one_table_pair_their_columns_by_name() {
    let f = Folder::new();
    f.write("T/1.csv", "a,b\n1,x\n");
    f.write("T/2.csv", "b,c\ny,2\n");
    let t = f.tables();
    assert_eq!(schema_of(&t, "T"), "a:long,b:string,c:long");
    assert_eq!(rows_of(&t, "T"), ["1|x|null", "null|y|2"]);
}

#[test]
fn large_files_are_read_by_several_threads_without_losing_rows() {
    let f = Folder::new();
    let mut text = String::from("n,t,s\n");
    let mut sum = 0i64;
    for i in 0..40_000i64 {
        text.push_str(&format!(
            "{i},2024-01-02T03:04:05.{:07}Z,\"line {i}\nmore, \"\"{}\"\"\"\n",
            i % 10_000_000,
            i * 7
        ));
        sum += i;
    }
    f.write("T.csv", &text);
    let options = SourceOptions {
        threads: 4,
        ..SourceOptions::default()
    };
    let t = open(&[&f.text()], options).unwrap();
    let got = rows_of(&t, "T");
    assert_eq!(got.len(), 40_000);
    let total: i64 = got
        .iter()
        .map(|r| r.split('|').next().unwrap().parse::<i64>().unwrap())
        .sum();
    assert_eq!(total, sum);
    let one = got.iter().find(|r| r.starts_with("77|")).unwrap();
    assert_eq!(
        one,
        "77|2024-01-02T03:04:05.0000077Z|line 77\nmore, \"539\""
    );
    // A second scan of the same table sees everything again.
    assert_eq!(rows_of(&t, "T").len(), 40_000);
    // A bad row far inside has its line.
    let at = text.lines().count() + 1;
    f.write("B.csv", format!("{text}x,,\n"));
    let t = open(
        &[&f.text()],
        SourceOptions {
            threads: 4,
            ..SourceOptions::default()
        },
    )
    .unwrap();
    let e = rows(&t.get("B").unwrap().unwrap()).unwrap_err();
    assert_eq!(e.line, Some(at as u64));
}

#[test]
fn zeek_logs() {
    let f = Folder::new();
    f.write(
        "conn.log",
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n\
         #fields\tts\tuid\tid.orig_h\tid.orig_p\tduration\tlocal\ttags\tnote\n\
         #types\ttime\tstring\taddr\tport\tinterval\tbool\tset[string]\tstring\n\
         1588205198.899710\tCw1\t10.0.1.4\t53\t0.001578\tT\ta,b\t(empty)\n\
         1588205199.000000\tCx2\t10.0.1.5\t-\t-\tF\t(empty)\t-\n\
         #close\t2020-04-30-00-00-00\n",
    );
    f.write("notes.log", "just some text\n");
    f.write("json.log", "{\"a\":1}\n{\"a\":2}\n");
    let t = f.tables();
    assert_eq!(t.names(), ["conn", "json"]);
    assert_eq!(
        schema_of(&t, "conn"),
        "ts:datetime,uid:string,id.orig_h:string,id.orig_p:long,duration:timespan,local:bool,tags:dynamic,note:string"
    );
    assert_eq!(
        rows_of(&t, "conn"),
        [
            "2020-04-30T00:06:38.8997100Z|Cw1|10.0.1.4|53|00:00:00.0015780|true|[\"a\",\"b\"]|",
            "2020-04-30T00:06:39.0000000Z|Cx2|10.0.1.5|null|null|false|[]|"
        ]
    );
    assert_eq!(rows_of(&t, "json"), ["1", "2"]);
}

#[test]
fn a_file_that_has_changed_is_opened_again() {
    let f = Folder::new();
    f.write("T.csv", "a\n1\n");
    let tables = f.tables();
    assert_eq!(schema_of(&tables, "T"), "a:long");
    f.write("T.csv", "a,b\nx,2\n");
    assert_eq!(schema_of(&tables, "T"), "a:long");
    tables.refresh();
    assert_eq!(schema_of(&tables, "T"), "a:string,b:long");
    assert_eq!(rows_of(&tables, "T"), ["x|2"]);
}
