//! Every published file: that it binds with the built-in schemas, and runs on made-up rows of every table that it names.
//! What does not, and why, stands in tests/published; `BLESS=1` writes the lists anew.
#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What only a reader of a workbook gives.
const PARAMETERS: [&str; 16] = [
    "Resource:label=All",
    "TimeRange:grain=1h",
    "ResourceId=/subscriptions/1/resourceGroups/a/providers/b/c/d",
    "PolicyScope=Regional",
    "HostName=srv1",
    "HostNameNoPort=srv1",
    "TransactionId=1",
    "RuleId=1",
    "RuleSetVersion=1",
    "RequestUri=/x",
    "RequestUriWithArgs=/x?a=1",
    "FullUri=srv1/x",
    "Method=GET",
    "HttpMethod=GET",
    "HttpStatus=200",
    "TimeRange=1d",
];

/// What the made-up texts are: some that rules look for, and some that are nothing.
const TEXTS: [&str; 18] = [
    "",
    "10.0.0.4",
    "203.0.113.9",
    "contoso\\ana",
    "ana@contoso.com",
    "srv1.contoso.com",
    "443",
    "0",
    "Allow",
    "Deny",
    "TCP",
    "ConnectionSuccess",
    "powershell.exe -enc AAAA",
    "https://a.example/x",
    "{\"a\":1}",
    "<a>1</a>",
    "a=1;b=2",
    "2024-07-01T10:00:00Z",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where the published files are; none where they are not here.
fn published() -> Option<PathBuf> {
    let folder = root().join("../shared/published");
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
    }
    folder.is_dir().then_some(folder)
}

/// The program in the folder of published files, with their functions and watchlists.
fn kql(folder: &Path, command: &str) -> Command {
    let mut out = Command::new(env!("CARGO_BIN_EXE_kql"));
    out.current_dir(folder).stdin(Stdio::null()).arg(command);
    for functions in ["sentinel/Parsers", "sentinel/ASIM"] {
        out.args(["--functions", functions]);
    }
    let lists = "sentinel/Solutions/Network Session Essentials/Watchlists";
    out.args(["--watchlists", lists, "--now", "2024-07-01T12:00:00Z"]);
    out
}

/// The items of the published files as `kql check` tells them.
fn items(folder: &Path) -> Vec<Value> {
    let out = kql(folder, "check")
        .args(["sentinel", "azure-network-security", "--format", "json"])
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    text.lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

/// `file: code message` of the first error.
fn fault(name: &str, d: &Value) -> String {
    let (code, message) = (d["code"].as_str(), d["message"].as_str());
    format!("{name}: {} {}", code.unwrap(), message.unwrap())
}

/// Compares a list with the one that is kept; the lines that begin with `#` are the reasons.
fn compare(list: &str, found: &BTreeSet<String>) {
    let file = root().join("tests/published").join(list);
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let known: BTreeSet<String> = kept
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(str::to_owned)
        .collect();
    if std::env::var_os("BLESS").is_some() {
        let mut text: String = kept
            .lines()
            .filter(|l| l.starts_with('#') || l.is_empty() || found.contains(*l))
            .map(|l| format!("{l}\n"))
            .collect();
        for new in found.difference(&known) {
            text.push_str(&format!("{new}\n"));
        }
        std::fs::write(&file, text).unwrap();
        return;
    }
    let new: Vec<_> = found.difference(&known).collect();
    let gone: Vec<_> = known.difference(found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "{list}: not in it: {new:#?}, no more: {gone:#?}"
    );
}

#[test]
fn every_query_binds() {
    let Some(folder) = published() else { return };
    let items = items(&folder);
    assert!(items.len() > 300, "{} items", items.len());
    let broken = items.iter().filter(|i| i["ok"] == false);
    let found = broken.map(|i| {
        let all = i["diagnostics"].as_array().unwrap();
        let first = all.iter().find(|d| d["severity"] == "error").unwrap();
        fault(i["query"].as_str().unwrap(), first)
    });
    compare("binds.txt", &found.collect());
}

/// Numbers that are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn value(&mut self, ty: &str) -> Value {
        let n = self.below(70_000);
        match ty {
            "string" => json!(TEXTS[usize::try_from(self.below(18)).unwrap()]),
            "int" | "long" => json!(n),
            "real" => json!(f64::from(u32::try_from(n).unwrap()) / 7.0),
            "decimal" => json!(format!("{n}.5")),
            "bool" => json!(n.is_multiple_of(2)),
            "datetime" => json!(format!("2024-07-01T{:02}:{:02}:00Z", n % 12, n % 60)),
            "timespan" => json!(format!("00:{:02}:00", n % 60)),
            "guid" => json!(format!("11111111-2222-3333-4444-{n:012}")),
            _ if n.is_multiple_of(3) => json!({"a": n, "IPAddress": "10.0.0.4"}),
            _ => json!(["x", n]),
        }
    }
}

