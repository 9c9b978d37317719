//! Functions for the tables that are computed while this crate is compiled. They are
//! our own so that tables, and with them the firmware's measurement, do not depend on
//! the computer that builds it: the standard library's are the platform's, which
//! differ in the last bit.

/// Natural logarithm of 2.
pub const LN_2: f64 = core::f64::consts::LN_2;

/// Terms of each series; more change nothing.
const TERMS: u32 = 24;

/// Cosine of a share of a full turn, from 0 to 1.
pub const fn cos_of_turn(share: f64) -> f64 {
    if share > 0.5 {
        return cos_of_turn(1.0 - share);
    }
    if share > 0.25 {
        return -cos_of_turn(0.5 - share);
    }
    let angle = 2.0 * core::f64::consts::PI * share;
    let mut sum = 0.0;
    let mut term = 1.0;
    let mut n = 0;
    while n < TERMS {
        sum += term;
        term *= -angle * angle / ((2 * n + 1) * (2 * n + 2)) as f64;
        n += 1;
    }
    sum
}

/// Natural logarithm of a positive number.
pub const fn ln(x: f64) -> f64 {
    let mut mantissa = x;
    let mut exponent = 0;
    while mantissa >= 2.0 {
        mantissa /= 2.0;
        exponent += 1;
    }
    while mantissa < 1.0 {
        mantissa *= 2.0;
        exponent -= 1;
    }
    // ln m = 2 artanh((m - 1) / (m + 1)), and that argument is below a third.
    let argument = (mantissa - 1.0) / (mantissa + 1.0);
    let mut sum = 0.0;
    let mut power = argument;
    let mut n = 0;
    while n < TERMS {
        sum += power / (2 * n + 1) as f64;
        power *= argument * argument;
        n += 1;
    }
    2.0 * sum + exponent as f64 * LN_2
}

/// `base` to the power of `exponent`, for a positive base and a result of at most 1.
pub const fn power(base: f64, exponent: f64) -> f64 {
    let mut rest = exponent * ln(base);
    let mut scale = 1.0;
    while rest < -LN_2 {
        rest += LN_2;
        scale /= 2.0;
    }
    let mut sum = 0.0;
    let mut term = 1.0;
    let mut n = 0;
    while n < TERMS {
        sum += term;
        term *= rest / (n + 1) as f64;
        n += 1;
    }
    scale * sum
}

/// The nearest integer, the larger one of two.
pub const fn round(x: f64) -> i32 {
    let x = x + 0.5;
    let towards_zero = x as i32;
    if towards_zero as f64 > x {
        towards_zero - 1
    } else {
        towards_zero
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(ours: f64, theirs: f64) {
        assert!((ours - theirs).abs() < 1e-13, "{ours} is not {theirs}");
    }

    #[test]
    fn cosine_all_around() {
        for step in 0..=1000 {
            let share = f64::from(step) / 1000.0;
            close(cos_of_turn(share), (share * std::f64::consts::TAU).cos());
        }
    }

    #[test]
    fn logarithm_and_power() {
        for step in 1..=1000 {
            let x = f64::from(step * step) / 500.0;
            close(ln(x), x.ln());
            close(power(1.0 + x, -0.95), (1.0 + x).powf(-0.95));
        }
    }

    #[test]
    fn rounding_goes_to_the_nearest() {
        let cases = [(2.4, 2), (2.5, 3), (-2.4, -2), (-2.5, -2), (-2.6, -3)];
        for (x, expected) in cases {
            assert_eq!(round(x), expected, "{x}");
        }
    }
}
