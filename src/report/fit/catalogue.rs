//! What a log proves as a catalogue that a scenario can name.
//!
//! ```text
//!   what explains every call ─► a limit with the roundest figures inside its bounds, or two
//!   what else explains it    ─► a choice of a reading
//!   a bucket split over nodes ─► its likeliest figures, and assumptions that say so
//!   a bound that is missing  ─► the least figure, and an assumption that says so
//!   nothing, or no refusal   ─► a comment
//! ```

use super::figures::Counted;
use super::finding::{self, Finding};
use super::{Fitting, begins, days, figures, split, word};
use crate::fit::counter::Room;
use crate::fit::days::FIRST_DATE;
use crate::fit::model::{Model, Piece, Survivor};
use crate::fit::rows::Part;
use crate::units::quantity::bounds;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt::Write;
use toml::Value;

/// The day of the log's last call; `None` if its times are no dates.
#[must_use]
pub fn day(fitting: Fitting<'_>) -> Option<Date> {
    let last = fitting.heard.last?;
    let last = Timestamp::from_nanosecond(last.into()).ok().filter(|_| last >= FIRST_DATE)?;
    Some(last.to_zoned(TimeZone::UTC).date())
}

/// The catalogue, which its user names, of a log of a day; and how many limits it has.
#[must_use]
pub fn text(fitting: Fitting<'_>, name: &str, day: Date) -> (String, usize) {
    let files: Vec<&str> = fitting.files.iter().map(|(file, _)| file.as_str()).collect();
    let source = format!("found by throttlesim fit in {}", files.join(", "));
    let (name, source) = (quoted(name), quoted(&source));
    let mut text = format!("name = {name}\nsource = {source}\nretrieved = {day}\n");
    let mut limits = String::new();
    let (mut readings, mut comments, mut count) = (String::new(), String::new(), 0);
    for finding in finding::all(fitting.outcome) {
        match entry(fitting, &finding) {
            Ok((limit, reading)) => {
                count += 1;
                limits += &limit;
                readings += &reading;
            }
            Err(why) => {
                let _ = writeln!(comments, "# {}: {why}", fitting.title(&finding));
            }
        }
    }
    if !comments.is_empty() {
        let _ = write!(text, "\n# Without a limit here:\n{comments}");
    }
    (text + &limits + &readings, count)
}

/// Why there is no limit where nothing that survives has a rule.
const UNSAID: &str = "nothing that a catalogue can say explains every call";

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A limit and its reading, or two limits, or why there is none.
fn entry(fitting: Fitting<'_>, finding: &Finding<'_>) -> Result<(String, String), &'static str> {
    if finding.counts[1] == 0 {
        return Err("no call was refused");
    }
    if finding.of.is_some() {
        return Err("other figures for each account, which a catalogue cannot say");
    }
    // Of units there are buckets and windows of the clock only.
    let is_possible = |left: &&Survivor| {
        fitting.counted == Counted::Calls
            || matches!(left.model, Model::Bucket { counts_refused: false } | Model::FixedWindow)
    };
    let rules = |all: &'_ [Survivor]| -> Vec<(Rule, Model)> {
        let possible = all.iter().filter(is_possible);
        possible.filter_map(|left| Some((rule(left, fitting.heard.first)?, left.model))).collect()
    };
    let name = fitting.title(finding);
    if let Some(both) = finding.both() {
        let rules = rules(&both.limits);
        let [first, second] = rules.as_slice() else { return Err(UNSAID) };
        // Each side then holds the figures of both.
        if first.1 == second.1 {
            return Err("two limits of one kind, whose figures cannot be told apart");
        }
        let of = |number: u32, rule: &Rule| {
            limit(fitting, finding, (&format!("{name}, limit {number}"), rule))
        };
        return Ok((of(1, &first.0) + &of(2, &second.0), String::new()));
    }
    if let Some(days) = finding.daily() {
        let (text, assumed) = days::rule(days);
        let rule = Rule { text, counts_refused: false, assumed, nodes: None };
        return Ok((limit(fitting, finding, (&name, &rule)), String::new()));
    }
    if let Some((_, estimate)) = finding.nodes() {
        let text = split::rule(estimate).ok_or(UNSAID)?;
        let assumed = split::assumed(finding, estimate);
        let rule =
            Rule { text, counts_refused: false, assumed, nodes: Some(estimate.proved.nodes) };
        return Ok((limit(fitting, finding, (&name, &rule)), String::new()));
    }
    let rules = rules(finding.survivors);
    let (first, _) = rules.first().ok_or(UNSAID)?;
    let reading = if rules.len() > 1 { reading(&name, &rules) } else { String::new() };
    Ok((limit(fitting, finding, (&name, first)), reading))
}