/// Rows of a table; false where its columns are not known.
fn rows(table: &str, folder: &Path) -> bool {
    let Some(columns) =
        kql_sources::builtin::schema(table).or_else(|| kql_sources::builtin::graph_schema(table))
    else {
        return false;
    };
    let seed = table
        .bytes()
        .fold(7, |a, b| a * 31 % 1_000_003 + u64::from(b));
    let mut numbers = Numbers(seed);
    let mut text = String::new();
    for _ in 0..12 {
        let mut row = Map::new();
        for c in &columns {
            if c.name == "TimeGenerated" || numbers.below(10) > 0 {
                row.insert(c.name.clone(), numbers.value(c.ty.name()));
            }
        }
        text.push_str(&format!("{}\n", Value::Object(row)));
    }
    std::fs::write(folder.join(format!("{table}.jsonl")), text).unwrap();
    true
}

#[test]
#[ignore = "takes minutes where nothing is optimised"]
fn every_query_runs() {
    let Some(folder) = published() else { return };
    let items = items(&folder);
    let data = tempfile::tempdir().unwrap();
    let mut found = BTreeSet::new();
    let tables = items.iter().flat_map(|i| i["tables"].as_array().unwrap());
    let tables: BTreeSet<&str> = tables.map(|t| t.as_str().unwrap()).collect();
    let made = tables.iter().filter(|t| rows(t, data.path())).count();
    assert!(made > 40, "{made} tables");
    let log4j = "https://raw.githubusercontent.com/Azure/Azure-Sentinel/master/Sample%20Data/Feeds/Log4j_IOC_List.csv";
    let addresses = data.path().join("addresses");
    std::fs::create_dir(&addresses).unwrap();
    std::fs::write(addresses.join("log4j.csv"), "203.0.113.9\n10.0.0.4\n").unwrap();
    let places =
        "https://raw.githubusercontent.com/datasets/geoip2-ipv4/master/data/geoip2-ipv4.csv";
    let place = "network,geoname_id,continent_code,continent_name,country_iso_code,country_name,is_anonymous_proxy,is_satellite_provider\n203.0.113.0/24,1,EU,Europe,NO,Norway,0,0\n";
    std::fs::write(addresses.join("places.csv"), place).unwrap();
    let binds: BTreeSet<&str> = items
        .iter()
        .filter(|i| i["ok"] == true && i["kind"] != "watchlist")
        .map(|i| i["query"].as_str().unwrap())
        .collect();
    let files: BTreeSet<&str> = binds
        .iter()
        .map(|q| q.split('#').next().unwrap_or_default())
        .collect();
    let mut run = kql(&folder, "run");
    run.args(&files)
        .args(["--skip-broken-legs", "--null-functions", "FileProfile"])
        .args(["--diagnostics", "json", "--format", "jsonl"])
        .args(PARAMETERS.iter().flat_map(|p| ["--param", p]))
        .arg("--external")
        .arg(format!("{log4j}={}", addresses.join("log4j.csv").display()))
        .arg("--external")
        .arg(format!(
            "{places}={}",
            addresses.join("places.csv").display()
        ));
    for t in &tables {
        let file = data.path().join(format!("{t}.jsonl"));
        if file.is_file() {
            run.arg("--data").arg(format!("{t}={}", file.display()));
        }
    }
    let out = run.output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    for line in said.lines().filter(|l| l.starts_with('{')) {
        let d: Value = serde_json::from_str(line).unwrap();
        let name = d["file"].as_str().unwrap();
        // What a check refuses stands in the other list, and a function that requires arguments is called by others.
        let called = d["code"] == "KQL0301" && name.contains("/ASIM/");
        let name = name.trim_start_matches("./");
        let refused = items
            .iter()
            .any(|i| i["ok"] == false && i["query"].as_str().is_some_and(|q| q == name));
        if d["severity"] == "error" && !called && !refused {
            found.insert(fault(name, &d));
        }
    }
    assert!(!said.contains("KQL09"), "{said}");
    assert!(out.stdout.iter().filter(|b| **b == b'\n').count() > 200);
    compare("runs.txt", &found);
}
