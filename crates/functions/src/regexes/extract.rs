//! `extract(regex, captureGroup, source [, typeof(type)])`: what a group of the first match has matched.

use super::pattern::Patterns;
use super::typed::texts_as;
use crate::memo::ViewMemo;
use crate::prelude::*;
use crate::strings::function::function;
use regex::{CaptureLocations, Regex};

const REGEX: Param = arg("regex", STRING, "The regular expression.").constant();
const GROUP: Param = arg("captureGroup", LONG, "Which group; 0 is the whole match.");
const SOURCE: Param = arg("source", STRING, "The text to search in.");

/// `extract`
pub const SPEC: FunctionSpec = function(
    "extract",
    "Returns what a group of a regular expression has matched first, as text or as the type asked for; nothing when there is no match.",
    &[
        sig(&[REGEX, GROUP, SOURCE], STRING),
        sig_as(
            &[
                REGEX,
                GROUP,
                SOURCE,
                arg_of("typeLiteral", Class::TypeLiteral, "The type of the result.").literal(),
            ],
            Returns::TypeLiteral(3),
        ),
    ],
    extract,
    &[
        ex("extract('x=([0-9.]+)', 1, 'hello x=45.6|wo')", "45.6"),
        ex(
            "extract('([0-9.]+) (s|ms)$', 0, 'took 127.5 ms')",
            "127.5 ms",
        ),
        ex("extract('a(b)?', 1, 'a')", ""),
        ex("extract('a', 3, 'a')", ""),
        ex("extract(@'-(\\d{2})-', 1, '15-12-2024', typeof(int))", "12"),
        ex("extract(@'x=(\\w+)', 1, 'x=y', typeof(long))", "null"),
    ],
);

/// The bytes of a group.
fn find(regex: &Regex, group: usize, places: &mut CaptureLocations, text: &str) -> Option<Span> {
    if group == 0 {
        return regex.find(text).map(|m| (m.start(), m.end()));
    }
    regex.captures_read(places, text)?;
    places.get(group)
}

type Span = (usize, usize);

fn extract(args: &Args<'_>) -> Result<ArrayRef> {
    let mut patterns = Patterns::new(args.str(0)?)?;
    let group = args.integer(1)?;
    let source = args.str(2)?;
    let group_of = |row| group(row).and_then(|g| usize::try_from(g).ok());
    let constant_group = args.columns.get(1).is_some_and(|c| c.constant);
    if let Some(regex) = patterns.constant()?
        && constant_group
    {
        let Some(group) = group_of(0).filter(|g| *g < regex.captures_len()) else {
            return texts_as(args.returns, args.rows, |_| "");
        };
        let mut places = regex.capture_locations();
        let mut memo = ViewMemo::default();
        return texts_as(args.returns, args.rows, |row| {
            let text = source.get(row);
            memo.get(source.view(row), || find(&regex, group, &mut places, text))
                .and_then(|(a, b)| text.get(a..b))
                .unwrap_or_default()
        });
    }
    let mut failed = None;
    let out = texts_as(args.returns, args.rows, |row| {
        let text = source.get(row);
        let regex = match patterns.get(row) {
            Ok(r) => r,
            Err(e) => {
                failed.get_or_insert(e);
                return "";
            }
        };
        group_of(row)
            .and_then(|g| find(regex, g, &mut regex.capture_locations(), text))
            .and_then(|(a, b)| text.get(a..b))
            .unwrap_or_default()
    })?;
    failed.map_or(Ok(out), Err)
}
