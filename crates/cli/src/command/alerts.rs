//! `kql run --alerts` and `--replay`: what a rule would have raised.

use crate::output::Writer;
use crate::{args::RunArgs, diagnostics, item};
use kql_content::{Alert, Item, Rule};
use kql_diag::{Diagnostic, codes};
use kql_engine::{Collected, Session};
use kql_types::text::datetime::format_datetime_iso;
use serde_json::{Map, Value, json};

/// How often a rule that runs near real time runs, in ticks.
const MINUTE: i64 = 600_000_000;
/// Runs of a replay.
const MOST_RUNS: i64 = 100_000;

/// Runs a rule and writes its alerts; what the run ends with at least.
pub fn run(args: &RunArgs, item: &Item, session: &Session, writer: Writer<'_>) -> Result<(), u8> {
    let name = &item.query.name;
    let Some(rule) = &item.rule else {
        diagnostics::fault(&format!(
            "{name} is a {}, which raises no alerts",
            item.kind.name()
        ));
        return Err(2);
    };
    let times = match times(args, rule, session) {
        Ok(t) => t,
        Err(e) => {
            diagnostics::fault(&format!("{name}: {e}"));
            return Err(2);
        }
    };
    let mut raised: Vec<(i64, Alert)> = Vec::new();
    let mut quiet_until = i64::MIN;
    for (n, now) in times.iter().enumerate() {
        if *now < quiet_until {
            continue;
        }
        let rows = rows(args, item, rule, session, *now, n == 0)?;
        let alerts = rule.alerts(&rows);
        if let (false, Some(pause)) = (alerts.is_empty(), rule.suppression) {
            quiet_until = now.saturating_add(pause);
        }
        raised.extend(alerts.into_iter().map(|a| (*now, a)));
    }
    write(args, rule, &raised, session, writer)
}

/// When the rule runs: once, or at each of its times in the range of the replay.
fn times(args: &RunArgs, rule: &Rule, session: &Session) -> Result<Vec<i64>, String> {
    let Some(text) = &args.replay else {
        return Ok(vec![session.now()]);
    };
    let fault =
        || format!("--replay requires FROM..TO, such as 2024-07-01..2024-07-02, not `{text}`");
    let (from, to) = text.split_once("..").ok_or_else(fault)?;
    let time = |t: &str| kql_types::text::parse_datetime(t.trim()).ok_or_else(fault);
    let (from, to) = (time(from)?, time(to)?);
    let step = if rule.near_real_time {
        MINUTE
    } else {
        rule.frequency
            .ok_or("a replay requires a rule with a queryFrequency")?
    };
    if from > to {
        return Err(fault());
    }
    let runs = (to - from) / step + 1;
    if runs > MOST_RUNS {
        return Err(format!(
            "the replay has {runs} runs, and at most {MOST_RUNS} are made"
        ));
    }
    Ok((0..runs).map(|i| from + i * step).collect())
}

/// The rows of a run of the rule at a time, as objects.
fn rows(
    args: &RunArgs,
    item: &Item,
    rule: &Rule,
    session: &Session,
    now: i64,
    first: bool,
) -> Result<Vec<Map<String, Value>>, u8> {
    let how = args.session.diagnostics;
    let mut session = session.clone().with_now(now);
    if rule.near_real_time && args.replay.is_some() {
        session = session.with_timespan((now - MINUTE, now - 1));
    }
    let ranged = args.session.timespan.is_some() && args.replay.is_none();
    let (session, source) = item::prepare(item, &session, ranged);
    let prepared = session.prepare_source(source);
    if first || prepared.error().is_some() {
        diagnostics::print_brief(&prepared.diagnostics, &prepared.sources, how);
    }
    if prepared.error().is_some() {
        return Err(1);
    }
    let mut collected = Collected::default();
    if let Err(d) = session.run(&prepared, &mut collected) {
        diagnostics::print(std::slice::from_ref(&d), &prepared.sources, how);
        return Err(if d.code == codes::CANCELLED { 130 } else { 1 });
    }
    let mut out = Vec::new();
    let Some(result) = collected.results.first() else {
        return Ok(out);
    };
    for batch in &result.batches {
        let cells = kql_render::Cells::new(batch, &result.info.columns);
        let Some(columns) = cells.any() else {
            diagnostics::fault("a column of the result is not of its type");
            return Err(1);
        };
        for row in 0..batch.num_rows() {
            let mut object = Map::new();
            for (c, column) in result.info.columns.iter().zip(&columns) {
                let mut text = String::new();
                kql_render::json_cell(column, row, &mut text);
                let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
                object.insert(c.name.clone(), value);
            }
            out.push(object);
        }
    }
    Ok(out)
}

/// Alerts as a table: they leave in any format that rows have.
fn write(
    args: &RunArgs,
    rule: &Rule,
    raised: &[(i64, Alert)],
    session: &Session,
    mut writer: Writer<'_>,
) -> Result<(), u8> {
    let mut text = String::from(
        "datatable(TimeGenerated:datetime, Rule:string, AlertName:string, AlertSeverity:string, Description:string, Tactics:dynamic, Techniques:dynamic, Entities:dynamic, CustomDetails:dynamic, Properties:dynamic, Rows:long)[",
    );
    let string = |s: &str| {
        let escaped = s
            .replace('\\', "\\\\")
            .replace('\'', "\\'")
            .replace('\n', "\\n")
            .replace('\r', "\\r")
            .replace('\t', "\\t");
        format!("'{escaped}'")
    };
    let dynamic = |v: Value| format!("parse_json({})", string(&v.to_string()));
    for (time, a) in raised {
        let cells = [
            format!("datetime({})", format_datetime_iso(*time)),
            string(&rule.name),
            string(&a.name),
            string(&a.severity),
            string(&a.description),
            dynamic(json!(a.tactics)),
            dynamic(json!(a.techniques)),
            dynamic(json!(a.entities)),
            dynamic(Value::Object(a.details.clone())),
            dynamic(Value::Object(a.properties.clone())),
            a.rows.to_string(),
        ];
        text.push_str(&cells.join(", "));
        text.push_str(",\n");
    }
    let text = text.trim_end_matches(",\n").to_owned() + "]";
    let plain = Session::new(session.options().clone());
    let prepared = plain.prepare(&text, "the alerts");
    let done = plain.run(&prepared, &mut writer).and_then(|_| {
        writer.finish().map_err(|e| {
            let message = format!("the result cannot be written: {e}");
            Diagnostic::error(codes::OUTPUT, kql_diag::Span::default(), message)
        })
    });
    done.map_err(|d| {
        diagnostics::print(&[d], &prepared.sources, args.session.diagnostics);
        1
    })
}
