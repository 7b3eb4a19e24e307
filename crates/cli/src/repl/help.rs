//! `.help`

use super::dot::COMMANDS;
use super::{operators, settings};
use kql_engine::Session;
use kql_functions::reference;
use unicode_width::UnicodeWidthStr;

/// What help knows beside commands and functions.
pub const TOPICS: [&str; 6] = ["keys", "let", "operators", "queries", "render", "settings"];

const KEYS: &str = "\
Enter            goes on while the query is unfinished; an empty line or `;` at the end runs it
Tab              completes tables, columns, functions, operators, commands and paths; again lists them
Ctrl-C           gives the line up, or cancels the query that runs
Ctrl-D           leaves
Ctrl-R           searches the history; Up and Down step through it
Right, End       takes over the hint
Ctrl-A, Ctrl-E   to the begin and the end of the line
Ctrl-W, Ctrl-U   deletes the word, the line before the cursor
Ctrl-L           clears the screen
";
const LET: &str = "\
let X = ...;     alone defines X for the session; .let lists what is defined
let f = (a:long) { a + 1 };
_                is the last result as a table: _ | count
set query_now = datetime(2024-07-01);
";
const QUERIES: &str = "\
A query ends with an empty line or `;`. A text that is pasted is taken whole, with its empty lines and comments.

  SigninLogs
  | where ResultType != \"0\"      // a comment
  | summarize n = count() by UserPrincipalName

.load PATH gives tables, .tables lists them, .schema T shows columns, .trace counts rows after each step.
";
const RENDER: &str = "\
render KIND [with (PROPERTY=VALUE, ...)]
kinds drawn      timechart linechart areachart stackedareachart columnchart barchart piechart scatterchart
                 anomalychart card table
properties       title xtitle ytitle xcolumn ycolumns series kind xaxis yaxis ymin ymax legend accumulate ysplit
                 anomalycolumns
.render F.html   writes the chart and the table as one page that needs nothing else
.set charts off  shows the rows instead
";

/// The text of a topic; none where it is not known.
pub fn topic(session: &Session, topic: &str) -> Option<String> {
    let text = match topic {
        "" => list(),
        "keys" => KEYS.to_owned(),
        "let" | "_" => LET.to_owned(),
        "operators" => operators::OPERATORS
            .iter()
            .map(|(n, _, about)| format!("{n:16} {about}\n"))
            .collect(),
        "queries" => QUERIES.to_owned(),
        "render" => RENDER.to_owned(),
        "settings" => settings::ALL
            .iter()
            .map(|(n, values, about)| format!(".set {n:8} {about} ({values})\n"))
            .collect(),
        name => {
            let dotted = format!(".{}", name.trim_start_matches('.'));
            let command = COMMANDS.iter().find(|(n, _, _)| *n == dotted);
            let known = reference::entry(name).or_else(|| kql_engine::builtin::entry(name));
            match (known, command) {
                (Some(text), _) if !name.starts_with('.') => text,
                _ if operators::find(name).is_some() => {
                    let found = operators::find(name)?;
                    format!("| {}\n  {}\n", found.1, found.2)
                }
                (_, Some((n, arguments, about))) => format!("{n} {arguments}\n  {about}\n"),
                _ => {
                    let stored = session.functions().into_iter().find(|f| f.name == name)?;
                    format!("{}{}\n{}\n", stored.name, stored.parameters, stored.body)
                }
            }
        }
    };
    Some(text)
}

fn list() -> String {
    let mut out = String::new();
    for (name, arguments, about) in COMMANDS {
        out.push_str(&format!("{:36} {about}\n", format!("{name} {arguments}")));
    }
    out.push_str(&format!(
        "\n.help {} say more; .help NAME shows a function or an operator.\n",
        TOPICS.join(", .help ")
    ));
    out
}

/// Names side by side, sorted downward.
pub fn in_columns(names: &[String], width: Option<usize>) -> String {
    let widest = names.iter().map(|n| n.width()).max().unwrap_or(0) + 2;
    let columns = width.map_or(1, |w| (w / widest).max(1));
    let lines = names.len().div_ceil(columns);
    let mut out = String::new();
    for line in 0..lines {
        let mut text = String::new();
        for column in 0..columns {
            if let Some(n) = names.get(column * lines + line) {
                text.push_str(n);
                text.push_str(&" ".repeat(widest - n.width()));
            }
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}
