//! What Tab offers.

use super::definitions::Definitions;
use super::place::{Expects, Place, place};
use super::{arguments, operators};
use kql_engine::Session;
use kql_functions::{catalog, reference};
use kql_types::ColumnSchema;
use rustyline::completion::Candidate;

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What is put in.
    pub insert: String,
    /// What is shown.
    pub show: String,
}

impl Candidate for Offer {
    fn display(&self) -> &str {
        &self.show
    }

    fn replacement(&self) -> &str {
        &self.insert
    }
}

impl Offer {
    /// An offer that is shown as it is put in.
    pub fn plain(text: &str) -> Offer {
        Offer {
            insert: text.to_owned(),
            show: text.to_owned(),
        }
    }

    /// An offer with words about it.
    pub fn about(insert: &str, about: &str) -> Offer {
        Offer {
            insert: insert.to_owned(),
            show: format!("{insert}  {about}"),
        }
    }
}

/// The offers for the end of a text, and where the word begins that they stand for.
pub fn complete(session: &Session, definitions: &Definitions, text: &str) -> (usize, Vec<Offer>) {
    if super::whole::is_command(text) || text.trim() == "." {
        return arguments::complete(session, definitions, text);
    }
    let at = place(text);
    let word = text.get(at.word_start..).unwrap_or_default();
    let mut out = Offers {
        word,
        found: Vec::new(),
    };
    match at.expects {
        Some(Expects::Source) => {
            out.sources(session, definitions);
            if word.is_empty() {
                return (at.word_start, out.found);
            }
            out.words(&STATEMENTS);
        }
        Some(Expects::Operator) => out.operators(),
        Some(Expects::Value) => out.values(session, definitions, &at),
        Some(Expects::Joint) => out.joints(&at),
        Some(Expects::Member) => out.members(session, definitions, &at),
        Some(Expects::Nothing) | None => {}
    }
    // What has the very letters wins over what has them in another case.
    if out.found.iter().any(|o| o.insert.starts_with(word)) {
        out.found.retain(|o| o.insert.starts_with(word));
    }
    (at.word_start, out.found)
}

const STATEMENTS: [&str; 10] = [
    "let ",
    "print ",
    "range ",
    "union ",
    "search ",
    "find ",
    "datatable(",
    "externaldata(",
    "set ",
    "declare query_parameters(",
];
const CHART_PROPERTIES: [&str; 16] = [
    "title=",
    "kind=",
    "xcolumn=",
    "ycolumns=",
    "series=",
    "xtitle=",
    "ytitle=",
    "xaxis=",
    "yaxis=",
    "ymin=",
    "ymax=",
    "legend=",
    "accumulate=",
    "ysplit=",
    "anomalycolumns=",
    "xmin=",
];
const JOIN_KINDS: [&str; 12] = [
    "inner",
    "innerunique",
    "leftouter",
    "rightouter",
    "fullouter",
    "leftsemi",
    "rightsemi",
    "leftanti",
    "rightanti",
    "anti",
    "leftantisemi",
    "rightantisemi",
];

struct Offers<'w> {
    word: &'w str,
    found: Vec<Offer>,
}

