//! Closed forms and chains that the runs are held to. Nothing here knows the simulator.

/// Erlang's loss formula for `c` servers and an offered load `a`:
/// `B(0) = 1, B(n) = a·B(n-1) / (n + a·B(n-1))`.
pub(super) fn erlang_b(c: u32, a: f64) -> f64 {
    (1..=c).fold(1.0, |b, n| a * b / (f64::from(n) + a * b))
}

/// Erlang's delay formula, the chance of having to wait: `C = c·B / (c - a·(1 - B))`.
pub(super) fn erlang_c(c: u32, a: f64) -> f64 {
    let b = erlang_b(c, a);
    f64::from(c) * b / (f64::from(c) - a * (1.0 - b))
}

/// The mean wait of M/G/1, Pollaczek and Khinchine's: `λ·E[S²] / (2·(1 - λ·E[S]))`.
pub(super) fn pollaczek_khinchine(lambda: f64, mean: f64, square: f64) -> f64 {
    lambda * square / (2.0 * (1.0 - lambda * mean))
}

/// The work in front of an arrival at M/D/1, services taking 1, up to a factor (that is 1 - λ if
/// nobody is turned away): `P(V ≤ x) ∝ G(x) = Σ (λ(k - x))^k / k! · e^(-λ(k - x))`, k from 0 to
/// ⌊x⌋ (Erlang 1909). Up to the level from which arrivals are turned away it holds for any λ, for
/// below it the work moves by the same law.
pub(super) fn work(lambda: f64, x: f64) -> f64 {
    let (mut sum, mut k) = (0.0, 0.0);
    while k <= x {
        let z = lambda * (k - x);
        let mut term = (-z).exp();
        let mut n = 1.0;
        while n <= k {
            term *= z / n;
            n += 1.0;
        }
        sum += term;
        k += 1.0;
    }
    sum
}

/// `∫ G` from 0 to `x`, by Simpson's rule on each of 200 parts of a unit, off by less than 1e-9.
pub(super) fn work_integral(lambda: f64, x: f64) -> f64 {
    let parts = (200.0 * x).ceil();
    let h = x / parts;
    let (mut sum, mut n) = (0.0, 0.0);
    while n < parts {
        let at = |part: f64| work(lambda, (n + part) * h);
        // G has a jump of its slope at whole numbers only, and these are ends of parts.
        sum += h / 6.0 * (at(0.0) + 4.0 * at(0.5) + at(1.0));
        n += 1.0;
    }
    sum
}

/// The share turned away at M/D/1 where an arrival leaves that would wait for longer than `most`
/// services. What comes in goes out: `λ·(1 - L) = 1 - p` and `1 - L = p·G(most)`, so
/// `L = 1 - G(most) / (1 + λ·G(most))`.
///
/// It is also what a bucket of continuous refill refuses, `most` being its burst less 1: the tokens
/// that it lacks are the work, one for each call let in, and it is refilled as a server works.
pub(super) fn impatient_loss(lambda: f64, most: f64) -> f64 {
    let g = work(lambda, most);
    1.0 - g / (1.0 + lambda * g)
}

/// The mean wait of those who stay: `most - ∫G / G(most)`.
pub(super) fn impatient_wait(lambda: f64, most: f64) -> f64 {
    most - work_integral(lambda, most) / work(lambda, most)
}

/// The same loss from the chain of what the bucket lacks when a call comes, in steps of 1/`steps`
/// token: a call that finds at most burst - 1 lacking adds a token's worth, and until the next
/// call a geometric number of steps comes back, of chance `(1 - q)·q^j` with `q = e^(-λ/steps)`.
/// An exponential time is so rounded down to a whole step, an error of the order of 1/steps, which
/// twice the loss for `2·steps` less that for `steps` takes away.
pub(super) fn bucket_loss_by_chain(lambda: f64, burst: usize, steps: usize) -> f64 {
    let loss = |steps: usize| {
        let q = (-lambda / steps as f64).exp();
        let full = burst * steps;
        let mut lacking = vec![0.0; full + 1];
        lacking[0] = 1.0;
        for _ in 0..20_000 {
            let mut next = vec![0.0; full + 1];
            let mut falling = 0.0;
            for level in (0..=full).rev() {
                let stays = if level > full - steps { lacking[level] } else { 0.0 };
                let comes = if level >= steps { lacking[level - steps] } else { 0.0 };
                falling = falling * q + stays + comes;
                next[level] = if level > 0 { (1.0 - q) * falling } else { falling };
            }
            let moved: f64 = lacking.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
            lacking = next;
            if moved < 1e-13 {
                break;
            }
        }
        lacking[full - steps + 1..].iter().sum::<f64>()
    };
    2.0 * loss(2 * steps) - loss(steps)
}

