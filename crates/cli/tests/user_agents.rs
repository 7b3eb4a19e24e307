//! `parse_user_agent` over patterns that the test writes itself.
#![allow(clippy::unwrap_used)]

mod says;

use says::says;

/// In the form of uap-core: the first pattern counts, groups are the parts, replacements stand in their place.
const PATTERNS: &str = r#"
user_agent_parsers:
  # A comment.
  - regex: '(Lynx)/(\d+)\.(\d+)(?:\.(\d+)|)'
  - regex: '(Old|New)Surf/(\w+)'
    family_replacement: 'Surf ($1)'
    v2_replacement: '0'
  - regex: 'Surf'
    family_replacement: "Surf"
os_parsers:
  - regex: '(Plan) ?9 v(\d)\.(\d)\.(\d)\.(\d)'
  - regex: '(NT) (5)\.(?:1|2)'
    os_replacement: 'Windows'
    os_v1_replacement: 'XP'
device_parsers:
  - regex: '; *(acme)[ _]([^;/)]+) Build'
    regex_flag: 'i'
    device_replacement: '$1 $2'
    brand_replacement: 'Acme'
    model_replacement: ' $2 '
  - regex: 'Phone (\w+)'
"#;

#[test]
fn user_agents_are_read_by_the_patterns_of_the_workspace() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    std::fs::write(d.join("regexes.yaml"), PATTERNS).unwrap();
    let all = "dynamic(['device', 'browser', 'os'])";
    let one = |agent: &str, look: &str| format!("print x = parse_user_agent('{agent}', {look})");
    let lynx = one("Lynx/2.8 (Plan9 v4.1.2.3; ACME Rocket 5 Build/7)", all);
    // Without the file nothing is known, and nothing is guessed.
    says(
        d,
        &["run", "-q", &lynx],
        1,
        &["--user-agents", "kql.toml", "KQL0508"],
    );
    says(d, &["check", "-q", &lynx], 0, &[]);
    let known = r#"{"x":{"Browser":{"Family":"Lynx","MajorVersion":"2","MinorVersion":"8","Patch":""},"OperatingSystem":{"Family":"Plan","MajorVersion":"4","MinorVersion":"1","Patch":"2","PatchMinor":"3"},"Device":{"Family":"ACME Rocket 5","Brand":"Acme","Model":"Rocket 5"}}}"#;
    says(
        d,
        &["run", "-q", &lynx, "--user-agents", "regexes.yaml"],
        0,
        &[known],
    );
    std::fs::write(d.join("kql.toml"), "user-agents = \"regexes.yaml\"\n").unwrap();
    says(d, &["run", "-q", &lynx], 0, &[known]);
    // Over a column, each kind alone.
    let column = "datatable(a:string)['NewSurf/3x', 'Surf', '', 'Phone é Phone X1', 'Windows NT 5.2', 'surf']
        | project b = tostring(parse_user_agent(a, 'browser').Browser),
            o = strcat_array(bag_values(parse_user_agent(a, 'os').OperatingSystem), '|'),
            d = strcat_array(bag_values(parse_user_agent(a, dynamic(['device'])).Device), '|')"
        .replace("bag_values", "kv");
    let column = format!(
        "let kv = (b:dynamic) {{ pack_array(b.Family, b.MajorVersion, b.Brand, b.Model) }}; {column}"
    );
    let found = [
        r#"{"b":"{\"Family\":\"Surf (New)\",\"MajorVersion\":\"3x\",\"MinorVersion\":\"0\",\"Patch\":\"\"}","o":"Other|||","d":"Other|||"}"#,
        r#"{"b":"{\"Family\":\"Surf\",\"MajorVersion\":\"\",\"MinorVersion\":\"\",\"Patch\":\"\"}","o":"Other|||","d":"Other|||"}"#,
        r#"{"b":"{\"Family\":\"Other\",\"MajorVersion\":\"\",\"MinorVersion\":\"\",\"Patch\":\"\"}","o":"Other|||","d":"X1|||X1"}"#,
        r#""o":"Windows|XP||""#,
    ];
    says(d, &["run", "-q", &column], 0, &found);
    // What it cannot look for.
    let nothing = one("Lynx/2.8", "'engine'");
    says(d, &["run", "-q", &nothing], 1, &["`browser`"]);
    says(
        d,
        &["run", "-q", "print parse_user_agent('Lynx/2.8')"],
        1,
        &["requires what to look for"],
    );
}

#[test]
fn what_is_no_file_of_patterns_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    let refused = |text: &str, words: &[&str]| {
        std::fs::write(d.join("regexes.yaml"), text).unwrap();
        let q = "print 1";
        let args = ["run", "-q", q, "--user-agents", "regexes.yaml"];
        says(d, &args, 2, words);
    };
    refused("a: 'b", &["no YAML"]);
    refused("print: 1\n", &["no patterns of uap-core", ":1:"]);
    refused(
        "user_agent_parsers:\n  - regex: 'a'\n",
        &["requires user_agent_parsers, os_parsers and device_parsers"],
    );
    let with = |entry: &str| PATTERNS.replace("  # A comment.", entry);
    refused(&with("  - family_replacement: 'A'"), &["no `regex`", ":3:"]);
    refused(
        &with("  - regex: 'a'\n    brand_replacement: 'A'"),
        &["`brand_replacement` is no key", ":4:"],
    );
    std::fs::write(d.join("regexes.yaml"), with("  - regex: '(?=a)'")).unwrap();
    let q = "print parse_user_agent('a', 'browser')";
    let args = ["run", "-q", q, "--user-agents", "regexes.yaml"];
    says(d, &args, 1, &["look-around"]);
}