impl Offers<'_> {
    /// Whether a name begins as the word does, in any case.
    fn fits(&self, name: &str) -> bool {
        let mut name = name.chars().flat_map(char::to_lowercase);
        let mut word = self.word.chars().flat_map(char::to_lowercase);
        word.all(|c| name.next() == Some(c))
    }

    fn put(&mut self, offer: Offer) {
        if !self.found.iter().any(|o| o.insert == offer.insert) {
            self.found.push(offer);
        }
    }

    fn words(&mut self, words: &[&str]) {
        let mut fitting: Vec<&str> = words.iter().copied().filter(|w| self.fits(w)).collect();
        fitting.sort_unstable();
        for w in fitting {
            self.put(Offer::plain(w));
        }
    }

    fn operators(&mut self) {
        for name in kql_syntax::OPERATORS {
            if !self.fits(name) {
                continue;
            }
            self.put(match operators::find(name) {
                Some((_, written, about)) => Offer {
                    insert: name.to_owned(),
                    show: format!("{written}  {about}"),
                },
                None => Offer::plain(name),
            });
        }
    }

    fn sources(&mut self, session: &Session, definitions: &Definitions) {
        let mut names = session.workspace().names();
        if session.options().empty_tables {
            names.extend(kql_sources::builtin::names().map(str::to_owned));
        }
        names.extend(definitions.names().into_iter().map(str::to_owned));
        if session.workspace().schema("_").is_some() {
            names.push("_".to_owned());
        }
        names.sort_unstable();
        names.retain(|n| self.fits(n));
        self.found
            .extend(names.iter().map(|n| Offer::plain(&quoted(n))));
        let stored = session.functions();
        let mut stored: Vec<_> = stored.iter().filter(|f| self.fits(&f.name)).collect();
        stored.sort_by(|a, b| a.name.cmp(&b.name));
        for f in stored {
            self.put(Offer {
                insert: format!("{}(", f.name),
                show: format!("{}{}", f.name, f.parameters),
            });
        }
    }

    fn columns(&mut self, columns: &[ColumnSchema]) {
        for c in columns {
            if self.fits(&c.name) {
                self.put(Offer {
                    insert: quoted(&c.name),
                    show: format!("{}: {}", c.name, c.ty),
                });
            }
        }
    }

    /// Functions with signature and summary; `Some(false)` leaves aggregates out, `Some(true)` puts them first.
    fn functions(&mut self, aggregates: Option<bool>, session: &Session) {
        let mut names: Vec<&'static str> = catalog::scalars()
            .map(|s| s.name)
            .filter(|n| n.chars().all(|c| c.is_alphanumeric() || c == '_'))
            .filter(|n| !kql_syntax::is_scalar_operator(n))
            .collect();
        if aggregates == Some(true) {
            names.extend(catalog::aggregates().map(|a| a.name));
        }
        names.sort_unstable();
        names.dedup();
        for n in names {
            if self.fits(n) && reference::refused(n).is_none() {
                self.put(function(n));
            }
        }
        for f in session.functions() {
            if self.fits(&f.name) {
                self.put(Offer {
                    insert: format!("{}(", f.name),
                    show: format!("{}{}", f.name, f.parameters),
                });
            }
        }
    }

    fn values(&mut self, session: &Session, definitions: &Definitions, at: &Place<'_>) {
        let operator = at.operator();
        match at.before.as_slice() {
            [.., "kind", "="] if operator == "join" || operator == "lookup" => {
                return self.words(&JOIN_KINDS);
            }
            [.., "kind", "="] if operator == "union" => return self.words(&["inner", "outer"]),
            [.., "kind", "="] if operator == "render" => {
                return self.words(&["default", "stacked", "stacked100", "unstacked"]);
            }
            [.., "render"] => return self.words(&kql_bind::plan::CHARTS),
            [.., "evaluate"] => {
                let plugins = kql_types::FunctionCatalog::names(
                    &kql_functions::Catalog,
                    kql_types::FunctionKind::Plugin,
                );
                let mut names: Vec<&str> = PLUGINS.to_vec();
                names.extend(plugins);
                names.dedup();
                return self.words(&names);
            }
            [.., "typeof", "("] | [.., ":"] => {
                let types = kql_types::Type::ALL.map(kql_types::Type::name);
                return self.words(&types);
            }
            _ => {}
        }
        if operator == "render" {
            match at.before.as_slice() {
                [
                    ..,
                    "xcolumn" | "ycolumns" | "series" | "anomalycolumns",
                    "=",
                ] => {}
                [.., "="] => return,
                _ => return self.words(&CHART_PROPERTIES),
            }
        }
        self.columns(&columns(session, definitions, at));
        for n in definitions.names() {
            if self.fits(n) {
                self.put(Offer::plain(n));
            }
        }
        // Columns come first: functions are offered where no column fits.
        if !self.found.is_empty() {
            return;
        }
        if operator == "render" {
            return;
        }
        let aggregates = matches!(
            operator,
            "summarize" | "make-series" | "top-nested" | "mv-apply" | "partition"
        );
        self.functions(Some(aggregates), session);
        if matches!(at.before.last(), Some(&"join" | &"lookup" | &"union")) {
            self.words(&["kind=", "isfuzzy=", "withsource="]);
        }
        // A table may be compared with: `x in (T)`.
        if !self.word.is_empty() {
            self.sources(session, definitions);
        }
    }

    fn joints(&mut self, at: &Place<'_>) {
        let own: &[&str] = match at.operator() {
            "summarize" | "top-hitters" | "partition" | "sort" | "order" | "top" => {
                &["by", "asc", "desc", "nulls first", "nulls last"]
            }
            "make-series" => &["on", "from", "to", "step", "by", "default="],
            "join" | "lookup" => &["on", "kind="],
            "mv-expand" | "mv-apply" => &["to typeof(", "limit", "on"],
            "render" => &["with ("],
            "range" => &["from", "to", "step"],
            "sample-distinct" => &["of"],
            "parse" | "parse-where" => &["with", "kind="],
            "count" => &["as"],
            _ => &[],
        };
        self.words(own);
        if !matches!(
            at.operator(),
            "render" | "take" | "limit" | "join" | "lookup"
        ) {
            self.words(&[
                "and",
                "or",
                "has",
                "!has",
                "has_any",
                "has_all",
                "contains",
                "!contains",
                "startswith",
                "endswith",
                "in (",
                "!in (",
                "in~ (",
                "between (",
                "matches regex",
                "hasprefix",
                "hassuffix",
            ]);
        }
    }

    fn members(&mut self, session: &Session, definitions: &Definitions, at: &Place<'_>) {
        match at.before.as_slice() {
            [.., "$left", "."] => self.columns(&columns(session, definitions, at)),
            [.., "$right", "."] => {
                let right = at.right_source();
                let found = right.and_then(|text| bound(session, definitions, &text));
                self.columns(&found.unwrap_or_default());
            }
            _ => {}
        }
    }
}

