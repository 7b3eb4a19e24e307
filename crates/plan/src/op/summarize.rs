//! `summarize`, `distinct`, `count`.

use crate::agg::{RowsCall, RowsKind, StateCall, aggregate, exact_average, field};
use crate::error::{Result, fault};
use crate::expr::{Typed, literal};
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, named, project};
use crate::op::reads;
use arrow::datatypes::DataType;
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::min_max::{max_udaf, min_udaf};
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::logical_expr::{
    Aggregate as AggregatePlan, AggregateUDF, Case, Cast, LogicalPlan, binary_expr,
};
use datafusion::prelude::Expr;
use kql_bind::plan::{Aggregate, Assignment, ColumnId, Relation};
use kql_diag::{Diagnostic, codes};
use kql_functions::adapter::arrow_type;
use kql_functions::aggregates::extremes;
use kql_functions::catalog;
use kql_functions::spec::AggregateLower;
use kql_types::{Type, Value};
use std::sync::Arc;

/// What comes out of an aggregate, over the column of its raw result.
struct Made {
    /// The call.
    call: Expr,
    /// Its column.
    name: String,
    /// The outputs from it.
    outputs: Vec<(ColumnId, Expr, Form)>,
}

/// A row a group.
pub(crate) fn summarize(
    cx: &mut Lowering<'_>,
    input: &Relation,
    keys: &[Assignment],
    aggregates: &[Aggregate],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let aggregates: Vec<&Aggregate> = aggregates
        .iter()
        .filter(|a| a.outputs.iter().any(|id| need.contains(id)))
        .collect();
    let mut below = Need::new();
    for k in keys {
        reads(&k.value, &mut below);
    }
    for a in &aggregates {
        for e in a.arguments.iter().chain(&a.filter) {
            reads(e, &mut below);
        }
    }
    let low = cx.relation(input, &below)?;
    let mut columns = Columns::default();

    // Keys are columns of a projection below, under their own names; arguments are whatever columns they need.
    let mut items: Vec<(Expr, String)> = Vec::new();
    let mut groups = Vec::new();
    for k in keys {
        let typed = cx.any(&k.value, &low.columns)?;
        let (expr, form) = key(typed);
        items.push((expr, column_name(k.id)));
        groups.push(named(column_name(k.id)));
        columns.put(k.id, form);
    }
    let mut made: Vec<Made> = Vec::new();
    for a in &aggregates {
        made.push(call(cx, a, &low.columns, need)?);
    }
    if keys.is_empty() && made.is_empty() {
        // One row all the same.
        made.push(Made {
            call: count(None),
            name: cx.fresh(),
            outputs: Vec::new(),
        });
    }
    for m in &made {
        for c in m.call.column_refs() {
            let name = c.name.clone();
            if items.iter().all(|(_, n)| *n != name) {
                items.push((named(name.clone()), name));
            }
        }
    }
    let below = project(low.plan, items, r.span)?;
    let calls = made
        .iter()
        .map(|m| m.call.clone().alias(m.name.clone()))
        .collect();
    let plan = AggregatePlan::try_new(Arc::new(below), groups, calls).map_err(fault(r.span))?;
    let plan = LogicalPlan::Aggregate(plan);
    let mut items: Vec<(Expr, String)> = keys
        .iter()
        .filter(|k| need.contains(&k.id))
        .map(|k| (named(column_name(k.id)), column_name(k.id)))
        .collect();
    for m in made {
        for (id, expr, form) in m.outputs {
            items.push((expr, column_name(id)));
            columns.put(id, form);
        }
    }
    Ok(Low {
        plan: project(plan, items, r.span)?,
        columns,
    })
}

/// A key in a form in which equal values are equal bytes.
fn key(typed: Typed) -> (Expr, Form) {
    if typed.ty == Type::Real {
        // Both zeros are one group.
        let zero = literal::lit(&Value::Real(0.0));
        let e = binary_expr(
            typed.settle(),
            datafusion::logical_expr::Operator::Plus,
            zero,
        );
        return (e, Form::Canonical);
    }
    if typed.form.is_exact() {
        (typed.expr, typed.form)
    } else {
        (typed.settle(), Form::Canonical)
    }
}

fn count(filter: Option<Expr>) -> Expr {
    aggregate(count_udaf(), vec![literal::lit(&Value::Long(1))], filter)
}

