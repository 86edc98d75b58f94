//! `arrivals.stages`, `.hourly` and `.on_off`: rates that change, checked.

use super::Resolver;
use super::header::Header;
use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::scenario::raw::{RateOrNone, RawHourly, RawOnOff, RawStage};
use crate::units::quantity::{span, whole};
use crate::units::{Rate, Span};
use crate::workload::{Arrivals, OnOff, Profile, Stage};
use std::ops::Range;

/// Monday 1970-01-05 00:00 UTC \[s since 1970\].
const A_MONDAY: i64 = 4 * 86_400;

/// Changes of state in a run beyond which it would take all day.
const MOST_SWITCHES: f64 = 1e8;

impl Resolver<'_> {
    pub(super) fn stages(
        &mut self,
        raw: &[Spanned<RawStage>],
        place: Range<usize>,
        duration: Span,
    ) -> Arrivals {
        let mut stages: Vec<Stage> = Vec::new();
        let mut begin = Span::ZERO;
        for stage in raw {
            if begin >= duration {
                let message = format!("a stage that begins at {begin} comes after arrivals stop");
                let help = format!("they stop at {duration}: raise `duration`");
                self.no_effect(stage.span(), message, &help);
                break;
            }
            let length = stage.get_ref().length.0;
            if length.is_zero() {
                self.out_of_range(stage.span(), "a stage of no time", "write for = \"1h\"");
                continue;
            }
            let before = stages.last().map_or(0.0, |stage| stage.to);
            let (from, to) = self.rates(stage, before);
            stages.push(Stage { length, from, to });
            begin = begin + length;
        }
        if stages.iter().all(|stage| stage.from + stage.to <= 0.0) {
            let help = "without one nothing arrives: stages = [{ for = \"1h\", rate = \"1/s\" }]";
            self.missing(Some(place), "a `rate` above 0 in the stages", help);
        }
        Arrivals::Profile(Profile::once(stages))
    }

    /// The rates at the beginning and the end of a stage, the one before having ended at `before`.
    fn rates(&mut self, stage: &Spanned<RawStage>, before: f64) -> (f64, f64) {
        let per_second = |Quantity(RateOrNone(rate)): Quantity<RateOrNone>| {
            rate.map_or(0.0, Rate::per_second_f64)
        };
        let RawStage { rate, from, to, .. } = *stage.get_ref();
        match (rate.map(per_second), from.map(per_second), to.map(per_second)) {
            (Some(rate), None, None) => (rate, rate),
            (None, from, Some(to)) => (from.unwrap_or(before), to),
            (None, None, None) => (0.0, 0.0),
            (None, Some(from), None) => {
                let help = "write to = \"0/s\" for a ramp to nothing, or `rate` for a steady stage";
                self.missing(Some(stage.span()), "`to` of a ramp", help);
                (from, from)
            }
            (Some(rate), ..) => {
                let help = "keep `rate` for a steady stage, or `from` and `to` for a ramp";
                self.contradiction(stage.span(), "`rate` beside `from` or `to`", help);
                (rate, rate)
            }
        }
    }

    pub(super) fn hourly(&mut self, hourly: &RawHourly, start: Option<i64>) -> Arrivals {
        let (weights, place) = (hourly.weights.get_ref(), hourly.weights.span());
        let hours = weights.len();
        let cycle: i64 = if hours == 24 { 86_400 } else { 7 * 86_400 };
        let since = (start.unwrap_or(A_MONDAY) - A_MONDAY).rem_euclid(cycle);
        let phase = Span::from_secs(since.unsigned_abs());
        if hours != 24 && hours != 168 {
            let help = "write 24, the hours of a day, or 168, of a week from Monday 00:00 UTC on";
            self.out_of_range(place, format!("{hours} weights"), help);
        } else if let Some(weight) = weights.iter().find(|w| !w.is_finite() || **w < 0.0) {
            self.out_of_range(place, format!("{weight} is no weight"), "write numbers from 0 on");
        } else if let Some(profile) = Profile::hourly(hourly.mean.0, weights, phase) {
            if start.is_none() {
                self.assume_midnight();
            }
            return Arrivals::Profile(profile);
        } else {
            let help = "give at least one hour a weight above 0";
            self.out_of_range(place, "weights that are all 0", help);
        }
        Arrivals::Burst(Vec::new())
    }

    fn assume_midnight(&mut self) {
        let guess = "virtual time 0 is Monday 00:00 UTC for `arrivals.hourly`: no `start` is given";
        self.assume(guess);
    }

    pub(super) fn on_off(
        &mut self,
        on_off: &RawOnOff,
        place: Range<usize>,
        header: &Header,
    ) -> Arrivals {
        let (mean_on, mean_off) = (on_off.mean_on.get_ref().0, on_off.mean_off.get_ref().0);
        for mean in [&on_off.mean_on, &on_off.mean_off] {
            if mean.get_ref().0.is_zero() {
                let help = "write \"10m\"; for a single state, write arrivals.poisson";
                self.out_of_range(mean.span(), "a state of no time", help);
            }
        }
        let (cycle, run) = ((mean_on + mean_off).as_secs_f64(), header.duration.as_secs_f64());
        let switches = 2.0 * run / cycle;
        if switches.is_finite() && switches > MOST_SWITCHES {
            let (switches, long) = (whole(switches), span(header.duration));
            let message = format!("about {switches} changes of state in {long}");
            self.too_much(place, message, "lengthen `mean_on` and `mean_off`");
        }
        Arrivals::OnOff(OnOff {
            on: on_off.on.0,
            off: on_off.off.and_then(|Quantity(RateOrNone(rate))| rate),
            mean_on,
            mean_off,
            end: header.duration,
        })
    }
}
