//! What the geospatial functions give, by the documentation.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::excessive_precision
)]

mod answers;

use answers::{answer, d, l, s};
use kql_types::{Type, Value};

fn r(x: f64) -> Value {
    Value::Real(x)
}

const PARK: &str = r#"{"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]}"#;
const LINE: &str =
    r#"{"type":"LineString","coordinates":[[-73.95796,40.80042],[-73.97317,40.764486]]}"#;
const LOOP: &str = r#"{"type":"LineString","coordinates":[[-73.95807266235352,40.800426144169315],[-73.94966125488281,40.79691751000055],[-73.97317886352539,40.764486356930334],[-73.98210525512695,40.76786669510221],[-73.96004676818848,40.7980870753293]]}"#;

/// The answer is this number, to a relative error of 1e-11.
fn near(name: &str, args: &[Value], want: f64) {
    let got: f64 = answer(name, args, Type::Real).parse().unwrap();
    assert!(
        (got - want).abs() <= want.abs() * 1e-11,
        "{name} {args:?}: {got}, not {want}"
    );
}

/// The numbers in the answer are these, to 1e-11.
fn coordinates(name: &str, args: &[Value], want: &[f64]) {
    let text = answer(name, args, Type::Dynamic);
    let got: Vec<f64> = text
        .split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))
        .filter_map(|n| n.parse().ok())
        .collect();
    let close = got.len() == want.len() && got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-11);
    assert!(close, "{name}: {text}, not {want:?}");
}

