//! How long clients wait before they try again, and which presets wait so.
//!
//! ```text
//!   calls of one caller that ask for the same, in order of time
//!     refused ──wait──► the same again ──► could the preset have waited so long?
//!                                          or did it give up, and this is another request?
//! ```
//!
//! Calls with the same method, address and body are taken for attempts of one request, one request
//! after the other, by one worker. Where one comes before the answer to the last has left, several
//! ask for the same at the same time, and they are left out. A preset's back-off is followed; its
//! pace, budget and guards are not.

use super::clock::Pace;
use crate::metrics::figures::ratio;
use crate::random::{Purpose, Streams};
use crate::scenario::Scenario;
use crate::scenario::presets;
use crate::strategy::{Again, Answer, Retry, View};
use crate::units::{Instant, Rate, Span};
use crate::wire::{Caller, Code, Operation, Response};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// Calls that are remembered: the first that were refused or failed, and those that followed them.
const MOST: usize = 2_000;
/// Fewer waits tell nothing.
const FEWEST: usize = 10;
/// Waits that a preset draws for each wait of a client.
const DRAWN: u64 = 64;
/// Presets are as likely as the likeliest if they are at most `e` to this times less so.
const NEAR: f64 = 3.0;
/// What may pass before another request, if a preset gave up, to weigh that beside its waits \[s\].
const ANOTHER_S: f64 = 60.0;
/// What a client, its timers and the network may add to a wait, and by how much a timer may be
/// early: a fixed time, and a share of the wait \[ppm\].
const LATE: (Span, u64) = (Span::from_millis(50), 20_000);
const EARLY: (Span, u64) = (Span::from_millis(2), 1_000);

/// A call that was answered, as far as its client's waits need it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heard {
    /// Who asked for what: the caller, the operation, and a digest of the request.
    pub of: (Caller, Operation, u64),
    /// When it came.
    pub at: Instant,
    /// When its answer left.
    pub left: Instant,
    /// The answer.
    pub response: Response,
    /// The rate that is published for the operation.
    pub published: Option<Rate>,
}

/// What was heard, up to a bound.
#[derive(Debug, Clone, Default)]
pub(super) struct Waits {
    calls: Vec<Heard>,
    /// What was refused or failed when it was asked for last.
    open: HashSet<(Caller, Operation, u64)>,
}

/// Which presets wait as clients did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Likeness {
    /// Nothing was tried again.
    Untried,
    /// So few waits between attempts were seen.
    Few(usize),
    /// These could have waited so, the likeliest first; and the waits, as that one explains them.
    Alike(Vec<String>, usize),
    /// None could: the one that explains most waits, how many it explains, and of how many.
    Nearest(String, [usize; 2]),
    /// None explains any of so many.
    Unlike(usize),
}

impl Waits {
    pub fn hear(&mut self, heard: Heard) {
        let may_follow = is_tried_again(&heard.response);
        if self.calls.len() == MOST || (self.open.is_empty() && !may_follow) {
            return;
        }
        let is_retry = match may_follow {
            true => !self.open.insert(heard.of),
            false => self.open.remove(&heard.of),
        };
        if is_retry || may_follow {
            self.calls.push(heard);
        }
    }

    /// Which presets wait so, by a clock of this pace; answers carry codes of these names.
    pub fn likeness(&self, pace: Pace, codes: &[String]) -> Likeness {
        let requests = self.requests(pace.speed());
        let pairs = requests.iter().flat_map(|calls| calls.windows(2));
        let gaps = pairs.filter(|pair| is_tried_again(&pair[0].response)).count();
        if gaps < FEWEST {
            return if gaps == 0 { Likeness::Untried } else { Likeness::Few(gaps) };
        }
        let presets = Presets::new(codes);
        let tally = |(name, retry): &(String, Retry)| {
            let mut tally = Tally::default();
            requests.iter().for_each(|calls| tally.follow(calls, retry, &presets));
            (name.clone(), tally)
        };
        let mut all: Vec<(String, Tally)> = presets.retries.iter().map(tally).collect();
        all.sort_by(|a, b| b.1.likelihood.total_cmp(&a.1.likelihood));
        let mut alike = all.iter().filter(|(_, tally)| tally.is_alike()).peekable();
        if let Some((_, likeliest)) = alike.peek() {
            let (waits, least) = (likeliest.waits(), likeliest.likelihood - NEAR);
            let near = alike.take_while(|(_, tally)| tally.likelihood >= least);
            return match waits < FEWEST {
                true => Likeness::Few(waits),
                false => Likeness::Alike(near.map(|(name, _)| name.clone()).collect(), waits),
            };
        }
        // The first of those that explain as many is the likeliest. What could make the waits, but
        // not so many of one size, is not near.
        let random = all.iter().filter(|(_, tally)| are_uniform(&tally.places));
        match random.rev().max_by_key(|(_, tally)| tally.explained) {
            Some((name, tally)) if tally.explained > 0 => {
                Likeness::Nearest(name.clone(), [tally.explained, tally.waits()])
            }
            _ => Likeness::Unlike(gaps),
        }
    }

