//! `[provider.NAME.dynamic."CALL"]`: usage plans that change by schedule or by a seeded walk.

use super::Meaning;
use crate::catalog::Spanned;
use crate::catalog::{Figures, Quantity};
use crate::limiter::{Change, Dynamic, Limiter};
use crate::scenario::written::{DynamicWritten, WalkWritten};
use crate::simulation::{Drawn, PlanWalk};
use crate::units::{Instant, Share, Span};

/// The factors that a plan may change by.
const FACTORS: std::ops::RangeInclusive<f64> = 0.001..=100.0;
/// The least time between two steps of a walk.
const SHORTEST: Span = Span::MINUTE;

impl Meaning<'_> {
    /// Every call that is said to be dynamic must be one that is called.
    pub(super) fn check_dynamic(&mut self) {
        for provider in 0..self.providers.len() {
            for call in self.providers[provider].written.dynamic.clone().keys() {
                let mut known = self.names.calls.iter().zip(&self.provider_of);
                if known.any(|(name, of)| name == call.get_ref() && *of == provider) {
                    self.note_undeclared(provider, call.get_ref());
                    continue;
                }
                match self.providers[provider].resolved.operation(call.get_ref()) {
                    Err(problem) => self.problems.push(problem.moved_to(call.span())),
                    Ok(_) => {
                        let message = format!("no workload calls `{}`", call.get_ref());
                        self.problem(call.span(), message, "leave its dynamic plan out");
                    }
                }
            }
        }
    }

    fn note_undeclared(&mut self, provider: usize, call: &str) {
        let facts = self.providers[provider].resolved.operation(call);
        if facts.is_ok_and(|facts| !facts.dynamic) {
            self.assumptions.push(format!("`{call}` has a dynamic plan: its page says none"));
        }
    }

    /// How the plan of a call changes, if the scenario says so.
    pub(super) fn dynamic_of(&self, provider: usize, call: &str) -> Option<DynamicWritten> {
        self.providers[provider].written.dynamic.get(call).cloned()
    }

    /// A limiter whose plan changes.
    pub(super) fn change_plan(
        &mut self,
        limiter: Limiter,
        figures: Figures,
        written: &DynamicWritten,
    ) -> (Limiter, Option<Drawn>) {
        let place = match written {
            DynamicWritten::Schedule(schedule) => schedule.span(),
            DynamicWritten::Walk(walk) => walk.span(),
        };
        let Limiter::TokenBucket(bucket) = limiter else {
            let help = "only token buckets have plans that change";
            self.problem(place, "this call is not limited by a token bucket", help);
            return (limiter, None);
        };
        match written {
            DynamicWritten::Schedule(_) => {
                let changes = self.changes(written, figures);
                (Limiter::Dynamic(Box::new(Dynamic::new(bucket, changes.into()))), None)
            }
            DynamicWritten::Walk(walk) => {
                self.check_walk(walk);
                let walk = walk.get_ref();
                let drawn = PlanWalk {
                    bucket: bucket.clone(),
                    rate: figures.rate,
                    burst: figures.burst,
                    every: walk.every.0.max(SHORTEST),
                    spread: walk.spread,
                    least: walk.least.unwrap_or(0.1),
                    most: walk.most.unwrap_or(10.0),
                    end: self.horizon(),
                };
                let plain = Dynamic::new(bucket, [].into());
                (Limiter::Dynamic(Box::new(plain)), Some(Drawn::Plan(drawn)))
            }
        }
    }

    fn changes(&mut self, written: &DynamicWritten, figures: Figures) -> Vec<Change> {
        let DynamicWritten::Schedule(schedule) = written else { return Vec::new() };
        let mut changes: Vec<Change> = Vec::new();
        for change in schedule.get_ref() {
            let at = Instant::ORIGIN + change.at.0;
            let rate = match (change.factor, change.rate) {
                (Some(factor), None) if FACTORS.contains(&factor) => {
                    figures.rate.share(Share::from_fraction(factor))
                }
                (None, Some(Quantity(rate))) => Some(rate),
                (Some(factor), None) => {
                    let message = format!("a factor of {factor}");
                    self.problem(schedule.span(), message, "write 0.001 to 100");
                    None
                }
                (Some(_), Some(_)) | (None, None) => {
                    let help = "write factor = 0.33, or rate = \"0.0055/s\"";
                    self.problem(schedule.span(), "a change is a factor or a rate", help);
                    None
                }
            };
            if changes.last().is_some_and(|last| last.at >= at) {
                let message =
                    format!("the change at {} does not follow the one before", change.at.0);
                self.problem(schedule.span(), message, "write them in order of time");
            }
            if change.burst == Some(0) {
                self.problem(schedule.span(), "a burst of 0 admits nothing", "write 1 or more");
            }
            let burst = change.burst.unwrap_or(figures.burst).max(1);
            changes.extend(rate.map(|rate| Change { at, rate, burst }));
        }
        changes
    }

    fn check_walk(&mut self, written: &Spanned<WalkWritten>) {
        let walk = written.get_ref();
        let (least, most) = (walk.least.unwrap_or(0.1), walk.most.unwrap_or(10.0));
        let sound = FACTORS.contains(&least) && FACTORS.contains(&most) && least <= 1.0;
        if !sound || most < 1.0 {
            let message = format!("a plan between {least} and {most} of the published one");
            self.problem(
                written.span(),
                message,
                "the published one, 1, lies between 0.001 and 100",
            );
        }
        if !(0.0..=5.0).contains(&walk.spread) {
            let message = format!("a spread of {}", walk.spread);
            self.problem(written.span(), message, "write 0 (it stays) to 5");
        }
        if walk.every.0 < SHORTEST {
            let message = format!("a change every {}", walk.every.0);
            self.problem(written.span(), message, &format!("write {SHORTEST} or more"));
        }
    }
}
