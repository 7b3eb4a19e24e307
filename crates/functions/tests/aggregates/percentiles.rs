//! Percentiles, digests and sketches.

use crate::harness::*;
use kql_types::{Type, Value};

fn percentile(ty: Type, returns: Type, p: Value) -> Call {
    Call::new("percentile", &[ty], returns).with(p)
}

#[test]
fn percentiles_are_by_nearest_rank() {
    let long = |p| percentile(Type::Long, Type::Long, p);
    let rows = longs(&[15, 20, 35, 40, 50]);
    for (p, want) in [
        (0, "15"),
        (5, "15"),
        (30, "20"),
        (40, "20"),
        (50, "35"),
        (100, "50"),
    ] {
        assert_eq!(long(Value::Long(p)).over(&rows), want);
    }
    let thousand: Vec<i64> = (1..=1000).rev().collect();
    assert_eq!(long(Value::Real(99.9)).over(&longs(&thousand)), "999");
    assert_eq!(long(Value::Real(50.0)).over(&[]), "null");
    assert_eq!(
        percentile(Type::Real, Type::Real, Value::Int(50)).over(&reals(&[2.25, 1.5])),
        "1.5"
    );
    assert_eq!(
        percentile(Type::Real, Type::Real, Value::Int(0)).over(&reals(&[2.0, -3.5, -0.0])),
        "-3.5"
    );
    assert_eq!(
        percentile(Type::Int, Type::Long, Value::Int(100))
            .try_over(&[vec![Value::Int(9)], vec![Value::Int(-9)]])
            .unwrap(),
        [Value::Long(9)]
    );
    for bad in [
        Value::Long(101),
        Value::Real(-0.5),
        Value::Null(Type::Real),
        Value::Real(f64::NAN),
    ] {
        assert!(long(bad).try_start().is_err());
    }
    assert!(
        percentile(Type::String, Type::String, Value::Long(5))
            .try_start()
            .is_err()
    );
    for (t, r) in [
        (Type::Int, Type::Long),
        (Type::Long, Type::Long),
        (Type::Real, Type::Real),
        (Type::Decimal, Type::Real),
        (Type::DateTime, Type::DateTime),
        (Type::TimeSpan, Type::TimeSpan),
    ] {
        check(percentile(t, r, Value::Real(37.5)));
        check(
            Call::new("percentiles", &[t], r)
                .with(Value::Real(10.0))
                .with(Value::Real(90.0))
                .returns(&[r, r]),
        );
        check(Call::new("percentiles_array", &[t], Type::Dynamic).with(json("[0, 33.3, 100]")));
        check(Call::new("percentilew", &[t, Type::Long], r).with(Value::Real(37.5)));
    }
}

#[test]
fn weighted_percentiles() {
    let rows: Vec<Vec<Value>> = [(10, 8), (20, 6), (30, 3), (40, 1), (50, 0), (60, -3)]
        .iter()
        .map(|(v, w)| vec![Value::Long(*v), Value::Long(*w)])
        .collect();
    let columns = [Type::Long, Type::Long];
    let three = Call::new("percentilesw", &columns, Type::Long)
        .with(Value::Long(50))
        .with(Value::Long(75))
        .with(Value::Real(99.9))
        .returns(&[Type::Long; 3]);
    assert_eq!(three.over(&rows), "20 | 20 | 40");
    let array =
        Call::new("percentilesw_array", &columns, Type::Dynamic).with(json("[50, 75, 99.9]"));
    assert_eq!(array.over(&rows), "[20,20,40]");
    let one = Call::new("percentilew", &columns, Type::Long).with(Value::Long(50));
    let huge: Vec<Vec<Value>> = (1..=3)
        .map(|v| vec![Value::Long(v), Value::Long(9_223_372_036_854_775_800)])
        .collect();
    assert!(one.try_over(&huge).unwrap_err().contains("overflow"));
}