    /// The calls that ask for the same, in the time of clients, without what several ask for at the
    /// same time.
    fn requests(&self, speed: u32) -> Vec<Vec<Heard>> {
        let mut requests: BTreeMap<_, Vec<Heard>> = BTreeMap::new();
        let slow = |at: Instant| Instant::from_nanos(at.as_nanos() / u64::from(speed));
        for heard in &self.calls {
            let (at, left) = (slow(heard.at), slow(heard.left));
            requests.entry(heard.of).or_default().push(Heard { at, left, ..*heard });
        }
        let alone = |calls: &Vec<Heard>| calls.windows(2).all(|pair| pair[1].at >= pair[0].left);
        requests.into_values().filter(alone).collect()
    }
}

/// True if a client may try again after such an answer.
fn is_tried_again(response: &Response) -> bool {
    matches!(Answer::of(response), Answer::Throttled | Answer::Failed)
}

/// How the presets try again.
struct Presets {
    retries: Vec<(String, Retry)>,
    /// For each code of an answer, that of the same name which presets go by.
    codes: Vec<Option<Code>>,
    streams: Streams,
}

impl Presets {
    fn new(codes: &[String]) -> Self {
        let mut text = String::from(
            "schema = 1\nquestion = \"?\"\n[limit.l]\nscope = [\"account\"]\n\
             rule.token_bucket = { rate = \"1/s\", burst = 1 }\n\
             [workload.w]\narrivals.backlog = 1\ncall = \"x\"\n",
        );
        // A client goes by the codes that some limit sends.
        for (number, code) in codes.iter().enumerate() {
            text += &format!(
                "[limit.sends-{number}]\nscope = []\nrule.concurrency = 1\n\
                 tells = {{ status = 429, code = {} }}\n",
                toml::Value::from(code.as_str())
            );
        }
        for preset in presets() {
            text += &format!("[strategy.{0}]\npreset = \"{0}\"\nworkers = 1\n", preset.name);
        }
        let scenario = Scenario::read("presets", &text, Path::new("")).expect("a test reads it");
        let known = |name| scenario.names.codes.iter().position(|known| known == name);
        let code = |name| Some(Code(u16::try_from(known(name)?).ok()?));
        let codes = codes.iter().map(code).collect();
        let strategies = scenario.plan.strategies.into_iter().map(|strategy| strategy.retry);
        let names = scenario.names.strategies.into_iter().map(|(name, _)| name);
        Self { retries: names.zip(strategies).collect(), codes, streams: Streams::new(0, 0) }
    }

    /// Waits that a preset may draw after a call, the shortest first; fewer than [`DRAWN`] if it
    /// may give up.
    fn drawn(&self, retry: &Retry, call: &Heard, view: &View) -> Vec<Span> {
        let code = call.response.code.and_then(|code| self.codes.get(usize::from(code.0)));
        let response = Response { code: code.copied().flatten(), ..call.response };
        let number = call.left.as_nanos() ^ u64::from(view.attempts);
        let stream = self.streams.stream(Purpose::Jitter, number);
        let again = |n| match retry.again(call.left, view, &response, &mut stream.at(n)) {
            Again::After(wait) => Some(wait),
            Again::GiveUp => None,
        };
        let mut drawn: Vec<Span> = (0..DRAWN).filter_map(again).collect();
        drawn.sort_unstable();
        drawn
    }
}

/// What a preset explains.
#[derive(Debug, Default)]
struct Tally {
    /// Waits that it could have waited.
    explained: usize,
    /// Waits that it could not.
    others: usize,
    /// The logarithm of how likely the waits are: each is as likely as the others that the preset
    /// may wait in its place.
    likelihood: f64,
    /// Where waits are among those that it draws: 0 is the shortest, 1 the longest.
    places: Vec<f64>,
}

