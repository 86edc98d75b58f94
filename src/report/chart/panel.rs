//! Panels: a plot with its axes, alone or as small multiples that share them.
//!
//! ```text
//!   title of y                     title of y
//!   20 ┤  ╱╲                       one                two
//!   10 ┤ ╱  ╲__         or       20 ┤ ╱╲            ┤ ╱─
//!    0 ┼────────                  0 ┼─────          ┼─────
//!      0   6 h   title of x         0   6 h           0   6 h   title of x
//! ```

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Point, Rect};
use super::font::text_width;
use super::style::{BASE, BODY, GRID, INK, LABEL, MARGIN, PANEL, TICK};

/// A plot and the axes that map values into it.
pub(super) struct Panel<'a> {
    pub plot: Rect,
    x: &'a Axis,
    y: &'a Axis,
}

/// From a plot to the labels of its ticks.
const LABEL_GAP: f64 = 8.0;
/// The height of a row of tick labels, or of the title of an axis.
const LABEL_ROW: f64 = 22.0;
/// The height of a panel's title.
const TITLE_ROW: f64 = 26.0;
/// Between one panel and the next at its right.
const PANEL_GAP: f64 = 26.0;
/// How far the labels of a panel may reach beyond its sides.
const OVERHANG: f64 = 10.0;
/// Between one panel and the title of the next beneath it.
const ROW_GAP: f64 = 14.0;
/// The height of a panel among others, with its title and the gap.
const PANEL_ROW: f64 = 196.0;
/// The most panels that small multiples show.
pub(super) const MOST_PANELS: usize = 8;

impl<'a> Panel<'a> {
    /// The panel of `plot`, with its grid drawn, and labels on those sides that are asked for.
    pub fn draw(
        canvas: &Canvas,
        plot: Rect,
        (x, x_labels): (&'a Axis, bool),
        (y, y_labels): (&'a Axis, bool),
    ) -> Self {
        let panel = Self { plot, x, y };
        draw_x_ticks(canvas, plot, x, x_labels);
        draw_y_ticks(canvas, plot, y, y_labels);
        canvas.path(&[(plot.left, plot.bottom), (plot.right, plot.bottom)], BASE, 1.25);
        panel
    }

    /// Where `x` and `y` lie on the canvas.
    pub fn at(&self, x: f64, y: f64) -> Point {
        let Rect { left, bottom, .. } = self.plot;
        let (across, up) = (self.x.place(x), self.y.place(y));
        (left + across * self.plot.width(), bottom - up * self.plot.height())
    }

    /// Where the values lie that are numbers.
    pub fn points(&self, values: &[(f64, f64)]) -> Vec<Point> {
        let sound = values.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
        sound.map(|(x, y)| self.at(*x, *y)).collect()
    }

    /// An upright dashed line at `x` with its name above it, clear of the title of the other axis.
    pub fn mark(&self, canvas: &Canvas, x: f64, name: &str, title: &str) {
        let across = self.at(x, 0.0).0;
        canvas.dashes(&[(across, self.plot.top), (across, self.plot.bottom)], INK);
        let half = text_width(name, LABEL) / 2.0;
        let first = MARGIN + text_width(title, TICK) + 16.0 + half;
        let place = across.max(first).min(self.plot.right - half);
        canvas.text(name, (place, self.plot.top - 20.0), Anchor::Middle, LABEL)
    }
}

/// Draws an upright line at each tick of `axis`, and the labels that have room beneath.
pub(super) fn draw_x_ticks(canvas: &Canvas, plot: Rect, axis: &Axis, labels: bool) {
    let mut free = f64::NEG_INFINITY;
    for (value, label) in &axis.ticks {
        let across = plot.left + axis.place(*value) * plot.width();
        canvas.path(&[(across, plot.top), (across, plot.bottom)], GRID, 1.0);
        let half = text_width(label, TICK) / 2.0;
        // Of two neighbours' labels at the gap between them, each keeps to its half.
        let (least, most) = (plot.left - OVERHANG + half, plot.right + OVERHANG - half);
        let middle = across.max(least).min(most);
        if labels && least <= most && middle - half >= free {
            let place = (middle, plot.bottom + LABEL_GAP + TICK.size / 2.0);
            canvas.text(label, place, Anchor::Middle, TICK);
            free = middle + half + 5.0;
        }
    }
}

/// Draws a level line at each tick of `axis`, and the labels that have room at the left.
fn draw_y_ticks(canvas: &Canvas, plot: Rect, axis: &Axis, labels: bool) {
    let mut free = f64::INFINITY;
    for (value, label) in &axis.ticks {
        let down = plot.bottom - axis.place(*value) * plot.height();
        canvas.path(&[(plot.left, down), (plot.right, down)], GRID, 1.0);
        if labels && down <= free {
            canvas.text(label, (plot.left - LABEL_GAP, down), Anchor::Right, TICK);
            free = down - 1.2 * TICK.size;
        }
    }
}

/// Panels that share their axes: one, or small multiples with a title each.
pub(super) struct Panels<'a> {
    pub x: &'a Axis,
    pub y: &'a Axis,
    /// The panels' titles; the first [`MOST_PANELS`] are drawn.
    pub titles: Vec<&'a str>,
}

/// How many columns hold `count` panels.
pub(super) fn columns(count: usize) -> usize {
    if count <= 3 { 1 } else { 2 }
}

/// The height that `count` panels need \[px\].
pub(super) fn height(count: usize) -> f64 {
    let count = count.clamp(1, MOST_PANELS);
    let rows = count.div_ceil(columns(count)) as f64;
    if count == 1 { BODY } else { 70.0 + rows * PANEL_ROW }
}

impl<'a> Panels<'a> {
    /// Draws one panel over all of `room`.
    pub fn one(canvas: &Canvas, room: Rect, x: &'a Axis, y: &'a Axis) -> Panel<'a> {
        let plot = plot_room(canvas, room, x, y);
        Panel::draw(canvas, plot, (x, true), (y, true))
    }

