//! Points and great circles on the unit sphere.

/// The radius of the Earth as a sphere, in meters.
pub const EARTH: f64 = 6_371_010.0;

/// A point, as a vector from the centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Towards longitude 0, latitude 0.
    pub x: f64,
    /// Towards longitude 90, latitude 0.
    pub y: f64,
    /// Towards the north pole.
    pub z: f64,
}

impl Point {
    /// From degrees; none when they are out of range.
    pub fn from_degrees(longitude: f64, latitude: f64) -> Option<Point> {
        if !(-180.0..=180.0).contains(&longitude) || !(-90.0..=90.0).contains(&latitude) {
            return None;
        }
        let (sin_lat, cos_lat) = latitude.to_radians().sin_cos();
        let (sin_lng, cos_lng) = longitude.to_radians().sin_cos();
        Some(Point {
            x: cos_lat * cos_lng,
            y: cos_lat * sin_lng,
            z: sin_lat,
        })
    }

    /// Longitude and latitude in degrees.
    pub fn to_degrees(self) -> (f64, f64) {
        (
            self.y.atan2(self.x).to_degrees(),
            self.z.atan2(self.x.hypot(self.y)).to_degrees(),
        )
    }

    /// Scalar product.
    pub fn dot(self, o: Point) -> f64 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    /// Vector product.
    pub fn cross(self, o: Point) -> Point {
        Point {
            x: self.y * o.z - self.z * o.y,
            y: self.z * o.x - self.x * o.z,
            z: self.x * o.y - self.y * o.x,
        }
    }

    /// `self * f`.
    pub fn times(self, f: f64) -> Point {
        Point {
            x: self.x * f,
            y: self.y * f,
            z: self.z * f,
        }
    }

    /// Sum.
    pub fn plus(self, o: Point) -> Point {
        Point {
            x: self.x + o.x,
            y: self.y + o.y,
            z: self.z + o.z,
        }
    }

    /// Difference.
    pub fn minus(self, o: Point) -> Point {
        self.plus(o.times(-1.0))
    }

    /// Length of the vector.
    pub fn norm(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// The vector with length 1.
    pub fn unit(self) -> Point {
        self.times(1.0 / self.norm())
    }

    /// A normal of the great circle through two points: exact also when they are close to each other.
    pub fn normal(self, o: Point) -> Point {
        // (b - a) x (b + a) = 2 a x b
        o.minus(self).cross(o.plus(self)).times(-0.5)
    }

    /// The angle between two points.
    pub fn angle(self, o: Point) -> f64 {
        self.normal(o).norm().atan2(self.dot(o))
    }
}

/// The angle between two places given in degrees; exact also for close places.
pub fn haversine(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lng1, lat1) = (a.0.to_radians(), a.1.to_radians());
    let (lng2, lat2) = (b.0.to_radians(), b.1.to_radians());
    let dlat = (0.5 * (lat2 - lat1)).sin();
    let dlng = (0.5 * (lng2 - lng1)).sin();
    let x = dlat * dlat + dlng * dlng * lat1.cos() * lat2.cos();
    2.0 * x.min(1.0).sqrt().asin()
}

/// The point of the edge `a`-`b` that is closest to `p`.
pub fn closest_on_edge(p: Point, a: Point, b: Point) -> Point {
    let n = a.normal(b);
    let len = n.norm();
    if len > 0.0 {
        let n = n.times(1.0 / len);
        // Between the ends: left of a's and right of b's perpendicular.
        let foot = p.minus(n.times(p.dot(n)));
        if n.cross(a).dot(foot) > 0.0 && b.cross(n).dot(foot) > 0.0 {
            return foot.unit();
        }
    }
    if p.minus(a).norm() <= p.minus(b).norm() {
        a
    } else {
        b
    }
}

/// The signed area of the triangle `a`, `b`, `c`: positive when they go round it counter-clockwise.
pub fn triangle(a: Point, b: Point, c: Point) -> f64 {
    let triple = a.dot(b.minus(a).cross(c.minus(a)));
    2.0 * triple.atan2(1.0 + a.dot(b) + b.dot(c) + c.dot(a))
}

/// The azimuth of the way from one place to another, clockwise from north, from 0 to 2 pi; none for one place twice.
pub fn azimuth(a: (f64, f64), b: (f64, f64)) -> Option<f64> {
    if a == b {
        return None;
    }
    let (sin1, cos1) = a.1.to_radians().sin_cos();
    let (sin2, cos2) = b.1.to_radians().sin_cos();
    let (sin_d, cos_d) = (b.0 - a.0).to_radians().sin_cos();
    let angle = (sin_d * cos2).atan2(cos1 * sin2 - sin1 * cos2 * cos_d);
    Some(if angle < 0.0 {
        angle + std::f64::consts::TAU
    } else {
        angle
    })
}