/// `value`, or `instead` where it is null.
fn or_else(value: Expr, instead: Value) -> Expr {
    Expr::Case(Case::new(
        None,
        vec![(
            Box::new(value.clone().is_null()),
            Box::new(literal::lit(&instead)),
        )],
        Some(Box::new(value)),
    ))
}

fn cast(e: Expr, from: Type, to: Type) -> Expr {
    if from == to {
        e
    } else {
        Expr::Cast(Cast::new(Box::new(e), arrow_type(to)))
    }
}

fn call(cx: &mut Lowering<'_>, a: &Aggregate, columns: &Columns, need: &Need) -> Result<Made> {
    let name = cx.fresh();
    let raw = named(name.clone());
    let filter = match &a.filter {
        Some(f) => Some(cx.predicate(f, columns, true)?),
        None => None,
    };
    let Some(spec) = catalog::find_aggregate(&a.function) else {
        if let Some(made) = native(cx, a, columns, filter, &name)? {
            return Ok(made);
        }
        return Err(Diagnostic::unsupported(
            a.span,
            format!("aggregate `{}`", a.function),
        ));
    };
    match spec.lower {
        AggregateLower::Native => native(cx, a, columns, filter, &name)?.ok_or_else(|| {
            Diagnostic::unsupported(a.span, format!("aggregate `{}` of this type", a.function))
        }),
        AggregateLower::Rows => rows(cx, a, columns, filter, name, need),
        AggregateLower::State(make) => {
            let mut types = Vec::new();
            let mut constants = Vec::new();
            let mut args = Vec::new();
            for e in &a.arguments {
                types.push(e.ty);
                let constant = cx.constant(e).ok();
                if constant.is_none() {
                    args.push(cx.any(e, columns)?.for_kernel());
                }
                constants.push(constant);
            }
            if args.is_empty() {
                // Something must tell how many rows there are.
                args.push(literal::bool_lit(true));
                if let (Some(e), Some(first)) = (a.arguments.first(), constants.first_mut()) {
                    args = vec![cx.any(e, columns)?.for_kernel()];
                    *first = None;
                }
            }
            let returns: Vec<Type> = a.outputs.iter().map(|id| cx.type_of(*id)).collect();
            let state = StateCall::new(spec.name, make, types, constants, returns.clone(), a.span);
            state
                .check()
                .map_err(|e| Diagnostic::error(codes::RUN_TIME, a.span, run_message(&e)))?;
            let call = aggregate(Arc::new(AggregateUDF::new_from_impl(state)), args, filter);
            let several = a.outputs.len() > 1;
            let outputs = a
                .outputs
                .iter()
                .zip(&returns)
                .enumerate()
                .map(|(i, (id, ty))| {
                    let e = if several {
                        field(raw.clone(), i, arrow_type(*ty))
                    } else {
                        raw.clone()
                    };
                    let form = if *ty == Type::String {
                        Form::Texts
                    } else {
                        Form::Canonical
                    };
                    (*id, e, form)
                })
                .collect();
            Ok(Made {
                call,
                name,
                outputs,
            })
        }
        AggregateLower::FilterOf(_) | AggregateLower::Refused(_) => Err(Diagnostic::unsupported(
            a.span,
            format!("aggregate `{}`", a.function),
        )),
    }
}

fn run_message(e: &datafusion::error::DataFusionError) -> String {
    match e {
        datafusion::error::DataFusionError::External(inner) => inner.to_string(),
        other => other.to_string(),
    }
}

/// `arg_max`, `arg_min`, `take_any`.
fn rows(
    cx: &mut Lowering<'_>,
    a: &Aggregate,
    columns: &Columns,
    filter: Option<Expr>,
    name: String,
    need: &Need,
) -> Result<Made> {
    let arg = a.function != "take_any";
    let kind = match a.function.as_str() {
        "arg_max" => RowsKind::Max,
        "arg_min" => RowsKind::Min,
        _ if a.arguments.len() == 1 => RowsKind::FirstValue,
        _ => RowsKind::First,
    };
    let mut types = Vec::new();
    let mut args = Vec::new();
    let mut outputs = Vec::new();
    for (i, (e, id)) in a.arguments.iter().zip(&a.outputs).enumerate() {
        let key = arg && i == 0;
        if !key && !need.contains(id) {
            continue;
        }
        let typed = cx.any(e, columns)?;
        if key && typed.ty == Type::Dynamic {
            return Err(Diagnostic::unsupported(
                e.span,
                format!("`{}` of a dynamic value", a.function),
            ));
        }
        let (expr, form) = if key && !typed.form.is_ordered(typed.ty) {
            let form = if typed.ty == Type::String {
                Form::Texts
            } else {
                Form::Canonical
            };
            (typed.settle(), form)
        } else {
            // A group without a row has null texts.
            let form = match typed.form {
                Form::Canonical if typed.ty == Type::String => Form::Texts,
                form => form,
            };
            (typed.expr, form)
        };
        let ty = form.arrow(e.ty);
        outputs.push((
            *id,
            field(named(name.clone()), args.len(), ty.clone()),
            form,
        ));
        types.push(ty);
        args.push(expr);
    }
    let udaf = AggregateUDF::new_from_impl(RowsCall::new(kind, types));
    Ok(Made {
        call: aggregate(Arc::new(udaf), args, filter),
        name,
        outputs,
    })
}

