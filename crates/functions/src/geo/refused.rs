//! What is not done: covering, cutting, joining, growing and simplifying shapes.

use crate::prelude::*;

const WHY: &str = "cutting, joining, growing and simplifying shapes is not supported";

/// `geo_union_polygons_array`
pub const UNION_POLYGONS: FunctionSpec = FunctionSpec {
    name: "geo_union_polygons_array",
    summary: "Joins polygons.",
    signatures: &[sig(
        &[arg_of("polygons", Class::DynamicArray, "Polygons.")],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_union_lines_array`
pub const UNION_LINES: FunctionSpec = FunctionSpec {
    name: "geo_union_lines_array",
    summary: "Joins lines.",
    signatures: &[sig(
        &[arg_of("lineStrings", Class::DynamicArray, "Lines.")],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_simplify_polygons_array`
pub const SIMPLIFY_POLYGONS: FunctionSpec = FunctionSpec {
    name: "geo_simplify_polygons_array",
    summary: "Joins polygons and leaves out places.",
    signatures: &[sig(
        &[
            arg_of("polygons", Class::DynamicArray, "Polygons."),
            arg_of("tolerance", Class::Number, "Meters.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_polygon_to_h3cells`
pub const POLYGON_H3: FunctionSpec = FunctionSpec {
    name: "geo_polygon_to_h3cells",
    summary: "Returns the H3 cells that cover a polygon.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            arg_of("resolution", Class::Number, "0 to 15.").optional(),
            arg_of("radius", Class::Number, "Meters.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_polygon_buffer`
pub const POLYGON_BUFFER: FunctionSpec = FunctionSpec {
    name: "geo_polygon_buffer",
    summary: "Returns a polygon grown by some meters.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            arg_of("radius", Class::Number, "Meters."),
            arg_of("tolerance", Class::Number, "Meters.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_polygon_simplify`
pub const POLYGON_SIMPLIFY: FunctionSpec = FunctionSpec {
    name: "geo_polygon_simplify",
    summary: "Leaves out places of a polygon.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            arg_of("tolerance", Class::Number, "Meters.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_line_buffer`
pub const LINE_BUFFER: FunctionSpec = FunctionSpec {
    name: "geo_line_buffer",
    summary: "Returns a line grown to a polygon.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            arg_of("radius", Class::Number, "Meters."),
            arg_of("tolerance", Class::Number, "Meters.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_line_simplify`
pub const LINE_SIMPLIFY: FunctionSpec = FunctionSpec {
    name: "geo_line_simplify",
    summary: "Leaves out places of a line.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            arg_of("tolerance", Class::Number, "Meters.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_point_buffer`
pub const POINT_BUFFER: FunctionSpec = FunctionSpec {
    name: "geo_point_buffer",
    summary: "Returns a circle as a polygon.",
    signatures: &[sig(
        &[
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of("radius", Class::Number, "Meters."),
            arg_of("tolerance", Class::Number, "Meters.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};
