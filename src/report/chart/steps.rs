//! One account step by step: what its limits had left, and beneath it a lane for each request under
//! way, with its attempts and its waits.
//!
//! ```text
//!   left of usage-plan   2 ┤▔▔╲▁▁╱╲▁▁
//!   requests             ▆▆──▆▆···▆▆▆      attempts; back-off; until a turn or a worker is free
//!                           ▆▆────│──▆▆▆   │ from here on all limits would have admitted it
//!                        0   5 s   10 s
//! ```

use super::axis::{Axis, peak};
use super::canvas::{Anchor, Canvas, Rect};
use super::frame::{Entry, Frame, Swatch};
use super::line::corners;
use super::panel::{Panel, draw_x_ticks, gutter};
use super::style::{ADMITTED, Colour, FAILED, GRANTED, GREY, INK, PANEL, THROTTLED, TICK, WIDTH};
use super::{Heading, Picture};
use crate::units::Span;

/// What a part of a lane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// An attempt that was admitted.
    Admitted,
    /// An attempt that was throttled.
    Throttled,
    /// An attempt that failed.
    Failed,
    /// Waiting as the client's retries want it.
    BackOff,
    /// Waiting after that, until the pace has a turn or a worker is free.
    Turn,
}

/// A part of a lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Which lane, from 0.
    pub lane: usize,
    /// Where it begins and ends \[s since the window's begin\].
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What it shows.
    pub stage: Stage,
}

/// The picture of one account step by step.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    /// Title and subtitle.
    pub heading: Heading,
    /// When the window begins, in words.
    pub begins: String,
    /// How long it is.
    pub length: Span,
    /// For each limit a title and what it had left: since when \[s\], how much.
    pub levels: Vec<(String, Vec<(f64, f64)>)>,
    /// The parts of all lanes.
    pub bars: Vec<Bar>,
    /// On which lane and when \[s\] limits would have admitted an attempt that they refused.
    pub clear: Vec<(usize, f64)>,
}

/// The most lanes and limits that are drawn.
pub const MOST_LANES: usize = 40;
const MOST_LIMITS: usize = 3;
const LANE: f64 = 13.0;
const LEVEL: f64 = 84.0;
const HEAD: f64 = 26.0;
const FOOT: f64 = 48.0;

