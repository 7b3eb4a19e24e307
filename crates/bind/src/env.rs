//! What names mean at a place: `let`s, parameters and function bodies, innermost first.

use crate::op::matches;
use crate::plan::{Expr, Field, SharedId};
use crate::prune::columns_of;
use kql_syntax::ast;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

/// A chain of names. Cloning it is cheap, so a function keeps the chain of the place where it was declared.
#[derive(Debug, Clone, Default)]
pub struct Env(Option<Rc<Frame>>);

#[derive(Debug)]
struct Frame {
    name: String,
    meaning: Meaning,
    outer: Env,
}

/// What a name stands for.
#[derive(Debug, Clone)]
pub enum Meaning {
    /// A scalar; put in place of the name.
    Scalar(Expr),
    /// A scalar made of columns, at a place where its row is not at hand: in a table that is computed before any row.
    OfRow,
    /// A tabular expression that is bound at each use in the environment of its declaration.
    Table {
        body: Arc<ast::Expr>,
        env: Env,
        source: u32,
    },
    /// A relation that was bound once.
    Shared {
        id: SharedId,
        fields: Vec<Field>,
        ordered: bool,
    },
    /// A function with the environment of its declaration.
    Function(Rc<UserFunction>),
    /// `declare pattern`
    Pattern(Rc<Pattern>),
    /// `entity_group [...]`
    Entities(Rc<Vec<ast::Expr>>),
    /// One entity of a group inside of `macro-expand`.
    Entity(Rc<ast::Expr>),
    /// `restrict access to (...)`: what was declared before and what the scope has is hidden, but for this.
    Restricted(Rc<Restriction>),
    /// A declaration that could not be bound: uses of it are not reported again.
    Poison,
}

/// A function of the query or of the stored functions.
#[derive(Debug)]
pub struct UserFunction {
    /// Its name, for messages.
    pub name: String,
    /// What it is.
    pub function: Arc<ast::Function>,
    /// Where its free names are looked up.
    pub env: Env,
    /// The text that its spans point into.
    pub source: u32,
}

/// A pattern with the environment of its declaration.
#[derive(Debug)]
pub struct Pattern {
    /// Its name, for messages.
    pub name: String,
    /// None for one that is declared and not defined.
    pub definition: Option<ast::Pattern>,
    /// Where its free names are looked up.
    pub env: Env,
    /// The text that its spans point into.
    pub source: u32,
}

/// What `restrict access to` leaves.
#[derive(Debug, Default)]
pub struct Restriction {
    /// Declarations that are hidden.
    pub hidden: HashSet<String>,
    /// Tables and functions of the scope that are not: database and name, which may have a `*`.
    pub open: Vec<(String, String)>,
}

impl Env {
    /// The chain with one more name.
    #[must_use]
    pub fn with(&self, name: &str, meaning: Meaning) -> Env {
        Env(Some(Rc::new(Frame {
            name: name.to_owned(),
            meaning,
            outer: self.clone(),
        })))
    }

    /// What a name means, innermost first.
    pub fn get(&self, name: &str) -> Option<&Meaning> {
        let mut at = self.0.as_deref();
        while let Some(frame) = at {
            match &frame.meaning {
                Meaning::Restricted(r) if r.hidden.contains(name) => return None,
                Meaning::Restricted(_) => {}
                meaning if frame.name == name => return Some(meaning),
                _ => {}
            }
            at = frame.outer.0.as_deref();
        }
        None
    }

    /// Whether a table or function of the scope may be named here.
    pub fn opens(&self, database: &str, name: &str) -> bool {
        let mut at = self.0.as_deref();
        while let Some(frame) = at {
            if let Meaning::Restricted(r) = &frame.meaning
                && !r
                    .open
                    .iter()
                    .any(|(d, pattern)| d == database && matches(pattern, name))
            {
                return false;
            }
            at = frame.outer.0.as_deref();
        }
        true
    }

    /// The chain as a table sees it that is computed before any row: without values that are made of columns.
    #[must_use]
    pub fn without_rows(&self) -> Env {
        let mut env = self.clone();
        let mut at = self.0.as_deref();
        while let Some(frame) = at {
            if let Meaning::Scalar(value) = &frame.meaning
                && has_columns(value)
                && let Some(Meaning::Scalar(_)) = env.get(&frame.name)
            {
                env = env.with(&frame.name, Meaning::OfRow);
            }
            at = frame.outer.0.as_deref();
        }
        env
    }

    /// Every name, innermost first.
    pub fn names(&self) -> Vec<&str> {
        let mut out = Vec::new();
        let mut at = self.0.as_deref();
        while let Some(frame) = at {
            if !matches!(frame.meaning, Meaning::Restricted(_)) {
                out.push(frame.name.as_str());
            }
            at = frame.outer.0.as_deref();
        }
        out
    }
}

fn has_columns(e: &Expr) -> bool {
    let mut any = false;
    columns_of(e, &mut |_| any = true);
    any
}
