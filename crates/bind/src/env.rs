//! What names mean at a place: `let`s, parameters and function bodies, innermost first.

use crate::plan::{Expr, Field, SharedId};
use kql_syntax::ast;
use std::rc::Rc;

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
    /// A tabular expression that is bound at each use in the environment of its declaration.
    Table {
        body: Rc<ast::Expr>,
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
    /// A declaration that could not be bound: uses of it are not reported again.
    Poison,
}

/// A function of the query or of the stored functions.
#[derive(Debug)]
pub struct UserFunction {
    /// Its name, for messages.
    pub name: String,
    /// What it is.
    pub function: ast::Function,
    /// Where its free names are looked up.
    pub env: Env,
    /// The text that its spans point into.
    pub source: u32,
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
            if frame.name == name {
                return Some(&frame.meaning);
            }
            at = frame.outer.0.as_deref();
        }
        None
    }

    /// Every name, innermost first.
    pub fn names(&self) -> Vec<&str> {
        let mut out = Vec::new();
        let mut at = self.0.as_deref();
        while let Some(frame) = at {
            out.push(frame.name.as_str());
            at = frame.outer.0.as_deref();
        }
        out
    }
}
