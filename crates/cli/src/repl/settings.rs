//! Settings that last: `settings.toml` in the user's folder, and where history is kept.

use serde::Deserialize;
use std::path::PathBuf;

/// What a user can set.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct Settings {
    /// How rows are shown.
    pub mode: String,
    /// Whether the time stands after each result.
    pub timing: bool,
    /// Whether the rows after each step are counted.
    pub trace: bool,
    /// The most rows on the screen.
    pub rows: usize,
    /// `off`, or `auto` for results that are longer than the screen.
    pub pager: String,
    /// Whether `render` draws.
    pub charts: bool,
    /// Whether hints are shown while typing.
    pub hints: bool,
    /// `auto`, `on` or `off`.
    pub color: String,
    /// The most entries of the history.
    pub history: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            mode: "table".to_owned(),
            timing: true,
            trace: false,
            rows: 50,
            pager: "off".to_owned(),
            charts: true,
            hints: true,
            color: "auto".to_owned(),
            history: 5000,
        }
    }
}

/// Names, values and what they do, for help and completion.
pub const ALL: [(&str, &str, &str); 9] = [
    (
        "mode",
        "table record json jsonl csv tsv markdown",
        "how rows are shown",
    ),
    ("timing", "on off", "the time after each result"),
    ("trace", "on off", "the rows after each step of a query"),
    ("rows", "50", "the most rows on the screen"),
    (
        "pager",
        "off auto",
        "a pager for results longer than the screen",
    ),
    ("charts", "on off", "whether `render` draws"),
    ("hints", "on off", "signatures and history while typing"),
    ("color", "auto on off", "colours"),
    ("history", "5000", "the most entries of the history"),
];

/// How rows can be shown.
pub const MODES: [&str; 7] = ["table", "record", "json", "jsonl", "csv", "tsv", "markdown"];

impl Settings {
    /// The value of a setting as text.
    pub fn get(&self, name: &str) -> Option<String> {
        let on = |b: bool| if b { "on" } else { "off" }.to_owned();
        Some(match name {
            "mode" => self.mode.clone(),
            "timing" => on(self.timing),
            "trace" => on(self.trace),
            "rows" => self.rows.to_string(),
            "pager" => self.pager.clone(),
            "charts" => on(self.charts),
            "hints" => on(self.hints),
            "color" => self.color.clone(),
            "history" => self.history.to_string(),
            _ => return None,
        })
    }

    /// Changes a setting.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let switch = |on: &mut bool| match value {
            "on" | "true" => {
                *on = true;
                Ok(())
            }
            "off" | "false" => {
                *on = false;
                Ok(())
            }
            _ => Err(format!("{name} is `on` or `off`, not `{value}`")),
        };
        let number = |n: &mut usize| match value.parse() {
            Ok(v) if v > 0 => {
                *n = v;
                Ok(())
            }
            _ => Err(format!("{name} is a number of 1 or more, not `{value}`")),
        };
        let word = |text: &mut String, words: &[&str]| {
            if words.contains(&value) {
                value.clone_into(text);
                return Ok(());
            }
            let near = kql_diag::did_you_mean(value, words.iter().copied());
            let near = near.map_or_else(String::new, |n| format!(" (`{n}` exists)"));
            Err(format!(
                "{name} is one of {}, not `{value}`{near}",
                words.join(", ")
            ))
        };
        match name {
            "mode" => word(&mut self.mode, &MODES),
            "timing" => switch(&mut self.timing),
            "trace" => switch(&mut self.trace),
            "rows" => number(&mut self.rows),
            "pager" => word(&mut self.pager, &["off", "auto"]),
            "charts" => switch(&mut self.charts),
            "hints" => switch(&mut self.hints),
            "color" => word(&mut self.color, &["auto", "on", "off"]),
            "history" => number(&mut self.history),
            _ => {
                let near = kql_diag::did_you_mean(name, ALL.iter().map(|(n, _, _)| *n));
                let near = near.map_or_else(String::new, |n| format!(" (`{n}` exists)"));
                Err(format!("there is no setting `{name}`{near}"))
            }
        }
    }

    /// Reads the settings; the second part says what is wrong with the file.
    pub fn load() -> (Settings, Option<String>) {
        let Some(file) = folder().map(|f| f.join("settings.toml")) else {
            return (Settings::default(), None);
        };
        let Ok(text) = std::fs::read_to_string(&file) else {
            return (Settings::default(), None);
        };
        let read: Settings = match toml::from_str(&text) {
            Ok(s) => s,
            Err(e) => {
                let fault = format!("{} is passed over: {e}", file.display());
                return (Settings::default(), Some(fault));
            }
        };
        // Each value is looked at as if it were typed.
        let mut out = Settings::default();
        let mut fault = None;
        for (name, _, _) in ALL {
            if let Err(e) = out.set(name, &read.get(name).unwrap_or_default()) {
                fault = Some(format!("{}: {e}", file.display()));
            }
        }
        (out, fault)
    }

    /// Writes the settings.
    pub fn save(&self) -> Result<(), String> {
        let folder = folder().ok_or("there is no folder for settings: HOME is not set")?;
        let fault = |e: std::io::Error| format!("{}: {e}", folder.display());
        std::fs::create_dir_all(&folder).map_err(fault)?;
        let mut text = String::new();
        for (name, _, _) in ALL {
            let value = self.get(name).unwrap_or_default();
            let shown = match (name, value.as_str()) {
                ("rows" | "history", n) => n.to_owned(),
                ("timing" | "trace" | "charts" | "hints", v) => (v == "on").to_string(),
                (_, v) => format!("\"{v}\""),
            };
            text.push_str(&format!("{name} = {shown}\n"));
        }
        let part = folder.join(format!("settings.{}.part", std::process::id()));
        std::fs::write(&part, text).map_err(fault)?;
        std::fs::rename(&part, folder.join("settings.toml")).map_err(fault)
    }
}

/// The user's folder: `$XDG_CONFIG_HOME/kql`, `~/.config/kql`, or `%APPDATA%\kql`.
pub fn folder() -> Option<PathBuf> {
    let of = |name: &str| {
        std::env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    of("XDG_CONFIG_HOME")
        .or_else(|| of("APPDATA"))
        .or_else(|| of("HOME").map(|h| h.join(".config")))
        .map(|d| d.join("kql"))
}

/// The file of the history; its folder is made.
pub fn history_file() -> Option<PathBuf> {
    let folder = folder()?;
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}
