//! What people and programs read of a study: tables, JSON, CSV, Markdown, pictures.

pub mod advise;
pub mod answer;
mod binding;
pub mod chart;
pub mod compare;
mod comparison;
pub mod csv;
mod details;
pub mod difference;
pub mod distrust;
mod error;
pub mod explanation;
pub mod fit;
pub mod fitted;
pub mod gallery;
mod headroom;
pub mod html;
mod league;
pub mod log;
mod measures;
pub mod notes;
pub mod page;
pub mod perfetto;
mod pictures;
mod rates;
pub mod readings;
pub mod reference;
pub mod safe;
#[cfg(feature = "serve")]
pub mod served;
pub mod size;
mod steps;
mod suffering;
pub mod summary;
pub mod sweep;
pub mod table;
pub mod trace;
mod verdicts;
pub mod winner;
pub(crate) mod words;

pub use error::ReportError;

use crate::parallel;
use crate::scenario::Scenario;
use crate::study::{Looks, Study};
use pictures::Pictures;

/// How the names of pictures begin that one run draws and another may leave out.
pub const PICTURES: &[&str] = &[
    "accounts.",
    "age.",
    "backlog.",
    "headroom.",
    "lateness.",
    "latency.",
    "league",
    "level-",
    "quota.",
    "steps.",
    "throttle-rate.",
];

/// A file of a report: its name, and what it holds.
pub type File = (String, Vec<u8>);

/// A scenario and what was found of it: what tables, pages and pictures are made of.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The scenario that was run.
    pub scenario: &'a Scenario,
    /// What was found.
    pub study: &'a Study,
}

impl<'a> Report<'a> {
    /// What was found of a scenario.
    #[must_use]
    pub const fn new(scenario: &'a Scenario, study: &'a Study) -> Self {
        Self { scenario, study }
    }

    /// Every figure, as `summary.json` has it.
    #[must_use]
    pub fn summary(self) -> summary::Summary {
        summary::Summary::new(self)
    }

    /// Every file of the report.
    ///
    /// # Errors
    /// A picture or a table cannot be made.
    pub fn files(self) -> Result<Vec<File>, ReportError> {
        match self.scenario.league {
            // No picture of a league needs a second look.
            Some(_) => self.files_seen(&Looks::none()),
            None => self.files_seen(&self.study.look_again(&self.scenario.plan)),
        }
    }

    /// Every file of the report, of a study that has been looked at again.
    ///
    /// # Errors
    /// As [`Self::files`].
    pub fn files_seen(self, looks: &Looks) -> Result<Vec<File>, ReportError> {
        let Pictures { drawn: pictures, left_out } = pictures::all(self, looks);
        let titles: Vec<(String, String)> =
            pictures.iter().map(|p| (p.title.clone(), format!("{}.png", p.file))).collect();
        let page = self.page(&titles, &left_out);
        let mut files = vec![
            ("summary.json".into(), self.summary().to_json().into_bytes()),
            ("report.md".into(), safe::markdown(&page).into_bytes()),
        ];
        let tables = self.tables()?.into_iter();
        files.extend(tables.map(|(name, bytes)| (name.to_string(), bytes)));
        let drawn = parallel::try_map(&pictures, |one| pictures::both(&one.file, &one.picture))?;
        files.extend(drawn.into_iter().flatten());
        Ok(files)
    }
}
