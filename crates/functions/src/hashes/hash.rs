//! `hash(source, mod)` and `hash_xxhash64(source, mod)`; `hash_combine` and `hash_many` are refused.

use crate::prelude::*;

/// `hash`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "hash",
    summary: "Returns a 64-bit hash of a value, or that modulo a number. It is xxHash64.",
    signatures: &[sig(
        &[
            arg_of("source", Class::NotDynamic, "The value."),
            arg_of("mod", Class::Integer, "The result is the hash modulo this.").optional(),
        ],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(hash),
    examples: &[
        ex("hash('World')", "1846988464401551951"),
        ex("hash('World', 100)", "51"),
        ex("hash(datetime(2015-01-01))", "1380966698541616202"),
    ],
    differs: "Only texts, longs, datetimes and timespans are hashed: of other types it is not known which bytes Kusto hashes. That a negative hash has a modulo of 0 or more follows the page, not a known value.",
};

/// `hash_xxhash64`
pub const XX: FunctionSpec = FunctionSpec {
    name: "hash_xxhash64",
    summary: "Returns the xxHash64 of a value, or that modulo a number.",
    signatures: &[sig(
        &[
            arg_of("source", Class::NotDynamic, "The value."),
            arg_of("mod", Class::Integer, "The result is the hash modulo this.").optional(),
        ],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(hash),
    examples: &[
        ex("hash_xxhash64('World')", "1846988464401551951"),
        ex("hash_xxhash64('World', 100)", "51"),
        ex("hash_xxhash64(datetime(2015-01-01))", "1380966698541616202"),
    ],
    differs: "Only texts, longs, datetimes and timespans are hashed: of other types it is not known which bytes Kusto hashes. That a negative hash has a modulo of 0 or more follows the page, not a known value.",
};

/// `hash_combine`
pub const COMBINE: FunctionSpec = FunctionSpec {
    name: "hash_combine",
    summary: "Combines hashes into one.",
    signatures: &[sig(
        &[arg_of("source", Class::Scalar, "A hash.").repeated(2, 32767)],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused("how Kusto combines hashes is not published"),
    examples: &[],
    differs: "",
};

/// `hash_many`
pub const MANY: FunctionSpec = FunctionSpec {
    name: "hash_many",
    summary: "Hashes several values into one hash.",
    signatures: &[sig(
        &[arg_of("source", Class::NotDynamic, "A value.").repeated(1, 32767)],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused("how Kusto combines hashes is not published"),
    examples: &[],
    differs: "",
};

use xxhash_rust::xxh64::xxh64;

fn hash(args: &Args<'_>) -> Result<ArrayRef> {
    let modulus = (args.len() > 1).then(|| args.integer(1)).transpose()?;
    let finish = |row: usize, bytes: &[u8]| {
        let hash = xxh64(bytes, 0).cast_signed();
        match &modulus {
            None => Some(hash),
            // Modulo 0 is null, as with the operator.
            Some(m) => m(row).and_then(|m| hash.checked_rem_euclid(m)),
        }
    };
    match args.any(0)? {
        Any::String(s) => long_result(args.rows, |row| finish(row, s.get(row).as_bytes())),
        Any::Long(n) | Any::DateTime(n) | Any::TimeSpan(n) => long_result(args.rows, |row| {
            n.get(row).and_then(|n| finish(row, &n.to_le_bytes()))
        }),
        _ => Err(KernelError::new(format!(
            "hash of a value of type {} is not supported: which bytes Kusto hashes is not known; \
             hash its text (tostring) or its long (tolong)",
            args.ty(0)
        ))),
    }
}
