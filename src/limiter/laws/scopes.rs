//! Who shares what with whom: a gate against a limiter for each distinct value of each scope, found
//! by name.

use super::{any_limiter, bad, millis};
use crate::limiter::*;
use crate::wire::{Caller, Operation};
use proptest::prelude::*;
use std::collections::BTreeMap;

const POPULATION: Population =
    Population { applications: 2, accounts: 3, regions: 2, processes: 2, keys: 3 };
const OPERATIONS: u16 = 3;

fn any_scope() -> impl Strategy<Value = Scope> {
    any::<[bool; 6]>().prop_map(|[application, account, region, operation, process, key]| Scope {
        application,
        account,
        region,
        operation,
        process,
        key,
    })
}

/// Any limit over any scope, for some of the operations.
fn any_rule() -> impl Strategy<Value = Rule> {
    (any_limiter(), any_scope(), 1u16..1 << OPERATIONS, any::<bool>(), 1u32..4).prop_map(
        |(limiter, scope, mask, count_rejected, nodes)| {
            let operations = (0..OPERATIONS).filter(|n| mask >> n & 1 == 1).map(Operation);
            Rule { limiter, scope, operations: operations.collect(), count_rejected, nodes }
        },
    )
}

/// A call: after how long \[ms\], whose, and whether a running one ends then.
type Call = (u64, Caller, Operation, bool);

fn any_calls() -> impl Strategy<Value = Vec<Call>> {
    let caller = (0u32..2, 0u32..3, 0u32..2, 0u32..2, 0u32..3, 0u32..9).prop_map(
        |(application, account, region, process, key, node)| Caller {
            application,
            account,
            region,
            process,
            key,
            node,
        },
    );
    let operation = (0..OPERATIONS).prop_map(Operation);
    let gap = prop_oneof![Just(0u64), 0u64..400];
    prop::collection::vec((gap, caller, operation, any::<bool>()), 1..80)
}

fn gate(rules: &[Rule]) -> Gate {
    let make = |rule: usize, _: Caller| rules[rule].limiter.clone();
    Gate::new(rules, usize::from(OPERATIONS), POPULATION, make)
}

/// The value of a scope: its factors, and nothing of the others.
type Value = (usize, [Option<u32>; 7]);

fn value(number: usize, rule: &Rule, caller: Caller, operation: Operation) -> Value {
    let Scope { application, account, region, operation: own, process, key } = rule.scope;
    let factors = [
        application.then_some(caller.application),
        account.then_some(caller.account),
        region.then_some(caller.region),
        own.then_some(u32::from(operation.0)),
        process.then_some(caller.process),
        key.then_some(caller.key),
        Some(caller.node % rule.nodes),
    ];
    (number, factors)
}

/// A limiter for each value that was met.
struct Model<'r> {
    rules: &'r [Rule],
    limiters: BTreeMap<Value, Limiter>,
}

impl Model<'_> {
    /// Those that hold for a call, in the rules' order.
    fn route(&mut self, caller: Caller, operation: Operation) -> Vec<Value> {
        let holding = self.rules.iter().enumerate();
        let holding = holding.filter(|(_, rule)| rule.operations.contains(&operation));
        let values = holding.map(|(number, rule)| {
            let value = value(number, rule, caller, operation);
            self.limiters.entry(value).or_insert_with(|| rule.limiter.clone().split(rule.nodes));
            value
        });
        values.collect()
    }

    fn check(&self, value: &Value, now: Instant) -> Option<Refusal> {
        match self.limiters[value].check(now) {
            Verdict::Admit => None,
            Verdict::Refuse(refusal) => Some(refusal),
        }
    }

    /// The first rule that refuses and what it says once refusals that count are counted; or
    /// nothing, all being charged.
    fn decide(&mut self, now: Instant, route: &[Value]) -> Option<(usize, Refusal)> {
        let first = route.iter().find_map(|value| Some((value, self.check(value, now)?)));
        if let Some((value, refusal)) = first {
            self.limiters.get_mut(value).expect("met").ran_out(now, refusal.reason);
        }
        for value in route {
            let limiter = self.limiters.get_mut(value).expect("met");
            match first {
                None => {
                    limiter.charge(now);
                }
                Some(_) if self.rules[value.0].count_rejected => limiter.charge_refused(now),
                Some(_) => {}
            }
        }
        let (value, refusal) = first?;
        Some((value.0, self.check(value, now).unwrap_or(refusal)))
    }
}