/// Plugins of `evaluate`.
const PLUGINS: [&str; 3] = ["bag_unpack(", "narrow(", "pivot("];

/// A function with its signature and what it does.
fn function(name: &str) -> Offer {
    let signature = signatures(name).into_iter().next().unwrap_or_default();
    let summary = reference::summary(name).unwrap_or_default();
    let takes_nothing = signature.starts_with(&format!("{name}()"));
    Offer {
        insert: format!("{name}({}", if takes_nothing { ")" } else { "" }),
        show: format!("{signature}  {summary}"),
    }
}

/// How a function can be called.
pub fn signatures(name: &str) -> Vec<String> {
    let of = |s: &'static [kql_types::Signature]| {
        s.iter().map(|s| reference::signature(name, s)).collect()
    };
    match (catalog::find(name), catalog::find_aggregate(name)) {
        (Some(s), _) => of(s.signatures),
        (None, Some(a)) => of(a.signatures),
        (None, None) => Vec::new(),
    }
}

/// A name as a query writes it.
pub fn quoted(name: &str) -> String {
    let plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c.is_alphabetic())
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty();
    if plain {
        return name.to_owned();
    }
    let escaped = name.replace('\\', "\\\\").replace('\'', "\\'");
    format!("['{escaped}']")
}

/// The columns at the cursor: of the rows that flow there, else of those some steps before.
fn columns(session: &Session, definitions: &Definitions, at: &Place<'_>) -> Vec<ColumnSchema> {
    let tries = at.sources();
    let found = tries
        .iter()
        .take(8)
        .find_map(|text| bound(session, definitions, text));
    found.unwrap_or_default()
}