/// Aggregates that DataFusion has, with what KQL gives for groups without values.
fn native(
    cx: &mut Lowering<'_>,
    a: &Aggregate,
    columns: &Columns,
    filter: Option<Expr>,
    name: &str,
) -> Result<Option<Made>> {
    let Some(id) = a.outputs.first().copied() else {
        return Ok(None);
    };
    let ty = cx.type_of(id);
    let raw = named(name);
    let one = |call: Expr, output: Expr, form: Form| {
        Ok(Some(Made {
            call,
            name: name.to_owned(),
            outputs: vec![(id, output, form)],
        }))
    };
    if matches!(a.function.as_str(), "count" | "cnt") {
        return one(count(filter), raw, Form::Canonical);
    }
    let Some(argument) = a.arguments.first() else {
        return Ok(None);
    };
    let typed = cx.any(argument, columns)?;
    let from = typed.ty;
    match a.function.as_str() {
        "sum" => {
            let zero = match ty {
                Type::Long => Value::Long(0),
                Type::Int => Value::Int(0),
                Type::Real => Value::Real(0.0),
                Type::Decimal => Value::Decimal(0),
                Type::TimeSpan => Value::TimeSpan(0),
                _ => return Ok(None),
            };
            if ty == Type::Int {
                return Ok(None);
            }
            let value = cast(typed.settle(), from, ty);
            one(
                aggregate(sum_udaf(), vec![value], filter),
                or_else(raw, zero),
                Form::Canonical,
            )
        }
        "min" | "max" => {
            if matches!(from, Type::Dynamic) || ty != from {
                return Ok(None);
            }
            if from == Type::Real {
                // A NaN makes the result NaN, where DataFusion orders it above all numbers.
                let types = (vec![from], vec![None], vec![ty]);
                let state = if a.function == "min" {
                    StateCall::new(
                        "min",
                        extremes::min_of_reals,
                        types.0,
                        types.1,
                        types.2,
                        a.span,
                    )
                } else {
                    StateCall::new(
                        "max",
                        extremes::max_of_reals,
                        types.0,
                        types.1,
                        types.2,
                        a.span,
                    )
                };
                let udaf = Arc::new(AggregateUDF::new_from_impl(state));
                return one(
                    aggregate(udaf, vec![typed.settle()], filter),
                    raw,
                    Form::Canonical,
                );
            }
            let udaf = if a.function == "min" {
                min_udaf()
            } else {
                max_udaf()
            };
            let (value, form) = if typed.form.is_ordered(from) && from != Type::String {
                (typed.expr, typed.form)
            } else if from == Type::String {
                (typed.settle(), Form::Texts)
            } else {
                (typed.settle(), Form::Canonical)
            };
            if matches!(form.arrow(from), DataType::FixedSizeBinary(_)) {
                return Ok(None);
            }
            one(aggregate(udaf, vec![value], filter), raw, form)
        }
        "avg" => match (from, ty) {
            (Type::Int | Type::Long | Type::Real, Type::Real) => {
                let value = cast(typed.settle(), from, Type::Real);
                one(
                    aggregate(avg_udaf(), vec![value], filter),
                    or_else(raw, Value::Real(f64::NAN)),
                    Form::Canonical,
                )
            }
            (Type::DateTime | Type::TimeSpan | Type::Decimal, _) if ty == from => {
                let state = StateCall::new(
                    "avg",
                    exact_average,
                    vec![from],
                    vec![None],
                    vec![ty],
                    a.span,
                );
                one(
                    aggregate(
                        Arc::new(AggregateUDF::new_from_impl(state)),
                        vec![typed.settle()],
                        filter,
                    ),
                    raw,
                    Form::Canonical,
                )
            }
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}
