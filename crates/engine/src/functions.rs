//! The stored functions of a session, with what was read of them.

use kql_bind::recall::Outcome;
use kql_bind::scope::{ReadFunction, StoredFunction, TableSchema};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};

/// A stored function. It is read when a text first comes to it, once for all texts of the session.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) function: Arc<StoredFunction>,
    read: OnceLock<Arc<ReadFunction>>,
    words: OnceLock<HashSet<String>>,
}

impl Stored {
    pub(crate) fn new(function: StoredFunction) -> Arc<Self> {
        Arc::new(Stored {
            function: Arc::new(function),
            read: OnceLock::new(),
            words: OnceLock::new(),
        })
    }

    /// The function as a tree.
    pub(crate) fn read(&self) -> Arc<ReadFunction> {
        Arc::clone(
            self.read
                .get_or_init(|| Arc::new(ReadFunction::of(&self.function))),
        )
    }

    /// The words of its body.
    pub(crate) fn words(&self) -> &HashSet<String> {
        self.words
            .get_or_init(|| words(&self.function.body).map(str::to_owned).collect())
    }
}

/// The words of a text, each as often as it stands there.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty())
}

/// What a call came to, and the tables that it saw.
#[derive(Debug, Clone)]
pub(crate) struct Recalled {
    pub(crate) outcome: Arc<Outcome>,
    pub(crate) tables: Vec<Arc<TableSchema>>,
}

/// Functions by name. A copy shares the functions, what was read of them and what calls of them came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Functions {
    all: HashMap<String, Arc<Stored>>,
    calls: Arc<Mutex<HashMap<String, Recalled>>>,
}

impl Functions {
    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Stored>> {
        self.all.get(name)
    }

    /// Adds a function unless there is one of its name.
    pub(crate) fn add(&mut self, f: StoredFunction) {
        if !self.all.contains_key(&f.name) {
            self.put(f);
        }
    }

    /// Puts a function in place of any other of its name.
    pub(crate) fn put(&mut self, f: StoredFunction) {
        let same = |s: &Arc<Stored>| *s.function == f;
        // What was read of it stays read.
        if !self.all.get(&f.name).is_some_and(same) {
            self.all.insert(f.name.clone(), Stored::new(f));
            self.calls = Arc::default();
        }
    }

    /// What is known of a call.
    pub(crate) fn recall(&self, call: &str) -> Option<Recalled> {
        self.calls.lock().ok()?.get(call).cloned()
    }

    /// Keeps what a call came to.
    pub(crate) fn keep(&self, call: String, what: Recalled) {
        if let Ok(mut calls) = self.calls.lock() {
            calls.insert(call, what);
        }
    }

    /// All of them, sorted by name.
    pub(crate) fn sorted(&self) -> Vec<&StoredFunction> {
        let mut all: Vec<&StoredFunction> =
            self.all.values().map(|s| s.function.as_ref()).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}
