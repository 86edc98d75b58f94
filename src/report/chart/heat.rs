//! A metric over two parameters: a map for each strategy, darker where there is more, the cells in
//! which all expectations are met outlined.
//!
//! ```text
//!   ┌──┬──┬──┬──┐
//!   │  │░░│▒▒│▓▓│      ━━ all expectations are met
//!   ┏━━┷━━┓▒▒│▓▓│
//!   ┃  ░░ ┃▒▒│▓▓│
//! ```

use super::Measure;
use super::axis::Spread;
use super::canvas::{Anchor, Canvas, Rect};
use super::font::text_width;
use super::frame::{Entry, Frame, Swatch};
use super::style::{Colour, INK, LABEL, PANEL, PAPER, TICK};
use super::{Estimate, Heading, Picture};
use crate::report::words;
use crate::units::quantity::short;
use plotters::style::RGBColor;

/// A cell of a map.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Heat {
    /// The metric; `None` where it has no value.
    pub value: Option<Estimate>,
    /// True if all expectations are met; `None` if there are none.
    pub met: Option<bool>,
}

/// The picture of a metric over two parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMaps {
    /// Title and subtitle.
    pub heading: Heading,
    /// What the metric is measured in.
    pub measure: Measure,
    /// From left to right.
    pub x: Spread,
    /// From bottom to top.
    pub y: Spread,
    /// For each map its title and its cells, row by row from the bottom.
    pub maps: Vec<(String, Vec<Heat>)>,
}

/// Maps that one picture has room for.
pub const MOST_MAPS: usize = 12;
const CELL: f64 = 34.0;
const TITLE: f64 = 28.0;
const FOOT: f64 = 62.0;
const GAP: f64 = 30.0;
/// The colour of the greatest value.
const DARK: Colour = RGBColor(0xB4, 0x46, 0x00);
/// The ground of cells without a value.
const NONE: Colour = RGBColor(0xE9, 0xE9, 0xE9);

