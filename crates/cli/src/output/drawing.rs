//! What `render` asks for, as a chart.

use kql_engine::ResultInfo;
use kql_render::chart::{Chart, Data, Spec};
use kql_types::Value;

/// Rows beyond which nothing is drawn.
pub const MOST_ROWS: usize = 1_000_000;

/// Whether a result is to be drawn.
pub fn is_drawn(info: &ResultInfo) -> bool {
    info.render.as_ref().is_some_and(|r| r.kind != "table")
}

/// What a page about the result is called.
pub fn title(info: &ResultInfo) -> String {
    let properties = info.render.iter().flat_map(|r| &r.properties);
    let given = properties.rev().find_map(|(n, v)| match v {
        Value::String(s) if n.eq_ignore_ascii_case("title") && !s.is_empty() => Some(s.clone()),
        _ => None,
    });
    given.unwrap_or_else(|| "kql".to_owned())
}

/// The chart of a result.
///
/// # Errors
/// Why it is shown as a table.
pub fn chart(info: &ResultInfo, data: &Data) -> Result<Chart, String> {
    let render = info.render.as_ref().ok_or("the query has no `render`")?;
    let spec = Spec {
        kind: render.kind.clone(),
        properties: render.properties.clone(),
    };
    Chart::new(&spec, data)
}
