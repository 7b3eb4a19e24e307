//! `datetime_utc_to_local(from, timezone)`, `datetime_local_to_utc(from, timezone)` and `datetime_list_timezones()`.

use super::calendar::in_range;
use crate::prelude::*;
use chrono::{DateTime, Days, LocalResult, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};
use kql_types::text::timespan::SECOND;

const ZONE: Param = arg(
    "timezone",
    STRING,
    "The zone by its name in the IANA database: `Europe/Paris`, `US/Pacific`, `UTC`.",
);

/// `datetime_utc_to_local`
pub const TO_LOCAL: FunctionSpec = FunctionSpec {
    name: "datetime_utc_to_local",
    summary: "What clocks in a time zone show at a moment given in UTC.",
    signatures: &[sig(
        &[arg("from", DATETIME, "The moment in UTC."), ZONE],
        DATETIME,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(to_local),
    examples: &[
        ex(
            "datetime_utc_to_local(datetime(2022-07-11 22:18:48.4678620), 'US/Pacific')",
            "2022-07-11T15:18:48.4678620Z",
        ),
        ex(
            "datetime_utc_to_local(datetime(2022-07-11 22:18:48.4678620), 'Australia/Canberra')",
            "2022-07-12T08:18:48.4678620Z",
        ),
        ex(
            "datetime_utc_to_local(datetime(null), 'US/Pacific')",
            "null",
        ),
    ],
    differs: "A zone that is not known is an error.",
};

/// `datetime_local_to_utc`
pub const TO_UTC: FunctionSpec = FunctionSpec {
    name: "datetime_local_to_utc",
    summary: "The moment in UTC at which clocks in a time zone show a datetime.",
    signatures: &[sig(
        &[arg("from", DATETIME, "What the clocks show."), ZONE],
        DATETIME,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(to_utc),
    examples: &[
        ex(
            "datetime_local_to_utc(datetime(2020-02-02 20:02:20), 'America/Chicago')",
            "2020-02-03T02:02:20.0000000Z",
        ),
        ex(
            "datetime_local_to_utc(datetime(2020-02-02 20:02:20), 'Europe/Paris')",
            "2020-02-02T19:02:20.0000000Z",
        ),
        // The clocks went from 02:00 to 03:00: no clock showed this.
        ex(
            "datetime_local_to_utc(datetime(2022-03-27 02:00), 'Europe/Brussels')",
            "2022-03-27T00:00:00.0000000Z",
        ),
        ex(
            "datetime_local_to_utc(datetime(2022-03-27 03:00), 'Europe/Brussels')",
            "2022-03-27T01:00:00.0000000Z",
        ),
    ],
    differs: "What clocks show twice, when they go back an hour, is an error: which of both moments Kusto means is not documented. A zone that is not known is an error.",
};

/// `datetime_list_timezones`
pub const LIST: FunctionSpec = FunctionSpec {
    name: "datetime_list_timezones",
    summary: "The names of all time zones, sorted.",
    signatures: &[sig(&[], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(list),
    examples: &[ex(
        "array_index_of(datetime_list_timezones(), 'Europe/Paris') > 0",
        "True",
    )],
    differs: "The names are those of the edition of the IANA database that this program has.",
};

/// Ticks at 1970-01-01.
const EPOCH: i64 = kql_types::text::datetime::UNIX_EPOCH;

/// Zones by name; the last one is at hand.
struct Zones<'a>(Option<(&'a str, Tz)>);

impl<'a> Zones<'a> {
    fn get(&mut self, name: &'a str) -> Result<Tz> {
        match self.0 {
            Some((last, zone)) if last == name => Ok(zone),
            _ => {
                let zone = name.parse::<Tz>().map_err(|_| {
                    KernelError::new(format!("`{name}` is not the name of a time zone"))
                })?;
                self.0 = Some((name, zone));
                Ok(zone)
            }
        }
    }
}

/// The whole seconds, as clocks show them.
fn clock(ticks: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp((ticks - EPOCH).div_euclid(SECOND), 0).map(|t| t.naive_utc())
}

/// Ticks that a zone is ahead of UTC.
fn ahead(offset: &impl Offset) -> i64 {
    i64::from(offset.fix().local_minus_utc()) * SECOND
}

fn convert<'a>(
    args: &Args<'a>,
    offset: impl Fn(Tz, NaiveDateTime) -> Result<i64>,
) -> Result<ArrayRef> {
    let (from, zone) = (args.long(0)?, args.str(1)?);
    let mut zones = Zones(None);
    try_long_result(args.rows, |row| {
        let Some(ticks) = from.get(row) else {
            return Ok(None);
        };
        let zone = zones.get(zone.get(row))?;
        let Some(shown) = clock(ticks) else {
            return Ok(None);
        };
        Ok(ticks.checked_add(offset(zone, shown)?).and_then(in_range))
    })
}

fn to_local(args: &Args<'_>) -> Result<ArrayRef> {
    convert(args, |zone, utc| {
        Ok(ahead(&zone.offset_from_utc_datetime(&utc)))
    })
}

fn to_utc(args: &Args<'_>) -> Result<ArrayRef> {
    convert(args, |zone, local| {
        Ok(match zone.offset_from_local_datetime(&local) {
            LocalResult::Single(offset) => -ahead(&offset),
            // Clocks have left this out: the offset after it counts.
            LocalResult::None => {
                let later = local.checked_add_days(Days::new(1)).unwrap_or(local);
                -ahead(&zone.offset_from_utc_datetime(&later))
            }
            LocalResult::Ambiguous(..) => {
                return Err(KernelError::new(format!(
                    "clocks in {zone} show {local} twice: which of both moments is meant is not known"
                )));
            }
        })
    })
}

fn list(args: &Args<'_>) -> Result<ArrayRef> {
    let mut names: Vec<&str> = TZ_VARIANTS.iter().map(|z| z.name()).collect();
    names.sort_unstable();
    dyn_result(args.rows, |_, w| {
        w.begin_array();
        for name in &names {
            w.string(name);
        }
        w.end();
    })
}
