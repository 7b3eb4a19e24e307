//! `parse_path(path)`.

use crate::prelude::*;

/// `parse_path`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_path",
    summary: "Returns the parts of a file path: Scheme, RootPath, DirectoryPath, DirectoryName, Filename, Extension, AlternateDataStreamName.",
    signatures: &[sig(
        &[arg(
            "path",
            STRING,
            "The path, with either kind of slashes.",
        )],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_path),
    examples: &[
        ex(
            r"parse_path(@'C:\temp\file.txt')",
            r#"{"Scheme":"","RootPath":"C:","DirectoryPath":"C:\\temp","DirectoryName":"temp","Filename":"file.txt","Extension":"txt","AlternateDataStreamName":""}"#,
        ),
        ex(
            "parse_path('file://C:/temp/file.txt:some.exe')",
            r#"{"Scheme":"file","RootPath":"C:","DirectoryPath":"C:/temp","DirectoryName":"temp","Filename":"file.txt","Extension":"txt","AlternateDataStreamName":"some.exe"}"#,
        ),
        ex(
            "parse_path('/usr/lib/temp/file.txt').DirectoryPath",
            "/usr/lib/temp",
        ),
    ],
    differs: "RootPath and DirectoryPath of a path that begins with two backslashes and a question mark, and DirectoryName of a path straight under its root, are not documented: the prefix stays in DirectoryPath, RootPath is the drive, DirectoryName is empty.",
};

fn parse_path(args: &Args<'_>) -> Result<ArrayRef> {
    let paths = args.str(0)?;
    dyn_result(args.rows, |row, w| {
        let parts = Parts::of(paths.get(row));
        w.begin_bag();
        for (name, text) in [
            ("Scheme", parts.scheme),
            ("RootPath", parts.root),
            ("DirectoryPath", parts.directory_path),
            ("DirectoryName", parts.directory_name),
            ("Filename", parts.filename),
            ("Extension", parts.extension),
            ("AlternateDataStreamName", parts.stream),
        ] {
            w.key(name);
            w.string(text);
        }
        w.end();
    })
}

#[derive(Debug)]
struct Parts<'t> {
    scheme: &'t str,
    root: &'t str,
    directory_path: &'t str,
    directory_name: &'t str,
    filename: &'t str,
    extension: &'t str,
    stream: &'t str,
}

/// What is before the last slash of either kind, and what is after it.
fn last_slash(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once(['/', '\\'])
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let (scheme, path) = match text.split_once("://") {
            Some((scheme, path)) if !scheme.contains(['/', '\\', ':']) => (scheme, path),
            _ => ("", text),
        };
        let plain = path.strip_prefix(r"\\?\").unwrap_or(path);
        let root = drive(plain);
        let (directory_path, last) = match last_slash(path) {
            Some(parts) => parts,
            None if root.is_empty() => ("", path),
            None => (root, plain.strip_prefix(root).unwrap_or_default()),
        };
        let (filename, stream) = last.split_once(':').unwrap_or((last, ""));
        let directory_name = match last_slash(directory_path) {
            Some((_, name)) => name,
            None if directory_path == root => "",
            None => directory_path,
        };
        Parts {
            scheme,
            root,
            directory_path,
            directory_name: if directory_name == root {
                ""
            } else {
                directory_name
            },
            filename,
            extension: filename.rsplit_once('.').map_or("", |(_, e)| e),
            stream,
        }
    }
}

/// `C:`, or nothing.
fn drive(path: &str) -> &str {
    match path.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => path.get(..2).unwrap_or_default(),
        _ => "",
    }
}