    /// Draws the grids of all panels into `room`.
    pub fn draw(&self, canvas: &Canvas, room: Rect) -> Vec<Panel<'a>> {
        let count = self.titles.len().clamp(1, MOST_PANELS);
        let columns = columns(count);
        let rows = count.div_ceil(columns) as f64;
        let all = plot_room(canvas, room, self.x, self.y);
        let width = (all.width() + PANEL_GAP) / columns as f64;
        let height = (all.height() + ROW_GAP) / rows;
        let mut panels = Vec::new();
        for (nth, title) in self.titles.iter().take(count).enumerate() {
            let (column, row) = ((nth % columns) as f64, (nth / columns) as f64);
            let (left, top) = (all.left + column * width, all.top + row * height);
            let plot = Rect {
                left,
                top: top + TITLE_ROW,
                right: left + width - PANEL_GAP,
                bottom: top + height - ROW_GAP,
            };
            canvas.text_within(title, (left, top + TITLE_ROW / 2.0), plot.width(), PANEL);
            let x = (self.x, nth + columns >= count);
            panels.push(Panel::draw(canvas, plot, x, (self.y, nth % columns == 0)));
        }
        panels
    }
}

/// What is left of `room` once the axes have their labels, with the titles of the axes drawn.
fn plot_room(canvas: &Canvas, room: Rect, x: &Axis, y: &Axis) -> Rect {
    canvas.text(&y.title, (room.left, room.top + TICK.size / 2.0), Anchor::Left, TICK);
    let plot = Rect {
        left: room.left + gutter(y),
        top: room.top + LABEL_ROW + 6.0,
        right: room.right - 12.0,
        bottom: room.bottom - 2.0 * LABEL_ROW,
    };
    let place = (plot.right, room.bottom - TICK.size / 2.0);
    canvas.text(&x.title, place, Anchor::Right, TICK);
    plot
}

/// The room that the labels of a vertical axis take.
pub(super) fn gutter(y: &Axis) -> f64 {
    let widths = y.ticks.iter().map(|(_, label)| text_width(label, TICK));
    widths.fold(0.0, f64::max) + LABEL_GAP
}
