//! `convert_mass(value, from, to)`.

use super::units::{
    Named,
    Unit::{Per, Times},
    convert, prefixed, unit,
};
use crate::prelude::*;

/// `convert_mass`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "convert_mass",
    summary: "Makes a mass in one unit a mass in another. A unit that is not known gives null.",
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
            "convert_mass(1.2, 'Kilogram', 'Pound')",
            "2.6455471462185307",
        ),
        ex("convert_mass(real(null), 'Kilogram', 'Pound')", "null"),
    ],
    differs: "A unit in other letters (`meter` for `Meter`) is an error: whether Kusto knows it is not documented.",
};

const UNITS: &[Named] = &[
    prefixed("Centigram", 1e-2, Per(1000.0)),
    prefixed("Decagram", 1e1, Per(1000.0)),
    prefixed("Decigram", 1e-1, Per(1000.0)),
    unit("EarthMass", Times(5.9722e24)),
    unit("Grain", Per(15432.358352941432)),
    unit("Gram", Per(1000.0)),
    prefixed("Hectogram", 1e2, Per(1000.0)),
    unit("Kilogram", Times(1.0)),
    prefixed("Kilopound", 1e3, Times(0.45359237)),
    prefixed("Kilotonne", 1e3, Times(1000.0)),
    unit("LongHundredweight", Per(0.01968413055222121)),
    unit("LongTon", Times(1016.0469088)),
    prefixed("Megapound", 1e6, Times(0.45359237)),
    prefixed("Megatonne", 1e6, Times(1000.0)),
    prefixed("Microgram", 1e-6, Per(1000.0)),
    prefixed("Milligram", 1e-3, Per(1000.0)),
    prefixed("Nanogram", 1e-9, Per(1000.0)),
    unit("Ounce", Per(35.2739619)),
    unit("Pound", Times(0.45359237)),
    unit("ShortHundredweight", Per(0.022046226218487758)),
    unit("ShortTon", Times(907.18474)),
    unit("Slug", Per(0.06852176556196105)),
    unit("SolarMass", Times(1.98947e30)),
    unit("Stone", Per(0.1574731728702698)),
    unit("Tonne", Times(1000.0)),
];