#[test]
fn percentiles_of_many_values_are_near() {
    // Uniform, skewed, and with many repeats; in the order of the values and in none.
    let n = 600_000i64;
    type Make = fn(i64, &mut Random) -> i64;
    let makers: [(&str, Make); 4] = [
        ("shuffled", |_, r| r.long(1 << 40)),
        ("ascending", |i, _| i),
        ("descending", |i, _| -i),
        ("skewed", |_, r| {
            let bits = r.below(40);
            r.long(1 << bits)
        }),
    ];
    for (name, make) in makers {
        let mut random = Random(5);
        let values: Vec<i64> = (0..n).map(|i| make(i, &mut random)).collect();
        let asked = [
            0.0, 0.1, 1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0, 99.9, 100.0,
        ];
        let mut call = Call::new("percentiles", &[Type::Long], Type::Long);
        for p in asked {
            call = call.with(Value::Real(p));
        }
        let call = call.returns(&[Type::Long; 11]);
        let run = |values: &[i64]| {
            let mut s = call.start();
            for part in values.chunks(8192) {
                call.update(s.as_mut(), &longs(part), &vec![0; part.len()], 1)
                    .unwrap();
            }
            s
        };
        let mut united = call.start();
        for part in values.chunks(150_000) {
            let state = run(part).states(1).unwrap();
            united.merge(&state, &[0], 1).unwrap();
        }
        let one = call.values(&run(&values).finish(1).unwrap(), 1).remove(0);
        let parts = call.values(&united.finish(1).unwrap(), 1).remove(0);
        let mut sorted = values.clone();
        sorted.sort_unstable();
        #[allow(clippy::cast_precision_loss)]
        for (way, found) in [("one pass", one), ("parts", parts)] {
            for (p, v) in asked.iter().zip(found) {
                let Value::Long(v) = v else { panic!() };
                let total = n as f64;
                let low = sorted.partition_point(|x| *x < v) as f64 / total * 100.0;
                let high = sorted.partition_point(|x| *x <= v) as f64 / total * 100.0;
                assert!(high > low, "{v} is a value");
                let off = (low - p).max(p - high).max(0.0);
                let most = 0.1 * (p / 100.0 * (1.0 - p / 100.0)).sqrt() * 2.0;
                assert!(off <= most + 1e-9, "{name}, {way}: {p} is off by {off}");
            }
        }
    }
}

#[test]
fn few_different_values_stay_exact_however_many_they_are() {
    let call = percentile(Type::Long, Type::Long, Value::Real(50.0));
    let mut s = call.start();
    for _ in 0..60 {
        let rows: Vec<i64> = (0..10_000).map(|i| i % 1000).collect();
        call.update(s.as_mut(), &longs(&rows), &vec![0; rows.len()], 1)
            .unwrap();
    }
    assert!(s.size() < 5_000_000, "{}", s.size());
    assert_eq!(
        call.values(&s.finish(1).unwrap(), 1)[0][0],
        Value::Long(499)
    );
}

fn fold(name: &str, arguments: &[Value], returns: Type) -> String {
    use kql_types::FunctionCatalog;
    match kql_functions::Catalog.fold(name, arguments, returns) {
        Ok(v) => text(&v.unwrap()),
        Err(e) => format!("error: {e}"),
    }
}

#[test]
fn digests() {
    let digest = |t| Call::new("tdigest", &[t], Type::Dynamic);
    assert_eq!(
        digest(Type::Long).over(&longs(&[3, 1, 3])),
        "[[7],[1,3],[1,2]]"
    );
    assert_eq!(digest(Type::Long).over(&nulls(Type::Long, 1)), "null");
    let weighted = Call::new("tdigest", &[Type::Real, Type::Long], Type::Dynamic);
    let rows = vec![
        vec![Value::Real(1.0), Value::Long(1)],
        vec![Value::Real(2.0), Value::Long(2)],
    ];
    let d = weighted.try_over(&rows).unwrap().remove(0);
    assert_eq!(
        fold(
            "percentile_tdigest",
            &[d.clone(), Value::Real(50.0)],
            Type::Dynamic
        ),
        "2.0"
    );
    // Stored as JSON and read again, reals without a point are still reals.
    let stored = json("[[8],[1,2.5],[1,2]]");
    assert_eq!(
        fold(
            "percentile_tdigest",
            &[stored, Value::Real(0.0)],
            Type::Real
        ),
        "1"
    );
    let days: Vec<Vec<Value>> = (1..=3)
        .map(|d| vec![Value::DateTime(d * 864_000_000_000)])
        .collect();
    let t = digest(Type::DateTime).try_over(&days).unwrap().remove(0);
    assert_eq!(
        fold(
            "percentile_tdigest",
            &[t.clone(), Value::Real(100.0)],
            Type::DateTime
        ),
        "0001-01-04T00:00:00.0000000Z"
    );
    let stored = json(&text(&t));
    assert_eq!(
        fold(
            "rank_tdigest",
            &[stored, Value::DateTime(864_000_000_000 * 2)],
            Type::Real
        ),
        "2"
    );
    let thousand: Vec<i64> = (1..=1000).collect();
    let d = digest(Type::Long)
        .try_over(&longs(&thousand))
        .unwrap()
        .remove(0);
    assert_eq!(
        fold("rank_tdigest", &[d.clone(), Value::Long(685)], Type::Real),
        "685"
    );
    assert_eq!(
        fold(
            "percentrank_tdigest",
            &[d.clone(), Value::Long(250)],
            Type::Real
        ),
        "25"
    );
    assert_eq!(
        fold(
            "percentiles_array_tdigest",
            &[d.clone(), json("[0, 50, 100]")],
            Type::Dynamic
        ),
        "[1,500,1000]"
    );
    let both = fold(
        "tdigest_merge",
        &[json("[[7],[1,2],[1,3]]"), json("[[7],[2,5],[1,1]]")],
        Type::Dynamic,
    );
    assert_eq!(both, "[[7],[1,2,5],[1,4,1]]");
    assert!(fold("tdigest_merge", &[d.clone(), t.clone()], Type::Dynamic).starts_with("error"));
    assert!(
        fold(
            "percentile_tdigest",
            &[json("[1]"), Value::Real(1.0)],
            Type::Dynamic
        )
        .starts_with("error")
    );
    for t in [
        Type::Int,
        Type::Long,
        Type::Real,
        Type::Decimal,
        Type::DateTime,
        Type::TimeSpan,
    ] {
        check(digest(t));
        check(Call::new("tdigest", &[t, Type::Int], Type::Dynamic));
    }
    let merge = Call::new("tdigest_merge", &[Type::Dynamic], Type::Dynamic);
    assert_eq!(
        merge.over(&jsons(&["[[7],[1,2],[1,3]]", "null", "[[7],[2,5],[1,1]]"])),
        "[[7],[1,2,5],[1,4,1]]"
    );
    assert!(merge.try_over(&[vec![d], vec![t]]).is_err());
    for name in ["tdigest_merge", "merge_tdigest"] {
        let merge = Call::new(name, &[Type::Dynamic], Type::Dynamic);
        check_parts(&merge, 3, 500, &mut |r| {
            let (a, b) = (r.long(50), r.long(50));
            vec![json(&format!("[[7],[{a},{}],[1,{b}]]", a + b + 1))]
        });
    }
}

