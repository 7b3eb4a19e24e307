//! Charts as PNG: the SVG picture, drawn with a font that the program brings along.

use super::Chart;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};
use std::sync::Arc;

/// Dots of a picture at most: four bytes each are held while it is drawn.
const MOST_DOTS: f32 = 12_000_000.0;
/// Dots for each unit of the SVG picture, where it is not too large.
const SHARPNESS: f32 = 2.0;

impl Chart {
    /// The picture as a PNG file.
    ///
    /// # Errors
    /// It cannot be drawn.
    pub fn png(&self) -> Result<Vec<u8>, String> {
        let mut fonts = Database::new();
        fonts.load_font_data(epaint_default_fonts::UBUNTU_LIGHT.to_vec());
        // Signs that the first font lacks.
        fonts.load_font_data(epaint_default_fonts::HACK_REGULAR.to_vec());
        fonts.set_sans_serif_family("Ubuntu");
        let options = Options {
            font_family: "Ubuntu".to_owned(),
            fontdb: Arc::new(fonts),
            ..Options::default()
        };
        let fault = |e: &dyn std::fmt::Display| format!("the picture cannot be drawn: {e}");
        let tree = Tree::from_str(&self.svg(), &options).map_err(|e| fault(&e))?;
        let size = tree.size();
        let scale = (MOST_DOTS / (size.width() * size.height()))
            .sqrt()
            .min(SHARPNESS);
        let dots = size
            .to_int_size()
            .scale_by(scale)
            .ok_or_else(|| fault(&"it has no size"))?;
        let mut picture =
            Pixmap::new(dots.width(), dots.height()).ok_or_else(|| fault(&"it is too large"))?;
        resvg::render(
            &tree,
            Transform::from_scale(scale, scale),
            &mut picture.as_mut(),
        );
        picture.encode_png().map_err(|e| fault(&e))
    }
}
