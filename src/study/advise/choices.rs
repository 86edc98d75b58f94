//! The strategies to try: every sensible value of every setting that may be chosen, each with each.
//!
//! ```text
//!   route × pace (rate × burst × shared or split) × workers × retry × batch × cache × start
//!   presets of the client × workers × pace
//! ```
//!
//! Values that the scenario does not state come from it: shares of published rates and bursts, or
//! multiples of the demand. If that makes too many, fewer values of each are tried.

use super::candidate::Candidate;
use super::error::AdviseError;
use super::facts::Facts;
use crate::scenario::{Advise, Freedom, Scenario};

/// Candidates of a scenario that states no ranges, at most.
const MOST: usize = 400;
/// Candidates at most, whatever a scenario states.
const LIMIT: usize = 5_000;

/// Settings that belong together.
type Part = Vec<(String, String)>;

/// Values of each setting, from many to few.
struct Grain {
    rates: &'static [&'static str],
    bursts: &'static [&'static str],
    workers: &'static [u32],
    times: &'static [&'static str],
}

const GRAINS: [Grain; 4] = [
    Grain {
        rates: &["50%", "70%", "80%", "90%", "95%", "100%"],
        bursts: &["1", "25%", "50%", "100%"],
        workers: &[0, 1, 2, 4, 8, 16, 32],
        times: &["1s", "5s", "20s", "1m"],
    },
    Grain {
        rates: &["70%", "80%", "90%", "95%", "100%"],
        bursts: &["1", "50%", "100%"],
        workers: &[0, 1, 2, 4, 8, 16],
        times: &["1s", "5s", "20s"],
    },
    Grain {
        rates: &["80%", "95%", "100%"],
        bursts: &["1", "50%", "100%"],
        workers: &[0, 1, 4, 16],
        times: &["5s", "20s"],
    },
    Grain {
        rates: &["80%", "95%", "100%"],
        bursts: &["1", "100%"],
        workers: &[0, 4],
        times: &["20s"],
    },
];

/// Every strategy to try, the simplest first.
///
/// # Errors
/// The ranges of the scenario make too many.
pub(super) fn choices(scenario: &Scenario, batches: bool) -> Result<Vec<Candidate>, AdviseError> {
    let made = |grain: &Grain| -> Vec<Candidate> {
        let routes = scenario.advise.routes.iter();
        routes
            .flat_map(|route| {
                let facts = Facts { scenario, route };
                Choice { facts, advise: &scenario.advise, grain, batches }.all()
            })
            .collect()
    };
    let fitting = GRAINS.iter().map(made).find(|all| all.len() <= MOST);
    let mut all = fitting.unwrap_or_else(|| made(&GRAINS[GRAINS.len() - 1]));
    if all.len() > LIMIT {
        return Err(AdviseError::TooMany { count: all.len(), most: LIMIT });
    }
    all.sort_by_key(Candidate::size);
    Ok(all)
}

/// What may be chosen on one route.
struct Choice<'a> {
    facts: Facts<'a>,
    advise: &'a Advise,
    grain: &'a Grain,
    batches: bool,
}

fn part(settings: &[(&str, &str)]) -> Part {
    settings.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect()
}

fn quoted(text: &str) -> String {
    match text.parse::<u64>() {
        Ok(number) => number.to_string(),
        Err(_) => format!("\"{text}\""),
    }
}

