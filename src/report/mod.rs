//! What people and programs read of a study: tables, JSON, CSV, Markdown, pictures.

pub mod csv;
pub mod explanation;
pub mod page;
pub mod summary;
pub mod table;
pub mod words;

use crate::scenario::Scenario;
use crate::study::Study;

/// Every file of a scenario's report, by name.
///
/// # Errors
/// A sentence, if a picture or table cannot be made.
pub fn files(scenario: &Scenario, study: &Study) -> Result<Vec<(String, Vec<u8>)>, String> {
    let summary = summary::Summary::new(scenario, study).to_json();
    let page = page::report(scenario, study, &[]);
    let mut files = vec![
        ("summary.json".into(), summary.into_bytes()),
        ("report.md".into(), page.into_bytes()),
    ];
    let tables = csv::all(scenario, study).map_err(|error| error.to_string())?;
    files.extend(tables.into_iter().map(|(name, bytes)| (name.to_string(), bytes)));
    Ok(files)
}
