//! `evaluate dcount_intersect(a, b, ...)`: how many values the first sets have in common, by their sketches.

use super::Call;
use crate::binder::{Binder, Res};
use crate::plan::{Expr, Field, Relation};
use kql_diag::codes;
use kql_types::{Type, Value};

/// More sets have too many unions.
const MOST: usize = 6;

impl Binder<'_> {
    pub(super) fn dcount_intersect(&mut self, call: Call<'_>) -> Res<Relation> {
        let at = self.at(call.span);
        let mut sets = Vec::with_capacity(call.arguments.len());
        for a in call.arguments {
            let value = self.expr(&a.value, crate::expr::Row::of(&call.input.fields))?;
            if value.ty != Type::Dynamic {
                let message = format!("a sketch of hll() is required here, not {}", value.ty);
                return Err(self.fail(codes::ARGUMENT_TYPE, a.value.span, message));
            }
            sets.push(value);
        }
        if sets.len() < 2 {
            let message = "dcount_intersect requires two sketches or more";
            return Err(self.fail(codes::ARGUMENT_COUNT, call.span, message));
        }
        if sets.len() > MOST {
            let what = format!("dcount_intersect of more than {MOST} sets");
            return Err(self.unsupported(call.span, what));
        }
        let mut made = Vec::new();
        let mut fields = call.input.fields.clone();
        for n in 1..=sets.len() {
            // What is in all sets, by what is in any of some of them.
            let mut sum: Option<Expr> = None;
            for some in 1_u32..(1 << n) {
                let chosen: Vec<Expr> = (0..n)
                    .filter(|i| some & (1 << i) != 0)
                    .filter_map(|i| sets.get(i).cloned())
                    .collect();
                let odd = chosen.len() % 2 == 1;
                let union = match <[Expr; 1]>::try_from(chosen) {
                    Ok([one]) => one,
                    Err(several) => self.call_or_fold("hll_merge", several, Type::Dynamic, at),
                };
                let count = self.call_or_fold("dcount_hll", vec![union], Type::Long, at);
                sum = Some(match sum {
                    None => count,
                    Some(s) => {
                        let sign = if odd { "+" } else { "-" };
                        self.call_or_fold(sign, vec![s, count], Type::Long, at)
                    }
                });
            }
            let Some(sum) = sum else { continue };
            let zero = Expr::literal(Value::Long(0), at);
            let count = self.call_or_fold("max_of", vec![sum, zero], Type::Long, at);
            fields.push(Field {
                name: format!("s{}", n - 1),
                id: self.as_column(count, &mut made),
                ty: Type::Long,
            });
        }
        let out = self.extend(call.input, made);
        Ok(self.with_fields(out, fields))
    }
}
