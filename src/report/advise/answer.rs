//! The answer in sentences: what to do, how sure that is, and what each setting is worth.

use super::wording::described;
use crate::metrics::figures::Metric;
use crate::report::measures::{difference, verb};
use crate::report::{Report, answer, headroom, verdicts, winner, words};
use crate::scenario::{Expectation, Scenario};
use crate::study::{Advice, Criterion, Fact, Judgement, Runs, Standing, Verdict, rank};

/// Every sentence of an advice, the answer first.
#[must_use]
pub fn sentences(advice: &Advice) -> Vec<String> {
    let mut all = vec![first(advice)];
    all.extend(missed(advice));
    all.extend(unfinished(advice));
    all.extend(routes(advice));
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
    let average = answer::average(&advice.study);
    let told = format!("{order}{written}: {average}{figures}");
    match advice.verdict() {
        Some(Verdict::Failed) => {
            let conditions = conditions(advice, Verdict::Failed);
            let what = words::plural("condition", &conditions.len().to_string());
            let none = format!(
                "No strategy of {} meets the {what} {}; this one comes nearest",
                words::count(advice.field.entrants.len() as u64),
                words::list(&conditions)
            );
            match another_holds(advice) {
                false => format!("{none}. {told}."),
                true => format!("{told}; it misses the {what} {}.", words::list(&conditions)),
            }
        }
        Some(Verdict::Inconclusive) => {
            let doubtful = words::list(&conditions(advice, Verdict::Inconclusive));
            format!("{told}; these runs do not tell whether it meets {doubtful}.")
        }
        _ => format!("{told}."),
    }
}

/// True if a strategy meets all conditions as things stand and another has the best worst case.
fn another_holds(advice: &Advice) -> bool {
    let as_it_stands = advice.robust.standings.iter().filter_map(|standings| standings.first());
    advice.robust.is_compared && { as_it_stands }.any(|standing| standing.holds)
}

/// The conditions of the advised strategy with this verdict, as they were written.
fn conditions(advice: &Advice, verdict: Verdict) -> Vec<String> {
    judged(advice, verdict).map(|(must, _)| format!("`{}`", must.text)).collect()
}

fn judged(advice: &Advice, verdict: Verdict) -> impl Iterator<Item = (&Expectation, &Judgement)> {
    let own = advice.study.findings.iter().filter(|finding| finding.strategy == advice.advised);
    let judged = own.filter(move |finding| finding.verdict == verdict);
    judged.map(|finding| (&advice.scenario.expectations[finding.expectation], &finding.judgement))
}

/// What it reaches of a condition that it misses, and what would have to change.
fn missed(advice: &Advice) -> Vec<String> {
    let mut all: Vec<String> = judged(advice, Verdict::Failed)
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

/// What is met although work is left.
fn unfinished(advice: &Advice) -> Vec<String> {
    let runs = [own(advice)];
    verdicts::unfinished(&advice.scenario, runs.into_iter(), &advice.study.findings)
}

/// That the lists of the strategies are taken as alternatives.
fn routes(advice: &Advice) -> Option<String> {
    let advise = &advice.scenario.advise;
    let are_taken = !advise.routes_are_stated && advise.routes.len() > 1;
    are_taken.then(|| {
        "One of the lists in `workloads` is taken to be enough: if they are different work, name \
         what is to be done in `[advise] routes`."
            .into()
    })
}

/// How near it is to the best of all that ran and do as well before the first goal.
fn sure(advice: &Advice) -> String {
    let Some(margin) = &advice.margin else {
        return "By the means it is the best of all that were run.".into();
    };
    let measure = margin.metric.measure();
    let size = |size: f64| difference(measure, size);
    let worth = margin.worth.at(margin.mean);
    let (noun, of) = (margin.metric.noun(), words::count(margin.of as u64));
    let near = match (margin.of, margin.at_most) {
        (1, _) if margin.behind == 0 => "No other strategy came to an end.".into(),
        (1, _) => "By the means no other strategy does as well.".into(),
        (_, Some(most)) if most <= worth => format!(
            "With 95 % confidence it is within {} of the best of {of} strategies, in {noun}: that \
             does not matter.",
            size(most)
        ),
        (_, most) => {
            let bound = match most {
                Some(most) => {
                    format!("with 95 % confidence none is better by more than {}", size(most))
                }
                None => "one run does not tell how sure that is".into(),
            };
            let by_means = match margin.by_means <= worth {
                true => format!("none of {of} strategies is better by more than {}", size(worth)),
                false => {
                    format!("the best of {of} strategies is better by {}", size(margin.by_means))
                }
            };
            format!("By the means {by_means} in {noun}; {bound}.")
        }
    };
    let before = words::list(&before(advice, margin.metric));
    match margin.behind {
        0 => near,
        1 => format!("{near} 1 other does worse in {before}."),
        n => format!("{near} {} others do worse in {before}.", words::count(n as u64)),
    }
}

/// What is looked at before a metric.
fn before(advice: &Advice, metric: Metric) -> Vec<String> {
    let is_it = |of: &Criterion| matches!(of, Criterion::Figure(of, _) if *of == metric);
    let before = advice.rule.criteria.iter().take_while(|of| !is_it(of));
    let name = |of: &Criterion| match of {
        Criterion::Expectations => "the conditions".into(),
        Criterion::Figure(metric, _) => metric.noun(),
    };
    before.map(name).collect()
}

/// How many others are as good.
fn ties(advice: &Advice) -> Option<String> {
    let tied = advice.tied_with();
    let own = advice.field.entrants[advice.best].candidate.size();
    let simplest = tied.iter().all(|entrant| entrant.candidate.size() >= own);
    let why = if simplest { "; none of them has fewer settings" } else { "" };
    let as_good = match tied.len() {
        0 => return None,
        1 => "1 other strategy is".into(),
        n => format!("{} other strategies are", words::count(n as u64)),
    };
    Some(format!("{as_good} as good by the means: no difference matters{why}."))
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
            format!("“{label}” of the scenario is better by these runs: it {}.", told(&by, 0))
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
                let [shown, its] = [own, other].map(words::of(metric.measure()));
                let by = difference(metric.measure(), own - other);
                match shown == its {
                    true => format!("{}, a difference of {by}", verb(*metric, own)),
                    false => format!("{} instead of {its}", verb(*metric, own)),
                }
            }
            (Some(own), None) => verb(*metric, own),
            (None, _) => "loses work".into(),
        },
    }
}

