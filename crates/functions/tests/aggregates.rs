//! Aggregates that keep a state of their own: known answers, and one pass against parts that are saved, loaded and merged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use arrow::array::{Array, ArrayRef, StructArray};
use kql_functions::adapter::{Args, Column, array_from_values};
use kql_functions::aggregate::Aggregator;
use kql_functions::catalog::{aggregates, find_aggregate};
use kql_functions::spec::{AggregateCall, AggregateLower};
use kql_types::dynamic::DynWriter;
use kql_types::dynamic::json::parse_json;
use kql_types::{Dyn, DynRef, Type, Value};
use std::sync::Arc;

/// A call with constants, over columns of values.
#[derive(Clone)]
struct Call {
    name: &'static str,
    types: Vec<Type>,
    constants: Vec<Option<Value>>,
    returns: Vec<Type>,
}

impl Call {
    /// A call of columns of these types.
    fn new(name: &'static str, columns: &[Type], returns: Type) -> Call {
        Call {
            name,
            types: columns.to_vec(),
            constants: vec![None; columns.len()],
            returns: vec![returns],
        }
    }

    /// And of a constant after them.
    fn with(mut self, value: Value) -> Call {
        self.types.push(value.ty());
        self.constants.push(Some(value));
        self
    }

    fn returns(mut self, types: &[Type]) -> Call {
        self.returns = types.to_vec();
        self
    }

    fn try_start(&self) -> Result<Box<dyn Aggregator>, String> {
        let AggregateLower::State(make) = find_aggregate(self.name).expect(self.name).lower else {
            panic!("{} has no state", self.name)
        };
        make(&AggregateCall {
            types: &self.types,
            constants: &self.constants,
            returns: &self.returns,
        })
        .map_err(|e| e.0)
    }

    fn start(&self) -> Box<dyn Aggregator> {
        self.try_start().unwrap()
    }

    fn columns(&self, rows: &[Vec<Value>]) -> Vec<Column> {
        let mut at = 0;
        self.types
            .iter()
            .zip(&self.constants)
            .map(|(ty, c)| match c {
                Some(v) => Column {
                    ty: *ty,
                    ..Column::constant(v)
                },
                None => {
                    let values: Vec<Value> = rows.iter().map(|r| r[at].clone()).collect();
                    at += 1;
                    Column::new(array_from_values(*ty, &values).unwrap(), *ty)
                }
            })
            .collect()
    }

    fn update(
        &self,
        state: &mut dyn Aggregator,
        rows: &[Vec<Value>],
        groups: &[usize],
        total: usize,
    ) -> Result<(), String> {
        let columns = self.columns(rows);
        state
            .update(
                &Args {
                    columns: &columns,
                    rows: rows.len(),
                    returns: self.returns[0],
                },
                groups,
                total,
            )
            .map_err(|e| e.0)
    }

    fn values(&self, array: &ArrayRef, n: usize) -> Vec<Vec<Value>> {
        assert_eq!(array.len(), n);
        let columns: Vec<Column> = if self.returns.len() == 1 {
            vec![Column::new(Arc::clone(array), self.returns[0])]
        } else {
            let s = array.as_any().downcast_ref::<StructArray>().unwrap();
            s.columns()
                .iter()
                .zip(&self.returns)
                .map(|(a, t)| Column::new(Arc::clone(a), *t))
                .collect()
        };
        (0..n)
            .map(|row| {
                columns
                    .iter()
                    .map(|c| c.any().unwrap().to_value(row))
                    .collect()
            })
            .collect()
    }

    /// Over one group.
    fn try_over(&self, rows: &[Vec<Value>]) -> Result<Vec<Value>, String> {
        let mut s = self.try_start()?;
        self.update(s.as_mut(), rows, &vec![0; rows.len()], 1)?;
        let out = s.finish(1).map_err(|e| e.0)?;
        Ok(self.values(&out, 1).remove(0))
    }

    /// Over one group: the text of the result.
    fn over(&self, rows: &[Vec<Value>]) -> String {
        let out = self.try_over(rows).unwrap();
        out.iter().map(text).collect::<Vec<_>>().join(" | ")
    }
}

fn text(v: &Value) -> String {
    match v {
        Value::Null(_) => "null".to_owned(),
        Value::Dynamic(d) => {
            let bytes = d.to_bytes();
            let mut out = String::new();
            kql_types::dynamic::json::write_json(DynRef::new(&bytes), &mut out);
            out
        }
        Value::Real(x) => x.to_string(),
        other => {
            let mut out = String::new();
            let bytes = other.to_dyn().to_bytes();
            kql_types::dynamic::json::to_text(DynRef::new(&bytes), &mut out);
            out
        }
    }
}

fn longs(values: &[i64]) -> Vec<Vec<Value>> {
    values.iter().map(|n| vec![Value::Long(*n)]).collect()
}

fn reals(values: &[f64]) -> Vec<Vec<Value>> {
    values.iter().map(|n| vec![Value::Real(*n)]).collect()
}

fn strings(values: &[&str]) -> Vec<Vec<Value>> {
    values
        .iter()
        .map(|s| vec![Value::String((*s).to_owned())])
        .collect()
}

