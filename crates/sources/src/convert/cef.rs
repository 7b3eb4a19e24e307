//! Lines in the Common Event Format as rows of `CommonSecurityLog`, with or without a head of syslog.

use super::{Object, syslog};
use kql_types::text::{format_datetime_iso, parse_datetime};

/// Keys and their columns.
const KEYS: &[(&str, &str)] = &[
    ("act", "DeviceAction"),
    ("app", "ApplicationProtocol"),
    ("cat", "DeviceEventCategory"),
    ("cnt", "EventCount"),
    ("destinationDnsDomain", "DestinationDnsDomain"),
    ("destinationServiceName", "DestinationServiceName"),
    (
        "destinationTranslatedAddress",
        "DestinationTranslatedAddress",
    ),
    ("destinationTranslatedPort", "DestinationTranslatedPort"),
    ("deviceDirection", "CommunicationDirection"),
    ("deviceDnsDomain", "DeviceDnsDomain"),
    ("deviceExternalId", "DeviceExternalID"),
    ("deviceFacility", "DeviceFacility"),
    ("deviceInboundInterface", "DeviceInboundInterface"),
    ("deviceNtDomain", "DeviceNtDomain"),
    ("deviceOutboundInterface", "DeviceOutboundInterface"),
    ("devicePayloadId", "DevicePayloadId"),
    ("deviceProcessName", "ProcessName"),
    ("deviceTranslatedAddress", "DeviceTranslatedAddress"),
    ("dhost", "DestinationHostName"),
    ("dmac", "DestinationMACAddress"),
    ("dntdom", "DestinationNTDomain"),
    ("dpid", "DestinationProcessId"),
    ("dpriv", "DestinationUserPrivileges"),
    ("dproc", "DestinationProcessName"),
    ("dpt", "DestinationPort"),
    ("dst", "DestinationIP"),
    ("dtz", "DeviceTimeZone"),
    ("duid", "DestinationUserID"),
    ("duser", "DestinationUserName"),
    ("dvc", "DeviceAddress"),
    ("dvchost", "DeviceName"),
    ("dvcmac", "DeviceMacAddress"),
    ("dvcpid", "ProcessID"),
    ("end", "EndTime"),
    ("externalId", "ExternalID"),
    ("fileCreateTime", "FileCreateTime"),
    ("fileHash", "FileHash"),
    ("fileId", "FileID"),
    ("fileModificationTime", "FileModificationTime"),
    ("filePath", "FilePath"),
    ("filePermission", "FilePermission"),
    ("fileType", "FileType"),
    ("fname", "FileName"),
    ("fsize", "FileSize"),
    ("in", "ReceivedBytes"),
    ("msg", "Message"),
    ("oldFileCreateTime", "OldFileCreateTime"),
    ("oldFileHash", "OldFileHash"),
    ("oldFileId", "OldFileID"),
    ("oldFileModificationTime", "OldFileModificationTime"),
    ("oldFileName", "OldFileName"),
    ("oldFilePath", "OldFilePath"),
    ("oldFilePermission", "OldFilePermission"),
    ("oldFileSize", "OldFileSize"),
    ("oldFileType", "OldFileType"),
    ("out", "SentBytes"),
    ("outcome", "EventOutcome"),
    ("proto", "Protocol"),
    ("reason", "Reason"),
    ("request", "RequestURL"),
    ("requestClientApplication", "RequestClientApplication"),
    ("requestContext", "RequestContext"),
    ("requestCookies", "RequestCookies"),
    ("requestMethod", "RequestMethod"),
    ("rt", "ReceiptTime"),
    ("shost", "SourceHostName"),
    ("smac", "SourceMACAddress"),
    ("sntdom", "SourceNTDomain"),
    ("sourceDnsDomain", "SourceDnsDomain"),
    ("sourceServiceName", "SourceServiceName"),
    ("sourceTranslatedAddress", "SourceTranslatedAddress"),
    ("sourceTranslatedPort", "SourceTranslatedPort"),
    ("spid", "SourceProcessId"),
    ("spriv", "SourceUserPrivileges"),
    ("sproc", "SourceProcessName"),
    ("spt", "SourcePort"),
    ("src", "SourceIP"),
    ("start", "StartTime"),
    ("suid", "SourceUserID"),
    ("suser", "SourceUserName"),
    ("type", "EventType"),
];

