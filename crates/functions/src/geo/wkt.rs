//! `geo_from_wkt(wkt)`.

use crate::prelude::*;

/// `geo_from_wkt`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "geo_from_wkt",
    summary: "Returns a shape in well-known text as GeoJSON; null when it is none.",
    signatures: &[sig(
        &[arg_of("wkt", Class::StringOrDynamic, "The text.")],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_from_wkt),
    examples: &[
        ex(
            "geo_from_wkt('POINT (1 2)')",
            r#"{"type":"Point","coordinates":[1,2]}"#,
        ),
        ex(
            "geo_from_wkt('POLYGON ((0 0, 2 0, 2 2, 0 0))')",
            r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,0]]]}"#,
        ),
        ex("geo_from_wkt('LINESTRING')", "null"),
    ],
    differs: "Only two coordinates a place; arrays of texts are refused.",
};

use super::arguments::write_place;

fn geo_from_wkt(args: &Args<'_>) -> Result<ArrayRef> {
    let texts = args.any(0)?;
    try_dyn_result(args.rows, |row, w| {
        let text = match texts.get(row) {
            DynRef::String(s) => s,
            DynRef::Array(_) => {
                return Err(KernelError::new(
                    "geo_from_wkt of an array of texts is not supported",
                ));
            }
            _ => return Ok(()),
        };
        let mut reader = Reader { rest: text.trim() };
        if reader.geometry(w, 0).is_none() || !reader.rest.is_empty() {
            w.clear();
        }
        Ok(())
    })
}

/// Collections may stand this deep in each other.
const MAX_DEPTH: usize = 64;

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn word(&mut self) -> &'t str {
        let rest = self.rest.trim_start();
        let end = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        self.rest = after;
        word
    }

    fn take(&mut self, c: char) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(c)?;
        Some(())
    }

    fn number(&mut self) -> Option<f64> {
        let rest = self.rest.trim_start();
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E')))
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(end)?;
        self.rest = after;
        number.parse().ok()
    }

    fn place(&mut self) -> Option<(f64, f64)> {
        Some((self.number()?, self.number()?))
    }

    /// `( item, item )` as an array.
    fn list(
        &mut self,
        w: &mut DynWriter,
        item: &mut dyn FnMut(&mut Self, &mut DynWriter) -> Option<()>,
    ) -> Option<()> {
        self.take('(')?;
        w.begin_array();
        loop {
            item(self, w)?;
            if self.take(',').is_none() {
                break;
            }
        }
        w.end();
        self.take(')')
    }

    fn places(&mut self, w: &mut DynWriter) -> Option<()> {
        self.list(w, &mut |r, w| {
            write_place(r.place()?, w);
            Some(())
        })
    }

    fn paths(&mut self, w: &mut DynWriter) -> Option<()> {
        self.list(w, &mut |r, w| r.places(w))
    }

    fn geometry(&mut self, w: &mut DynWriter, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        let word = self.word().to_ascii_uppercase();
        let (name, list) = match word.as_str() {
            "POINT" => ("Point", "coordinates"),
            "LINESTRING" => ("LineString", "coordinates"),
            "POLYGON" => ("Polygon", "coordinates"),
            "MULTIPOINT" => ("MultiPoint", "coordinates"),
            "MULTILINESTRING" => ("MultiLineString", "coordinates"),
            "MULTIPOLYGON" => ("MultiPolygon", "coordinates"),
            "GEOMETRYCOLLECTION" => ("GeometryCollection", "geometries"),
            _ => return None,
        };
        w.begin_bag();
        w.key("type");
        w.string(name);
        w.key(list);
        match name {
            "Point" => {
                self.take('(')?;
                write_place(self.place()?, w);
                self.take(')')?;
            }
            "LineString" => self.places(w)?,
            "MultiPoint" => self.list(w, &mut |r, w| {
                let bracket = r.take('(').is_some();
                write_place(r.place()?, w);
                if bracket { r.take(')') } else { Some(()) }
            })?,
            "Polygon" | "MultiLineString" => self.paths(w)?,
            "MultiPolygon" => self.list(w, &mut |r, w| r.paths(w))?,
            _ => self.list(w, &mut |r, w| r.geometry(w, depth + 1))?,
        }
        w.end();
        Some(())
    }
}
