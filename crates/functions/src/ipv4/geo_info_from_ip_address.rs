//! `geo_info_from_ip_address(ip)`.

use crate::prelude::*;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

/// `geo_info_from_ip_address`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "geo_info_from_ip_address",
    summary: "What is known of the place of an address: a bag of country, state, city, latitude and longitude.",
    signatures: &[sig(
        &[arg("ip", STRING, "The address, IPv4 or IPv6.")],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_info),
    examples: &[ex(
        "print isnull(geo_info_from_ip_address('no address'))",
        "True",
    )],
    differs: "Places come from a MaxMind City database, a file of which Kusto has its own edition; without one an address is an error.",
};

/// What is known of the place of an address; what is not known is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// The country's name.
    pub country: Option<String>,
    /// The name of its part.
    pub state: Option<String>,
    /// The city's name.
    pub city: Option<String>,
    /// Degrees.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
}

/// Who knows places of addresses.
pub trait Places: Send + Sync {
    /// The place of an address; none when nothing is known of it.
    ///
    /// # Errors
    /// What is wrong with the database.
    fn place(&self, ip: IpAddr) -> Result<Option<Place>>;
}

static PLACES: OnceLock<Arc<dyn Places>> = OnceLock::new();

/// Lets addresses be looked up there, in the whole process; false when there is one already.
pub fn look_up_in(places: Arc<dyn Places>) -> bool {
    PLACES.set(places).is_ok()
}

fn geo_info(args: &Args<'_>) -> Result<ArrayRef> {
    let ip = args.str(0)?;
    try_dyn_result(args.rows, |row, w| {
        let Ok(address) = ip.get(row).trim().parse::<IpAddr>() else {
            return Ok(());
        };
        let Some(places) = PLACES.get() else {
            return Err(KernelError::new(
                "geo_info_from_ip_address requires a MaxMind City database: --geoip GeoLite2-City.mmdb, or `geoip` in kql.toml, names one",
            ));
        };
        if let Some(place) = places.place(address)? {
            write(&place, w);
        }
        Ok(())
    })
}

fn write(place: &Place, w: &mut DynWriter) {
    w.begin_bag();
    let texts = [
        ("country", &place.country),
        ("state", &place.state),
        ("city", &place.city),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            w.key(key);
            w.string(text);
        }
    }
    for (key, degrees) in [("latitude", place.latitude), ("longitude", place.longitude)] {
        if let Some(x) = degrees {
            w.key(key);
            w.real(x);
        }
    }
    w.end();
}
