//! Runs the program in a folder.

use std::path::Path;
use std::process::{Command, Stdio};

/// The run ends with the exit code and says these words, wherever.
#[track_caller]
pub fn says(folder: &Path, args: &[&str], code: i32, words: &[&str]) {
    let out = Command::new(env!("CARGO_BIN_EXE_kql"))
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = [out.stdout, out.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert_eq!(out.status.code(), Some(code), "{args:?}: {said}");
    for w in words {
        assert!(said.contains(w), "{args:?}: `{w}` is not in: {said}");
    }
}
