//! Exports and logs as the tools write them.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/evtx.rs"]
mod evtx;
#[path = "common/mod.rs"]
mod files;

use evtx::{data, event, log};
use files::{Folder, batches, gzip, open, rows_of, schema_of};
use kql_functions::adapter::Column;
use kql_sources::{SourceOptions, Tables};
use std::sync::Arc;

/// Some columns of a table as text, a row a line.
fn cells(tables: &Tables, name: &str, columns: &[&str]) -> Vec<String> {
    let table = tables.get(name).unwrap().unwrap();
    let types: Vec<_> = columns
        .iter()
        .map(|c| {
            let mut all = table.columns.iter().chain(&table.hidden);
            all.find(|k| k.name == *c)
                .unwrap_or_else(|| panic!("no column {c}"))
                .ty
        })
        .collect();
    let mut out = Vec::new();
    for b in batches(&table, columns).unwrap() {
        for row in 0..b.num_rows() {
            let cell = |(i, ty): (usize, &kql_types::Type)| {
                let column = Column::new(Arc::clone(b.column(i)), *ty);
                let mut text = String::new();
                let value = column.any().unwrap().to_value(row).to_dyn();
                let mut w = kql_types::dynamic::DynWriter::new();
                w.tree(&value);
                let value = kql_types::DynRef::new(&w.bytes);
                kql_types::dynamic::json::to_text(value, &mut text);
                text
            };
            let all: Vec<String> = types.iter().enumerate().map(cell).collect();
            out.push(all.join("|"));
        }
    }
    out
}

fn names(t: &Tables) -> Vec<String> {
    t.names()
}

#[test]
fn a_log_analytics_export() {
    let f = Folder::new();
    let base = "am-securityevent/WorkspaceResourceId=/subscriptions/1/y=2024/m=07/d=01/h=10";
    let row = |m: &str| {
        format!(
            "{{\"TimeGenerated\":\"2024-07-01T10:{m}:00Z\",\"EventID\":4624,\"Computer\":\"a\",\"Type\":\"SecurityEvent\"}}\n"
        )
    };
    f.write(&format!("{base}/m=00/PT05M.json"), row("01") + &row("02"));
    f.write(&format!("{base}/m=05/PT05M.json"), row("06"));
    let t = f.tables();
    assert_eq!(names(&t), ["SecurityEvent"]);
    assert_eq!(
        schema_of(&t, "SecurityEvent"),
        "TimeGenerated:datetime,EventID:int,Computer:string,Type:string"
    );
    assert_eq!(rows_of(&t, "SecurityEvent").len(), 3);
}

#[test]
fn files_of_defender() {
    let f = Folder::new();
    // Advanced hunting's "export".
    f.write(
        "DeviceNetworkEvents.csv",
        "Timestamp,DeviceId,DeviceName,ActionType,RemoteIP,RemotePort\n\"2024-07-01T10:00:00.1234567Z\",1,ws01,ConnectionSuccess,203.0.113.9,3389\n\"Jul 1, 2024 10:05:00 AM\",1,ws01,ConnectionSuccess,203.0.113.9,22\n",
    );
    let t = f.tables();
    assert_eq!(
        cells(
            &t,
            "DeviceNetworkEvents",
            &["Timestamp", "TimeGenerated", "RemotePort"]
        ),
        [
            "2024-07-01T10:00:00.1234567Z|2024-07-01T10:00:00.1234567Z|3389",
            "2024-07-01T10:05:00.0000000Z|2024-07-01T10:05:00.0000000Z|22"
        ]
    );
}

const STREAM: &str = r#"{"time":"2024-07-01T10:01:00Z","tenantId":"t","operationName":"Publish","category":"AdvancedHunting-DeviceNetworkEvents","properties":{"Timestamp":"2024-07-01T10:00:00.5Z","DeviceName":"ws01","RemotePort":3389,"AdditionalFields":{"a":1}}}"#;
const OTHER: &str = r#"{"time":"2024-07-01T10:01:00Z","tenantId":"t","operationName":"Publish","category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":"2024-07-01T10:00:00Z","DeviceName":"ws02","FileName":"cmd.exe"}}"#;

