//! Arguments that a text function takes whatever their type: each is read as `tostring` would write it.

use crate::adapter::{Any, Args, Column, Strs, str_result};
use crate::spec::{KernelError, Result};
use kql_types::Type;

/// An argument as text: a string as it stands, anything else as `tostring` writes it (null is "").
#[derive(Debug)]
pub struct Texts {
    column: Column,
}

impl Texts {
    /// The argument at `i`.
    ///
    /// # Errors
    /// There is no such argument (our fault).
    pub fn of(args: &Args<'_>, i: usize) -> Result<Texts> {
        let column = args
            .columns
            .get(i)
            .ok_or_else(|| KernelError::new(format!("internal: argument {i} is missing")))?;
        if column.ty == Type::String {
            return Ok(Texts {
                column: column.clone(),
            });
        }
        let any = column.any()?;
        let rows = if column.constant {
            1
        } else {
            column.array.len()
        };
        Ok(Texts {
            column: Column {
                array: str_result(rows, |row, out| write(&any, row, out))?,
                constant: column.constant,
                ty: Type::String,
            },
        })
    }

    /// The texts.
    ///
    /// # Errors
    /// None.
    pub fn strs(&self) -> Result<Strs<'_>> {
        match self.column.any()? {
            Any::String(s) => Ok(s),
            _ => Err(KernelError::new("internal: a text is not stored as one")),
        }
    }
}

/// Every argument from `first` on as text.
///
/// # Errors
/// As [`Texts::of`].
pub fn all(args: &Args<'_>, first: usize) -> Result<Vec<Texts>> {
    (first..args.len()).map(|i| Texts::of(args, i)).collect()
}

/// Appends the text of one value.
pub fn write(any: &Any<'_>, row: usize, out: &mut String) {
    match any {
        // Outside a dynamic a bool has .NET's spelling.
        Any::Bool(c) => out.push_str(match c.get(row) {
            None => "",
            Some(true) => "True",
            Some(false) => "False",
        }),
        Any::String(c) => out.push_str(c.get(row)),
        Any::Long(c) => {
            if let Some(n) = c.get(row) {
                out.push_str(itoa::Buffer::new().format(n));
            }
        }
        other => write_dynamic(other.get(row), out),
    }
}

pub use kql_types::dynamic::json::to_text as write_dynamic;
