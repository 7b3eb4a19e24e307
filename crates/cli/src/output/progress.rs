//! A line on the terminal while a scan lasts.

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use kql_engine::Stats;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// What ends sooner shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shown only where standard error is a terminal.
pub struct Progress {
    started: Instant,
    shown: Option<ProgressBar>,
}

impl Progress {
    pub fn new() -> Option<Progress> {
        std::io::stderr().is_terminal().then(|| Progress {
            started: Instant::now(),
            shown: None,
        })
    }

    pub fn update(&mut self, so_far: &Stats) {
        if self.started.elapsed() < PATIENCE {
            return;
        }
        let bar = self.shown.get_or_insert_with(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        let mut text = format!("{} read", HumanBytes(so_far.bytes_scanned));
        if so_far.row_groups_total > 0 {
            text.push_str(&format!(
                ", {} of {} row groups wanted",
                so_far.row_groups_scanned, so_far.row_groups_total
            ));
        }
        bar.set_message(text);
        bar.tick();
    }

    /// Ctrl-C came: what the terminal made of it stands below the line.
    pub fn interrupted(&mut self) {
        if let Some(bar) = self.shown.take() {
            bar.finish_and_clear();
            eprint!("\r\x1b[2K\x1b[1A\x1b[2K");
        }
    }

    /// Makes room for what is to be printed.
    pub fn clear(&mut self) {
        if let Some(bar) = self.shown.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
