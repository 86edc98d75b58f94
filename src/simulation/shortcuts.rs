//! What a run can leave out, decided once for all of it.

use super::plan::{Plan, Service};
use super::trip::Trip;
use crate::strategy::{Counted, Strategy};
use crate::workload::{OnFailure, Step, Workload};

/// Each with the reason that allows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shortcuts {
    /// The client is not asked whether it sends: it never holds back what could be sent.
    pub sends_freely: bool,
    /// Nobody is told of answers: nothing of the strategy learns from them.
    pub learns_nothing: bool,
    /// Attempts reach the provider at once, and answers the client: no way takes any time.
    pub is_near: bool,
    /// A request need not look whether its job is lost: it is the only one under way, and no other
    /// job ends it.
    pub is_single: bool,
    /// Nothing is kept of an attempt but the answer that is on its way: nobody asks for more.
    pub keeps_no_flights: bool,
    /// A cost depends on the items that a call is for.
    pub counts_items: bool,
    /// No work brings bad requests of its own.
    pub has_good_work: bool,
    /// A request goes by the short way of `express`: all of the above; it begins at once and counts
    /// its own attempts; nothing but the limits refuses, and none of them by more than whose it
    /// is; and nobody and nothing learns of a success, so that it is counted when it is certain.
    pub is_express: bool,
}

impl Shortcuts {
    /// Those of a strategy; somebody looks at attempts, or reads limits all the time, or not.
    pub fn of(
        plan: &Plan,
        strategy: &Strategy,
        trips: &[Trip<'_>],
        (looks, reads): (bool, bool),
    ) -> Self {
        let learns_nothing = !strategy.listens();
        let has_company = strategy.has_company();
        let sends_freely = strategy.sends_freely();
        let is_near = trips.iter().all(Trip::is_nothing);
        let may_be_lost =
            |work: &Workload| work.has_siblings() || work.on_failure == OnFailure::Stop;
        let is_single = !plan.workloads.iter().any(may_be_lost);
        let has_good_work = plan.workloads.iter().all(|workload| workload.bad_request_ppm == 0);
        let mut steps = plan.workloads.iter().flat_map(|workload| &workload.steps);
        let counts_items = steps.any(Step::counts_items);
        let keeps_no_flights = !looks
            && learns_nothing
            && !has_company
            && !counts_items
            && !strategy.retry.counts_from_first_attempt();
        let only_limits_refuse = plan.services.iter().all(Service::is_calm);
        let is_express = sends_freely
            && learns_nothing
            && is_near
            && is_single
            && keeps_no_flights
            && has_good_work
            && !plan.learns()
            && !plan.is_fine()
            && only_limits_refuse
            && !reads
            && strategy.start.is_none()
            && strategy.retry.counted == Counted::Request;
        Self {
            sends_freely,
            learns_nothing,
            is_near,
            is_single,
            keeps_no_flights,
            counts_items,
            has_good_work,
            is_express,
        }
    }
}
