//! The family `geo`. Written by `tests/generated.rs`.

pub mod arguments;
pub mod base32;
pub mod cube;
pub mod distance;
pub mod geohash;
pub mod h3cell;
pub mod line;
pub mod polygon;
pub mod refused;
pub mod s2cell;
pub mod shapes;
pub mod sphere;
pub mod wkt;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &distance::DISTANCE,
    &distance::AZIMUTH,
    &distance::ANGLE,
    &distance::CIRCLE,
    &geohash::POINT,
    &geohash::CENTER,
    &geohash::POLYGON,
    &geohash::NEIGHBORS,
    &h3cell::POINT,
    &h3cell::CENTER,
    &h3cell::POLYGON,
    &h3cell::LEVEL,
    &h3cell::PARENT,
    &h3cell::CHILDREN,
    &h3cell::NEIGHBORS,
    &h3cell::RINGS,
    &line::LENGTH,
    &line::DISTANCE,
    &line::LOCATE,
    &line::INTERPOLATE,
    &line::CENTROID,
    &polygon::IN,
    &polygon::DISTANCE,
    &polygon::AREA,
    &polygon::PERIMETER,
    &polygon::CENTROID,
    &refused::CLOSEST_LINE,
    &refused::CLOSEST_POLYGON,
    &refused::INTERSECTS_LINES,
    &refused::INTERSECTS_LINE,
    &refused::INTERSECTS_POLYGONS,
    &refused::INTERSECTION_LINES,
    &refused::INTERSECTION_LINE,
    &refused::INTERSECTION_POLYGONS,
    &refused::UNION_POLYGONS,
    &refused::UNION_LINES,
    &refused::SIMPLIFY_POLYGONS,
    &refused::POLYGON_H3,
    &refused::POLYGON_S2,
    &refused::POLYGON_DENSIFY,
    &refused::POLYGON_BUFFER,
    &refused::POLYGON_SIMPLIFY,
    &refused::LINE_BUFFER,
    &refused::LINE_DENSIFY,
    &refused::LINE_SIMPLIFY,
    &refused::LINE_S2,
    &refused::POINT_BUFFER,
    &s2cell::POINT,
    &s2cell::CENTER,
    &s2cell::POLYGON,
    &s2cell::NEIGHBORS,
    &wkt::SPEC,
];
