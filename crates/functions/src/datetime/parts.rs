//! Calendar parts, starts and ends of periods, differences.

use crate::prelude::*;
use kql_types::text::datetime::{MAX, UNIX_EPOCH, date_of, days_in_month, days_of};
use kql_types::text::timespan::{DAY, HOUR, MINUTE, SECOND};

const fn function(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name: ResultName::None,
        nulls: Nulls::Strict,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

const DATE: Param = arg("date", DATETIME, "The datetime.");

/// Days since 0001-01-01 as ticks, when there is such a day.
fn put(y: i64, m: i64, d: i64) -> Option<i64> {
    days_of(y, m, d)?.checked_mul(DAY)
}

/// A month counted from year 0, as `(year, month)`.
fn month(n: i64) -> (i64, i64) {
    (n.div_euclid(12), n.rem_euclid(12) + 1)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Period {
    Day,
    Week,
    Month,
    Year,
}

fn start(t: i64, period: Period, offset: i64) -> Option<i64> {
    let (y, m, _) = date_of(t);
    let day = t.div_euclid(DAY);
    let ticks = match period {
        Period::Day => day.checked_add(offset)?.checked_mul(DAY)?,
        // 0001-01-01 was a Monday, weeks begin on Sunday.
        Period::Week => (day - (day + 1).rem_euclid(7))
            .checked_add(offset.checked_mul(7)?)?
            .checked_mul(DAY)?,
        Period::Month => {
            let (y, m) = month((y * 12 + m - 1).checked_add(offset)?);
            put(y, m, 1)?
        }
        Period::Year => put(y.checked_add(offset)?, 1, 1)?,
    };
    (0..=MAX).contains(&ticks).then_some(ticks)
}

fn end(t: i64, period: Period, offset: i64) -> Option<i64> {
    // The end of the last period of all is the last tick of all.
    let next = start(t, period, offset.checked_add(1)?);
    match next {
        Some(n) => n.checked_sub(1),
        None => start(t, period, offset).map(|_| MAX),
    }
}

const PERIOD: &[Signature] = &[sig(
    &[
        DATE,
        arg("offset", LONG, "How many periods later.").optional(),
    ],
    DATETIME,
)];

fn period(args: &Args<'_>, f: fn(i64, Period, i64) -> Option<i64>, p: Period) -> Result<ArrayRef> {
    let a = args.long(0)?;
    if args.len() == 1 {
        return long_result(args.rows, |r| f(a.value(r), p, 0));
    }
    let offset = args.long(1)?;
    long_result(args.rows, |r| f(a.value(r), p, offset.value(r)))
}

macro_rules! period_function {
    ($name:literal, $summary:literal, $f:ident, $p:ident, $example:literal, $result:literal) => {
        FunctionSpec {
            result_name: ResultName::OnlyArgument,
            ..function(
                $name,
                $summary,
                PERIOD,
                |args| period(args, $f, Period::$p),
                &[ex($example, $result)],
            )
        }
    };
}

/// `startofday`
pub const STARTOFDAY: FunctionSpec = period_function!(
    "startofday",
    "The first tick of the day.",
    start,
    Day,
    "startofday(datetime(2017-01-01 10:10))",
    "2017-01-01T00:00:00.0000000Z"
);
/// `startofweek`
pub const STARTOFWEEK: FunctionSpec = period_function!(
    "startofweek",
    "The first tick of the week, which begins on Sunday.",
    start,
    Week,
    "startofweek(datetime(2017-01-02))",
    "2017-01-01T00:00:00.0000000Z"
);
/// `startofmonth`
pub const STARTOFMONTH: FunctionSpec = period_function!(
    "startofmonth",
    "The first tick of the month.",
    start,
    Month,
    "startofmonth(datetime(2017-02-03), -1)",
    "2017-01-01T00:00:00.0000000Z"
);
/// `startofyear`
pub const STARTOFYEAR: FunctionSpec = period_function!(
    "startofyear",
    "The first tick of the year.",
    start,
    Year,
    "startofyear(datetime(2017-02-03))",
    "2017-01-01T00:00:00.0000000Z"
);
/// `endofday`
pub const ENDOFDAY: FunctionSpec = period_function!(
    "endofday",
    "The last tick of the day.",
    end,
    Day,
    "endofday(datetime(2017-01-01))",
    "2017-01-01T23:59:59.9999999Z"
);
/// `endofweek`
pub const ENDOFWEEK: FunctionSpec = period_function!(
    "endofweek",
    "The last tick of the week, which ends on Saturday.",
    end,
    Week,
    "endofweek(datetime(2017-01-01))",
    "2017-01-07T23:59:59.9999999Z"
);
/// `endofmonth`
pub const ENDOFMONTH: FunctionSpec = period_function!(
    "endofmonth",
    "The last tick of the month.",
    end,
    Month,
    "endofmonth(datetime(2017-02-01))",
    "2017-02-28T23:59:59.9999999Z"
);
/// `endofyear`
pub const ENDOFYEAR: FunctionSpec = period_function!(
    "endofyear",
    "The last tick of the year.",
    end,
    Year,
    "endofyear(datetime(2017-02-01))",
    "2017-12-31T23:59:59.9999999Z"
);

fn number(n: i64) -> Option<i32> {
    i32::try_from(n).ok()
}

fn day_of_year(t: i64) -> i64 {
    let (y, _, _) = date_of(t);
    t.div_euclid(DAY) - days_of(y, 1, 1).unwrap_or(0) + 1
}

/// The ISO week of the year.
fn week_of_year(t: i64) -> i64 {
    let day = t.div_euclid(DAY);
    // The Thursday of the week decides its year.
    let thursday = day - day.rem_euclid(7) + 3;
    (day_of_year(thursday * DAY) - 1) / 7 + 1
}

macro_rules! int_part {
    ($name:literal, $summary:literal, $f:expr, $example:literal, $result:literal) => {
        function(
            $name,
            $summary,
            &[sig(&[DATE], INT)],
            |args| {
                let a = args.long(0)?;
                let f: fn(i64) -> i64 = $f;
                int_result(args.rows, |r| number(f(a.value(r))))
            },
            &[ex($example, $result)],
        )
    };
}

/// `dayofmonth`
pub const DAYOFMONTH: FunctionSpec = int_part!(
    "dayofmonth",
    "The day of the month, from 1.",
    |t| date_of(t).2,
    "dayofmonth(datetime(2015-12-14))",
    "14"
);
/// `dayofyear`
pub const DAYOFYEAR: FunctionSpec = int_part!(
    "dayofyear",
    "The day of the year, from 1.",
    day_of_year,
    "dayofyear(datetime(2015-12-14))",
    "348"
);
/// `monthofyear`
pub const MONTHOFYEAR: FunctionSpec = int_part!(
    "monthofyear",
    "The month, from 1.",
    |t| date_of(t).1,
    "monthofyear(datetime(2015-12-14))",
    "12"
);
/// `getmonth`
pub const GETMONTH: FunctionSpec = int_part!(
    "getmonth",
    "The month, from 1.",
    |t| date_of(t).1,
    "getmonth(datetime(2015-12-14))",
    "12"
);
/// `getyear`
pub const GETYEAR: FunctionSpec = int_part!(
    "getyear",
    "The year.",
    |t| date_of(t).0,
    "getyear(datetime(2015-12-14))",
    "2015"
);
/// `hourofday`
pub const HOUROFDAY: FunctionSpec = int_part!(
    "hourofday",
    "The hour, from 0.",
    |t| t.rem_euclid(DAY) / HOUR,
    "hourofday(datetime(2015-12-14 18:54))",
    "18"
);

/// `week_of_year`
pub const WEEK_OF_YEAR: FunctionSpec = function(
    "week_of_year",
    "The ISO 8601 week of the year.",
    &[sig(&[DATE], INT)],
    |args| {
        let a = args.long(0)?;
        int_result(args.rows, |r| i32::try_from(week_of_year(a.value(r))).ok())
    },
    &[ex("week_of_year(datetime(2020-12-31))", "53")],
);
/// `dayofweek`
pub const DAYOFWEEK: FunctionSpec = function(
    "dayofweek",
    "The days since the Sunday before, as a timespan.",
    &[sig(&[DATE], TIMESPAN)],
    |args| {
        let a = args.long(0)?;
        long_result(args.rows, |r| {
            Some((a.value(r).div_euclid(DAY) + 1).rem_euclid(7) * DAY)
        })
    },
    &[
        ex("dayofweek(datetime(2017-01-02))", "1.00:00:00"),
        ex("dayofweek(datetime(2017-01-01))", "00:00:00"),
    ],
);

const PARTS: &[&str] = &[
    "year",
    "quarter",
    "month",
    "week",
    "day",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "nanosecond",
];

/// Ticks of a fixed unit; none for units of the calendar.
fn unit(part: &str) -> Option<i64> {
    Some(match part {
        "day" => DAY,
        "hour" => HOUR,
        "minute" => MINUTE,
        "second" => SECOND,
        "millisecond" => 10_000,
        "microsecond" => 10,
        _ => return None,
    })
}

fn difference(part: &str, a: i64, b: i64) -> Option<i64> {
    let months = |t: i64| {
        let (y, m, _) = date_of(t);
        y * 12 + m - 1
    };
    Some(match part {
        "year" => date_of(a).0 - date_of(b).0,
        "quarter" => months(a).div_euclid(3) - months(b).div_euclid(3),
        "month" => months(a) - months(b),
        "week" => (a.div_euclid(DAY) + 1).div_euclid(7) - (b.div_euclid(DAY) + 1).div_euclid(7),
        "nanosecond" => a.checked_sub(b)?.checked_mul(100)?,
        other => {
            let u = unit(other)?;
            a.div_euclid(u) - b.div_euclid(u)
        }
    })
}

fn part_name(args: &Args<'_>) -> Result<String> {
    let part = args.str(0)?.get(0).to_ascii_lowercase();
    if PARTS.contains(&part.as_str()) || matches!(part.as_str(), "dayofyear" | "week_of_year") {
        Ok(part)
    } else {
        Err(KernelError::new(format!(
            "`{part}` is no part of a datetime"
        )))
    }
}

/// `datetime_diff`
pub const DATETIME_DIFF: FunctionSpec = function(
    "datetime_diff",
    "How many borders of a part lie between two datetimes.",
    &[sig(
        &[
            arg("part", STRING, "The part.").one_of(PARTS),
            arg("datetime1", DATETIME, "The later datetime."),
            arg("datetime2", DATETIME, "The earlier datetime."),
        ],
        LONG,
    )],
    |args| {
        let part = part_name(args)?;
        let (a, b) = (args.long(1)?, args.long(2)?);
        long_result(args.rows, |r| difference(&part, a.value(r), b.value(r)))
    },
    &[
        ex(
            "datetime_diff('week', datetime(2017-10-29), datetime(2017-09-30 23:59))",
            "5",
        ),
        ex(
            "datetime_diff('year', datetime(2017-01-01), datetime(2000-12-31))",
            "17",
        ),
    ],
);

fn added(part: &str, amount: i64, t: i64) -> Option<i64> {
    let months = match part {
        "year" => amount.checked_mul(12)?,
        "quarter" => amount.checked_mul(3)?,
        "month" => amount,
        _ => {
            let ticks = match part {
                "week" => amount.checked_mul(7 * DAY)?,
                "nanosecond" => amount / 100,
                other => amount.checked_mul(unit(other)?)?,
            };
            return t.checked_add(ticks).filter(|t| (0..=MAX).contains(t));
        }
    };
    let (y, m, d) = date_of(t);
    let (y, m) = month((y * 12 + m - 1).checked_add(months)?);
    put(y, m, d.min(days_in_month(y, m)))?.checked_add(t.rem_euclid(DAY))
}

/// `datetime_add`
pub const DATETIME_ADD: FunctionSpec = function(
    "datetime_add",
    "The datetime so many parts later.",
    &[sig(
        &[
            arg("part", STRING, "The part.").one_of(PARTS),
            arg("amount", LONG, "How many."),
            arg("datetime", DATETIME, "The datetime."),
        ],
        DATETIME,
    )],
    |args| {
        let part = part_name(args)?;
        let (n, t) = (args.long(1)?, args.long(2)?);
        long_result(args.rows, |r| added(&part, n.value(r), t.value(r)))
    },
    &[ex(
        "datetime_add('month', 1, datetime(2020-01-31))",
        "2020-02-29T00:00:00.0000000Z",
    )],
);

/// `datetime_part`
pub const DATETIME_PART: FunctionSpec = function(
    "datetime_part",
    "A part of a datetime as a number.",
    &[sig(&[arg("part", STRING, "The part."), DATE], INT)],
    |args| {
        let part = part_name(args)?;
        if part == "week" {
            let message = "`week` is no part that datetime_part takes: week_of_year is";
            return Err(KernelError::new(message));
        }
        let a = args.long(1)?;
        int_result(args.rows, |r| {
            let t = a.value(r);
            let (y, m, d) = date_of(t);
            let of_day = t.rem_euclid(DAY);
            let n = match part.as_str() {
                "year" => y,
                "quarter" => (m - 1) / 3 + 1,
                "month" => m,
                "week_of_year" => week_of_year(t),
                "dayofyear" => day_of_year(t),
                "day" => d,
                "hour" => of_day / HOUR,
                "minute" => of_day % HOUR / MINUTE,
                "second" => of_day % MINUTE / SECOND,
                "millisecond" => of_day % SECOND / 10_000,
                "microsecond" => of_day % SECOND / 10,
                _ => of_day % SECOND * 100,
            };
            i32::try_from(n).ok()
        })
    },
    &[ex(
        "datetime_part('hour', datetime(2017-10-30 01:02:03))",
        "1",
    )],
);

/// `make_datetime`
pub const MAKE_DATETIME: FunctionSpec = function(
    "make_datetime",
    "A datetime of its parts; null when there is no such datetime.",
    &[
        sig(
            &[
                arg("year", LONG, "Year."),
                arg("month", LONG, "Month."),
                arg("day", LONG, "Day."),
            ],
            DATETIME,
        ),
        sig(
            &[
                arg("year", LONG, "Year."),
                arg("month", LONG, "Month."),
                arg("day", LONG, "Day."),
                arg("hour", LONG, "Hour."),
                arg("minute", LONG, "Minute."),
                arg("second", REAL, "Second.").optional(),
            ],
            DATETIME,
        ),
    ],
    |args| {
        let n = (0..args.len().min(5))
            .map(|i| args.long(i))
            .collect::<Result<Vec<_>>>()?;
        let second = if args.len() > 5 {
            Some(args.real(5)?)
        } else {
            None
        };
        long_result(args.rows, |r| {
            let at = |i: usize| n.get(i).map_or(0, |c| c.value(r));
            let s = second.as_ref().map_or(0.0, |s| s.value(r));
            if !(0..24).contains(&at(3)) || !(0..60).contains(&at(4)) || !(0.0..60.0).contains(&s) {
                return None;
            }
            #[allow(clippy::cast_possible_truncation)]
            let ticks = (s * 1e7).round() as i64;
            put(at(0), at(1), at(2))?.checked_add(at(3) * HOUR + at(4) * MINUTE + ticks)
        })
    },
    &[
        ex("make_datetime(2017, 10, 1)", "2017-10-01T00:00:00.0000000Z"),
        ex("make_datetime(2017, 13, 1)", "null"),
    ],
);

/// `make_timespan`
pub const MAKE_TIMESPAN: FunctionSpec = function(
    "make_timespan",
    "A timespan of its parts; null when a part is out of range.",
    &[
        sig(
            &[arg("hour", LONG, "Hours."), arg("minute", LONG, "Minutes.")],
            TIMESPAN,
        ),
        sig(
            &[
                arg("hour", LONG, "Hours."),
                arg("minute", LONG, "Minutes."),
                arg("second", REAL, "Seconds."),
            ],
            TIMESPAN,
        ),
        sig(
            &[
                arg("day", LONG, "Days."),
                arg("hour", LONG, "Hours."),
                arg("minute", LONG, "Minutes."),
                arg("second", REAL, "Seconds."),
            ],
            TIMESPAN,
        ),
    ],
    |args| {
        let days = usize::from(args.len() == 4);
        let day = if days == 1 { Some(args.long(0)?) } else { None };
        let (h, m) = (args.long(days)?, args.long(days + 1)?);
        let s = if args.len() > 2 {
            Some(args.real(days + 2)?)
        } else {
            None
        };
        long_result(args.rows, |r| {
            let (hour, minute) = (h.value(r), m.value(r));
            let second = s.as_ref().map_or(0.0, |s| s.value(r));
            if !(0..24).contains(&hour)
                || !(0..60).contains(&minute)
                || !(0.0..60.0).contains(&second)
            {
                return None;
            }
            #[allow(clippy::cast_possible_truncation)]
            let ticks = (second * 1e7).round() as i64;
            day.as_ref()
                .map_or(0, |d| d.value(r))
                .checked_mul(DAY)?
                .checked_add(hour * HOUR + minute * MINUTE + ticks)
        })
    },
    &[ex("make_timespan(1, 12, 30, 55.123)", "1.12:30:55.1230000")],
);

macro_rules! unix_function {
    ($name:literal, $unit:literal, $ticks:expr) => {
        function(
            $name,
            concat!("A datetime from ", $unit, " since 1970-01-01."),
            &[sig(&[arg($unit, REAL, "The count.")], DATETIME)],
            |args| {
                let a = args.real(0)?;
                let per: f64 = $ticks;
                #[allow(clippy::cast_possible_truncation)]
                long_result(args.rows, |r| {
                    let x = a.value(r) * per;
                    if !x.is_finite() || x.abs() > 9e18 {
                        return None;
                    }
                    UNIX_EPOCH
                        .checked_add(x.round() as i64)
                        .filter(|t| (0..=MAX).contains(t))
                })
            },
            &[ex(concat!($name, "(0)"), "1970-01-01T00:00:00.0000000Z")],
        )
    };
}

/// `unixtime_seconds_todatetime`
pub const UNIX_SECONDS: FunctionSpec =
    unix_function!("unixtime_seconds_todatetime", "seconds", 1e7);
/// `unixtime_milliseconds_todatetime`
pub const UNIX_MILLISECONDS: FunctionSpec =
    unix_function!("unixtime_milliseconds_todatetime", "milliseconds", 1e4);
/// `unixtime_microseconds_todatetime`
pub const UNIX_MICROSECONDS: FunctionSpec =
    unix_function!("unixtime_microseconds_todatetime", "microseconds", 10.0);
/// `unixtime_nanoseconds_todatetime`
pub const UNIX_NANOSECONDS: FunctionSpec =
    unix_function!("unixtime_nanoseconds_todatetime", "nanoseconds", 0.01);
