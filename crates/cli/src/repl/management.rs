//! Management commands that are answered: `.show tables`, `.show table T schema`, `.show functions`.

use super::dot::{columns, near};
use super::state::Repl;
use kql_types::ColumnSchema;

/// `.show tables`, `.show table T schema`: the answers have Kusto's columns.
pub fn show(repl: &mut Repl, rest: &str) {
    let words: Vec<&str> = rest.split_whitespace().collect();
    let literal = |s: &str| serde_json::to_string(s).unwrap_or_default();
    match words.as_slice() {
        ["tables"] => {
            let names = repl.session().workspace().names();
            let rows: Vec<String> = names
                .iter()
                .map(|n| format!("{}, \"local\", \"\", \"\"", literal(n)))
                .collect();
            repl.query(&format!(
                "datatable(TableName:string, DatabaseName:string, Folder:string, DocString:string)[{}]",
                rows.join(", ")
            ));
        }
        ["table", name, kind @ ("schema" | "cslschema")]
        | ["table", name, kind @ "schema", "as", "csl" | "json"] => {
            let bare = name.trim_start_matches("['").trim_end_matches("']");
            let Some((columns, _)) = columns(repl, bare) else {
                let known = repl.session().workspace().names();
                let near = near(bare, known.iter().map(String::as_str));
                return repl.fault(&format!("table `{bare}` not found{near}"));
            };
            let json = words.last() == Some(&"json") || (*kind == "schema" && words.len() == 3);
            let schema = if json {
                let list: Vec<String> = columns.iter().map(|c| column_json(c, &literal)).collect();
                format!(
                    "{{\"Name\":{},\"OrderedColumns\":[{}]}}",
                    literal(bare),
                    list.join(",")
                )
            } else {
                let list: Vec<String> =
                    columns.iter().map(|c| format!("{}:{}", c.name, c.ty)).collect();
                list.join(",")
            };
            repl.query(&format!(
                "print TableName = {}, Schema = {}, DatabaseName = \"local\", Folder = \"\", DocString = \"\"",
                literal(bare),
                literal(&schema)
            ));
        }
        ["functions"] => {
            let session = repl.session();
            let rows: Vec<String> = session
                .functions()
                .iter()
                .map(|f| {
                    format!(
                        "{}, {}, {}",
                        literal(&f.name),
                        literal(&f.parameters),
                        literal(&f.body)
                    )
                })
                .collect();
            repl.query(&format!(
                "datatable(Name:string, Parameters:string, Body:string)[{}]",
                rows.join(", ")
            ));
        }
        _ => repl.fault(&format!(
            "`.show {rest}` is not supported: `.show tables`, `.show table T schema [as csl]`, `.show functions` are"
        )),
    }
}

fn column_json(c: &ColumnSchema, literal: &dyn Fn(&str) -> String) -> String {
    format!(
        "{{\"Name\":{},\"Type\":\"{}\",\"CslType\":\"{}\"}}",
        literal(&c.name),
        c.ty.net_name(),
        c.ty
    )
}