/// Numbered keys: what stands before and behind the number, and the column's.
const NUMBERED: &[(&str, &str)] = &[
    ("cs", "DeviceCustomString"),
    ("cn", "DeviceCustomNumber"),
    ("cfp", "DeviceCustomFloatingPoint"),
    ("c6a", "DeviceCustomIPv6Address"),
    ("deviceCustomDate", "DeviceCustomDate"),
    ("flexDate", "FlexDate"),
    ("flexNumber", "FlexNumber"),
    ("flexString", "FlexString"),
];

fn column(key: &str) -> Option<String> {
    if let Some((_, c)) = KEYS.iter().find(|(k, _)| *k == key) {
        return Some((*c).to_owned());
    }
    for (k, c) in NUMBERED {
        if let Some(rest) = key.strip_prefix(k) {
            let (number, label) = match rest.strip_suffix("Label") {
                Some(n) => (n, "Label"),
                None => (rest, ""),
            };
            if matches!(number, "1" | "2" | "3" | "4" | "5" | "6") {
                return Some(format!("{c}{number}{label}"));
            }
        }
    }
    None
}

/// Where the format begins in a line.
pub(super) fn begin(line: &str) -> Option<usize> {
    let at = line.find("CEF:")?;
    let version = line.get(at + 4..)?.split_once('|')?.0;
    let is = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
    (is && (at == 0 || line.get(..at)?.ends_with(' '))).then_some(at)
}

/// A line as a row.
pub(super) fn row(line: &str, year: i64, out: &mut Object<'_>) -> Result<(), String> {
    let at = begin(line).ok_or("this is no line of the Common Event Format")?;
    let (before, cef) = line.split_at(at);
    let mut fields = [const { String::new() }; 7];
    let rest = fields_of(cef, &mut fields)
        .ok_or("the head of the Common Event Format has too few fields")?;
    let extension = pairs(rest);
    let head = syslog::head(line, year).filter(|_| !before.is_empty());
    let value = |key: &str| extension.iter().find(|(k, _)| *k == key).map(|(_, v)| v);
    let time = head.as_ref().and_then(|h| h.time);
    let time = time.or_else(|| {
        ["rt", "end", "start"]
            .iter()
            .find_map(|k| time_of(value(k)?))
    });
    if let Some(t) = time {
        out.text("TimeGenerated", &format_datetime_iso(t));
    }
    if let Some(h) = head {
        // The host of a head without a time is the word before the format.
        out.text("Computer", h.host);
    }
    let [_, vendor, product, version, class, name, severity] = &fields;
    out.text("DeviceVendor", vendor);
    out.text("DeviceProduct", product);
    out.text("DeviceVersion", version);
    out.text("DeviceEventClassID", class);
    out.text("Activity", name);
    out.text("LogSeverity", severity);
    let mut others = String::new();
    for (i, (key, value)) in extension.iter().enumerate() {
        // Of keys that stand twice the last one counts.
        if extension.iter().skip(i + 1).any(|(k, _)| k == key) {
            continue;
        }
        match column(key) {
            Some(c) if matches!(c.as_str(), "StartTime" | "EndTime") => {
                if let Some(t) = time_of(value) {
                    out.text(&c, &format_datetime_iso(t));
                }
            }
            Some(c) => out.text(&c, value),
            None => {
                if !others.is_empty() {
                    others.push(';');
                }
                others.push_str(key);
                others.push('=');
                others.push_str(value);
            }
        }
    }
    if !others.is_empty() {
        out.text("AdditionalExtensions", &others);
    }
    Ok(())
}