/// Dynamic values from JSON; `null` is the null.
fn jsons(values: &[&str]) -> Vec<Vec<Value>> {
    values.iter().map(|s| vec![json(s)]).collect()
}

fn json(text: &str) -> Value {
    let mut w = DynWriter::new();
    assert!(parse_json(text, &mut w), "{text}");
    match DynRef::new(&w.bytes).to_dyn() {
        Dyn::Null => Value::Null(Type::Dynamic),
        d => Value::Dynamic(d),
    }
}

fn nulls(ty: Type, n: usize) -> Vec<Vec<Value>> {
    vec![vec![Value::Null(ty)]; n]
}

/// A small generator of numbers, the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn long(&mut self, n: u64) -> i64 {
        i64::try_from(self.below(n)).unwrap()
    }

    fn value(&mut self, ty: Type) -> Value {
        if self.below(8) == 0 {
            return Value::null(ty);
        }
        match ty {
            Type::Bool => Value::Bool(self.below(2) == 1),
            Type::Int => Value::Int(i32::try_from(self.long(200)).unwrap() - 100),
            Type::Long => Value::Long(self.long(500) - 250),
            Type::Real => Value::Real(f64::from(u32::try_from(self.below(4000)).unwrap()) / 16.0),
            Type::Decimal => Value::Decimal(i128::from(self.long(1000)) * 10i128.pow(17)),
            Type::String => Value::String(format!("value number {}", self.below(60))),
            Type::DateTime => Value::DateTime(637_000_000_000_000_000 + self.long(1000)),
            Type::TimeSpan => Value::TimeSpan(self.long(1000)),
            Type::Guid => Value::Guid([u8::try_from(self.below(50)).unwrap(); 16]),
            Type::Dynamic => {
                let n = self.below(9);
                match self.below(5) {
                    0 => json(&format!("[{n}, \"{n}\", null]")),
                    1 => json(&format!("{{\"a{n}\": {n}, \"b\": [{n}.5]}}")),
                    2 => json(&format!("\"text {n}\"")),
                    3 => json(&format!("{{\"b\": {{\"c{n}\": true}}}}")),
                    _ => json(&n.to_string()),
                }
            }
        }
    }
}

/// Equal, or reals that differ by no more than rounding does.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Real(x), Value::Real(y)) => {
            x.to_bits() == y.to_bits() || (x - y).abs() <= 1e-9 * x.abs().max(y.abs()).max(1.0)
        }
        _ => a == b,
    }
}

/// Random rows in random groups, in one pass and in parts.
fn check_parts(
    call: &Call,
    seed: u64,
    rows: usize,
    row: &mut dyn FnMut(&mut Random) -> Vec<Value>,
) {
    let mut random = Random(seed);
    let groups = 7;
    // Group 5 gets only nulls, group 6 nothing at all.
    let data: Vec<(usize, Vec<Value>)> = (0..rows)
        .map(|_| {
            let g = usize::try_from(random.below(6)).unwrap();
            let mut r = row(&mut random);
            if g == 5 {
                for v in &mut r {
                    *v = Value::null(v.ty());
                }
            }
            (g, r)
        })
        .collect();
    let run = |data: &[(usize, Vec<Value>)], batch: usize| {
        let mut s = call.start();
        call.update(s.as_mut(), &[], &[], groups).unwrap();
        for part in data.chunks(batch.max(1)) {
            let rows: Vec<Vec<Value>> = part.iter().map(|p| p.1.clone()).collect();
            let ids: Vec<usize> = part.iter().map(|p| p.0).collect();
            call.update(s.as_mut(), &rows, &ids, groups).unwrap();
        }
        s
    };
    let mut whole = run(&data, 1000);
    let whole = call.values(&whole.finish(groups).unwrap(), groups);
    for parts in 1..=4usize {
        let size = data.len().div_ceil(parts).max(1);
        let mut united = call.start();
        call.update(united.as_mut(), &[], &[], groups).unwrap();
        for part in data.chunks(size) {
            let mut s = run(part, 97);
            let before = s.size();
            // The first groups leave, then the others.
            let head = s.states(3).unwrap();
            united.merge(&head, &[0, 1, 2], groups).unwrap();
            let tail = s.states(groups - 3).unwrap();
            united.merge(&tail, &[3, 4, 5, 6], groups).unwrap();
            assert!(s.size() <= before);
        }
        let mut out = call.values(&united.finish(2).unwrap(), 2);
        out.extend(call.values(&united.finish(groups - 2).unwrap(), groups - 2));
        for (g, (a, b)) in whole.iter().zip(&out).enumerate() {
            assert!(
                a.iter().zip(b).all(|(a, b)| same(a, b)),
                "{} of {:?}, {parts} parts, group {g}: {a:?} against {b:?}",
                call.name,
                call.types,
            );
        }
    }
}

/// The same with values of the call's own types.
fn check(call: Call) {
    let types: Vec<Type> = call
        .types
        .iter()
        .zip(&call.constants)
        .filter(|(_, c)| c.is_none())
        .map(|(t, _)| *t)
        .collect();
    for (seed, rows) in [(1, 0), (2, 1), (3, 40), (4, 3000)] {
        check_parts(&call, seed, rows, &mut |r| {
            types.iter().map(|t| r.value(*t)).collect()
        });
    }
}

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
