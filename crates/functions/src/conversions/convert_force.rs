//! `convert_force(value, from, to)`.

use super::units::{
    Named,
    Unit::{Per, Times},
    convert, prefixed, unit,
};
use crate::prelude::*;

/// `convert_force`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "convert_force",
    summary: "Makes a force in one unit a force in another. A unit that is not known gives null.",
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
    examples: &[ex("convert_force(1.2, 'Newton', 'Decanewton')", "0.12")],
    differs: "A unit in other letters (`meter` for `Meter`) is an error: whether Kusto knows it is not documented.",
};

const UNITS: &[Named] = &[
    prefixed("Decanewton", 1e1, Times(1.0)),
    unit("Dyn", Per(100000.0)),
    unit("KiloPond", Times(9.80665002864)),
    unit("KilogramForce", Times(9.80665002864)),
    prefixed("Kilonewton", 1e3, Times(1.0)),
    prefixed("KilopoundForce", 1e3, Times(4.448221615260509)),
    prefixed("Meganewton", 1e6, Times(1.0)),
    prefixed("Micronewton", 1e-6, Times(1.0)),
    prefixed("Millinewton", 1e-3, Times(1.0)),
    unit("Newton", Times(1.0)),
    unit("OunceForce", Times(0.2780138509537812)),
    unit("PoundForce", Times(4.448221615260509)),
    unit("Poundal", Times(0.1382550279897304)),
    unit("ShortTonForce", Times(8896.443230521)),
    unit("TonneForce", Times(9806.65002864)),
];
