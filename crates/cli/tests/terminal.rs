//! The prompt in a real terminal: tmux types and looks. Where tmux is missing, each test says that it was passed over.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// How long the screen may take to show what is waited for; machines that run many tests are slow.
const PATIENCE: Duration = Duration::from_secs(20);

struct Terminal {
    socket: String,
    config: PathBuf,
}

impl Terminal {
    /// A terminal with a shell; none where there is no tmux.
    fn new(name: &str, width: usize, height: usize) -> Option<Terminal> {
        if Command::new("tmux").arg("-V").output().is_err() {
            eprintln!("passed over: there is no tmux");
            return None;
        }
        let socket = format!("kql-test-{}-{name}", std::process::id());
        let config = std::env::temp_dir().join(&socket);
        std::fs::create_dir_all(&config).unwrap();
        let t = Terminal { socket, config };
        let (w, h) = (width.to_string(), height.to_string());
        let shell = "env PS1='$ ' TERM=screen-256color LC_ALL=C.UTF-8 sh";
        t.tmux(&["-u", "new-session", "-d", "-x", &w, "-y", &h, shell]);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        t.line(&format!(
            "unset NO_COLOR; cd '{}'; export XDG_CONFIG_HOME='{}'; PATH='{}':$PATH; clear",
            root.canonicalize().unwrap().display(),
            t.config.display(),
            Path::new(env!("CARGO_BIN_EXE_kql"))
                .parent()
                .unwrap()
                .display()
        ));
        Some(t)
    }

    fn tmux(&self, args: &[&str]) -> Output {
        Command::new("tmux")
            .args(["-L", &self.socket, "-f", "/dev/null"])
            .args(args)
            .output()
            .unwrap()
    }

    /// Types text as it is.
    fn text(&self, text: &str) {
        // tmux takes a `;` at the end for its own.
        let text = match text.strip_suffix(';') {
            Some(t) => format!("{t}\\;"),
            None => text.to_owned(),
        };
        self.tmux(&["send-keys", "-l", "--", &text]);
    }

