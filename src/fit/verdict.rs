//! What a log says of one limit: which models survive, what refutes the others, how far the answer
//! rests on the log being complete, and what holds in any case.

use super::blocks::Pair;
use super::both::{self, Both};
use super::bucket::at_least;
use super::cut::{head, in_order};
use super::days::{self, Days};
use super::model::{Model, Survivor, fit, still};
use super::ratio::Ratio;
use super::rows::{Call, Start, Status};
use super::series::Series;
use super::trust::Trust;

/// What the user vouches for.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the limit holds when the log begins.
    pub start: Start,
    /// Whether the log has every call that the limit counts. If not, that is checked, and an answer
    /// that a missing call could falsify unnoticed is not given.
    pub complete: bool,
    /// When the log's times begin \[ns since 1970\]; `None` if they are no dates, and then days of
    /// time zones are not tried.
    pub epoch: Option<i64>,
    /// The models to try.
    pub models: Vec<Model>,
    /// Models to try if none of those explains the log.
    pub further: Vec<Model>,
}

impl Default for Options {
    fn default() -> Self {
        let (models, further) = (Model::simple(), Model::further());
        Self { start: Start::Unknown, complete: false, epoch: None, models, further }
    }
}

/// What cannot be told, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unclear {
    /// Nothing was accepted: a limit of nothing explains that as well as any.
    NoAcceptances,
    /// Nothing was refused: only "at least" can be said.
    NoRefusals,
    /// Fewer than ten refusals: figures may rest on two or three of them.
    FewRefusals,
    /// No model explains the log: calls are missing, others use the limit, it changed, or there are
    /// several.
    NoModel,
    /// More than one model explains the log.
    Models,
    /// There is no upper bound of the burst or limit: the limit was never seen full after a pause.
    Capacity,
    /// There is no upper bound of the rate.
    Rate,
    /// The only model left is a bucket split over nodes, and no number of nodes is too great.
    Nodes,
    /// The log cannot show by itself that no call is missing.
    Completeness,
}

/// The verdict on one limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// How many calls: accepted, refused, unknown.
    pub counts: [usize; 3],
    /// Models that explain every decision, the simplest first.
    pub survivors: Vec<Survivor>,
    /// Models that do not, with two calls that each cannot explain.
    pub refuted: Vec<(Model, Pair)>,
    /// Models that the log lacks a column for, that the search gave up, and further ones where a
    /// simpler one survives.
    pub untried: Vec<Model>,
    /// Days of time zones that explain every decision, where no model does alone, or where a fixed
    /// window of 24 h does.
    pub days: Option<Days>,
    /// Pairs of limits that explain every decision together, where no simple model does alone.
    pub pairs: Vec<Both>,
    /// What holds though calls be missing, others use the limit or there are several: a bucket of
    /// this burst needs at least this rate \[1/s\], for the least burst that accepts every single
    /// call, powers of two, and the bursts of answers.
    pub at_least: Vec<(i64, f64)>,
    /// Why the figures can be trusted; `None` if there are none.
    pub trust: Option<Trust>,
}

impl Verdict {
    /// The one model that survives, if its figures can be trusted; see [`sole`].
    #[must_use]
    pub fn answer(&self) -> Option<&Survivor> {
        sole(&self.survivors).filter(|_| self.is_trusted())
    }

    /// The one pair of limits that explains every decision, if its figures can be trusted and both
    /// limits show.
    #[must_use]
    pub fn both(&self) -> Option<&Both> {
        let [both] = self.pairs.as_slice() else { return None };
        (self.survivors.is_empty() && self.is_trusted() && both.is_shown()).then_some(both)
    }

    /// So many calls of each status, with the models that explain them.
    pub(super) const fn of(counts: [usize; 3], survivors: Vec<Survivor>) -> Self {
        Self {
            counts,
            survivors,
            refuted: Vec::new(),
            untried: Vec::new(),
            days: None,
            pairs: Vec::new(),
            at_least: Vec::new(),
            trust: None,
        }
    }

    /// Whether one limit explains every decision.
    pub(super) const fn is_told(&self) -> bool {
        !self.survivors.is_empty() || self.days.is_some()
    }

    /// Whether the figures hold though the user does not vouch for a complete log, or does.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        self.trust.is_some_and(Trust::holds)
    }
}

