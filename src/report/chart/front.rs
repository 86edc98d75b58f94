//! Two figures against each other, at one load a panel: every point of a sweep, and the line of
//! those that no other beats in both.
//!
//! ```text
//!   job latency │● 80 %   ·
//!               │ ╲   ■
//!               │  ●──● 95 %  ·
//!               └──────────────── throttle rate        less is better in both
//! ```

use super::axis::{Axis, peak};
use super::canvas::{Anchor, Canvas, Point, Rect};
use super::font::text_width;
use super::frame::{Entry, Frame, Swatch};
use super::panel::{MOST_PANELS, Panel, Panels, columns, height};
use super::style::{GREY, MARKER, TICK};
use super::{Heading, Measure, Picture, Series};

/// A figure that is traded for another.
#[derive(Debug, Clone, PartialEq)]
pub struct Trade {
    /// The metric.
    pub title: String,
    /// What it is measured in.
    pub measure: Measure,
}

/// A point with both figures.
#[derive(Debug, Clone, PartialEq)]
pub struct TradePoint {
    /// Both figures.
    pub at: (f64, f64),
    /// What it tells to whoever points at it.
    pub told: String,
    /// What stands beside it, if it is on the front.
    pub label: Option<String>,
}

/// What is traded at one load.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Load {
    /// The load; nothing where there is only one.
    pub title: String,
    /// For each strategy its points.
    pub series: Vec<Series<TradePoint>>,
    /// The points that no other beats, in ascending order of the first figure.
    pub front: Vec<(f64, f64)>,
}

/// The picture of a trade-off. It shows the first eight loads.
#[derive(Debug, Clone, PartialEq)]
pub struct Front {
    /// Title and subtitle.
    pub heading: Heading,
    /// What is traded for what.
    pub trades: [Trade; 2],
    /// The loads.
    pub loads: Vec<Load>,
}

impl Front {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let loads = &self.loads[..self.loads.len().min(MOST_PANELS)];
        let mut heading = self.heading.clone();
        if loads.len() < self.loads.len() {
            let (shown, all) = (loads.len(), self.loads.len());
            heading.subtitle.push_str(&format!(" · the first {shown} of {all} loads"));
        }
        let points = || loads.iter().flat_map(|load| &load.series).flat_map(|one| &one.values);
        let parts = if loads.len() > 3 { 3.0 } else { 5.0 };
        let [x, y] = &self.trades;
        let x = x.axis(peak(points().map(|point| point.at.0)), 5.0 / columns(loads.len()) as f64);
        let y = y.axis(peak(points().map(|point| point.at.1)), parts);
        let mut legend = loads.first().map_or_else(Vec::new, |load| Entry::of(&load.series));
        legend.push(Entry::new(Swatch::Line(GREY), "no other beats these in both"));
        let empty = points().next().is_none();
        let body = height(loads.len());
        Frame { heading: &heading, legend, body, empty }.draw(&|canvas, room| {
            if let [load] = loads {
                return load.draw(canvas, &Panels::one(canvas, room, &x, &y));
            }
            let titles = loads.iter().map(|load| load.title.as_str()).collect();
            let panels = Panels { x: &x, y: &y, titles }.draw(canvas, room);
            panels.iter().zip(loads).for_each(|(panel, load)| load.draw(canvas, panel))
        })
    }
}

impl Load {
    fn draw(&self, canvas: &Canvas, panel: &Panel) {
        let front = panel.points(&self.front);
        if front.len() > 1 {
            canvas.path(&front, GREY, 2.0);
        }
        let mut taken = Vec::new();
        let mut labels = Vec::new();
        for series in &self.series {
            for point in &series.values {
                let Some(place) = panel.points(&[point.at]).pop() else { continue };
                canvas.marker(place, series.strategy.place);
                canvas.spot_at(place, &point.told);
                taken.push(around(place, MARKER + 1.0));
                labels.extend(point.label.as_deref().map(|label| (place, label)));
            }
        }
        for (place, label) in labels {
            if let Some(free) = free_beside(place, label, panel.plot, &taken) {
                let middle = (free.left, (free.top + free.bottom) / 2.0);
                canvas.text(label, middle, Anchor::Left, TICK);
                taken.push(free);
            }
        }
    }
}

