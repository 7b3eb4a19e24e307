//! Values of a column as the bytes that they have inside a dynamic.

use super::collect::slice;
use super::keys::is_null;
use crate::adapter::{Any, Args, Dyns};
use crate::spec::Result;
use kql_types::dynamic::DynWriter;

/// A column's values as dynamic bytes.
pub(crate) enum Encoded<'a> {
    /// They are that already.
    Raw(Dyns<'a>),
    /// Written one after the other.
    Written {
        /// All of them; a null has no bytes.
        bytes: Vec<u8>,
        /// Where each ends.
        ends: Vec<usize>,
    },
}

impl<'a> Encoded<'a> {
    /// Encodes an argument.
    pub fn of(args: &Args<'a>, i: usize) -> Result<Self> {
        let any = args.any(i)?;
        if let Any::Dynamic(d) = any {
            return Ok(Encoded::Raw(d));
        }
        let mut w = DynWriter::new();
        let mut ends = Vec::with_capacity(args.rows);
        for row in 0..args.rows {
            match any.get(row) {
                kql_types::DynRef::Null => {}
                kql_types::DynRef::String(s) => w.string(s),
                v => w.value(v),
            }
            ends.push(w.bytes.len());
        }
        Ok(Encoded::Written {
            bytes: w.bytes,
            ends,
        })
    }

    /// The bytes of a row; none for a null.
    #[inline]
    pub fn get(&self, row: usize) -> &[u8] {
        match self {
            Encoded::Raw(d) => {
                let raw = d.raw(row);
                if is_null(raw) { &[] } else { raw }
            }
            Encoded::Written { bytes, ends } => slice(bytes, ends, row),
        }
    }
}