#[test]
fn measures() {
    near(
        "geo_distance_2points",
        &[r(-122.407628), r(47.578557), r(-118.275287), r(34.019056)],
        1546754.35197381,
    );
    near(
        "geo_azimuth",
        &[l(5), l(10), l(10), l(-40)],
        3.05459939796449,
    );
    near(
        "geo_angle",
        &[l(0), l(10), l(0), l(5), l(3), l(-10)],
        2.94493843406882,
    );
    near("geo_polygon_area", &[d(PARK)], 3475207.28346606);
    near("geo_polygon_perimeter", &[d(PARK)], 9930.30149604938);
    near(
        "geo_distance_point_to_polygon",
        &[r(-73.9839), r(40.7705), d(PARK)],
        259.940756070596,
    );
    near(
        "geo_line_length",
        &[d(
            r#"{"type":"LineString","coordinates":[[-73.95807266235352,40.800426144169315],[-73.94966125488281,40.79691751000055],[-73.97317886352539,40.764486356930334]]}"#,
        )],
        4922.48016992081,
    );
    near(
        "geo_line_length",
        &[d(
            r#"{"type":"MultiLineString","coordinates":[[[-73.95798683166502,40.800556090021466],[-73.98193359375,40.76819171855746]],[[-73.94940376281738,40.79691751000055],[-73.97317886352539,40.76435634049001]]]}"#,
        )],
        8262.24339753741,
    );
    near(
        "geo_line_locate_point",
        &[d(LINE), r(-73.965), r(40.792)],
        0.25560135100307552,
    );
    near(
        "geo_distance_point_to_line",
        &[
            r(-115.199625),
            r(36.210419),
            d(
                r#"{"type":"LineString","coordinates":[[-115.115385,36.229195],[-115.136995,36.200366],[-115.140252,36.192470],[-115.143558,36.188523],[-115.144076,36.181954],[-115.154662,36.174483],[-115.166431,36.176388],[-115.183289,36.175007],[-115.192612,36.176736],[-115.202485,36.173439],[-115.225355,36.174365]]}"#,
            ),
        ],
        3797.88887253334,
    );
    coordinates(
        "geo_polygon_centroid",
        &[d(PARK)],
        &[-73.965735689907618, 40.782550538057812],
    );
    coordinates(
        "geo_line_centroid",
        &[d(LINE)],
        &[-73.965567057230942, 40.782453249627416],
    );
    coordinates(
        "geo_line_interpolate_point",
        &[d(LINE), r(0.25)],
        &[-73.961764043218281, 40.791436687257232],
    );
    cases! { Type::Real;
        "geo_distance_2points"(l(300), l(1), l(1), l(1)) => "null";
        "geo_distance_2points"(l(0), l(1), l(1), Value::Null(Type::Long)) => "null";
        "geo_distance_2points"(l(0), l(1), l(0), l(1), Value::Bool(false)) => "0.0";
        "geo_azimuth"(l(5), l(10), l(5), l(10)) => "null";
        "geo_angle"(l(0), l(10), l(0), l(10), l(3), l(-10)) => "null";
        "geo_line_length"(d(r#"{"type":"LineString","coordinates":[[1,1]]}"#)) => "null";
        "geo_distance_point_to_line"(l(1), l(1), d(r#"{"type":"LineString"}"#)) => "null";
        "geo_distance_point_to_line"(l(300), l(3), d(LINE)) => "null";
        "geo_distance_point_to_polygon"(r(-73.965), r(40.782), d(PARK)) => "0.0";
        "geo_polygon_area"(d(r#"{"type":"Polygon","coordinates":[[[0,0],[10,10],[10,10],[0,0]]]}"#)) => "null";
        "geo_polygon_area"(d(r#"{"type":"Polygon","coordinates":[[[0,0],[10,10],[10,0],[0,10],[0,0]]]}"#)) => "null";
    }
    let got = answer(
        "geo_line_interpolate_point",
        &[d(LOOP), r(0.9)],
        Type::Dynamic,
    );
    assert!(got.contains("-73.965565458"), "{got}");
    let error = answer(
        "geo_distance_2points",
        &[l(0), l(1), l(0), l(1), Value::Bool(true)],
        Type::Real,
    );
    assert!(error.starts_with("error: use_spheroid"), "{error}");
}

#[test]
fn containment() {
    let triangle = r#"{"type":"Polygon","coordinates":[[[0,0],[10,10],[10,1],[0,0]]]}"#;
    let holed = r#"{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[4,6],[6,6],[6,4],[4,4]]]}"#;
    let pole = r#"{"type":"Polygon","coordinates":[[[0,80],[90,80],[180,80],[-90,80],[0,80]]]}"#;
    let two = r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,1],[0,0]]],[[[179,0],[-179,0],[-179,1],[179,1],[179,0]]]]}"#;
    cases! { Type::Bool;
        "geo_point_in_circle"(r(-122.143564), r(47.535677), r(-122.100896), r(47.527351), l(3500)) => "true";
        "geo_point_in_circle"(r(-122.137575), r(47.630683), r(-122.100896), r(47.527351), l(3500)) => "false";
        "geo_point_in_circle"(r(-122.317404), r(47.609119), r(-122.317404), r(47.609119), l(18000)) => "true";
        "geo_point_in_circle"(r(-123.497688), r(47.458098), r(-122.317404), r(47.609119), l(18000)) => "false";
        "geo_point_in_circle"(l(200), l(1), l(1), l(1), l(1)) => "null";
        "geo_point_in_circle"(l(1), l(1), l(1), l(1), l(-1)) => "null";
        "geo_point_in_polygon"(r(-73.965), r(40.782), d(PARK)) => "true";
        "geo_point_in_polygon"(r(-73.9839), r(40.7705), d(PARK)) => "false";
        "geo_point_in_polygon"(r(-73.95), r(40.75), d(r#"{"type":"Polygon","coordinates":[[[-73.85009765625,40.85744791303121],[-74.16046142578125,40.84290487729676],[-74.190673828125,40.59935608796518],[-73.83087158203125,40.61812224225511],[-73.85009765625,40.85744791303121]]]}"#)) => "true";
        "geo_point_in_polygon"(l(5), l(3), d(triangle)) => "true";
        "geo_point_in_polygon"(l(3), l(5), d(triangle)) => "false";
        "geo_point_in_polygon"(l(-175), l(-3), d(triangle)) => "false";
        "geo_point_in_polygon"(l(2), l(2), d(holed)) => "true";
        "geo_point_in_polygon"(l(5), l(5), d(holed)) => "false";
        "geo_point_in_polygon"(l(45), l(88), d(pole)) => "true";
        "geo_point_in_polygon"(l(0), l(90), d(pole)) => "true";
        "geo_point_in_polygon"(l(45), l(-88), d(pole)) => "false";
        "geo_point_in_polygon"(l(45), l(70), d(pole)) => "false";
        "geo_point_in_polygon"(r(179.5), r(0.5), d(two)) => "true";
        "geo_point_in_polygon"(r(-179.5), r(0.5), d(two)) => "true";
        "geo_point_in_polygon"(r(0.5), r(0.5), d(two)) => "true";
        "geo_point_in_polygon"(r(90.0), r(0.5), d(two)) => "false";
        "geo_point_in_polygon"(l(200), l(1), d(triangle)) => "null";
        "geo_point_in_polygon"(l(1), l(1), d(r#"{"type":"Polygon","coordinates":[[[0,0],[10,10],[10,10],[0,0]]]}"#)) => "null";
        "geo_point_in_polygon"(l(1), l(1), d(r#"{"type":"Polygon","coordinates":[[[0,900],[10,10],[10,1],[0,0]]]}"#)) => "null";
    }
}

#[test]
fn geohashes() {
    let none = || Value::Null(Type::Int);
    cases! { Type::String;
        "geo_point_to_geohash"(r(-80.195829), r(25.802215), l(8)) => "dhwfz15h";
        "geo_point_to_geohash"(r(-122.303404), r(47.570482)) => "c23n8";
        "geo_point_to_geohash"(r(-122.278156), r(47.566936)) => "c23n9";
        "geo_point_to_geohash"(l(200), l(1), l(8)) => "";
        "geo_point_to_geohash"(l(1), l(1), none()) => "";
        "geo_point_to_geohash"(l(1), l(1), l(19)) => "";
        "geo_point_to_geohash"(l(180), l(90), l(3)) => "zzz";
    }
    cases! { Type::Dynamic;
        "geo_geohash_to_central_point"(s("sunny")) => r#"{"type":"Point","coordinates":[42.47314453125,23.70849609375]}"#;
        "geo_geohash_to_central_point"(s("a")) => "null";
        "geo_geohash_to_central_point"(s("")) => "null";
        "geo_geohash_to_polygon"(s("dr5ru")) => r#"{"type":"Polygon","coordinates":[[[-74.00390625,40.7373046875],[-73.9599609375,40.7373046875],[-73.9599609375,40.78125],[-74.00390625,40.78125],[-74.00390625,40.7373046875]]]}"#;
        "geo_geohash_neighbors"(s("sunny")) => r#"["sunnt","sunpj","sunnx","sunpn","sunnv","sunpp","sunnz","sunnw"]"#;
        "geo_geohash_neighbors"(s("a")) => "null";
    }
}

#[test]
fn cells() {
    cases! { Type::String;
        "geo_point_to_s2cell"(r(-80.195829), r(25.802215), l(8)) => "88d9b";
        "geo_point_to_s2cell"(r(10.1234), l(53), l(8)) => "47b1d";
        "geo_point_to_s2cell"(r(10.6842), l(53), l(8)) => "47ae3";
        "geo_point_to_s2cell"(l(300), l(1), l(8)) => "";
        "geo_point_to_s2cell"(l(1), l(1), l(35)) => "";
        "geo_point_to_h3cell"(r(-74.04450446039874), r(40.689250859314974), l(6)) => "862a1072fffffff";
        "geo_point_to_h3cell"(r(-73.956683), r(40.807907), l(5)) => "852a100bfffffff";
        "geo_point_to_h3cell"(r(-73.989148), r(40.743273), l(5)) => "852a1073fffffff";
        "geo_point_to_h3cell"(l(300), l(1), l(8)) => "";
        "geo_point_to_h3cell"(l(1), l(1), l(16)) => "";
        "geo_h3cell_parent"(s("862a1072fffffff")) => "852a1073fffffff";
        "geo_h3cell_parent"(s("862a1072fffffff"), l(1)) => "812a3ffffffffff";
        "geo_h3cell_parent"(s("123")) => "";
        "geo_h3cell_parent"(s("862a1072fffffff"), l(100)) => "";
        "geo_h3cell_parent"(s("862a1072fffffff"), l(15)) => "";
    }
    cases! { Type::Int;
        "geo_h3cell_level"(s("862a1072fffffff")) => "6";
        "geo_h3cell_level"(s("abc")) => "null";
    }
    cases! { Type::Dynamic;
        "geo_s2cell_neighbors"(s("89c259")) => r#"["89c25d","89c2f9","89c251","89c257","89c25f","89c25b","89c2f7","89c2f5"]"#;
        "geo_s2cell_neighbors"(s("a")) => "null";
        "geo_s2cell_to_central_point"(s("a")) => "null";
        "geo_s2cell_to_polygon"(s("a")) => "null";
        "geo_h3cell_neighbors"(s("862a1072fffffff")) => r#"["862a10727ffffff","862a10707ffffff","862a1070fffffff","862a10777ffffff","862a100dfffffff","862a100d7ffffff"]"#;
        "geo_h3cell_children"(s("862a1072fffffff")) => r#"["872a10728ffffff","872a10729ffffff","872a1072affffff","872a1072bffffff","872a1072cffffff","872a1072dffffff","872a1072effffff"]"#;
        "geo_h3cell_children"(s("862a1072fffffff"), l(12)) => "null";
        "geo_h3cell_children"(s("abc")) => "null";
        "geo_h3cell_rings"(s("861f8894fffffff"), l(1)) => r#"[["861f8894fffffff"],["861f88947ffffff","861f8895fffffff","861f88867ffffff","861f8d497ffffff","861f8d4b7ffffff","861f8896fffffff"]]"#;
        "geo_h3cell_rings"(s("861f8894fffffff"), l(150)) => "null";
        "geo_h3cell_to_polygon"(s("@")) => "null";
        "geo_h3cell_to_central_point"(s("1")) => "null";
    }
    coordinates(
        "geo_s2cell_to_central_point",
        &[s("1234567")],
        &[9.86830731850408, 27.468392925827604],
    );
    coordinates(
        "geo_s2cell_to_polygon",
        &[s("89c259")],
        &[
            -74.030012249838478,
            40.8012684339439,
            -74.030012249838478,
            40.7222262918358,
            -73.935982114337421,
            40.708880489804564,
            -73.935982114337421,
            40.787917134506841,
            -74.030012249838478,
            40.8012684339439,
        ],
    );
    coordinates(
        "geo_h3cell_to_central_point",
        &[s("862a1072fffffff")],
        &[-74.016008479792447, 40.7041679083504],
    );
    coordinates(
        "geo_h3cell_to_polygon",
        &[s("862a1072fffffff")],
        &[
            -74.0022744646159,
            40.735376026215022,
            -74.046908029686236,
            40.727986222489115,
            -74.060610712223664,
            40.696775140349033,
            -74.029724408156682,
            40.672970047595463,
            -73.985140983708192,
            40.680349049267583,
            -73.971393761028622,
            40.71154393543933,
            -74.0022744646159,
            40.735376026215022,
        ],
    );
    // Every face's cells have eight neighbours (seven at a corner of the cube), which know them.
    for token in [
        "1", "3", "5", "7", "9", "b", "04", "1c", "2fec", "3001", "554", "aac",
    ] {
        let near = answer("geo_s2cell_neighbors", &[s(token)], Type::Dynamic);
        let near: Vec<&str> = near
            .trim_matches(['[', ']'])
            .split(',')
            .map(|t| t.trim_matches('"'))
            .collect();
        assert!(near.len() >= 4, "{token}: {near:?}");
        for n in near {
            let back = answer("geo_s2cell_neighbors", &[s(n)], Type::Dynamic);
            assert!(
                back.contains(&format!("\"{token}\"")),
                "{token} {n}: {back}"
            );
        }
    }
}

#[test]
fn well_known_text() {
    cases! { Type::Dynamic;
        "geo_from_wkt"(s("POINT (1 2)")) => r#"{"type":"Point","coordinates":[1,2]}"#;
        "geo_from_wkt"(s("LINESTRING (1 2, 3 4)")) => r#"{"type":"LineString","coordinates":[[1,2],[3,4]]}"#;
        "geo_from_wkt"(s("POLYGON ((0 0, 2 0, 2 2, 0 0))")) => r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,0]]]}"#;
        "geo_from_wkt"(s("MULTIPOINT (1 1, 2 2, 3 3)")) => r#"{"type":"MultiPoint","coordinates":[[1,1],[2,2],[3,3]]}"#;
        "geo_from_wkt"(s("MULTILINESTRING ((1 1, 2 2, 3 3), (4 4, 5.5 5))")) => r#"{"type":"MultiLineString","coordinates":[[[1,1],[2,2],[3,3]],[[4,4],[5.5,5]]]}"#;
        "geo_from_wkt"(s("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 0)),((10 10, 12 10, 12 12, 10 10)))")) => r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[2,0],[2,2],[0,0]]],[[[10,10],[12,10],[12,12],[10,10]]]]}"#;
        "geo_from_wkt"(s("GEOMETRYCOLLECTION (POINT (1 1),LINESTRING (2 2, 3 3, 4 4),POLYGON ((10 10, 12 10, 12 12, 10 10)))")) => r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,1]},{"type":"LineString","coordinates":[[2,2],[3,3],[4,4]]},{"type":"Polygon","coordinates":[[[10,10],[12,10],[12,12],[10,10]]]}]}"#;
        "geo_from_wkt"(s("LINESTRING")) => "null";
        "geo_from_wkt"(s("POINT (1 2) x")) => "null";
        "geo_from_wkt"(s("")) => "null";
    }
}

