//! `[service]`: how an admitted call is answered.

use super::Resolver;
use super::providers::ResolvedProvider;
use super::retry::SHORTEST;
use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::random::Distribution;
use crate::scenario::raw::{RawArrivals, RawService};
use crate::scenario::text::{Fraction, value};
use crate::simulation::{Cause, Earning, Episode, Service, Trouble};
use crate::units::{Instant, Share, Span};
use crate::wire::Status;

impl Resolver<'_> {
    /// One for each provider: its own, or the scenario's `[service]`.
    pub(super) fn read_services(&mut self) -> Vec<Service> {
        let common = self.raw.service.clone();
        let raw: Vec<(RawService, Option<Earning>)> = (self.providers.iter())
            .map(|provider| {
                let own = provider.raw.service.clone();
                (own.unwrap_or_else(|| common.clone()), earning(provider))
            })
            .collect();
        let mut services = Vec::new();
        let silent = |(raw, _): &(RawService, _)| raw.latency.is_none();
        if raw.iter().any(silent) {
            let guess = "answers take no time: no `latency` is given in [service]";
            self.assume(guess);
        }
        for (raw, earning) in raw {
            services.push(Service { earning, ..self.read_service(&raw) });
        }
        services
    }

    fn read_service(&mut self, raw: &RawService) -> Service {
        let latency = match &raw.latency {
            Some(latency) => self.distribution(latency.get_ref(), latency.span()),
            None => Distribution::Constant(Span::ZERO),
        };
        let round_trip = match &raw.round_trip {
            Some(trip) => self.distribution(&trip.get_ref().0, trip.span()),
            None => Distribution::Constant(Span::ZERO),
        };
        let ppm = |fraction: Option<&Spanned<Fraction>>| {
            value(fraction).map_or(0, |Fraction(share)| share.ppm())
        };
        let header = value(raw.header_probability.as_ref());
        let transient = ppm(raw.transient_throttle_probability.as_ref());
        Service {
            latency,
            round_trip,
            failure_ppm: ppm(raw.failure_rate.as_ref()),
            bad_request_ppm: ppm(raw.bad_request_rate.as_ref()),
            header_ppm: header.map_or(Share::WHOLE, |Fraction(share)| share).ppm(),
            header_staleness: value(raw.header_staleness.as_ref())
                .map_or(Span::ZERO, |Quantity(span)| span),
            transient: (transient > 0).then(|| (transient, self.transient_cause())),
            earning: None,
            episodes: self.episodes(raw),
        }
    }

    /// A closed population that does not think would never let time pass once it is refused, or
    /// has nothing to ask for.
    pub(super) fn check_closed(&mut self) {
        for (_, workload) in self.raw.workload.clone() {
            let Some(arrivals) = &workload.arrivals else { continue };
            let RawArrivals::Closed(closed) = arrivals.get_ref() else { continue };
            let think = self.distribution(&closed.think, arrivals.span());
            if think.mean() < SHORTEST.as_secs_f64() {
                let message = "callers that do not think would never let time pass";
                self.contradiction(arrivals.span(), message, "write a `think` of 1 ms or more");
            }
        }
    }

    fn episodes(&mut self, raw: &RawService) -> Vec<Episode> {
        let outages = raw.outages.as_ref().map(Spanned::get_ref).into_iter().flatten();
        let outages = outages.map(|outage| (outage.at, outage.lasts, Trouble::Outage));
        let mut episodes: Vec<Episode> = outages.map(episode).collect();
        let end = self.horizon();
        let late = |at: Quantity<Span>| at.0 >= end;
        let places = [
            raw.outages
                .as_ref()
                .filter(|o| o.get_ref().iter().any(|o| late(o.at)))
                .map(Spanned::span),
            raw.brown_outs
                .as_ref()
                .filter(|b| b.get_ref().iter().any(|b| late(b.at)))
                .map(Spanned::span),
        ];
        for place in places.into_iter().flatten() {
            let help = format!("the run and its drain are over at {end}");
            self.no_effect(place, "trouble that comes after the end", &help);
        }
        let brief = |lasts: Quantity<Span>| lasts.0.is_zero();
        let outages = raw.outages.as_ref();
        let outages = outages.filter(|list| list.get_ref().iter().any(|of| brief(of.lasts)));
        let brown_outs = raw.brown_outs.as_ref();
        let brown_outs = brown_outs.filter(|list| list.get_ref().iter().any(|of| brief(of.lasts)));
        let brief = outages.map(Spanned::span).into_iter().chain(brown_outs.map(Spanned::span));
        for place in brief {
            self.out_of_range(
                place,
                "trouble that lasts no time",
                "write for = \"10m\", for example",
            );
        }
        let Some(brown_outs) = &raw.brown_outs else { return episodes };
        for brown_out in brown_outs.get_ref() {
            let slower = brown_out.slower.unwrap_or(1.0);
            if !(1.0..=1000.0).contains(&slower) {
                let message = format!("a latency {slower} times as long");
                self.out_of_range(brown_outs.span(), message, "write slower = 1 to 1000");
            }
            if brown_out.slower.is_none() && brown_out.failure_rate.is_none() {
                let message = "a brown-out in which nothing is slower and nothing fails";
                self.no_effect(
                    brown_outs.span(),
                    message,
                    "write slower = 5, or failure_rate = \"20%\"",
                );
            }
            let failure = brown_out.failure_rate.map_or(0, |Fraction(share)| share.ppm());
            let trouble = Trouble::BrownOut { slower, failure_ppm: failure };
            episodes.push(episode((brown_out.at, brown_out.lasts, trouble)));
        }
        episodes
    }

    fn transient_cause(&mut self) -> u16 {
        let status = Status::TOO_MANY_REQUESTS;
        self.new_cause("transient", Cause { status, code: None, retry_after: None })
    }
}

/// The revenue that calls themselves earn.
fn earning(provider: &ResolvedProvider) -> Option<Earning> {
    let earning = provider.raw.revenue.as_ref()?.earning.as_ref()?;
    Some(Earning { ppm: earning.chance.0.ppm(), amount: earning.amount.0 })
}

fn episode((at, lasts, trouble): (Quantity<Span>, Quantity<Span>, Trouble)) -> Episode {
    let from = Instant::ORIGIN + at.0;
    Episode { from, to: from + lasts.0, trouble }
}
