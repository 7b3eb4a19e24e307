//! Places of addresses, out of a MaxMind City database.

use crate::error::SourceError;
use kql_functions::ipv4::geo_info_from_ip_address::{Place, Places, look_up_in};
use kql_functions::spec::KernelError;
use maxminddb::{Reader, geoip2};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

/// A database that is held in memory.
struct Database(Reader<Vec<u8>>);

impl Places for Database {
    fn place(&self, ip: IpAddr) -> Result<Option<Place>, KernelError> {
        let broken = |e: maxminddb::MaxMindDbError| {
            KernelError::new(format!("the database of places is broken: {e}"))
        };
        // A database of IPv4 addresses alone knows nothing of others.
        if ip.is_ipv6() && self.0.metadata().ip_version == 4 {
            return Ok(None);
        }
        let found = self.0.lookup(ip).map_err(broken)?;
        let city: Option<geoip2::City<'_>> = found.decode().map_err(broken)?;
        let english = |names: &geoip2::Names<'_>| names.english.map(str::to_owned);
        Ok(city.map(|c| Place {
            country: english(&c.country.names),
            state: c.subdivisions.first().and_then(|s| english(&s.names)),
            city: english(&c.city.names),
            latitude: c.location.latitude,
            longitude: c.location.longitude,
        }))
    }
}

/// Lets `geo_info_from_ip_address` look addresses up in a MaxMind City database, in the whole process.
///
/// # Errors
/// The file cannot be read or is no such database.
pub fn look_up_places(file: &Path) -> Result<(), SourceError> {
    let bytes = std::fs::read(file).map_err(|e| SourceError::io(file, &e))?;
    let reader = Reader::from_source(bytes).map_err(|e| {
        SourceError::bad_file(file, format!("the file is no MaxMind database: {e}"))
    })?;
    let kind = &reader.metadata().database_type;
    if !kind.contains("City") && !kind.contains("Enterprise") {
        let message = format!("the database is `{kind}`, and places require one of cities");
        return Err(SourceError::bad_file(file, message));
    }
    look_up_in(Arc::new(Database(reader)));
    Ok(())
}
