//! `parse_url(url)` and `parse_urlquery(query)`.

use crate::prelude::*;

/// `parse_url`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_url",
    summary: "Returns the parts of a URL: Scheme, Host, Port, Path, Username, Password, Query Parameters, Fragment.",
    signatures: &[sig(
        &[arg("url", STRING, "The URL, with its scheme.")],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_url),
    examples: &[
        ex(
            "parse_url('scheme://username:password@host:1234/this/is/a/path?k1=v1&k2=v2#fragment')",
            r#"{"Scheme":"scheme","Host":"host","Port":"1234","Path":"/this/is/a/path","Username":"username","Password":"password","Query Parameters":{"k1":"v1","k2":"v2"},"Fragment":"fragment"}"#,
        ),
        ex("parse_url('https://a.b/c').Host", "a.b"),
        ex("parse_url('mailto:a@b.c').Scheme", ""),
    ],
    differs: "",
};

/// `parseurl`
pub const OLD: FunctionSpec = FunctionSpec {
    name: "parseurl",
    summary: "The old name of `parse_url`.",
    signatures: &[sig(
        &[arg("url", STRING, "The URL, with its scheme.")],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_url),
    examples: &[ex("parseurl('https://a.b/c').Path", "/c")],
    differs: "",
};

/// `parse_urlquery`
pub const QUERY: FunctionSpec = FunctionSpec {
    name: "parse_urlquery",
    summary: "Returns the parameters of the query of a URL, under `Query Parameters`.",
    signatures: &[sig(
        &[arg("query", STRING, "The part of a URL behind the `?`.")],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_urlquery),
    examples: &[
        ex(
            "parse_urlquery('k1=v1&k2=v2&k3=v3')",
            r#"{"Query Parameters":{"k1":"v1","k2":"v2","k3":"v3"}}"#,
        ),
        ex("parse_urlquery('c=1&c=2')['Query Parameters'].c", "2"),
    ],
    differs: "",
};

/// `parseurlquery`
pub const QUERY_OLD: FunctionSpec = FunctionSpec {
    name: "parseurlquery",
    summary: "The old name of `parse_urlquery`.",
    signatures: &[sig(
        &[arg("query", STRING, "The part of a URL behind the `?`.")],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_urlquery),
    examples: &[ex("parseurlquery('a=1')['Query Parameters'].a", "1")],
    differs: "",
};

use std::collections::BTreeMap;

fn parse_url(args: &Args<'_>) -> Result<ArrayRef> {
    let urls = args.str(0)?;
    dyn_result(args.rows, |row, w| {
        let parts = Parts::of(urls.get(row)).unwrap_or_default();
        w.begin_bag();
        for (name, text) in [
            ("Scheme", parts.scheme),
            ("Host", parts.host),
            ("Port", parts.port),
            ("Path", parts.path),
            ("Username", parts.username),
            ("Password", parts.password),
        ] {
            w.key(name);
            w.string(text);
        }
        write_parameters(parts.query, w);
        w.key("Fragment");
        w.string(parts.fragment);
        w.end();
    })
}

fn parse_urlquery(args: &Args<'_>) -> Result<ArrayRef> {
    let queries = args.str(0)?;
    dyn_result(args.rows, |row, w| {
        w.begin_bag();
        write_parameters(queries.get(row), w);
        w.end();
    })
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Parts<'t> {
    scheme: &'t str,
    host: &'t str,
    port: &'t str,
    path: &'t str,
    username: &'t str,
    password: &'t str,
    query: &'t str,
    fragment: &'t str,
}

impl<'t> Parts<'t> {
    fn of(url: &'t str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        if scheme.is_empty() || scheme.contains(['/', '?', '#', ':']) {
            return None;
        }
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at_checked(at)?,
            None => (rest, ""),
        };
        // A user without a password stays in the host, and the last colon begins the port, also within brackets: so Kusto
        // answers.
        let user = authority
            .split_once('@')
            .and_then(|(user, host)| Some((user.split_once(':')?, host)));
        let ((username, password), host) = user.unwrap_or((("", ""), authority));
        let (host, port) = host.rsplit_once(':').unwrap_or((host, ""));
        Some(Parts {
            scheme,
            host,
            port,
            path,
            username,
            password,
            query,
            fragment,
        })
    }
}

/// The parameters sorted by name; of a repeated one the last; none for what has no `=`.
fn write_parameters(query: &str, w: &mut DynWriter) {
    let parameters: BTreeMap<&str, &str> = query
        .split('&')
        .filter_map(|p| p.split_once('='))
        .filter(|(name, _)| !name.is_empty())
        .collect();
    w.key("Query Parameters");
    w.begin_bag();
    for (name, value) in parameters {
        w.key(name);
        w.string(value);
    }
    w.end();
}
