//! The family `aggregates`. Written by `tests/generated.rs`.

pub mod avg;
pub mod bits;
pub mod buildschema;
pub mod collect;
pub mod count;
pub mod count_distinct;
pub mod covariance;
pub mod dcount;
pub mod digest;
pub mod encoded;
pub mod extremes;
pub mod hll;
pub mod key_set;
pub mod keys;
pub mod make_bag;
pub mod make_list;
pub mod make_set;
pub mod moments;
pub mod pairs;
pub mod percentile;
pub mod ranks;
pub mod rows;
pub mod sketch;
pub mod state;
pub mod sum;
pub mod tdigest;

/// The aggregates of this family.
#[rustfmt::skip]
pub const AGGREGATES: &[&crate::spec::AggregateSpec] = &[
    &avg::AVG,
    &avg::AVGIF,
    &bits::AND,
    &bits::OR,
    &bits::XOR,
    &buildschema::SPEC,
    &count::COUNT,
    &count::CNT,
    &count::COUNTIF,
    &count_distinct::COUNT_DISTINCT,
    &count_distinct::COUNT_DISTINCTIF,
    &covariance::COVARIANCE,
    &covariance::COVARIANCEP,
    &covariance::COVARIANCEIF,
    &covariance::COVARIANCEPIF,
    &dcount::DCOUNT,
    &dcount::DCOUNTIF,
    &extremes::MIN,
    &extremes::MAX,
    &extremes::MINIF,
    &extremes::MAXIF,
    &hll::HLL,
    &hll::HLL_IF,
    &hll::HLL_MERGE,
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
    &moments::STDEV,
    &moments::STDEVP,
    &moments::VARIANCE,
    &moments::VARIANCEP,
    &moments::STDEVIF,
    &moments::VARIANCEIF,
    &moments::VARIANCEPIF,
    &percentile::PERCENTILE,
    &percentile::PERCENTILES,
    &percentile::PERCENTILES_ARRAY,
    &percentile::PERCENTILEW,
    &percentile::PERCENTILESW,
    &percentile::PERCENTILESW_ARRAY,
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
    &tdigest::TDIGEST,
    &tdigest::MERGE,
    &tdigest::MERGE_TDIGEST,
];
