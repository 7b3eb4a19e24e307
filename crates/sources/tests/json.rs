//! JSON texts as tables.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Folder, batches, open, rows, rows_of, schema, schema_of, shared};
use kql_diag::codes;
use kql_sources::{BadRows, SourceOptions};

#[test]
fn lines_arrays_and_objects_one_after_the_other() {
    let f = Folder::new();
    f.write(
        "L.jsonl",
        "{\"a\":1,\"b\":\"x\"}\n\n{\"b\":\"y\",\"a\":2}\r\n",
    );
    f.write(
        "A.json",
        " [ {\"a\":1,\"b\":\"x\"} ,\n{\"b\":\"y\",\n\"a\":2}\n]\n",
    );
    f.write("S.json", "{\"a\":1,\"b\":\"x\"}{\"b\":\"y\",\n \"a\":2}");
    f.write(
        "AsLines.ndjson",
        "[{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"y\"}]",
    );
    f.write(
        "Pretty.jsonl",
        "{\n \"a\":1,\"b\":\"x\"}\n{\n\"b\":\"y\", \"a\":2}",
    );
    let t = f.tables();
    for name in t.names() {
        assert_eq!(schema_of(&t, &name), "a:long,b:string", "{name}");
        assert_eq!(rows_of(&t, &name), ["1|x", "2|y"], "{name}");
    }
}

#[test]
fn types_come_from_the_values() {
    let f = Folder::new();
    f.write(
        "T.jsonl",
        "{\"n\":1,\"r\":1,\"s\":\"5\",\"t\":\"2024-01-02T03:04:05Z\",\"d\":{\"x\":[1]},\"m\":1,\"o\":\"p\",\"b\":true,\"big\":12345678901234567890,\"z\":null}\n\
         {\"n\":null,\"r\":2.5,\"s\":\"\\u00e9\\n\",\"t\":\"\",\"d\":[1,\"a\"],\"m\":\"two\",\"o\":[1],\"b\":null}\n",
    );
    let t = f.tables();
    assert_eq!(
        schema_of(&t, "T"),
        "n:long,r:real,s:string,t:datetime,d:dynamic,m:string,o:dynamic,b:bool,big:string,z:string"
    );
    assert_eq!(
        rows_of(&t, "T"),
        [
            "1|1.0|5|2024-01-02T03:04:05.0000000Z|{\"x\":[1]}|1|p|true|12345678901234567890|",
            "null|2.5|é\n|null|[1,\"a\"]|two|[1]|null||",
        ]
    );
}

#[test]
fn declared_types_take_what_exports_write() {
    let f = Folder::new();
    f.write("schema.json", r#"{"T":[["l","long"],["d","dynamic"],["s","string"],["g","guid"],["t","timespan"],["c","decimal"]]}"#);
    f.write(
        "T.json",
        r#"[{"l":"12","d":"[{\"key\":\"v\"}]","s":{"a": 1},"g":"d0c5f8ae-9ed7-4e46-bfdf-ea1460f5a31b","t":"01:02:03","c":1.25},
            {"l":5.0,"d":"plain","s":12,"g":"","t":null,"c":"-3"}]"#,
    );
    let t = f.tables();
    assert_eq!(
        rows_of(&t, "T"),
        [
            "12|[{\"key\":\"v\"}]|{\"a\": 1}|d0c5f8ae-9ed7-4e46-bfdf-ea1460f5a31b|01:02:03|1.25",
            "5|plain|12|null|null|-3",
        ]
    );
}

#[test]
fn broken_texts_have_a_place() {
    let f = Folder::new();
    let fault = |name: &str, text: &str| {
        let path = f.write(name, text);
        let t = open(
            &[&format!("T={}", path.display())],
            SourceOptions::default(),
        );
        t.and_then(|t| rows(t.get("T").unwrap()?.as_ref()))
            .unwrap_err()
    };
    let e = fault("a.jsonl", "{\"a\":1}\n{\"a\":\n{\"a\":2}\n");
    assert_eq!((e.code, e.line), (codes::BAD_ROW, Some(2)), "{e}");
    let e = fault("b.json", "[{\"a\":1},\n{\"a\":2},\n");
    assert!(e.message.contains("no end"), "{e}");
    let e = fault("c.json", "[{\"a\":1},\n{\"a\":\n");
    assert!(e.message.contains("inside a JSON value"), "{e}");
    let e = fault("d.json", "[{\"a\":1},\n\n{\"a\" 2}]");
    assert_eq!(e.line, Some(3), "{e}");
    let e = fault("e.json", "{\"a\":1}\n{\"a\":\"x\"}\n{\"a\":{\"b\":[}}\n");
    assert_eq!(e.code, codes::BAD_ROW, "{e}");
    let e = fault("f.jsonl", "{\"a\":{\"b\":1}}\n{\"a\":{\"b\":}}\n");
    assert_eq!((e.code, e.line), (codes::BAD_ROW, Some(2)), "{e}");
}

