//! `pace.heed`: a client that acts on what answers tell of the limits.
//!
//! ```text
//!   calls ──► the limits of each that tell what it acts on ──► a lane for calls that share any
//! ```
//!
//! Calls of which no limit tells enough are not paced; where that is true of all, it is an error.

use super::Resolver;
use crate::catalog::Spanned;
use crate::limiter::Terms;
use crate::scenario::raw::{RawHeed, RawPace};
use crate::simulation::PlannedLimit;
use crate::strategy::{Heed, Heeded, Heeding, MOST_HEEDED, Pace, Sharing};
use crate::wire::Operation;
use std::ops::Range;

impl Resolver<'_> {
    /// The lanes of a client that acts on what it is told.
    pub(super) fn heeding(
        &mut self,
        raw: &Spanned<RawPace>,
        heed: &Spanned<RawHeed>,
    ) -> Option<Pace> {
        let pace = raw.get_ref();
        self.check_beside_heed(pace);
        let how = match heed.get_ref() {
            RawHeed::Reset => Heed::Reset,
            RawHeed::Spread => Heed::Spread,
            RawHeed::Level => Heed::Level,
        };
        let counts = match &pace.counts {
            Some(counts) => Some(self.unit_of_pace(counts)?),
            None => None,
        };
        let limits: Vec<(u16, &PlannedLimit)> =
            (0u16..).zip(&self.limits).filter(|(_, limit)| tells_enough(limit, how)).collect();
        let heeded: Vec<Heeded> =
            limits.iter().flat_map(|(number, limit)| heeded(*number, limit, counts)).collect();
        let unknown = limits.iter().find_map(|(_, limit)| {
            limit.rule.limiter.unit().filter(|unit| how == Heed::Level && Some(*unit) != counts)
        });
        let is_per_caller = limits.iter().any(|(_, limit)| {
            let scope = limit.rule.scope;
            scope.application || scope.account || scope.region || scope.process
        });
        let by_process = limits.iter().any(|(_, limit)| limit.rule.scope.process);
        if heeded.is_empty() {
            self.nothing_told(heed.span(), how);
            return None;
        }
        if let Some(unit) = unknown {
            let unit = self.names.units[usize::from(unit)].clone();
            let message = format!("what do calls cost? A limit that is heeded counts `{unit}`");
            self.incomplete(heed.span(), message, &format!("write counts = \"{unit}\" beside it"));
            return None;
        }
        let is_counted = heeded.iter().any(|limit| limit.counts_units);
        if let Some(counts) = pace.counts.as_ref().filter(|_| !is_counted) {
            let message = "`counts` has no effect: no limit that is heeded counts it";
            self.no_effect(counts.span(), message, "leave `counts` out");
        }
        let sharing = self.pace_sharing(pace);
        if let (Sharing::Everybody, Some(across), true) = (sharing, &pace.across, is_per_caller) {
            let message = "what one account is told says nothing of another's limit";
            self.contradiction(across.span(), message, "leave `across` out");
        }
        if let (Sharing::Caller, Some(shared), true) = (sharing, &pace.shared, by_process) {
            let message = "what one process is told says nothing of another's limit";
            self.contradiction(shared.span(), message, "leave `shared` out");
        }
        let (lanes, lane_of) = self.lanes_of(heeded);
        if let Some(lane) = lanes.iter().find(|lane| lane.len() > MOST_HEEDED) {
            let message = format!("{} limits tell calls that share one of them", lane.len());
            self.too_much(heed.span(), message, &format!("{MOST_HEEDED} can be heeded together"));
            return None;
        }
        let lanes = lanes.into_iter().map(|limits| Heeding::new(how, limits).into()).collect();
        Some(Pace { lanes, lane_of, sharing, counts })
    }

    fn nothing_told(&mut self, place: Range<usize>, how: Heed) {
        let (what, tells) = match how {
            Heed::Reset => ("what remains and a reset", "remaining = true, reset = \"seconds\""),
            Heed::Spread => ("what remains and a reset", "remaining = true, reset = \"seconds\""),
            Heed::Level => ("what remains of it", "level = true"),
        };
        let message = format!("no limit of these calls tells {what}");
        self.no_effect(place, message, &format!("write tells = {{ {tells} }} in a limit"));
    }

    /// Calls that share a limit share a lane.
    fn lanes_of(&self, heeded: Vec<Heeded>) -> (Vec<Vec<Heeded>>, Vec<Option<u16>>) {
        let mut lanes: Vec<Vec<Heeded>> = Vec::new();
        for limit in heeded {
            let shares = |lane: &Vec<Heeded>| {
                lane.iter().any(|other| other.calls.iter().any(|call| limit.calls.contains(call)))
            };
            let (mut joined, apart): (Vec<_>, Vec<_>) = lanes.into_iter().partition(shares);
            let mut lane: Vec<Heeded> = joined.drain(..).flatten().collect();
            lane.push(limit);
            lanes = apart;
            lanes.push(lane);
        }
        let of = |call: u16| {
            let mut lanes = (0u16..).zip(&lanes);
            let has =
                |lane: &Vec<Heeded>| lane.iter().any(|of| of.calls.contains(&Operation(call)));
            lanes.find(|(_, lane)| has(lane)).map(|(number, _)| number)
        };
        let lane_of = (0u16..).zip(&self.calls).map(|(call, _)| of(call)).collect();
        (lanes, lane_of)
    }

    /// Keys that have no effect beside `heed`.
    fn check_beside_heed(&mut self, pace: &RawPace) {
        self.idle_pace(pace, &[], |key| {
            let message = format!("`{key}` has no effect beside `heed`");
            (message, format!("leave `{key}` or `heed` out"))
        });
    }
}

/// True if answers tell of a limit what a client needs that does this.
fn tells_enough(limit: &PlannedLimit, how: Heed) -> bool {
    let tells = limit.tells;
    let ends = match how {
        Heed::Reset => tells.reset.is_some() || tells.next.is_some(),
        Heed::Spread => tells.reset.is_some(),
        Heed::Level => tells.reset.is_some() || comes_back(limit),
    };
    // What is told of one thing that is asked for says nothing of the next.
    tells.remaining && ends && !limit.rule.scope.key
}

/// True if it comes back at a rate that is published.
fn comes_back(limit: &PlannedLimit) -> bool {
    matches!(limit.rule.limiter.terms(), Some(Terms::Rate { .. }))
}

/// A limit as its clients know it: one for each call if it tells calls apart.
fn heeded(number: u16, limit: &PlannedLimit, counts: Option<u16>) -> Vec<Heeded> {
    let rule = &limit.rule;
    let unit = rule.limiter.unit();
    let rate = match rule.limiter.terms() {
        Some(Terms::Rate { rate, .. }) => Some(rate),
        _ => None,
    };
    let most = rule.limiter.most().unwrap_or(1);
    let new = |calls: Vec<Operation>| {
        Heeded::new((number, calls), unit.is_some() && unit == counts, (rate, most))
    };
    match rule.scope.operation {
        true => rule.operations.iter().map(|operation| new(vec![*operation])).collect(),
        false => vec![new(rule.operations.clone())],
    }
}