impl HeatMaps {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let shown = self.maps.len().min(MOST_MAPS);
        let columns = if shown > 1 { 2 } else { 1 };
        let rows = shown.div_ceil(columns);
        let cell = CELL.min(420.0 / self.y.values.len().max(1) as f64).max(8.0);
        let height = TITLE + cell * self.y.values.len() as f64 + FOOT;
        let judged = self.maps.iter().flat_map(|(_, cells)| cells).any(|cell| cell.met.is_some());
        let mut legend = Vec::new();
        if judged {
            legend.push(Entry::new(Swatch::Line(INK), "outlined: all expectations are met"));
        }
        if self.maps.iter().flat_map(|(_, cells)| cells).any(|cell| cell.value.is_none()) {
            legend.push(Entry::new(Swatch::Area(NONE), "no value: work was lost"));
        }
        let heading = self.heading.clone();
        let body = height * rows as f64;
        let empty = shown == 0 || self.x.values.is_empty() || self.y.values.is_empty();
        Frame { heading: &heading, legend, body, empty }.draw(&|canvas, room| {
            let width = (room.width() + GAP) / columns as f64;
            for (nth, map) in self.maps.iter().take(shown).enumerate() {
                let (column, row) = ((nth % columns) as f64, (nth / columns) as f64);
                let left = room.left + column * width;
                let top = room.top + row * height;
                let bottom = top + height;
                self.draw_map(canvas, Rect { left, top, right: left + width - GAP, bottom }, map);
            }
        })
    }

    fn draw_map(&self, canvas: &Canvas, room: Rect, (title, cells): &(String, Vec<Heat>)) {
        let (columns, rows) = (self.x.values.len(), self.y.values.len());
        let names = self.y.values.iter().map(|(_, name)| text_width(name, TICK));
        let gutter = names.fold(0.0, f64::max).min(room.width() / 3.0) + 8.0;
        let title_at = (room.left, room.top + TITLE / 2.0);
        canvas.text_within(title, title_at, room.width(), PANEL);
        let plot = Rect {
            left: room.left + gutter,
            top: room.top + TITLE,
            right: room.right,
            bottom: room.bottom - FOOT,
        };
        let (across, up) = (plot.width() / columns as f64, plot.height() / rows as f64);
        let all = self.maps.iter().flat_map(|(_, cells)| cells);
        let peak = super::axis::peak(all.filter_map(|cell| Some(cell.value?.mean)));
        let place = |column: usize, row: usize| Rect {
            left: plot.left + across * column as f64,
            right: plot.left + across * (column + 1) as f64,
            bottom: plot.bottom - up * row as f64,
            top: plot.bottom - up * (row + 1) as f64,
        };
        let cell = |column: usize, row: usize| cells.get(row * columns + column).copied();
        for row in 0..rows {
            for column in 0..columns {
                let (rect, cell) = (place(column, row), cell(column, row).unwrap_or_default());
                self.draw_cell(canvas, rect, cell, peak);
                canvas.spot(rect, &self.told((title, column, row), cell));
            }
        }
        let met =
            |column: usize, row: usize| cell(column, row).is_some_and(|c| c.met == Some(true));
        outline(canvas, (columns, rows), &place, &met);
        self.draw_names(canvas, plot, (across, up), room)
    }

    fn draw_cell(&self, canvas: &Canvas, rect: Rect, cell: Heat, peak: f64) {
        let inner = Rect { right: rect.right - 1.0, bottom: rect.bottom - 1.0, ..rect };
        let Some(value) = cell.value.map(|of| of.mean).filter(|value| value.is_finite()) else {
            return canvas.rect(inner, NONE);
        };
        let part = if peak > 0.0 { (value / peak).clamp(0.0, 1.0) } else { 0.0 };
        canvas.rect(inner, mixed(part));
        let fits = |text: &String| {
            text_width(text, TICK) + 6.0 <= rect.width() && rect.height() >= TICK.size + 4.0
        };
        // The figure as tables write it, or in one unit where that is too wide.
        let forms = [words::of(self.measure)(value), self.short(value)];
        let Some(text) = forms.into_iter().find(fits) else { return };
        let colour = if part > 0.55 { PAPER } else { INK };
        let middle = ((rect.left + rect.right) / 2.0, (rect.top + rect.bottom) / 2.0);
        canvas.text(&text, middle, Anchor::Middle, super::style::Lettering { colour, ..TICK })
    }

    /// What a cell tells to whoever points at it.
    fn told(&self, (title, column, row): (&str, usize, usize), cell: Heat) -> String {
        let value = cell.value.map_or("no value".into(), |value| value.told(self.measure));
        let met = match cell.met {
            None => "",
            Some(true) => "; all expectations are met",
            Some(false) => "; not all expectations are met",
        };
        let ((_, x), (_, y)) = (&self.x.values[column], &self.y.values[row]);
        let at = format!("{} = {x}, {} = {y}", self.x.title, self.y.title);
        format!("{title}, {at}: {value}{met}")
    }

    fn short(&self, value: f64) -> String {
        match self.measure {
            Measure::Share => words::percent(value),
            Measure::Seconds => short::duration(value),
            Measure::PerSecond => format!("{}/s", short::amount(value)),
            Measure::Number => short::amount(value),
        }
    }

    fn draw_names(&self, canvas: &Canvas, plot: Rect, (across, up): (f64, f64), room: Rect) {
        let mut free = f64::NEG_INFINITY;
        for (nth, (_, name)) in self.x.values.iter().enumerate() {
            let (x, half) = (plot.left + across * (nth as f64 + 0.5), text_width(name, TICK) / 2.0);
            if x - half >= free {
                canvas.text(name, (x, plot.bottom + 13.0), Anchor::Middle, TICK);
                free = x + half + 5.0;
            }
        }
        let mut free = f64::INFINITY;
        for (nth, (_, name)) in self.y.values.iter().enumerate() {
            let y = plot.bottom - up * (nth as f64 + 0.5);
            if y <= free {
                canvas.text(name, (plot.left - 8.0, y), Anchor::Right, TICK);
                free = y - 1.2 * TICK.size;
            }
        }
        let axes = format!("→ {}   ↑ {}", self.x.title, self.y.title);
        canvas.text_within(&axes, (room.left, plot.bottom + 34.0), room.width(), LABEL)
    }
}

