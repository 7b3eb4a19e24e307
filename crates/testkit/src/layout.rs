//! Where things are.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The folder of suites and corpora beside the repository, if it is there.
pub fn shared() -> Option<PathBuf> {
    let mut places = vec![root().join("../shared")];
    places.extend(std::env::var_os("KQL_SHARED").map(PathBuf::from));
    places.into_iter().find(|p| p.join("conformance").is_dir())
}

/// What `BLESS` says: empty when it is not set.
pub fn bless() -> String {
    std::env::var("BLESS").unwrap_or_default()
}

/// Every file below a folder with this extension, sorted.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(f) = open.pop() {
        for entry in std::fs::read_dir(&f)
            .unwrap_or_else(|e| panic!("{}: {e}", f.display()))
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}