fn around((x, y): Point, by: f64) -> Rect {
    Rect { left: x - by, top: y - by, right: x + by, bottom: y + by }
}

/// Room for a label beside a point, within the plot and clear of what is there; `None` if there is
/// none.
fn free_beside((x, y): Point, label: &str, plot: Rect, taken: &[Rect]) -> Option<Rect> {
    let (width, half) = (text_width(label, TICK), TICK.size * 0.6);
    let (gap, above, below) = (MARKER + 4.0, y - MARKER - 3.0 - half, y + MARKER + 3.0 + half);
    let (right, left, middle) = (x + gap, x - gap - width, x - width / 2.0);
    let places = [
        (right, y),
        (middle, above),
        (middle, below),
        (left, y),
        (right, above),
        (right, below),
        (left, above),
        (left, below),
    ];
    let boxed = places.into_iter().map(|(left, middle)| Rect {
        left,
        top: middle - half,
        right: left + width,
        bottom: middle + half,
    });
    let inside = |of: &Rect| {
        of.left >= plot.left
            && of.right <= plot.right
            && of.top >= plot.top
            && of.bottom <= plot.bottom
    };
    let meets = |a: &Rect, b: &Rect| {
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    };
    boxed.into_iter().find(|of| inside(of) && !taken.iter().any(|other| meets(of, other)))
}

impl Trade {
    fn axis(&self, peak: f64, parts: f64) -> Axis {
        match self.measure {
            Measure::Share => Axis::shares(&self.title, peak, parts),
            Measure::Seconds => Axis::durations(&self.title, peak, parts),
            Measure::PerSecond | Measure::Number => Axis::amounts(&self.title, peak, parts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series, svg};
    use super::*;

    fn front(loads: usize, values: &[(f64, f64)]) -> Front {
        let trade = |title: &str, measure| Trade { title: title.into(), measure };
        let point = |(nth, at): (usize, &(f64, f64))| TradePoint {
            at: *at,
            told: format!("point {nth}"),
            label: Some(format!("rate {nth}")),
        };
        let load = |n: usize| Load {
            title: format!("load {n}"),
            series: series(2, |_| values.iter().enumerate().map(point).collect()),
            front: values.to_vec(),
        };
        Front {
            heading: heading(),
            trades: [trade("throttle rate", Measure::Share), trade("done", Measure::Seconds)],
            loads: (0..loads).map(load).collect(),
        }
    }

    #[test]
    fn points_and_their_front_are_drawn_load_by_load() {
        let values = [(0.0, 900.0), (0.1, 400.0), (0.5, 60.0)];
        let texts = ["throttle rate", "done", "50 %", "rate 0", "rate 2"];
        check_bytes(|| front(1, &values).draw(), &texts);
        let nine = check(front(9, &values).draw(), &["load 0", "load 7"]);
        assert!(svg(&nine).contains("the first 8 of 9 loads"));
    }

    /// Fifty points so near that most of their labels have no room: `check` finds no overlap.
    #[test]
    fn labels_without_room_are_left_out() {
        let near: Vec<_> =
            (0..50).map(|n| (0.4 + f64::from(n) / 1e3, 500.0 - f64::from(n))).collect();
        let drawn = check(front(1, &near).draw(), &["rate 0"]);
        let labels = svg(&drawn).lines().filter(|line| line.starts_with("rate ")).count();
        assert!((2..40).contains(&labels), "{labels}");
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        for values in [vec![], vec![(0.0, 0.0)], vec![(f64::NAN, 1.0), (1.0, f64::INFINITY)]] {
            check(front(1, &values).draw(), &[]);
            check(front(0, &values).draw(), &["no data"]);
        }
    }
}
