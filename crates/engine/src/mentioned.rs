//! Known columns that the data lacks: a text that names them gets them, without values.

use crate::functions::{Stored, words};
use crate::session::Session;
use kql_bind::scope::TableSchema;
use kql_types::{ColumnSchema, Type, Value};
use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::Arc;

/// Columns that every table of a workspace has, whatever its schema says.
const STANDARD: [(&str, Type); 5] = [
    ("TenantId", Type::String),
    ("SourceSystem", Type::String),
    ("MG", Type::Guid),
    ("ManagementGroupName", Type::String),
    ("_ItemId", Type::String),
];

/// Columns that tables have whose schema is not published.
const CUSTOM: [(&str, Type); 4] = [
    ("_ResourceId", Type::String),
    ("_SubscriptionId", Type::String),
    ("_IsBillable", Type::String),
    ("_BilledSize", Type::Real),
];

/// Columns that tables have and the published list of their schemas lacks.
const UNLISTED: [(&str, &str, Type); 5] = [
    ("DefenderIoTRawEvent", "AgentId", Type::String),
    ("VMConnection", "AdditionalInformation", Type::String),
    ("VMConnection", "ReportReferenceLink", Type::String),
    ("WindowsEvent", "Data", Type::Dynamic),
    ("WindowsEvent", "TimeCreated", Type::DateTime),
];

/// The words of a text and of the stored functions that it can come to.
pub(crate) struct Mentioned<'t> {
    text: &'t str,
    words: OnceCell<Words<'t>>,
}

struct Words<'t> {
    own: HashSet<&'t str>,
    /// The functions that the text can come to.
    called: Vec<Arc<Stored>>,
}

impl Words<'_> {
    fn contains(&self, word: &str) -> bool {
        self.own.contains(word) || self.called.iter().any(|f| f.words().contains(word))
    }
}

impl<'t> Mentioned<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Mentioned {
            text,
            words: OnceCell::new(),
        }
    }

    /// Adds the columns that the text names and the table has elsewhere.
    pub(crate) fn complete(&self, t: &mut TableSchema, session: &Session) {
        let has = |t: &TableSchema, name: &str| t.columns.iter().any(|c| c.name == name);
        let timed = has(t, "TimeGenerated");
        let built_in = kql_sources::builtin::is_known(&t.name);
        let mut wanted: Vec<ColumnSchema> = t.absent.clone();
        let mut add = |name: &str, ty: Type| {
            if !wanted.iter().any(|c| c.name == name) {
                wanted.push(ColumnSchema {
                    name: name.to_owned(),
                    ty,
                });
            }
        };
        if timed {
            STANDARD.iter().for_each(|(name, ty)| add(name, *ty));
        }
        if timed && !built_in {
            CUSTOM.iter().for_each(|(name, ty)| add(name, *ty));
        }
        if built_in {
            let own = UNLISTED.iter().filter(|(table, _, _)| *table == t.name);
            own.for_each(|(_, name, ty)| add(name, *ty));
        }
        if timed || built_in {
            add("Type", Type::String);
        }
        if wanted.is_empty() {
            return;
        }
        let words = self.words.get_or_init(|| reached(self.text, session));
        for c in wanted {
            if !words.contains(&c.name) || has(t, &c.name) {
                continue;
            }
            if c.name == "Type" {
                let name = Value::String(t.name.clone());
                t.constants.push((c.name, name));
            } else {
                t.columns.push(c);
            }
        }
    }
}

fn reached<'t>(text: &'t str, session: &Session) -> Words<'t> {
    let own: HashSet<&str> = words(text).collect();
    let mut called: Vec<Arc<Stored>> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut rest: Vec<&Arc<Stored>> = own.iter().filter_map(|w| session.stored(w)).collect();
    while let Some(f) = rest.pop() {
        if seen.insert(&f.function.name) {
            called.push(Arc::clone(f));
            rest.extend(f.words().iter().filter_map(|w| session.stored(w)));
        }
    }
    Words { own, called }
}
