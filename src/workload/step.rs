//! The steps of a job: how many requests each makes, when, and how many at once.
//!
//! ```text
//!   requests = Σ count over the units that `per` names
//!     job 1 · item n · page ⌈n / page size⌉ · batch ⌈n / batch limit⌉
//!     request: those of the step before
//!   poll: one request `every` so often, until the processing that began with the step is over
//! ```

use super::cost::{Cost, StepCost};
use crate::random::{Count, Distribution, Draws};
use crate::units::Span;
use crate::wire::Operation;

/// One step of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The operation that its requests call.
    pub operation: Operation,
    /// How many requests it makes for each unit.
    pub count: Count,
    /// What a unit is.
    pub per: Units,
    /// How many of its requests are under way at once; `None` leaves that to the client.
    pub at_once: Option<u32>,
    /// Jobs that take this step at all \[ppm\].
    pub chance_ppm: u64,
    /// From the end of the step before to the first request.
    pub after: Distribution,
    /// The items that a job has from this step on; `None` leaves those that it has.
    pub items: Option<Count>,
    /// Asking again and again until something is ready.
    pub poll: Option<Poll>,
    /// What each of its requests costs in units that limits count.
    pub costs: Vec<StepCost>,
}

/// What a step makes requests for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// The job.
    Job,
    /// Each item of the job.
    Item,
    /// Each so many items, the last of them perhaps fewer: a page, or a batch.
    Items(u32),
    /// Each request of the step before.
    Request,
}

/// Asking again and again until something is ready.
#[derive(Debug, Clone, PartialEq)]
pub struct Poll {
    /// From the step's beginning, or an answer, to the next request.
    pub every: Span,
    /// How long the processing takes that began with the step.
    pub until: Distribution,
}

/// What a job brings to its next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Its items.
    pub items: u64,
    /// The requests of its last step.
    pub requests: u64,
}

/// What a job does in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// How many requests; a poll makes them one by one instead.
    pub requests: u64,
    /// How long it waits before the first.
    pub pause: Span,
    /// How long a poll asks on.
    pub processing: Span,
}

impl Step {
    /// A step of so many requests for each job.
    #[must_use]
    pub const fn of(operation: Operation, count: Count) -> Self {
        Self {
            operation,
            count,
            per: Units::Job,
            at_once: None,
            chance_ppm: 1_000_000,
            after: Distribution::Constant(Span::ZERO),
            items: None,
            poll: None,
            costs: Vec::new(),
        }
    }

    /// True if it is a single request, at once and nothing else.
    #[must_use]
    pub fn is_single(&self) -> bool {
        *self == Self::of(self.operation, Count::Fixed(1))
    }

    /// True if several of its requests may be under way at once.
    #[must_use]
    pub const fn has_siblings(&self) -> bool {
        let one = matches!((self.per, &self.count), (Units::Job, Count::Fixed(0 | 1)));
        !one && !matches!(self.at_once, Some(1)) && self.poll.is_none()
    }

    /// What a job with this load does in the step; `None` if it leaves the step out.
    #[inline]
    pub fn task(&self, load: &mut Load, draws: impl FnOnce() -> Draws) -> Option<Task> {
        if let (Count::Fixed(count), Distribution::Constant(pause), None, None) =
            (&self.count, &self.after, &self.items, &self.poll)
            && self.chance_ppm >= 1_000_000
        {
            let requests = self.units(*load) * u64::from(*count);
            load.requests = requests;
            return Some(Task { requests, pause: *pause, processing: Span::ZERO });
        }
        self.drawn_task(load, &mut draws())
    }

    /// A task of which something is drawn.
    fn drawn_task(&self, load: &mut Load, draws: &mut Draws) -> Option<Task> {
        if self.chance_ppm < 1_000_000 && !draws.chance(self.chance_ppm) {
            load.requests = 0;
            return None;
        }
        if let Some(items) = &self.items {
            load.items = u64::from(items.sample(draws));
        }
        let units = self.units(*load);
        let requests = match &self.count {
            Count::Fixed(count) => units * u64::from(*count),
            drawn => (0..units).map(|_| u64::from(drawn.sample(draws))).sum(),
        };
        load.requests = requests;
        let pause = self.after.sample(draws);
        let processing = self.poll.as_ref().map_or(Span::ZERO, |poll| poll.until.sample(draws));
        Some(Task { requests, pause, processing })
    }

