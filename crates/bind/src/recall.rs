//! What calls of stored functions came to, for texts that are only checked: a pack of rules calls the same parsers with
//! the same constants again and again.
//!
//! Only the columns of a call are kept, not its rows' plan, so that nothing that is made of it can run.

use crate::binder::{Binder, Res};
use crate::env::{Env, Meaning, UserFunction};
use crate::plan::{ColumnId, Field, Relation, RelationKind};
use kql_diag::{Diagnostic, Span};
use kql_types::Type;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// What a call came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Names, types and which of the columns are one.
    fields: Vec<(String, Type, ColumnId)>,
    ordered: bool,
    /// The table, where the rows are those of a table as they are.
    scan: Option<String>,
    /// Findings with the stored function in whose text they are.
    findings: Vec<(String, Diagnostic)>,
    tables: BTreeSet<String>,
    functions: BTreeSet<String>,
    externals: BTreeSet<String>,
    scans: usize,
    parts: usize,
    open_schema: bool,
}

impl Outcome {
    /// The tables that the function and those that it calls name.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(String::as_str)
    }
}

impl Binder<'_> {
    /// The rows of a call: what is known of it, else what `bind` makes of it.
    pub(crate) fn recalled(
        &mut self,
        f: &Rc<UserFunction>,
        env: &Env,
        span: Span,
        bind: impl FnOnce(&mut Self) -> Res<Relation>,
    ) -> Res<Relation> {
        let Some(key) = self.key(f, env) else {
            return bind(self);
        };
        if let Some(known) = self.scope.recall(&key)
            && let Some(r) = self.again(&known, span)
        {
            return Ok(r);
        }
        let tables = std::mem::take(&mut self.tables);
        let functions = std::mem::take(&mut self.functions);
        let externals = std::mem::take(&mut self.externals);
        let diagnostics = std::mem::take(&mut self.diagnostics);
        let open = std::mem::replace(&mut self.open_schema, false);
        let (scans, parts, quiet) = (self.scans, self.parts, self.quiet_names);
        let out = bind(self);
        if let Ok(r) = &out
            && self.graph.is_none()
            && self.quiet_names == quiet
            && let Some(findings) = self.placed()
        {
            let outcome = Outcome {
                fields: r
                    .fields
                    .iter()
                    .map(|f| (f.name.clone(), f.ty, f.id))
                    .collect(),
                ordered: r.ordered,
                scan: match &r.kind {
                    RelationKind::Scan { table, .. } => Some(table.clone()),
                    _ => None,
                },
                findings,
                tables: self.tables.clone(),
                functions: self.functions.clone(),
                externals: self.externals.clone(),
                scans: self.scans - scans,
                parts: self.parts - parts,
                open_schema: self.open_schema,
            };
            self.scope.keep(key, outcome);
        }
        self.tables.extend(tables);
        self.functions.extend(functions);
        self.externals.extend(externals);
        self.open_schema |= open;
        let found = std::mem::replace(&mut self.diagnostics, diagnostics);
        for d in found {
            self.report(d);
        }
        out
    }

    /// What tells a call from others; none where nothing is kept or the call is not of constants alone.
    fn key(&self, f: &Rc<UserFunction>, env: &Env) -> Option<String> {
        if !self.scope.recalls() || self.now.is_some() || self.graph.is_some() {
            return None;
        }
        let stored = self.stored.get(&f.name)?.as_ref()?;
        if !Rc::ptr_eq(stored, f) {
            return None;
        }
        let mut key = f.name.clone();
        for p in &f.function.parameters {
            match env.get(&p.name.text)? {
                Meaning::Scalar(e) => key.push_str(&format!("|{:?}", e.as_literal()?)),
                _ => return None,
            }
        }
        Some(key)
    }

    /// The findings at hand with their functions; none where one has another place.
    fn placed(&self) -> Option<Vec<(String, Diagnostic)>> {
        let mut names: HashMap<u32, &str> = HashMap::new();
        for (name, f) in &self.stored {
            if let Some(f) = f {
                names.insert(f.source, name);
            }
        }
        let findings = self.diagnostics.iter();
        findings
            .map(|d| {
                let own = d.labels.iter().all(|(s, _)| s.source == d.primary.source);
                let name = names.get(&d.primary.source).filter(|_| own)?;
                Some(((*name).to_owned(), d.clone()))
            })
            .collect()
    }

    fn again(&mut self, known: &Outcome, span: Span) -> Option<Relation> {
        let mut findings = Vec::with_capacity(known.findings.len());
        for (name, d) in &known.findings {
            let source = self.stored(name, span)?.ok()?.source;
            let mut d = d.clone();
            d.primary.source = source;
            d.labels.iter_mut().for_each(|(s, _)| s.source = source);
            findings.push(d);
        }
        for d in findings {
            self.report(d);
        }
        self.tables.extend(known.tables.iter().cloned());
        self.functions.extend(known.functions.iter().cloned());
        self.externals.extend(known.externals.iter().cloned());
        self.scans += known.scans;
        self.parts += known.parts;
        self.open_schema |= known.open_schema;
        let mut ids: HashMap<ColumnId, ColumnId> = HashMap::new();
        let mut fields = Vec::with_capacity(known.fields.len());
        for (name, ty, id) in &known.fields {
            let id = *ids.entry(*id).or_insert_with(|| self.column(*ty));
            fields.push(Field {
                name: name.clone(),
                id,
                ty: *ty,
            });
        }
        let columns = fields.iter().map(|f| (f.id, f.name.clone(), f.ty));
        let kind = match &known.scan {
            Some(table) => RelationKind::Scan {
                table: table.clone(),
                columns: columns.collect(),
                empty: false,
            },
            None => RelationKind::Values {
                columns: fields.iter().map(|f| (f.id, f.ty)).collect(),
                rows: Vec::new(),
            },
        };
        Some(Relation {
            kind,
            fields,
            span: self.at(span),
            ordered: known.ordered,
        })
    }
}
