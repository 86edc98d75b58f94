//! `pace`: the lanes of a client's pacer, from shares of what is published or from stated figures.
//!
//! ```text
//!   rate "95%"   a lane for each limit that the calls are under, at that share of its rate
//!   rate "2/s"   one lane for all calls
//!   margin       what is kept clear of either
//!   burst "50%"  a share of the published burst, at least 1
//!   split        each process keeps to its part: the rate and the burst over their number
//!   late         it waits after an answer instead of before a call: one more leaves at once
//!   emptied      a 429 takes all its turns away
//!   initial      turns in hand at first, if not the whole burst
//!   heed         what answers tell of the limits, instead of a rate: see `heed.rs`
//!   calls, each  so many calls in each so much time, instead of a rate: see `windowed.rs`
//! ```

use super::Resolver;
use super::lane::{Lane, ticks_of};
use super::strategies::sharing;
use crate::catalog::Spanned;
use crate::limiter::{Limit, Limiter, Terms};
use crate::scenario::raw::{RawPace, RawTurns, TurnsOrder};
use crate::scenario::text::{BurstText, Fraction, value};
use crate::strategy::{BurstAndYield, Pace, Pacer, Reservoir, Sharing, Turns};
use crate::units::{Instant, Rate, Share};
use crate::wire::Operation;
use std::collections::HashMap;

