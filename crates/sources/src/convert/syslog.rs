//! Lines of syslog as rows of `Syslog`: RFC 3164 and RFC 5424, with or without their priority, and the files of rsyslog.
//!
//! The time of a line is taken as UTC where it has no zone.

use super::Object;
use kql_types::text::datetime::days_of;
use kql_types::text::{format_datetime_iso, parse_datetime};

const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
    "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
];
const SEVERITIES: [&str; 8] = [
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// What stands before the message of a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head<'l> {
    pub(super) facility: Option<&'static str>,
    pub(super) severity: Option<&'static str>,
    /// In ticks.
    pub(super) time: Option<i64>,
    pub(super) host: &'l str,
    /// Process and its number of RFC 5424.
    process: Option<(&'l str, &'l str)>,
    pub(super) rest: &'l str,
}

/// Whether a line is one of syslog.
pub(super) fn is_line(line: &str) -> bool {
    head(line, 2000).is_some_and(|h| h.time.is_some() && !h.host.is_empty())
}

/// Whether the time of a line has a year.
pub(crate) fn has_year(line: &str) -> bool {
    let line = priority(line).map_or(line, |(_, rest)| rest);
    !MONTHS.iter().any(|m| line.starts_with(m))
}

/// A line as a row.
pub(super) fn row(line: &str, year: i64, out: &mut Object<'_>) -> Result<(), String> {
    let h = head(line, year).ok_or("this is no line of syslog")?;
    if let Some(t) = h.time {
        let t = format_datetime_iso(t);
        out.text("TimeGenerated", &t);
        out.text("EventTime", &t);
    }
    out.text("Computer", h.host);
    out.text("HostName", h.host);
    if let (Some(f), Some(s)) = (h.facility, h.severity) {
        out.text("Facility", f);
        out.text("SeverityLevel", s);
    }
    let (name, id, message) = match h.process {
        Some((name, id)) => (name, id, h.rest),
        None => tag(h.rest),
    };
    out.text("ProcessName", name);
    if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) && id.len() < 10 {
        out.raw("ProcessID", id.trim_start_matches('0'));
    }
    out.text("SyslogMessage", message);
    Ok(())
}

/// `sshd[123]: text`, `kernel: text`.
fn tag(rest: &str) -> (&str, &str, &str) {
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || "-_./@".contains(c)))
        .unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    if name.is_empty() {
        return ("", "", rest);
    }
    let (id, behind) = match behind.strip_prefix('[').and_then(|b| b.split_once(']')) {
        Some((id, b)) => (id, b),
        None => ("", behind),
    };
    match behind.strip_prefix(':') {
        Some(text) => (name, id, text.strip_prefix(' ').unwrap_or(text)),
        None => ("", "", rest),
    }
}

fn priority(line: &str) -> Option<(u16, &str)> {
    let (n, rest) = line.strip_prefix('<')?.split_once('>')?;
    let n: u16 = n.parse().ok().filter(|n| *n < 192)?;
    Some((n, rest))
}

/// What stands before the message; `year` is that of times without one.
pub(super) fn head(line: &str, year: i64) -> Option<Head<'_>> {
    let mut out = Head::default();
    let mut rest = line;
    let pri = priority(line);
    if let Some((n, behind)) = pri {
        out.facility = FACILITIES.get(usize::from(n / 8)).copied();
        out.severity = SEVERITIES.get(usize::from(n % 8)).copied();
        rest = behind;
    }
    if pri.is_some()
        && let Some(behind) = rest.strip_prefix("1 ")
    {
        return rfc5424(behind, out);
    }
    let (time, behind) = match bsd_time(rest, year) {
        Some(t) => t,
        None => {
            let (word, behind) = rest.split_once(' ')?;
            let dated = word.len() >= 19 && word.as_bytes().get(10) == Some(&b'T');
            (parse_datetime(word).filter(|_| dated)?, behind)
        }
    };
    out.time = Some(time);
    let (host, rest) = behind.trim_start().split_once(' ')?;
    out.host = host;
    out.rest = rest;
    Some(out)
}

/// `TIME HOST APP PROCID MSGID [DATA] TEXT`, each `-` where it is missing.
fn rfc5424<'l>(rest: &'l str, mut out: Head<'l>) -> Option<Head<'l>> {
    let mut words = rest.splitn(6, ' ');
    let time = words.next()?;
    if time != "-" {
        out.time = Some(parse_datetime(time)?);
    }
    let some = |w: &'l str| if w == "-" { "" } else { w };
    out.host = some(words.next()?);
    out.process = Some((some(words.next()?), some(words.next()?)));
    words.next()?;
    let rest = words.next().unwrap_or_default();
    out.rest = match rest.strip_prefix('-') {
        Some(text) => text,
        None => behind_data(rest)?,
    };
    out.rest = out.rest.strip_prefix(' ').unwrap_or(out.rest);
    out.rest = out.rest.strip_prefix('\u{feff}').unwrap_or(out.rest);
    Some(out)
}

