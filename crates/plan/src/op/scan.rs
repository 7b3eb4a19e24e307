//! Tables, files and relations of earlier steps.

use crate::error::{Result, fault};
use crate::expr::{Typed, convert, literal};
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, Slot, column_name, project};
use crate::table::{StoredColumn, StoredTable};
use arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use datafusion::common::{Column, TableReference};
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Cast, LogicalPlan, TableScanBuilder, TryCast};
use datafusion::prelude::Expr;
use kql_bind::plan::{ColumnId, Relation, SharedId};
use kql_diag::Span;
use kql_types::{Type, Value};
use std::sync::Arc;

/// A scan of some columns of a provider, by their places.
fn scan(
    provider: &Arc<dyn TableProvider>,
    name: &TableReference,
    places: Vec<usize>,
    span: Span,
) -> Result<LogicalPlan> {
    let scan = TableScanBuilder::new(name.clone(), provider_as_source(Arc::clone(provider)))
        .with_projection(Some(places))
        .build()
        .map_err(fault(span))?;
    Ok(LogicalPlan::TableScan(scan))
}

/// The columns of a stored table under the plan's names.
fn stored(
    t: &StoredTable,
    name: &str,
    wanted: &[(ColumnId, &str, Type)],
    span: Span,
) -> Result<Low> {
    let reference = TableReference::bare(name.to_owned());
    let schema = t.provider.schema();
    let mut places = Vec::new();
    let mut items = Vec::new();
    let mut columns = Columns::default();
    for (id, source, ty) in wanted {
        let found = t
            .columns
            .iter()
            .find(|c| c.name == *source)
            .and_then(|c| schema.column_with_name(source).map(|(i, _)| (i, c)));
        let Some((place, column)) = found else {
            // A known column that the data lacks.
            columns.alias(
                *id,
                Slot {
                    expr: literal::lit(&Value::null(*ty)),
                    form: Form::Canonical,
                    weight: 1,
                },
            );
            continue;
        };
        places.push(place);
        let from = Expr::Column(Column::new(Some(reference.clone()), *source));
        let typed = into_plan(from, column);
        let typed = if typed.ty == *ty {
            typed
        } else {
            convert(typed, *ty, span)?
        };
        items.push((typed.expr, column_name(*id)));
        columns.put(*id, typed.form);
    }
    let plan = scan(&t.provider, &reference, places, span)?;
    Ok(Low {
        plan: project(plan, items, span)?,
        columns,
    })
}

/// A stored column in a form that the plan knows.
fn into_plan(expr: Expr, column: &StoredColumn) -> Typed {
    let form = Form::of(column.ty, &column.stored);
    let want = form.arrow(column.ty);
    let expr = if column.stored == want {
        expr
    } else if column.stored == DataType::UInt64 {
        Expr::TryCast(TryCast::new(Box::new(expr), want))
    } else {
        Expr::Cast(Cast::new(Box::new(expr), want))
    };
    Typed {
        expr,
        form,
        ty: column.ty,
    }
}

/// A table.
pub(crate) fn table(
    cx: &mut Lowering<'_>,
    name: &str,
    columns: &[(ColumnId, String, Type)],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    cx.scanned = true;
    let t = cx.tables.table(name, r.span)?;
    let wanted: Vec<_> = columns
        .iter()
        .filter(|(id, _, _)| need.contains(id))
        .map(|(id, n, ty)| (*id, n.as_str(), *ty))
        .collect();
    stored(&t, name, &wanted, r.span)
}

/// `externaldata`.
pub(crate) fn external(
    cx: &mut Lowering<'_>,
    columns: &[(Option<ColumnId>, String, Type)],
    locations: &[String],
    properties: &[(String, Value)],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    cx.scanned = true;
    let all: Vec<(String, Type)> = columns.iter().map(|(_, n, t)| (n.clone(), *t)).collect();
    let t = cx.tables.external(&all, locations, properties, r.span)?;
    let wanted: Vec<_> = columns
        .iter()
        .filter_map(|(id, n, ty)| {
            id.filter(|id| need.contains(id))
                .map(|id| (id, n.as_str(), *ty))
        })
        .collect();
    stored(&t, "external", &wanted, r.span)
}

/// A relation of an earlier step.
pub(crate) fn shared(
    cx: &mut Lowering<'_>,
    id: SharedId,
    columns: &[(ColumnId, ColumnId)],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let rows = cx.shared(id, r.span)?;
    let reference = TableReference::bare(format!("shared{}", id.0));
    let mut places = Vec::new();
    let mut items = Vec::new();
    let mut out = Columns::default();
    for (new, old) in columns.iter().filter(|(new, _)| need.contains(new)) {
        let Some((place, (_, form))) = rows
            .columns
            .iter()
            .enumerate()
            .find(|(_, (id, _))| id == old)
        else {
            continue;
        };
        if !places.contains(&place) {
            places.push(place);
        }
        let from = Expr::Column(Column::new(Some(reference.clone()), column_name(*old)));
        items.push((from, column_name(*new)));
        out.put(*new, form.clone());
    }
    let plan = scan(&rows.provider, &reference, places, r.span)?;
    Ok(Low {
        plan: project(plan, items, r.span)?,
        columns: out,
    })
}
