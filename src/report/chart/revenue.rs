//! Quotas that revenue earns, by day: revenue of the trailing 30 days, requests granted and used
//! a day, requests granted a second; a spiral up, or down?
//!
//! Source: Amazon Associates, "API Rates": an account starts with an initial quota and then earns
//! TPD (transactions per day) and TPS (transactions per second) with the revenue of 30 days.
//!
//! ```text
//!   ░not active░│▒▒▒initial▒▒▒│▓▓▓▓▓earned▓▓▓▓▓│░lost░     shaded over all three panels
//! ```

use super::axis::{Axis, peak};
use super::canvas::{Anchor, Canvas, Rect};
use super::clock::DAY;
use super::font::text_width;
use super::frame::{Entry, Frame, Swatch};
use super::line::corners;
use super::panel::{Panel, gutter};
use super::style::{ADMITTED, Colour, GRANTED, LABEL, PANEL, PHASES, STROKE, TICK, WIDTH};
use super::{Heading, Picture};
use crate::units::Span;
use jiff::civil::DateTime;

/// Where an account stands with its provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Too new to be served.
    NotActive,
    /// Served by the initial quota, whatever it earns.
    Initial,
    /// Served by what it earned.
    Earned,
    /// Without access, for want of revenue.
    Lost,
}

/// One day of an account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuotaDay {
    /// The revenue of the trailing 30 days \[USD\].
    pub revenue: f64,
    /// Requests granted for the day.
    pub tpd: f64,
    /// Requests granted a second.
    pub tps: f64,
    /// Requests admitted on the day.
    pub used: f64,
    /// Where the account stands.
    pub phase: Phase,
}

/// The picture of a quota that revenue earns.
#[derive(Debug, Clone, PartialEq)]
pub struct RevenueQuota {
    /// Title and subtitle.
    pub heading: Heading,
    /// What virtual time 0 is on the calendar, if the scenario says so.
    pub start: Option<DateTime>,
    /// The days, the first beginning at time 0.
    pub days: Vec<QuotaDay>,
}

impl Phase {
    const ALL: [Self; 4] = [Self::NotActive, Self::Initial, Self::Earned, Self::Lost];

    fn name(self) -> &'static str {
        match self {
            Self::NotActive => "not active",
            Self::Initial => "initial quota",
            Self::Earned => "earned quota",
            Self::Lost => "access lost",
        }
    }

    fn shade(self) -> Colour {
        match self {
            Self::NotActive => PHASES[0],
            Self::Initial => PHASES[1],
            Self::Earned => PHASES[2],
            Self::Lost => PHASES[3],
        }
    }
}

const PANEL_HEIGHT: f64 = 210.0;
const TITLE_ROW: f64 = 46.0;
const PHASE_ROW: f64 = 26.0;
/// What the edges and the labels of the vertical axes take of a picture's width, about.
const SIDES: f64 = 110.0;

