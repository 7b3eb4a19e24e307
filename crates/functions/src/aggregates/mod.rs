//! The family `aggregates`. Written by `tests/generated.rs`.

pub mod avg;
pub mod buildschema;
pub mod collect;
pub mod count;
pub mod count_distinct;
pub mod dcount;
pub mod encoded;
pub mod extremes;
pub mod key_set;
pub mod keys;
pub mod make_bag;
pub mod make_list;
pub mod make_set;
pub mod rows;
pub mod sketch;
pub mod state;
pub mod sum;

/// The aggregates of this family.
#[rustfmt::skip]
pub const AGGREGATES: &[&crate::spec::AggregateSpec] = &[
    &avg::AVG,
    &avg::AVGIF,
    &buildschema::SPEC,
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
    &make_bag::MAKE_BAG,
    &make_bag::MAKE_DICTIONARY,
    &make_bag::MAKE_BAG_IF,
    &make_list::MAKE_LIST,
    &make_list::MAKELIST,
    &make_list::MAKE_LIST_WITH_NULLS,
    &make_list::MAKE_LIST_IF,
    &make_set::MAKE_SET,
    &make_set::MAKESET,
    &make_set::MAKE_SET_IF,
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
