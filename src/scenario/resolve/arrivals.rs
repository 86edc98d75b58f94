//! `arrivals.…`: when jobs arrive, checked.

use super::Resolver;
use super::header::Header;
use crate::catalog::Spanned;
use crate::random::Distribution;
use crate::scenario::raw::{RawArrivals, RawDistribution, RawEvery};
use crate::units::{Instant, Span};
use crate::workload::{Arrivals, Burst, Closed};
use std::ops::Range;

impl Resolver<'_> {
    pub(super) fn arrivals(&mut self, raw: &Spanned<RawArrivals>, header: &Header) -> Arrivals {
        let (place, duration) = (raw.span(), header.duration);
        match raw.get_ref() {
            RawArrivals::Burst(list) => {
                let burst = |at: Span, count| Burst { at: Instant::ORIGIN + at, count };
                let mut bursts: Vec<Burst> =
                    list.0.iter().map(|one| burst(one.at.0, one.count)).collect();
                bursts.sort_by_key(|burst| burst.at);
                let late = list.0.iter().map(|one| one.at.0).max().filter(|at| *at >= duration);
                if let Some(late) = late {
                    let message = format!("a burst at {late} comes after arrivals stop");
                    let help = format!("they stop at {duration}: raise `duration`");
                    self.no_effect(place.clone(), message, &help);
                }
                if bursts.iter().any(|burst| burst.count == 0) || bursts.is_empty() {
                    self.out_of_range(place, "a burst of nothing", "write a count of 1 or more");
                }
                Arrivals::Burst(bursts)
            }
            RawArrivals::Backlog(count) => {
                if *count == 0 {
                    self.out_of_range(place, "a backlog of nothing", "write 1 or more");
                }
                Arrivals::Burst(vec![Burst { at: Instant::ORIGIN, count: *count }])
            }
            RawArrivals::Rate(rate) => Arrivals::Constant { rate: rate.0, offset: Span::ZERO },
            RawArrivals::Poisson(rate) => Arrivals::poisson(rate.0),
            RawArrivals::Notifications(told) => Arrivals::poisson(told.rate.0),
            RawArrivals::Every(every) => self.every(every, place, duration),
            RawArrivals::Stages(stages) => self.stages(stages, place, duration),
            RawArrivals::Hourly(hourly) => self.hourly(hourly, header.start),
            RawArrivals::OnOff(on_off) => self.on_off(on_off, place, header),
            // A trace is read together with the steps that it names: see `trace`.
            RawArrivals::Trace(_) => Arrivals::Burst(Vec::new()),
            RawArrivals::Closed(closed) => {
                if closed.population == 0 {
                    self.out_of_range(place.clone(), "a population of nobody", "write 1 or more");
                }
                let think = self.distribution(&closed.think, place);
                Arrivals::Closed(Closed { population: closed.population, think })
            }
        }
    }

    fn every(&mut self, every: &RawEvery, place: Range<usize>, duration: Span) -> Arrivals {
        let span =
            |text: Option<crate::catalog::Quantity<Span>>| text.map_or(Span::ZERO, |text| text.0);
        let (period, offset) = (every.period.0, span(every.offset));
        let (jitter, spread) = (span(every.jitter), span(every.spread));
        if period.is_zero() {
            self.out_of_range(place.clone(), "a period of no time", "write \"15m\"");
        }
        if offset >= duration {
            let message = format!("an offset of {offset} comes after arrivals stop");
            let help = format!("they stop at {duration}: raise `duration`");
            self.no_effect(place.clone(), message, &help);
        }
        if jitter > period {
            let message = format!("a jitter of {jitter} is longer than the period, {period}");
            self.out_of_range(place.clone(), message, "write a jitter up to the period");
        }
        if spread > period {
            let message = format!("a spread of {spread} is longer than the period, {period}");
            self.out_of_range(place, message, "write a spread up to the period");
        }
        Arrivals::Every { period, offset, jitter: jitter.min(period), spread: spread.min(period) }
    }

    /// Measured spans, one a line: seconds, or with a unit of their own.
    fn empirical(&mut self, path: &str, place: Range<usize>) -> Distribution {
        let Some(text) = self.read_file(path, place.clone()) else {
            return Distribution::Constant(Span::ZERO);
        };
        let mut spans = Vec::new();
        for (number, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bare = line.parse::<f64>().is_ok();
            let stated: Result<Span, _> = match bare {
                true => format!("{line}s").parse(),
                false => line.parse(),
            };
            match stated {
                Ok(span) => spans.push(span),
                Err(unreadable) => {
                    let message = format!("{path}:{}: {}", number + 1, unreadable.0);
                    self.bad_file(place.clone(), message, "one span a line: 0.180, or 180ms");
                    break;
                }
            }
        }
        if spans.is_empty() {
            self.bad_file(place, format!("`{path}` holds no span"), "one a line: 0.180, or 180ms");
            return Distribution::Constant(Span::ZERO);
        }
        spans.sort();
        Distribution::Empirical(spans.into())
    }

    /// A distribution of spans, checked.
    pub(super) fn distribution(
        &mut self,
        raw: &RawDistribution,
        place: Range<usize>,
    ) -> Distribution {
        match raw {
            RawDistribution::Constant(span) => Distribution::Constant(span.0),
            RawDistribution::Exponential(mean) => Distribution::exponential(mean.0),
            RawDistribution::Uniform(uniform) => {
                let (low, high) = (uniform.low.0, uniform.high.0);
                if low > high {
                    let message = format!("low, {low}, is above high, {high}");
                    self.out_of_range(place, message, "exchange them");
                    return Distribution::Constant(high);
                }
                Distribution::Uniform { low, high }
            }
            RawDistribution::Lognormal(lognormal) => {
                let (median, p99) = (lognormal.median.0, lognormal.p99.0);
                if median.is_zero() || median > p99 {
                    let message = format!("a median of {median} with a p99 of {p99}");
                    self.out_of_range(
                        place,
                        message,
                        "the median is above 0 and not above the p99",
                    );
                    return Distribution::Constant(p99);
                }
                Distribution::lognormal(median, p99)
            }
            RawDistribution::Gamma(gamma) => {
                let sound = gamma.shape.is_finite() && (0.01..=1000.0).contains(&gamma.shape);
                if !sound || gamma.mean.0.is_zero() {
                    let message =
                        format!("a mean of {} with a shape of {}", gamma.mean.0, gamma.shape);
                    self.out_of_range(
                        place,
                        message,
                        "the mean is above 0, the shape from 0.01 to 1000",
                    );
                    return Distribution::Constant(gamma.mean.0);
                }
                let scale = gamma.mean.0.as_secs_f64() / gamma.shape;
                Distribution::Gamma { shape: gamma.shape, scale }
            }
            RawDistribution::Empirical(path) => self.empirical(path, place),
        }
    }
}
