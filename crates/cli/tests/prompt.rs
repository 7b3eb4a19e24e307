//! The prompt as a script: queries and commands from standard input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder that is gone with the test.
struct Folder(PathBuf);

impl std::ops::Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn folder(name: &str) -> Folder {
    let dir = std::env::temp_dir().join(format!("kql-prompt-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    Folder(dir)
}

/// Runs a script; gives output, findings and the exit code.
fn script(dir: &Path, text: &str) -> (String, String, i32) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kql"))
        .current_dir(root())
        .env("XDG_CONFIG_HOME", dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let out = child.wait_with_output().unwrap();
    (
        String::from_utf8(out.stdout).unwrap(),
        String::from_utf8(out.stderr).unwrap(),
        out.status.code().unwrap(),
    )
}

#[test]
fn definitions_and_the_last_result_stay() {
    let dir = folder("definitions");
    let text = "let x = 3;\nlet f = (a:long) { a * x };\nprint y = f(2);\n_ | extend z = y + 1;\nlet x = 10;\nprint f(1);\n";
    let (out, notes, code) = script(&dir, text);
    assert_eq!(notes, "");
    assert_eq!(code, 0);
    assert_eq!(
        out,
        "y\n-\n6\ny  z\n-  -\n6  7\nprint_0\n-------\n     10\n"
    );
}

#[test]
fn errors_point_into_what_was_typed() {
    let dir = folder("errors");
    let (_, notes, code) = script(
        &dir,
        "let x = 3;\nprint x, nocol;\nlet y = strlne('a');\n.tabels\n",
    );
    assert_eq!(code, 1);
    assert!(
        notes.contains(" 1 | print x, nocol;\n   |          ^^^^^"),
        "{notes}"
    );
    assert!(
        notes.contains(" 1 | let y = strlne('a')\n   |         ^^^^^^"),
        "{notes}"
    );
    assert!(notes.contains("`strlen` exists"), "{notes}");
    assert!(notes.contains("`.tables` exists"), "{notes}");
}

#[test]
fn commands_answer() {
    let dir = folder("commands");
    let saved = dir.join("saved.csv");
    let page = dir.join("page.html");
    let text = format!(
        ".load samples\n.tables\n.show tables\n.show table SigninLogs schema as csl\n.mode csv\n\
         SigninLogs | summarize n = count() by ResultType\n| order by ResultType asc\n\n.save {}\n\
         _ | render columnchart;\n.render {}\n.param p=5\ndeclare query_parameters(p:long = 1);\nprint p;\n\
         .now 2024-07-01\nprint now();\n.explain bound print 1\n.help let\n.help strlen\n.functions strle\n.mode record\nprint a = 1;\n.quit\nprint never;\n",
        saved.display(),
        page.display()
    );
    let (out, notes, code) = script(&dir, &text);
    assert_eq!(code, 0, "{notes}");
    for part in [
        "NetworkSessions\nSigninLogs\ntop-domains\n",
        "NetworkSessions  local",
        "TimeGenerated:datetime,UserPrincipalName:string",
        "ResultType,n\n0,",
        "print_0\n5\n",
        "2024-07-01T00:00:00.0000000Z",
        "let X = ...;",
        "strlen(",
        "-[ 1 ]",
    ] {
        assert!(out.contains(part), "{part} is not in\n{out}\n{notes}");
    }
    assert!(!out.contains("never") && !notes.contains("never"));
    assert!(
        std::fs::read_to_string(saved)
            .unwrap()
            .starts_with("ResultType,n\n0,")
    );
    assert!(std::fs::read_to_string(page).unwrap().contains("<svg "));
}

#[test]
fn scripts_read_scripts_and_settings_of_scripts_do_not_last() {
    let dir = folder("scripts");
    let inner = dir.join("inner.kql");
    std::fs::write(
        &inner,
        "// a note\nprint 1\n\n| extend b = 2\n\n.mode json\nprint 3\n",
    )
    .unwrap();
    let (out, notes, code) = script(&dir, &format!(".read {}\nprint 4;", inner.display()));
    assert_eq!((code, notes.as_str()), (0, ""));
    assert!(out.starts_with("print_0  b\n"), "{out}");
    assert!(
        out.contains("\"rows\":[[3]]") && out.contains("\"rows\":[[4]]"),
        "{out}"
    );
    assert!(!dir.join("kql/settings.toml").exists());
    let (_, notes, code) = script(&dir, ".read nowhere.kql\n");
    assert_eq!(code, 1);
    assert!(notes.contains("nowhere.kql"), "{notes}");
}

#[test]
fn shells_and_man_get_their_pages() {
    let dir = folder("man");
    let kql = |args: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_kql"))
            .args(args)
            .output()
            .unwrap();
        (
            String::from_utf8(out.stdout).unwrap(),
            String::from_utf8(out.stderr).unwrap(),
        )
    };
    for shell in ["bash", "zsh", "fish"] {
        let (text, _) = kql(&["completions", shell]);
        assert!(
            text.contains("memory-limit") && text.contains("completions"),
            "{shell}"
        );
    }
    assert!(kql(&["man"]).0.contains(".TH kql 1"));
    kql(&["man", dir.to_str().unwrap()]);
    assert!(dir.join("kql-run.1").is_file());
    assert!(kql(&["rnu"]).1.contains("`run` exists"));
}
