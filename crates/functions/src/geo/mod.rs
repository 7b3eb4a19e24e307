//! The family `geo`. Written by `tests/generated.rs`.

pub mod arguments;
pub mod base32;
pub mod buffer;
pub mod closest;
pub mod combined;
pub mod covering;
pub mod cube;
pub mod densify;
pub mod distance;
pub mod geohash;
pub mod h3cell;
pub mod h3cover;
pub mod intersection;
pub mod intersects;
pub mod line;
pub mod meet;
pub mod plane;
pub mod polygon;
pub mod s2cell;
pub mod shapes;
pub mod simplify;
pub mod sphere;
pub mod union_lines;
pub mod wkt;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &buffer::POINT,
    &buffer::LINE,
    &buffer::POLYGON,
    &closest::LINE,
    &closest::POLYGON,
    &combined::INTERSECTION,
    &combined::UNION,
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
    &h3cover::SPEC,
    &intersection::LINES,
    &intersection::LINE_POLYGON,
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
    &s2cell::POINT,
    &s2cell::CENTER,
    &s2cell::POLYGON,
    &s2cell::NEIGHBORS,
    &simplify::LINE,
    &simplify::POLYGON,
    &simplify::POLYGONS,
    &union_lines::SPEC,
    &wkt::SPEC,
];
