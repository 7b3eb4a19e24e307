//! `parse_csv(csv_text)`.

use crate::prelude::*;

/// `parse_csv`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_csv",
    summary: "Returns the fields of the first record of a comma-separated text.",
    signatures: &[sig(
        &[arg_of("csv_text", Class::StringOrDynamic, "The record.")],
        DYNAMIC,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_csv),
    examples: &[
        ex(
            r#"parse_csv('aa,"b,b,b",cc,"Escaping quotes: ""Title""","line1\nline2"')"#,
            r#"["aa","b,b,b","cc","Escaping quotes: \"Title\"","line1\nline2"]"#,
        ),
        ex(
            r"parse_csv('record1,a,b,c\nrecord2,x,y,z')",
            r#"["record1","a","b","c"]"#,
        ),
        ex("parse_csv('a,,b,')", r#"["a","","b",""]"#),
    ],
    differs: "",
};

use crate::text_arguments::text_of;

fn parse_csv(args: &Args<'_>) -> Result<ArrayRef> {
    let texts = args.any(0)?;
    let (mut scratch, mut field) = (String::new(), String::new());
    dyn_result(args.rows, |row, w| {
        let mut rest = text_of(&texts, row, &mut scratch);
        w.begin_array();
        loop {
            field.clear();
            let (plain, after) = if let Some(quoted) = rest.strip_prefix('"') {
                let mut tail = quoted;
                loop {
                    let Some((text, next)) = tail.split_once('"') else {
                        field.push_str(tail);
                        tail = "";
                        break;
                    };
                    field.push_str(text);
                    tail = next;
                    match tail.strip_prefix('"') {
                        Some(next) => {
                            field.push('"');
                            tail = next;
                        }
                        None => break,
                    }
                }
                end_of_field(tail)
            } else {
                end_of_field(rest)
            };
            field.push_str(plain);
            w.string(&field);
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None => break,
            }
        }
        w.end();
    })
}

/// The text up to the next comma or end of record, and what follows.
fn end_of_field(text: &str) -> (&str, &str) {
    let end = text.find([',', '\n', '\r']).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}