impl RevenueQuota {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let peak = |of: fn(&QuotaDay) -> f64| peak(self.days.iter().map(of));
        let end = Span::DAY.times(self.days.len().try_into().unwrap_or(u64::MAX));
        let x = Axis::time(end, self.start, WIDTH);
        let axes = [
            Axis::amounts("revenue of the trailing 30 days [USD]", peak(|day| day.revenue), 3.0),
            Axis::counts("requests per day", peak(|day| day.tpd.max(day.used))),
            Axis::counts("requests per second", peak(|day| day.tps)),
        ];
        let mut legend = vec![
            Entry::new(Swatch::Line(GRANTED), "earned and granted"),
            Entry::new(Swatch::Area(ADMITTED), "used"),
        ];
        let unnamed = Phase::ALL.into_iter().filter(|phase| self.is_too_narrow(*phase));
        legend.extend(unnamed.map(|phase| Entry::new(Swatch::Area(phase.shade()), phase.name())));
        let body = PHASE_ROW + 3.0 * PANEL_HEIGHT + 44.0;
        let empty = self.days.is_empty();
        Frame { heading: &self.heading, legend, body, empty }.draw(&|canvas, room| {
            let left = room.left + axes.iter().map(gutter).fold(0.0, f64::max);
            let place = (room.right - 12.0, room.bottom - TICK.size / 2.0);
            canvas.text(&x.title, place, Anchor::Right, TICK);
            for (nth, y) in axes.iter().enumerate() {
                let top = room.top + PHASE_ROW + nth as f64 * PANEL_HEIGHT;
                let (right, bottom) = (room.right - 12.0, top + PANEL_HEIGHT);
                let plot = Rect { left, top: top + TITLE_ROW, right, bottom };
                self.draw_phases(canvas, &x, plot, (nth == 0).then_some(room.top));
                canvas.text(&y.title, (room.left, top + TITLE_ROW - 18.0), Anchor::Left, PANEL);
                let panel = Panel::draw(canvas, plot, (&x, nth == 2), (y, true));
                match nth {
                    0 => self.steps(canvas, &panel, |day| day.revenue),
                    1 => {
                        self.draw_used(canvas, &panel);
                        self.steps(canvas, &panel, |day| day.tpd);
                    }
                    _ => self.steps(canvas, &panel, |day| day.tps),
                }
            }
        })
    }

    /// The runs of days of one phase.
    fn runs(&self) -> impl Iterator<Item = (Phase, usize)> {
        let runs = self.days.chunk_by(|one, other| one.phase == other.phase);
        runs.map(|run| (run[0].phase, run.len()))
    }

    /// Whether `days` days are wide enough to bear the name of `phase`.
    fn holds(&self, days: usize, phase: Phase) -> bool {
        let width = (WIDTH - SIDES) * days as f64 / self.days.len() as f64;
        text_width(phase.name(), LABEL) + 4.0 <= width
    }

    /// Whether the account passes through `phase`, but never long enough to bear its name.
    fn is_too_narrow(&self, phase: Phase) -> bool {
        let longest = self.runs().filter(|run| run.0 == phase).map(|run| run.1).max();
        longest.is_some_and(|days| !self.holds(days, phase))
    }

    /// Shades each run of days of one phase, and names it in the row at `names` if it has room.
    fn draw_phases(&self, canvas: &Canvas, x: &Axis, plot: Rect, names: Option<f64>) {
        let mut first = 0;
        for (phase, days) in self.runs() {
            let across = |day: usize| plot.left + x.place(morning(day)) * plot.width();
            let (left, right) = (across(first), across(first + days));
            first += days;
            canvas.rect(Rect { left, right, ..plot }, phase.shade());
            let Some(top) = names else { continue };
            let strip = Rect { left, right, top: top + 2.0, bottom: top + PHASE_ROW - 2.0 };
            canvas.rect(strip, phase.shade());
            if self.holds(days, phase) {
                let middle = ((left + right) / 2.0, (strip.top + strip.bottom) / 2.0);
                canvas.text(phase.name(), middle, Anchor::Middle, LABEL);
            }
        }
    }

    /// A line that holds each day's value from midnight to midnight.
    fn steps(&self, canvas: &Canvas, panel: &Panel, value: fn(&QuotaDay) -> f64) {
        let last = self.days.last().map(|day| (morning(self.days.len()), value(day)));
        let days = self.days.iter().enumerate().map(|(nth, day)| (morning(nth), value(day)));
        let days: Vec<_> = days.chain(last).collect();
        canvas.path(&corners(&panel.points(&days)), GRANTED, STROKE)
    }

    /// A bar a day.
    fn draw_used(&self, canvas: &Canvas, panel: &Panel) {
        for (nth, day) in self.days.iter().enumerate() {
            let (left, top) = panel.at(morning(nth) + 0.1 * DAY, day.used);
            let (right, bottom) = panel.at(morning(nth) + 0.9 * DAY, 0.0);
            canvas.rect(Rect { left, top, right, bottom }, ADMITTED);
        }
    }
}

/// When the `nth` day begins \[s\].
fn morning(nth: usize) -> f64 {
    nth as f64 * DAY
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, svg};
    use super::*;

    fn day(phase: Phase, revenue: f64, tpd: f64) -> QuotaDay {
        QuotaDay { revenue, tpd, tps: tpd / 8_640.0, used: tpd / 2.0, phase }
    }

    fn picture(days: Vec<QuotaDay>) -> RevenueQuota {
        RevenueQuota { heading: heading(), start: None, days }
    }

    #[test]
    fn quotas_are_drawn_by_day_and_phase() {
        let mut days = vec![day(Phase::NotActive, 0.0, 0.0); 2];
        days.extend((2..30).map(|n| day(Phase::Initial, f64::from(n), 8_640.0)));
        days.extend((30..60).map(|n| day(Phase::Earned, f64::from(n) * 20.0, 24_000.0)));
        let texts =
            ["revenue of the trailing 30 days [USD]", "requests per day", "requests per second"];
        check_bytes(|| picture(days.clone()).draw(), &texts);
        let phases = ["not active", "initial quota", "earned quota"];
        let drawn = check(picture(days.clone()).draw(), &phases);
        assert!(!svg(&drawn).contains("access lost"));
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        for value in [
            day(Phase::Lost, 0.0, 0.0),
            day(Phase::Earned, 1e9, 1e9),
            day(Phase::Initial, f64::NAN, f64::INFINITY),
            day(Phase::Initial, -1.0, -1.0),
        ] {
            for count in [0, 1, 40] {
                check(picture(vec![value; count]).draw(), &[]);
            }
        }
    }
}
