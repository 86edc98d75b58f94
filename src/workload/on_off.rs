//! Arrivals that come in bouts: a Poisson process whose rate switches between two values.
//!
//! ```text
//!   on   ┌──────┐        ┌───┐          each state lasts Exp(its mean); within one, arrivals are
//!   off ─┘      └────────┘   └────      Poisson at its rate; at time 0 it is on with probability
//!                                       mean_on / (mean_on + mean_off), as at any other time
//! ```
//!
//! The two-state Markov-modulated Poisson process. Counts over long times vary more than those of
//! a Poisson process of the same rate, for which variance / mean is 1 (Fischer and Meier-Hellstern,
//! "The Markov-modulated Poisson process (MMPP) cookbook", Performance Evaluation 18, 1993):
//!
//! `variance / mean → 1 + 2 (λ₁ - λ₂)² σ₁σ₂ / ((σ₁ + σ₂)² (λ₁σ₂ + λ₂σ₁))`, with σ = 1 / mean length

use crate::random::Stream;
use crate::units::{Instant, Rate, Span};

/// Two states, each with its rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnOff {
    /// The rate while on.
    pub on: Rate,
    /// The rate while off; `None` is nothing.
    pub off: Option<Rate>,
    /// The mean length of being on; not zero.
    pub mean_on: Span,
    /// The mean length of being off; not zero.
    pub mean_off: Span,
    /// The end of the run: states are not followed beyond it.
    pub end: Span,
}

/// The state that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Phase {
    on: bool,
    until: Instant,
    /// How often it has switched.
    switches: u64,
}

/// The first number of the draws for states, in the stream of which arrivals take the numbers from
/// 0 on. So the states are the same whatever the rates.
const STATES: u64 = 1 << 63;

impl OnOff {
    /// The mean rate \[1/s\].
    #[must_use]
    pub fn mean(&self) -> f64 {
        let (on, off) = (self.mean_on.as_secs_f64(), self.mean_off.as_secs_f64());
        (self.rate(true) * on + self.rate(false) * off) / (on + off)
    }

    fn rate(&self, on: bool) -> f64 {
        let rate = if on { Some(self.on) } else { self.off };
        rate.map_or(0.0, Rate::per_second_f64)
    }

    fn begin(&self, stream: Stream) -> Phase {
        let mut draws = stream.at(STATES);
        let (on, off) = (self.mean_on.as_nanos(), self.mean_off.as_nanos());
        let on = draws.below(on + off) < on;
        let until = Instant::ORIGIN + self.length(on, draws.exponential());
        Phase { on, until, switches: 0 }
    }

    fn switch(&self, phase: Phase, stream: Stream) -> Phase {
        let (on, switches) = (!phase.on, phase.switches + 1);
        let unit = stream.at(STATES | switches).exponential();
        Phase { on, until: phase.until + self.length(on, unit), switches }
    }

    fn length(&self, on: bool, unit: f64) -> Span {
        let mean = if on { self.mean_on } else { self.mean_off };
        Span::from_secs_f64(mean.as_secs_f64() * unit)
    }

