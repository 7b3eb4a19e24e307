//! `parse-kv`.

use crate::agg::field;
use crate::error::Result;
use crate::expr::key_values::KeyValues;
use crate::expr::{Typed, convert};
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, named, project};
use crate::op::{kept, reads};
use arrow::datatypes::DataType;
use kql_bind::plan::{ParseKv, Relation};
use kql_diag::{Diagnostic, codes};
use kql_types::Type;

/// What a column of a key weighs in a filter: several filters should not each read the text.
const HEAVY: usize = 50;

/// Columns out of a text of keys and values.
pub(crate) fn parse_kv(
    cx: &mut Lowering<'_>,
    p: &ParseKv,
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let wanted: Vec<_> = p
        .keys
        .iter()
        .filter(|(_, id, _)| need.contains(id))
        .collect();
    let mut carried = need.clone();
    for (_, id, _) in &p.keys {
        carried.remove(id);
    }
    let mut below = carried.clone();
    if !wanted.is_empty() {
        reads(&p.source, &mut below);
    }
    let low = cx.relation(&p.input, &below)?;
    if wanted.is_empty() {
        return Ok(low);
    }
    // Every key has to be known: where words stand in for pairs, a key ends what stands before it.
    let keys = p.keys.iter().map(|(k, ..)| k.clone()).collect();
    let reader = KeyValues::new(keys, &p.mode, &p.quotes, &p.escapes)
        .map_err(|e| Diagnostic::error(codes::BAD_VALUE, r.span, e))?;
    let source = cx.any(&p.source, &low.columns)?.for_kernel();
    let mut items = kept(&low.columns, &carried);
    let found = cx.fresh();
    items.push((reader.call(source), found.clone()));
    let plan = project(low.plan, items, r.span)?;

    let mut columns = Columns::default();
    for (id, slot) in low.columns.iter().filter(|(id, _)| carried.contains(id)) {
        columns.put_weighted(*id, slot.form.clone(), slot.weight);
    }
    let mut items = kept(&columns, &carried);
    for (i, (_, id, ty)) in p.keys.iter().enumerate() {
        if !need.contains(id) {
            continue;
        }
        let text = Typed {
            expr: field(named(found.clone()), i, DataType::Utf8View),
            form: Form::Texts,
            ty: Type::String,
        };
        let typed = match ty {
            Type::String => text,
            _ => convert(text, *ty, r.span)?,
        };
        items.push((typed.expr, column_name(*id)));
        columns.put_weighted(*id, typed.form, HEAVY);
    }
    Ok(Low {
        plan: project(plan, items, r.span)?,
        columns,
    })
}
