//! `pace.counts`: a client that keeps a copy of the limits of a unit and knows what calls cost.
//!
//! ```text
//!   rate "100%"    for each limit of the unit a copy with that share of its figures
//!   rate "100/s"   one bucket of the client's own for all calls, of `burst` units
//! ```

use super::Resolver;
use crate::catalog::{Spanned, one_of};
use crate::limiter::{Limit, Limiter, Refill, Terms, TokenBucket};
use crate::scenario::raw::RawPace;
use crate::scenario::text::{BurstText, value};
use crate::strategy::{Copied, Pace, Turns};
use crate::units::{Rate, Share, Span};
use crate::wire::Operation;
use std::collections::HashMap;
use std::ops::Range;

type Lanes = (Vec<Turns>, Vec<Option<u16>>);

impl Resolver<'_> {
    /// The lanes of a client that counts units.
    pub(super) fn pace_by_units(
        &mut self,
        raw: &Spanned<RawPace>,
        counts: &Spanned<String>,
    ) -> Option<Pace> {
        let pace = raw.get_ref();
        self.check_beside_units(pace);
        let unit = self.unit_of_pace(counts)?;
        let Some(rate) = &pace.rate else {
            let help = "write rate = \"100%\" of what is published, or \"100/s\"";
            self.missing(Some(raw.span()), "`pace.rate` beside `counts`", help);
            return None;
        };
        let keep = self.kept(pace);
        let (lanes, lane_of) = match rate.get_ref().parse::<Share>() {
            Ok(share) if rate.get_ref().contains('%') => {
                let share = Share::from_ppm(share.ppm() * keep.ppm() / Share::WHOLE.ppm());
                self.copies_of_units(unit, (share, rate.span()), pace)?
            }
            _ => self.bucket_of_units(unit, (rate, keep), pace)?,
        };
        let sharing = self.pace_sharing(pace);
        Some(Pace { lanes, lane_of, sharing, counts: Some(unit) })
    }

    /// The unit that a client counts, by index.
    pub(super) fn unit_of_pace(&mut self, counts: &Spanned<String>) -> Option<u16> {
        let name = counts.get_ref();
        let Some(unit) = self.names.units.iter().position(|unit| unit == name) else {
            let known: Vec<&str> = self.names.units.iter().map(String::as_str).collect();
            let help = match known.is_empty() {
                true => "no limit counts units: leave `counts` out".into(),
                false => one_of(name, &known),
            };
            self.unknown((name, counts.span()), format!("no limit counts `{name}`"), &help);
            return None;
        };
        u16::try_from(unit).ok()
    }

    /// A copy of each limit that counts the unit; calls under several are paced by the tightest.
    fn copies_of_units(
        &mut self,
        unit: u16,
        (share, place): (Share, Range<usize>),
        pace: &RawPace,
    ) -> Option<Lanes> {
        let (mut lanes, mut lane_of) = (Vec::new(), vec![None; self.calls.len()]);
        let mut places: HashMap<(usize, Option<Operation>), u16> = HashMap::new();
        for (call, lane_of) in lane_of.iter_mut().enumerate() {
            let operation = Operation(u16::try_from(call).ok()?);
            let Some(number) = self.tightest_of_unit(operation, unit) else { continue };
            let own = self.limits[number].rule.scope.operation.then_some(operation);
            let lane = match places.get(&(number, own)) {
                Some(lane) => *lane,
                None => {
                    let lane = u16::try_from(lanes.len()).ok()?;
                    let turns = self.copy_of_unit(number, (share, place.clone()), pace)?;
                    lanes.push(turns);
                    places.insert((number, own), lane);
                    lane
                }
            };
            *lane_of = Some(lane);
        }
        Some((lanes, lane_of))
    }

    fn tightest_of_unit(&self, operation: Operation, unit: u16) -> Option<usize> {
        let limits = self.limits.iter().enumerate().filter(|(_, limit)| {
            limit.rule.limiter.unit() == Some(unit) && limit.rule.operations.contains(&operation)
        });
        let rate = |number: &usize| self.limits[*number].rule.limiter.published();
        limits.map(|(number, _)| number).min_by_key(rate)
    }

    fn copy_of_unit(
        &mut self,
        number: usize,
        (share, place): (Share, Range<usize>),
        pace: &RawPace,
    ) -> Option<Turns> {
        let limit = self.limits[number].rule.limiter.rule().clone();
        let part = |number: u32| {
            let part = u64::from(number) * share.ppm() / Share::WHOLE.ppm();
            u32::try_from(part).unwrap_or(u32::MAX).max(1)
        };
        let terms = match limit.terms()? {
            Terms::Rate { rate, burst } => {
                let Some(rate) = rate.share(share) else {
                    self.out_of_range(place, "a share of nothing", "write a share above 0%");
                    return None;
                };
                let burst = match value(pace.burst.as_ref()) {
                    None => burst,
                    Some(BurstText::Number(own)) => own.max(1),
                    Some(BurstText::Share(of)) => {
                        let part = u64::from(burst) * of.ppm() / Share::WHOLE.ppm();
                        u32::try_from(part).unwrap_or(u32::MAX).max(1)
                    }
                };
                Terms::Rate { rate, burst }
            }
            Terms::Number(most) => Terms::Number(part(most)),
        };
        let there = self.way_there(self.limits[number].rule.operations.first().copied());
        Some(Copied::new(limit.allowing(terms), there).into())
    }

    /// A bucket of the client's own.
    fn bucket_of_units(
        &mut self,
        unit: u16,
        (rate, keep): (&Spanned<String>, Share),
        pace: &RawPace,
    ) -> Option<Lanes> {
        let stated = match rate.get_ref().parse::<Rate>() {
            Ok(stated) => stated.share(keep).unwrap_or(stated),
            Err(unreadable) => {
                self.malformed(rate.span(), unreadable.0, "or a share, \"100%\"");
                return None;
            }
        };
        let burst = match (value(pace.burst.as_ref()), &pace.burst) {
            (Some(BurstText::Number(burst)), _) => burst.max(1),
            (_, written) => {
                let place = written.as_ref().map_or(rate.span(), Spanned::span);
                let help = "write the most units at once, such as burst = 2000";
                self.incomplete(place, "a stated rate of units needs a `burst`", help);
                return None;
            }
        };
        let bucket = TokenBucket::new(stated, burst, Refill::Continuous, burst);
        let bucket = Limiter::TokenBucket(bucket).counting(unit)?;
        Some((vec![Copied::new(bucket, Span::ZERO).into()], self.one_lane()))
    }

    /// Keys that have no effect beside `counts`.
    fn check_beside_units(&mut self, pace: &RawPace) {
        self.idle_pace(pace, &["rate", "margin", "burst"], |key| {
            let message = format!("`{key}` has no effect beside `counts`");
            (message, format!("leave `{key}` or `counts` out"))
        });
    }
}
