//! The `kql` command. Only this crate prints, reads a terminal or exits.

mod args;
mod command;
mod diagnostics;
mod input;
mod item;
mod output;
mod repl;
mod screen;
mod stored;
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
            return ExitCode::from(code);
        }
    };
    let code = match cli.command.unwrap_or(args::Command::Repl(cli.session)) {
        args::Command::Run(a) => command::run::run(&a),
        args::Command::Check(a) => command::check::check(&a),
        args::Command::Explain(a) => command::explain::explain(&a),
        args::Command::Schema(a) => command::schema::schema(&a),
        args::Command::Functions(a) => command::functions::functions(&a),
        args::Command::Test(a) => command::test::test(&a),
        args::Command::Fmt(a) => command::fmt::fmt(&a),
        args::Command::Repl(a) => repl::repl(&a),
    };
    ExitCode::from(code)
}
