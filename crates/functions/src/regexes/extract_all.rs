//! `extract_all(regex [, captureGroups], source)`: what the groups of all matches have matched.

use super::pattern::Patterns;
use crate::prelude::*;
use crate::strings::function::function;
use regex::Regex;

const REGEX: Param = arg(
    "regex",
    STRING,
    "The regular expression, with at least one group.",
)
.constant();
const SOURCE: Param = arg("source", STRING, "The text to search in.");
const SIGNATURES: &[Signature] = &[
    sig(&[REGEX, SOURCE], DYNAMIC),
    sig(
        &[
            REGEX,
            arg_of(
                "captureGroups",
                Class::DynamicArray,
                "Numbers or names of the groups wanted.",
            ),
            SOURCE,
        ],
        DYNAMIC,
    ),
];

/// `extract_all`
pub const EXTRACT_ALL: FunctionSpec = function(
    "extract_all",
    "Returns an array of what the groups of a regular expression have matched: of texts for one group, of arrays for several; null when there is no match.",
    SIGNATURES,
    extract_all,
    &[
        ex(
            "extract_all(@'(\\d+)', 'a set of numbers: 123, 567 and 789')",
            "[\"123\",\"567\",\"789\"]",
        ),
        ex(
            "extract_all(@'(\\w)(\\w+)', dynamic([2, 1]), 'test word')",
            "[[\"est\",\"t\"],[\"ord\",\"w\"]]",
        ),
        ex(
            "extract_all(@'(?P<a>\\w)(\\w+)', dynamic(['a', 5]), 'test word')",
            "[\"t\",\"w\"]",
        ),
        ex("extract_all(@'(\\d+)', 'none')", "null"),
    ],
);

/// `extractall`
pub const EXTRACTALL: FunctionSpec = function(
    "extractall",
    "The same as `extract_all`.",
    SIGNATURES,
    extract_all,
    &[ex("extractall(@'(\\d)', 'a1b2')", "[\"1\",\"2\"]")],
);

/// The numbers of the groups wanted; those that the pattern does not have are passed over.
fn chosen(regex: &Regex, groups: DynRef<'_>) -> Result<Vec<usize>> {
    let DynRef::Array(groups) = groups else {
        return Ok((1..regex.captures_len()).collect());
    };
    let out: Vec<usize> = groups
        .iter()
        .filter_map(|g| match g {
            DynRef::Long(n) => usize::try_from(n)
                .ok()
                .filter(|n| (1..regex.captures_len()).contains(n)),
            DynRef::String(name) => regex.capture_names().position(|n| n == Some(name)),
            _ => None,
        })
        .collect();
    if out.is_empty() {
        return Err(KernelError::new(
            "`extract_all` requires `captureGroups` to name a group of the regular expression",
        ));
    }
    Ok(out)
}

fn extract_all(args: &Args<'_>) -> Result<ArrayRef> {
    let mut patterns = Patterns::new(args.str(0)?)?;
    let groups = (args.len() > 2).then(|| args.dynamic(1)).transpose()?;
    let source = args.str(args.len() - 1)?;
    let fixed = groups.as_ref().is_none_or(|g| g.is_constant());
    let mut wanted: Option<Vec<usize>> = None;
    let constant = patterns.constant()?;
    try_dyn_result(args.rows, |row, w| {
        let regex = match &constant {
            Some(r) => r,
            None => patterns.get(row)?,
        };
        if regex.captures_len() < 2 {
            return Err(KernelError::new(format!(
                "`extract_all` requires a regular expression with at least one capture group: `{}` has none",
                regex.as_str()
            )));
        }
        let wanted = match &mut wanted {
            Some(w) if fixed && constant.is_some() => w,
            other => other.insert(chosen(
                regex,
                groups.as_ref().map_or(DynRef::Null, |g| g.get(row)),
            )?),
        };
        let text = source.get(row);
        let mut places = regex.capture_locations();
        let mut from = 0;
        let mut found = false;
        let mut before = None;
        while let Some(m) = regex.captures_read_at(&mut places, text, from) {
            let (start, end) = (m.start(), m.end());
            // Right behind a match an empty one does not count.
            if start == end && before == Some(end) {
                match next(text, end) {
                    Some(n) => {
                        from = n;
                        before = None;
                        continue;
                    }
                    None => break,
                }
            }
            if !found {
                w.begin_array();
                found = true;
            }
            if wanted.len() > 1 {
                w.begin_array();
            }
            for g in wanted.iter() {
                let part = places.get(*g).and_then(|(a, b)| text.get(a..b));
                w.string(part.unwrap_or_default());
            }
            if wanted.len() > 1 {
                w.end();
            }
            before = Some(end);
            from = end;
            if start == end {
                match next(text, end) {
                    Some(n) => from = n,
                    None => break,
                }
            }
        }
        if found {
            w.end();
        }
        Ok(())
    })
}

/// The next character boundary; none at the end.
fn next(text: &str, at: usize) -> Option<usize> {
    let c = text.get(at..)?.chars().next()?;
    Some(at + c.len_utf8())
}