/// Triangles about one place, by a fixed sequence.
fn triangles(n: u64) -> Vec<String> {
    let mut state = 7_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1 << 24) as f64
    };
    (0..n)
        .map(|_| {
            let mut at = || format!("[{},{}]", 20.0 + next() * 3.0, 50.0 + next() * 3.0);
            let (a, b, c) = (at(), at(), at());
            format!(r#"{{"type":"Polygon","coordinates":[[{a},{b},{c},{a}]]}}"#)
        })
        .collect()
}

#[test]
fn what_two_share_counts_once() {
    let all = triangles(12);
    let area = |shape: &str| -> f64 {
        // A collection without geometries has none.
        let area = answer("geo_polygon_area", &[d(shape)], Type::Real);
        area.parse().unwrap_or(0.0)
    };
    for pair in all.chunks(2) {
        let [a, b] = pair else { continue };
        let both = answer("geo_intersection_2polygons", &[d(a), d(b)], Type::Dynamic);
        let one = answer(
            "geo_union_polygons_array",
            &[d(&format!("[{a},{b}]"))],
            Type::Dynamic,
        );
        let (sum, parts) = (area(a) + area(b), area(&both) + area(&one));
        assert!(
            (sum - parts).abs() < sum * 1e-6,
            "{a} {b}: {sum}, not {parts}"
        );
    }
}

#[test]
fn every_order_joins_the_same() {
    let mut all = triangles(8);
    let area = |all: &[String]| -> f64 {
        let joined = answer(
            "geo_union_polygons_array",
            &[d(&format!("[{}]", all.join(",")))],
            Type::Dynamic,
        );
        answer("geo_polygon_area", &[d(&joined)], Type::Real)
            .parse()
            .unwrap()
    };
    let first = area(&all);
    all.reverse();
    let second = area(&all);
    assert!(
        (first - second).abs() < first * 1e-7,
        "{first}, not {second}"
    );
}

#[test]
fn what_is_no_part_of_a_hemisphere_is_refused() {
    let ring = |lng: i64| {
        let (a, b) = (lng - 20, lng + 20);
        format!(
            r#"{{"type":"Polygon","coordinates":[[[{a},-20],[{b},-20],[{b},20],[{a},20],[{a},-20]]]}}"#
        )
    };
    let far = format!("[{},{}]", ring(-100), ring(70));
    let text = answer("geo_union_polygons_array", &[d(&far)], Type::Dynamic);
    assert!(
        text.contains("error") && text.contains("hemisphere"),
        "{text}"
    );
}
