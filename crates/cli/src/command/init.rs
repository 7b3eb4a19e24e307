//! `kql init`: a workspace folder with a sample.

use crate::args::InitArgs;
use crate::diagnostics;
use std::path::Path;

const SETTINGS: &str = "# Found upward from the current folder. What the command line says counts.

# Files and folders of tables beside tables/, of functions beside functions/, of watchlists beside watchlists/:
# data = [\"SecurityEvent=../logs/security.csv\"]
# functions = [\"../parsers\"]
# watchlists = [\"../watchlists\"]

# What now() means: a time, or the newest time in the data.
now = \"data\"

# Functions of Defender that have no table here and leave their columns without values:
# null-functions = [\"FileProfile\"]

# memory-limit = \"2GB\"
# timeout = \"5m\"

# [param]
# Name = \"value\"

# [external]
# \"https://example.com/list.csv\" = \"external/list.csv\"
";

const TABLE: &str = "TimeGenerated,UserPrincipalName,IPAddress,ResultType,AppDisplayName
2024-05-01T08:00:00Z,ana@contoso.com,203.0.113.7,0,Portal
2024-05-01T08:05:00Z,ben@contoso.com,198.51.100.9,50126,Mail
2024-05-01T08:06:00Z,ben@contoso.com,198.51.100.9,50126,Mail
2024-05-01T08:07:00Z,ben@contoso.com,198.51.100.9,50126,Mail
2024-05-01T08:09:00Z,cy@contoso.com,192.0.2.44,50126,Mail
";

const FUNCTION: &str = "// Sign-ins that failed, without those from addresses of the watchlist.
(atLeast:datetime=datetime(null)) {
    SigninLogs
    | where isnull(atLeast) or TimeGenerated >= atLeast
    | where ResultType != \"0\"
    | where IPAddress !in (_GetWatchlist('TrustedAddresses') | project IPAddress)
}
";

const WATCHLIST: &str = "IPAddress,Note
192.0.2.44,office
";

const RULE: &str = "id: 00000000-0000-0000-0000-000000000001
name: Several failed sign-ins
description: A user failed to sign in several times.
severity: Low
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics:
  - CredentialAccess
query: |
  FailedSignins(ago(1h))
  | summarize Failures = count(), First = min(TimeGenerated) by UserPrincipalName, IPAddress
  | where Failures >= 3
entityMappings:
  - entityType: IP
    fieldMappings:
      - identifier: Address
        columnName: IPAddress
alertDetailsOverride:
  alertDisplayNameFormat: '{{Failures}} failed sign-ins of {{UserPrincipalName}}'
eventGroupingSettings:
  aggregationKind: AlertPerResult
version: 1.0.0
kind: Scheduled
";

const TEST: &str = "# What the rule must find, and what it must not. `kql test rules` runs it.
functions: ../functions
watchlists: ../watchlists
tests:
  - name: three failures within the hour
    tables:
      SigninLogs: |
        TimeGenerated,        UserPrincipalName, IPAddress,    ResultType
        2024-05-01T08:05:00Z, ben@contoso.com,   198.51.100.9, 50126
        2024-05-01T08:06:00Z, ben@contoso.com,   198.51.100.9, 50126
        2024-05-01T08:07:00Z, ben@contoso.com,   198.51.100.9, 50126
    expect:
      rows: |
        UserPrincipalName, IPAddress,    Failures
        ben@contoso.com,   198.51.100.9, 3
      entities:
        - {IP: 198.51.100.9}
  - name: two failures, a success, and failures from a trusted address
    tables:
      SigninLogs: |
        TimeGenerated,        UserPrincipalName, IPAddress,    ResultType
        2024-05-01T08:05:00Z, ana@contoso.com,   203.0.113.7,  50126
        2024-05-01T08:06:00Z, ana@contoso.com,   203.0.113.7,  50126
        2024-05-01T08:07:00Z, ana@contoso.com,   203.0.113.7,  0
        2024-05-01T08:08:00Z, cy@contoso.com,    192.0.2.44,   50126
        2024-05-01T08:09:00Z, cy@contoso.com,    192.0.2.44,   50126
        2024-05-01T08:10:00Z, cy@contoso.com,    192.0.2.44,   50126
    expect: silent
";

/// Makes the folder; a file that is there already stays as it is.
pub fn init(args: &InitArgs) -> u8 {
    let root = &args.folder;
    if root.join("kql.toml").exists() {
        diagnostics::fault(&format!("{} is a workspace already", root.display()));
        return 2;
    }
    let files = [
        ("kql.toml", SETTINGS),
        ("tables/SigninLogs.csv", TABLE),
        ("functions/FailedSignins.kql", FUNCTION),
        ("watchlists/TrustedAddresses.csv", WATCHLIST),
        ("rules/failed-signins.yaml", RULE),
        ("rules/failed-signins.test.yaml", TEST),
    ];
    let made = std::fs::create_dir_all(root.join("external"))
        .map_err(|e| format!("{}: {e}", root.display()))
        .and_then(|()| {
            files
                .iter()
                .try_for_each(|(name, text)| write(&root.join(name), text))
        });
    if let Err(e) = made {
        diagnostics::fault(&e);
        return 2;
    }
    let shown = root.display();
    eprintln!("{shown} is a workspace now. In it:");
    eprintln!("  kql run rules/failed-signins.yaml");
    eprintln!("  kql run rules/failed-signins.yaml --alerts");
    eprintln!("  kql check rules");
    eprintln!("  kql test rules");
    0
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let fault = |e: std::io::Error| format!("{}: {e}", path.display());
    if path.exists() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(fault)?;
    }
    std::fs::write(path, text).map_err(fault)
}
