//! Windows event logs (`.evtx`) as rows of `SecurityEvent`, `Event` or `WindowsEvent`.
//!
//! What only the message files of a machine know (`RenderedDescription`, the words of `%%1833`) is not there.

use super::{Next, Object, broken};
use evtx::{EvtxParser, IntoIterChunks, ParserSettings};
use kql_types::text::parse_datetime;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::VecDeque;
use std::io::{Cursor, Read, Result};
use std::sync::Arc;

/// What `Activity` says of events that rules ask for.
const ACTIVITIES: &[(u32, &str)] = &[
    (1102, "The audit log was cleared."),
    (4624, "An account was successfully logged on."),
    (4625, "An account failed to log on."),
    (4634, "An account was logged off."),
    (4647, "User initiated logoff."),
    (4648, "A logon was attempted using explicit credentials."),
    (4656, "A handle to an object was requested."),
    (4657, "A registry value was modified."),
    (4660, "An object was deleted."),
    (4662, "An operation was performed on an object."),
    (4663, "An attempt was made to access an object."),
    (4672, "Special privileges assigned to new logon."),
    (4688, "A new process has been created."),
    (4689, "A process has exited."),
    (4697, "A service was installed in the system."),
    (4698, "A scheduled task was created."),
    (4699, "A scheduled task was deleted."),
    (4702, "A scheduled task was updated."),
    (4719, "System audit policy was changed."),
    (4720, "A user account was created."),
    (4722, "A user account was enabled."),
    (4723, "An attempt was made to change an account's password."),
    (4724, "An attempt was made to reset an account's password."),
    (4725, "A user account was disabled."),
    (4726, "A user account was deleted."),
    (
        4728,
        "A member was added to a security-enabled global group.",
    ),
    (
        4732,
        "A member was added to a security-enabled local group.",
    ),
    (4738, "A user account was changed."),
    (4740, "A user account was locked out."),
    (
        4756,
        "A member was added to a security-enabled universal group.",
    ),
    (
        4768,
        "A Kerberos authentication ticket (TGT) was requested.",
    ),
    (4769, "A Kerberos service ticket was requested."),
    (4771, "Kerberos pre-authentication failed."),
    (5140, "A network share object was accessed."),
    (
        5156,
        "The Windows Filtering Platform has allowed a connection.",
    ),
    (
        5158,
        "The Windows Filtering Platform has permitted a bind to a local port.",
    ),
];

/// Events whose `Account` is the one that is logged on or off, and those where it is the one that acts.
const OF_TARGET: [u32; 4] = [4624, 4625, 4634, 4647];
const OF_SUBJECT: [u32; 4] = [4672, 4673, 4688, 4689];

/// The events of a log, a chunk at a time.
pub(super) struct Events {
    chunks: IntoIterChunks<Cursor<Vec<u8>>>,
    settings: Arc<ParserSettings>,
    waiting: VecDeque<String>,
    table: String,
    columns: Vec<String>,
}

impl Events {
    pub(super) fn open(mut bytes: Box<dyn Read + Send>, table: &str) -> Result<Events> {
        let mut all = Vec::new();
        bytes.read_to_end(&mut all)?;
        let settings = ParserSettings::new().indent(false).num_threads(1);
        let parser = EvtxParser::from_buffer(all)
            .map_err(|e| broken(format!("this is no Windows event log: {e}")))?
            .with_configuration(settings.clone());
        let columns = crate::builtin::schema(table).unwrap_or_default();
        Ok(Events {
            chunks: parser.into_chunks(),
            settings: Arc::new(settings),
            waiting: VecDeque::new(),
            table: table.to_owned(),
            columns: columns.into_iter().map(|c| c.name).collect(),
        })
    }

    fn row(&self, xml: &str, out: &mut String) -> Result<bool> {
        let found =
            Found::read(xml).map_err(|e| broken(format!("an event's XML cannot be read: {e}")))?;
        let security = found.of("Channel") == "Security";
        match self.table.as_str() {
            "SecurityEvent" if security => found.security_event(&self.columns, out),
            "Event" if !security => found.event(out),
            "SecurityEvent" | "Event" => return Ok(false),
            _ => found.windows_event(out),
        }
        Ok(true)
    }
}

impl Next for Events {
    fn next(&mut self, out: &mut String) -> Result<bool> {
        loop {
            while let Some(xml) = self.waiting.pop_front() {
                if self.row(&xml, out)? {
                    return Ok(true);
                }
            }
            let Some(chunk) = self.chunks.next() else {
                return Ok(false);
            };
            let fault = |e: &dyn std::fmt::Display| broken(format!("the log is broken: {e}"));
            let mut chunk = chunk.map_err(|e| fault(&e))?;
            let mut chunk = chunk
                .parse(Arc::clone(&self.settings))
                .map_err(|e| fault(&e))?;
            for record in chunk.iter() {
                let record = record.map_err(|e| fault(&e))?;
                let xml = record.into_xml().map_err(|e| fault(&e))?;
                self.waiting.push_back(xml.data);
            }
        }
    }
}

