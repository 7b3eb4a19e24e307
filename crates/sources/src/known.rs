//! What is known of a table before its files are read.

use crate::builtin;
use crate::discover::Found;
use crate::text::Origin;
use kql_types::{ColumnSchema, Type};

/// The columns that a table should have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// From a `schema.json`: what it says counts.
    declared: Vec<ColumnSchema>,
    /// The built-in schema of the table's name: it counts unless the data are clearly something else.
    built_in: Vec<ColumnSchema>,
}

impl Known {
    /// What is known of a table by its name and its files.
    pub(crate) fn of(name: &str, found: &Found) -> Known {
        Known {
            declared: found.declared.clone().unwrap_or_default(),
            built_in: builtin::schema(name).unwrap_or_default(),
        }
    }

    /// What is known of a table by its name and by marks of its columns.
    pub(crate) fn given(name: &str, declared: Vec<ColumnSchema>) -> Known {
        Known {
            declared,
            built_in: builtin::schema(name).unwrap_or_default(),
        }
    }

    /// What a query says.
    pub(crate) fn declared(declared: Vec<ColumnSchema>) -> Known {
        Known {
            declared,
            built_in: Vec::new(),
        }
    }

    /// The type of a column and who says so.
    pub(crate) fn column(&self, name: &str) -> Option<(Type, Origin)> {
        let find = |all: &[ColumnSchema]| all.iter().find(|c| c.name == name).map(|c| c.ty);
        find(&self.declared)
            .map(|t| (t, Origin::Declared))
            .or_else(|| find(&self.built_in).map(|t| (t, Origin::BuiltIn)))
    }

    /// The columns of the built-in schema of which `schema.json` says nothing.
    pub(crate) fn expected(&self) -> Vec<ColumnSchema> {
        let own = |c: &&ColumnSchema| !self.declared.iter().any(|d| d.name == c.name);
        self.built_in.iter().filter(own).cloned().collect()
    }

    /// All columns, the declared ones first.
    pub(crate) fn all(&self) -> Vec<ColumnSchema> {
        self.declared
            .iter()
            .cloned()
            .chain(self.expected())
            .collect()
    }

    /// Whether anything is known.
    pub(crate) fn is_some(&self) -> bool {
        !self.declared.is_empty() || !self.built_in.is_empty()
    }
}