    /// The instant at which the integral of the rate has grown by `growth` since `from`, with the
    /// phase at `from`, if there has been one before, moved on to it. `None` if the end is reached.
    #[inline(never)] // Processes that need less are not to pay for it.
    pub(super) fn after(
        &self,
        from: Instant,
        mut growth: f64,
        stream: Stream,
        phase: &mut Option<Phase>,
    ) -> Option<Instant> {
        let phase = phase.get_or_insert_with(|| self.begin(stream));
        let end = Instant::ORIGIN + self.end;
        let mut now = from;
        while now < end {
            let rate = self.rate(phase.on);
            let rest = phase.until.since(now);
            let least = rate * rest.as_secs_f64();
            if growth < least {
                return Some(now + Span::from_secs_f64(growth / rate).min(rest));
            }
            growth -= least;
            now = phase.until;
            *phase = self.switch(*phase, stream);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    fn bouts(on: &str, off: Option<&str>, end: Span) -> OnOff {
        OnOff {
            on: on.parse().expect("a rate"),
            off: off.map(|rate| rate.parse().expect("a rate")),
            mean_on: Span::from_secs(10),
            mean_off: Span::from_secs(50),
            end,
        }
    }

    /// Every arrival of a source, with the phase that it fell into.
    fn arrivals(of: &OnOff, owner: u64) -> Vec<(Instant, Phase)> {
        let stream = Streams::new(8, 0).stream(Purpose::Arrivals, owner);
        let (mut previous, mut phase) = (Instant::ORIGIN, None);
        let next = |number| {
            previous = of.after(previous, stream.at(number).exponential(), stream, &mut phase)?;
            Some((previous, phase.expect("one has begun")))
        };
        (0..).map_while(next).collect()
    }

    /// Counts in 6000 windows of 100 s: the mean rate is (5·10 + 0.1·50)/60, tolerance 5 % (its
    /// standard deviation is 1.1 %); variance / mean is 1 + 60.6 (1 - (1 - e^-rT)/rT) with rT = 12,
    /// tolerance 15 %.
    #[test]
    fn mean_and_dispersion_are_those_of_the_theory() {
        let of = bouts("5/s", Some("0.1/s"), Span::from_secs(600_000));
        assert!((of.mean() - 55.0 / 60.0).abs() < 1e-12, "{}", of.mean());
        let mut windows = [0.0; 6000];
        let times = arrivals(&of, 0);
        assert!(times.is_sorted_by_key(|(at, _)| *at));
        for (at, _) in times.iter().filter(|(at, _)| *at < Instant::ORIGIN + of.end) {
            windows[usize::try_from(at.as_nanos() / 100_000_000_000).expect("6000")] += 1.0;
        }
        let mean = windows.iter().sum::<f64>() / 6000.0;
        let variance = windows.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / 6000.0;
        assert!((mean / 100.0 / of.mean() - 1.0).abs() < 0.05, "{mean}");
        let expected = 1.0 + 60.6 * (1.0 - 1.0 / 12.0);
        assert!((variance / mean / expected - 1.0).abs() < 0.15, "{} {expected}", variance / mean);
    }

    /// 20 000 sources for 5 s: a sixth begin on, standard deviation 0.26 %, and the rate is the
    /// mean from the beginning on; its standard deviation is 1.4 % (clumps of up to 25), five
    /// of each allowed.
    #[test]
    fn it_begins_as_it_goes_on() {
        let of = bouts("5/s", None, Span::from_secs(5));
        let (mut began_on, mut count) = (0, 0);
        for owner in 0..20_000 {
            let stream = Streams::new(8, 0).stream(Purpose::Arrivals, owner);
            began_on += i32::from(of.begin(stream).on);
            let within = |(at, _): &&(Instant, Phase)| *at < Instant::ORIGIN + of.end;
            count += arrivals(&of, owner).iter().filter(within).count();
        }
        assert!((f64::from(began_on) / 20_000.0 - 1.0 / 6.0).abs() < 0.013, "{began_on}");
        let rate = count as f64 / 20_000.0 / 5.0;
        assert!((rate / of.mean() - 1.0).abs() < 0.07, "{rate} {}", of.mean());
    }

    #[test]
    fn states_and_arrivals_draw_from_different_numbers() {
        let of = bouts("5/s", None, Span::HOUR);
        let stream = Streams::new(8, 0).stream(Purpose::Arrivals, 0);
        let unit = |number| stream.at(number).exponential();
        let taken: Vec<Span> =
            (0..1000).flat_map(|n| [true, false].map(|on| of.length(on, unit(n)))).collect();
        let mut phase = of.begin(stream);
        for _ in 0..100 {
            let next = of.switch(phase, stream);
            assert!(!taken.contains(&next.until.since(phase.until)), "{next:?}");
            phase = next;
        }
    }

    #[test]
    fn states_do_not_depend_on_the_rates_and_nothing_arrives_while_off() {
        let end = Span::HOUR;
        let slow = arrivals(&bouts("1/s", None, end), 0);
        let quick = arrivals(&bouts("50/s", Some("20/s"), end), 0);
        assert!(slow.len() > 100 && quick.len() > 50_000);
        assert!(slow.iter().all(|(at, phase)| phase.on && *at <= phase.until));
        for (_, phase) in &slow {
            assert!(quick.iter().any(|(_, other)| other == phase), "{phase:?}");
        }
    }
}
