//! The exponential and the normal distribution by the ziggurat method, with the same bits on every
//! machine: its tables and its rare cases take logarithms and exponentials from one software
//! library, never from the system's.
//!
//! ```text
//!   f │▙▄        256 layers of one area v under a falling density f, the lowest with the tail:
//!     │███▄▄       x₀ = v/f(r)   x₁ = r   f(xᵢ₊₁) = f(xᵢ) + v/xᵢ   x₂₅₆ = 0
//!     │███████▄▄   a point of layer i left of xᵢ₊₁ is under f: 99 of 100 draws need no more
//!     └──────────► x
//! ```
//!
//! Source: G. Marsaglia and W. W. Tsang, "The ziggurat method for generating random variables",
//! Journal of Statistical Software 5 (2000); its r and v for 256 layers, to more digits. The bits
//! of a draw are used as `rand_distr` uses them, so that its samples are ours.

mod tables;

use super::Draws;
use tables::{EXPONENTIAL, NORMAL};

/// How many layers there are.
const LAYERS: usize = 256;
const EXPONENTIAL_R: f64 = 7.697_117_470_131_05;
const NORMAL_R: f64 = 3.654_152_885_361_009;

/// The exponential density, 1 at its top.
fn decay(x: f64) -> f64 {
    libm::exp(-x)
}

/// The normal density, 1 at its top.
fn bell(x: f64) -> f64 {
    libm::exp(-x * x / 2.0)
}

/// True if a point of a layer at `x`, right of the one above, is under the density.
fn is_under(
    (ends, layer): (&[f64; LAYERS + 1], usize),
    x: f64,
    density: fn(f64) -> f64,
    draws: &mut Draws,
) -> bool {
    let (low, high) = (density(ends[layer]), density(ends[layer + 1]));
    high + (low - high) * draws.uniform() < density(x)
}

/// The layer that the lowest bits name.
#[inline(always)]
const fn layer_of(bits: u64) -> usize {
    (bits & 0xFF) as usize
}

/// The highest 52 bits as a number from 1 to below 2.
#[inline(always)]
const fn one_to_two(bits: u64) -> f64 {
    f64::from_bits(bits >> 12 | 0x3FF << 52)
}

/// Uniform above 0 and below 1.
fn open(draws: &mut Draws) -> f64 {
    one_to_two(draws.bits()) - (1.0 - f64::EPSILON / 2.0)
}

/// An exponential number with mean 1.
#[inline(always)]
pub(super) fn exponential(draws: &mut Draws) -> f64 {
    let bits = draws.bits();
    let layer = layer_of(bits);
    let x = (one_to_two(bits) - (1.0 - f64::EPSILON / 2.0)) * EXPONENTIAL[layer];
    if x < EXPONENTIAL[layer + 1] {
        return x;
    }
    // A copy, so that the draws of the usual case stay in registers.
    let mut own = draws.clone();
    let x = rarely_exponential(bits, &mut own);
    *draws = own;
    x
}

/// As `exponential`, whose first bits these are, in any layer.
#[cold]
fn rarely_exponential(mut bits: u64, draws: &mut Draws) -> f64 {
    loop {
        let layer = layer_of(bits);
        let x = (one_to_two(bits) - (1.0 - f64::EPSILON / 2.0)) * EXPONENTIAL[layer];
        if x < EXPONENTIAL[layer + 1] {
            return x;
        }
        if layer == 0 {
            return EXPONENTIAL_R - libm::log(draws.uniform());
        }
        if is_under((&EXPONENTIAL, layer), x, decay, draws) {
            return x;
        }
        bits = draws.bits();
    }
}

/// A normal number with mean 0 and variance 1.
#[inline]
pub(super) fn normal(draws: &mut Draws) -> f64 {
    loop {
        let bits = draws.bits();
        let layer = layer_of(bits);
        let u = 2.0 * one_to_two(bits) - 3.0;
        let x = u * NORMAL[layer];
        if x.abs() < NORMAL[layer + 1] {
            return x;
        }
        if layer == 0 {
            return normal_tail(draws, u);
        }
        if is_under((&NORMAL, layer), x, bell, draws) {
            return x;
        }
    }
}

