//! The patterns of the uap-core project and what they say of a user agent.

use crate::spec::{KernelError, Result};
use regex::bytes::{Captures, Regex, RegexBuilder};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

/// What `parse_user_agent` can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Family and three parts of a version.
    Browser,
    /// Family and four parts of a version.
    System,
    /// Family, brand and model.
    Device,
}

/// A pattern, and texts in place of what its groups find.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// The pattern.
    pub pattern: String,
    /// Whether the case of letters does not count.
    pub ignore_case: bool,
    /// In the order of the parts of the target; `$1` to `$9` stand for groups.
    pub replacements: [Option<String>; PARTS],
}

/// The most parts that a target has.
pub const PARTS: usize = 5;

/// What is known of a user agent: the parts of a target in order; "" is not known.
pub type Parts = [String; PARTS];

struct Compiled {
    rule: Rule,
    regex: OnceLock<std::result::Result<Regex, String>>,
}

/// The patterns of each target, in their order: the first that matches counts.
pub struct UserAgents {
    rules: [Vec<Compiled>; 3],
    /// Columns repeat user agents, and trying a thousand patterns takes long.
    known: [Mutex<HashMap<String, Arc<Parts>>>; 3],
}

static AGENTS: OnceLock<UserAgents> = OnceLock::new();

/// Lets user agents be looked up there, in the whole process; false when there are patterns already.
pub fn know_user_agents(agents: UserAgents) -> bool {
    AGENTS.set(agents).is_ok()
}

/// The patterns that the process has.
///
/// # Errors
/// It has none.
pub(super) fn user_agents() -> Result<&'static UserAgents> {
    AGENTS.get().ok_or_else(|| {
        KernelError::new(
            "parse_user_agent requires the patterns of uap-core: --user-agents regexes.yaml, or `user-agents` in kql.toml, names them",
        )
    })
}

impl UserAgents {
    /// Patterns of browsers, systems and devices.
    pub fn new(browsers: Vec<Rule>, systems: Vec<Rule>, devices: Vec<Rule>) -> Self {
        let compiled = |rules: Vec<Rule>| {
            let unread = |rule| Compiled {
                rule,
                regex: OnceLock::new(),
            };
            rules.into_iter().map(unread).collect()
        };
        UserAgents {
            rules: [browsers, systems, devices].map(compiled),
            known: Default::default(),
        }
    }

    /// What is known of a user agent.
    ///
    /// # Errors
    /// A pattern cannot be compiled.
    pub fn parts(&self, target: Target, agent: &str) -> Result<Arc<Parts>> {
        /// Distinct user agents that are kept.
        const KEPT: usize = 20_000;
        let [browsers, systems, devices] = &self.rules;
        let [known_browsers, known_systems, known_devices] = &self.known;
        let (rules, known) = match target {
            Target::Browser => (browsers, known_browsers),
            Target::System => (systems, known_systems),
            Target::Device => (devices, known_devices),
        };
        if let Ok(map) = known.lock()
            && let Some(found) = map.get(agent)
        {
            return Ok(Arc::clone(found));
        }
        let found = Arc::new(first_match(rules, target, agent)?);
        if let Ok(mut map) = known.lock() {
            if map.len() >= KEPT {
                map.clear();
            }
            map.insert(agent.to_owned(), Arc::clone(&found));
        }
        Ok(found)
    }
}

fn first_match(rules: &[Compiled], target: Target, agent: &str) -> Result<Parts> {
    for c in rules {
        let regex = c.regex.get_or_init(|| compile(&c.rule));
        let regex = regex.as_ref().map_err(KernelError::new)?;
        if let Some(groups) = regex.captures(agent.as_bytes()) {
            return Ok(filled(&c.rule, target, &groups));
        }
    }
    let mut other = Parts::default();
    if let Some(family) = other.first_mut() {
        "Other".clone_into(family);
    }
    Ok(other)
}

/// Over bytes, with the classes of ASCII, as user agents are: with those of all alphabets a thousand patterns take three
/// times the memory.
fn compile(rule: &Rule) -> std::result::Result<Regex, String> {
    RegexBuilder::new(&rule.pattern)
        .unicode(false)
        .case_insensitive(rule.ignore_case)
        .size_limit(32 << 20)
        .build()
        .map_err(|e| {
            let e = e.to_string();
            let last = e.lines().last().unwrap_or_default();
            format!(
                "pattern `{}` of user agents cannot be compiled: {}",
                rule.pattern,
                last.trim_start_matches("error: ")
            )
        })
}

/// The parts of a match: a part is its replacement; else its group, where it has one.
fn filled(rule: &Rule, target: Target, groups: &Captures<'_>) -> Parts {
    let group = |n: usize| -> Cow<'_, str> {
        let found = groups.get(n).map(|m| m.as_bytes());
        String::from_utf8_lossy(found.unwrap_or_default())
    };
    let mut out = Parts::default();
    for (i, (part, replacement)) in out.iter_mut().zip(&rule.replacements).enumerate() {
        match (target, replacement) {
            (_, Some(text)) => replaced(text, &group, part),
            // A brand is only what a replacement says, and a model without one is what the family is.
            (Target::Device, None) if i == 1 => {}
            (Target::Device, None) => part.push_str(&group(1)),
            (_, None) => part.push_str(&group(i + 1)),
        }
        let trimmed = part.trim();
        if trimmed.len() != part.len() {
            *part = trimmed.to_owned();
        }
    }
    out
}

fn replaced<'t>(text: &str, group: &dyn Fn(usize) -> Cow<'t, str>, out: &mut String) {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let n = rest.peek().and_then(|d| d.to_digit(10)).unwrap_or(0);
        if c == '$' && n > 0 {
            rest.next();
            out.push_str(&group(usize::try_from(n).unwrap_or(0)));
        } else {
            out.push(c);
        }
    }
}
