//! Different values, lists, sets, bags, schemas.

use crate::harness::*;
use kql_types::{Type, Value};

const ALL: [Type; 10] = Type::ALL;

#[test]
fn different_values_are_counted() {
    let d = |t| Call::new("dcount", &[t], Type::Long);
    assert_eq!(d(Type::Long).over(&longs(&[1, 1, 2])), "2");
    assert_eq!(d(Type::String).over(&strings(&["", "a", "b", "c"])), "4");
    assert_eq!(d(Type::Int).over(&nulls(Type::Int, 3)), "0");
    assert_eq!(
        d(Type::Real).over(&reals(&[0.0, -0.0, f64::NAN, -f64::NAN])),
        "2"
    );
    let c = Call::new("count_distinct", &[Type::String], Type::Long);
    assert_eq!(c.over(&strings(&["", "a", "a"])), "2");
    for t in ALL {
        check(d(t));
        check(d(t).with(Value::Long(0)));
        check(Call::new("count_distinct", &[t], Type::Long));
    }
    for bad in [Value::Long(5), Value::Long(-1), Value::Null(Type::Long)] {
        assert!(d(Type::Long).with(bad).try_start().is_err());
    }
}

#[test]
fn many_different_values_are_estimated_within_the_error() {
    for (accuracy, error) in [(0, 0.016), (1, 0.008), (2, 0.004), (3, 0.0028), (4, 0.002)] {
        let call = Call::new("dcount", &[Type::Long], Type::Long).with(Value::Long(accuracy));
        let mut s = call.start();
        let mut added = 0i64;
        for step in [3_000i64, 4_096, 10_000, 50_000, 200_000, 600_000] {
            while added < step {
                let rows: Vec<i64> = (added..step.min(added + 10_000)).collect();
                call.update(s.as_mut(), &longs(&rows), &vec![0; rows.len()], 1)
                    .unwrap();
                added = step.min(added + 10_000);
            }
            // What stands there now, without taking it out.
            let state = s.states(1).unwrap();
            s.merge(&state, &[0], 1).unwrap();
            let mut copy = call.start();
            copy.merge(&state, &[0], 1).unwrap();
            let Value::Long(n) = call.values(&copy.finish(1).unwrap(), 1)[0][0] else {
                panic!()
            };
            #[allow(clippy::cast_precision_loss)]
            let off = (n - step).abs() as f64 / step as f64;
            let exact = step <= 1 << [12, 14, 16, 17, 18][usize::try_from(accuracy).unwrap()];
            assert!(
                if exact { n == step } else { off < 3.0 * error },
                "accuracy {accuracy}: {n} for {step}"
            );
        }
    }
}

#[test]
fn a_set_in_parts_is_the_same_sketch() {
    // Each part is small enough to be exact, all of them are not.
    let call = Call::new("dcount", &[Type::Long], Type::Long).with(Value::Long(0));
    check_parts(&call, 9, 60_000, &mut |r| vec![Value::Long(r.long(9000))]);
}

#[test]
fn lists() {
    let list = |t| Call::new("make_list", &[t], Type::Dynamic);
    assert_eq!(list(Type::Long).over(&longs(&[1, 3, 2, 1])), "[1,3,2,1]");
    assert_eq!(list(Type::Long).over(&nulls(Type::Long, 2)), "[]");
    assert_eq!(list(Type::Long).over(&[]), "[]");
    assert_eq!(
        list(Type::String).over(&strings(&["a", ""])),
        "[\"a\",\"\"]"
    );
    let two = list(Type::Long).with(Value::Long(2));
    assert_eq!(two.over(&longs(&[1, 3, 2, 1])), "[1,3]");
    // The elements of arrays, and nulls of a dynamic column.
    let d = list(Type::Dynamic);
    let rows = jsons(&["[1,2]", "null", "{\"a\":[3]}", "[[4],null]", "[]"]);
    assert_eq!(d.over(&rows), "[1,2,null,{\"a\":[3]},[4],null]");
    assert_eq!(d.clone().with(Value::Int(1)).over(&rows), "[1]");
    let with_nulls = Call::new("make_list_with_nulls", &[Type::Int], Type::Dynamic);
    let mut rows = nulls(Type::Int, 1);
    rows.push(vec![Value::Int(4)]);
    assert_eq!(with_nulls.over(&rows), "[null,4]");
    let many: Vec<i64> = (0..200).collect();
    let old = Call::new("makelist", &[Type::Long], Type::Dynamic);
    assert!(old.over(&longs(&many)).ends_with(",127]"));
    for bad in [Value::Long(0), Value::Long(-1), Value::Null(Type::Long)] {
        assert!(list(Type::Long).with(bad).try_start().is_err());
    }
    for t in ALL {
        check(list(t));
        check(list(t).with(Value::Long(5)));
        check(Call::new("make_list_with_nulls", &[t], Type::Dynamic));
    }
}

#[test]
fn sets() {
    let set = |t| Call::new("make_set", &[t], Type::Dynamic);
    assert_eq!(set(Type::Long).over(&longs(&[5, 3, 5, 9])), "[5,3,9]");
    assert_eq!(set(Type::Long).over(&[]), "[]");
    assert_eq!(set(Type::Real).over(&reals(&[5.0, 0.0, -0.0])), "[5.0,0.0]");
    assert_eq!(
        set(Type::String).over(&strings(&["a", "", "a"])),
        "[\"a\",\"\"]"
    );
    let d = set(Type::Dynamic);
    assert_eq!(
        d.over(&jsons(&[
            "[\"A1\",\"A2\"]",
            "null",
            "[\"A2\",\"C1\"]",
            "\"A1\""
        ])),
        "[\"A1\",\"A2\",\"C1\"]"
    );
    assert_eq!(
        set(Type::Long)
            .with(Value::Long(2))
            .over(&longs(&[1, 2, 3, 1])),
        "[1,2]"
    );
    let many: Vec<i64> = (0..3000).map(|n| n % 1000).collect();
    assert!(set(Type::Long).over(&longs(&many)).ends_with(",998,999]"));
    for t in ALL {
        check(set(t));
        check(set(t).with(Value::Long(5)));
    }
}

#[test]
fn bags() {
    let bag = Call::new("make_bag", &[Type::Dynamic], Type::Dynamic);
    let rows = jsons(&[
        "{\"a\":1}",
        "{\"a\":2,\"b\":3}",
        "[4]",
        "null",
        "{\"c\":null}",
    ]);
    assert_eq!(bag.over(&rows), "{\"a\":1,\"b\":3,\"c\":null}");
    assert_eq!(bag.over(&[]), "{}");
    assert_eq!(bag.clone().with(Value::Long(1)).over(&rows), "{\"a\":1}");
    check(bag.clone());
    check(bag.with(Value::Long(3)));
}

#[test]
fn schemas() {
    let schema = Call::new("buildschema", &[Type::Dynamic], Type::Dynamic);
    assert_eq!(
        schema.over(&jsons(&[
            r#"{"x":1, "y":3.5}"#,
            r#"{"x":"somevalue", "z":[1, 2, 3]}"#,
            r#"{"y":{"w":"zzz"}, "t":["aa", "bb"], "z":["foo"]}"#,
        ])),
        r#"{"x":["long","string"],"y":["double",{"w":"string"}],"z":{"`indexer`":["long","string"]},"t":{"`indexer`":"string"}}"#
    );
    assert_eq!(
        schema.over(&jsons(&["1", "null", "true"])),
        r#"["long","bool"]"#
    );
    assert_eq!(schema.over(&nulls(Type::Dynamic, 1)), "null");
    check(schema);
}
