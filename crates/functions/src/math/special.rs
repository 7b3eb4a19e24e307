//! The gamma, error and beta functions, and the test that stands on them.

use crate::prelude::*;

const fn spec(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    result_name: ResultName,
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name,
        nulls: Nulls::Strict,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

const NUMBER: &[Signature] = &[sig(&[arg("number", REAL, "The number.")], REAL)];

/// `gamma`
pub const GAMMA: FunctionSpec = spec(
    "gamma",
    "The gamma function.",
    NUMBER,
    ResultName::FirstArgument,
    |args| one(args, libm::tgamma),
    &[ex("gamma(5)", "24.0"), ex("gamma(real(null))", "null")],
);

/// `loggamma`
pub const LOGGAMMA: FunctionSpec = spec(
    "loggamma",
    "The natural logarithm of the absolute value of the gamma function.",
    NUMBER,
    ResultName::FirstArgument,
    |args| one(args, libm::lgamma),
    &[ex("round(loggamma(5), 12)", "3.178053830348")],
);

/// `erf`
pub const ERF: FunctionSpec = spec(
    "erf",
    "The error function.",
    NUMBER,
    ResultName::FirstArgument,
    |args| one(args, libm::erf),
    &[
        ex("erf(0)", "0.0"),
        ex("round(erf(-2), 14)", "-0.99532226501895"),
    ],
);

/// `erfc`
pub const ERFC: FunctionSpec = spec(
    "erfc",
    "The complement of the error function: 1 - erf(x).",
    NUMBER,
    ResultName::FirstArgument,
    |args| one(args, libm::erfc),
    &[
        ex("erfc(0)", "1.0"),
        ex("round(erfc(2), 14)", "0.00467773498105"),
    ],
);

const BETA_OF_X: &[Signature] = &[sig(
    &[
        arg("x", REAL, "Where."),
        arg("alpha", REAL, "The first parameter of the distribution."),
        arg("beta", REAL, "The second parameter of the distribution."),
    ],
    REAL,
)];

/// `beta_cdf`
pub const BETA_CDF: FunctionSpec = spec(
    "beta_cdf",
    "The cumulative beta distribution; NaN outside of 0 to 1 and for parameters that are not positive.",
    BETA_OF_X,
    ResultName::None,
    |args| {
        three(args, |x, a, b| {
            Some(if inside(x, a, b) {
                incomplete_beta(x, a, b)
            } else {
                f64::NAN
            })
        })
    },
    &[
        ex("round(beta_cdf(0.9, 10.0, 20.0), 12)", "1.0"),
        ex("beta_cdf(1.5, 10.0, 20.0)", "NaN"),
        ex("beta_cdf(0.1, -1.0, 20.0)", "NaN"),
        ex("round(beta_cdf(0.5, 2, 2), 12)", "0.5"),
    ],
);

/// `beta_pdf`
pub const BETA_PDF: FunctionSpec = spec(
    "beta_pdf",
    "The density of the beta distribution; NaN outside of 0 to 1 and for parameters that are not positive.",
    BETA_OF_X,
    ResultName::None,
    |args| {
        three(args, |x, a, b| {
            Some(if inside(x, a, b) {
                density(x, a, b)
            } else {
                f64::NAN
            })
        })
    },
    &[
        ex("round(beta_pdf(0.5, 10.0, 20.0), 12)", "0.746176019311"),
        ex("beta_pdf(-10.0, 10.0, 20.0)", "NaN"),
    ],
);

/// `beta_inv`
pub const BETA_INV: FunctionSpec = spec(
    "beta_inv",
    "Where the cumulative beta distribution has a probability; null for what is no probability, NaN for parameters that are not positive.",
    &[sig(
        &[
            arg("probability", REAL, "The probability."),
            arg("alpha", REAL, "The first parameter of the distribution."),
            arg("beta", REAL, "The second parameter of the distribution."),
        ],
        REAL,
    )],
    ResultName::None,
    |args| three(args, beta_inv),
    &[
        ex("round(beta_inv(0.1, 10.0, 20.0), 12)", "0.226415022389"),
        ex("beta_inv(1.5, 10.0, 20.0)", "null"),
        ex("beta_inv(0.1, -1.0, 20.0)", "NaN"),
    ],
);

/// `welch_test`
pub const WELCH_TEST: FunctionSpec = spec(
    "welch_test",
    "How likely two samples with these means, variances and sizes differ as much by chance: the p-value of Welch's test, of both sides.",
    &[sig(
        &[
            arg("mean1", REAL, "The average of the first sample."),
            arg("variance1", REAL, "Its variance."),
            arg("count1", REAL, "How many values it has."),
            arg("mean2", REAL, "The average of the second sample."),
            arg("variance2", REAL, "Its variance."),
            arg("count2", REAL, "How many values it has."),
        ],
        REAL,
    )],
    ResultName::None,
    welch_test,
    &[
        ex(
            "print s1 = dynamic([27.5,21.0,19.0,23.6,17.0,17.9,16.9,20.1,21.9,22.6,23.1,19.6,19.0,21.7,21.4]), s2 = dynamic([27.1,22.0,20.8,23.4,23.4,23.5,25.8,22.0,24.8,20.2,21.9,22.1,22.9,20.5,24.4]) | mv-expand s1 to typeof(real), s2 to typeof(real) | summarize m1 = avg(s1), v1 = variance(s1), c1 = count(), m2 = avg(s2), v2 = variance(s2), c2 = count() | project round(welch_test(m1, v1, c1, m2, v2, c2), 3)",
            "0.021",
        ),
        ex("round(welch_test(5, 1, 10, 5, 2, 12), 10)", "1.0"),
    ],
);

fn one(args: &Args<'_>, f: fn(f64) -> f64) -> Result<ArrayRef> {
    let x = args.real(0)?;
    real_result(args.rows, |row| x.get(row).map(f))
}

fn three(args: &Args<'_>, f: fn(f64, f64, f64) -> Option<f64>) -> Result<ArrayRef> {
    let (x, a, b) = (args.real(0)?, args.real(1)?, args.real(2)?);
    real_result(args.rows, |row| f(x.get(row)?, a.get(row)?, b.get(row)?))
}

fn inside(x: f64, a: f64, b: f64) -> bool {
    (0.0..=1.0).contains(&x) && a > 0.0 && b > 0.0
}

/// ln of the beta function.
fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

fn density(x: f64, a: f64, b: f64) -> f64 {
    (x.powf(a - 1.0) * (1.0 - x).powf(b - 1.0)) / log_beta(a, b).exp()
}

/// The regularised incomplete beta function by its continued fraction (Lentz's method), on the side where it converges fast.
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    const TINY: f64 = 1e-300;
    let nonzero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let (mut c, mut d) = (1.0, 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..=500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for term in [even, odd] {
            d = 1.0 / nonzero(1.0 + term * d);
            c = nonzero(1.0 + term / c);
            step = d * c;
            fraction *= step;
        }
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    (a * x.ln() + b * (-x).ln_1p() - log_beta(a, b)).exp() / a * fraction
}

/// Bisection: the distribution grows from 0 to 1.
fn beta_inv(p: f64, a: f64, b: f64) -> Option<f64> {
    if p.is_nan() || a.is_nan() || b.is_nan() || a <= 0.0 || b <= 0.0 {
        return Some(f64::NAN);
    }
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if incomplete_beta(middle, a, b) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

fn welch_test(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = (0..6).map(|i| args.real(i)).collect::<Result<Vec<_>>>()?;
    real_result(args.rows, |row| {
        let mut v = [0.0; 6];
        for (value, column) in v.iter_mut().zip(&columns) {
            *value = column.get(row)?;
        }
        let [mean1, variance1, count1, mean2, variance2, count2] = v;
        let (e1, e2) = (variance1 / count1, variance2 / count2);
        let t = (mean1 - mean2) / (e1 + e2).sqrt();
        let freedom = (e1 + e2).powi(2) / (e1 * e1 / (count1 - 1.0) + e2 * e2 / (count2 - 1.0));
        Some(incomplete_beta(
            freedom / (freedom + t * t),
            freedom / 2.0,
            0.5,
        ))
    })
}
