//! The `kql` command. Only this crate prints, reads a terminal or exits.

mod args;
mod command;
mod diagnostics;
mod folder;
mod input;
mod item;
mod output;
mod repl;
mod screen;
mod workspace;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let code = if e.use_stderr() { 2 } else { 0 };
            // Help that nobody reads is no fault.
            let _ = e.print();
            if let Some(near) = near_command(&e) {
                eprintln!("\n  tip: `{near}` exists");
            }
            return ExitCode::from(code);
        }
    };
    let code = match cli.command.unwrap_or(args::Command::Repl(cli.session)) {
        args::Command::Run(a) => command::run::run(&a),
        args::Command::Init(a) => command::init::init(&a),
        args::Command::Fetch(a) => command::fetch::fetch(&a),
        args::Command::Check(a) => command::check::check(&a),
        args::Command::Explain(a) => command::explain::explain(&a),
        args::Command::Schema(a) => command::schema::schema(&a),
        args::Command::Functions(a) => command::functions::functions(&a),
        args::Command::Test(a) => command::test::test(&a),
        args::Command::Fmt(a) => command::fmt::fmt(&a),
        args::Command::Repl(a) => repl::repl(&a),
        args::Command::Completions(a) => command::shell::completions(&a),
        args::Command::Man(a) => command::shell::man(&a),
    };
    if let Some(why) = screen::lost() {
        diagnostics::fault(&format!("the output cannot be written: {why}"));
        return ExitCode::from(code.max(1));
    }
    ExitCode::from(code)
}

/// The command that an unknown one is most like, where the parser of the command line names none.
fn near_command(e: &clap::Error) -> Option<String> {
    use clap::CommandFactory;
    use clap::error::{ContextKind, ContextValue};
    if e.get(ContextKind::SuggestedSubcommand).is_some() {
        return None;
    }
    let Some(ContextValue::String(given)) = e.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let command = args::Cli::command();
    let names: Vec<&str> = command
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    kql_diag::did_you_mean(given, names.iter().copied())
        .map(str::to_owned)
        .or_else(|| swapped(given, &names))
}

/// The name that has the same letters in another order.
fn swapped(given: &str, names: &[&str]) -> Option<String> {
    let sorted = |n: &str| {
        let mut c: Vec<char> = n.chars().collect();
        c.sort_unstable();
        c
    };
    let found = names.iter().find(|n| sorted(n) == sorted(given));
    found.map(|n| (*n).to_owned())
}
