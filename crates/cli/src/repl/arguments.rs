//! What Tab offers for commands and what stands behind them.

use super::complete::Offer;
use super::definitions::Definitions;
use super::dot::{COMMANDS, unquoted};
use super::{explain, help, operators, settings};
use kql_engine::Session;
use kql_functions::catalog;

/// The offers for a command and what stands behind it.
pub fn complete(session: &Session, definitions: &Definitions, text: &str) -> (usize, Vec<Offer>) {
    let indent = text.len() - text.trim_start().len();
    let Some(space) = text.rfind(char::is_whitespace).filter(|s| *s >= indent) else {
        let word = text.trim_start();
        let offers =
            COMMANDS
                .iter()
                .filter(|(n, _, _)| n.starts_with(word))
                .map(|(n, arguments, about)| Offer {
                    insert: if arguments.is_empty() {
                        (*n).to_owned()
                    } else {
                        format!("{n} ")
                    },
                    show: format!("{:32} {about}", format!("{n} {arguments}")),
                });
        return (indent, offers.collect());
    };
    let command = text.split_whitespace().next().unwrap_or_default();
    // White space may be of several bytes.
    let start = space
        + text
            .get(space..)
            .and_then(|t| t.chars().next())
            .map_or(1, char::len_utf8);
    let word = text.get(start..).unwrap_or_default();
    let words = |list: &[&str]| -> Vec<Offer> {
        let fitting = list.iter().filter(|w| w.starts_with(word));
        fitting.map(|w| Offer::plain(w)).collect()
    };
    let first_argument = text.split_whitespace().count() <= if word.is_empty() { 1 } else { 2 };
    let offers = match command {
        ".load" | ".open" | ".read" | ".save" | ".render" => {
            let begin = text.find(char::is_whitespace).map_or(start, |s| s + 1);
            return paths(text, begin, command == ".open");
        }
        ".mode" => words(&settings::MODES),
        ".timing" => words(&["on", "off"]),
        ".now" => words(&["clock", "data"]),
        ".show" if first_argument => words(&["tables", "table", "functions"]),
        ".show" if word.is_empty() || text.split_whitespace().count() == 3 => {
            let names = session.workspace().names();
            let mut offers = words(&names.iter().map(String::as_str).collect::<Vec<_>>());
            offers.extend(words(&["schema"]));
            offers
        }
        ".show" => words(&["schema", "as csl"]),
        ".set" if first_argument => {
            let fitting = settings::ALL.iter().filter(|(n, _, _)| n.starts_with(word));
            fitting
                .map(|(n, _, about)| Offer::about(n, about))
                .collect()
        }
        ".set" => {
            let name = text.split_whitespace().nth(1).unwrap_or_default();
            let found = settings::ALL.iter().find(|(n, _, _)| *n == name);
            let values: Vec<&str> = found.map_or(Vec::new(), |(_, v, _)| v.split(' ').collect());
            words(&values)
        }
        ".schema" | ".tables" => {
            let mut names = session.workspace().names();
            names.extend(definitions.names().into_iter().map(str::to_owned));
            if command == ".schema" && !word.is_empty() {
                names.extend(kql_sources::builtin::names().map(str::to_owned));
            }
            words(&names.iter().map(String::as_str).collect::<Vec<_>>())
        }
        ".let" => words(&definitions.names()),
        ".functions" | ".help" => {
            let mut names: Vec<&str> = catalog::scalars().map(|s| s.name).collect();
            names.extend(catalog::aggregates().map(|a| a.name));
            names.retain(|n| n.starts_with(|c: char| c.is_alphabetic()));
            if command == ".help" {
                names.extend(help::TOPICS);
                names.extend(operators::OPERATORS.iter().map(|(n, _, _)| *n));
                names.extend(COMMANDS.iter().map(|(n, _, _)| *n));
            }
            names.sort_unstable();
            words(&names)
        }
        ".explain" | ".trace" => {
            // The rest is a query.
            let begin = text.find(char::is_whitespace).map_or(start, |s| s + 1);
            let query = text.get(begin..).unwrap_or_default();
            let (at, mut offers) = super::complete::complete(session, definitions, query);
            if command == ".explain" && first_argument {
                let stages = explain::STAGES.map(|(n, _)| n);
                offers.extend(words(&stages));
            }
            return (begin + at, offers);
        }
        _ => Vec::new(),
    };
    (start, offers)
}

/// Files and folders.
fn paths(text: &str, begin: usize, folders: bool) -> (usize, Vec<Offer>) {
    let typed = text.get(begin..).unwrap_or_default();
    let (quote, typed) = match typed.chars().next() {
        Some(q @ ('"' | '\'')) => (q.to_string(), typed.get(1..).unwrap_or_default()),
        _ => (String::new(), typed),
    };
    let split = typed.rfind('/').map_or(0, |i| i + 1);
    let (folder, name) = typed.split_at(split);
    let real = if folder.is_empty() {
        ".".to_owned()
    } else {
        unquoted(folder)
    };
    let mut offers = Vec::new();
    let entries = std::fs::read_dir(real).into_iter().flatten().flatten();
    for entry in entries {
        let file = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.path().is_dir();
        let hidden = file.starts_with('.') && !name.starts_with('.');
        if hidden || !file.starts_with(name) || (folders && !is_folder) {
            continue;
        }
        let slash = if is_folder { "/" } else { "" };
        offers.push(Offer {
            insert: format!("{quote}{folder}{file}{slash}"),
            show: format!("{file}{slash}"),
        });
    }
    offers.sort_by(|a, b| a.show.cmp(&b.show));
    (begin, offers)
}