/// Milliseconds since 1970, or a time as text.
fn time_of(text: &str) -> Option<i64> {
    if text.len() >= 12 && text.bytes().all(|b| b.is_ascii_digit()) {
        let ticks = text.parse::<i64>().ok()?.checked_mul(10_000)?;
        return kql_types::text::datetime::UNIX_EPOCH.checked_add(ticks);
    }
    parse_datetime(text)
}

/// The seven fields of the head; what stands behind them.
fn fields_of<'l>(text: &'l str, fields: &mut [String; 7]) -> Option<&'l str> {
    let mut field = 0;
    let mut chars = text.char_indices();
    while let Some((i, c)) = chars.next() {
        match c {
            '|' => {
                field += 1;
                if field == fields.len() {
                    return text.get(i + 1..);
                }
            }
            '\\' => {
                let (_, c) = chars.next()?;
                fields.get_mut(field)?.push(c);
            }
            c => fields.get_mut(field)?.push(c),
        }
    }
    // Without an extension the last bar may be missing.
    (field == fields.len() - 1).then_some("")
}

/// `key=value key2=value with blanks`.
fn pairs(text: &str) -> Vec<(&str, String)> {
    // Where a key begins, and where its sign stands.
    let mut keys: Vec<(usize, usize)> = Vec::new();
    let bytes = text.as_bytes();
    for (i, b) in bytes.iter().enumerate() {
        if *b != b'=' || (i > 0 && bytes.get(i - 1) == Some(&b'\\')) {
            continue;
        }
        let before = bytes.get(..i).unwrap_or_default();
        let long = before
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_alphanumeric() || b"_.-[]".contains(b))
            .count();
        let start = i - long;
        let behind_blank = start == 0 || bytes.get(start - 1) == Some(&b' ');
        if long > 0 && behind_blank {
            keys.push((start, i));
        }
    }
    let mut out = Vec::new();
    for (n, (start, sign)) in keys.iter().enumerate() {
        let end = keys.get(n + 1).map_or(text.len(), |(s, _)| *s);
        let key = text.get(*start..*sign).unwrap_or_default();
        let value = text.get(sign + 1..end).unwrap_or_default().trim_end();
        out.push((key, unescaped(value)));
    }
    out
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(c @ ('=' | '\\' | '|')) => out.push(c),
            Some(c) => {
                out.push('\\');
                out.push(c);
            }
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart() {
        let line = r"Jul  1 10:00:00 fw01 CEF:0|Palo \| Alto|PAN-OS|10|TRAFFIC|end|3|rt=1719828000000 src=10.0.0.1 dpt=3389 msg=a \= b c=d cs1=x y cs1Label=Rule PanOSFlags=0x1 zone=out";
        let mut text = String::new();
        let mut out = Object::new(&mut text);
        row(line, 2024, &mut out).unwrap();
        out.end();
        let v: serde_json::Value = serde_json::from_str(&text).unwrap();
        let wanted = serde_json::json!({
            "TimeGenerated": "2024-07-01T10:00:00.0000000Z", "Computer": "fw01",
            "DeviceVendor": "Palo | Alto", "DeviceProduct": "PAN-OS", "DeviceVersion": "10",
            "DeviceEventClassID": "TRAFFIC", "Activity": "end", "LogSeverity": "3",
            "ReceiptTime": "1719828000000", "SourceIP": "10.0.0.1", "DestinationPort": "3389",
            "Message": "a = b", "DeviceCustomString1": "x y", "DeviceCustomString1Label": "Rule",
            "AdditionalExtensions": "c=d;PanOSFlags=0x1;zone=out",
        });
        assert_eq!(v, wanted);
        assert!(begin("CEF:0|a").is_some() && begin("xCEF:0|a").is_none());
    }
}
