//! `goal`, `worth` and `negligible_loss`: how strategies are ranked.

use super::Resolver;
use crate::catalog::OneOrMany;
use crate::catalog::Spanned;
use crate::limiter::Population;
use crate::metrics::Measure;
use crate::metrics::figures::Metric;
use crate::scenario::mistake::Mistake;
use crate::scenario::ranking::is_goal;
use crate::scenario::{Idle, Ranking, Width};
use crate::units::{Share, Span};
use crate::workload::{View, Workload};
use std::ops::Range;

impl Resolver<'_> {
    pub(super) fn read_ranking(
        &mut self,
        population: Population,
        workloads: &[Workload],
    ) -> Ranking {
        let default = Ranking::default();
        let goals = self.goals(self.raw.goal.clone(), population, workloads);
        let worth = self.worth(self.raw.worth.clone(), &goals).unwrap_or(default.worth);
        let loss = self.raw.negligible_loss.as_ref();
        let negligible_loss =
            loss.map_or(default.negligible_loss, |loss| loss.get_ref().0.as_f64());
        Ranking { goals, worth, negligible_loss }
    }

    /// What a scenario says of ranks although it has only one strategy.
    pub(super) fn nothing_to_rank(&self, strategies: usize) -> Vec<(String, Idle)> {
        let keys = [
            ("goal", self.raw.goal.is_some()),
            ("worth", self.raw.worth.is_some()),
            ("negligible_loss", self.raw.negligible_loss.is_some()),
        ];
        let unread = keys.into_iter().filter(|(_, raw)| *raw && strategies == 1);
        unread.map(|(key, _)| (key.to_string(), Idle::OneStrategy)).collect()
    }

    /// The measures that the scenario names.
    pub(super) fn goals(
        &mut self,
        raw: Option<Spanned<OneOrMany<String>>>,
        population: Population,
        workloads: &[Workload],
    ) -> Vec<Metric> {
        let Some(raw) = raw else { return Vec::new() };
        let place = raw.span();
        let names = raw.into_inner().0;
        if names.is_empty() {
            let help = "write goal = \"job_latency.p95\", or leave `goal` out";
            self.incomplete(place.clone(), "`goal` names no metric", help);
        }
        let mut goals = Vec::new();
        for name in names {
            let Some(goal) = Metric::of_key(&name) else {
                let mistake = Mistake::NoMetric { name };
                self.mistaken(place.clone(), &mistake);
                continue;
            };
            if goals.contains(&goal) {
                let message = format!("`goal` names {name} twice");
                self.no_effect(place.clone(), message, "write each metric once");
                continue;
            }
            self.check_goal((&name, goal), &place, population, workloads);
            goals.push(goal);
        }
        goals
    }

    /// A goal that is the same for every strategy decides nothing.
    fn check_goal(
        &mut self,
        (name, goal): (&str, Metric),
        place: &Range<usize>,
        population: Population,
        workloads: &[Workload],
    ) {
        if !is_goal(goal) {
            let message = format!("{name} cannot be a goal: strategies do not decide it");
            let help =
                "write a metric such as \"completion\", \"job_latency.p95\" or \"jobs.lost\"";
            self.contradiction(place.clone(), message, help);
        }
        if goal == Metric::Fairness && population.accounts == 1 {
            let message = "fairness needs several accounts, and there is 1";
            self.contradiction(place.clone(), message, "write clients.accounts, or another goal");
        }
        let aged = workloads.iter().any(|workload| workload.view != View::None);
        if matches!(goal, Metric::Age(_)) && !aged {
            let message = format!("{name} has no value here: no workload fetches data again");
            let help = "write arrivals.every or arrivals.notifications, or another goal";
            self.contradiction(place.clone(), message, help);
        }
    }

    /// The largest difference that is a tie: a share of a figure, or a time.
    pub(super) fn worth(
        &mut self,
        raw: Option<Spanned<String>>,
        goals: &[Metric],
    ) -> Option<Width> {
        let raw = raw?;
        let text = raw.get_ref();
        let share = text.parse::<Share>().ok().filter(|share| *share <= Share::WHOLE);
        if let Some(share) = share {
            return Some(Width::Relative(share.as_f64()));
        }
        let Ok(span) = text.parse::<Span>() else {
            let message = format!("`worth` cannot be \"{text}\"");
            self.malformed(raw.span(), message, "write a share such as \"1%\", or a time: \"5s\"");
            return None;
        };
        let no_time = |goal: &Metric| goal.measure() != Measure::Seconds;
        if !goals.is_empty() && goals.iter().all(no_time) {
            let message = format!("`worth` is a time, {span}, and `goal` names no time");
            self.contradiction(raw.span(), message, "write a share such as \"1%\"");
        }
        Some(Width::Absolute(span.as_secs_f64()))
    }
}