/// A limit of this name with this rule.
fn limit(fitting: Fitting<'_>, finding: &Finding<'_>, (name, rule): (&str, &Rule)) -> String {
    let calls: Vec<Value> =
        finding.limit.calls.iter().map(|call| fitting.name(Part::Call, *call).into()).collect();
    let scope: Vec<Value> = finding.limit.parts.iter().map(|part| word(*part).into()).collect();
    let mut limit = format!("\n[limit.{}]\nscope = {}\n", quoted(name), Value::from(scope));
    if fitting.varies(Part::Call) {
        let _ = writeln!(limit, "calls = {}", Value::from(calls));
    }
    if fitting.counted == Counted::Units {
        // Scenarios say what calls cost, as `cost.units = 5`.
        let _ = writeln!(limit, "counts = {}", quoted(fitting.unit));
    }
    let _ = writeln!(limit, "rule.{}", rule.text);
    if let Some(nodes) = rule.nodes {
        let _ = writeln!(limit, "nodes = {nodes}");
    }
    if rule.counts_refused {
        limit += "count_rejected = true\n";
    }
    let mut assumed: Vec<Value> = rule.assumed.iter().map(|one| one.as_str().into()).collect();
    if !finding.trusted {
        assumed.push("the log has every call that the limit counts".into());
    }
    if !assumed.is_empty() {
        let _ = writeln!(limit, "assumed = {}", Value::from(assumed));
    }
    limit
}

/// The kinds of limit that explain every call, as choices; the first is the limit's.
fn reading(name: &str, rules: &[(Rule, Model)]) -> String {
    let key = quoted(name);
    let choice = |model: Model| quoted(&figures::name(model));
    let question = format!("Which kind of limit does {name} have?");
    let (_, first) = &rules[0];
    let why = "it is the simplest one that explains every call";
    let mut text = format!(
        "\n[reading.{key}]\nquestion = {}\ndefault = {}\nwhy = {}\n",
        quoted(&question),
        choice(*first),
        quoted(why)
    );
    for (place, (rule, model)) in rules.iter().enumerate() {
        let _ = writeln!(text, "[reading.{key}.choices.{}]", choice(*model));
        if place > 0 {
            let _ = writeln!(text, "limit.{key}.rule.{}", rule.text);
            let _ = writeln!(text, "limit.{key}.count_rejected = {}", rule.counts_refused);
        }
    }
    text
}

/// A rule as a file writes it.
struct Rule {
    text: String,
    counts_refused: bool,
    assumed: Vec<String>,
    /// Over how many nodes it is split.
    nodes: Option<i64>,
}

/// The shortest figures of all that are left, for each piece has bounds of its own. `None` of what
/// has no short ones, or no rule in a catalogue.
fn rule(left: &Survivor, origin: i64) -> Option<Rule> {
    let rules = left.pieces.iter().filter_map(|piece| of_piece(left, piece, origin));
    rules.min_by_key(|rule| rule.text.len())
}

fn of_piece(left: &Survivor, piece: &Piece, origin: i64) -> Option<Rule> {
    let (model, most) = (left.model, piece.capacity.0);
    let rate = || piece.rate_per_s.and_then(bounds::round_rate);
    let window = || piece.window.and_then(bounds::round_time);
    let (what, text) = match model {
        Model::Concurrency => ("number of calls at the same time", format!("concurrency = {most}")),
        Model::Bucket { .. } => {
            ("burst", format!("token_bucket = {{ rate = \"{}\", burst = {most} }}", rate()?))
        }
        Model::Ticks if piece.tokens == Some(1) => (
            "burst",
            format!(
                "token_bucket = {{ rate = \"{}\", burst = {most}, refill = \"tick\" }}",
                rate()?
            ),
        ),
        Model::Ticks => return None,
        Model::FixedWindow => {
            let length = piece.window.and_then(bounds::round_ns);
            let offset = length.and_then(|length| begins::offset(piece, length, origin));
            let offset = offset.map_or(String::new(), |of| format!(", offset = \"{of}\""));
            let window = window()?;
            let text = format!("limit = {most}, window = \"{window}\"{offset}");
            ("limit", format!("fixed_window = {{ {text} }}"))
        }
        Model::SlidingLog { .. } => {
            ("limit", format!("sliding_window = {{ limit = {most}, window = \"{}\" }}", window()?))
        }
        Model::SlidingCounter { room, .. } => {
            let admits = match room {
                Room::Whole => "whole-call",
                Room::Any => "any-room",
            };
            let text = format!(
                "sliding_window = {{ limit = {most}, window = \"{}\", method = \"two-bucket\", \
                 admits = \"{admits}\" }}",
                window()?
            );
            ("limit", text)
        }
    };
    let assumed = match left.capacity() {
        (least, Some(upper)) if upper == least => Vec::new(),
        bounds => vec![format!("the {what} is {most}: the log allows {}", bounds::whole(bounds))],
    };
    let counts_refused = model.counts_refused() == Some(true);
    Some(Rule { text, counts_refused, assumed, nodes: None })
}
