//! `binary_all_and`, `binary_all_or`, `binary_all_xor`.

use super::state::{Reader, State, States};
use crate::aggregate::Aggregator;
use crate::prelude::*;

const SIGNATURES: &[Signature] = &[sig_as(
    &[arg_of(
        "expr",
        Class::Integer,
        "The numbers; nulls are skipped.",
    )],
    Returns::Param(0),
)];

const fn of(
    name: &'static str,
    summary: &'static str,
    make: fn(&AggregateCall<'_>) -> Result<Box<dyn Aggregator>>,
) -> AggregateSpec {
    AggregateSpec {
        name,
        summary,
        signatures: SIGNATURES,
        result_name: ResultName::FirstArgument,
        lower: AggregateLower::State(make),
        examples: &[],
        differs: "",
    }
}

/// `binary_all_and`
pub const AND: AggregateSpec = AggregateSpec {
    examples: &[
        ex(
            "datatable(num:long)[0xFFFFFFFF, 0xFFFFF00F, 0xCFFFFFFD, 0xFAFEFFFF] | summarize toupper(tohex(binary_all_and(num)))",
            "CAFEF00D",
        ),
        ex(
            "datatable(num:long)[] | summarize binary_all_and(num)",
            "null",
        ),
    ],
    ..of(
        "binary_all_and",
        "The bits that all numbers of the group have; null for none.",
        |call| make(call, |a, b| a & b),
    )
};

/// `binary_all_or`
pub const OR: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "datatable(num:long)[0x88888008, 0x42000000, 0x00767000, 0x00000005] | summarize toupper(tohex(binary_all_or(num)))",
        "CAFEF00D",
    )],
    ..of(
        "binary_all_or",
        "The bits that some number of the group has; null for none.",
        |call| make(call, |a, b| a | b),
    )
};

/// `binary_all_xor`
pub const XOR: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "datatable(num:long)[0x44404440, 0x1E1E1E1E, 0x90ABBA09, 0x000B105A] | summarize toupper(tohex(binary_all_xor(num)))",
        "CAFEF00D",
    )],
    ..of(
        "binary_all_xor",
        "The bits that an odd count of the group's numbers has; null for none.",
        |call| make(call, |a, b| a ^ b),
    )
};

struct Config {
    int: bool,
    join: fn(i64, i64) -> i64,
}

fn make(call: &AggregateCall<'_>, join: fn(i64, i64) -> i64) -> Result<Box<dyn Aggregator>> {
    Ok(States::<Bits>::boxed(Config {
        int: call.types.first() == Some(&Type::Int),
        join,
    }))
}

/// The bits so far; none before the first number.
struct Bits(Option<i64>);

/// The argument.
enum Integers<'a> {
    Int(Ints<'a>),
    Long(Longs<'a>),
}

impl State for Bits {
    type Config = Config;
    type Input<'a> = Integers<'a>;

    fn read<'a>(config: &Config, args: &Args<'a>) -> Result<Integers<'a>> {
        Ok(if config.int {
            Integers::Int(args.int(0)?)
        } else {
            Integers::Long(args.long(0)?)
        })
    }

    fn new(_: &Config) -> Self {
        Bits(None)
    }

    #[inline]
    fn add(&mut self, config: &Config, input: &Integers<'_>, row: usize) -> Result<()> {
        let value = match input {
            Integers::Int(c) => c.get(row).map(i64::from),
            Integers::Long(c) => c.get(row),
        };
        self.merge(config, Bits(value))
    }

    fn merge(&mut self, config: &Config, other: Self) -> Result<()> {
        self.0 = match (self.0, other.0) {
            (Some(a), Some(b)) => Some((config.join)(a, b)),
            (a, b) => a.or(b),
        };
        Ok(())
    }

    fn save(&self, _: &Config, out: &mut Vec<u8>) {
        if let Some(bits) = self.0 {
            out.extend_from_slice(&bits.to_le_bytes());
        }
    }

    fn load(_: &Config, bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Bits(None));
        }
        Reader(bytes).i64().map(|b| Bits(Some(b)))
    }

    fn finish(config: &Config, groups: Vec<Self>) -> Result<ArrayRef> {
        let bits = |row: usize| groups.get(row).and_then(|g| g.0);
        if config.int {
            int_result(groups.len(), |row| {
                bits(row).and_then(|b| i32::try_from(b).ok())
            })
        } else {
            long_result(groups.len(), bits)
        }
    }

    fn heap_size(&self) -> usize {
        0
    }
}
