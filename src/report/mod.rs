//! What people and programs read of a study: tables, JSON, CSV, Markdown, pictures.

pub mod answer;
pub mod chart;
pub mod compare;
pub mod comparison;
pub mod csv;
mod details;
pub mod difference;
pub mod distrust;
mod error;
pub mod explanation;
pub mod fit;
mod headroom;
mod ideal;
mod league;
pub mod log;
mod measures;
pub mod notes;
pub mod page;
mod pictures;
mod rates;
pub mod readings;
pub mod reference;
pub mod safe;
pub mod size;
mod suffering;
pub mod summary;
pub mod sweep;
pub mod table;
pub mod trace;
mod verdicts;
pub mod winner;
pub(crate) mod words;

pub use error::ReportError;

use crate::scenario::Scenario;
use crate::study::Study;
use chart::ChartError;
use pictures::Pictures;
use rayon::prelude::*;

/// How the names of pictures begin that one run draws and another may leave out.
pub const PICTURES: &[&str] =
    &["age.", "backlog.", "latency.", "level-", "quota.", "throttle-rate."];

/// A file of a report: its name, and what it holds.
pub type File = (String, Vec<u8>);

/// Every file of a scenario's report.
///
/// # Errors
/// A picture or a table cannot be made.
pub fn files(scenario: &Scenario, study: &Study) -> Result<Vec<File>, ReportError> {
    let Pictures { drawn: pictures, left_out } = pictures::all(scenario, study)?;
    let titles: Vec<(String, String)> =
        pictures.iter().map(|p| (p.title.clone(), format!("{}.png", p.file))).collect();
    let summary = summary::Summary::new(scenario, study).to_json();
    let page = page::report(scenario, study, &titles, &left_out);
    let mut files = vec![
        ("summary.json".into(), summary.into_bytes()),
        ("report.md".into(), safe::markdown(&page).into_bytes()),
    ];
    let tables = csv::all(scenario, study)?;
    files.extend(tables.into_iter().map(|(name, bytes)| (name.to_string(), bytes)));
    let drawn: Result<Vec<_>, ChartError> =
        pictures.into_par_iter().map(|named| pictures::both(&named.file, named.picture)).collect();
    files.extend(drawn?.into_iter().flatten());
    Ok(files)
}
