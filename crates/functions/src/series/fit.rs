//! Polynomials through points by least squares.

use super::numbers::count;

/// A polynomial and how well it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// From the highest power to the lowest.
    pub coefficients: Vec<f64>,
    /// How much of the variance the polynomial explains.
    pub rsquare: f64,
    /// The variance of the values, as of a sample.
    pub variance: f64,
    /// The variance of what is left.
    pub rvariance: f64,
    /// The polynomial at each place.
    pub values: Vec<f64>,
}

/// 1, 2, ..., n: the places of a series that has none of its own.
pub fn places(n: usize) -> Vec<f64> {
    (1..=n).map(count).collect()
}

/// The polynomial of a degree that fits best; none when there are too few points for it.
pub fn polynomial(x: &[f64], y: &[f64], degree: usize) -> Option<Fit> {
    let n = y.len();
    if n < 2 || n <= degree || x.len() != n {
        return None;
    }
    let ascending = if degree == 1 {
        line(x, y)
    } else {
        solve(x, y, degree)?
    };
    let values: Vec<f64> = x
        .iter()
        .map(|x| ascending.iter().rev().fold(0.0, |sum, c| sum * x + c))
        .collect();
    let mean = y.iter().sum::<f64>() / count(n);
    let total: f64 = y.iter().map(|y| (y - mean) * (y - mean)).sum();
    let rest: f64 = y.iter().zip(&values).map(|(y, v)| (y - v) * (y - v)).sum();
    Some(Fit {
        coefficients: ascending.into_iter().rev().collect(),
        rsquare: 1.0 - rest / total,
        variance: total / count(n - 1),
        rvariance: rest / count(n - 1),
        values,
    })
}

/// The line that fits best: its value at 0 and its slope.
fn line(x: &[f64], y: &[f64]) -> Vec<f64> {
    let n = count(x.len());
    let mean_x = x.iter().sum::<f64>() / n;
    let mean_y = y.iter().sum::<f64>() / n;
    let (mut xy, mut xx) = (0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        xy += (x - mean_x) * (y - mean_y);
        xx += (x - mean_x) * (x - mean_x);
    }
    let slope = xy / xx;
    vec![mean_y - slope * mean_x, slope]
}

/// Least squares by Householder reflections of the matrix of powers: normal equations would lose half of the digits.
fn solve(x: &[f64], y: &[f64], degree: usize) -> Option<Vec<f64>> {
    let width = degree + 1;
    // A column a power.
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(width);
    let mut power = vec![1.0; x.len()];
    for _ in 0..width {
        columns.push(power.clone());
        for (p, x) in power.iter_mut().zip(x) {
            *p *= x;
        }
    }
    let mut right = y.to_vec();
    for k in 0..width {
        let column = columns.get(k)?;
        let tail = column.get(k..)?;
        let norm = tail.iter().map(|v| v * v).sum::<f64>().sqrt();
        let head = *tail.first()?;
        if norm == 0.0 {
            return None;
        }
        let mut mirror = tail.to_vec();
        *mirror.first_mut()? = head + norm.copysign(head);
        let square: f64 = mirror.iter().map(|v| v * v).sum();
        let reflect = |target: &mut [f64]| {
            let dot: f64 = mirror.iter().zip(target.iter()).map(|(m, t)| m * t).sum();
            for (t, m) in target.iter_mut().zip(&mirror) {
                *t -= 2.0 * dot / square * m;
            }
        };
        for column in columns.iter_mut().skip(k) {
            reflect(column.get_mut(k..)?);
        }
        reflect(right.get_mut(k..)?);
    }
    let mut out = vec![0.0; width];
    for k in (0..width).rev() {
        let mut value = *right.get(k)?;
        for j in k + 1..width {
            value -= columns.get(j)?.get(k)? * out.get(j)?;
        }
        *out.get_mut(k)? = value / columns.get(k)?.get(k)?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cubic_is_found_again() {
        let x = places(12);
        let y: Vec<f64> = x.iter().map(|x| 2.0 * x * x * x - x + 0.5).collect();
        let fit = polynomial(&x, &y, 3).unwrap();
        for (found, real) in fit.coefficients.iter().zip([2.0, 0.0, -1.0, 0.5]) {
            assert!((found - real).abs() < 1e-8, "{found} is not {real}");
        }
    }

    #[test]
    fn the_line_of_the_reference() {
        let y = [2., 5., 6., 8., 11., 15., 17., 18., 25., 26., 30., 30.];
        let fit = polynomial(&places(12), &y, 1).unwrap();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-3, "{a} is not {b}");
        near(fit.rsquare, 0.982);
        near(fit.coefficients[0], 2.730);
        near(fit.coefficients[1], -1.666);
        near(fit.variance, 98.628);
        near(fit.rvariance, 1.686);
        near(fit.values[0], 1.064);
        near(fit.values[11], 31.102);
    }
}
