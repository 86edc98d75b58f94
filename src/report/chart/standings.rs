//! The standings of a league: which clients get all of the work done, when, and what they lose.
//!
//! ```text
//!   orders                           all done after              lost with 1 · 4 · 16 workers
//!   pacer                            ●■▲
//!   full jitter                          ●   ■     ▲
//!   none                                                          79 %   79 %   79 %
//!                              10 min    1 h     2 h   5 h
//! ```
//!
//! A client that lost work has no mark on the axis: what is lost is never done.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Rect};
use super::frame::{Entry, Frame, Swatch};
use super::panel::draw_x_ticks;
use super::style::{GRID, LABEL, PANEL, TICK};
use super::width::text_width;
use super::{ChartError, Heading, Picture};
use crate::units::quantity::percent;

/// What became of a client's work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mark {
    /// All of it was done, after so long \[s\].
    Done(f64),
    /// This share of it was not.
    Lost(f64),
}

/// A client.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// What became of its work, for each group.
    pub marks: Vec<Mark>,
}

/// The picture of a league's standings.
#[derive(Debug, Clone, PartialEq)]
pub struct Standings {
    /// Title and subtitle.
    pub heading: Heading,
    /// What the marks of a client differ by: `"4 workers"`.
    pub groups: Vec<String>,
    /// For each piece of work its name and its clients, best first.
    pub divisions: Vec<(String, Vec<Team>)>,
}

const ROW: f64 = 21.0;
/// From the top of a division to its first row.
const HEAD: f64 = 34.0;
/// From the last row of a division to the next division.
const FOOT: f64 = 52.0;
/// A column of what was lost.
const LOST: f64 = 62.0;
const LONGEST_NAME: f64 = 220.0;

impl Standings {
    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// [`ChartError::Draw`] if the drawing fails; no figures make it fail.
    pub fn draw(&self) -> Result<Picture, ChartError> {
        let rows: usize = self.divisions.iter().map(|(_, teams)| teams.len()).sum();
        let body = ROW * rows as f64 + (HEAD + FOOT) * self.divisions.len() as f64;
        let label = |(place, group): (usize, &String)| Entry::new(Swatch::Strategy(place), group);
        let legend = self.groups.iter().enumerate().map(label).collect();
        let frame =
            Frame { heading: &self.heading, legend, body: body.max(60.0), empty: rows == 0 };
        frame.draw(|canvas, room| {
            let mut top = room.top;
            for (title, teams) in &self.divisions {
                let bottom = top + HEAD + ROW * teams.len() as f64;
                self.draw_division(canvas, Rect { top, bottom, ..room }, (title, teams))?;
                top = bottom + FOOT;
            }
            Ok(())
        })
    }

    fn draw_division(
        &self,
        canvas: &Canvas,
        room: Rect,
        (title, teams): (&str, &[Team]),
    ) -> Result<(), ChartError> {
        let names = teams.iter().map(|team| text_width(&team.name, LABEL)).fold(0.0, f64::max);
        let names = names.min(LONGEST_NAME);
        let lost = LOST * self.groups.len() as f64;
        let left = room.left + names + 22.0;
        let plot = Rect { left, top: room.top + HEAD, right: room.right - lost - 18.0, ..room };
        let heads = room.top + HEAD / 2.0 - 4.0;
        canvas.text_within(
            &format!("{title}: all done after"),
            (room.left, heads),
            plot.right - room.left,
            PANEL,
        )?;
        canvas.text("lost instead", (room.right, heads), Anchor::Right, PANEL)?;
        let axis = axis(teams);
        draw_x_ticks(canvas, plot, &axis, true)?;
        for (nth, team) in teams.iter().enumerate() {
            let y = plot.top + ROW * (nth as f64 + 0.5);
            let line = y + ROW / 2.0;
            canvas.path(&[(room.left, line), (room.right, line)], GRID, 1.0)?;
            canvas.text_within(&team.name, (room.left, y), names, LABEL)?;
            for (place, mark) in team.marks.iter().enumerate() {
                match *mark {
                    Mark::Done(seconds) => {
                        let x = plot.left + axis.place(seconds) * plot.width();
                        canvas.marker((x, y), place)?;
                    }
                    Mark::Lost(share) => {
                        let x = room.right - LOST * (self.groups.len() - 1 - place) as f64;
                        canvas.text(&percent(share), (x, y), Anchor::Right, TICK)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// From the soonest end to the latest.
fn axis(teams: &[Team]) -> Axis {
    let ends = teams.iter().flat_map(|team| &team.marks).filter_map(|mark| match mark {
        Mark::Done(seconds) => Some(*seconds),
        Mark::Lost(_) => None,
    });
    let low = ends.clone().fold(f64::INFINITY, f64::min);
    Axis::latencies("", low, ends.fold(0.0, f64::max))
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading};
    use super::*;

    fn standings(teams: &[(&str, &[Mark])]) -> Standings {
        let team =
            |(name, marks): &(&str, &[Mark])| Team { name: (*name).into(), marks: marks.to_vec() };
        let groups = vec!["1 worker".into(), "4 workers".into()];
        let divisions = vec![("orders".into(), teams.iter().map(team).collect())];
        Standings { heading: heading(), groups, divisions }
    }

    #[test]
    fn clients_are_marked_where_they_were_done_or_by_what_they_lost() {
        let teams: [(&str, &[Mark]); 2] = [
            ("pacer", &[Mark::Done(4_600.0), Mark::Done(4_500.0)]),
            ("none", &[Mark::Done(90_000.0), Mark::Lost(0.79)]),
        ];
        check_bytes(|| standings(&teams).draw(), &["pacer", "79 %", "orders: all done after"]);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(standings(&[]).draw(), &[]);
        let none: [(&str, &[Mark]); 1] = [("x", &[Mark::Lost(f64::NAN), Mark::Done(0.0)])];
        check(standings(&none).draw(), &[]);
    }
}