#[test]
fn streams_of_defender() {
    let f = Folder::new();
    // To storage: a folder a table, an object a line.
    f.write(
        "insights-logs-advancedhunting-devicenetworkevents/tenantId=t/y=2024/m=07/d=01/h=10/m=00/PT1H.json",
        format!("{STREAM}\n{STREAM}\n"),
    );
    // To an event hub: all tables in one envelope.
    let hub = f.write("hub.json", format!("{{\"records\":[{STREAM},\n{OTHER}]}}"));
    let row = [
        "TimeGenerated",
        "Timestamp",
        "DeviceName",
        "RemotePort",
        "AdditionalFields",
    ];
    let want = "2024-07-01T10:00:00.5000000Z|2024-07-01T10:00:00.5000000Z|ws01|3389|{\"a\":1}";
    let t = open(&[&f.text()], SourceOptions::default()).unwrap();
    assert_eq!(names(&t), ["DeviceNetworkEvents", "hub"]);
    assert_eq!(cells(&t, "DeviceNetworkEvents", &row), [want, want]);
    let hub = hub.display();
    let specs = [
        format!("DeviceNetworkEvents={hub}"),
        format!("DeviceProcessEvents={hub}"),
    ];
    let t = open(&[&specs[0], &specs[1]], SourceOptions::default()).unwrap();
    assert_eq!(cells(&t, "DeviceNetworkEvents", &row), [want]);
    assert_eq!(
        cells(&t, "DeviceProcessEvents", &["DeviceName", "FileName"]),
        ["ws02|cmd.exe"]
    );
}

