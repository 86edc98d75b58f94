//! A bucket split over nodes, in words, for programs and for a catalogue: what is proved, and what
//! is likely.

use super::finding::Finding;
use super::{Fitting, figures, finding};
use crate::fit::split::{Estimate, MOST_NODES, Proved};
use crate::units::quantity::bounds;
use serde_json::{Map, Value, json};

/// What this kind of limit is called.
pub(super) const NAME: &str = "token bucket split over nodes";

/// What a split bucket is mistaken for.
const LOOKS: &str = "Calls that differ in cost, or others that use the limit, can look the same";

/// The answer where only a split bucket explains `counts`; `None` if none does, or none is likely.
pub(super) fn sentence(
    fitting: Fitting<'_>,
    finding: &Finding<'_>,
    (title, scope, counts): (&str, &str, &str),
) -> Option<String> {
    let (split, estimate) = finding.nodes()?;
    let of_units = if fitting.counted == figures::Counted::Units { ", of units" } else { "" };
    Some(format!(
        "{title}: no exact limit that was tried explains {counts}. A token bucket split over nodes \
         that decide by themselves{of_units}{scope} does. {LOOKS}. Likely, if it is split: {}. \
         Proved, if it is and no call is missing: at least {} nodes; with {} nodes, {}. More nodes \
         are never refuted.",
        likely(estimate),
        split.least.nodes,
        estimate.proved.nodes,
        proved(&estimate.proved),
    ))
}

/// The likeliest figures: `3 nodes (2 to 4), 1/s (0.98/s to 1.02/s), burst 12 in all`.
fn likely(estimate: &Estimate) -> String {
    let nodes = estimate.proved.nodes;
    let near = match estimate.likely_nodes {
        (low, high) if low == high => String::new(),
        (low, high) => format!(" ({})", bounds::whole((low, Some(high)))),
    };
    let (low, high) = estimate.likely_rates;
    let rate = bounds::rate((low, Some(high)));
    let burst = bounds::whole((estimate.burst, Some(estimate.burst)));
    format!("{nodes} nodes{near}, {rate}, burst {burst} in all")
}

/// Bounds that are proved with a number of nodes.
pub(super) fn proved(proved: &Proved) -> String {
    let rate = match proved.rate_per_s() {
        (0.0, Some(high)) => format!("at most {}", bounds::rate_at_most(high)),
        rate => bounds::rate(rate),
    };
    format!("{rate}, burst {}", bounds::whole(proved.burst()))
}

/// What the log says of it; `None` if it was not tried, because exact limits explain the log.
pub(super) fn said(fitting: Fitting<'_>, finding: &Finding<'_>) -> Option<String> {
    Some(match finding.split? {
        Ok(split) => {
            let least = split.least.nodes;
            match &split.estimate {
                Some(_) => format!("explains every call, with at least {least} nodes"),
                None => format!(
                    "not refuted with {least} nodes or more, but one bucket that misjudges some \
                     calls, or random refusals, are as likely"
                ),
            }
        }
        Err(Some(pair)) => {
            let lines = fitting.lines(finding::lines(*pair));
            format!("refuted by {lines}, with up to {MOST_NODES} nodes")
        }
        Err(None) => return None,
    })
}

/// The figures for programs: no bounds of all, as more nodes would widen them; the estimate; and
/// what is proved with fewest nodes and with those of the estimate.
pub(super) fn json(finding: &Finding<'_>) -> Map<String, Value> {
    let Some((split, estimate)) = finding.nodes() else { return Map::new() };
    let bounds = |proved: &Proved| {
        let ((least, most), (low, high)) = (proved.burst(), proved.rate_per_s());
        json!({ "nodes": proved.nodes, "rate_per_s": [low, high], "burst": [least, most] })
    };
    let mut all = vec![bounds(&split.least)];
    if split.least.nodes != estimate.proved.nodes {
        all.push(bounds(&estimate.proved));
    }
    let of = json!({
        "model": "split_bucket",
        "refill": "continuous",
        "rate_per_s": null,
        "burst": null,
        "window_s": null,
        "limit": null,
        "nodes": [split.least.nodes, null],
        "estimate": {
            "nodes": estimate.proved.nodes,
            "likely_nodes": estimate.likely_nodes,
            "rate_per_s": estimate.rate_per_s,
            "likely_rate_per_s": estimate.likely_rates,
            "burst": estimate.burst,
        },
        "proved": all,
    });
    match of {
        Value::Object(of) => of,
        _ => Map::new(),
    }
}

/// The likeliest figures as a rule of a catalogue; `None` if no short rate is likely.
pub(super) fn rule(estimate: &Estimate) -> Option<String> {
    let ((low, high), (least, most)) = (estimate.likely_rates, estimate.proved.rate_per_s());
    let high = most.map_or(high, |most| high.min(most));
    let rate = bounds::round_rate((low.max(least), Some(high)))?;
    Some(format!("token_bucket = {{ rate = \"{rate}\", burst = {} }}", estimate.burst))
}

/// What a catalogue with the likeliest figures assumes.
pub(super) fn assumed(finding: &Finding<'_>, estimate: &Estimate) -> Vec<String> {
    let Some((split, _)) = finding.nodes() else { return Vec::new() };
    let nodes = estimate.proved.nodes;
    vec![
        format!("it is split over nodes at all. {LOOKS}"),
        format!("it is split over {nodes} nodes: likely; the log proves {}", split.least.nodes)
            + " or more",
        format!(
            "its figures are likely; with {nodes} nodes are proved {}",
            proved(&estimate.proved)
        ),
    ]
}
