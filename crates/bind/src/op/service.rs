//! Functions that Defender answers from what it knows: `FileProfile` and its kin. Here a table of the same name answers
//! them, or nulls where the session says so. Their columns are those of their reference pages.

use crate::binder::{Binder, Res};
use crate::env::UserFunction;
use crate::plan::Relation;
use crate::scope::{ReadFunction, StoredFunction};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast;
use kql_types::Type;
use std::rc::Rc;

/// What `FileProfile` adds.
const PROFILE: [(&str, Type); 18] = [
    ("SHA1", Type::String),
    ("SHA256", Type::String),
    ("MD5", Type::String),
    ("FileSize", Type::Int),
    ("GlobalPrevalence", Type::Int),
    ("GlobalFirstSeen", Type::DateTime),
    ("GlobalLastSeen", Type::DateTime),
    ("Signer", Type::String),
    ("Issuer", Type::String),
    ("SignerHash", Type::String),
    ("IsCertificateValid", Type::Bool),
    ("IsRootSignerMicrosoft", Type::Bool),
    ("SignatureState", Type::String),
    ("IsExecutable", Type::Bool),
    ("ThreatName", Type::String),
    ("Publisher", Type::String),
    ("SoftwareName", Type::String),
    ("ProfileAvailability", Type::String),
];

/// What `AssignedIPAddresses` gives.
const ADDRESSES: [(&str, Type); 5] = [
    ("Timestamp", Type::DateTime),
    ("IPAddress", Type::String),
    ("IPType", Type::String),
    ("NetworkAdapterType", Type::Int),
    ("ConnectedNetworks", Type::Int),
];

/// Where the answer comes from.
enum Answer {
    /// A table with these columns.
    Table(Vec<String>),
    Nulls,
}

