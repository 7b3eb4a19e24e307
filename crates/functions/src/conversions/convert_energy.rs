//! `convert_energy(value, from, to)`.

use super::units::{
    Named,
    Unit::{By, Times},
    convert, prefixed, unit,
};
use crate::prelude::*;

/// `convert_energy`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "convert_energy",
    summary: "Makes an energy in one unit an energy in another. A unit that is not known gives null.",
    signatures: &[sig(
        &[
            arg("value", REAL, "The number."),
            arg("from", STRING, "Its unit."),
            arg("to", STRING, "The unit of the result."),
        ],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(|args| convert(args, UNITS)),
    examples: &[
        ex(
            "convert_energy(1.2, 'Joule', 'BritishThermalUnit')",
            "0.0011373805443759806",
        ),
        ex("convert_energy(1, 'KilowattHour', 'Joule')", "3600000.0"),
    ],
    differs: "A unit in other letters (`meter` for `Meter`) is an error: whether Kusto knows it is not documented.",
};

const UNITS: &[Named] = &[
    unit("BritishThermalUnit", Times(1055.05585262)),
    unit("Calorie", Times(4.184)),
    prefixed("DecathermEc", 1e1, Times(105505585.262)),
    prefixed("DecathermImperial", 1e1, Times(105505585.257348)),
    prefixed("DecathermUs", 1e1, Times(105480400.0)),
    unit("ElectronVolt", Times(1.602176565e-19)),
    unit("Erg", Times(1e-7)),
    unit("FootPound", Times(1.355817948)),
    prefixed("GigabritishThermalUnit", 1e9, Times(1055.05585262)),
    prefixed("GigaelectronVolt", 1e9, Times(1.602176565e-19)),
    prefixed("Gigajoule", 1e9, Times(1.0)),
    prefixed(
        "GigawattDay",
        1e9,
        By(|x| x * 24.0 * 3600.0, |x| x / (24.0 * 3600.0)),
    ),
    prefixed("GigawattHour", 1e9, Times(3600.0)),
    unit("HorsepowerHour", Times(2684519.5377)),
    unit("Joule", Times(1.0)),
    prefixed("KilobritishThermalUnit", 1e3, Times(1055.05585262)),
    prefixed("Kilocalorie", 1e3, Times(4.184)),
    prefixed("KiloelectronVolt", 1e3, Times(1.602176565e-19)),
    prefixed("Kilojoule", 1e3, Times(1.0)),
    prefixed(
        "KilowattDay",
        1e3,
        By(|x| x * 24.0 * 3600.0, |x| x / (24.0 * 3600.0)),
    ),
    prefixed("KilowattHour", 1e3, Times(3600.0)),
    prefixed("MegabritishThermalUnit", 1e6, Times(1055.05585262)),
    prefixed("Megacalorie", 1e6, Times(4.184)),
    prefixed("MegaelectronVolt", 1e6, Times(1.602176565e-19)),
    prefixed("Megajoule", 1e6, Times(1.0)),
    prefixed(
        "MegawattDay",
        1e6,
        By(|x| x * 24.0 * 3600.0, |x| x / (24.0 * 3600.0)),
    ),
    prefixed("MegawattHour", 1e6, Times(3600.0)),
    prefixed("Millijoule", 1e-3, Times(1.0)),
    prefixed("TeraelectronVolt", 1e12, Times(1.602176565e-19)),
    prefixed(
        "TerawattDay",
        1e12,
        By(|x| x * 24.0 * 3600.0, |x| x / (24.0 * 3600.0)),
    ),
    prefixed("TerawattHour", 1e12, Times(3600.0)),
    unit("ThermEc", Times(105505585.262)),
    unit("ThermImperial", Times(105505585.257348)),
    unit("ThermUs", Times(105480400.0)),
    unit(
        "WattDay",
        By(|x| x * 24.0 * 3600.0, |x| x / (24.0 * 3600.0)),
    ),
    unit("WattHour", Times(3600.0)),
];
