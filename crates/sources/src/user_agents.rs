//! Patterns of user agents, out of the `regexes.yaml` of the uap-core project.

use crate::error::SourceError;
use kql_functions::parsing::user_agents::{PARTS, Rule, UserAgents, know_user_agents};
use saphyr_parser::{Event, Parser};
use std::path::Path;

/// The lists of the file, with the keys of the parts that their entries may replace.
const LISTS: [(&str, &[&str]); 3] = [
    (
        "user_agent_parsers",
        &[
            "family_replacement",
            "v1_replacement",
            "v2_replacement",
            "v3_replacement",
        ],
    ),
    (
        "os_parsers",
        &[
            "os_replacement",
            "os_v1_replacement",
            "os_v2_replacement",
            "os_v3_replacement",
            "os_v4_replacement",
        ],
    ),
    (
        "device_parsers",
        &[
            "device_replacement",
            "brand_replacement",
            "model_replacement",
        ],
    ),
];

/// Lets `parse_user_agent` read user agents by a file of patterns, in the whole process.
///
/// # Errors
/// The file cannot be read or is no such file.
pub fn look_up_user_agents(file: &Path) -> Result<(), SourceError> {
    let text = std::fs::read_to_string(file).map_err(|e| SourceError::io(file, &e))?;
    let [browsers, systems, devices] = lists(&text).map_err(|(line, message)| SourceError {
        line,
        ..SourceError::bad_file(file, message)
    })?;
    know_user_agents(UserAgents::new(browsers, systems, devices));
    Ok(())
}

/// What is wrong, and in which line.
type Fault = (Option<u64>, String);

fn lists(text: &str) -> Result<[Vec<Rule>; 3], Fault> {
    let mut out: [Option<Vec<Rule>>; 3] = Default::default();
    // The list that is being read, the entry of it, and the key whose value comes next.
    let mut list: Option<usize> = None;
    let mut entry: Option<Rule> = None;
    let mut began = None;
    let mut key: Option<String> = None;
    let mut depth = 0usize;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|e| {
            let line = u64::try_from(e.marker().line()).ok();
            (line, format!("the file is no YAML: {}", e.info()))
        })?;
        let line = u64::try_from(span.start.line()).ok();
        let odd = |what: &str| {
            (
                line,
                format!("the file has no patterns of uap-core: {what}"),
            )
        };
        match event {
            Event::MappingStart(..) => {
                depth += 1;
                match depth {
                    1 => {}
                    3 => {
                        entry = Some(Rule::default());
                        began = line;
                    }
                    _ => return Err(odd("an object stands where none is expected")),
                }
            }
            Event::SequenceStart(..) => {
                depth += 1;
                let named = key.take().and_then(|k| LISTS.iter().position(|l| l.0 == k));
                let Some(place) = named.filter(|_| depth == 2) else {
                    return Err(odd("a list has another name than those of uap-core"));
                };
                list = Some(place);
                if let Some(slot) = out.get_mut(place) {
                    slot.get_or_insert_default();
                }
            }
            Event::MappingEnd => {
                depth = depth.saturating_sub(1);
                if let Some(rule) = entry.take() {
                    if rule.pattern.is_empty() {
                        let (_, what) = odd("an entry has no `regex`");
                        return Err((began, what));
                    }
                    let rules = list.and_then(|l| out.get_mut(l)).and_then(Option::as_mut);
                    if let Some(rules) = rules {
                        rules.push(rule);
                    }
                }
            }
            Event::SequenceEnd => {
                depth = depth.saturating_sub(1);
                list = None;
            }
            Event::Scalar(value, ..) => match (key.take(), &mut entry, list) {
                (None, Some(_), _) | (None, None, None) if depth > 0 => {
                    key = Some(value.into_owned());
                }
                (Some(k), Some(rule), Some(l)) => {
                    set(rule, l, &k, &value).map_err(|what| odd(&what))?;
                }
                _ => return Err(odd("a value stands where none is expected")),
            },
            Event::Alias(_) => return Err(odd("it has an alias")),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
    }
    let [Some(browsers), Some(systems), Some(devices)] = out else {
        let message = "the file has no patterns of uap-core: it requires user_agent_parsers, os_parsers and device_parsers";
        return Err((None, message.to_owned()));
    };
    Ok([browsers, systems, devices])
}

/// Sets a field of an entry.
fn set(rule: &mut Rule, list: usize, key: &str, value: &str) -> Result<(), String> {
    match key {
        "regex" => value.clone_into(&mut rule.pattern),
        "regex_flag" if value == "i" => rule.ignore_case = true,
        "regex_flag" => return Err(format!("`{value}` is no flag of a pattern")),
        _ => {
            let parts = LISTS.get(list).map_or(&[][..], |l| l.1);
            let place = parts.iter().position(|p| *p == key);
            match place.and_then(|p: usize| rule.replacements.get_mut(p.min(PARTS - 1))) {
                Some(slot) => *slot = Some(value.to_owned()),
                None => return Err(format!("`{key}` is no key of an entry there")),
            }
        }
    }
    Ok(())
}