/// What a gate answers to each of an account's calls, all others' being made too if `everybody`.
/// An account's running calls end with bad requests, the last first.
fn answers(rules: &[Rule], calls: &[Call], account: u32, everybody: bool) -> Vec<Decision> {
    let mut gate = gate(rules);
    let (mut now, mut answers) = (Instant::ORIGIN, Vec::new());
    let mut running: BTreeMap<u32, Vec<(Caller, Operation)>> = BTreeMap::new();
    for (gap, caller, operation, ends) in calls {
        now += millis(*gap);
        if caller.account != account && !everybody {
            continue;
        }
        let running = running.entry(caller.account).or_default();
        if *ends && let Some((caller, operation)) = running.pop() {
            gate.settle(now, caller, operation, bad());
        }
        let decision = gate.decide(now, *caller, *operation);
        if matches!(decision, Decision::Admitted { .. }) {
            running.push((*caller, *operation));
        }
        if caller.account == account {
            answers.push(decision);
        }
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Over any scopes and operations, refusals counted or not, each call meets exactly the
    /// limiters of its own values, whoever else has called.
    #[test]
    fn a_gate_finds_the_limiters_of_every_scope(
        rules in prop::collection::vec(any_rule(), 1..5), calls in any_calls(),
    ) {
        let mut gate = gate(&rules);
        let mut model = Model { rules: &rules, limiters: BTreeMap::new() };
        let (mut now, mut running) = (Instant::ORIGIN, Vec::new());
        for (gap, caller, operation, ends) in calls {
            now += millis(gap);
            if ends && let Some((caller, operation)) = running.pop() {
                gate.settle(now, caller, operation, bad());
                for value in model.route(caller, operation) {
                    model.limiters.get_mut(&value).expect("met").settle(now, bad());
                }
            }
            let route = model.route(caller, operation);
            let clear = route.iter().filter_map(|value| model.check(value, now));
            let mut clear = clear.map(|refusal| refusal.retry_at);
            let clear = clear.try_fold(now, |latest, at| Some(latest.max(at?)));
            prop_assert_eq!(gate.clear_at(now, caller, operation), clear);
            let expected = model.decide(now, &route);
            match gate.decide(now, caller, operation) {
                Decision::Admitted { .. } => {
                    prop_assert_eq!(expected, None);
                    running.push((caller, operation));
                }
                Decision::Refused { rule, reason } => {
                    let refusal = gate.refusal(rule, now, (caller, operation));
                    prop_assert_eq!(Some(reason), refusal.map(|refusal| refusal.reason));
                    prop_assert_eq!(expected, refusal.map(|refusal| (rule, refusal)));
                    // Lockouts over the caller count what the others refuse with.
                    gate.refused(now, (caller, operation), (Some(rule), bad().status));
                    for value in route.iter().filter(|value| value.0 != rule) {
                        let limiter = model.limiters.get_mut(value).expect("met");
                        limiter.refused(now, bad().status);
                    }
                }
            }
            for value in route {
                let limiter = gate.limiter(value.0, caller, operation).expect("it holds");
                prop_assert_eq!(limiter.level(now), model.limiters[&value].level(now));
            }
        }
    }

    /// Where every limit is one for each account, an account is answered alike whatever the others
    /// do.
    #[test]
    fn accounts_do_not_feel_each_other(
        rules in prop::collection::vec(any_rule(), 1..5), calls in any_calls(), account in 0u32..3,
    ) {
        let own = |rule: Rule| Rule { scope: Scope { account: true, ..rule.scope }, ..rule };
        let rules: Vec<Rule> = rules.into_iter().map(own).collect();
        let alone = answers(&rules, &calls, account, false);
        prop_assert_eq!(alone, answers(&rules, &calls, account, true));
    }
}