/// Behind `[id a="b"][id2 ...]`.
fn behind_data(text: &str) -> Option<&str> {
    let mut chars = text.char_indices().peekable();
    let (mut inside, mut quoted) = (false, false);
    while let Some((i, c)) = chars.next() {
        match c {
            '\\' if quoted => {
                chars.next();
            }
            '"' if inside => quoted = !quoted,
            '[' if !quoted => inside = true,
            ']' if !quoted => {
                inside = false;
                if chars.peek().is_none_or(|(_, n)| *n != '[') {
                    return text.get(i + 1..);
                }
            }
            _ if !inside => return None,
            _ => {}
        }
    }
    text.is_empty().then_some(text)
}

/// `Oct  1 22:14:15 `, with the year before the time or behind the day where some write it.
fn bsd_time(text: &str, year: i64) -> Option<(i64, &str)> {
    let month = MONTHS.iter().position(|m| text.starts_with(m))?;
    let rest = text.get(3..)?.strip_prefix(' ')?.trim_start();
    let (day, rest) = rest.split_once(' ')?;
    let (mut time, mut rest) = rest.trim_start().split_once(' ')?;
    let mut year = year;
    if time.len() == 4
        && let Ok(y) = time.parse()
    {
        year = y;
        (time, rest) = rest.split_once(' ')?;
    }
    let time = time.trim_end_matches(':');
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut parts = clock.splitn(3, ':').map(|p| p.parse::<i64>().ok());
    let (h, m, s) = (parts.next()??, parts.next()??, parts.next()??);
    let day: i64 = day.parse().ok()?;
    let fits = (0..24).contains(&h) && (0..60).contains(&m) && (0..60).contains(&s);
    fits.then_some(())?;
    let days = days_of(year, i64::try_from(month).ok()? + 1, day)?;
    let mut ticks = ((days * 24 + h) * 60 + m) * 60 + s;
    ticks *= 10_000_000;
    if !fraction.is_empty() {
        let digits: String = fraction.chars().chain("0000000".chars()).take(7).collect();
        ticks += digits.parse::<i64>().ok()?;
    }
    Some((ticks, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> String {
        let mut text = String::new();
        let mut out = Object::new(&mut text);
        row(line, 2024, &mut out).unwrap();
        out.end();
        text
    }

    #[test]
    fn forms() {
        assert_eq!(
            of("<38>Jul  1 22:14:15 web01 sshd[0123]: Failed password for root"),
            "{\"TimeGenerated\":\"2024-07-01T22:14:15.0000000Z\",\"EventTime\":\"2024-07-01T22:14:15.0000000Z\",\"Computer\":\"web01\",\"HostName\":\"web01\",\"Facility\":\"auth\",\"SeverityLevel\":\"info\",\"ProcessName\":\"sshd\",\"ProcessID\":123,\"SyslogMessage\":\"Failed password for root\"}\n"
        );
        let new = of("<165>1 2024-07-01T22:14:15.003Z web01 app - ID47 [x@1 a=\"]\\\"\"][y] hello");
        assert!(new.contains("\"Facility\":\"local4\",\"SeverityLevel\":\"notice\",\"ProcessName\":\"app\",\"SyslogMessage\":\"hello\""), "{new}");
        let file = of("2024-07-01T22:14:15.123456+02:00 web01 kernel: up: yes");
        assert!(file.contains("T20:14:15.1234560Z"), "{file}");
        assert!(
            file.contains("\"ProcessName\":\"kernel\",\"SyslogMessage\":\"up: yes\""),
            "{file}"
        );
        let plain = of("Jul 1 2023 22:14:15 web01 no tag here");
        assert!(
            plain.contains("2023-07-01")
                && plain.contains("\"ProcessName\":\"\",\"SyslogMessage\":\"no tag here\""),
            "{plain}"
        );
        for no in [
            "",
            "hello world",
            "<999>Jul 1 22:14:15 a b",
            "Jul 32 22:14:15 a b",
            "2024-07-01 a b",
        ] {
            assert!(!is_line(no), "{no}");
        }
        assert!(!has_year("<38>Jul  1 22:14:15 a b") && has_year("<38>1 2024"));
    }
}
