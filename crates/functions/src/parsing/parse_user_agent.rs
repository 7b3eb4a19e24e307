//! `parse_user_agent(user_agent, look_for)`.

use super::user_agents::{Parts, Target, user_agents};
use crate::prelude::*;

/// `parse_user_agent`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_user_agent",
    summary: "Returns the browser, operating system and device that a user agent names.",
    signatures: &[sig(
        &[
            arg("user_agent", STRING, "The user agent."),
            arg_of(
                "look_for",
                Class::StringOrDynamic,
                "browser, os, device, or an array of them.",
            )
            .optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_user_agent),
    examples: &[ex(
        "datatable(agent:string)[] | extend p = parse_user_agent(agent, 'browser') | count",
        "0",
    )],
    differs: "What user agents name is read from the patterns of the uap-core project (`regexes.yaml`), a file of which Kusto has \
              its own edition; without one a user agent is an error. What matches no pattern is `Other`, as that project has it, \
              and what a pattern leaves open is \"\". The bag has Browser, OperatingSystem and Device in this order, however \
              look_for names them.",
};

/// The key of a target and of its parts.
const TARGETS: [(&str, Target, &str, &[&str]); 3] = [
    (
        "browser",
        Target::Browser,
        "Browser",
        &["Family", "MajorVersion", "MinorVersion", "Patch"],
    ),
    (
        "os",
        Target::System,
        "OperatingSystem",
        &[
            "Family",
            "MajorVersion",
            "MinorVersion",
            "Patch",
            "PatchMinor",
        ],
    ),
    (
        "device",
        Target::Device,
        "Device",
        &["Family", "Brand", "Model"],
    ),
];

fn parse_user_agent(args: &Args<'_>) -> Result<ArrayRef> {
    let agents = args.str(0)?;
    if args.columns.len() < 2 {
        return Err(KernelError::new(
            "parse_user_agent requires what to look for: browser, os, device, or an array of them",
        ));
    }
    let look_for = args.any(1)?;
    let agent_patterns = user_agents()?;
    try_dyn_result(args.rows, |row, w| {
        let wanted = wanted(look_for.get(row))?;
        let agent = agents.get(row);
        w.begin_bag();
        for ((_, target, key, names), wanted) in TARGETS.iter().zip(wanted) {
            if wanted {
                w.key(key);
                write(&*agent_patterns.parts(*target, agent)?, names, w);
            }
        }
        w.end();
        Ok(())
    })
}

fn write(parts: &Parts, names: &[&str], w: &mut DynWriter) {
    w.begin_bag();
    for (name, part) in names.iter().zip(parts) {
        w.key(name);
        w.string(part);
    }
    w.end();
}

/// Which of the targets are asked for.
fn wanted(look_for: DynRef<'_>) -> Result<[bool; 3]> {
    let mut out = [false; 3];
    let mut add = |v: DynRef<'_>| {
        let place = match v {
            DynRef::String(name) => TARGETS.iter().position(|t| t.0 == name),
            _ => None,
        };
        match place.and_then(|p| out.get_mut(p)) {
            Some(wanted) => {
                *wanted = true;
                Ok(())
            }
            None => Err(KernelError::new(
                "parse_user_agent looks for `browser`, `os` and `device`, and for nothing else",
            )),
        }
    };
    match look_for {
        DynRef::Array(items) => items.iter().try_for_each(add)?,
        other => add(other)?,
    }
    Ok(out)
}