/// What an event says.
#[derive(Default)]
struct Found<'x> {
    /// Elements and attributes of `System`: `EventID`, `Provider@Name`.
    system: Vec<(String, String)>,
    /// `Data` elements in order; the name may be empty.
    data: Vec<(String, String)>,
    /// The element with them as it stands.
    payload: &'x str,
}

impl<'x> Found<'x> {
    fn read(xml: &'x str) -> std::result::Result<Found<'x>, String> {
        let mut out = Found::default();
        let mut reader = Reader::from_str(xml);
        let mut path: Vec<String> = Vec::new();
        let mut text = String::new();
        let mut name = String::new();
        let mut begin = 0;
        loop {
            let at = usize::try_from(reader.buffer_position()).unwrap_or(0);
            let event = reader.read_event().map_err(|e| e.to_string())?;
            match event {
                Event::Eof => break,
                Event::Start(tag) => {
                    text.clear();
                    let tag_name = name_of(&tag);
                    out.attributes(&path, &tag, &tag_name, &mut name);
                    if path.len() == 1 {
                        begin = at;
                    }
                    path.push(tag_name);
                }
                Event::Empty(tag) => {
                    let tag_name = name_of(&tag);
                    out.attributes(&path, &tag, &tag_name, &mut name);
                    if is_payload(&path) && path.len() >= 2 {
                        let name = if tag_name == "Data" { &name } else { &tag_name };
                        out.data.push((name.clone(), String::new()));
                    }
                }
                Event::Text(t) => text.push_str(&String::from_utf8_lossy(&t)),
                Event::CData(t) => text.push_str(&quick_xml::escape::escape(
                    String::from_utf8_lossy(&t).into_owned(),
                )),
                Event::GeneralRef(r) => {
                    text.push('&');
                    text.push_str(&String::from_utf8_lossy(&r));
                    text.push(';');
                }
                Event::End(_) => {
                    let tag = path.pop().unwrap_or_default();
                    let value = quick_xml::escape::unescape(&text)
                        .map_or_else(|_| text.clone(), std::borrow::Cow::into_owned);
                    let value = value.trim().to_owned();
                    text.clear();
                    let end = usize::try_from(reader.buffer_position()).unwrap_or(0);
                    match path.as_slice() {
                        [_, system] if system == "System" => out.system.push((tag, value)),
                        [_, kind, ..] if kind == "EventData" || kind == "UserData" => {
                            let name = if tag == "Data" {
                                std::mem::take(&mut name)
                            } else {
                                tag
                            };
                            out.data.push((name, value));
                        }
                        [_] if tag == "EventData" || tag == "UserData" => {
                            out.payload = xml.get(begin..end).unwrap_or_default();
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        Ok(out)
    }

    fn attributes(&mut self, path: &[String], tag: &BytesStart<'_>, own: &str, name: &mut String) {
        let in_system = matches!(path, [_, s] if s == "System");
        if own == "Data" {
            name.clear();
        }
        for a in tag.attributes().filter_map(std::result::Result::ok) {
            let key = String::from_utf8_lossy(a.key.as_ref()).into_owned();
            let raw = String::from_utf8_lossy(&a.value).into_owned();
            let value = quick_xml::escape::unescape(&raw)
                .map_or_else(|_| raw.clone(), std::borrow::Cow::into_owned);
            if in_system {
                self.system.push((format!("{own}@{key}"), value));
            } else if own == "Data" && key == "Name" {
                *name = value;
            }
        }
    }

    fn of(&self, name: &str) -> &str {
        let mut all = self.system.iter();
        all.find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    fn value(&self, name: &str) -> &str {
        let mut all = self.data.iter();
        all.find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    fn time(&self) -> &str {
        let t = self.of("TimeCreated@SystemTime");
        if parse_datetime(t).is_some() { t } else { "" }
    }

    /// What all of the tables have.
    fn common(&self, out: &mut Object<'_>) {
        out.text("TimeGenerated", self.time());
        out.text("Computer", self.of("Computer"));
        number(out, "EventID", self.of("EventID"));
    }

    fn security_event(&self, columns: &[String], text: &mut String) {
        let mut out = Object::new(text);
        self.common(&mut out);
        out.text("EventSourceName", self.of("Provider@Name"));
        out.text("Channel", self.of("Channel"));
        number(&mut out, "Task", self.of("Task"));
        out.text("Level", self.of("Level"));
        out.text("EventData", self.payload);
        let id: u32 = self.of("EventID").parse().unwrap_or(0);
        let activity = match ACTIVITIES.iter().find(|(n, _)| *n == id) {
            Some((_, words)) => format!("{id} - {words}"),
            None => id.to_string(),
        };
        out.text("Activity", &activity);
        let subject = account(
            self.value("SubjectDomainName"),
            self.value("SubjectUserName"),
        );
        let target = account(self.value("TargetDomainName"), self.value("TargetUserName"));
        out.text("SubjectAccount", &subject);
        out.text("TargetAccount", &target);
        let whose = if OF_TARGET.contains(&id) {
            &target
        } else if OF_SUBJECT.contains(&id) {
            &subject
        } else {
            ""
        };
        if !whose.is_empty() {
            out.text("Account", whose);
            let machine = whose.ends_with('$');
            out.text("AccountType", if machine { "Machine" } else { "User" });
        }
        let path = match self.value("NewProcessName") {
            "" => self.value("ProcessName"),
            p => p,
        };
        if let Some(file) = path.rsplit('\\').next().filter(|f| !f.is_empty()) {
            out.text("Process", file);
        }
        const OWN: [&str; 12] = [
            "TimeGenerated",
            "Computer",
            "EventID",
            "EventSourceName",
            "Channel",
            "Task",
            "Level",
            "EventData",
            "Activity",
            "SubjectAccount",
            "TargetAccount",
            "Account",
        ];
        for (name, value) in &self.data {
            if columns.contains(name) && !OWN.contains(&name.as_str()) && name != "Process" {
                // `-` and words of message files are no numbers.
                match name.as_str() {
                    "LogonType"
                    | "KeyLength"
                    | "ErrorCode"
                    | "AuthenticationLevel"
                    | "AuthenticationService"
                    | "AuditsDiscarded"
                    | "ServiceStartType" => {
                        number(&mut out, name, value);
                    }
                    _ => out.text(name, value),
                }
            }
        }
        out.end();
    }

    fn event(&self, text: &mut String) {
        let mut out = Object::new(text);
        self.common(&mut out);
        out.text("Source", self.of("Provider@Name"));
        out.text("EventLog", self.of("Channel"));
        number(&mut out, "EventLevel", self.of("Level"));
        out.text("EventLevelName", level(self.of("Level")));
        number(&mut out, "EventCategory", self.of("Task"));
        let mut parameters = String::new();
        for (_, value) in &self.data {
            parameters.push_str("<Param>");
            parameters.push_str(&quick_xml::escape::escape(value.as_str()));
            parameters.push_str("</Param>");
        }
        out.text("ParameterXml", &parameters);
        let data = format!(
            "<DataItem type=\"System.XmlData\" time=\"{}\" sourceHealthServiceId=\"00000000-0000-0000-0000-000000000000\">{}</DataItem>",
            self.time(),
            self.payload
        );
        out.text("EventData", &data);
        out.end();
    }

    fn windows_event(&self, text: &mut String) {
        let mut out = Object::new(text);
        self.common(&mut out);
        out.text("Provider", self.of("Provider@Name"));
        out.text("Channel", self.of("Channel"));
        number(&mut out, "EventLevel", self.of("Level"));
        out.text("EventLevelName", level(self.of("Level")));
        number(&mut out, "Task", self.of("Task"));
        number(&mut out, "Version", self.of("Version"));
        out.text("Opcode", self.of("Opcode"));
        out.text("Keywords", self.of("Keywords"));
        out.text("EventRecordId", self.of("EventRecordID"));
        out.text("Correlation", self.of("Correlation@ActivityID"));
        number(&mut out, "SystemProcessId", self.of("Execution@ProcessID"));
        number(&mut out, "SystemThreadId", self.of("Execution@ThreadID"));
        out.text("SystemUserId", self.of("Security@UserID"));
        let mut data = String::new();
        let mut bag = Object::new(&mut data);
        for (i, (name, value)) in self.data.iter().enumerate() {
            match name.as_str() {
                "" => bag.text(&format!("param{}", i + 1), value),
                name => bag.text(name, value),
            }
        }
        bag.end();
        out.raw("EventData", data.trim_end());
        out.end();
    }
}

fn name_of(tag: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(tag.local_name().as_ref()).into_owned()
}

fn is_payload(path: &[String]) -> bool {
    matches!(
        path.get(1).map(String::as_str),
        Some("EventData" | "UserData")
    )
}

fn account(domain: &str, user: &str) -> String {
    let some = |t: &str| !t.is_empty() && t != "-";
    match (some(domain), some(user)) {
        (true, true) => format!("{domain}\\{user}"),
        (false, true) => user.to_owned(),
        _ => String::new(),
    }
}

fn number(out: &mut Object<'_>, name: &str, value: &str) {
    if let Ok(n) = value.parse::<i64>() {
        out.raw(name, &n.to_string());
    }
}

fn level(level: &str) -> &'static str {
    match level {
        "1" => "Critical",
        "2" => "Error",
        "3" => "Warning",
        "0" | "4" => "Information",
        "5" => "Verbose",
        _ => "",
    }
}
