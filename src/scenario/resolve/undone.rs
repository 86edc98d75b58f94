//! Settings about work that nobody does: seen once all strategies and workloads are read.
//!
//! ```text
//!   [[expect]] strategy, account   of work that the strategy does not do
//!   strategy.NAME.batch.calls      calls that only other strategies make
//! ```

use super::Resolver;
use crate::catalog::{Problem, ProblemKind, Spanned};
use crate::metrics::figures::Slice;
use crate::scenario::Expectation;
use crate::simulation::Plan;
use crate::wire::Operation;
use crate::workload::Workload;

impl Resolver<'_> {
    /// Notes what is said of work that is not done.
    pub(super) fn check_undone(&mut self, plan: &Plan, expectations: &[Expectation]) {
        if self.is_partial || self.raw.expect.len() != expectations.len() {
            return;
        }
        let mut found = self.undone_expectations(plan, expectations);
        found.extend(self.undone_batches(plan));
        self.problems.extend(found);
    }

    fn undone_expectations(&self, plan: &Plan, expectations: &[Expectation]) -> Vec<Problem> {
        let mut found = Vec::new();
        for (raw, of) in self.raw.expect.iter().zip(expectations) {
            let strategy = of.strategy.zip(raw.strategy.as_ref());
            if let Some((number, name)) = strategy.filter(|(n, _)| {
                plan.strategies[*n].workloads.is_some() && !plan.runs(*n, of.slice)
            }) {
                let message = format!(
                    "strategy `{}` makes no call that this is about",
                    self.names.strategies[number].0
                );
                let help = "name a strategy that does, or leave `strategy` out";
                found.push(Problem::at(ProblemKind::NoEffect, name.span(), message).help(help));
            }
            let (Slice::Account(number), Some(account)) = (of.slice, &raw.account) else {
                continue;
            };
            let is_done = |(n, workload): &(usize, &Workload)| {
                let callers = &workload.callers;
                let is_run = of.strategy.is_none_or(|strategy| {
                    let list = &plan.strategies[strategy].workloads;
                    list.as_ref().is_none_or(|list| list.iter().any(|one| usize::from(*one) == *n))
                });
                is_run && callers.accounts.as_ref().is_none_or(|list| list.contains(&number))
            };
            if !plan.workloads.iter().enumerate().any(|of| is_done(&of)) {
                let message = format!("no work is done for account {}", account.get_ref());
                let help = "name an account that a workload is for";
                found.push(Problem::at(ProblemKind::NoEffect, account.span(), message).help(help));
            }
        }
        found
    }

    fn undone_batches(&self, plan: &Plan) -> Vec<Problem> {
        let mut found = Vec::new();
        for ((name, raw), number) in self.raw.strategy.iter().zip(0..) {
            let calls = raw.batch.as_ref().and_then(|batch| batch.get_ref().calls.as_ref());
            let makes = |call: &&Spanned<String>| {
                let mut known = self.names.calls.iter().zip(0u16..);
                let place = known.find(|(known, _)| *known == call.get_ref());
                place.is_none_or(|(_, n)| plan.runs(number, Slice::Call(Operation(n))))
            };
            for call in calls.into_iter().flatten().filter(|call| !makes(call)) {
                let message = format!("strategy `{name}` does not call `{}`", call.get_ref());
                let help = "leave it out, or name its workload in `workloads`";
                found.push(Problem::at(ProblemKind::NoEffect, call.span(), message).help(help));
            }
        }
        found
    }
}
