//! `kql fmt`

use crate::args::FmtArgs;
use crate::diagnostics;
use kql_diag::{Diagnostic, Source, Span, codes};
use kql_syntax::FormatError;
use std::io::{Read, Write};
use std::path::Path;

/// Formats files in place, or texts to standard output.
pub fn fmt(args: &FmtArgs) -> u8 {
    if args.files.is_empty() && args.query.is_empty() {
        diagnostics::fault("no query is given: name a file, `-`, or -q TEXT");
        return 2;
    }
    let mut code = 0;
    for text in &args.query {
        code = code.max(text_to_output("query", text, args));
    }
    for file in &args.files {
        let done = if file == "-" {
            input().map(|text| text_to_output("stdin", &text, args))
        } else {
            in_place(file, args)
        };
        code = code.max(done.unwrap_or_else(|e| {
            diagnostics::fault(&e);
            2
        }));
    }
    code
}

fn input() -> Result<String, String> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|e| format!("standard input cannot be read: {e}"))?;
    Ok(text)
}

fn text_to_output(name: &str, text: &str, args: &FmtArgs) -> u8 {
    let Some(formatted) = formatted(name, text, args) else {
        return 1;
    };
    if args.check {
        return u8::from(!same(name, text, &formatted));
    }
    u8::from(write!(std::io::stdout().lock(), "{formatted}").is_err())
}

fn in_place(file: &str, args: &FmtArgs) -> Result<u8, String> {
    let ending = Path::new(file)
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    if matches!(ending.as_str(), "md" | "yaml" | "yml" | "json" | "jsonl") {
        return Err(format!(
            "{file}: fmt takes files that are one query text, and not .{ending}"
        ));
    }
    let bytes = std::fs::read(file).map_err(|e| format!("{file}: {e}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{file} is not UTF-8 text"))?;
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text.as_str()),
    };
    let Some(formatted) = formatted(file, body, args) else {
        return Ok(1);
    };
    let formatted = format!("{mark}{}", with_ends_of(&text, formatted));
    if args.check {
        return Ok(u8::from(!same(file, &text, &formatted)));
    }
    if formatted != text {
        replace(file, &formatted).map_err(|e| format!("{file} cannot be written: {e}"))?;
    }
    Ok(0)
}

/// The ends of lines stay as they are.
fn with_ends_of(text: &str, formatted: String) -> String {
    let windows = text.contains("\r\n") && !text.replace("\r\n", "").contains('\n');
    if windows {
        formatted.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        formatted
    }
}

fn formatted(name: &str, text: &str, args: &FmtArgs) -> Option<String> {
    let found = match kql_syntax::format_text(text) {
        Ok(t) => return Some(t),
        Err(FormatError::Faults(d)) => d,
        Err(FormatError::Loss) => vec![Diagnostic::error(
            codes::INTERNAL,
            Span::new(0, 0),
            "the text is left as it is: its comments cannot be kept in the new layout",
        )],
    };
    diagnostics::print(&found, &[Source::new(name, text)], args.diagnostics);
    None
}

fn same(name: &str, text: &str, formatted: &str) -> bool {
    let same = text == formatted;
    if !same {
        eprintln!("{name} is not formatted");
    }
    same
}

/// Writes beside the file and renames, so that the file is whole at any time.
fn replace(file: &str, text: &str) -> std::io::Result<()> {
    // A link stays a link.
    let path = std::fs::canonicalize(file)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(name);
    let written = std::fs::write(&beside, text)
        .and_then(|()| std::fs::set_permissions(&beside, std::fs::metadata(&path)?.permissions()))
        .and_then(|()| std::fs::rename(&beside, &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}