    /// Presses a key.
    fn key(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    fn line(&self, text: &str) {
        self.text(text);
        self.key("Enter");
    }

    fn screen(&self) -> String {
        let shown = self.tmux(&["capture-pane", "-p", "-S", "-200"]).stdout;
        let shown = String::from_utf8(shown).unwrap();
        let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
        lines.join("\n").trim_end().to_owned()
    }

    /// Waits until the screen is as wanted.
    fn until(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "waited for {what}, and the screen has\n{screen}"
            );
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    fn shows(&self, text: &str) -> String {
        self.until(text, |s| s.contains(text))
    }

    /// Waits for an empty prompt at the end of the screen.
    fn prompt(&self) -> String {
        self.until("the prompt", |s| s.lines().last() == Some("kql>"))
    }

    /// Starts kql and waits for its prompt.
    fn start(&self, command: &str) {
        self.line(command);
        self.prompt();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
        let _ = std::fs::remove_dir_all(&self.config);
    }
}

#[test]
fn a_sample_is_loaded_completed_and_asked() {
    let Some(t) = Terminal::new("complete", 100, 40) else {
        return;
    };
    t.start("kql");
    t.text(".lo");
    t.key("Tab");
    t.shows("kql> .load");
    t.text("samp");
    t.key("Tab");
    t.shows("kql> .load samples/");
    t.key("Enter");
    t.shows("loaded 3 tables");
    t.prompt();
    t.text("Sign");
    t.key("Tab");
    t.shows("kql> SigninLogs");
    t.text(" | extend failed_now = ResultType != '0'");
    t.key("Enter");
    t.line("// only those that failed | count");
    t.text("| where failed_");
    t.key("Tab");
    t.shows("| where failed_now");
    t.text(" == true");
    t.key("Enter");
    t.text("| summarize n = count() by failed");
    t.key("Tab");
    t.key("Enter");
    t.key("Enter");
    let screen = t.shows("(1 row");
    assert!(
        screen.contains("n\n") || screen.contains("failed_now   n"),
        "{screen}"
    );
    t.prompt();
    // Functions are listed with signature and summary.
    t.text("print strcat_d");
    t.key("Tab");
    t.shows("strcat_delim(");
    t.shows("-> string");
}

#[test]
fn errors_have_caret_and_hint_and_the_prompt_stays() {
    let Some(t) = Terminal::new("errors", 80, 40) else {
        return;
    };
    t.start("kql --data samples");
    t.line("SigninLogs | where resulttype == '0';");
    let screen = t.shows("exists");
    assert!(
        screen.contains(
            " 1 | SigninLogs | where resulttype == '0';\n   |                    ^^^^^^^^^^\n   = help: names are case-sensitive, and `ResultType` exists"
        ),
        "{screen}"
    );
    t.prompt();
}

#[test]
fn a_chart_fits_80_columns() {
    let Some(t) = Terminal::new("chart", 80, 40) else {
        return;
    };
    t.start("kql --data samples");
    t.line("SigninLogs | summarize n = count() by bin(TimeGenerated, 10m), ResultType | render timechart with (title='Sign-ins');");
    let screen = t.shows("rows,");
    assert!(
        screen.contains("Sign-ins") && screen.contains('└') && screen.contains("● "),
        "{screen}"
    );
    t.prompt();
    t.line("print a = 'x' | render treemap;");
    t.shows("note: the rows are shown as a table: treemap is not drawn");
}

#[test]
fn a_long_query_is_cancelled_and_the_session_stays() {
    let Some(t) = Terminal::new("cancel", 80, 30) else {
        return;
    };
    t.start("kql");
    t.line("let kept = 41;");
    t.shows("defined kept");
    t.line("range x from 1 to 100000000000 step 1 | summarize sum(x);");
    std::thread::sleep(Duration::from_millis(1500));
    let pressed = Instant::now();
    t.key("C-c");
    t.shows("cancelled");
    t.prompt();
    // Half a second is what is promised; the rest is for a machine that is busy.
    assert!(
        pressed.elapsed() < Duration::from_secs(10),
        "{:?}",
        pressed.elapsed()
    );
    t.line("print answer = kept + 1;");
    t.shows("    42");
    // A line that is given up is not run.
    t.text("print 'given up'");
    t.shows("kql> print 'given up'");
    t.key("C-c");
    t.prompt();
    t.line("print after = 1;");
    t.shows("after\n-----\n    1\n");
    t.prompt();
    assert!(!t.screen().contains("given up\n-"), "{}", t.screen());
    assert!(
        !t.screen().contains(" read"),
        "the progress stays: {}",
        t.screen()
    );
    t.key("C-d");
    t.until("the shell", |s| s.ends_with('$'));
}

#[test]
fn history_and_settings_outlast_a_restart() {
    let Some(t) = Terminal::new("history", 80, 30) else {
        return;
    };
    t.start("kql");
    t.line("print first_query = 1;");
    t.shows("(1 row");
    t.line(".set rows 7");
    t.prompt();
    t.line("print second_query = 2;");
    t.until("two results", |s| s.matches("(1 row").count() == 2);
    t.key("C-d");
    t.until("the shell", |s| s.ends_with('$'));
    t.line("clear");
    t.start("kql");
    t.key("Up");
    t.shows("kql> print second_query = 2;");
    t.key("C-c");
    t.prompt();
    t.key("C-r");
    t.text("first");
    t.shows("print first_query = 1;");
    t.key("Enter");
    t.shows("first_query\n");
    t.prompt();
    t.line(".set rows");
    t.shows("rows 7");
    t.line(".history first");
    t.until("the history", |s| {
        s.matches("print first_query = 1;").count() >= 2
    });
}

#[test]
fn a_pasted_query_is_taken_whole() {
    let Some(t) = Terminal::new("paste", 80, 40) else {
        return;
    };
    t.start("kql --data samples");
    let query = "// what failed\nSigninLogs\n\n| where ResultType != '0' // not well\n\n| summarize pasted = count()";
    t.tmux(&["set-buffer", query]);
    t.tmux(&["paste-buffer", "-p", "-r"]);
    t.shows("| summarize pasted = count()");
    assert!(!t.screen().contains("error"), "{}", t.screen());
    t.key("Enter");
    let screen = t.shows("(1 row");
    assert!(screen.contains("pasted\n------\n    17"), "{screen}");
}

#[test]
fn tables_fit_narrow_wide_and_plain_terminals() {
    for (width, command) in [
        (80, "kql --data samples"),
        (250, "kql --data samples"),
        (80, "NO_COLOR=1 kql --data samples"),
    ] {
        let Some(t) = Terminal::new(&format!("width{width}{}", command.len()), width, 40) else {
            return;
        };
        t.start(command);
        t.line("SigninLogs | take 3 | extend wide = '日本語の長い文字列', none = int(null), empty = '';");
        let screen = t.shows("(3 rows");
        let cut = screen.lines().filter(|l| l.starts_with("2024-")).count();
        // A line that did not fit would go on on the next one.
        assert_eq!(cut, 3, "{screen}");
        if width == 250 {
            assert!(screen.contains("日本語の長い文字列"), "{screen}");
        } else {
            assert!(screen.contains("more columns"), "{screen}");
        }
        t.line(".mode record");
        t.line("_ | take 1 | project none, empty;");
        t.shows("none   ·\nempty\n");
        t.prompt();
    }
    let Some(t) = Terminal::new("dumb", 80, 30) else {
        return;
    };
    t.line("TERM=dumb kql");
    t.shows("kql>");
    t.line("print plain = 1");
    t.line("");
    let screen = t.shows("(1 row");
    assert!(screen.contains("plain\n-----\n    1"), "{screen}");
    t.key("C-d");
    t.until("the shell", |s| s.ends_with('$'));
}
