//! What a limit had counted over time, and the calls that it accepted and refused.
//!
//! ```text
//!   tokens missing ┤      ×  ×       a refused call would have been above the capacity,
//!         capacity ┤- -●- - - - -    an accepted call is not
//!                  ┤ ●  ╲__╱
//! ```

use super::axis::{Axis, peak};
use super::frame::{Entry, Frame, Swatch};
use super::panel::Panels;
use super::style::{ADMITTED, BASE, BODY, INK, THROTTLED, WIDTH};
use super::{Heading, Picture};
use crate::units::Span;

/// A call that a limit decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// When \[s since the picture begins\].
    pub at: f64,
    /// What would be counted with it.
    pub need: f64,
    /// Whether it was accepted.
    pub accepted: bool,
}

/// The picture of what a limit had counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Deficit {
    /// Title and subtitle.
    pub heading: Heading,
    /// When the picture begins, in words, and how long it is.
    pub begins: (String, Span),
    /// What is counted: tokens that are missing, or calls.
    pub counted: String,
    /// The most that fits: burst or limit, with its name.
    pub capacity: (String, f64),
    /// What was counted over time \[s since the picture begins\].
    pub line: Vec<(f64, f64)>,
    /// The calls.
    pub calls: Vec<Decision>,
}

impl Deficit {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let mut x = Axis::time(self.begins.1, None, WIDTH);
        x.title = format!("time since {}", self.begins.0);
        let (name, capacity) = &self.capacity;
        let needs = self.calls.iter().map(|call| call.need);
        let y = Axis::counts(&self.counted, peak(needs.chain([*capacity])) * 1.05);
        let legend = vec![
            Entry::new(Swatch::Area(ADMITTED), "accepted"),
            Entry::new(Swatch::Area(THROTTLED), "refused"),
            Entry::new(Swatch::Line(BASE), "counted"),
            Entry::new(Swatch::Dashes, name),
        ];
        let empty = self.calls.is_empty();
        Frame { heading: &self.heading, legend, body: BODY, empty }.draw(&|canvas, room| {
            let panel = Panels::one(canvas, room, &x, &y);
            let line = panel.points(&self.line);
            if line.len() > 1 {
                canvas.path(&line, BASE, 1.5);
            }
            let level = panel.at(0.0, *capacity).1;
            canvas.dashes(&[(panel.plot.left, level), (panel.plot.right, level)], INK);
            for call in &self.calls {
                for point in panel.points(&[(call.at, call.need)]) {
                    match call.accepted {
                        true => canvas.dot(point, 3.5, ADMITTED),
                        false => canvas.cross(point, THROTTLED),
                    }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading};
    use super::*;

    fn picture(capacity: f64, calls: &[(f64, f64)]) -> Deficit {
        let decision = |(at, need): &(f64, f64)| Decision {
            at: *at,
            need: *need,
            accepted: *need <= capacity,
        };
        Deficit {
            heading: heading(),
            begins: ("2 min 5 s".into(), Span::from_secs(60)),
            counted: "tokens missing".into(),
            capacity: (format!("burst {capacity}"), capacity),
            line: calls.to_vec(),
            calls: calls.iter().map(decision).collect(),
        }
    }

    #[test]
    fn calls_stand_under_and_above_the_capacity() {
        let calls = [(0.0, 1.0), (10.0, 2.0), (11.0, 2.7), (50.0, 1.5)];
        let texts = ["tokens missing", "burst 2", "accepted", "refused", "time since 2 min 5 s"];
        check_bytes(|| picture(2.0, &calls).draw(), &texts);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(picture(2.0, &[]).draw(), &["no data"]);
        let odd = [(f64::NAN, 1.0), (1.0, f64::INFINITY), (90.0, -3.0), (-1.0, 1e12)];
        check(picture(0.0, &odd).draw(), &[]);
        check(picture(f64::NAN, &odd).draw(), &[]);
        let mut empty = picture(1e12, &[(0.0, 1.0)]);
        empty.begins.1 = Span::ZERO;
        check(empty.draw(), &[]);
    }
}
