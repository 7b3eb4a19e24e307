//! `kql fetch`: fills a folder with the files that `externaldata` of queries reads, once.

use crate::args::FetchArgs;
use crate::diagnostics;
use kql_sources::mirror_places;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Fetches what is not there yet; without `--allow-network` only says what that would be.
pub fn fetch(args: &FetchArgs) -> u8 {
    let urls = match super::check::locations(&args.queries, &args.session) {
        Ok(urls) => urls,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let mut code = 0;
    let mut taken: HashMap<PathBuf, String> = HashMap::new();
    for url in urls {
        let Some(place) = place(&args.to, &url) else {
            eprintln!("note: `{url}` is no location of a file on the web");
            continue;
        };
        let path = |u: &str| u.split_once("://").map(|(_, rest)| rest.to_owned());
        let other = taken.insert(place.clone(), url.clone());
        if let Some(other) = other.filter(|o| path(o) != path(&url)) {
            diagnostics::fault(&format!(
                "{url}: {other} has the same place; --external URL=PATH tells them apart"
            ));
            code = 1;
            continue;
        }
        if place.is_file() {
            eprintln!("there     {url}");
            continue;
        }
        if !args.allow_network {
            eprintln!("wanted    {url}");
            code = 2;
            continue;
        }
        match get(&url, &place) {
            Ok(()) => eprintln!("fetched   {url} -> {}", place.display()),
            Err(e) => {
                diagnostics::fault(&format!("{url}: {e}"));
                code = 1;
            }
        }
    }
    if code == 2 {
        diagnostics::fault("fetching requires --allow-network");
    }
    code
}

/// The file of a URL below the folder; none of what is no location on the web.
fn place(folder: &Path, url: &str) -> Option<PathBuf> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let places = mirror_places(url);
    places.first().filter(|_| web).map(|p| folder.join(p))
}

/// Fetches with the system's curl, into a file beside the place first: a file there is always whole.
fn get(url: &str, place: &Path) -> Result<(), String> {
    let folder = place.parent().ok_or("no folder")?;
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut part = place.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let done = Command::new("curl")
        .args([
            "--fail",
            "--silent",
            "--show-error",
            "--location",
            "--max-redirs",
            "5",
        ])
        .args(["--proto", "=http,https", "--max-time", "600", "--output"])
        .arg(&part)
        .arg("--")
        .arg(url)
        .output()
        .map_err(|e| format!("curl, which fetches, cannot be run: {e}"))?;
    if !done.status.success() {
        let _ = std::fs::remove_file(&part);
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(said.trim().to_owned());
    }
    std::fs::rename(&part, place).map_err(|e| format!("{}: {e}", place.display()))
}
