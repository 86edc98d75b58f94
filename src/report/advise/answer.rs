//! The answer in sentences: what to do, how sure that is, and what each setting is worth.

use super::wording::{described, value};
use crate::metrics::figures::Metric;
use crate::report::measures::{difference, plural, verb};
use crate::report::{Report, answer, headroom, winner, words};
use crate::scenario::{Expectation, Scenario};
use crate::study::{Advice, Fact, Judgement, Runs, Verdict, rank};

/// Every sentence of an advice, the answer first.
#[must_use]
pub fn sentences(advice: &Advice) -> Vec<String> {
    let mut all = vec![first(advice)];
    all.extend(missed(advice));
    all.push(sure(advice));
    all.extend(ties(advice));
    all.extend(rivals(advice));
    all.extend(simpler(advice));
    all.extend(robust(advice));
    let runs = advice.study.strategies.iter().find(|runs| runs.strategy == advice.advised);
    let headroom = runs.and_then(|runs| headroom::sentence(&advice.scenario, runs));
    all.extend(headroom.map(|text| format!("Headroom: {text}")));
    all.push(effort(advice));
    all
}

/// The runs of the advised strategy.
pub(super) fn own(advice: &Advice) -> &Runs {
    let mut all = advice.study.strategies.iter();
    all.find(|runs| runs.strategy == advice.advised).expect("the advised strategy was run")
}

/// What to do, and what comes of it.
fn first(advice: &Advice) -> String {
    let scenario = &advice.scenario;
    let entrant = &advice.field.entrants[advice.best];
    let order = described(scenario, &entrant.candidate);
    let mut letters = order.chars();
    let order: String =
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let written = match &entrant.written {
        Some(_) => format!(" (“{}” of the scenario)", scenario.names.label(advice.advised)),
        None => String::new(),
    };
    let figures = words::list(&answer::figures(Report::new(scenario, &advice.study), own(advice)));
    let told = format!("{order}{written}: {figures}");
    let all = words::count(tried(advice));
    match advice.verdict() {
        Some(Verdict::Failed) => {
            let conditions = conditions(advice);
            let what = plural("condition", &conditions.len().to_string());
            format!(
                "No strategy of {all} meets the {what} {}; this one comes nearest. {told}.",
                words::list(&conditions)
            )
        }
        Some(Verdict::Inconclusive) => format!("{told}; the conditions are met, within chance."),
        _ => format!("{told}."),
    }
}

/// Candidates in all, also those that were not run.
fn tried(advice: &Advice) -> u64 {
    (advice.field.entrants.len() + advice.field.dropped.len()) as u64
}

/// The conditions that the advised strategy does not meet, as they were written.
fn conditions(advice: &Advice) -> Vec<String> {
    let texts = failed(advice).map(|(must, _)| format!("`{}`", must.text));
    texts.collect()
}

fn failed(advice: &Advice) -> impl Iterator<Item = (&Expectation, &Judgement)> {
    let own = advice.study.findings.iter().filter(|finding| finding.strategy == advice.advised);
    let failed = own.filter(|finding| finding.verdict == Verdict::Failed);
    failed.map(|finding| (&advice.scenario.expectations[finding.expectation], &finding.judgement))
}

/// What it reaches of a condition that it misses, and what would have to change.
fn missed(advice: &Advice) -> Vec<String> {
    let mut all: Vec<String> = failed(advice)
        .map(|(must, found)| {
            let found = match found {
                Judgement::Value(estimate) => words::of(must.metric.measure())(estimate.mean),
                Judgement::NoValue => "never reached".into(),
            };
            format!("`{}` is missed: found {found}.", must.text)
        })
        .collect();
    all.extend(advice.relief.iter().map(|relief| match &relief.value {
        Some(value) => format!(
            "What would have to change: with `{} = {value}` it meets them; beyond that it does \
             not.",
            relief.address
        ),
        None => format!(
            "What would have to change: no value of `{}` from {} to {} is enough.",
            relief.address, relief.from, relief.to
        ),
    }));
    all
}

/// How near it is to the best of all that were tried.
fn sure(advice: &Advice) -> String {
    let all = words::count(tried(advice));
    let Some(margin) = &advice.margin else {
        return format!("It is the best of {all} strategies by its means.");
    };
    let worth = margin.worth.at(margin.mean);
    let measure = margin.metric.measure();
    let noun = margin.metric.noun();
    if margin.at_most <= worth {
        return format!(
            "Sure to 95 %: in {noun} it is within {} of the best of {all} strategies, which does \
             not matter.",
            difference(measure, margin.at_most)
        );
    }
    format!(
        "On average none of {all} strategies is better by more than {}; sure to 95 %, none is \
         better by more than {} in {noun}.",
        difference(measure, worth),
        difference(measure, margin.at_most)
    )
}

/// How many others are as good.
fn ties(advice: &Advice) -> Option<String> {
    let tied = advice.tied_with();
    let own = advice.field.entrants[advice.best].candidate.size();
    let simplest = tied.iter().all(|entrant| entrant.candidate.size() >= own);
    let count = words::count(tied.len() as u64);
    let why = if simplest { "; this one has the fewest settings" } else { "" };
    match tied.len() {
        0 => None,
        1 => Some(format!("1 other strategy is as good: no difference matters{why}.")),
        _ => Some(format!("{count} other strategies are as good: no difference matters{why}.")),
    }
}

