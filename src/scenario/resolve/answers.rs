//! The failures that each call may be answered with, gathered in one pass over all who answer.

use crate::simulation::{Cause, Episode, Plan, Service, Trouble};
use crate::wire::{Code, Status};
use std::collections::HashSet;

/// What a call may be refused or fail with.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    pub statuses: HashSet<Status>,
    pub codes: HashSet<Code>,
    /// True if a refusal tells when to come again.
    pub retry_after: bool,
}

impl Answers {
    /// Those of each call of a plan.
    pub fn of(plan: &Plan) -> Vec<Self> {
        let mut all = vec![Self::default(); plan.calls.len()];
        for (answers, call) in all.iter_mut().zip(&plan.calls) {
            let Some(service) = plan.services.get(usize::from(call.service)) else { continue };
            answers.statuses.extend(of_service(service, &plan.causes));
            let is_down = service.episodes.iter().any(|of| matches!(of.trouble, Trouble::Outage));
            answers.statuses.extend(is_down.then_some(Status::UNAVAILABLE));
        }
        let bad = plan.workloads.iter().filter(|work| work.bad_request_ppm > 0);
        for step in bad.flat_map(|work| &work.steps) {
            all[usize::from(step.operation.0)].statuses.insert(Status::BAD_REQUEST);
        }
        for limit in &plan.limits {
            for operation in &limit.rule.operations {
                for (_, cause) in &limit.causes {
                    let cause = &plan.causes[usize::from(*cause)];
                    let answers = &mut all[usize::from(operation.0)];
                    answers.statuses.insert(cause.status);
                    answers.codes.extend(cause.code);
                    answers.retry_after |= cause.retry_after.is_some();
                }
            }
        }
        all
    }
}

/// The statuses of the failures that a service itself answers with while it is there.
pub(super) fn of_service(service: &Service, causes: &[Cause]) -> impl Iterator<Item = Status> {
    let transient = service.transient.map(|(_, cause)| causes[usize::from(cause)].status);
    let fails = |of: &Episode| matches!(of.trouble, Trouble::BrownOut { failure_ppm: 1.., .. });
    let fails = service.failure_ppm > 0 || service.episodes.iter().any(fails);
    let bad = service.bad_request_ppm > 0;
    let failures = [fails.then_some(Status::INTERNAL_ERROR), bad.then_some(Status::BAD_REQUEST)];
    transient.into_iter().chain(failures.into_iter().flatten())
}