impl Steps {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let all = self.bars.iter().map(|bar| bar.lane + 1).max().unwrap_or(0);
        let lanes = all.min(MOST_LANES);
        let limits = &self.levels[..self.levels.len().min(MOST_LIMITS)];
        let mut heading = self.heading.clone();
        if lanes < all {
            heading.subtitle.push_str(&format!(" · the first {lanes} of {all} lanes"));
        }
        let rows = LANE * lanes.max(1) as f64;
        let body = (LEVEL + HEAD) * limits.len() as f64 + HEAD + rows + FOOT;
        let frame = Frame { heading: &heading, legend: self.legend(), body, empty: all == 0 };
        frame.draw(&|canvas, room| {
            let mut x = Axis::time(self.length, None, WIDTH);
            x.title = format!("time since {}", self.begins);
            let axes: Vec<Axis> = limits.iter().map(|(_, values)| level_axis(values)).collect();
            let left = room.left + axes.iter().map(gutter).fold(0.0, f64::max);
            let plot = |top: f64, height: f64| Rect {
                left,
                top,
                right: room.right - 12.0,
                bottom: top + height,
            };
            let mut top = room.top;
            for ((title, values), y) in limits.iter().zip(&axes) {
                canvas.text_within(title, (left, top + HEAD / 2.0), room.right - left, PANEL);
                let panel =
                    Panel::draw(canvas, plot(top + HEAD, LEVEL - 12.0), (&x, false), (y, true));
                canvas.path(&corners(&panel.points(values)), GRANTED, 2.25);
                top += LEVEL + HEAD;
            }
            canvas.text("requests", (left, top + HEAD / 2.0), Anchor::Left, PANEL);
            let plot = plot(top + HEAD, rows);
            draw_x_ticks(canvas, plot, &x, true);
            self.draw_lanes(canvas, plot, &x);
            let place = (plot.right, room.bottom - TICK.size / 2.0);
            canvas.text(&x.title, place, Anchor::Right, TICK)
        })
    }

    /// What is drawn of attempts, waits and limits.
    fn legend(&self) -> Vec<Entry> {
        let stages = [
            (Stage::Admitted, Swatch::Area(ADMITTED), "admitted"),
            (Stage::Throttled, Swatch::Area(THROTTLED), "throttled"),
            (Stage::Failed, Swatch::Area(FAILED), "failed"),
            (Stage::BackOff, Swatch::Line(GREY), "back-off"),
            (Stage::Turn, Swatch::Dashes, "until a turn or a worker is free"),
        ];
        let drawn =
            |stage: Stage| self.bars.iter().any(|bar| bar.lane < MOST_LANES && bar.stage == stage);
        let used = stages.into_iter().filter(|(stage, ..)| drawn(*stage));
        let mut legend: Vec<Entry> =
            used.map(|(_, swatch, text)| Entry::new(swatch, text)).collect();
        if self.clear.iter().any(|(lane, _)| *lane < MOST_LANES) {
            let text = "vertical black mark: the limits would admit from here";
            legend.push(Entry::new(Swatch::Line(INK), text));
        }
        legend
    }

    fn draw_lanes(&self, canvas: &Canvas, plot: Rect, x: &Axis) {
        let across = |at: f64| plot.left + x.place(at) * plot.width();
        let middle = |lane: usize| plot.top + LANE * (lane as f64 + 0.5);
        for (lane, at) in self.clear.iter().filter(|(lane, _)| *lane < MOST_LANES) {
            let (at, y) = (across(*at), middle(*lane));
            canvas.path(&[(at, y - 6.0), (at, y + 6.0)], INK, 1.5);
        }
        for bar in self.bars.iter().filter(|bar| bar.lane < MOST_LANES) {
            let (left, right, y) = (across(bar.from), across(bar.to), middle(bar.lane));
            match bar.stage.colour() {
                Some(colour) => {
                    // An attempt that takes no time is seen, too.
                    let right = right.max(left + 2.0);
                    let rect = Rect { left, top: y - 4.5, right, bottom: y + 4.5 };
                    canvas.rect(rect, colour);
                }
                None if bar.stage == Stage::BackOff => {
                    canvas.path(&[(left, y), (right, y)], GREY, 1.25);
                }
                None => canvas.dashes(&[(left, y), (right, y)], GREY),
            }
        }
    }
}

impl Stage {
    /// The colour of an attempt; none of a wait.
    const fn colour(self) -> Option<Colour> {
        match self {
            Self::Admitted => Some(ADMITTED),
            Self::Throttled => Some(THROTTLED),
            Self::Failed => Some(FAILED),
            Self::BackOff | Self::Turn => None,
        }
    }
}

fn level_axis(values: &[(f64, f64)]) -> Axis {
    let peak = peak(values.iter().map(|(_, left)| *left));
    let mut axis = Axis::counts("", peak);
    // Two labels are enough for a low panel.
    axis.ticks.drain(1..axis.ticks.len() - 1);
    axis
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading};
    use super::*;

    fn picture(lanes: usize, limits: usize) -> Steps {
        let bars = (0..lanes).flat_map(|lane| {
            let stages =
                [Stage::Throttled, Stage::BackOff, Stage::Turn, Stage::Failed, Stage::Admitted];
            let bar =
                move |(nth, stage)| Bar { lane, from: nth as f64, to: nth as f64 + 1.0, stage };
            stages.into_iter().enumerate().map(bar)
        });
        Steps {
            heading: heading(),
            begins: "1 h 02 min".into(),
            length: Span::from_secs(5),
            levels: vec![
                ("left of “plan”".into(), vec![(0.0, 3.0), (2.0, 0.0), (5.0, 1.0)]);
                limits
            ],
            bars: bars.collect(),
            clear: vec![(0, 2.5), (lanes, 1.0)],
        }
    }

    #[test]
    fn lanes_stand_under_the_levels() {
        let texts = [
            "left of “plan”",
            "requests",
            "time since 1 h 02 min",
            "throttled",
            "2 s",
            "vertical black mark: the limits would admit from here",
        ];
        check_bytes(|| picture(4, 2).draw(), &texts);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(picture(0, 0).draw(), &["no data"]);
        check(picture(90, 9).draw(), &[]);
        let mut odd = picture(1, 1);
        odd.bars[0].to = f64::NAN;
        odd.levels = vec![(String::new(), vec![(0.0, f64::NAN)]), ("x".into(), Vec::new())];
        odd.length = Span::ZERO;
        check(odd.draw(), &[]);
    }
}