/// Beyond r, on the side of `u`: G. Marsaglia's method of 1964.
#[cold]
fn normal_tail(draws: &mut Draws, u: f64) -> f64 {
    loop {
        let x = libm::log(open(draws)) / NORMAL_R;
        let y = libm::log(open(draws));
        if -2.0 * y >= x * x {
            return if u < 0.0 { x - NORMAL_R } else { NORMAL_R - x };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};
    use rand_distr::{Distribution, Exp1, StandardNormal};

    /// As far as the system's logarithm is that of the software library, to the last bits.
    #[test]
    fn samples_are_those_of_rand_distr() {
        let stream = Streams::new(5, 0).stream(Purpose::Service, 0);
        let (mut tails, mut wedges) = (0, 0);
        for n in 0..1_000_000 {
            let (mut ours, mut theirs) = (stream.at(n), stream.at(n));
            let expected: f64 = Exp1.sample(&mut theirs);
            let found = exponential(&mut ours);
            assert!((found - expected).abs() <= 1e-14 * expected.abs(), "{n}: {found} {expected}");
            assert_eq!(ours.bits(), theirs.bits(), "{n}: as many draws");
            tails += u32::from(found > EXPONENTIAL_R);

            let (mut ours, mut theirs) = (stream.at(n), stream.at(n));
            let expected: f64 = StandardNormal.sample(&mut theirs);
            let found = normal(&mut ours);
            assert!((found - expected).abs() <= 1e-14 * expected.abs(), "{n}: {found} {expected}");
            assert_eq!(ours.bits(), theirs.bits(), "{n}: as many draws");
            wedges += u32::from(found.abs() > NORMAL_R);
        }
        // e^-r = 0.000454 and 2Φ(-r) = 0.000258, within five standard deviations.
        assert!((348..=560).contains(&tails), "{tails}");
        assert!((178..=338).contains(&wedges), "{wedges}");
    }

    #[test]
    fn golden_bits_do_not_change_between_machines() {
        let stream = Streams::new(42, 0).stream(Purpose::Service, 0);
        let bits = |sample: fn(&mut Draws) -> f64| {
            (0..100_000u64)
                .fold(0u64, |sum, n| sum.rotate_left(1) ^ sample(&mut stream.at(n)).to_bits())
        };
        assert_eq!(
            (bits(exponential), bits(normal)),
            (6_334_026_204_635_896_313, 17_729_566_598_694_607_956)
        );
    }

    /// A layer's end is where the density has grown by the height of the layer below: f(xᵢ₊₁) =
    /// f(xᵢ) + v/xᵢ. The layers close at the top, where f is 1.
    #[test]
    fn tables_are_those_of_the_method() {
        let to_decay: fn(f64) -> f64 = |f| -libm::log(f);
        let to_bell: fn(f64) -> f64 = |f| libm::sqrt(-2.0 * libm::log(f));
        let exponential =
            (0.003_949_659_822_581_557, EXPONENTIAL_R, decay as fn(f64) -> f64, to_decay);
        let normal = (0.004_928_673_233_99, NORMAL_R, bell as fn(f64) -> f64, to_bell);
        for (ends, (v, r, density, inverse)) in [(&EXPONENTIAL, exponential), (&NORMAL, normal)] {
            let mut expected = [0.0; LAYERS + 1];
            (expected[0], expected[1]) = (v / density(r), r);
            for layer in 2..LAYERS {
                let below = expected[layer - 1];
                expected[layer] = inverse(v / below + density(below));
            }
            assert_eq!(ends.map(f64::to_bits), expected.map(f64::to_bits));
            let top = density(ends[LAYERS - 1]) + v / ends[LAYERS - 1];
            assert!((top - 1.0).abs() < 1e-9, "{top}");
        }
    }
}
