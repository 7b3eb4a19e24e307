//! `--workspace`: a folder with kql.toml, tables/, functions/, watchlists/, external/.

use crate::args::SessionArgs;
use crate::input::Res;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What kql.toml may hold. Paths are relative to it; what the command line says counts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    /// As `--data`.
    #[serde(default)]
    data: Vec<String>,
    /// As `--functions`.
    #[serde(default)]
    functions: Vec<PathBuf>,
    /// As `--watchlists`.
    #[serde(default)]
    watchlists: Vec<PathBuf>,
    /// URLs and where they are found.
    #[serde(default)]
    external: BTreeMap<String, PathBuf>,
    /// As `--param`.
    #[serde(default)]
    param: BTreeMap<String, String>,
    /// As `--geoip`.
    geoip: Option<PathBuf>,
    /// As `--user-agents`.
    user_agents: Option<PathBuf>,
    /// Functions of Defender that give nulls where no table answers them.
    #[serde(default)]
    null_functions: Vec<String>,
    /// As `--skip-broken-legs`.
    #[serde(default)]
    skip_broken_legs: bool,
    now: Option<String>,
    timespan: Option<String>,
    memory_limit: Option<String>,
    threads: Option<usize>,
    timeout: Option<String>,
}

/// The arguments with what the workspace adds.
pub fn with_workspace(args: &SessionArgs) -> Res<SessionArgs> {
    let mut out = args.clone();
    let root = match &args.workspace {
        Some(dir) if dir.is_dir() => dir.clone(),
        Some(dir) => {
            return Err(format!(
                "--workspace {}: there is no such folder",
                dir.display()
            ));
        }
        None => match upward() {
            Some(dir) => dir,
            None => return Ok(out),
        },
    };
    let file = root.join("kql.toml");
    let settings = if file.is_file() {
        let text =
            std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        toml::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))?
    } else {
        Settings::default()
    };
    let folder = |name: &str| Some(root.join(name)).filter(|p| p.is_dir());
    // The user's own --data replaces the tables of the workspace, so that a query can run on other rows.
    if args.data.is_empty() {
        for d in &settings.data {
            let (name, path) = match kql_sources::DataSpec::parse(d) {
                kql_sources::DataSpec {
                    name: Some(name),
                    path,
                } => (format!("{name}="), path),
                spec => (String::new(), spec.path),
            };
            out.data
                .push(format!("{name}{}", root.join(path).display()));
        }
        out.data
            .extend(folder("tables").map(|p| p.display().to_string()));
    }
    out.functions
        .extend(settings.functions.iter().map(|p| root.join(p)));
    out.functions.extend(folder("functions"));
    out.watchlists
        .extend(settings.watchlists.iter().map(|p| root.join(p)));
    out.watchlists.extend(folder("watchlists"));
    for (url, path) in &settings.external {
        out.external
            .push(format!("{url}={}", root.join(path).display()));
    }
    out.external
        .extend(folder("external").map(|p| p.display().to_string()));
    for (name, value) in &settings.param {
        if !args
            .param
            .iter()
            .any(|p| p.split_once('=').is_some_and(|(n, _)| n == name))
        {
            out.param.push(format!("{name}={value}"));
        }
    }
    out.geoip = out.geoip.or(settings.geoip.map(|p| root.join(p)));
    out.user_agents = out
        .user_agents
        .or(settings.user_agents.map(|p| root.join(p)));
    out.null_functions.extend(settings.null_functions);
    out.skip_broken_legs |= settings.skip_broken_legs;
    out.now = out.now.or(settings.now);
    out.timespan = out.timespan.or(settings.timespan);
    out.memory_limit = out.memory_limit.or(settings.memory_limit);
    out.threads = out.threads.or(settings.threads);
    out.timeout = out.timeout.or(settings.timeout);
    Ok(out)
}

/// The next folder upward from the current one that has a kql.toml.
fn upward() -> Option<PathBuf> {
    let current = std::env::current_dir().ok()?;
    let found = current.ancestors().find(|d| d.join("kql.toml").is_file());
    found.map(Path::to_owned)
}
