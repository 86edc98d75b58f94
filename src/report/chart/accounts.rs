//! A figure of all accounts, one line a strategy: who suffers, and do all?
//!
//! ```text
//!   80 % ┤            ╱         accounts from left to right, the best first
//!   40 % ┤         __╱
//!    0 % ┼─────────
//!        0 %   50 %   100 %     share of the accounts
//! ```

use super::axis::{Axis, peak};
use super::frame::{Entry, Frame};
use super::line::draw_lines;
use super::panel::Panels;
use super::style::BODY;
use super::{Heading, Picture, Series};

/// The picture of a share that each account has.
#[derive(Debug, Clone, PartialEq)]
pub struct Accounts {
    /// Title and subtitle.
    pub heading: Heading,
    /// What the share is of.
    pub quantity: String,
    /// For each strategy the share of each account, ascending, a fraction from 0 to 1.
    pub series: Vec<Series<f64>>,
}

/// The most points of a line: more accounts than a picture has pixels are sampled.
const MOST_POINTS: usize = 400;

impl Accounts {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let x = Axis::shares("accounts, the best first", 1.0, 5.0);
        let shares = self.series.iter().flat_map(|one| one.values.iter().copied());
        let y = Axis::shares(&self.quantity, peak(shares), 5.0);
        let empty = self.series.iter().all(|one| one.values.is_empty());
        let legend = Entry::of(&self.series);
        Frame { heading: &self.heading, legend, body: BODY, empty }.draw(&|canvas, room| {
            let panel = Panels::one(canvas, room, &x, &y);
            let line =
                |one: &Series<f64>| (one.strategy.place, panel.points(&sampled(&one.values)));
            let lines: Vec<_> = self.series.iter().map(line).collect();
            draw_lines(canvas, panel.plot, &lines)
        })
    }
}

/// The values at even shares of all, the first and the last among them.
fn sampled(values: &[f64]) -> Vec<(f64, f64)> {
    let last = values.len().saturating_sub(1);
    let points = values.len().min(MOST_POINTS);
    let at = |n: usize| {
        let place = n * last / points.saturating_sub(1).max(1);
        (place as f64 / last.max(1) as f64, values[place])
    };
    (0..points).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series};
    use super::*;

    fn picture(count: usize, values: &[f64]) -> Accounts {
        let quantity = "throttled attempts / attempts".into();
        Accounts { heading: heading(), quantity, series: series(count, |_| values.to_vec()) }
    }

    #[test]
    fn accounts_stand_from_the_best_to_the_worst() {
        let texts = ["throttled attempts / attempts", "accounts, the best first", "100 %", "80 %"];
        check_bytes(|| picture(2, &[0.0, 0.1, 0.4, 0.8]).draw(), &texts);
        let many: Vec<f64> = (0..1_001).map(|n| f64::from(n) / 1e3).collect();
        let points = sampled(&many);
        assert_eq!((points.len(), points[0], points[399]), (400, (0.0, 0.0), (1.0, 1.0)));
        assert_eq!(sampled(&[0.3]), [(0.0, 0.3)]);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(picture(0, &[]).draw(), &["no data"]);
        check(picture(20, &[f64::NAN, 2.0]).draw(), &[]);
        check(picture(1, &[0.0]).draw(), &[]);
    }
}
