//! `series_fft(real, imaginary)` and `series_ifft`: a series as a sum of waves, and back.

use super::numbers::{count, reals, write_reals};
use crate::prelude::*;
use std::f64::consts::TAU;

const PARAMS: &[Param] = &[
    arg_of("series", Class::DynamicArray, "The real parts."),
    arg_of(
        "series_imaginary",
        Class::DynamicArray,
        "The imaginary parts; all 0 unless given.",
    )
    .optional(),
];
const COLUMNS: ResultName = ResultName::Columns(&[("real", DYNAMIC), ("imag", DYNAMIC)]);
const DIFFERS: &str = "A series with elements that are no numbers is refused.";

/// `series_fft`
pub const FFT: FunctionSpec = FunctionSpec {
    name: "series_fft",
    summary: "The discrete Fourier transform of a series: the real and the imaginary part of each frequency.",
    signatures: &[sig(PARAMS, DYNAMIC)],
    result_name: COLUMNS,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(fft),
    examples: &[
        ex(
            "print x = dynamic([1,0,0,0]) | extend series_fft(x) | project series_fft_x_real",
            "[1.0,1.0,1.0,1.0]",
        ),
        ex(
            "print x = dynamic([2,2]) | project (r, i) = series_fft(x) | project strcat(r, i)",
            "[4.0,0.0][0.0,0.0]",
        ),
    ],
    differs: DIFFERS,
};

/// `series_ifft`
pub const IFFT: FunctionSpec = FunctionSpec {
    name: "series_ifft",
    summary: "The series whose `series_fft` this is: its real and its imaginary parts.",
    signatures: &[sig(PARAMS, DYNAMIC)],
    result_name: COLUMNS,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ifft),
    examples: &[ex(
        "print x = dynamic([4,0]) | project (r, i) = series_ifft(x) | project r",
        "[2.0,2.0]",
    )],
    differs: DIFFERS,
};

fn fft(args: &Args<'_>) -> Result<ArrayRef> {
    transform("series_fft", args, false)
}

fn ifft(args: &Args<'_>) -> Result<ArrayRef> {
    transform("series_ifft", args, true)
}

/// A real and an imaginary part.
pub(super) type Complex = (f64, f64);

fn transform(function: &str, args: &Args<'_>, back: bool) -> Result<ArrayRef> {
    let re = args.dynamic(0)?;
    let im = (args.len() > 1).then(|| args.dynamic(1)).transpose()?;
    try_dyn_result(args.rows, |row, w| {
        let Some(re) = reals(function, re.get(row))? else {
            return Ok(());
        };
        let im = match &im {
            Some(im) => match reals(function, im.get(row))? {
                Some(im) if im.len() == re.len() => im,
                _ => return Ok(()),
            },
            None => vec![0.0; re.len()],
        };
        let n = re.len();
        let input: Vec<Complex> = re.into_iter().zip(im).collect();
        let mut out = waves(&input, if back { 1.0 } else { -1.0 });
        if back {
            for (a, b) in &mut out {
                *a /= count(n);
                *b /= count(n);
            }
        }
        w.begin_array();
        write_reals(&out.iter().map(|c| c.0).collect::<Vec<_>>(), w);
        write_reals(&out.iter().map(|c| c.1).collect::<Vec<_>>(), w);
        w.end();
        Ok(())
    })
}

/// Sine and cosine of `k` `n`ths of a turn; quarters are exact.
fn turned(k: usize, n: usize) -> (f64, f64) {
    match (k * 4).checked_rem(n) {
        Some(0) => match k * 4 / n {
            0 => (0.0, 1.0),
            1 => (1.0, 0.0),
            2 => (0.0, -1.0),
            _ => (-1.0, 0.0),
        },
        _ => (TAU * count(k) / count(n)).sin_cos(),
    }
}

/// Cooley and Tukey: a transform of n = p * m values is p transforms of m values, put together.
fn waves(input: &[Complex], sign: f64) -> Vec<Complex> {
    let n = input.len();
    let Some(p) = (2..=n).find(|p| n.is_multiple_of(*p)) else {
        return input.to_vec();
    };
    let m = n / p;
    let parts: Vec<Vec<Complex>> = (0..p)
        .map(|r| {
            let every: Vec<Complex> = input.iter().skip(r).step_by(p).copied().collect();
            waves(&every, sign)
        })
        .collect();
    (0..n)
        .map(|k| {
            let mut sum = (0.0, 0.0);
            for (r, part) in parts.iter().enumerate() {
                let (sin, cos) = turned(r * k % n, n);
                let sin = sign * sin;
                let (a, b) = part.get(k % m).copied().unwrap_or_default();
                sum.0 += a * cos - b * sin;
                sum.1 += a * sin + b * cos;
            }
            sum
        })
        .collect()
}

/// The transform of any number of values in about the same time: a length with a large prime factor by way of one that is a power of
/// two (Bluestein).
pub(super) fn transform_of_any_length(input: &[Complex]) -> Vec<Complex> {
    let n = input.len();
    let mut rest = n;
    for p in 2..64 {
        while rest > 0 && rest.is_multiple_of(p) {
            rest /= p;
        }
    }
    if rest <= 64 {
        return waves(input, -1.0);
    }
    let size = (2 * n).next_power_of_two();
    // A half turn for each square of a place; squares counted round 2n stay exact.
    let chirp: Vec<Complex> = (0..n)
        .map(|i| {
            let square = (i % (2 * n)) * (i % (2 * n)) % (2 * n);
            let (sin, cos) = turned(square, 2 * n);
            (cos, -sin)
        })
        .collect();
    let mut a = vec![(0.0, 0.0); size];
    for ((to, x), c) in a.iter_mut().zip(input).zip(&chirp) {
        *to = times(*x, *c);
    }
    let mut b = vec![(0.0, 0.0); size];
    for (i, c) in chirp.iter().enumerate() {
        let back = (c.0, -c.1);
        for at in [i, (size - i) % size] {
            if let Some(to) = b.get_mut(at) {
                *to = back;
            }
        }
    }
    let product: Vec<Complex> = waves(&a, -1.0)
        .into_iter()
        .zip(waves(&b, -1.0))
        .map(|(x, y)| times(x, y))
        .collect();
    waves(&product, 1.0)
        .into_iter()
        .zip(&chirp)
        .map(|(x, c)| times((x.0 / count(size), x.1 / count(size)), *c))
        .collect()
}

fn times(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_gives_the_same_transform() {
        for n in [1, 2, 67, 134, 211] {
            let x: Vec<Complex> = (0..n).map(|i| (count(i * i % 17), count(i % 5))).collect();
            for (a, b) in transform_of_any_length(&x).iter().zip(waves(&x, -1.0)) {
                assert!((a.0 - b.0).abs() < 1e-8 && (a.1 - b.1).abs() < 1e-8, "{n}");
            }
        }
    }
}