    /// True if a cost of its requests depends on the items that they are for.
    #[must_use]
    pub fn counts_items(&self) -> bool {
        self.costs.iter().any(|cost| matches!(cost.cost, Cost::ByItems { .. }))
    }

    /// The items that its request number `made` is for, from 1, of a job with this load.
    #[must_use]
    pub fn items_of_request(&self, load: Load, made: u64) -> u64 {
        match self.per {
            Units::Job => load.items,
            Units::Item | Units::Request => 1,
            Units::Items(size) => {
                let of_each =
                    if let Count::Fixed(count) = self.count { u64::from(count) } else { 1 };
                let before = (made.saturating_sub(1) / of_each.max(1)) * u64::from(size);
                load.items.saturating_sub(before).min(u64::from(size))
            }
        }
    }

    #[inline]
    fn units(&self, load: Load) -> u64 {
        match self.per {
            Units::Job => 1,
            Units::Item => load.items,
            Units::Items(size) => load.items.div_ceil(u64::from(size.max(1))),
            Units::Request => load.requests,
        }
    }

    /// Requests to be expected, given the expected items and requests before; updates both.
    #[must_use]
    pub fn mean_requests(&self, items: &mut f64, requests: &mut f64) -> f64 {
        if let Some(drawn) = &self.items {
            *items = drawn.mean();
        }
        let units = match self.per {
            Units::Job => 1.0,
            Units::Item => *items,
            Units::Items(size) => (*items / f64::from(size.max(1))).ceil(),
            Units::Request => *requests,
        };
        let polls = self.poll.as_ref().map_or(1.0, |poll| {
            (poll.until.mean() / poll.every.as_secs_f64().max(1e-3)).ceil().max(1.0)
        });
        #[expect(clippy::cast_precision_loss)]
        let chance = self.chance_ppm as f64 / 1e6;
        *requests = units * self.count.mean();
        *requests * polls * chance
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    fn draws(number: u64) -> Draws {
        Streams::new(5, 0).stream(Purpose::Counts, 0).at(number)
    }

    /// 40 000 orders in pages of 100, then the items of each, then a document for each page.
    #[test]
    fn items_become_pages_batches_and_requests() {
        let step = |per| Step { per, ..Step::of(Operation(0), Count::Fixed(1)) };
        let mut load = Load { items: 40_000, requests: 0 };
        let cases = [
            (Units::Job, 1),
            (Units::Items(100), 400),
            (Units::Request, 400),
            (Units::Item, 40_000),
            (Units::Items(30), 1_334),
        ];
        for (per, requests) in cases {
            let task = step(per).task(&mut load, || draws(0)).expect("always taken");
            assert_eq!(task.requests, requests, "{per:?}");
        }
    }

    /// 45 items in batches of 20 are 20, 20 and 5; with two requests for each batch, twice so many.
    #[test]
    fn the_last_batch_has_fewer_items() {
        let load = Load { items: 45, requests: 0 };
        let items = |count, made| {
            let step = Step::of(Operation(0), Count::Fixed(count));
            Step { per: Units::Items(20), ..step }.items_of_request(load, made)
        };
        assert_eq!([1, 2, 3].map(|made| items(1, made)), [20, 20, 5]);
        assert_eq!([1, 2, 3, 4, 5, 6].map(|made| items(2, made)), [20, 20, 20, 20, 5, 5]);
    }

    /// Binomial(10 000, 0.3): standard deviation 46; five of them allowed.
    #[test]
    fn an_optional_step_is_taken_by_its_share_of_jobs() {
        let step = Step { chance_ppm: 300_000, ..Step::of(Operation(0), Count::Fixed(2)) };
        let taken = (0..10_000).filter_map(|n| step.task(&mut Load::default(), || draws(n)));
        let taken: Vec<Task> = taken.collect();
        assert!((2_770..=3_230).contains(&taken.len()), "{}", taken.len());
        assert!(taken.iter().all(|task| task.requests == 2));
    }

    #[test]
    fn a_step_may_change_the_items_of_those_after_it() {
        let items = Some(Count::Uniform { low: 3, high: 5 });
        let step = Step { items, per: Units::Item, ..Step::of(Operation(0), Count::Fixed(2)) };
        for n in 0..100 {
            let mut load = Load { items: 1, requests: 0 };
            let task = step.task(&mut load, || draws(n)).expect("taken");
            assert!((3..=5).contains(&load.items));
            assert_eq!(task.requests, 2 * load.items);
        }
    }
}
