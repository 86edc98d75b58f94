//! The frame of every picture: title, subtitle, legend, and beneath them the room for panels.
//!
//! ```text
//!   Title, bold, at most two lines
//!   subtitle: scenario, seed, replications
//!   ─●─ one   ─■─ two   ▆ admitted   - - published rate     in columns where one row is too short
//!   ┌───────────────────────────────────────────────────┐
//!   │ body                                              │
//! ```
//!
//! The legend stands above the plot and takes as many rows as it needs, so it never covers data.

use super::canvas::{Anchor, Canvas, Rect};
use super::font::text_width;
use super::lettering::{shortened, wrapped};
use super::style::{Colour, INK, INTERVAL, LABEL, MARGIN, SUBTITLE, TITLE, WIDTH};
use super::{Heading, Picture, Series, Strategy};

/// What an entry of the legend explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Swatch {
    /// The line of the strategy at this place.
    Strategy(usize),
    /// An area of this colour.
    Area(Colour),
    /// A solid line of this colour.
    Line(Colour),
    /// A dashed line.
    Dashes,
    /// The whisker of an interval.
    Interval,
    /// The cross of what is lost.
    Cross,
}

/// An entry of the legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub swatch: Swatch,
    pub label: String,
}

impl Entry {
    /// The entry of something that is no strategy.
    pub fn new(swatch: Swatch, label: &str) -> Self {
        Self { swatch, label: label.into() }
    }

    /// The entry of bands.
    pub fn band() -> Self {
        Self::new(Swatch::Area(INTERVAL), "95 % interval of the mean")
    }

    /// The entries of these strategies.
    pub fn of<T>(series: &[Series<T>]) -> Vec<Self> {
        let entry = |one: &Series<T>| {
            let Strategy { place, label } = &one.strategy;
            Self::new(Swatch::Strategy(*place), label)
        };
        series.iter().map(entry).collect()
    }
}

/// Everything around the panels.
pub(super) struct Frame<'a> {
    pub heading: &'a Heading,
    pub legend: Vec<Entry>,
    /// The height of the room for panels \[px\].
    pub body: f64,
    /// Whether there is nothing to draw in it.
    pub empty: bool,
}

const TITLE_LINE: f64 = 29.0;
const SUBTITLE_LINE: f64 = 21.0;
const LEGEND_LINE: f64 = 25.0;
/// From the left end of a swatch to its label.
const SWATCH: f64 = 37.0;
/// From the end of an entry to the next.
const GAP: f64 = 24.0;
/// The most entries that stand in two columns; more than these stand in three.
const MOST_IN_TWO: usize = 10;

impl Frame<'_> {
    /// Draws the frame, and `panels` into the room that is left.
    pub fn draw(self, panels: &dyn Fn(&Canvas, Rect)) -> Picture {
        let room = WIDTH - 2.0 * MARGIN;
        let title = wrapped(&self.heading.title, TITLE, room, 2);
        let subtitle = wrapped(&self.heading.subtitle, SUBTITLE, room, 2);
        let (entries, rows) = placed(&self.legend, room);
        let title_end = MARGIN - 4.0 + TITLE_LINE * title.len() as f64;
        let subtitle_end = title_end + SUBTITLE_LINE * subtitle.len() as f64;
        let legend_end = subtitle_end + 8.0 + LEGEND_LINE * rows;
        let height = legend_end + 8.0 + self.body + MARGIN;
        Canvas::draw((WIDTH, height), &self.heading.title, &|canvas| {
            for (nth, line) in title.iter().enumerate() {
                let y = title_end - TITLE_LINE * (title.len() as f64 - nth as f64 - 0.5);
                canvas.text(line, (MARGIN, y), Anchor::Left, TITLE);
            }
            for (nth, line) in subtitle.iter().enumerate() {
                let y = title_end + SUBTITLE_LINE * (nth as f64 + 0.5);
                canvas.text(line, (MARGIN, y), Anchor::Left, SUBTITLE);
            }
            for entry in &entries {
                let y = subtitle_end + 8.0 + LEGEND_LINE * (entry.row + 0.5);
                entry.draw(canvas, (MARGIN + entry.left, y));
            }
            let (top, bottom) = (legend_end + 8.0, height - MARGIN);
            if self.empty {
                let middle = (WIDTH / 2.0, (top + bottom) / 2.0);
                return canvas.text("no data", middle, Anchor::Middle, SUBTITLE);
            }
            panels(canvas, Rect { left: MARGIN, top, right: WIDTH - MARGIN, bottom })
        })
    }
}