#[test]
fn bad_lines_can_be_left_out() {
    let f = Folder::new();
    f.write("schema.json", r#"{"T":[["a","long"]]}"#);
    f.write(
        "T.jsonl",
        "{\"a\":1}\nnot json\n{\"a\":\"x\"}\n{\"a\":\n{\"a\":2}\n[3]\n",
    );
    let skip = SourceOptions {
        bad_rows: BadRows::Skip,
        ..SourceOptions::default()
    };
    let t = open(&[&f.text()], skip).unwrap();
    assert_eq!(rows_of(&t, "T"), ["1", "2"]);
    assert_eq!(t.skipped().count(), 4);
}

#[test]
fn late_properties_of_a_known_table_can_be_named() {
    let f = Folder::new();
    let mut text = String::new();
    for i in 0..40_000 {
        text.push_str(&format!(
            "{{\"TimeGenerated\":\"2024-01-02T03:04:05Z\",\"EventID\":{i}}}\n"
        ));
    }
    text.push_str("{\"TimeGenerated\":\"2024-01-02T03:04:05Z\",\"EventID\":1,\"Computer\":\"late\",\"Unheard\":1}\n");
    f.write("SecurityEvent.jsonl", text);
    let t = f.tables();
    let table = t.get("SecurityEvent").unwrap().unwrap();
    assert_eq!(schema(&table), "TimeGenerated:datetime,EventID:int");
    assert!(table.hidden.iter().any(|c| c.name == "Computer"));
    let got = batches(&table, &["Computer"]).unwrap();
    let n: usize = got.iter().map(|b| b.num_rows()).sum();
    assert_eq!(n, 40_001);
    let last = got.last().unwrap();
    let texts = last
        .column(0)
        .as_any()
        .downcast_ref::<datafusion::arrow::array::StringViewArray>()
        .unwrap();
    assert_eq!(texts.value(last.num_rows() - 1), "late");
    assert!(
        t.skipped().notes().iter().any(|n| n.contains("Unheard")),
        "{:?}",
        t.skipped().notes()
    );
}

#[test]
fn a_key_may_stand_twice_or_be_escaped() {
    let f = Folder::new();
    f.write(
        "T.jsonl",
        "{\"a\":1,\"a\":2,\"\\u0062\":3}\n{\"b\":4,\"a\":5}\n",
    );
    assert_eq!(rows_of(&f.tables(), "T"), ["2|3", "5|4"]);
}

#[test]
fn real_exports() {
    let Some(root) = shared("real") else {
        return;
    };
    let saml = root.join("golden_saml");
    let t = open(&[&saml.display().to_string()], SourceOptions::default()).unwrap();
    assert_eq!(
        t.names(),
        [
            "AADAuditEvents",
            "Microsoft365DefenderEvents",
            "OfficeActivityEvents",
            "WindowsEvents"
        ]
    );
    for name in t.names() {
        assert!(!rows_of(&t, &name).is_empty(), "{name}");
    }
    let audit = saml.join("AADAuditEvents.Zip");
    let t = open(
        &[&format!("AuditLogs={}", audit.display())],
        SourceOptions::default(),
    )
    .unwrap();
    let types = schema_of(&t, "AuditLogs");
    assert!(types.contains("TargetResources:dynamic"), "{types}");
    assert!(rows_of(&t, "AuditLogs")[0].contains("\"displayName\":\"SimuLandApp\""));
    for folder in ["zeek", "log4shell"] {
        let t = open(
            &[&root.join(folder).display().to_string()],
            SourceOptions::default(),
        )
        .unwrap();
        for name in t.names() {
            assert!(!rows_of(&t, &name).is_empty(), "{name}");
        }
        assert!(t.names().len() >= 4);
    }
}

#[test]
fn fixtures() {
    let Some(root) = shared("fixtures") else {
        return;
    };
    let t = open(&[&root.display().to_string()], SourceOptions::default()).unwrap();
    assert_eq!(t.names(), ["PopulationData", "StormEvents"]);
    assert_eq!(rows_of(&t, "StormEvents").len(), 5000);
    assert!(schema_of(&t, "StormEvents").ends_with("StormSummary:dynamic"));
}