/// `e^(-a)·a^n / n!` for n from 0 up to where less than 1e-15 is left.
pub(super) fn poisson(a: f64) -> Vec<f64> {
    let mut chances = vec![(-a).exp()];
    let mut n = 1.0;
    while n < a || chances[chances.len() - 1] > 1e-17 {
        chances.push(chances[chances.len() - 1] * a / n);
        n += 1.0;
    }
    chances
}

/// The share that a bucket refuses which gets a token at every whole second: after a tick it holds
/// `t`, `n` calls come (Poisson) of which `min(n, t)` take one, then `t' = min(burst, t - … + 1)`.
/// The chain has `burst` states and is iterated until nothing changes.
pub(super) fn tick_loss(lambda: f64, burst: usize) -> f64 {
    let calls = poisson(lambda);
    let mut held = vec![0.0; burst + 1];
    held[burst] = 1.0;
    for _ in 0..100_000 {
        let mut next = vec![0.0; burst + 1];
        for (tokens, chance) in held.iter().enumerate() {
            for (n, calls) in calls.iter().enumerate() {
                next[burst.min(tokens.saturating_sub(n) + 1)] += chance * calls;
            }
        }
        let moved: f64 = held.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
        held = next;
        if moved < 1e-14 {
            break;
        }
    }
    let mut admitted = 0.0;
    for (tokens, chance) in held.iter().enumerate() {
        for (n, calls) in calls.iter().enumerate() {
            admitted += chance * calls * n.min(tokens) as f64;
        }
    }
    1.0 - admitted / lambda
}

/// The share that a window of `limit` refuses, `a` calls a window coming on average:
/// `E[max(N - limit, 0)] / a`, N being Poisson.
pub(super) fn window_loss(limit: usize, a: f64) -> f64 {
    let over = poisson(a).into_iter().enumerate().skip(limit);
    over.map(|(n, chance)| (n - limit) as f64 * chance).sum::<f64>() / a
}

/// The two ways to the loss of a bucket agree; so do special cases known by themselves.
#[test]
fn the_formulas_agree_with_each_other() {
    for (lambda, burst) in [(0.5, 1), (0.8, 3), (1.0, 5), (1.3, 2), (2.0, 4)] {
        let (chain, exact) =
            (bucket_loss_by_chain(lambda, burst, 200), impatient_loss(lambda, burst as f64 - 1.0));
        assert!((chain - exact).abs() < 2e-5, "{lambda} {burst}: {chain} for {exact}");
        assert!((impatient_loss(lambda, 0.0) - erlang_b(1, lambda)).abs() < 1e-12);
        assert!((window_loss(0, lambda) - 1.0).abs() < 1e-12);
    }
    let unbounded = |x: f64| x - 0.5 * work_integral(0.5, x);
    assert!((unbounded(12.0) - pollaczek_khinchine(0.5, 1.0, 1.0)).abs() < 1e-4);
    assert!((erlang_c(1, 0.3) - 0.3).abs() < 1e-12);
    assert!((erlang_c(2, 1.0) - 1.0 / 3.0).abs() < 1e-12);
    // One token: a call is let in if none came since the tick, (1 - e^-λ) of them a second.
    assert!((tick_loss(0.7, 1) - (1.0 - (1.0 - (-0.7f64).exp()) / 0.7)).abs() < 1e-12);
}
