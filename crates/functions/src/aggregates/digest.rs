//! The value that `tdigest` gives, as the aggregates and the scalar functions on it read and write it:
//! `[[code], [values], [weights]]`.

use super::percentile::Kind;
use super::ranks::{Ranks, key_of_real};
use crate::spec::Result;
use kql_types::DynRef;
use kql_types::dynamic::DynWriter;
use kql_types::text::{parse_datetime, parse_timespan};

/// So many different values are written as they are, more as clusters.
const WRITTEN: usize = 4096;

/// A digest: values of one kind.
#[derive(Default)]
pub(crate) struct Digest {
    /// None before the first value.
    pub kind: Option<Kind>,
    pub ranks: Ranks,
}

/// Why two digests cannot be united, or a value is no digest.
pub(crate) enum Broken {
    /// It is no digest.
    Not,
    /// It is one of another type.
    Other,
}

impl Digest {
    /// Adds a digest's value.
    pub fn read(&mut self, value: DynRef<'_>) -> Result<std::result::Result<(), Broken>> {
        let (Some(DynRef::Array(_)), Some(DynRef::Array(values)), Some(DynRef::Array(weights))) =
            (value.at(0), value.at(1), value.at(2))
        else {
            return Ok(Err(Broken::Not));
        };
        if values.len() != weights.len() {
            return Ok(Err(Broken::Not));
        }
        // Reals may have been written without a point, as 1 instead of 1.0.
        let real = values.iter().any(|v| matches!(v, DynRef::Real(_)));
        for (v, w) in values.iter().zip(weights.iter()) {
            let (Some((kind, key)), DynRef::Long(w)) = (key_of(v, real), w) else {
                return Ok(Err(Broken::Not));
            };
            match self.kind {
                None => self.kind = Some(kind),
                Some(k) if k == kind => {}
                Some(_) => return Ok(Err(Broken::Other)),
            }
            self.ranks.add_weighted(key, w)?;
        }
        Ok(Ok(()))
    }

    /// Writes the value; nothing for a digest without values.
    pub fn write(&mut self, w: &mut DynWriter) -> Result<()> {
        let Some(kind) = self.kind else {
            return Ok(());
        };
        let clusters = self.ranks.clusters(WRITTEN)?;
        if clusters.is_empty() {
            return Ok(());
        }
        w.begin_array();
        w.begin_array();
        w.long(match kind {
            Kind::Long => 7,
            Kind::Real => 8,
            Kind::DateTime => 9,
            Kind::TimeSpan => 10,
        });
        w.end();
        w.begin_array();
        for (key, _) in clusters {
            w.value(kind.value(*key));
        }
        w.end();
        w.begin_array();
        for (_, weight) in clusters {
            w.long(*weight);
        }
        w.end();
        w.end();
        Ok(())
    }
}

/// The kind and key of a value inside a digest.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn key_of(value: DynRef<'_>, real: bool) -> Option<(Kind, i64)> {
    Some(match value {
        DynRef::Long(n) if real => (Kind::Real, key_of_real(n as f64)),
        DynRef::Long(n) => (Kind::Long, n),
        DynRef::Real(x) => (Kind::Real, key_of_real(x)),
        DynRef::DateTime(t) => (Kind::DateTime, t),
        DynRef::TimeSpan(t) => (Kind::TimeSpan, t),
        // A digest that was stored as JSON.
        DynRef::String(s) => match s {
            "NaN" => (Kind::Real, key_of_real(f64::NAN)),
            _ => match parse_timespan(s) {
                Some(t) => (Kind::TimeSpan, t),
                None => (Kind::DateTime, parse_datetime(s)?),
            },
        },
        _ => return None,
    })
}