/// The one model that survives. Ticks of one token beside continuous refill are the exception:
/// then continuous refill stands for both.
#[must_use]
pub fn sole(survivors: &[Survivor]) -> Option<&Survivor> {
    let (first, others) = survivors.split_first()?;
    let twin = |other: &Survivor| {
        let tokens = other.tokens() == Some((1, Some(1)));
        first.model == Model::Bucket { counts_refused: false } && tokens
    };
    others.iter().all(twin).then_some(first)
}

/// Fits every model to the calls of one limit.
#[must_use]
pub fn judge<'a>(calls: impl IntoIterator<Item = &'a Call>, options: &Options) -> Verdict {
    let calls = in_order(calls);
    let series = Series::new(calls.iter().copied());
    let mut verdict = Verdict::of(series.counts, Vec::new());
    for (place, model) in options.models.iter().chain(&options.further).enumerate() {
        if place == options.models.len() {
            verdict.days = days(&calls, &series, (&verdict.survivors, options));
        }
        let is_needless = verdict.is_told() && place >= options.models.len();
        if is_needless || series.counts[0] == 0 {
            verdict.untried.push(*model);
            continue;
        }
        match fit(*model, &calls, &series, options.start) {
            Ok(survivor) => verdict.survivors.push(survivor),
            Err(Some(pair)) => verdict.refuted.push((*model, pair)),
            Err(None) => verdict.untried.push(*model),
        }
    }
    if !verdict.is_told() && !options.further.is_empty() && series.counts[1] > 0 {
        verdict.pairs = both::find(&calls, &series, options.start);
    }
    let accepted = calls.iter().copied().filter(|call| call.status == Status::Accepted);
    verdict.at_least = rates_at_least(&Series::new(accepted), &verdict.survivors);
    let is_explained = !verdict.survivors.is_empty() || !verdict.pairs.is_empty();
    if series.counts[1] > 0 {
        verdict.trust = match options.complete {
            true => Some(Trust::Complete),
            false => is_explained.then(|| check(&calls, &verdict, options)),
        };
    }
    verdict
}

/// Days of time zones, where nothing explains the log, or windows of a day do.
fn days(
    calls: &[&Call],
    series: &Series,
    (survivors, options): (&[Survivor], &Options),
) -> Option<Days> {
    let is_daily = |left: &Survivor| {
        left.model == Model::FixedWindow && left.holds(left.capacity().0, None, Some(days::DAY))
    };
    let is_asked = survivors.is_empty() || survivors.iter().any(is_daily);
    let known = (options.epoch.filter(|_| is_asked)?, options.start, options.complete);
    days::find(calls, series, known)
}

/// The least rates of bursts that are powers of two, and of the greatest of each answer.
fn rates_at_least(accepted: &Series, survivors: &[Survivor]) -> Vec<(i64, f64)> {
    let powers = (0..).map(|n| 1i64 << n).take_while(|burst| *burst <= accepted.accepted_weight);
    let mut bursts: Vec<i64> = survivors.iter().filter_map(|left| left.capacity().1).collect();
    bursts.extend(powers);
    // A smaller bucket accepts not even one of them, at any rate.
    bursts.push(accepted.needed);
    bursts.retain(|burst| *burst >= accepted.needed);
    bursts.sort_unstable();
    bursts.dedup();
    let mut known = Ratio::ZERO;
    let mut rates: Vec<(i64, f64)> = Vec::with_capacity(bursts.len());
    for burst in bursts.into_iter().rev() {
        known = at_least(accepted, burst, known);
        rates.push((burst, known.per_second()));
    }
    rates.reverse();
    rates
}

/// Calls of which some are taken away, and how many: of models, and of pairs, which take longer.
const CHECKS: [(usize, usize); 2] = [(2048, 24), (640, 8)];

/// Whether all that explains the log would fall if a call were missing.
fn check(calls: &[&Call], verdict: &Verdict, options: &Options) -> Trust {
    let (survivors, start) = (&verdict.survivors, options.start);
    let pairs: Vec<[Model; 2]> = verdict.pairs.iter().map(Both::models).collect();
    let (most, checks) = CHECKS[usize::from(!pairs.is_empty())];
    Trust::of(&head(calls, most), checks, |left| {
        let series = Series::new(left.iter().copied());
        survivors.iter().all(|survivor| !still(survivor, left, &series, start))
            && both::find_of(&pairs, left, &series, start).is_empty()
    })
}
