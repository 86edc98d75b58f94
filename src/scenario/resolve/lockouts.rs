//! Lockouts of the scenario's own that count what nobody answers.
//!
//! ```text
//!   call ──► statuses that it may be answered with, and the rules that refuse with each
//!   lockout ──► its calls ──► is any answered with its status, by another rule or the service?
//! ```

use super::Resolver;
use super::answers::of_service;
use crate::catalog::RuleDocument;
use crate::simulation::Service;
use crate::wire::Status;
use crate::workload::Workload;
use std::collections::{HashMap, HashSet};

/// The statuses of failures that a call may be answered with.
#[derive(Debug, Clone, Default)]
struct Answers {
    /// By its service.
    service: HashSet<Status>,
    /// By a rule: which one, and true if there is another.
    rules: HashMap<Status, (usize, bool)>,
}

impl Answers {
    fn add(&mut self, status: Status, rule: usize) {
        let (first, is_several) = self.rules.entry(status).or_insert((rule, false));
        *is_several |= *first != rule;
    }

    /// True if anything but this rule answers with a status.
    fn have(&self, status: Status, rule: usize) -> bool {
        let others =
            self.rules.get(&status).is_some_and(|(first, several)| *several || *first != rule);
        others || self.service.contains(&status)
    }
}

impl Resolver<'_> {
    /// Notes each lockout that could never count anything.
    pub(super) fn check_lockouts(&mut self, services: &[Service], workloads: &[Workload]) {
        let answers = self.answers(services, workloads);
        let mut rules: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, name) in self.names.limits.iter().enumerate() {
            rules.entry(name).or_default().push(number);
        }
        let mut idle = Vec::new();
        for (name, limit) in &self.raw.limit {
            let RuleDocument::Lockout(lockout) = &limit.rule else { continue };
            let Some(own) = rules.get(name.get_ref().as_str()) else { continue };
            let statuses = &lockout.status.get_ref().0;
            let counts = |rule: &usize| {
                let mut calls = self.limits[*rule].rule.operations.iter();
                let have = |call: usize, status| answers[call].have(Status(status), *rule);
                calls.any(|call| statuses.iter().any(|of| have(usize::from(call.0), *of)))
            };
            if !own.iter().any(counts) {
                let statuses: Vec<String> = statuses.iter().map(ToString::to_string).collect();
                idle.push((lockout.status.span(), statuses.join(" or ")));
            }
        }
        for (place, status) in idle {
            let message = format!("no answer that this lockout can count has status {status}");
            let help = "write a status that another limit of its calls `tells`, 429 with \
                        `transient_throttle_probability`, 400 with `bad_request_rate`, or 500 \
                        with `failure_rate`";
            self.no_effect(place, message, help);
        }
    }

    /// What each call may be answered with.
    fn answers(&self, services: &[Service], workloads: &[Workload]) -> Vec<Answers> {
        let mut answers = vec![Answers::default(); self.calls.len()];
        for (answers, call) in answers.iter_mut().zip(&self.calls) {
            let Some(service) = services.get(usize::from(call.service)) else { continue };
            answers.service.extend(of_service(service, &self.causes));
        }
        let bad = workloads.iter().filter(|work| work.bad_request_ppm > 0);
        for step in bad.flat_map(|work| &work.steps) {
            answers[usize::from(step.operation.0)].service.insert(Status::BAD_REQUEST);
        }
        for (rule, limit) in self.limits.iter().enumerate() {
            for operation in &limit.rule.operations {
                for (_, cause) in &limit.causes {
                    let status = self.causes[usize::from(*cause)].status;
                    answers[usize::from(operation.0)].add(status, rule);
                }
            }
        }
        answers
    }
}