/// What each simplification would cost.
fn simpler(advice: &Advice) -> Vec<String> {
    let sentence = |(key, strategy): &(String, usize)| {
        let what = match against(advice, *strategy) {
            None if advice.robust.is_compared => "the same as things stand".to_string(),
            None => "the same".to_string(),
            Some((true, by)) => told(&by, 1),
            Some((false, by)) => format!("better by these runs: {}", told(&by, 0)),
        };
        format!("Without `{key}`: {what}.")
    };
    let endless = advice
        .endless
        .iter()
        .map(|key| format!("Without `{key}`: more than about 10 attempts for each request."));
    advice.simpler.iter().map(sentence).chain(endless).collect()
}

/// The worst case of the advised strategy.
fn robust(advice: &Advice) -> Option<String> {
    let robust = &advice.robust;
    let goal = goal(advice)?;
    let own = robust.order.iter().position(|place| *place == advice.best)?;
    let standings = robust.circumstances.iter().zip(&robust.standings[own]);
    let lost = |of: &Standing| of.lost.unwrap_or(0.0);
    let worst = standings.max_by(|(_, a), (_, b)| {
        (b.holds.cmp(&a.holds)).then(lost(a).total_cmp(&lost(b))).then(a.goal.total_cmp(&b.goal))
    })?;
    let (at, of) = (circumstance(&advice.field.scenario, worst.0), worst.1);
    let ends = |cost: f64| verb(goal, if goal.more_is_better() { -cost } else { cost });
    let lost = (lost(of) > 0.0).then(|| verb(Metric::LossRate, lost(of)));
    // Where too much is lost, nothing can be said of the goal.
    let never = || lost.is_none().then(|| format!("never reaches a {}", goal.noun()));
    let end = if of.goal.is_finite() { Some(ends(of.goal)) } else { never() };
    let missed = (!of.holds).then(|| "misses a condition".to_string());
    let verbs: Vec<String> = lost.iter().cloned().chain(end).chain(missed).collect();
    let told = format!("it {}", words::list(&verbs));
    if !robust.is_compared {
        return Some(format!(
            "If the world is not as expected, its worst case is {at}: {told}; `--robust` looks \
             for a strategy with a better one."
        ));
    }
    let changed = match advice.race.order.first() {
        Some(normal) if *normal != advice.best => {
            let entrant = &advice.field.entrants[*normal];
            let other = described(&advice.scenario, &entrant.candidate);
            format!(" If the scenario is right, this is better: {other}.")
        }
        _ => " It is also the best if the scenario is right.".into(),
    };
    let count = robust.order.len();
    Some(format!("Of {count} strategies it has the best worst case, {at}: {told}.{changed}"))
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
    let (run, dropped) = (advice.field.entrants.len() as u64, advice.field.dropped.len());
    let grid = run * u64::from(crate::study::MOST_RUNS);
    let shared = match advice.race.shared {
        0 => String::new(),
        n => format!(", and {} more are equal to one of these", words::count(n)),
    };
    let dropped = match dropped {
        0 => String::new(),
        1 => " 1 more needed no run: see the reason in the report.".into(),
        n => format!(
            " {} more needed no run: see the reasons in the report.",
            words::count(n as u64)
        ),
    };
    format!(
        "{} strategies were run.{dropped} The search simulated {} runs{shared}; a full grid takes \
         {}. The tables took {} more.",
        words::count(run),
        words::count(advice.race.runs),
        words::count(grid),
        words::count(advice.reporting + advice.robust.spent),
    )
}

/// The first goal.
pub(super) fn goal(advice: &Advice) -> Option<Metric> {
    winner::metrics(&advice.rule).find(|metric| !metric.is_loss())
}
