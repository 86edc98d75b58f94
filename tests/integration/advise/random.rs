//! Random small scenarios: the advised strategy is as good as the best of an exhaustive grid of the
//! same candidates.

use super::advice;
use throttlesim::metrics::figures::{Metric, Slice};
use throttlesim::scenario::Scenario;
use throttlesim::study::{Criterion, Judgement, Study, rank};

/// The share of a figure that does not matter, as the scenarios state it.
const WORTH: f64 = 0.03;

/// A deterministic source of small numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % sides
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[usize::try_from(self.roll(all.len() as u64)).expect("small")]
    }
}

fn scenario(seed: u64) -> String {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    dice.roll(2);
    let limit = match dice.roll(3) {
        0 => format!("rule.fixed_window = {{ limit = {}, window = \"10s\" }}", 5 + dice.roll(10)),
        _ => {
            let rate = dice.one_of(&["0.5/s", "1/s", "2/s"]);
            let burst = 1 + dice.roll(12);
            format!("rule.token_bucket = {{ rate = \"{rate}\", burst = {burst} }}")
        }
    };
    let arrivals = match dice.roll(3) {
        0 => format!("arrivals.backlog = {}", 20 + dice.roll(40)),
        1 => format!("arrivals.poisson = \"{}/m\"", 10 + dice.roll(40)),
        _ => format!("arrivals.burst = [{{ at = \"10s\", count = {} }}]", 5 + dice.roll(30)),
    };
    let must =
        dice.one_of(&["", "must = [\"throttle_rate < 5%\"]\n", "must = [\"jobs.lost == 0\"]\n"]);
    let processes = 1 + dice.roll(2);
    format!(
        "schema = 1\nquestion = \"?\"\nseed = {seed}\nduration = \"3m\"\ndrain = \"20m\"\n\
         clients.processes = {processes}\n[service]\nlatency.lognormal = {{ median = \"200ms\", \
         p99 = \"1s\" }}\n[limit.l]\nscope = [\"account\"]\n{limit}\ntells = {{ status = 429, \
         retry_after = \"seconds\" }}\n[workload.w]\n{arrivals}\ncall = \"GET /x\"\n[advise]\n\
         {must}worth = \"3%\"\nmay = [\"pace\", \"workers\", \"retry\"]\nrange.\"pace.rate\" = \
         [\"90%\", \"100%\"]\nrange.\"pace.burst\" = [1, \"100%\"]\nrange.workers = [1, 4]\n\
         range.\"retry.attempts\" = [4]\n"
    )
}

/// A strategy by the means of an exhaustive grid: how far it misses what must hold, in parts of the
/// bound, then its figures in the order of the rule.
struct Measured<'a> {
    all: &'a Scenario,
    study: &'a Study,
}

impl Measured<'_> {
    /// 0 if the condition holds, otherwise the value in parts of its bound.
    fn miss(&self, strategy: usize) -> f64 {
        let own = self.study.findings.iter().filter(|found| found.strategy == strategy);
        let missed = own.map(|found| {
            let must = &self.all.expectations[found.expectation];
            match &found.judgement {
                Judgement::NoValue => f64::INFINITY,
                Judgement::Value(of) if must.comparison.holds(of.mean, must.value) => 0.0,
                Judgement::Value(of) if must.value == 0.0 => 1.0 + of.mean,
                Judgement::Value(of) => of.mean / must.value,
            }
        });
        missed.sum()
    }

    fn value(&self, strategy: usize, metric: Metric) -> f64 {
        let runs = self.study.strategies.iter().find(|runs| runs.strategy == strategy);
        let estimate = runs.and_then(|runs| runs.estimate(Slice::Whole, metric));
        estimate.map_or(f64::INFINITY, |estimate| estimate.mean)
    }
}

/// Whether the advised strategy is within what matters of the best of all candidates, each run as
/// often as the race runs the last of them. If none meets the condition, the best is the nearest
/// to it, and only among those that are as near the rest counts.
fn is_best(seed: u64) -> bool {
    let advice = advice(&scenario(seed));
    let mut all = advice.field.scenario.clone();
    all.plan.replications = throttlesim::study::MOST_RUNS;
    let study = Study::run(&all).expect("within its bounds");
    let scenario = all.clone();
    let measured = Measured { all: &scenario, study: &study };
    let entrants: Vec<usize> = advice.field.entrants.iter().map(|of| of.strategy).collect();
    let own = advice.field.entrants[advice.best].strategy;
    let least = entrants.iter().map(|of| measured.miss(*of)).fold(f64::INFINITY, f64::min);
    let entrants: Vec<usize> = match least > 0.0 {
        true if measured.miss(own) > least * (1.0 + WORTH) => return false,
        true => {
            let near = |of: &usize| measured.miss(*of) <= least * (1.0 + WORTH);
            entrants.into_iter().filter(near).collect()
        }
        false => entrants,
    };
    if least > 0.0 {
        // All of these miss the condition as little.
        all.expectations.clear();
    }
    let ranked = rank(&all, &study, &entrants);
    let best = ranked.places[0].0;
    let against = rank(&all, &study, &[own, best]);
    if ranked.place(own) == Some(1) || against.place(own) == Some(1) {
        return true;
    }
    // What tells them apart may be less than matters, where a third lies between.
    against.rule.criteria.iter().all(|criterion| match criterion {
        Criterion::Expectations => true,
        Criterion::Figure(metric, worth) => {
            let [own, best] = [own, best].map(|of| measured.value(of, *metric));
            own <= best || own - best <= worth.at(best) * 1.001
        }
    })
}

/// How many of some scenarios get the best, and those that do not.
fn share_of(seeds: impl IntoIterator<Item = u64>) -> (usize, Vec<u64>) {
    let (found, missed): (Vec<u64>, Vec<u64>) = seeds.into_iter().partition(|seed| is_best(*seed));
    (found.len(), missed)
}

/// Four of the two hundred below: each kind of limit, of work and of condition. A search that finds
/// the best in half of all scenarios would pass with a chance of 1 in 16, one that finds it in 99 %
/// with 96 %.
#[test]
fn four_random_scenarios_get_the_best_strategy() {
    let (found, missed) = share_of([3, 4, 6, 32]);
    assert_eq!(found, 4, "missed {missed:?}");
}

/// At the last measurement 199 of 200 (99.5 %): all but the one with seed 96, where a chain of ties
/// leads a little further than what matters.
#[test]
#[ignore = "minutes: two hundred scenarios"]
fn of_two_hundred_random_scenarios_at_least_95_percent_get_the_best_strategy() {
    let (found, missed) = share_of(0..200);
    println!("{found} of 200; missed {missed:?}");
    assert!(found >= 190, "{found} of 200; missed {missed:?}");
}