impl Tally {
    /// Follows the calls that ask for the same, with the preset in the place of the client.
    fn follow(&mut self, calls: &[Heard], retry: &Retry, presets: &Presets) {
        let mut request = None;
        for pair in calls.windows(2) {
            let call = pair[0];
            let mut view = request.take().unwrap_or(View {
                operation: call.of.1,
                published: call.published,
                told: None,
                since: call.at,
                attempts: 0,
                delay: Span::ZERO,
                waited: Span::ZERO,
            });
            view.attempts += 1;
            view.told = call.response.rate_limit.or(view.told);
            if !is_tried_again(&call.response) {
                continue;
            }
            let drawn = presets.drawn(retry, &call, &view);
            let wait = pair[1].at.since(call.left);
            let Some((least, most)) = drawn.first().zip(drawn.last()) else {
                self.likelihood -= ANOTHER_S.ln();
                continue;
            };
            // The extremes of what is drawn are not quite those of what may be drawn.
            let beyond = (*most - *least).divided_by(DRAWN / 4);
            let is_early = wait + beyond + slack(EARLY, *least) < *least;
            let is_late = wait > *most + beyond + slack(LATE, *most);
            let is_explained = !is_early && !is_late;
            let may_end = (drawn.len() as u64) < DRAWN;
            if is_explained {
                self.explained += 1;
                self.likelihood -= (*most - *least + slack(LATE, *most)).as_secs_f64().ln();
                // Where it may be anywhere, and how late it is does not matter.
                if (*most - *least).divided_by(10) >= slack(LATE, *most) {
                    self.places.push(place(&drawn, wait));
                }
            } else {
                self.likelihood -= ANOTHER_S.ln();
                self.others += usize::from(!may_end);
            }
            // Otherwise the next call begins another request.
            if is_explained || !may_end {
                view.delay = wait;
                view.waited = view.waited + wait;
                request = Some(view);
            }
        }
    }

    /// Waits between attempts, if the preset was the client.
    const fn waits(&self) -> usize {
        self.explained + self.others
    }

    /// True if the preset could have been the client: at most one wait in twenty is another, and
    /// random ones are neither all short or long, nor all the same.
    fn is_alike(&self) -> bool {
        self.explained > 0 && self.others * 20 <= self.waits() && are_uniform(&self.places)
    }
}

fn slack((fixed, ppm): (Span, u64), wait: Span) -> Span {
    fixed + Span::from_nanos(wait.as_nanos() / 1_000_000 * ppm)
}

/// Where a wait is among those drawn, from 0 to 1.
fn place(drawn: &[Span], wait: Span) -> f64 {
    let (less, more) =
        (drawn.partition_point(|of| *of < wait), drawn.partition_point(|of| *of <= wait));
    ratio((less + more) as u64, 2 * drawn.len() as u64).unwrap_or(0.5)
}

/// True if places could be uniform: mean and variance are within five deviations of 1/2 and 1/12.
fn are_uniform(places: &[f64]) -> bool {
    let count = places.len() as f64;
    if places.len() < FEWEST {
        return true;
    }
    let mean = places.iter().sum::<f64>() / count;
    let variance = places.iter().map(|place| (place - mean).powi(2)).sum::<f64>() / count;
    // The mean of n uniforms has the variance 1/12n, and their variance about (1/80 - 1/144)/n.
    let (of_mean, of_variance) = ((1.0 / 12.0 / count).sqrt(), (1.0 / 180.0 / count).sqrt());
    (mean - 0.5).abs() <= 5.0 * of_mean && (variance - 1.0 / 12.0).abs() <= 5.0 * of_variance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_compared() {
        let all = Presets::new(&["SlowDown".into(), "Unheard".into()]);
        assert_eq!(all.retries.len(), presets().len());
        let is_there = |name| all.retries.iter().any(|(other, _)| other == name);
        assert!(presets().iter().all(|preset| is_there(preset.name)));
        let retry = all.retries.iter().find(|(name, _)| name == "botocore_2026").map(|(_, of)| of);
        let is_worth = |code| {
            let response = Response { code, ..Response::bare(crate::wire::Status::BAD_REQUEST) };
            retry.is_some_and(|retry| retry.is_worth(&response))
        };
        assert!(is_worth(all.codes[0]) && !is_worth(all.codes[1]) && all.codes[1].is_some());
    }

    /// Two workers that ask for the same: the second asks before the first has its answer.
    #[test]
    fn waits_of_several_at_the_same_time_are_left_out() {
        let heard = |at, left| Heard {
            of: (Caller::default(), Operation(0), 0),
            at: Instant::ORIGIN + Span::from_secs(at),
            left: Instant::ORIGIN + Span::from_secs(left),
            response: Response::bare(crate::wire::Status::TOO_MANY_REQUESTS),
            published: None,
        };
        let mut waits = Waits::default();
        (0..20).for_each(|n| waits.hear(heard(2 * n, 2 * n + 1)));
        assert_ne!(waits.likeness(Pace::ByHand, &[]), Likeness::Untried);
        waits.hear(heard(40, 43));
        waits.hear(heard(42, 44));
        assert_eq!(waits.likeness(Pace::ByHand, &[]), Likeness::Untried);
    }
}