/// An entry and where it stands in the legend.
struct Placed {
    swatch: Swatch,
    label: String,
    left: f64,
    row: f64,
}

impl Placed {
    fn draw(&self, canvas: &Canvas, (left, y): (f64, f64)) {
        let centre = (left + 14.0, y);
        match self.swatch {
            Swatch::Strategy(place) => canvas.sample(centre, place),
            Swatch::Dashes => canvas.dashed_sample(centre),
            Swatch::Cross => canvas.cross(centre, INK),
            Swatch::Interval => canvas.whisker((left + 4.0, left + 24.0), y),
            Swatch::Line(colour) => {
                canvas.path(&[(left, y), (left + 28.0, y)], colour, 2.25);
            }
            Swatch::Area(colour) => {
                let rect =
                    Rect { left: left + 8.0, top: y - 7.0, right: left + 28.0, bottom: y + 7.0 };
                canvas.rect(rect, colour);
            }
        }
        canvas.text(&self.label, (left + SWATCH, y), Anchor::Left, LABEL)
    }
}

/// Places entries one after another if one row holds them, else in columns; with the rows taken.
fn placed(legend: &[Entry], room: f64) -> (Vec<Placed>, f64) {
    let least_columns = if legend.len() > MOST_IN_TWO { 3.0 } else { 2.0 };
    let most = (room + GAP) / least_columns - SWATCH - GAP;
    let labels = legend.iter().map(|entry| {
        let label = shortened(&entry.label, LABEL, most);
        let width = SWATCH + text_width(&label, LABEL) + GAP;
        (label, width)
    });
    let labels: Vec<_> = labels.collect();
    let in_a_row: f64 = labels.iter().map(|(_, width)| width).sum();
    let widest = labels.iter().map(|(_, width)| *width).fold(1.0, f64::max);
    let one_row = in_a_row - GAP <= room;
    let columns = ((room + GAP) / widest).floor().max(least_columns);
    let (mut left, mut row) = (0.0, 0.0);
    let mut entries = Vec::new();
    for (entry, (label, width)) in legend.iter().zip(labels) {
        entries.push(Placed { swatch: entry.swatch, label, left, row });
        left += if one_row { width } else { widest };
        if !one_row && left > widest * (columns - 0.5) {
            (left, row) = (0.0, row + 1.0);
        }
    }
    let rows = entries.last().map_or(0.0, |last| last.row + 1.0);
    (entries, rows)
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, heading, series, svg};
    use super::*;

    fn framed(heading: &Heading, legend: Vec<Entry>) -> Picture {
        Frame { heading, legend, body: 10.0, empty: false }.draw(&|_, _| ())
    }

    #[test]
    fn long_titles_take_two_lines_and_then_an_ellipsis() {
        let title = "Pacing wastes least and is done first, whatever the provider does, ".repeat(3);
        let long = Heading { title, ..heading() };
        let drawn = check(framed(&long, vec![]), &[&heading().subtitle]);
        assert!(svg(&drawn).contains("…\n</text>"));
        assert_eq!(drawn.height, check(framed(&heading(), vec![]), &[]).height + 29);
    }

    #[test]
    fn a_legend_takes_one_row_or_columns() {
        let rows = |count: usize| {
            let short = |place: usize| Entry::new(Swatch::Strategy(place), &format!("s {place}"));
            placed(&(0..count).map(short).collect::<Vec<_>>(), 952.0).1
        };
        assert_eq!([rows(0), rows(1), rows(8), rows(40)], [0.0, 1.0, 1.0, 4.0]);
        let (entries, rows) = placed(&Entry::of(&series(20, |_| vec![()])), 952.0);
        assert_eq!((entries.len(), rows), (20, 7.0));
        let end = |entry: &Placed| entry.left + SWATCH + text_width(&entry.label, LABEL);
        assert!(entries.iter().all(|entry| end(entry) <= 952.0));
    }

    #[test]
    fn nothing_to_draw_is_said() {
        let frame = Frame { heading: &heading(), legend: vec![], body: 99.0, empty: true };
        check(frame.draw(&|_, _| panic!("there are no panels")), &["no data"]);
    }

    #[test]
    fn every_swatch_is_drawn() {
        let swatches = [
            Swatch::Strategy(3),
            Swatch::Area(super::super::style::ADMITTED),
            Swatch::Line(super::super::style::GRANTED),
            Swatch::Dashes,
            Swatch::Interval,
            Swatch::Cross,
        ];
        let legend = swatches.map(|swatch| Entry::new(swatch, "µ ≤ <&>")).to_vec();
        check(framed(&Heading::default(), legend), &["µ ≤ &lt;&amp;&gt;"]);
    }
}
