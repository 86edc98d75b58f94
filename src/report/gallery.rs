//! One page about many results: the question, the answer and the first picture of each.

use super::safe;
use std::fmt::Write;

/// What a gallery shows of one folder of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibit {
    /// The question of the scenario.
    pub question: String,
    /// The answer, in sentences.
    pub answer: String,
    /// The title and the path of the first picture of the report, if it has one.
    pub picture: Option<(String, String)>,
    /// The path of the report.
    pub report: String,
}

const HEAD: &str = "# Gallery

Each result with its question, its answer and its first picture.
";

/// The page as Markdown.
#[must_use]
pub fn markdown(exhibits: &[Exhibit]) -> String {
    let mut page = HEAD.to_string();
    for Exhibit { question, answer, picture, report } in exhibits {
        let (question, answer) = (safe::markdown(question), safe::markdown(answer));
        let _ = write!(page, "\n## {question}\n\n{answer} ([report]({}))\n", link(report));
        if let Some((title, path)) = picture {
            let _ = write!(page, "\n![{}]({})\n", safe::markdown(title), link(path));
        }
    }
    page
}

/// A path as a link's end, whatever marks it holds.
fn link(path: &str) -> String {
    match path.contains([' ', '(', ')', '<', '>']) {
        true => format!("<{}>", path.replace('<', "\\<").replace('>', "\\>")),
        false => path.into(),
    }
}