/// Lines between cells that are in the region and cells that are not.
fn outline(
    canvas: &Canvas,
    (columns, rows): (usize, usize),
    place: &impl Fn(usize, usize) -> Rect,
    met: &impl Fn(usize, usize) -> bool,
) {
    for row in 0..rows {
        for column in 0..columns {
            if !met(column, row) {
                continue;
            }
            let Rect { left, top, right, bottom } = place(column, row);
            let beside = |by: Option<usize>, of: usize| by.filter(|by| *by < of);
            let at = |c: Option<usize>, r: Option<usize>| c.zip(r).is_some_and(|(c, r)| met(c, r));
            let (here, there) = (Some(column), Some(row));
            for (inside, from, to) in [
                (at(column.checked_sub(1), there), (left, top), (left, bottom)),
                (at(beside(Some(column + 1), columns), there), (right, top), (right, bottom)),
                (at(here, row.checked_sub(1)), (left, bottom), (right, bottom)),
                (at(here, beside(Some(row + 1), rows)), (left, top), (right, top)),
            ] {
                if !inside {
                    canvas.path(&[from, to], INK, 3.0);
                }
            }
        }
    }
}

/// A colour between paper and the darkest.
fn mixed(part: f64) -> Colour {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let mix = |light: u8, dark: u8| {
        (f64::from(light) + (f64::from(dark) - f64::from(light)) * part).round() as u8
    };
    // Not quite white, so that a cell of nothing is still a cell.
    let light = RGBColor(0xFB, 0xF5, 0xEE);
    RGBColor(mix(light.0, DARK.0), mix(light.1, DARK.1), mix(light.2, DARK.2))
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, svg};
    use super::*;

    fn maps(columns: usize, rows: usize, cells: &[Heat], count: usize) -> HeatMaps {
        let spread = |title: &str, count: usize| Spread {
            title: title.into(),
            values: (0..count).map(|n| (n as f64, format!("{n}"))).collect(),
            logarithmic: false,
        };
        HeatMaps {
            heading: heading(),
            measure: Measure::Share,
            x: spread("workers", columns),
            y: spread("rate", rows),
            maps: (0..count).map(|n| (format!("map {n}"), cells.to_vec())).collect(),
        }
    }

    #[test]
    fn cells_show_their_value_and_the_region_is_outlined() {
        let estimate = |mean: f64| Estimate { mean, low: mean * 0.9, high: mean * 1.1 };
        let cell = |value, met| Heat { value: Some(estimate(value)), met: Some(met) };
        let cells = [cell(0.0, true), cell(0.5, true), cell(0.25, false), Heat::default()];
        let texts = ["map 0", "50 %", "outlined: all expectations are met"];
        check_bytes(|| maps(2, 2, &cells, 3).draw(), &texts);
        let drawn = check(maps(2, 2, &cells, 1).draw(), &[]);
        for told in [
            "map 0, workers = 1, rate = 0: 50 % (45 % to 55 %); all expectations are met",
            "map 0, workers = 1, rate = 1: no value",
        ] {
            assert!(svg(&drawn).contains(&format!("<title>\n{told}\n</title>")), "{}", svg(&drawn));
        }
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(maps(0, 0, &[], 0).draw(), &[]);
        let nan = Estimate { mean: f64::NAN, low: f64::NAN, high: f64::NAN };
        let odd = Heat { value: Some(nan), met: None };
        for (columns, rows) in [(1, 1), (40, 60), (3, 2)] {
            check(maps(columns, rows, &[odd, odd], 2).draw(), &[]);
        }
    }
}
