//! The standings of a league: what each client loses, and how many calls a success costs it.
//!
//! ```text
//!   lost                                    1 hexrw, fika, restore_wait
//!   80 % ┤  ④    ⑤  ⑥                      2 pacer
//!   40 % ┤      ③                          …
//!    0 % ┼ ②───────①─────                   with the most workers; low and left is good
//!        1   2   5   10   calls per success
//! ```
//!
//! Clients that lie on one another share a number.

use super::axis::{Axis, Spread, peak};
use super::canvas::{Anchor, Canvas, Point, Rect};
use super::frame::Frame;
use super::lettering::wrapped;
use super::panel::Panels;
use super::style::{GRANTED, LABEL, Lettering, PANEL, PAPER, TICK};
use super::{Heading, Picture};

/// A client.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Its name.
    pub name: String,
    /// The share of its work that it lost.
    pub lost: f64,
    /// Its calls per success; `None` without a success.
    pub calls: Option<f64>,
}

/// The picture of a league's standings with one number of workers.
#[derive(Debug, Clone, PartialEq)]
pub struct Standings {
    /// Title and subtitle.
    pub heading: Heading,
    /// The clients, the best first.
    pub clients: Vec<Standing>,
}

/// The width of the column with the names, and the height of a line in it.
const COLUMN: f64 = 372.0;
const LINE: f64 = 18.0;
/// Between one number's names and the next.
const GAP: f64 = 5.0;
const RADIUS: f64 = 10.0;
/// Clients nearer than this to another one share its number.
const NEAR: (f64, f64) = (24.0, 21.0);
const BODY: f64 = 470.0;
const NUMBER: Lettering = Lettering { colour: PAPER, ..TICK };

/// Clients that lie on one another.
struct Group<'a> {
    at: Point,
    names: Vec<&'a str>,
}

impl Standings {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let known = self.clients.iter().filter_map(|client| client.calls);
        let x = Axis::spread(&Spread {
            title: "calls per success".into(),
            values: ticks(peak(known)),
            logarithmic: true,
        });
        let y = Axis::shares("work lost", peak(self.clients.iter().map(|of| of.lost)), 5.0);
        let empty = self.clients.is_empty();
        // The height of the names is known once they are grouped, which needs the plot.
        let plot = Rect { left: 0.0, top: 0.0, right: 500.0, bottom: BODY };
        let lines: f64 = listed(&self.groups(plot, &x, &y)).iter().map(|(_, height)| height).sum();
        let body = BODY.max(lines + self.without().len() as f64 * LINE + 3.0 * LINE);
        Frame { heading: &self.heading, legend: Vec::new(), body, empty }.draw(&|canvas, room| {
            let left = Rect { right: room.right - COLUMN - 20.0, ..room };
            let left = Rect { bottom: left.bottom.min(left.top + BODY), ..left };
            let panel = Panels::one(canvas, left, &x, &y);
            let groups = self.groups(panel.plot, &x, &y);
            for (nth, group) in groups.iter().enumerate() {
                canvas.dot(group.at, RADIUS, GRANTED);
                canvas.text(&(nth + 1).to_string(), group.at, Anchor::Middle, NUMBER);
            }
            self.list(canvas, Rect { left: room.right - COLUMN, ..room }, &groups)
        })
    }

    /// The names beside the plot.
    fn list(&self, canvas: &Canvas, room: Rect, groups: &[Group]) {
        let mut top = room.top;
        for (nth, (lines, height)) in listed(groups).into_iter().enumerate() {
            let centre = (room.left + RADIUS, top + LINE / 2.0);
            canvas.dot(centre, RADIUS - 1.5, GRANTED);
            canvas.text(&(nth + 1).to_string(), centre, Anchor::Middle, NUMBER);
            for (line, row) in lines.iter().zip(0u32..) {
                let place = (room.left + 28.0, top + LINE * (f64::from(row) + 0.5));
                canvas.text(line, place, Anchor::Left, TICK);
            }
            top += height;
        }
        let without = self.without();
        if !without.is_empty() {
            canvas.text("without a success", (room.left, top + LINE), Anchor::Left, PANEL);
            for (line, row) in without.iter().zip(2u32..) {
                let place = (room.left, top + LINE * f64::from(row));
                canvas.text(line, place, Anchor::Left, LABEL);
            }
        }
    }

    /// Clients that had no success at all, as lines.
    fn without(&self) -> Vec<String> {
        let none = self.clients.iter().filter(|client| client.calls.is_none());
        let names: Vec<&str> = none.map(|client| client.name.as_str()).collect();
        if names.is_empty() {
            return Vec::new();
        }
        wrapped(&names.join(", "), LABEL, COLUMN, 4)
    }

    /// The clients by where they lie in a plot.
    fn groups(&self, plot: Rect, x: &Axis, y: &Axis) -> Vec<Group<'_>> {
        let mut groups: Vec<Group> = Vec::new();
        for client in &self.clients {
            let Some(calls) = client.calls.filter(|calls| calls.is_finite()) else { continue };
            let across = plot.left + x.place(calls) * plot.width();
            let down = plot.bottom - y.place(client.lost) * plot.height();
            let near = |group: &&mut Group| {
                (group.at.0 - across).abs() < NEAR.0 && (group.at.1 - down).abs() < NEAR.1
            };
            match groups.iter_mut().find(near) {
                Some(group) => group.names.push(&client.name),
                None => groups.push(Group { at: (across, down), names: vec![&client.name] }),
            }
        }
        groups
    }
}

