//! The family `aggregates`. Written by `tests/generated.rs`.

pub mod avg;
pub mod count;
pub mod count_distinct;
pub mod dcount;
pub mod extremes;
pub mod key_set;
pub mod keys;
pub mod rows;
pub mod sketch;
pub mod state;
pub mod sum;

/// The aggregates of this family.
#[rustfmt::skip]
pub const AGGREGATES: &[&crate::spec::AggregateSpec] = &[
    &avg::AVG,
    &avg::AVGIF,
    &count::COUNT,
    &count::CNT,
    &count::COUNTIF,
    &count_distinct::COUNT_DISTINCT,
    &count_distinct::COUNT_DISTINCTIF,
    &dcount::DCOUNT,
    &dcount::DCOUNTIF,
    &extremes::MIN,
    &extremes::MAX,
    &extremes::MINIF,
    &extremes::MAXIF,
    &rows::ARG_MAX,
    &rows::ARG_MIN,
    &rows::ARGMAX,
    &rows::ARGMIN,
    &rows::TAKE_ANY,
    &rows::ANY,
    &rows::TAKE_ANYIF,
    &rows::ANYIF,
    &rows::PASSTHROUGH,
    &sum::SUM,
    &sum::SUMIF,
];
