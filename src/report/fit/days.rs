//! Days of a time zone, in words, for programs and as a catalogue writes them.

use super::finding::Finding;
use super::{Fitting, at_least, figures, words};
use crate::fit::days::{Begin, Days, Limit};
use crate::units::quantity::bounds;
use serde_json::{Value, json};

/// What such a limit is called.
pub(super) const NAME: &str = "day of a time zone";

/// Bounds of the limit, whenever a day begins.
pub(super) fn limit(days: &Days) -> Limit {
    let bounds = days.begins.iter().map(|begin| begin.1);
    bounds.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((1, i64::MAX))
}

/// When a day may begin: `00:00 of Europe/Berlin`, one text for each zone.
fn begins(days: &Days) -> Vec<String> {
    let mut zones: Vec<(&str, Vec<String>)> = Vec::new();
    for (Begin { zone, hour }, _) in &days.begins {
        let hour = format!("{hour:02}:00");
        match zones.iter_mut().find(|other| other.0 == *zone) {
            Some((_, hours)) => hours.push(hour),
            None => zones.push((zone, vec![hour])),
        }
    }
    zones.iter().map(|(zone, hours)| format!("{} of {zone}", hours.join(" or "))).collect()
}

/// `500 calls in each day from 00:00 of Europe/Berlin`.
pub(super) fn of(fitting: Fitting<'_>, days: &Days) -> String {
    let (least, most) = limit(days);
    let many = figures::many((least, Some(most)), fitting);
    let begins = begins(days).join(", or ");
    let apart = if days.begins.len() > 1 { ", which cannot be told apart" } else { "" };
    format!("{many} in each day from {begins}{apart}")
}

/// The answer.
pub(super) fn sentence(
    (fitting, finding): (Fitting<'_>, &Finding<'_>),
    days: &Days,
    (title, scope, counts): (&str, &str, &str),
) -> String {
    let found = of(fitting, days);
    match finding.trusted {
        true => {
            format!("{title}: {found}{scope}; {counts}; nothing else that was tried explains them.")
        }
        false => format!(
            "{title}: the limit cannot be told unless the log has every call that counts (then use \
             --complete); {counts}. If it does: {found}. {}",
            at_least(fitting, finding)
        ),
    }
}

/// What a table says of it.
pub(super) fn said(fitting: Fitting<'_>, days: &Days) -> String {
    format!("explains every call: {}", of(fitting, days))
}

/// Every beginning, for programs.
pub(super) fn json(days: &Days) -> Value {
    let begins = days.begins.iter().map(|(Begin { zone, hour }, (least, most))| {
        json!({ "zone": zone, "hour": hour, "limit": [least, most] })
    });
    begins.collect()
}

/// The rule as a catalogue writes it, and what it assumes.
pub(super) fn rule(days: &Days) -> (String, Vec<String>) {
    let Some((Begin { zone, hour }, (least, most))) = days.begins.first() else {
        return (String::new(), Vec::new());
    };
    let offset = if *hour > 0 { format!(", offset = \"{hour}h\"") } else { String::new() };
    let text = format!(
        "fixed_window = {{ limit = {least}, window = \"1 day\", zone = \"{zone}\"{offset} }}"
    );
    let mut assumed = Vec::new();
    if least != most {
        let bounds = bounds::whole((*least, Some(*most)));
        assumed.push(format!(
            "the limit is {}: the log allows {bounds}",
            words::count(least.unsigned_abs())
        ));
    }
    if days.begins.len() > 1 {
        let begins = begins(days).join(", or ");
        assumed.push(format!("a day begins at {hour:02}:00 of {zone}: the log allows {begins}"));
    }
    (text, assumed)
}
