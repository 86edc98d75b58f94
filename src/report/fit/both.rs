//! Two limits that explain a log together, in words and for programs.

use super::finding::Finding;
use super::{Fitting, figures};
use crate::fit::both::Both;

/// What the two kinds of limit are called.
pub(super) fn name(both: &Both) -> String {
    let [first, second] = both.models().map(figures::name);
    format!("{first}, and {second}")
}

/// The figures of both.
pub(super) fn of(fitting: Fitting<'_>, both: &Both) -> String {
    let [first, second] = [0, 1].map(|side: usize| figures::of(&both.limits[side], fitting));
    format!("{first}; and {second}")
}

/// What the log says of two limits in a table. Figures of limits that do not show say nothing.
pub(super) fn said(fitting: Fitting<'_>, finding: &Finding<'_>, both: &Both) -> String {
    match (finding.both().is_some(), both.is_shown()) {
        (true, _) => "explain every call together".into(),
        (false, true) => format!("explain every call together: {}", of(fitting, both)),
        (false, false) => "may explain every call, with one of them hardly reached".into(),
    }
}

/// The answer where no single limit explains `counts`, but two do; `None` if none do.
pub(super) fn sentence(
    fitting: Fitting<'_>,
    finding: &Finding<'_>,
    (title, scope, counts): (&str, &str, &str),
) -> Option<String> {
    if let Some(both) = finding.both() {
        return Some(format!(
            "{title}: two limits at once: {}{scope}; {counts}; no single limit that was tried \
             explains them.",
            of(fitting, both)
        ));
    }
    let shown: Vec<String> =
        finding.pairs.iter().filter(|both| both.is_shown()).map(|both| of(fitting, both)).collect();
    let vague = finding.pairs.len() - shown.len();
    match (shown.as_slice(), vague) {
        ([], 0) => None,
        ([], _) => Some(format!(
            "{title}: no single limit that was tried explains {counts}. Two limits at once may, \
             but the log cannot tell their figures."
        )),
        ([only], 0) if !finding.trusted => Some(format!(
            "{title}: the limits cannot be told unless the log has every call that counts (then \
             use --complete); {counts}. If it does, there are two at once: {only}."
        )),
        (several, _) => Some(format!(
            "{title}: the kinds of limit cannot be told; {counts}. Two limits at once explain \
             them, and each of these pairs may be the right one: {}.",
            several.join("; or ")
        )),
    }
}