impl Choice<'_> {
    fn all(&self) -> Vec<Candidate> {
        let crews = self.crews();
        let (paces, retries) = (self.paces(), self.retries());
        let mut all = Vec::new();
        for pace in &paces {
            // A pace below the limit hardly ever needs another attempt.
            let few = retries.iter().filter(|(_, is_usual)| *is_usual || pace.is_empty());
            let few: Vec<Part> = few.map(|(part, _)| part.clone()).collect();
            all.extend(product(&[vec![pace.clone()], crews.clone(), few]));
        }
        for client in self.advise.clients.iter().map(|name| part(&[("preset", &quoted(name))])) {
            let paces: Vec<Part> =
                paces.iter().filter(|pace| self.is_plain(pace)).cloned().collect();
            all.extend(product(&[vec![client], paces, crews.clone()]));
        }
        let more = product(&[self.batching(), self.caches(), self.starts()]);
        let route = self.route();
        let joined = |part: &Part, more: &Part| Candidate {
            settings: route.iter().chain(part).chain(more).cloned().collect(),
        };
        all.iter().flat_map(|part| more.iter().map(|more| joined(part, more))).collect()
    }

    /// The work that the route does.
    fn route(&self) -> Part {
        let Some(list) = self.facts.route else { return Part::new() };
        let names = &self.facts.scenario.names.workloads;
        let names = list.iter().map(|place| toml::Value::from(names[usize::from(*place)].clone()));
        vec![("workloads".into(), toml::Value::Array(names.collect()).to_string())]
    }

    /// The values of a key: those that the scenario states, or others.
    fn values(&self, key: &str, otherwise: impl FnOnce() -> Vec<String>) -> Vec<String> {
        self.advise.range(key).unwrap_or_else(otherwise)
    }

    fn paces(&self) -> Vec<Part> {
        let mut paces = vec![Part::new()];
        if !self.advise.allows(Freedom::Pace) {
            return paces;
        }
        let texts = |list: &[&str]| list.iter().map(|text| quoted(text)).collect();
        let rates = self.values("pace.rate", || match self.facts.are_published() {
            true => texts(self.grain.rates),
            false => self.stated_rates(),
        });
        let bursts = self.values("pace.burst", || {
            if self.facts.are_published() && self.facts.burst() > 1 {
                return texts(self.grain.bursts);
            }
            vec!["1".into()]
        });
        for rate in &rates {
            for burst in &bursts {
                for sharing in self.sharings("pace") {
                    let mut pace = part(&[("pace.rate", rate)]);
                    if burst != "1" {
                        pace.extend(part(&[("pace.burst", burst)]));
                    }
                    pace.extend(sharing);
                    paces.push(pace);
                }
            }
        }
        paces
    }

    /// Multiples of what is asked for, where no rate is published.
    fn stated_rates(&self) -> Vec<String> {
        let Some(demand) = self.facts.demand().filter(|demand| *demand > 0.0) else {
            return Vec::new();
        };
        let rate = |factor: f64| {
            let per_second = demand * factor;
            let units = [("s", 1.0), ("m", 60.0), ("h", 3_600.0), ("d", 86_400.0)];
            let fits = units.iter().find(|(_, seconds)| per_second * seconds >= 1.0);
            let (unit, seconds) = fits.unwrap_or(&units[3]);
            let number: f64 = format!("{:.2e}", per_second * seconds).parse().unwrap_or(1.0);
            quoted(&format!("{number}/{unit}"))
        };
        [1.05, 1.25, 1.5, 2.0, 4.0].map(rate).into()
    }

    /// Who shares a pace or workers.
    fn sharings(&self, of: &str) -> Vec<Part> {
        let mut all = vec![Part::new()];
        if !self.advise.allows(Freedom::Processes) {
            return all;
        }
        let (shared, across, split) =
            (format!("{of}.shared"), format!("{of}.across"), format!("{of}.split"));
        if self.facts.processes() > 1 {
            all.push(part(&[(&shared, "true")]));
            if of == "pace" {
                all.push(part(&[(&split, "true")]));
            }
        }
        if self.facts.share_limits() {
            all.push(part(&[(&across, "\"accounts\"")]));
        }
        all
    }

    fn crews(&self) -> Vec<Part> {
        let mut crews = vec![Part::new()];
        if !self.advise.allows(Freedom::Workers) {
            return crews;
        }
        let counts = self.values("workers", || {
            let mut counts = self.grain.workers.to_vec();
            counts.extend(self.facts.concurrency());
            counts.sort_unstable();
            counts.dedup();
            counts.iter().filter(|count| **count > 0).map(u32::to_string).collect()
        });
        for count in counts.iter().filter(|count| *count != "\"unlimited\"") {
            for sharing in self.sharings("workers") {
                match sharing.is_empty() {
                    true => crews.push(part(&[("workers", count)])),
                    false => {
                        let mut crew = part(&[("workers.count", count)]);
                        crew.extend(sharing);
                        crews.push(crew);
                    }
                }
            }
        }
        crews
    }

    /// Ways to try again, and whether each is tried beside a pace too.
    fn retries(&self) -> Vec<(Part, bool)> {
        if !self.advise.allows(Freedom::Retry) {
            return vec![(Part::new(), true)];
        }
        let published = self.facts.are_published();
        let jittered = [
            ("retry.backoff.exponential.base", "\"1s\""),
            ("retry.backoff.exponential.cap", "\"1m\""),
            ("retry.backoff.exponential.jitter", "\"full\""),
        ];
        let mut waits = vec![part(&jittered)];
        if published {
            waits.insert(0, part(&[("retry.backoff", "\"restore_wait\"")]));
        }
        let told = self.facts.are_told();
        let attempts = self.values("retry.attempts", || vec!["8".into(), "\"unlimited\"".into()]);
        let mut all = Vec::new();
        for (number, attempts) in attempts.iter().enumerate() {
            for wait in &waits {
                let mut retry = part(&[("retry.attempts", attempts)]);
                retry.extend(wait.clone());
                if told {
                    retry.extend(part(&[("retry.honour_retry_after", "true")]));
                }
                all.push((retry, number == 0 || self.advise.range("retry.attempts").is_some()));
            }
        }
        if published {
            let spread = [("retry.attempts", "\"unlimited\""), ("retry.backoff", "\"window\"")];
            all.push((part(&spread), false));
        }
        all
    }

    fn batching(&self) -> Vec<Part> {
        self.times("batch.linger", self.batches && self.advise.allows(Freedom::Batch))
    }

    fn caches(&self) -> Vec<Part> {
        let mut all = self.times("cache.ttl", false);
        let allowed = self.facts.have_keys() && self.advise.allows(Freedom::Cache);
        // How old an answer may be is not known: the longer, the fewer calls.
        if allowed && all.len() == 1 {
            all.push(part(&[("cache.ttl", "\"15m\"")]));
        }
        all
    }

    fn starts(&self) -> Vec<Part> {
        let mut all = self.times("start.spread", false);
        let allowed = self.facts.start_together() && self.advise.allows(Freedom::Spread);
        all.extend(self.times("start.offset", allowed).into_iter().skip(1));
        all
    }

    /// Nothing, and each time of a key if it may help or the scenario states it.
    fn times(&self, key: &str, may_help: bool) -> Vec<Part> {
        let mut all = vec![Part::new()];
        if may_help || self.advise.range(key).is_some() {
            let times = || self.grain.times.iter().map(|time| quoted(time)).collect();
            let times = self.values(key, times);
            all.extend(times.iter().map(|time| part(&[(key, time)])));
        }
        all
    }

    /// True of a pace that is tried with presets too.
    fn is_plain(&self, pace: &Part) -> bool {
        let rate = pace.iter().find(|(key, _)| key == "pace.rate");
        let usual = ["\"95%\"", "\"100%\""];
        rate.is_none_or(|(_, rate)| usual.contains(&rate.as_str()) && pace.len() <= 2)
    }
}

/// Every way to take one part of each list.
fn product(lists: &[Vec<Part>]) -> Vec<Part> {
    lists.iter().fold(vec![Part::new()], |all, list| {
        let longer = |before: &Part| -> Vec<Part> {
            list.iter().map(|part| before.iter().chain(part).cloned().collect()).collect()
        };
        all.iter().flat_map(longer).collect()
    })
}
