//! Attempts in the order of their decisions, each decided once more by the models.
//!
//! Attempts are shown when they are answered: those that were admitted at one instant come in the
//! order of their decisions, and so do those that were refused. Between the two, a refusal comes as
//! early as the models allow it, which changes nothing for the others: it takes nothing from a
//! limit that does not count refusals, and one that does is no nearer to admitting.

use super::calls::pauses;
use super::random::{Held, Random, Rule};
use std::collections::{HashMap, VecDeque};
use throttlesim::scenario::{Problems, Scenario};
use throttlesim::simulation::{Attempt, observe};

/// What one instance of a limit has seen; all in order of time \[ns\].
#[derive(Debug, Default)]
struct Seen {
    admitted: Vec<u64>,
    /// Admitted, and refused where that counts.
    counted: Vec<u64>,
    ends: Vec<u64>,
    /// Answers of the statuses of a lockout.
    answers: Vec<u64>,
    /// Refusals of its own.
    refusals: Vec<u64>,
}

type Key = (usize, [u32; 3], Option<usize>);

struct Model<'r> {
    random: &'r Random,
    names: &'r [String],
    seen: HashMap<Key, Seen>,
}

impl Model<'_> {
    /// The limits that hold for an attempt, each with its instance.
    fn held(&self, attempt: &Attempt) -> Vec<(usize, Key)> {
        let operation = usize::from(attempt.operation.0);
        let caller = attempt.caller;
        let limits = self.random.limits.iter().enumerate();
        let held =
            limits.filter(|(_, limit)| limit.calls.contains(&self.names[operation].as_str()));
        held.map(|(number, limit)| {
            let [application, account, region, by_operation] = limit.scope;
            let of = |scoped: bool, which: u32| if scoped { which } else { 0 };
            let who = [
                of(application, caller.application),
                of(account, caller.account),
                of(region, caller.region),
            ];
            (number, (number, who, by_operation.then_some(operation)))
        })
        .collect()
    }

    fn admits(&self, limit: &Held, key: &Key, call: &str, now: u64) -> bool {
        let nothing = Seen::default();
        let seen = self.seen.get(key).unwrap_or(&nothing);
        let number = match &limit.own {
            Some((own, number)) if *own == call => *number,
            _ => limit.numbers.iter().rev().find(|(at, _)| *at <= now).map_or(0, |(_, n)| *n),
        };
        if limit.cool_down.is_some_and(|lasts| pauses(&seen.refusals, now, lasts)) {
            return false;
        }
        match &limit.rule {
            Rule::Bucket(bucket) => bucket.admits(&seen.admitted, now),
            Rule::Queue(queue) => queue.wait(&seen.admitted, now) <= queue.wait,
            Rule::Window(window) => window.admits(&seen.counted, now, number, self.random.start),
            Rule::Concurrency => {
                let running = seen.ends.iter().filter(|end| **end > now).count();
                running < number as usize
            }
            Rule::Lockout(lockout) => {
                lockout.admits(&seen.answers, &seen.refusals, now, self.random.start)
            }
        }
    }

    /// The first limit that refuses an attempt.
    fn refuses(&self, attempt: &Attempt, now: u64) -> Option<usize> {
        let call = &self.names[usize::from(attempt.operation.0)];
        let held = self.held(attempt);
        let mut refusing = held
            .iter()
            .filter(|(number, key)| !self.admits(&self.random.limits[*number], key, call, now));
        refusing.next().map(|(number, _)| *number)
    }

    fn admit(&mut self, attempt: &Attempt, now: u64) {
        let held = self.held(attempt);
        let waits = held.iter().map(|(number, key)| match &self.random.limits[*number].rule {
            Rule::Queue(queue) => {
                queue.wait(self.seen.get(key).map_or(&[][..], |seen| &seen.admitted), now)
            }
            _ => 0,
        });
        let end = now + waits.max().unwrap_or(0) + self.random.latency;
        for (number, key) in held {
            let seen = self.seen.entry(key).or_default();
            seen.admitted.push(now);
            seen.counted.push(now);
            seen.ends.push(end);
            if let Rule::Lockout(lockout) = &self.random.limits[number].rule
                && attempt.status.is_some_and(|status| lockout.statuses.contains(&status.0))
            {
                seen.answers.push(end);
            }
        }
    }

    fn refuse(&mut self, attempt: &Attempt, now: u64) {
        let refusing = self.refuses(attempt, now);
        for (number, key) in self.held(attempt) {
            let seen = self.seen.entry(key).or_default();
            if self.random.limits[number].count_rejected {
                seen.counted.push(now);
            }
            if refusing == Some(number) {
                seen.refusals.push(now);
            }
        }
    }
}

/// The scenario, with its catalogue beside it.
fn read(random: &Random) -> Scenario {
    let (text, catalogue) = random.text.split_once('\u{0}').expect("two files");
    let place = tempfile::tempdir().expect("a folder");
    std::fs::write(place.path().join("limits.toml"), catalogue).expect("written");
    Scenario::read("random", text, place.path()).unwrap_or_else(|list| {
        panic!("{}\n{text}\n{catalogue}", Problems::new("random.toml", text, list))
    })
}

/// How many attempts were admitted and refused; or the first decision that is not the models'.
pub fn check(random: &Random) -> Result<(u32, u32), String> {
    let scenario = read(random);
    let (_, attempts) = observe(&scenario.plan, 0, 0, Vec::<Attempt>::new());
    let mut model = Model { random, names: &scenario.names.calls, seen: HashMap::new() };
    let mut instants: HashMap<u64, [VecDeque<Attempt>; 2]> = HashMap::new();
    let (mut admitted, mut refused) = (0, 0);
    for attempt in attempts {
        let now = attempt.sent.as_nanos() + random.there;
        let which = usize::from(attempt.cause.is_some());
        instants.entry(now).or_default()[which].push_back(attempt);
    }
    let mut instants: Vec<_> = instants.into_iter().collect();
    instants.sort_by_key(|(now, _)| *now);
    for (now, [mut good, mut bad]) in instants {
        while !(good.is_empty() && bad.is_empty()) {
            let cause = |attempt: &Attempt| {
                attempt.cause.map(|cause| scenario.names.causes[usize::from(cause)].clone())
            };
            let told = |limit: usize| format!("l{limit}");
            if let Some(attempt) = bad.front()
                && model.refuses(attempt, now).map(told) == cause(attempt)
            {
                model.refuse(attempt, now);
                bad.pop_front();
                refused += 1;
            } else if let Some(attempt) = good.front()
                && model.refuses(attempt, now).is_none()
            {
                model.admit(attempt, now);
                good.pop_front();
                admitted += 1;
            } else {
                let first = good.front().or(bad.front());
                let models = first.map(|attempt| model.refuses(attempt, now).map(told));
                let text = random.text.replace('\u{0}', "\n# limits.toml\n");
                return Err(format!("the model says {models:?} of {first:?} at {now} in\n{text}"));
            }
        }
    }
    Ok((admitted, refused))
}
