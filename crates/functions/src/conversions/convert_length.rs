//! `convert_length(value, from, to)`.

use super::units::{
    Named,
    Unit::{By, Per, Times},
    convert, prefixed, unit,
};
use crate::prelude::*;

/// `convert_length`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "convert_length",
    summary: "Makes a length in one unit a length in another. A unit that is not known gives null.",
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
        ex("convert_length(1.2, 'Meter', 'Foot')", "3.9370078740157477"),
        ex("convert_length(1, 'Mile', 'Kilometer')", "1.60934"),
    ],
    differs: "A unit in other letters (`meter` for `Meter`) is an error: whether Kusto knows it is not documented.",
};

const UNITS: &[Named] = &[
    unit("Angstrom", Times(1e-10)),
    unit("AstronomicalUnit", Times(149597870700.0)),
    prefixed("Centimeter", 1e-2, Times(1.0)),
    unit("Chain", Times(20.1168)),
    unit("DataMile", Times(1828.8)),
    prefixed("Decameter", 1e1, Times(1.0)),
    prefixed("Decimeter", 1e-1, Times(1.0)),
    unit("DtpPica", Per(236.220472441)),
    unit(
        "DtpPoint",
        By(|x| (x / 72.0) * 0.0254, |x| (x / 0.0254) * 72.0),
    ),
    unit("Fathom", Times(1.8288)),
    unit("Foot", Times(0.3048)),
    unit("Hand", Times(0.1016)),
    prefixed("Hectometer", 1e2, Times(1.0)),
    unit("Inch", Times(0.0254)),
    prefixed("KilolightYear", 1e3, Times(9460730472580000.0)),
    prefixed("Kilometer", 1e3, Times(1.0)),
    prefixed("Kiloparsec", 1e3, Times(3.08567758128e16)),
    unit("LightYear", Times(9460730472580000.0)),
    prefixed("MegalightYear", 1e6, Times(9460730472580000.0)),
    prefixed("Megaparsec", 1e6, Times(3.08567758128e16)),
    unit("Meter", Times(1.0)),
    unit("Microinch", Times(2.54e-8)),
    prefixed("Micrometer", 1e-6, Times(1.0)),
    unit("Mil", Times(2.54e-5)),
    unit("Mile", Times(1609.34)),
    prefixed("Millimeter", 1e-3, Times(1.0)),
    prefixed("Nanometer", 1e-9, Times(1.0)),
    unit("NauticalMile", Times(1852.0)),
    unit("Parsec", Times(3.08567758128e16)),
    unit("PrinterPica", Per(237.106301584)),
    unit(
        "PrinterPoint",
        By(|x| (x / 72.27) * 0.0254, |x| (x / 0.0254) * 72.27),
    ),
    unit("Shackle", Times(27.432)),
    unit("SolarRadius", Times(695510000.0)),
    unit("Twip", Per(56692.913385826)),
    unit(
        "UsSurveyFoot",
        By(|x| x * 1200.0 / 3937.0, |x| x * 3937.0 / 1200.0),
    ),
    unit("Yard", Times(0.9144)),
];
