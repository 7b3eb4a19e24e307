//! Averages, extremes, deviations, bits.

use crate::harness::*;
use kql_functions::catalog::{aggregates, find_aggregate};
use kql_functions::spec::{AggregateCall, AggregateLower};
use kql_types::{Type, Value};

#[test]
fn each_has_what_help_needs() {
    for spec in aggregates() {
        assert!(!spec.summary.is_empty(), "{}", spec.name);
        assert!(
            !spec.examples.is_empty() || matches!(spec.lower, AggregateLower::Refused(_)),
            "{} has no example",
            spec.name
        );
        if let AggregateLower::FilterOf(of) = spec.lower {
            assert!(find_aggregate(of).is_some(), "{} of {of}", spec.name);
            assert!(
                spec.signatures
                    .iter()
                    .all(|s| s.params.iter().any(|p| p.name == "predicate")),
                "{}",
                spec.name
            );
        }
    }
}

#[test]
fn averages() {
    let avg = |t, r| Call::new("avg", &[t], r);
    let long = avg(Type::Long, Type::Real);
    assert_eq!(long.over(&longs(&[1, 2])), "1.5");
    assert_eq!(long.over(&[]), "NaN");
    assert_eq!(long.over(&nulls(Type::Long, 2)), "NaN");
    // Longs wrap around as in `sum`.
    assert_eq!(
        long.try_over(&longs(&[i64::MAX, 1, 2])).unwrap(),
        [Value::Real(-3.0744573456182584E+18)]
    );
    let real = avg(Type::Real, Type::Real);
    assert_eq!(real.over(&reals(&[1.0, f64::NAN])), "NaN");
    assert_eq!(
        avg(Type::TimeSpan, Type::TimeSpan).over(&nulls(Type::TimeSpan, 1)),
        "null"
    );
    let late = i64::MAX - 10;
    assert_eq!(
        avg(Type::DateTime, Type::DateTime)
            .try_over(&[vec![Value::DateTime(late)], vec![Value::DateTime(late - 2)]])
            .unwrap(),
        [Value::DateTime(late - 1)]
    );
    for (t, r) in [
        (Type::Int, Type::Real),
        (Type::Long, Type::Real),
        (Type::Real, Type::Real),
        (Type::Decimal, Type::Decimal),
        (Type::DateTime, Type::DateTime),
        (Type::TimeSpan, Type::TimeSpan),
    ] {
        check(avg(t, r));
    }
}

#[test]
fn the_least_and_greatest_of_reals() {
    for (greatest, of_numbers, of_infinities) in
        [(false, 1.5, f64::NEG_INFINITY), (true, 2.5, f64::INFINITY)]
    {
        let run = |values: &[f64]| {
            use kql_functions::aggregates::extremes::{max_of_reals, min_of_reals};
            let call = Call::new("min", &[Type::Real], Type::Real);
            let make = if greatest { max_of_reals } else { min_of_reals };
            let mut s = make(&AggregateCall {
                types: &call.types,
                constants: &call.constants,
                returns: &call.returns,
            })
            .unwrap();
            call.update(s.as_mut(), &reals(values), &vec![0; values.len()], 1)
                .unwrap();
            call.values(&s.finish(1).unwrap(), 1)[0][0].clone()
        };
        assert_eq!(run(&[1.5, 2.5]), Value::Real(of_numbers));
        assert!(matches!(run(&[1.5, f64::NAN, 2.5]), Value::Real(x) if x.is_nan()));
        assert!(matches!(run(&[-f64::NAN, 2.5]), Value::Real(x) if x.is_nan()));
        assert_eq!(
            run(&[f64::INFINITY, f64::NEG_INFINITY, 1.5]),
            Value::Real(of_infinities)
        );
        assert_eq!(run(&[]), Value::Null(Type::Real));
    }
}

fn number(v: &Value) -> f64 {
    match v {
        Value::Real(x) => *x,
        other => panic!("{other:?}"),
    }
}

#[test]
fn deviations() {
    let of = |name, ty| Call::new(name, &[ty], Type::Real);
    let one =
        |name, values: &[f64]| number(&of(name, Type::Real).try_over(&reals(values)).unwrap()[0]);
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
    let five = [1.0, 2.0, 3.0, 4.0, 5.0];
    near(one("stdev", &five), 1.58113883008419);
    near(one("stdevp", &five), 2f64.sqrt());
    near(one("variance", &five), 2.5);
    near(one("variancep", &five), 2.0);
    // Far from zero the digits stay.
    let far: Vec<f64> = five.iter().map(|x| x + 1e9).collect();
    near(one("variance", &far), 2.5);
    for name in ["stdev", "stdevp", "variance", "variancep"] {
        assert_eq!(one(name, &[5.0]).to_string(), "0");
        assert_eq!(one(name, &[]).to_string(), "0");
        assert!(one(name, &[f64::INFINITY, f64::NEG_INFINITY, 1.5]).is_nan());
        assert!(one(name, &[f64::NAN, 1.5]).is_nan());
        for t in [
            Type::Int,
            Type::Long,
            Type::Real,
            Type::Decimal,
            Type::TimeSpan,
        ] {
            check(of(name, t));
        }
    }
}

#[test]
fn covariances() {
    let rows: Vec<Vec<Value>> = [
        (1.0, 14.0),
        (2.0, 10.0),
        (3.0, 17.0),
        (4.0, 20.0),
        (5.0, 50.0),
    ]
    .iter()
    .map(|(x, y)| vec![Value::Real(*x), Value::Real(*y)])
    .collect();
    let of = |name, a, b| Call::new(name, &[a, b], Type::Real);
    for (name, want) in [("covariance", 20.5), ("covariancep", 16.4)] {
        let call = of(name, Type::Real, Type::Real);
        assert!((number(&call.try_over(&rows).unwrap()[0]) - want).abs() < 1e-9);
        // A row with one null does not count.
        let mut more = rows.clone();
        more.push(vec![Value::Real(7.0), Value::Null(Type::Real)]);
        assert!((number(&call.try_over(&more).unwrap()[0]) - want).abs() < 1e-9);
        assert_eq!(call.over(&rows[..1]), "0");
        check(call);
        check(of(name, Type::Long, Type::Decimal));
    }
}

#[test]
fn bits() {
    let of = |name| Call::new(name, &[Type::Long], Type::Long);
    let or = longs(&[0x8888_8008, 0x4200_0000, 0x0076_7000, 5]);
    assert_eq!(of("binary_all_or").over(&or), 0xCAFE_F00D_i64.to_string());
    let and = longs(&[0xFFFF_FFFF, 0xFFFF_F00F, 0xCFFF_FFFD, 0xFAFE_FFFF]);
    assert_eq!(of("binary_all_and").over(&and), 0xCAFE_F00D_i64.to_string());
    let xor = longs(&[0x4440_4440, 0x1E1E_1E1E, 0x90AB_BA09, 0x000B_105A]);
    assert_eq!(of("binary_all_xor").over(&xor), 0xCAFE_F00D_i64.to_string());
    for name in ["binary_all_or", "binary_all_and", "binary_all_xor"] {
        assert_eq!(of(name).over(&[]), "null");
        check(of(name));
        check(Call::new(name, &[Type::Int], Type::Int));
    }
}
