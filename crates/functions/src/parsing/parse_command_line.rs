//! `parse_command_line(command_line, parser_type)`.

use crate::prelude::*;

/// `parse_command_line`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_command_line",
    summary: "Returns the arguments of a command line as Windows splits them.",
    signatures: &[sig(
        &[
            arg_of("command", Class::Scalar, "The command line."),
            arg("parser", STRING, "Only `windows`."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_command_line),
    examples: &[
        ex(
            r#"parse_command_line('echo "hello world!"', 'windows')"#,
            r#"["echo","hello world!"]"#,
        ),
        ex(
            r#"parse_command_line(@'a.exe C:\x\ "b\\" \"c', 'windows')"#,
            r#"["a.exe","C:\\x\\","b\\","\"c"]"#,
        ),
    ],
    differs: "Of an empty command line the result is null; Kusto does not document it.",
};

use crate::text_arguments::text_of;

fn parse_command_line(args: &Args<'_>) -> Result<ArrayRef> {
    let (commands, parsers) = (args.any(0)?, args.str(1)?);
    let mut scratch = String::new();
    try_dyn_result(args.rows, |row, w| {
        let parser = parsers.get(row);
        if !parser.eq_ignore_ascii_case("windows") {
            return Err(KernelError::new(format!(
                "parse_command_line has no parser `{parser}`: only `windows` is supported"
            )));
        }
        let text = text_of(&commands, row, &mut scratch);
        if !text.is_empty() {
            w.begin_array();
            split(text, |argument| w.string(argument));
            w.end();
        }
        Ok(())
    })
}

/// Whether a character stands between arguments.
fn space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// The program's name knows quotes but no backslashes. Elsewhere a quote switches white space on and off; `2n` backslashes
/// and a quote are `n` backslashes and that switch, `2n+1` and a quote are `n` and a plain quote; the third quote in a
/// row is a plain one.
fn split(line: &str, mut each: impl FnMut(&str)) {
    let mut rest = match line.strip_prefix('"') {
        Some(quoted) => {
            let (name, rest) = quoted.split_once('"').unwrap_or((quoted, ""));
            each(name);
            rest
        }
        None => {
            let end = line.find(space).unwrap_or(line.len());
            let (name, rest) = line.split_at_checked(end).unwrap_or((line, ""));
            each(name);
            rest
        }
    };
    let mut argument = String::new();
    loop {
        rest = rest.trim_start_matches(space);
        if rest.is_empty() {
            return;
        }
        argument.clear();
        rest = one(rest, &mut argument);
        each(&argument);
    }
}

/// Reads one argument; what follows it.
fn one<'t>(text: &'t str, out: &mut String) -> &'t str {
    let mut chars = text.chars().peekable();
    let mut at = 0;
    let mut slashes: usize = 0;
    // Quotes so far: odd is within, and three in a row make one.
    let mut quotes = 0;
    while let Some(c) = chars.next() {
        if space(c) && quotes == 0 {
            return text.get(at..).unwrap_or_default();
        }
        at += c.len_utf8();
        match c {
            '\\' => {
                slashes += 1;
                out.push(c);
                continue;
            }
            '"' => {
                // Of the backslashes before it half stay.
                out.truncate(out.len() - slashes.div_ceil(2));
                if slashes % 2 == 1 {
                    out.push('"');
                } else {
                    quotes += 1;
                }
                while chars.next_if_eq(&'"').is_some() {
                    at += 1;
                    quotes += 1;
                    if quotes == 3 {
                        out.push('"');
                        quotes = 0;
                    }
                }
                if quotes == 2 {
                    quotes = 0;
                }
            }
            _ => out.push(c),
        }
        slashes = 0;
    }
    ""
}
