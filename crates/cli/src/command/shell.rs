//! `kql completions` and `kql man`: from the same definitions as the help.

use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::diagnostics;
use clap::CommandFactory;
use std::io::Write;

/// Prints the completions of a shell.
pub fn completions(args: &CompletionsArgs) -> u8 {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "kql", &mut text);
    put(&text)
}

/// Prints the man page, or writes one for each command into a folder.
pub fn man(args: &ManArgs) -> u8 {
    let command = Cli::command();
    let Some(folder) = &args.folder else {
        let mut text = Vec::new();
        return match clap_mangen::Man::new(command).render(&mut text) {
            Ok(()) => put(&text),
            Err(e) => failed(&e.to_string()),
        };
    };
    let written =
        std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
    match written {
        Ok(()) => 0,
        Err(e) => failed(&format!("{}: {e}", folder.display())),
    }
}

fn put(text: &[u8]) -> u8 {
    // A reader that has had enough is no fault.
    let _ = std::io::stdout().lock().write_all(text);
    0
}

fn failed(why: &str) -> u8 {
    diagnostics::fault(why);
    2
}