/// The names of each group in lines, and how much height they take.
fn listed(groups: &[Group]) -> Vec<(Vec<String>, f64)> {
    let lines = groups.iter().map(|group| wrapped(&group.names.join(", "), TICK, COLUMN - 28.0, 6));
    lines.map(|lines| (lines.clone(), lines.len() as f64 * LINE + GAP)).collect()
}

/// 1, 2, 5 times the powers of ten, up to the first that is not below `peak`.
fn ticks(peak: f64) -> Vec<(f64, String)> {
    let mut ticks = Vec::new();
    let mut power = 1u64;
    while ticks.len() < 30 {
        for factor in [1, 2, 5] {
            let value = factor * power;
            #[expect(clippy::cast_precision_loss)]
            let at = value as f64;
            ticks.push((at, crate::units::quantity::count(value)));
            if at >= peak && ticks.len() > 1 {
                return ticks;
            }
        }
        power = power.saturating_mul(10);
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading};
    use super::*;

    fn standings(clients: &[(&str, f64, Option<f64>)]) -> Standings {
        let standing = |(name, lost, calls): &(&str, f64, Option<f64>)| Standing {
            name: (*name).into(),
            lost: *lost,
            calls: *calls,
        };
        Standings { heading: heading(), clients: clients.iter().map(standing).collect() }
    }

    #[test]
    fn clients_stand_by_what_they_lose_and_what_a_success_costs() {
        let clients = [
            ("pacer", 0.0, Some(1.0)),
            ("fika", 0.0, Some(1.01)),
            ("none", 0.79, Some(4.8)),
            ("hasty", 1.0, None),
        ];
        let texts = ["pacer, fika", "none", "1", "2", "without a success", "hasty", "work lost"];
        check_bytes(|| standings(&clients).draw(), &texts);
    }

    /// Fifty clients fit a screen, and no number lies on another.
    #[test]
    fn a_league_fits_a_screen() {
        let names: Vec<String> = (0..50).map(|n| format!("client_number_{n}")).collect();
        let clients: Vec<(&str, f64, Option<f64>)> = (0u32..)
            .zip(&names)
            .map(|(n, name)| {
                (
                    name.as_str(),
                    f64::from(n % 20 % 7) / 8.0,
                    Some(f64::from(1 + (n % 20) * (n % 20))),
                )
            })
            .collect();
        let picture = check(standings(&clients).draw(), &["calls per success"]);
        assert!(picture.height <= 1_000, "{}", picture.height);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(standings(&[]).draw(), &["no data"]);
        check(
            standings(&[("x", f64::NAN, Some(f64::INFINITY)), ("y", 0.0, Some(0.0))]).draw(),
            &[],
        );
    }
}