#[test]
fn diagnostic_settings() {
    let f = Folder::new();
    let id = "/SUBSCRIPTIONS/ABC/RESOURCEGROUPS/RG1/PROVIDERS/MICROSOFT.NETWORK/AZUREFIREWALLS/FW1";
    let record = |category: &str, properties: &str| {
        format!(
            "{{\"time\":\"2024-07-01T10:00:00Z\",\"resourceId\":\"{id}\",\"category\":\"{category}\",\"operationName\":\"Op\",\"properties\":{properties}}}"
        )
    };
    let new = f.write(
        "new.json",
        record(
            "AZFWNetworkRule",
            r#"{"SourceIp":"10.0.0.1","DestinationPort":3389,"Action":"Deny"}"#,
        ),
    );
    let old = f.write(
        "old.json",
        format!(
            "{{\"records\": [{}]}}\n{{\"records\": [{}]}}\n",
            record("AzureFirewallNetworkRule", r#"{"msg":"TCP request"}"#),
            record(
                "AzureFirewallNetworkRule",
                r#"{"msg":"UDP request","n":{"a":2,"b":true},"l":[1]}"#
            ),
        ),
    );
    let specs = [
        format!("AZFWNetworkRule={}", new.display()),
        format!("AzureDiagnostics={}", old.display()),
        format!("plain={}", old.display()),
    ];
    let t = open(&[&specs[0], &specs[1], &specs[2]], SourceOptions::default()).unwrap();
    assert_eq!(
        cells(
            &t,
            "AZFWNetworkRule",
            &[
                "TimeGenerated",
                "SourceIp",
                "DestinationPort",
                "Action",
                "_ResourceId"
            ]
        ),
        [format!(
            "2024-07-01T10:00:00.0000000Z|10.0.0.1|3389|Deny|{}",
            id.to_lowercase()
        )]
    );
    assert_eq!(
        cells(
            &t,
            "AzureDiagnostics",
            &[
                "TimeGenerated",
                "Category",
                "OperationName",
                "ResourceId",
                "ResourceGroup",
                "ResourceType",
                "Resource",
                "msg_s",
                "n_a_d",
                "n_b_b",
                "l_s"
            ]
        ),
        [
            format!(
                "2024-07-01T10:00:00.0000000Z|AzureFirewallNetworkRule|Op|{id}|RG1|AZUREFIREWALLS|FW1|TCP request|||"
            ),
            format!(
                "2024-07-01T10:00:00.0000000Z|AzureFirewallNetworkRule|Op|{id}|RG1|AZUREFIREWALLS|FW1|UDP request|2|true|[1]"
            ),
        ]
    );
    assert_eq!(
        schema_of(&t, "plain"),
        "time:datetime,resourceId:string,category:string,operationName:string,properties:dynamic"
    );
    assert_eq!(rows_of(&t, "plain").len(), 2);
}

#[test]
fn logs_of_zeek() {
    let f = Folder::new();
    f.write(
        "conn.log",
        "{\"ts\":1719828000.5,\"id.orig_h\":\"10.0.0.1\",\"id.resp_p\":3389}\n",
    );
    f.write(
        "dns.log",
        "#separator \\x09\n#fields\tts\tid.orig_h\tquery\n#types\ttime\taddr\tstring\n1719828000.500000\t10.0.0.1\tcontoso.com\n#close\t2024\n",
    );
    let t = f.tables();
    assert_eq!(rows_of(&t, "conn"), ["1719828000.5|10.0.0.1|3389"]);
    assert_eq!(
        rows_of(&t, "dns"),
        ["2024-07-01T10:00:00.5000000Z|10.0.0.1|contoso.com"]
    );
}

#[test]
fn lines_of_syslog() {
    let f = Folder::new();
    f.write(
        "auth.log",
        "2024-07-01T10:00:00.5+00:00 web01 sshd[77]: Failed password for root from 203.0.113.9\n\n2024-07-01T10:00:01+00:00 web01 CRON[78]: session opened\n",
    );
    f.write(
        "remote.log.gz",
        gzip(b"<38>1 2024-07-01T10:00:02Z web02 su - - - 'su root' failed\n"),
    );
    f.write("notes.log", "nothing of the kind\n");
    let t = f.tables();
    assert_eq!(names(&t), ["Syslog"]);
    assert_eq!(
        cells(
            &t,
            "Syslog",
            &[
                "TimeGenerated",
                "Computer",
                "Facility",
                "SeverityLevel",
                "ProcessName",
                "ProcessID",
                "SyslogMessage"
            ]
        ),
        [
            "2024-07-01T10:00:00.5000000Z|web01|||sshd|77|Failed password for root from 203.0.113.9",
            "2024-07-01T10:00:01.0000000Z|web01|||CRON|78|session opened",
            "2024-07-01T10:00:02.0000000Z|web02|auth|info|su||'su root' failed",
        ]
    );
    // Times without a year have that of the file.
    let old = f.write("old.syslog", "Jul  1 10:00:00 web01 kernel: up\n");
    let t = open(&[&old.display().to_string()], SourceOptions::default()).unwrap();
    assert!(
        t.notes()[0].contains("times without a year"),
        "{:?}",
        t.notes()
    );
    let bad = f.write("bad.syslog", "2024-07-01T10:00:00Z web01 a: b\nno line\n");
    let t = open(&[&bad.display().to_string()], SourceOptions::default()).unwrap();
    let e = t.get("Syslog").unwrap();
    assert!(
        e.unwrap_err()
            .to_string()
            .contains("line 2: this is no line of syslog")
    );
}

#[test]
fn lines_of_cef() {
    let f = Folder::new();
    f.write(
        "fw.log",
        "2024-07-01T10:00:00Z fw01 CEF:0|Palo Alto Networks|PAN-OS|10.1|TRAFFIC|end|3|src=10.0.0.1 dst=203.0.113.9 dpt=3389 act=deny cs1=rule 1 cs1Label=Rule PanX=y\nCEF:0|V|P|1|2|n|5|rt=1719828000000 spt=5\n",
    );
    let t = f.tables();
    assert_eq!(names(&t), ["CommonSecurityLog"]);
    assert_eq!(
        cells(&t, "CommonSecurityLog", &["TimeGenerated", "Computer", "DeviceVendor", "Activity", "SourceIP", "DestinationPort", "DeviceAction", "DeviceCustomString1", "AdditionalExtensions", "SourcePort"]),
        [
            "2024-07-01T10:00:00.0000000Z|fw01|Palo Alto Networks|end|10.0.0.1|3389|deny|rule 1|PanX=y|",
            "2024-07-01T10:00:00.0000000Z||V|n|||||||5",
        ]
        .map(|r: &str| r.replacen("|||||||", "||||||", 1))
    );
}

#[test]
fn windows_event_logs() {
    let f = Folder::new();
    let logon = vec![
        data("SubjectUserName", "WS01$"),
        data("SubjectDomainName", "CONTOSO"),
        data("TargetUserName", "bob"),
        data("TargetDomainName", "CONTOSO"),
        data("LogonType", "10"),
        data("IpAddress", "203.0.113.9"),
        data("ProcessName", "C:\\Windows\\System32\\a & b.exe"),
        data("Unknown", "x"),
    ];
    let sysmon = vec![data("Image", "C:\\a.exe"), data("DestinationPort", "3389")];
    let time = "2024-07-01T10:00:00.123456Z";
    f.write(
        "x.evtx",
        log(&[
            event(
                "Security",
                "Microsoft-Windows-Security-Auditing",
                "4624",
                time,
                logon,
            ),
            event(
                "Microsoft-Windows-Sysmon/Operational",
                "Microsoft-Windows-Sysmon",
                "3",
                time,
                sysmon,
            ),
        ]),
    );
    let t = f.tables();
    assert_eq!(names(&t), ["Event", "SecurityEvent", "WindowsEvent"]);
    assert_eq!(
        cells(
            &t,
            "SecurityEvent",
            &[
                "TimeGenerated",
                "Computer",
                "EventID",
                "Activity",
                "Account",
                "AccountType",
                "SubjectAccount",
                "TargetUserName",
                "LogonType",
                "IpAddress",
                "Process",
                "Level"
            ]
        ),
        [
            "2024-07-01T10:00:00.1234560Z|ws01.contoso.com|4624|4624 - An account was successfully logged on.|CONTOSO\\bob|User|CONTOSO\\WS01$|bob|10|203.0.113.9|a & b.exe|0"
        ]
    );
    assert_eq!(
        cells(
            &t,
            "Event",
            &[
                "TimeGenerated",
                "Source",
                "EventLog",
                "EventID",
                "EventLevelName",
                "ParameterXml"
            ]
        ),
        [
            "2024-07-01T10:00:00.1234560Z|Microsoft-Windows-Sysmon|Microsoft-Windows-Sysmon/Operational|3|Information|<Param>C:\\a.exe</Param><Param>3389</Param>"
        ]
    );
    let xml = cells(&t, "Event", &["EventData"]).concat();
    assert!(
        xml.starts_with("<DataItem type=\"System.XmlData\"")
            && xml.contains("<Data Name=\"DestinationPort\">3389</Data>")
            && xml.ends_with("</EventData></DataItem>"),
        "{xml}"
    );
    let both = cells(
        &t,
        "WindowsEvent",
        &[
            "Provider",
            "Channel",
            "EventID",
            "EventRecordId",
            "SystemProcessId",
            "SystemUserId",
            "EventData",
        ],
    );
    assert_eq!(both.len(), 2);
    assert_eq!(
        both[1],
        "Microsoft-Windows-Sysmon|Microsoft-Windows-Sysmon/Operational|3|7|620|S-1-5-18|{\"Image\":\"C:\\\\a.exe\",\"DestinationPort\":\"3389\"}"
    );
    let broken = f.write("y.evtx", b"ElfFile\0 nothing");
    let t = open(&[&broken.display().to_string()], SourceOptions::default()).unwrap();
    assert!(t.get("Event").unwrap().is_err());
}