impl Binder<'_> {
    /// The function that `invoke` calls when the name is one of Defender's; none of any other name.
    pub(super) fn service(
        &mut self,
        input: &Relation,
        name: &ast::Name,
        arguments: &[ast::Argument],
    ) -> Option<Res<Rc<UserFunction>>> {
        let (key, added): (&str, &[(&str, Type)]) = match name.text.as_str() {
            "FileProfile" => ("SHA1", &PROFILE),
            "SeenBy" => ("DeviceId", &[("SeenBy", Type::Dynamic)]),
            "DeviceFromIP" => ("IP", &[("DeviceId", Type::String)]),
            _ => return None,
        };
        Some(self.enrichment(input, name, arguments, key, added))
    }

    fn enrichment(
        &mut self,
        input: &Relation,
        name: &ast::Name,
        arguments: &[ast::Argument],
        key: &str,
        added: &[(&str, Type)],
    ) -> Res<Rc<UserFunction>> {
        let (key, place) = match arguments.first().map(|a| (&a.value.kind, a.value.span)) {
            None => (key.to_owned(), name.span),
            Some((ast::ExprKind::Name(n), span)) => (n.text.clone(), span),
            Some((ast::ExprKind::Literal(ast::Literal::String(s)), span)) => (s.clone(), span),
            Some((_, span)) => {
                let message = format!("`{}` requires the name of a column first", name.text);
                return Err(self.fail(codes::ARGUMENT_TYPE, span, message));
            }
        };
        if !input.fields.iter().any(|f| f.name == key) {
            let message = format!("column `{key}` not found");
            return Err(self.fail(codes::UNKNOWN_COLUMN, place, message));
        }
        let new: Vec<&(&str, Type)> = added
            .iter()
            .filter(|(n, _)| !input.fields.iter().any(|f| f.name == *n))
            .collect();
        let null = |ty: Type| match ty {
            Type::String => "''".to_owned(),
            ty => format!("{ty}(null)"),
        };
        let body = match self.answer(name)? {
            Answer::Nulls if new.is_empty() => "T".to_owned(),
            Answer::Nulls => {
                let columns = new.iter().map(|(n, ty)| format!("{n} = {}", null(*ty)));
                format!("T | extend {}", columns.collect::<Vec<_>>().join(", "))
            }
            Answer::Table(there) => {
                let lower = key.to_ascii_lowercase();
                let own = match name.text.as_str() {
                    "FileProfile" if lower.contains("sha256") => "SHA256",
                    "FileProfile" if lower.contains("md5") => "MD5",
                    "FileProfile" => "SHA1",
                    "DeviceFromIP" => "IP",
                    _ => "DeviceId",
                };
                if !there.iter().any(|c| c == own) {
                    let message = format!("table `{}` has no column `{own}`", name.text);
                    return Err(self.fail(codes::UNKNOWN_COLUMN, name.span, message));
                }
                let columns = new.iter().map(|(n, ty)| {
                    let value = if there.iter().any(|c| c == n) {
                        format!("to{ty}({n})")
                    } else {
                        null(*ty)
                    };
                    format!(", {n} = {value}")
                });
                format!(
                    "T | extend __key = tolower(['{key}']) | lookup kind=leftouter ({} | where isnotempty({own}) | project __key = tolower({own}){}) on __key | project-away __key",
                    name.text,
                    columns.collect::<String>()
                )
            }
        };
        let body = if name.text == "DeviceFromIP" {
            format!("{body} | project IP = ['{key}'], DeviceId")
        } else {
            body
        };
        self.made(&name.text, "(T:(*))", body, name.span)
    }

    /// The function behind `AssignedIPAddresses(device, time)`; none of any other name.
    pub(super) fn service_table(&mut self, name: &ast::Name) -> Option<Res<Rc<UserFunction>>> {
        if name.text != "AssignedIPAddresses" {
            return None;
        }
        let answer = match self.answer(name) {
            Ok(a) => a,
            Err(poison) => return Some(Err(poison)),
        };
        let columns = ADDRESSES.map(|(n, ty)| format!("{n}:{ty}")).join(", ");
        let body = match answer {
            Answer::Nulls => format!("datatable({columns})[]"),
            Answer::Table(there) => {
                let devices: Vec<String> = ["DeviceId", "DeviceName"]
                    .iter()
                    .filter(|c| there.iter().any(|t| t == *c))
                    .map(|c| format!("{c} =~ device"))
                    .collect();
                if devices.is_empty() || !there.iter().any(|c| c == "Timestamp") {
                    let message = format!(
                        "table `{}` requires Timestamp, and DeviceId or DeviceName",
                        name.text
                    );
                    return Some(Err(self.fail(codes::UNKNOWN_COLUMN, name.span, message)));
                }
                format!(
                    "{} | where {} | where isnull(time) or Timestamp <= time | project {}",
                    name.text,
                    devices.join(" or "),
                    ADDRESSES
                        .map(|(n, ty)| format!("{n} = to{ty}(column_ifexists('{n}', ''))"))
                        .join(", ")
                )
            }
        };
        let parameters = "(device:string, time:datetime=datetime(null))";
        Some(self.made(&name.text, parameters, body, name.span))
    }

    fn answer(&mut self, name: &ast::Name) -> Res<Answer> {
        if let Some(t) = self.known_table("", &name.text).filter(|t| t.has_data) {
            return Ok(Answer::Table(
                t.columns.into_iter().map(|c| c.name).collect(),
            ));
        }
        if self.scope.empty_tables() || self.scope.answers_null(&name.text) {
            return Ok(Answer::Nulls);
        }
        let at = self.at(name.span);
        let text = &name.text;
        let d = Diagnostic::error(
            codes::NEEDS_SERVICE,
            at,
            format!("`{text}` is answered by Defender, and there is no table `{text}` that answers it here"),
        )
        .with_help(format!(
            "--data {text}=PATH gives its answers, and null-functions = [\"{text}\"] in kql.toml leaves them without values"
        ));
        Err(self.report(d))
    }

    fn made(
        &mut self,
        name: &str,
        parameters: &str,
        body: String,
        span: Span,
    ) -> Res<Rc<UserFunction>> {
        let made = StoredFunction {
            name: name.to_owned(),
            parameters: parameters.to_owned(),
            body,
            origin: name.to_owned(),
            anchors: Vec::new(),
        };
        let read = ReadFunction::of(&made);
        self.read_stored(name, &read, span)
    }
}
