//! The terminal: its width, its colours, and a pager.

use kql_render::Screen;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What standard output shows. `color` is `auto`, `on` or `off`.
pub fn screen(color: &str) -> Screen {
    let terminal = std::io::stdout().is_terminal();
    let width = if terminal {
        terminal_size::terminal_size()
            .map(|(w, _)| usize::from(w.0))
            .filter(|w| *w > 0)
            .or(Some(80))
    } else {
        None
    };
    let set = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let colors = match color {
        "on" => true,
        "off" => false,
        _ => terminal && set("NO_COLOR").is_none() && !is_dumb(),
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|n| set(n));
    let unicode = locale.is_none_or(|l| {
        let l = l.to_ascii_lowercase();
        l.contains("utf-8") || l.contains("utf8")
    });
    Screen {
        width,
        unicode,
        color: colors,
    }
}

/// Whether the terminal can do nothing but print.
pub fn is_dumb() -> bool {
    std::env::var("TERM").is_ok_and(|t| t == "dumb")
}

/// How many lines the terminal has.
pub fn height() -> usize {
    terminal_size::terminal_size().map_or(24, |(_, h)| usize::from(h.0).max(2))
}

/// What standard output did not take, for [`lost`].
static LOST: OnceLock<String> = OnceLock::new();

/// Writes to standard output. A reader that has had enough is no fault; any other is told at the end.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if let Err(e) = written
        && e.kind() != ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| e.to_string());
    }
}

/// Why something that was printed is not whole, if it is not.
pub fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

/// Shows a text in the user's pager, else prints it.
pub fn page(text: &str) {
    let pager = std::env::var("PAGER").ok().filter(|p| !p.trim().is_empty());
    let pager = pager.unwrap_or_else(|| "less -RSX".to_owned());
    let mut words = pager.split_whitespace();
    let child = words.next().and_then(|program| {
        Command::new(program)
            .args(words)
            .stdin(Stdio::piped())
            .spawn()
            .ok()
    });
    let Some(mut child) = child else {
        print(text);
        return;
    };
    if let Some(mut input) = child.stdin.take() {
        // The user may leave before the end.
        let _ = input.write_all(text.as_bytes());
    }
    let _ = child.wait();
}