fn bound(session: &Session, definitions: &Definitions, text: &str) -> Option<Vec<ColumnSchema>> {
    let text = format!("{}{text}", definitions.preamble(text));
    session.columns_of(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kql_engine::{SessionOptions, Workspace};
    use kql_sources::{DataSpec, ExternalMap, SourceOptions, Tables};
    use std::time::{Duration, Instant};

    /// A session with 800 tables.
    fn session(dir: &std::path::Path) -> Session {
        std::fs::create_dir_all(dir).unwrap();
        for i in 0..800 {
            let file = dir.join(format!("Table{i:03}.csv"));
            std::fs::write(file, "Alpha,Beta,long name\n1,x,2\n").unwrap();
        }
        let spec = DataSpec::parse(dir.to_str().unwrap());
        let tables = Tables::open(&[spec], SourceOptions::default()).unwrap();
        Session::new(SessionOptions::default())
            .with_workspace(Workspace::new(tables, ExternalMap::default()))
    }

    #[test]
    fn names_at_their_places_are_offered_at_once() {
        let dir = std::env::temp_dir().join(format!("kql-complete-{}", std::process::id()));
        let session = session(&dir);
        let mut definitions = Definitions::default();
        definitions.add(Definitions::read("let Given = Table001 | extend Gamma = 1;").unwrap());
        let offers = |text: &str| -> Vec<String> {
            let started = Instant::now();
            let (_, found) = complete(&session, &definitions, text);
            // 20 ms are promised; the rest is for a build without optimisation on a machine that is busy.
            assert!(
                started.elapsed() < Duration::from_millis(500),
                "{text}: {:?}",
                started.elapsed()
            );
            found.into_iter().map(|o| o.insert).collect()
        };
        assert_eq!(offers("Table79").len(), 10);
        assert_eq!(offers("table799"), ["Table799"]);
        assert_eq!(
            offers("Table001 | where "),
            ["Alpha", "Beta", "['long name']", "Given"]
        );
        assert_eq!(offers("Table001 | extend New = 1 | where Ne"), ["New"]);
        assert_eq!(offers("Given | where Ga"), ["Gamma"]);
        assert_eq!(
            offers("let f = (T:(Kept:long), n:int = 5) { T | extend m = n | where Ke"),
            ["Kept"]
        );
        assert_eq!(
            offers("Table001 | join (Table002 | extend Other = 1 | project Ot"),
            ["Other"]
        );
        assert_eq!(
            offers("Table001 | join (Table002 | extend Other = 1) on $left.Al"),
            ["Alpha"]
        );
        assert_eq!(
            offers("Table001 | join (Table002 | extend Other = 1) on $left.Alpha == $right.O"),
            ["Other"]
        );
        assert_eq!(
            offers("Table001 | join kind=leftan"),
            ["leftanti", "leftantisemi"]
        );
        assert_eq!(offers("Table001 | project-aw"), ["project-away"]);
        assert_eq!(
            offers("Table001 | render time"),
            ["timechart", "timeline", "timepivot"]
        );
        assert_eq!(offers("Table001 | render timechart with (yti"), ["ytitle="]);
        assert_eq!(offers("Table001 | summarize dcounti"), ["dcountif("]);
        assert_eq!(offers("Table001 | extend x = strcat_d"), ["strcat_delim("]);
        assert_eq!(
            offers("Table001 | summarize count() b"),
            ["by", "between ("]
        );
        // The step before the cursor does not bind: the columns of the one before it are offered.
        assert_eq!(
            offers("Table001 | where nosuch == 1 | project Be"),
            ["Beta"]
        );
        assert!(offers("Table001 | where Alpha == 'Be").is_empty());
        assert_eq!(offers(".mode rec"), ["record"]);
        assert_eq!(offers(".schema Table79").len(), 10);
        assert_eq!(offers(".set pager a"), ["auto"]);
        assert_eq!(offers(".explain Table001 | where Al"), ["Alpha"]);
        assert!(offers(".load src/repl/comp").contains(&"src/repl/complete.rs".to_owned()));
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
