//! The family `geo`. Written by `tests/generated.rs`.

pub mod arguments;
pub mod base32;
pub mod closest;
pub mod covering;
pub mod cube;
pub mod densify;
pub mod distance;
pub mod geohash;
pub mod h3cell;
pub mod intersection;
pub mod intersects;
pub mod line;
pub mod meet;
pub mod polygon;
pub mod refused;
pub mod s2cell;
pub mod shapes;
pub mod sphere;
pub mod wkt;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &closest::LINE,
    &closest::POLYGON,
    &covering::POLYGON,
    &covering::LINE,
    &densify::LINE,
    &densify::POLYGON,
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
    &intersection::LINES,
    &intersection::LINE_POLYGON,
    &intersection::POLYGONS,
    &intersects::LINES,
    &intersects::LINE_POLYGON,
    &intersects::POLYGONS,
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
    &refused::UNION_POLYGONS,
    &refused::UNION_LINES,
    &refused::SIMPLIFY_POLYGONS,
    &refused::POLYGON_H3,
    &refused::POLYGON_BUFFER,
    &refused::POLYGON_SIMPLIFY,
    &refused::LINE_BUFFER,
    &refused::LINE_SIMPLIFY,
    &refused::POINT_BUFFER,
    &s2cell::POINT,
    &s2cell::CENTER,
    &s2cell::POLYGON,
    &s2cell::NEIGHBORS,
    &wkt::SPEC,
];
