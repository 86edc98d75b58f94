//! What a log says, for programs.

use super::finding::{self, Finding};
use super::{Fitting, begins, days, split, told, word};
use crate::fit::both::Both;
use crate::fit::change::Change;
use crate::fit::days::Days;
use crate::fit::model::{Model, Survivor};
use crate::fit::rows::Part;
use crate::fit::verdict::Unclear;
use serde_json::{Map, Value, json};

/// All limits: `{"limits": […], "not_identifiable": […]}`, with an end of line; `against`, if the
/// log was held against a catalogue; and `next`, if probes are asked for.
#[must_use]
pub fn text(fitting: Fitting<'_>, against: Option<Value>, next: Option<Value>) -> String {
    let findings = finding::all(fitting.outcome);
    let limits: Vec<Value> = findings.iter().map(|finding| limit(fitting, finding)).collect();
    let unclear: Vec<Value> =
        findings.iter().filter_map(|finding| not_identifiable(fitting, finding)).collect();
    let mut all = json!({ "limits": limits, "not_identifiable": unclear });
    if let Some(against) = against {
        all["against"] = against;
    }
    if let Some(next) = next {
        all["next"] = next;
    }
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

pub(super) fn calls(fitting: Fitting<'_>, finding: &Finding<'_>) -> Value {
    finding.limit.calls.iter().map(|call| fitting.name(Part::Call, *call)).collect()
}

/// The account and what else a limit belongs to, where figures differ.
pub(super) fn key(fitting: Fitting<'_>, finding: &Finding<'_>) -> Option<Value> {
    let parts = finding.limit.parts.iter().zip(finding.of?);
    let parts = parts.filter(|(part, _)| fitting.varies(**part));
    let key: Map<String, Value> = parts
        .map(|(part, place)| (word(*part).into(), fitting.name(*part, *place).into()))
        .collect();
    Some(Value::Object(key))
}

fn limit(fitting: Fitting<'_>, finding: &Finding<'_>) -> Value {
    let parts = finding.limit.parts.iter().filter(|part| fitting.varies(**part));
    let scope: Vec<&str> = parts.map(|part| word(*part)).collect();
    let mut of = Map::new();
    of.insert("calls".into(), calls(fitting, finding));
    if let Some(key) = key(fitting, finding) {
        of.insert("key".into(), key);
    }
    of.insert("scope".into(), scope.into());
    if let Some(days) = finding.days {
        of.insert("days".into(), days::json(days));
    }
    let near = finding.nearest.filter(|_| finding.survivors.is_empty());
    let near = near.filter(|_| finding.nodes().is_none());
    of.extend(match (finding.answer(), near) {
        (Some(answer), _) => figures(answer, fitting.heard.first),
        (None, None) if finding.nodes().is_some() => split::json(finding),
        (None, Some(near)) => {
            let rate = json!([near.rate_per_s, near.rate_per_s]);
            let burst = json!([near.burst, near.burst]);
            object(
                "token_bucket".into(),
                "continuous".into(),
                rate,
                burst,
                Value::Null,
                Value::Null,
            )
        }
        (None, None) if finding.daily().is_some() => daily(finding.days),
        (None, None) => {
            object(Value::Null, Value::Null, Value::Null, Value::Null, Value::Null, Value::Null)
        }
    });
    of.insert("accepted".into(), finding.counts[0].into());
    of.insert("refused".into(), finding.counts[1].into());
    let is_proved = finding.answer().is_some() || finding.daily().is_some();
    let misjudged = near.map(|near| near.misjudged.len()).or(is_proved.then_some(0));
    of.insert("misjudged".into(), misjudged.into());
    let all = Model::simple().into_iter().chain(Model::further());
    let gone = all.filter(|model| finding.survivors.iter().all(|left| left.model != *model));
    let refuted: Vec<Value> = gone
        .filter_map(|model| {
            let (a, b) = finding.refuted(model)?;
            let mut of = Map::new();
            of.insert("model".into(), model.name().into());
            of.insert("refill".into(), refill(model));
            of.insert("counts_refused".into(), model.counts_refused().into());
            of.insert("lines".into(), json!([a, b]));
            Some(Value::Object(of))
        })
        .collect();
    of.insert("refuted".into(), refuted.into());
    let origin = fitting.heard.first;
    let undecided = finding.undecided().iter().map(|left| Value::Object(figures(left, origin)));
    of.insert("undecided".into(), undecided.collect());
    if let Some(together) = together(finding, origin) {
        of.insert("together".into(), together);
    }
    if let Some(change) = finding.change.filter(|_| finding.survivors.is_empty()) {
        of.insert("change".into(), changed(change, origin));
    }
    if let Some(headers) = told::json(fitting, finding) {
        of.insert("headers".into(), headers);
    }
    Value::Object(of)
}

/// A change, or with `same` a gap between calls that agree.
fn changed(change: &Change, origin: i64) -> Value {
    let side = |left: &Survivor| Value::Object(figures(left, origin));
    json!({
        "within_s": [seconds(change.within.0), seconds(change.within.1)],
        "lines": [change.lines.0, change.lines.1],
        "before": side(&change.before),
        "after": side(&change.after),
        "same": change.same().as_ref().map(side),
    })
}

/// The figures of a limit of days; `zone` is null if several explain the log.
fn daily(days: Option<&Days>) -> Map<String, Value> {
    let bounds = days.map(days::limit).map_or(Value::Null, |(least, most)| json!([least, most]));
    let (none, window) = (Value::Null, json!([82_800.0, 90_000.0]));
    let mut of = object("fixed_window".into(), none.clone(), none.clone(), none, window, bounds);
    let begins = days.map_or(&[][..], |days| &days.begins);
    let first = begins.first().map(|begin| begin.0.zone);
    let only = first.filter(|zone| begins.iter().all(|begin| begin.0.zone == *zone));
    of.insert("zone".into(), only.into());
    of
}

/// The pairs of limits that explain what no single one does; `None` without any.
fn together(finding: &Finding<'_>, origin: i64) -> Option<Value> {
    let pair = |both: &Both| {
        let limits = [0, 1].map(|side: usize| Value::Object(figures(&both.limits[side], origin)));
        json!({ "limits": limits, "refused_by_one_alone": both.alone })
    };
    (!finding.pairs.is_empty()).then(|| finding.pairs.iter().map(pair).collect())
}

fn refill(model: Model) -> Value {
    match model {
        Model::Bucket { .. } => "continuous".into(),
        Model::Ticks => "ticks".into(),
        _ => Value::Null,
    }
}

#[expect(clippy::cast_precision_loss)]
fn seconds(ns: i64) -> f64 {
    ns as f64 / 1e9
}

fn figures(left: &Survivor, origin: i64) -> Map<String, Value> {
    let (low, high) = left.capacity();
    let capacity = json!([low, high]);
    let window =
        left.window().map_or(Value::Null, |(low, high)| json!([seconds(low), high.map(seconds)]));
    let rate = left.rate_per_s().map_or(Value::Null, |(low, high)| json!([low, high]));
    let (burst, limit) = match left.model {
        Model::Bucket { .. } | Model::Ticks => (capacity, Value::Null),
        _ => (Value::Null, capacity),
    };
    let mut of = object(left.model.name().into(), refill(left.model), rate, burst, window, limit);
    if left.model == Model::FixedWindow {
        let phase = begins::phase(left, origin);
        let offset = phase.map(|(_, (low, high))| [seconds(low), seconds(high)]);
        of.insert("offset_s".into(), json!(offset));
    }
    of
}

fn object(
    model: Value,
    refill: Value,
    rate: Value,
    burst: Value,
    window: Value,
    limit: Value,
) -> Map<String, Value> {
    let names = ["model", "refill", "rate_per_s", "burst", "window_s", "limit"];
    let values = [model, refill, rate, burst, window, limit];
    names.into_iter().map(String::from).zip(values).collect()
}

fn not_identifiable(fitting: Fitting<'_>, finding: &Finding<'_>) -> Option<Value> {
    let unclear = finding.unclear();
    if unclear.is_empty() {
        return None;
    }
    let reasons: Vec<&str> = unclear.into_iter().map(reason).collect();
    let at_least: Vec<Value> = finding
        .at_least()
        .iter()
        .map(|(burst, rate)| json!({ "burst": burst, "rate_per_s": rate }))
        .collect();
    let mut of = Map::new();
    of.insert("calls".into(), calls(fitting, finding));
    if let Some(key) = key(fitting, finding) {
        of.insert("key".into(), key);
    }
    of.insert("reasons".into(), reasons.into());
    of.insert("at_least".into(), at_least.into());
    Some(Value::Object(of))
}

const fn reason(what: Unclear) -> &'static str {
    match what {
        Unclear::NoAcceptances => "no_acceptances",
        Unclear::NoRefusals => "no_refusals",
        Unclear::FewRefusals => "few_refusals",
        Unclear::NoModel => "no_model",
        Unclear::Models => "several_models",
        Unclear::Nodes => "no_upper_bound_of_nodes",
        Unclear::Capacity => "no_upper_bound_of_burst",
        Unclear::Rate => "no_upper_bound_of_rate",
        Unclear::Completeness => "calls_may_be_missing",
    }
}
