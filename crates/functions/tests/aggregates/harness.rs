//! Calls of an aggregate over values: in one pass, and in parts that are saved, loaded and merged.

use arrow::array::{ArrayRef, StructArray};
use kql_functions::adapter::{Args, Column, array_from_values};
use kql_functions::aggregate::Aggregator;
use kql_functions::catalog::find_aggregate;
use kql_functions::spec::{AggregateCall, AggregateLower};
use kql_types::dynamic::DynWriter;
use kql_types::dynamic::json::parse_json;
use kql_types::{Dyn, DynRef, Type, Value};
use std::sync::Arc;

/// A call with constants, over columns of values.
#[derive(Clone)]
pub struct Call {
    pub name: &'static str,
    pub types: Vec<Type>,
    pub constants: Vec<Option<Value>>,
    pub returns: Vec<Type>,
}

impl Call {
    /// A call of columns of these types.
    pub fn new(name: &'static str, columns: &[Type], returns: Type) -> Call {
        Call {
            name,
            types: columns.to_vec(),
            constants: vec![None; columns.len()],
            returns: vec![returns],
        }
    }

    /// And of a constant after them.
    pub fn with(mut self, value: Value) -> Call {
        self.types.push(value.ty());
        self.constants.push(Some(value));
        self
    }

    pub fn returns(mut self, types: &[Type]) -> Call {
        self.returns = types.to_vec();
        self
    }

    pub fn try_start(&self) -> Result<Box<dyn Aggregator>, String> {
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

    pub fn start(&self) -> Box<dyn Aggregator> {
        self.try_start().unwrap()
    }

    pub fn columns(&self, rows: &[Vec<Value>]) -> Vec<Column> {
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

    pub fn update(
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

    pub fn values(&self, array: &ArrayRef, n: usize) -> Vec<Vec<Value>> {
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
    pub fn try_over(&self, rows: &[Vec<Value>]) -> Result<Vec<Value>, String> {
        let mut s = self.try_start()?;
        self.update(s.as_mut(), rows, &vec![0; rows.len()], 1)?;
        let out = s.finish(1).map_err(|e| e.0)?;
        Ok(self.values(&out, 1).remove(0))
    }

    /// Over one group: the text of the result.
    pub fn over(&self, rows: &[Vec<Value>]) -> String {
        let out = self.try_over(rows).unwrap();
        out.iter().map(text).collect::<Vec<_>>().join(" | ")
    }
}

pub fn text(v: &Value) -> String {
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

pub fn longs(values: &[i64]) -> Vec<Vec<Value>> {
    values.iter().map(|n| vec![Value::Long(*n)]).collect()
}

pub fn reals(values: &[f64]) -> Vec<Vec<Value>> {
    values.iter().map(|n| vec![Value::Real(*n)]).collect()
}

pub fn strings(values: &[&str]) -> Vec<Vec<Value>> {
    values
        .iter()
        .map(|s| vec![Value::String((*s).to_owned())])
        .collect()
}

/// Dynamic values from JSON; `null` is the null.
pub fn jsons(values: &[&str]) -> Vec<Vec<Value>> {
    values.iter().map(|s| vec![json(s)]).collect()
}

pub fn json(text: &str) -> Value {
    let mut w = DynWriter::new();
    assert!(parse_json(text, &mut w), "{text}");
    match DynRef::new(&w.bytes).to_dyn() {
        Dyn::Null => Value::Null(Type::Dynamic),
        d => Value::Dynamic(d),
    }
}

pub fn nulls(ty: Type, n: usize) -> Vec<Vec<Value>> {
    vec![vec![Value::Null(ty)]; n]
}

/// A small generator of numbers, the same in every run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub fn long(&mut self, n: u64) -> i64 {
        i64::try_from(self.below(n)).unwrap()
    }

    pub fn value(&mut self, ty: Type) -> Value {
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
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Real(x), Value::Real(y)) => {
            x.to_bits() == y.to_bits() || (x - y).abs() <= 1e-9 * x.abs().max(y.abs()).max(1.0)
        }
        _ => a == b,
    }
}

/// Random rows in random groups, in one pass and in parts.
pub fn check_parts(
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
pub fn check(call: Call) {
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
