//! A rate that changes over time in straight pieces, once or over and over.
//!
//! ```text
//!   rate │      ╱‾‾‾‾╲         arrivals are a Poisson process whose rate follows the line:
//!        │_____╱      ╲__      the next after t is where Λ(t) = ∫ rate has grown by E ~ Exp(1)
//!        └───────────────► t
//!   in a piece with rate r now and slope s:   r·d + s·d²/2 = E   ⇒   d = 2E / (r + √(r² + 2sE))
//! ```
//!
//! That form of the root subtracts nothing, so it holds for a flat piece as well, and needs only
//! what every machine computes alike. Inversion of Λ: Devroye, "Non-Uniform Random Variate
//! Generation", 1986, section VI.1.

use crate::units::{Instant, Rate, Span};

/// A length of time over which the rate is a straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// How long; not zero.
    pub length: Span,
    /// The rate at its beginning \[1/s\]; zero or more.
    pub from: f64,
    /// The rate at its end \[1/s\]; zero or more.
    pub to: f64,
}

/// Stages one after another.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Each with the instant of its end, from the beginning of the first.
    stages: Vec<(Span, Stage)>,
    /// All of them together.
    length: Span,
    /// Arrivals to be expected in all of them.
    total: f64,
    /// Where among the stages virtual time 0 is, if they come over and over.
    phase: Option<Span>,
}

impl Stage {
    const fn flat(length: Span, rate: f64) -> Self {
        Self { length, from: rate, to: rate }
    }

    /// The change of the rate \[1/s²\].
    fn slope(&self) -> f64 {
        (self.to - self.from) / self.length.as_secs_f64()
    }

    /// The rate so long after its beginning.
    fn rate(&self, into: Span) -> f64 {
        (self.from + self.slope() * into.as_secs_f64()).max(0.0)
    }

    /// Arrivals to be expected in its first `part`.
    fn expected(&self, part: Span) -> f64 {
        f64::midpoint(self.from, self.rate(part)) * part.as_secs_f64()
    }
}

impl Profile {
    /// These stages from time 0 on; after the last nothing arrives.
    ///
    /// # Panics
    /// If they last longer than 584 years together.
    #[must_use]
    pub fn once(stages: impl IntoIterator<Item = Stage>) -> Self {
        Self::new(stages, None)
    }

