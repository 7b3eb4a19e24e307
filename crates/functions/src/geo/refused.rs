//! What is not done: covering, cutting, joining, growing and simplifying shapes.

use crate::prelude::*;

const WHY: &str = "cutting, joining, growing and simplifying shapes is not supported";

/// `geo_closest_point_on_line`
pub const CLOSEST_LINE: FunctionSpec = FunctionSpec {
    name: "geo_closest_point_on_line",
    summary: "Returns the place of a line that is closest to a place.",
    signatures: &[sig(
        &[
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
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

/// `geo_closest_point_on_polygon`
pub const CLOSEST_POLYGON: FunctionSpec = FunctionSpec {
    name: "geo_closest_point_on_polygon",
    summary: "Returns the place of a polygon that is closest to a place.",
    signatures: &[sig(
        &[
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
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

/// `geo_intersects_2lines`
pub const INTERSECTS_LINES: FunctionSpec = FunctionSpec {
    name: "geo_intersects_2lines",
    summary: "Whether two lines meet.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString1",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            arg_of(
                "lineString2",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_intersects_line_with_polygon`
pub const INTERSECTS_LINE: FunctionSpec = FunctionSpec {
    name: "geo_intersects_line_with_polygon",
    summary: "Whether a line and a polygon meet.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_intersects_2polygons`
pub const INTERSECTS_POLYGONS: FunctionSpec = FunctionSpec {
    name: "geo_intersects_2polygons",
    summary: "Whether two polygons meet.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon1",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            arg_of(
                "polygon2",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(WHY),
    examples: &[],
    differs: "",
};

/// `geo_intersection_2lines`
pub const INTERSECTION_LINES: FunctionSpec = FunctionSpec {
    name: "geo_intersection_2lines",
    summary: "Returns what two lines share.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString1",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            arg_of(
                "lineString2",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
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

/// `geo_intersection_line_with_polygon`
pub const INTERSECTION_LINE: FunctionSpec = FunctionSpec {
    name: "geo_intersection_line_with_polygon",
    summary: "Returns what a line and a polygon share.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
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

/// `geo_intersection_2polygons`
pub const INTERSECTION_POLYGONS: FunctionSpec = FunctionSpec {
    name: "geo_intersection_2polygons",
    summary: "Returns what two polygons share.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon1",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            arg_of(
                "polygon2",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
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

/// `geo_polygon_to_s2cells`
pub const POLYGON_S2: FunctionSpec = FunctionSpec {
    name: "geo_polygon_to_s2cells",
    summary: "Returns the S2 cells that cover a polygon.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            arg_of("level", Class::Number, "0 to 30.").optional(),
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

/// `geo_polygon_densify`
pub const POLYGON_DENSIFY: FunctionSpec = FunctionSpec {
    name: "geo_polygon_densify",
    summary: "Adds places along the edges of a polygon.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            arg_of("tolerance", Class::Number, "Meters.").optional(),
            arg_of(
                "preserve_crossing",
                Class::NumberOrBool,
                "Whether edges across the antimeridian stay.",
            )
            .optional(),
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

/// `geo_line_densify`
pub const LINE_DENSIFY: FunctionSpec = FunctionSpec {
    name: "geo_line_densify",
    summary: "Adds places along a line.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            arg_of("tolerance", Class::Number, "Meters.").optional(),
            arg_of(
                "preserve_crossing",
                Class::NumberOrBool,
                "Whether edges across the antimeridian stay.",
            )
            .optional(),
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

/// `geo_line_to_s2cells`
pub const LINE_S2: FunctionSpec = FunctionSpec {
    name: "geo_line_to_s2cells",
    summary: "Returns the S2 cells that cover a line.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            arg_of("level", Class::Number, "0 to 30.").optional(),
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