#[test]
fn a_large_digest_is_written_in_clusters() {
    let call = Call::new("tdigest", &[Type::Long], Type::Dynamic);
    let values: Vec<i64> = (1..=100_000).collect();
    let d = call.try_over(&longs(&values)).unwrap().remove(0);
    assert!(text(&d).len() < 100_000);
    let p = fold(
        "percentile_tdigest",
        &[d.clone(), Value::Real(50.0)],
        Type::Long,
    );
    let p: i64 = p.parse().unwrap();
    assert!((p - 50_000).abs() < 100, "{p}");
    assert_eq!(
        fold("percentile_tdigest", &[d, Value::Real(100.0)], Type::Long),
        "100000"
    );
}

#[test]
fn sketches() {
    let hll = |t| Call::new("hll", &[t], Type::Dynamic);
    let count = |v: Value| fold("dcount_hll", &[v], Type::Long);
    let many = |from: i64, to: i64| {
        let values: Vec<i64> = (from..to).collect();
        hll(Type::Long).try_over(&longs(&values)).unwrap().remove(0)
    };
    assert_eq!(count(many(0, 20)), "20");
    assert_eq!(hll(Type::Long).over(&nulls(Type::Long, 2)), "null");
    let large = many(0, 100_000);
    let n: i64 = count(large.clone()).parse().unwrap();
    assert!((n - 100_000).abs() < 2400, "{n}");
    // Stored and read again, and united with a small one.
    let stored = json(&text(&large));
    assert_eq!(count(stored.clone()), n.to_string());
    let union = |a: Value, b: Value| {
        use kql_types::FunctionCatalog;
        kql_functions::Catalog
            .fold("hll_merge", &[a, b], Type::Dynamic)
            .unwrap()
            .unwrap()
    };
    assert_eq!(count(union(many(0, 10), many(5, 20))), "20");
    assert_eq!(text(&union(stored, many(0, 10))), text(&large));
    let merge = Call::new("hll_merge", &[Type::Dynamic], Type::Dynamic);
    let rows = vec![
        vec![many(0, 10)],
        vec![Value::Null(Type::Dynamic)],
        vec![many(5, 20)],
    ];
    assert_eq!(count(merge.try_over(&rows).unwrap().remove(0)), "20");
    let other = Call::new("hll", &[Type::Long], Type::Dynamic)
        .with(Value::Long(2))
        .try_over(&longs(&[1]))
        .unwrap()
        .remove(0);
    assert!(merge.try_over(&[vec![other], vec![many(0, 1)]]).is_err());
    assert!(merge.try_over(&jsons(&["[[1024,14],[\"5\"],[]]"])).is_err());
    assert_eq!(count(json("[[1024,14],[\"5\",\"-6\"],[]]")), "2");
    for t in [
        Type::Int,
        Type::Long,
        Type::String,
        Type::Guid,
        Type::DateTime,
        Type::Dynamic,
    ] {
        check(hll(t));
    }
    check_parts(&merge, 3, 300, &mut |r| {
        let from = r.long(50);
        vec![many(from, from + r.long(5) + 1)]
    });
}
