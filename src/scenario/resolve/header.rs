//! The header and `[clients]`: what is asked, for how long, and of how many.

use super::Resolver;
use crate::catalog::Quantity;
use crate::limiter::Population;
use crate::scenario::raw::{RawSkew, ReplicationsText};
use crate::scenario::text::{place, value};
use crate::scenario::{Until, precision};
use crate::simulation::Skew;
use crate::units::Span;
use crate::workload::{Per, Workload};

/// The header, with every default filled in.
pub(super) struct Header {
    pub question: String,
    pub start: Option<i64>,
    pub duration: Span,
    pub drain: Span,
    pub warm_up: Span,
    pub seed: u64,
    pub replications: u32,
    pub until: Option<Until>,
}

const MOST_REPLICATIONS: i64 = 10_000;
/// Replications beyond which a figure is given up that is not yet known well enough.
const AT_MOST: i64 = 400;

/// Turns in a rota at most.
const LONGEST_ROTA: u64 = 1_000_000;

impl Resolver<'_> {
    pub(super) fn header(&mut self) -> Header {
        let raw = &self.raw;
        let schema = raw.schema.clone();
        let question = raw.question.as_ref().map(|question| question.get_ref().clone());
        let duration = raw.duration.clone();
        let drain = value(raw.drain.as_ref());
        let seed = value(raw.seed.as_ref()).unwrap_or(42);
        let warm_up = raw.warm_up.clone();
        match schema {
            None => self.missing(None, "`schema`", "begin the file with `schema = 1`"),
            Some(schema) if *schema.get_ref() != 1 => self.unknown(
                (&schema.get_ref().to_string(), schema.span()),
                format!("schema {} is not known to this version", schema.get_ref()),
                "write `schema = 1`",
            ),
            Some(_) => {}
        }
        if question.as_ref().is_none_or(|question| question.trim().is_empty()) {
            let help = "say what you want to know: question = \"Can we sync 40,000 orders?\"";
            self.missing(None, "`question`", help);
        }
        if let Some(duration) = duration.as_ref().filter(|d| d.get_ref().0.is_zero()) {
            self.out_of_range(duration.span(), "a run of no time", "write \"1h\" or more");
        }
        let (arriving, draining) = (
            duration.as_ref().map_or(Span::HOUR, |duration| duration.get_ref().0),
            drain.map_or(Span::DAY, |Quantity(drain)| drain),
        );
        if arriving + draining > Span::LONGEST {
            let message = format!("a run of {arriving} and {draining} to drain");
            let place = place(duration.as_ref(), 0..0);
            self.out_of_range(place, message, &format!("together {} at most", Span::LONGEST));
        }
        if let Some(long) = warm_up.as_ref().filter(|span| span.get_ref().0 >= arriving) {
            let message = format!("nothing arrives after a warm-up of {}", long.get_ref().0);
            self.no_effect(
                long.span(),
                message,
                &format!("write less than the {arriving} of the run"),
            );
        }
        let (replications, until) = self.replications();
        Header {
            question: question.unwrap_or_default(),
            start: self.start(),
            duration: arriving,
            drain: draining,
            warm_up: warm_up.map_or(Span::ZERO, |span| span.get_ref().0),
            seed,
            replications,
            until,
        }
    }

    /// How many replications there are, or are at most.
    fn replications(&mut self) -> (u32, Option<Until>) {
        let Some(raw) = self.raw.replications.clone() else { return (1, None) };
        let (number, until) = match raw.get_ref() {
            ReplicationsText::Number(number) => (*number, None),
            ReplicationsText::Until(until) => {
                (until.at_most.unwrap_or(AT_MOST), Some(until.until.clone()))
            }
        };
        if !(1..=MOST_REPLICATIONS).contains(&number) {
            let message = format!("{number} replications");
            self.out_of_range(raw.span(), message, &format!("write 1 to {MOST_REPLICATIONS}"));
        }
        let number = u32::try_from(number.clamp(1, MOST_REPLICATIONS)).unwrap_or(1);
        let until = until.and_then(|text| match precision::read(&text) {
            Ok((metric, width)) => Some(Until { text, metric, width, at_most: number }),
            Err(mistake) => {
                self.mistaken(raw.span(), &mistake);
                None
            }
        });
        (number, until)
    }

    /// What virtual time 0 is on the calendar \[s since 1970, UTC\].
    fn start(&mut self) -> Option<i64> {
        let start = self.raw.start.clone()?;
        let text = start.get_ref().to_string();
        let civil = || {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        };
        let found = text.parse::<jiff::Timestamp>().ok().or_else(civil);
        if found.is_none() {
            let message = format!("{text} is no day or instant of the calendar");
            self.malformed(start.span(), message, "write 2026-11-27 or 2026-11-27T22:00:00Z");
        }
        if found.is_some_and(|found| found.subsec_nanosecond() != 0) {
            let message = format!("{text} is between two seconds");
            self.out_of_range(start.span(), message, "start on a whole second");
        }
        found.map(jiff::Timestamp::as_second)
    }

    pub(super) fn population(&mut self) -> (Population, u32) {
        let clients = self.raw.clients.clone();
        let mut count = |raw: Option<&crate::catalog::Spanned<i64>>, what: &str| {
            let Some(raw) = raw else { return 1 };
            let number = *raw.get_ref();
            let fits = u32::try_from(number).ok().filter(|number| *number >= 1);
            fits.unwrap_or_else(|| {
                let message = format!("{number} {what}");
                self.out_of_range(raw.span(), message, "write 1 or more, up to 4294967295");
                1
            })
        };
        let accounts = count(clients.accounts.as_ref(), "accounts");
        let applications = count(clients.applications.as_ref(), "applications");
        let processes = count(clients.processes.as_ref(), "processes");
        let regions = clients.regions.as_ref().map_or(Vec::new(), |r| r.get_ref().clone());
        if let Some(list) = &clients.regions {
            self.once_each(list.get_ref().iter().map(|name| (name, list.span())));
        }
        if let Some(regions) = clients.regions.filter(|list| list.get_ref().is_empty()) {
            self.incomplete(regions.span(), "no region at all", "leave `regions` out, or name one");
        }
        self.names.regions = if regions.is_empty() { vec!["default".into()] } else { regions };
        let regions = u32::try_from(self.names.regions.len()).unwrap_or(1);
        (Population { applications, accounts, regions, processes, keys: 1 }, processes)
    }

    /// The order in which processes are dealt jobs: in turn, or by weights, the last of which is
    /// that of all processes that follow. Those of a greater weight come evenly between the others.
    pub(super) fn rota(&mut self, processes: u32) -> Vec<u32> {
        if u64::from(processes) > LONGEST_ROTA {
            let message = format!("{processes} processes for each account");
            let help = format!("write up to {LONGEST_ROTA}");
            let place =
                self.raw.clients.processes.as_ref().map_or(0..0, crate::catalog::Spanned::span);
            self.out_of_range(place, message, &help);
            return vec![0];
        }
        let in_turn = || (0..processes).collect();
        let Some(raw) = self.raw.clients.process_weights.clone() else { return in_turn() };
        let mut weights = raw.get_ref().clone();
        let last = weights.last().copied();
        let (Some(last), Ok(number)) = (last, usize::try_from(processes)) else {
            self.incomplete(raw.span(), "no weight at all", "write process_weights = [5, 1]");
            return in_turn();
        };
        if weights.len() > number {
            let message = format!("{} weights for {processes} processes", weights.len());
            self.out_of_range(raw.span(), message, "write one a process at most");
            return in_turn();
        }
        weights.resize(number, last);
        let sum: u64 = weights.iter().copied().map(u64::from).sum();
        if sum == 0 || sum > LONGEST_ROTA {
            let message = format!("weights of {sum} in all");
            let help = format!("write 1 to {LONGEST_ROTA} in all: only their proportions count");
            self.out_of_range(raw.span(), message, &help);
            return in_turn();
        }
        smooth(&weights, sum)
    }

    /// How unequal the accounts are that one stream of work is dealt to.
    pub(super) fn skew(&mut self, population: Population, workloads: &[Workload]) -> Skew {
        let Some(raw) = self.raw.clients.skew.clone() else { return Skew::Equal };
        if workloads.iter().all(|workload| workload.per == Per::Account) {
            let help = "write per = \"scenario\" in a workload: its one stream is dealt by weight";
            self.no_effect(raw.span(), "no workload is dealt to the accounts", help);
        }
        let accounts = population.accounts;
        match raw.get_ref() {
            RawSkew::Zipf(s) if (0.0..=10.0).contains(s) => match self.problems.is_empty() {
                true => Skew::zipf(accounts, *s),
                // Too many accounts, perhaps: nothing is drawn from what is refused.
                false => Skew::Equal,
            },
            RawSkew::Zipf(s) => {
                let message = format!("an exponent of {s}");
                self.out_of_range(raw.span(), message, "write 0 (all alike) to 10");
                Skew::Equal
            }
            RawSkew::Weights(weights) => {
                let sound = |weight: &f64| weight.is_finite() && *weight >= 0.0;
                if weights.len() != accounts as usize {
                    let message = format!("{} weights for {accounts} accounts", weights.len());
                    self.out_of_range(raw.span(), message, "write one for each account");
                } else if !weights.iter().all(sound) || weights.iter().sum::<f64>() <= 0.0 {
                    let message = "weights that do not add up to anything";
                    self.out_of_range(
                        raw.span(),
                        message,
                        "write numbers from 0, not all of them 0",
                    );
                }
                Skew::Weights(weights.clone())
            }
        }
    }
}

/// So many turns, in which each gets as many as its weight, as evenly as whole turns allow: each in
/// the middle of its own equal parts of the whole, the first among equals.
fn smooth(weights: &[u32], sum: u64) -> Vec<u32> {
    let mut order: Vec<(u128, u32)> = Vec::new();
    for (process, weight) in (0u32..).zip(weights) {
        // The middle of the k-th of `weight` equal parts of the whole, in parts of 2·weight.
        let part = u128::from(u64::MAX) / u128::from((*weight).max(1)) / 2;
        order.extend((0..u128::from(*weight)).map(|k| ((2 * k + 1) * part, process)));
    }
    order.sort_unstable();
    debug_assert_eq!(order.len() as u64, sum);
    order.into_iter().map(|(_, process)| process).collect()
}
