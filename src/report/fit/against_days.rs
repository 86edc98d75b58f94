//! A log beside a published quota of days that begin on the clocks of a zone.
//!
//! The days are known, so the log is held against them without looking for windows.

use super::finding::{self, Finding};
use super::stand::Stand;
use super::{Fitting, figures};
use crate::fit::days::{Asked, DAY};
use crate::fit::model::{Model, Survivor};
use crate::fit::series::Series;
use crate::report::words;
use crate::units::{Span, Zone};

/// A published quota of a day.
pub(super) struct Quota {
    /// Whose clocks.
    pub zone: Zone,
    /// How long after midnight a day begins.
    pub late: Span,
    /// Calls or units of a day.
    pub limit: i64,
}

impl Quota {
    /// What the log says of it.
    pub(super) fn stand(&self, fitting: Fitting<'_>, finding: &Finding<'_>) -> Stand {
        let Some(epoch) = fitting.heard.epoch() else {
            return Stand::Open("the times of the log are no dates".into());
        };
        let mut is_bounded = false;
        for (key, calls) in fitting.calls(finding) {
            if finding.of.is_some_and(|of| of != key) {
                continue;
            }
            let series = Series::new(calls);
            let asked = Asked::new(&series, epoch, fitting.start);
            let least = asked.least(&self.zone, self.late);
            if least > self.limit {
                // Whatever is missing from the log, there were so many.
                let many = figures::many((least, Some(least)), fitting);
                return Stand::Differs(format!("{many} were accepted in one day"));
            }
            if finding.both().is_some() {
                // A refused call need not be one of the quota's.
                continue;
            }
            let refuted = match asked.bounds(&self.zone, self.late) {
                Ok((_, Some(most))) if most < self.limit => {
                    let many = words::count(most.unsigned_abs());
                    format!("a call was refused in a day of at most {many}, it included")
                }
                Ok((_, most)) => {
                    is_bounded |= most.is_some();
                    continue;
                }
                Err(pair) => format!("{} contradict it", fitting.lines(finding::lines(pair))),
            };
            return match finding.trusted {
                true => Stand::Differs(refuted),
                false => Stand::Open(format!("calls may be missing; if none is: {refuted}")),
            };
        }
        if let Some(both) = finding.both() {
            let is_mine = |left: &Survivor| {
                left.model == Model::FixedWindow && left.holds(self.limit, None, Some(DAY))
            };
            return match both.limits.iter().any(is_mine) {
                true => Stand::Agrees,
                false => Stand::Open("two limits at once explain the log".into()),
            };
        }
        match is_bounded {
            true => Stand::Agrees,
            false => Stand::Open("no call was refused in a day that the log has whole".into()),
        }
    }
}