/// What one strategy does against the advised one: a sentence, or that nothing matters.
fn against(advice: &Advice, other: usize) -> Option<(bool, Fact)> {
    let ranked = rank(&advice.scenario, &advice.study, &[advice.advised, other]);
    let is_worse = ranked.places.first().is_some_and(|(first, _)| *first == advice.advised);
    ranked.lead.map(|lead| (is_worse, lead.by))
}

/// How a strategy of the scenario compares.
fn rivals(advice: &Advice) -> Option<String> {
    let written = advice.field.entrants.iter().filter(|entrant| entrant.written.is_some());
    let names: Vec<usize> = written
        .filter_map(|entrant| {
            let name = entrant.written.as_ref()?;
            let mut all = advice.scenario.names.strategies.iter();
            all.position(|(of, _)| of == name)
        })
        .filter(|strategy| *strategy != advice.advised)
        .collect();
    let first = names.first()?;
    let ranked = rank(&advice.scenario, &advice.study, &names);
    let best = ranked.places.first().map_or(*first, |(best, _)| *best);
    let label = advice.scenario.names.label(best);
    Some(match against(advice, best) {
        None => format!("The best strategy of the scenario, “{label}”, is as good."),
        Some((true, by)) => {
            format!("The best strategy of the scenario, “{label}”, {}.", told(&by, 1))
        }
        Some((false, by)) => {
            format!("Only “{label}” of the scenario is better by these runs: it {}.", told(&by, 0))
        }
    })
}

/// What a strategy does in a fact of two, by its place among them, with the other's figure.
fn told(fact: &Fact, place: usize) -> String {
    match fact {
        Fact::Expectations(judged) => {
            let of = judged[place];
            match (of.failed, of.inconclusive) {
                (0, 0) => "meets every condition".into(),
                (0, n) => format!("is in doubt in {n} of {} conditions", of.all),
                (n, _) => format!("fails {n} of {} conditions", of.all),
            }
        }
        Fact::Figure { metric, means, .. } => match (means[place], means[1 - place]) {
            (Some(own), Some(other)) => {
                let other = words::of(metric.measure())(other);
                format!("{} instead of {other}", verb(*metric, own))
            }
            (Some(own), None) => verb(*metric, own),
            (None, _) => format!("has no {}: it loses work", metric.noun()),
        },
    }
}

/// What each simplification would cost.
fn simpler(advice: &Advice) -> Vec<String> {
    let sentence = |(key, strategy): &(String, usize)| {
        let what = match against(advice, *strategy) {
            None => "the same".to_string(),
            Some((true, by)) => told(&by, 1),
            Some((false, by)) => format!("better by these runs: {}", told(&by, 0)),
        };
        format!("Without `{key}`: {what}.")
    };
    let endless = advice
        .endless
        .iter()
        .map(|key| format!("Without `{key}`: more than about 20 attempts for each request."));
    advice.simpler.iter().map(sentence).chain(endless).collect()
}

/// The worst case of the advised strategy.
fn robust(advice: &Advice) -> Option<String> {
    let robust = advice.robust.as_ref()?;
    let goal = advice.margin.as_ref().map(|margin| margin.metric)?;
    let own = robust.order.iter().position(|place| *place == advice.best)?;
    let standings = robust.circumstances.iter().zip(&robust.standings[own]);
    let worst = standings.max_by(|a, b| a.1.goal.total_cmp(&b.1.goal))?;
    let normal = advice.race.order.first();
    let changed = match normal {
        Some(normal) if *normal != advice.best => {
            let entrant = &advice.field.entrants[*normal];
            let other = described(&advice.scenario, &entrant.candidate);
            format!(" If the scenario is right, this is better: {other}.")
        }
        _ => " It is also the best if the scenario is right.".into(),
    };
    Some(format!(
        "Of {} strategies it has the best worst case: {} {} ({}).{changed}",
        robust.order.len(),
        goal.noun(),
        value(goal, worst.1.goal),
        circumstance(&advice.field.scenario, worst.0),
    ))
}

/// A circumstance in words.
pub(super) fn circumstance(scenario: &Scenario, of: &crate::study::Circumstance) -> String {
    use crate::study::Circumstance;
    match of {
        Circumstance::AsItStands => "as it stands".into(),
        Circumstance::Reading(reading, choice) => {
            let reading = &scenario.readings[*reading];
            format!("{}.{} = {}", reading.provider, reading.name, reading.choices[*choice])
        }
        Circumstance::LowerLimits => "limits 30 % lower".into(),
        Circumstance::TwiceTheWork => "twice the work".into(),
        Circumstance::OneMoreProcess => "one more process".into(),
        Circumstance::Outage(from) => format!("30 min outage at {}", words::moment(*from)),
    }
}

/// What the search took.
fn effort(advice: &Advice) -> String {
    let (run, all) = (advice.field.entrants.len() as u64, tried(advice));
    let grid = run * u64::from(crate::study::MOST_RUNS);
    let dropped = match all - run {
        0 => String::new(),
        1 => " 1 of them was not run: see the reason in the report.".into(),
        n => format!(" {} of them were not run: see the reasons in the report.", words::count(n)),
    };
    format!(
        "{} strategies were tried.{dropped} The race took {} runs; a full grid takes {}.",
        words::count(all),
        words::count(advice.race.runs),
        words::count(grid)
    )
}

/// The first goal.
pub(super) fn goal(advice: &Advice) -> Option<Metric> {
    let names = winner::criteria(&advice.rule);
    let lost = Metric::LossRate.key();
    let goal = names.iter().find(|name| *name != "expectations" && **name != lost);
    goal.and_then(|name| Metric::of_key(name))
}
