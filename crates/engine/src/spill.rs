//! Where operators write what does not fit in memory.
//!
//! Each run has a folder of its own, and in it a file that stays locked as long as the process lives. The folder is
//! removed with the run. A process that was killed leaves its folder behind, without a lock: the next run that may spill
//! removes it.

use std::fs::{File, TryLockError};
use std::io::Result;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// What the names of the folders begin with.
const PREFIX: &str = "kql-spill-";
/// The file that is locked.
const LOCK: &str = "lock";
/// A folder without a lock file that is younger than this may have been made just now.
const YOUNG: Duration = Duration::from_secs(60);

/// The folder of a run; removed when dropped.
#[derive(Debug)]
pub(crate) struct SpillFolder {
    // Unlocked before the folder goes, as some systems remove no open file.
    _lock: File,
    folder: TempDir,
}

impl SpillFolder {
    /// A folder for a run, in `parent` or the system's folder for such; folders of dead processes are removed.
    pub(crate) fn new(parent: Option<&Path>) -> Result<SpillFolder> {
        let parent = parent.map_or_else(std::env::temp_dir, Path::to_path_buf);
        remove_stale(&parent);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        let lock = File::create(folder.path().join(LOCK))?;
        lock.lock()?;
        Ok(SpillFolder {
            _lock: lock,
            folder,
        })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }
}

/// Removes the folders of processes that are gone. What cannot be removed (it is another user's) stays.
fn remove_stale(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let ours = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(PREFIX));
        let is_dir = entry.file_type().is_ok_and(|t| t.is_dir());
        if ours && is_dir && is_stale(&entry.path()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn is_stale(folder: &Path) -> bool {
    match File::options().write(true).open(folder.join(LOCK)) {
        Ok(lock) => match lock.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        },
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => std::fs::metadata(folder)
            .and_then(|m| m.modified())
            .ok()
            .and_then(|t| t.elapsed().ok())
            .is_some_and(|age| age > YOUNG),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_the_dead_are_removed() {
        let parent = tempfile::tempdir().unwrap();
        let dead = parent.path().join("kql-spill-dead");
        std::fs::create_dir(&dead).unwrap();
        std::fs::write(dead.join(LOCK), "").unwrap();
        std::fs::write(dead.join("rows"), "1").unwrap();
        let other = parent.path().join("other");
        std::fs::create_dir(&other).unwrap();
        let young = parent.path().join("kql-spill-young");
        std::fs::create_dir(&young).unwrap();
        let first = SpillFolder::new(Some(parent.path())).unwrap();
        assert!(!dead.exists() && other.exists() && young.exists());
        let second = SpillFolder::new(Some(parent.path())).unwrap();
        assert!(first.path().exists() && second.path().exists());
        let path = first.path();
        drop(first);
        assert!(!path.exists() && second.path().exists());
    }
}