    /// A weight for each hour of a cycle, 24 of a day or 168 of a week, and `mean` over all of it;
    /// time 0 is at `phase` of the cycle. `None` unless the weights are numbers from 0 on, not all
    /// of them 0.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn hourly(mean: Rate, weights: &[f64], phase: Span) -> Option<Self> {
        let greatest = weights.iter().copied().fold(0.0, f64::max);
        let sound = |weight: &f64| weight.is_finite() && *weight >= 0.0;
        if greatest <= 0.0 || !weights.iter().all(sound) {
            return None;
        }
        let sum: f64 = weights.iter().map(|weight| weight / greatest).sum();
        let unit = mean.per_second_f64() * weights.len() as f64 / sum;
        let hour = |weight: &f64| Stage::flat(Span::HOUR, weight / greatest * unit);
        Some(Self::new(weights.iter().map(hour), Some(phase)))
    }

    fn new(stages: impl IntoIterator<Item = Stage>, phase: Option<Span>) -> Self {
        let mut length = Span::ZERO;
        let ended = |stage: Stage| {
            length = length + stage.length;
            (length, stage)
        };
        let stages: Vec<(Span, Stage)> = stages.into_iter().map(ended).collect();
        let total = stages.iter().map(|(_, stage)| stage.expected(stage.length)).sum();
        Self { stages, length, total, phase }
    }

    /// The stages in order.
    pub fn stages(&self) -> impl Iterator<Item = &Stage> {
        self.stages.iter().map(|(_, stage)| stage)
    }

    /// Where among the stages virtual time 0 is; `None` if they do not come again.
    #[must_use]
    pub const fn phase(&self) -> Option<Span> {
        self.phase
    }

    /// The rate over all stages together \[1/s\].
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.total / self.length.as_secs_f64()
    }

    /// Arrivals to be expected up to a time from the origin, Λ.
    #[must_use]
    pub fn expected(&self, until: Span) -> f64 {
        match self.phase {
            None => self.expected_of_stages(until),
            Some(phase) => self.expected_of_cycles(phase + until) - self.expected_of_cycles(phase),
        }
    }

    #[expect(clippy::cast_precision_loss)]
    fn expected_of_cycles(&self, until: Span) -> f64 {
        let cycles = until.as_nanos() / self.length.as_nanos();
        cycles as f64 * self.total + self.expected_of_stages(self.within(until))
    }

    fn expected_of_stages(&self, until: Span) -> f64 {
        let part = |(end, stage): &(Span, Stage)| {
            let begin = *end - stage.length;
            stage.expected(until.max(begin).min(*end) - begin)
        };
        self.stages.iter().map(part).sum()
    }

    fn within(&self, time: Span) -> Span {
        Span::from_nanos(time.as_nanos() % self.length.as_nanos())
    }

    /// The instant at which Λ has grown by `growth` since `from`. `None` if it never will.
    #[inline(never)] // Processes that need less are not to pay for it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    pub(super) fn after(&self, from: Instant, mut growth: f64) -> Option<Instant> {
        let mut now = from;
        let mut into = from.since(Instant::ORIGIN);
        if let Some(phase) = self.phase {
            // Whole cycles are skipped at once: a rare process costs no more than a busy one.
            let cycles = (growth / self.total) as u64;
            growth -= cycles as f64 * self.total;
            now += self.length.times(cycles);
            into = self.within(into + phase);
        }
        let mut number = self.stages.partition_point(|(end, _)| *end <= into);
        loop {
            let Some((end, stage)) = self.stages.get(number) else {
                self.phase?;
                (number, into) = (0, Span::ZERO);
                continue;
            };
            let rate = stage.rate(into + stage.length - *end);
            let rest = *end - into;
            let least = f64::midpoint(rate, stage.to) * rest.as_secs_f64();
            if growth < least {
                let root = (rate * rate + 2.0 * stage.slope() * growth).max(0.0).sqrt();
                let gap = Span::from_secs_f64(2.0 * growth / (rate + root));
                return Some(now + gap.min(rest));
            }
            growth -= least;
            now += rest;
            into = *end;
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    fn seconds(s: u64) -> Span {
        Span::from_secs(s)
    }

    /// Up at 1/s², on at 10/s, a pause, down again: 50 + 100 + 0 + 50 arrivals.
    fn hill(scale: f64) -> Profile {
        let stage = |s, from: f64, to: f64| Stage {
            length: seconds(s),
            from: from * scale,
            to: to * scale,
        };
        Profile::once([
            stage(10, 0.0, 10.0),
            stage(10, 10.0, 10.0),
            stage(10, 0.0, 0.0),
            stage(10, 10.0, 0.0),
        ])
    }

    fn day() -> Profile {
        let weights: Vec<f64> = (0..24).map(f64::from).collect();
        let mean = "1200/h".parse().expect("a rate");
        Profile::hourly(mean, &weights, Span::HOUR.times(22)).expect("sound weights")
    }

    /// The first arrivals, before `until`.
    fn arrivals(profile: &Profile, until: Span) -> Vec<Instant> {
        let stream = Streams::new(5, 0).stream(Purpose::Arrivals, 0);
        let mut number = 0;
        let next = |previous: &Instant| {
            number += 1;
            profile.after(*previous, stream.at(number).exponential())
        };
        let end = Instant::ORIGIN + until;
        let list = std::iter::successors(Some(Instant::ORIGIN), next).skip(1);
        list.take_while(|at| *at < end).collect()
    }

    /// Λ of the ramp is t²/2: it has grown by 8 at 4 s, by 10 more at 6 s, by 32 more at its end.
    /// From 30 s on it grows by 10t - t²/2: by 18 within 2 s.
    #[test]
    fn inversion_is_exact() {
        let at = |ms| Instant::ORIGIN + Span::from_millis(ms);
        let cases = [
            (at(0), 8.0, Some(at(4_000))),
            (at(4_000), 10.0, Some(at(6_000))),
            (at(6_000), 32.0, Some(at(10_000))),
            (at(10_000), 25.0, Some(at(12_500))),
            (at(12_500), 93.0, Some(at(32_000))),
            (at(25_000), 18.0, Some(at(32_000))),
            (at(0), 200.5, None),
            (at(40_000), 0.5, None),
            (at(50_000), 0.5, None),
        ];
        for (from, growth, expected) in cases {
            assert_eq!(hill(1.0).after(from, growth), expected, "{growth} from {from}");
        }
    }

    #[test]
    fn a_cycle_comes_again_and_whole_ones_are_skipped() {
        let at = |hours: u64, ms| Instant::ORIGIN + Span::HOUR.times(hours) + Span::from_millis(ms);
        // 28 800 arrivals a day, w/276 of them in hour w; 22 and 23 come first, 0 is empty.
        let hour = |weight: f64| 28_800.0 * weight / 276.0;
        let first = day().after(at(0, 0), hour(22.0) + hour(23.0) + hour(1.0) / 2.0);
        assert_eq!(first, Some(at(3, 1_800_000)));
        let later = day().after(at(0, 0), 28_800.0 * 70.0 + hour(22.0) / 4.0);
        assert_eq!(later, Some(at(70 * 24, 900_000)));
    }

    /// A count is Poisson distributed: five standard deviations allowed for each stage.
    #[test]
    fn each_stage_has_the_arrivals_of_its_integral() {
        let profile = hill(100.0);
        let times = arrivals(&profile, seconds(100));
        assert!(times.is_sorted());
        let mut before = 0.0;
        for quarter in 1..=8u64 {
            let (from, to) = (seconds(5 * quarter - 5), seconds(5 * quarter));
            let within = |at: &&Instant| (from..to).contains(&at.since(Instant::ORIGIN));
            let counted = times.iter().filter(within).count() as f64;
            let expected = profile.expected(to) - before;
            assert!((counted - expected).abs() <= 5.0 * expected.sqrt(), "{counted} of {expected}");
            before = profile.expected(to);
        }
        assert!((before - 20_000.0).abs() < 1e-6, "{before}");
    }

    /// Forty days; five standard deviations allowed for each hour of the day, and the mean.
    #[test]
    fn hours_share_the_day_by_their_weights() {
        let (profile, days) = (day(), 40u64);
        let times = arrivals(&profile, Span::DAY.times(days));
        assert!(times.is_sorted());
        let mut counted = [0.0; 24];
        for at in &times {
            counted[usize::try_from((at.as_nanos() / Span::HOUR.as_nanos() + 22) % 24)
                .expect("24")] += 1.0;
        }
        for (weight, counted) in (0u32..).zip(counted) {
            let expected = 28_800.0 * days as f64 * f64::from(weight) / 276.0;
            assert!((counted - expected).abs() <= 5.0 * expected.sqrt(), "{counted} of {expected}");
        }
        let expected = profile.expected(Span::DAY.times(days));
        assert!((expected - 28_800.0 * days as f64).abs() < 1e-6, "{expected}");
        assert!((times.len() as f64 - expected).abs() < 5.0 * expected.sqrt(), "{}", times.len());
    }

    #[test]
    fn weights_must_add_up_to_something() {
        let mean = "1/h".parse().expect("a rate");
        for weights in [&[][..], &[0.0], &[1.0, -1.0], &[f64::NAN, 1.0], &[f64::INFINITY]] {
            assert_eq!(Profile::hourly(mean, weights, Span::ZERO), None, "{weights:?}");
        }
        assert!(Profile::hourly(mean, &[1e308, 1e308], Span::ZERO).is_some());
    }
}
