//! The family `series`. Written by `tests/generated.rs`.

pub mod arithmetic;
pub mod comparison;
pub mod decompose;
pub mod fft;
pub mod fill;
pub mod filter;
pub mod fit;
pub mod fit_2lines;
pub mod fit_line;
pub mod fit_poly;
pub mod numbers;
pub mod outliers;
pub mod periods;
pub mod seasonal;
pub mod series_periods;
pub mod stats;
pub mod sums;
pub mod unary;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &arithmetic::ADD,
    &arithmetic::SUBTRACT,
    &arithmetic::MULTIPLY,
    &arithmetic::DIVIDE,
    &arithmetic::POW,
    &comparison::GREATER,
    &comparison::GREATER_EQUALS,
    &comparison::LESS,
    &comparison::LESS_EQUALS,
    &comparison::EQUALS,
    &comparison::NOT_EQUALS,
    &decompose::DECOMPOSE,
    &decompose::FORECAST,
    &decompose::ANOMALIES,
    &fft::FFT,
    &fft::IFFT,
    &fill::CONST,
    &fill::FORWARD,
    &fill::BACKWARD,
    &fill::LINEAR,
    &filter::FIR,
    &filter::IIR,
    &fit_2lines::LINES,
    &fit_2lines::LINES_DYNAMIC,
    &fit_line::LINE,
    &fit_line::LINE_DYNAMIC,
    &fit_poly::SPEC,
    &outliers::SPEC,
    &seasonal::SPEC,
    &series_periods::DETECT,
    &series_periods::VALIDATE,
    &stats::STATS,
    &stats::DYNAMIC_STATS,
    &sums::SUM,
    &sums::PRODUCT,
    &sums::MAGNITUDE,
    &sums::DOT_PRODUCT,
    &sums::COSINE_SIMILARITY,
    &sums::PEARSON_CORRELATION,
    &unary::ABS,
    &unary::SIGN,
    &unary::CEILING,
    &unary::FLOOR,
    &unary::EXP,
    &unary::LOG,
    &unary::SIN,
    &unary::ASIN,
    &unary::COS,
    &unary::ACOS,
    &unary::TAN,
    &unary::ATAN,
];