impl Resolver<'_> {
    /// The lanes of a paced client.
    pub(super) fn pace(&mut self, name: &Spanned<String>, raw: &Spanned<RawPace>) -> Option<Pace> {
        let pace = raw.get_ref();
        let zero = pace.burst.as_ref().filter(|burst| *burst.get_ref() == BurstText::Number(0));
        if let Some(zero) = zero {
            self.out_of_range(zero.span(), "a burst of 0 sends nothing", "write 1 or more");
        }
        if let Some(heed) = &pace.heed {
            return self.heeding(raw, heed);
        }
        if let Some(counts) = &pace.counts {
            return self.pace_by_units(raw, counts);
        }
        if pace.calls.is_some() || pace.each.is_some() || pace.window.is_some() {
            return self.windowed(raw);
        }
        self.check_turns(pace);
        let adaptive = self.adaptive(pace);
        let sharing = self.pace_sharing(pace);
        let Some(rate) = &pace.rate else {
            // A limiter that finds its rate by itself, for all calls.
            if let Some(turns @ Turns::AwsSdk(_)) = adaptive {
                return Some(Pace {
                    lanes: vec![turns],
                    lane_of: self.one_lane(),
                    sharing,
                    counts: None,
                });
            }
            let what = format!("`pace.rate` of strategy `{}`", name.get_ref());
            let help = "write pace.rate = \"95%\" of what is published, or \"0.45/s\"";
            self.missing(Some(raw.span()), &what, help);
            return None;
        };
        let keep = self.kept(pace);
        let (lanes, lane_of) = if rate.get_ref().contains('%') {
            self.shared_lanes(rate, keep, pace)?
        } else {
            self.stated_lane(rate, keep, pace)?
        };
        let split = value(pace.split.as_ref()).unwrap_or(false);
        let processes = value(self.raw.clients.processes.as_ref()).unwrap_or(1);
        let lanes = lanes.into_iter().map(|lane| match &adaptive {
            Some(Turns::AimdRate(found)) => found.clone().from_rate(lane.rate).into(),
            _ => {
                let lane = if split { lane.of_one_in(processes) } else { lane };
                self.turns(lane, pace)
            }
        });
        Some(Pace { lanes: lanes.collect(), lane_of, sharing, counts: None })
    }

    /// Who shares the lanes.
    pub(super) fn pace_sharing(&mut self, pace: &RawPace) -> Sharing {
        let (shared, across) = (pace.shared.as_ref(), value(pace.across.as_ref()));
        if let (Some(shared), Some(_)) = (shared.filter(|shared| *shared.get_ref()), across) {
            self.shared_beside_across(shared.span());
        }
        sharing(value(shared).unwrap_or(false), across)
    }

    pub(super) fn one_lane(&self) -> Vec<Option<u16>> {
        vec![Some(0); self.calls.len()]
    }

    fn adaptive(&mut self, pace: &RawPace) -> Option<Turns> {
        let adaptive = pace.adaptive.as_ref()?;
        let (block, found) = adaptive.get_ref().0.meant();
        self.check_block(adaptive.span(), found);
        Some(block)
    }

    /// Keys of which one makes the other idle.
    fn check_turns(&mut self, pace: &RawPace) {
        let evenly = |turns: &&Spanned<TurnsOrder>| *turns.get_ref() == TurnsOrder::Evenly;
        let follows = pace.follow_header.as_ref().filter(|follow| *follow.get_ref());
        let turns = pace.turns.as_ref().filter(|turns| !evenly(turns));
        if let Some(adaptive) = &pace.adaptive {
            let finds = matches!(adaptive.get_ref().0, RawTurns::AwsSdk(_));
            let idle = [
                pace.rate.as_ref().filter(|_| finds).map(|key| (key.span(), "rate")),
                pace.margin.as_ref().filter(|_| finds).map(|key| (key.span(), "margin")),
                pace.burst.as_ref().map(|key| (key.span(), "burst")),
                pace.initial.as_ref().map(|key| (key.span(), "initial")),
                follows.map(|key| (key.span(), "follow_header")),
                turns.map(|key| (key.span(), "turns")),
                pace.split.as_ref().map(|key| (key.span(), "split")),
                pace.late.as_ref().map(|key| (key.span(), "late")),
                pace.emptied.as_ref().map(|key| (key.span(), "emptied")),
            ];
            for (place, key) in idle.into_iter().flatten() {
                let message = format!("`{key}` decides nothing: the rate is adaptive");
                self.no_effect(place, message, &format!("leave `{key}` or `adaptive` out"));
            }
        }
        if let (Some(follow), Some(_)) = (follows, turns) {
            let message = "turns that come together follow no header";
            self.no_effect(follow.span(), message, "leave `follow_header` or `turns` out");
        }
        if let (Some(initial), Some(_)) = (&pace.initial, turns) {
            let message = "`initial` has no effect: turns that come together begin with all";
            self.no_effect(initial.span(), message, "leave `initial` or `turns` out");
        }
        let split = pace.split.as_ref().filter(|split| *split.get_ref());
        let shared = value(pace.shared.as_ref()) == Some(true) || pace.across.is_some();
        if let (Some(split), true) = (split, shared) {
            let message = "what is shared is not split";
            self.no_effect(split.span(), message, "leave `split`, or `shared` and `across`, out");
        }
        let emptied = pace.emptied.as_ref().filter(|emptied| *emptied.get_ref());
        if let (Some(emptied), Some(_)) = (emptied, turns) {
            let message = "turns that come together are not taken away";
            self.no_effect(emptied.span(), message, "leave `emptied` or `turns` out");
        }
    }

    /// What a margin leaves.
    pub(super) fn kept(&mut self, pace: &RawPace) -> Share {
        let Some(margin) = &pace.margin else { return Share::WHOLE };
        let Fraction(share) = *margin.get_ref();
        if share >= Share::WHOLE {
            let message = format!("a margin of {share} leaves nothing to send at");
            self.out_of_range(margin.span(), message, "write a margin below 100%, such as \"5%\"");
            return Share::WHOLE;
        }
        Share::from_ppm(Share::WHOLE.ppm() - share.ppm())
    }

    fn turns(&mut self, lane: Lane, pace: &RawPace) -> Turns {
        let late = value(pace.late.as_ref()).unwrap_or(false);
        let initial = self.initial(lane.burst, pace).map(|initial| initial + u32::from(late));
        let lane = Lane { burst: lane.burst.saturating_add(u32::from(late)), ..lane };
        if let Some(copy) = self.copied(lane, pace) {
            return copy;
        }
        match value(pace.turns.as_ref()) {
            Some(TurnsOrder::Bursts) => return BurstAndYield::new(lane.rate, lane.burst).into(),
            Some(TurnsOrder::Ticks) => return self.ticks(lane, pace),
            Some(TurnsOrder::WholeSeconds) => return Reservoir::of(lane.rate, lane.burst).into(),
            Some(TurnsOrder::Evenly) | None => {}
        }
        let mut pacer = Pacer::new(lane.rate, lane.burst);
        if let Some(initial) = initial {
            pacer = pacer.beginning_with(initial);
        }
        pacer.emptied = value(pace.emptied.as_ref()).unwrap_or(false);
        if let Some(follow) = pace.follow_header.as_ref().filter(|follow| *follow.get_ref()) {
            match lane.share {
                Some(share) => pacer.follow = Some(share),
                None => {
                    let help = "write rate = \"95%\": the share of the header's rate to keep to";
                    self.no_effect(follow.span(), "a stated rate follows no header", help);
                }
            }
        }
        pacer.into()
    }

    /// How many turns a pacer has in hand at first, if not all.
    fn initial(&mut self, burst: u32, pace: &RawPace) -> Option<u32> {
        let raw = pace.initial.as_ref()?;
        let initial = *raw.get_ref();
        if initial > burst {
            let message = format!("`initial` must not be above the burst, {burst}");
            self.out_of_range(raw.span(), message, "write less, or raise `burst`");
        }
        Some(initial.min(burst))
    }

    /// One lane for all calls, at a stated rate.
    fn stated_lane(
        &mut self,
        rate: &Spanned<String>,
        keep: Share,
        pace: &RawPace,
    ) -> Option<(Vec<Lane>, Vec<Option<u16>>)> {
        let burst = match (value(pace.burst.as_ref()), &pace.burst) {
            (Some(BurstText::Share(_)), Some(burst)) => {
                let message = "a share of which burst? the rate is a stated one";
                self.contradiction(burst.span(), message, "write a number");
                1
            }
            (Some(BurstText::Number(burst)), _) => burst.max(1),
            _ => 1,
        };
        let text = rate.get_ref();
        match text.parse::<Rate>() {
            Ok(stated) => {
                let rate = stated.share(keep).unwrap_or(stated);
                let tick = ticks_of(text, rate).filter(|_| keep == Share::WHOLE);
                let lane = Lane { rate, burst, share: None, limit: None, tick };
                Some((vec![lane], self.one_lane()))
            }
            Err(unreadable) => {
                self.malformed(rate.span(), unreadable.0, "or a share, \"95%\"");
                None
            }
        }
    }

    /// A lane for each limit that the calls are paced by: the tightest published one of each.
    fn shared_lanes(
        &mut self,
        rate: &Spanned<String>,
        keep: Share,
        pace: &RawPace,
    ) -> Option<(Vec<Lane>, Vec<Option<u16>>)> {
        let share: Share = match rate.get_ref().parse() {
            Ok(share) => share,
            Err(unreadable) => {
                self.malformed(rate.span(), unreadable.0, "write \"95%\"");
                return None;
            }
        };
        if share.ppm() > 2 * Share::WHOLE.ppm() {
            let message = format!("{share} of what is published");
            let help = "write up to \"200%\"; below 100% nothing is refused";
            self.out_of_range(rate.span(), message, help);
        }
        let share = Share::from_ppm(share.ppm() * keep.ppm() / Share::WHOLE.ppm());
        let (mut lanes, mut lane_of) = (Vec::new(), Vec::new());
        let mut places: HashMap<(usize, Option<Operation>), usize> = HashMap::new();
        for call in 0..self.calls.len() {
            let operation = Operation(u16::try_from(call).ok()?);
            let Some((limit, published)) = self.tightest[call] else {
                let message = format!(
                    "no rate is published for `{}` to take a share of",
                    self.names.calls[call]
                );
                self.incomplete(rate.span(), message, "state a rate, such as \"0.45/s\"");
                return None;
            };
            let Some(rate_of) = published.share(share) else {
                let message = format!("{share} of {published} is nothing");
                self.out_of_range(rate.span(), message, "write a share above 0%");
                return None;
            };
            let own = self.limits[limit].rule.scope.operation.then_some(operation);
            let lane = *places.entry((limit, own)).or_insert_with(|| {
                let burst = self.burst_of(limit, pace);
                let lane = Lane {
                    rate: rate_of,
                    burst,
                    share: Some(share),
                    limit: Some(limit),
                    tick: None,
                };
                lanes.push(lane);
                lanes.len() - 1
            });
            lane_of.push(u16::try_from(lane).ok());
        }
        Some((lanes, lane_of))
    }

    /// A number, or a share of what the limit's bucket holds when it is full.
    fn burst_of(&self, limit: usize, pace: &RawPace) -> u32 {
        match value(pace.burst.as_ref()) {
            None => 1,
            Some(BurstText::Number(burst)) => burst.max(1),
            Some(BurstText::Share(share)) => {
                let full = full(&self.limits[limit].rule.limiter);
                let part = u128::from(full) * u128::from(share.ppm()) / 1_000_000;
                u32::try_from(part).unwrap_or(u32::MAX).max(1)
            }
        }
    }

    /// For each call the limit with the lowest published rate, the first among equals.
    pub(super) fn tightest_of_calls(&self) -> Vec<Option<(usize, Rate)>> {
        let mut tightest: Vec<Option<(usize, Rate)>> = vec![None; self.calls.len()];
        for (number, limit) in self.limits.iter().enumerate() {
            // A limit for each thing asked for is no rate of a call.
            if limit.rule.limiter.unit().is_some() || limit.rule.scope.key {
                continue;
            }
            let Some(rate) = limit.rule.limiter.published() else { continue };
            for operation in &limit.rule.operations {
                let known = &mut tightest[usize::from(operation.0)];
                if known.is_none_or(|(_, lowest)| rate < lowest) {
                    *known = Some((number, rate));
                }
            }
        }
        tightest
    }
}

/// The most calls that a limit admits at once.
fn full(limiter: &Limiter) -> u64 {
    match (limiter.terms(), limiter.rule()) {
        (Some(Terms::Rate { burst, .. }), Limiter::TokenBucket(_) | Limiter::Quota(_)) => {
            u64::from(burst)
        }
        // What an account earns is not the client's to know; the page has the initial quota.
        (_, Limiter::Revenue(revenue)) => u64::from(revenue.rule().initial_tps),
        _ => limiter.level(Instant::ORIGIN).unwrap_or(1),
    }
}
