//! What would have to change where no strategy meets the conditions: how much work the best one
//! still serves, found as `size` finds it.

use super::error::AdviseError;
use crate::catalog::reader;
use crate::metrics::figures::Slice;
use crate::scenario::{Amount, Draft, Scenario};
use crate::study::StudyError;
use crate::study::size::size;
use toml::{Table, Value};

/// How much of something meets the conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relief {
    /// The value that is changed, by its address.
    pub address: String,
    /// The least value that was tried.
    pub from: String,
    /// The greatest value that was tried.
    pub to: String,
    /// The last value that meets the conditions; `None` if none does.
    pub value: Option<String>,
}

/// How many times less work is tried, at most.
const LESS: f64 = 100.0;

/// How much of the work of a strategy, by index and name, would meet the conditions; `None` if no
/// address of the scenario says how much work there is.
pub(super) fn relief(
    draft: &Draft,
    scenario: &Scenario,
    (strategy, name): (usize, &str),
) -> Result<Option<Relief>, AdviseError> {
    let whole = scenario.expectations.iter().filter(|must| must.slice == Slice::Whole);
    let meet: Vec<Value> = whole.map(|must| Value::from(must.text.clone())).collect();
    let Ok(table) = draft.text.parse::<Table>() else { return Ok(None) };
    let own = &scenario.plan.strategies[strategy].workloads;
    let does = |place: usize| {
        own.as_ref().is_none_or(|list| list.iter().any(|of| usize::from(*of) == place))
    };
    let mut names = scenario.names.workloads.iter().enumerate().filter(|(place, _)| does(*place));
    let found = names.find_map(|(_, workload)| amount(&table, workload));
    let Some((address, amount, less_is)) = found.filter(|_| !meet.is_empty()) else {
        return Ok(None);
    };
    let (from, to, goal) = match less_is {
        Less::Lower => (less(&amount), amount.clone(), "largest"),
        Less::Higher => (amount.clone(), amount.of(amount.number * LESS), "smallest"),
    };
    if from.number >= to.number {
        return Ok(None);
    }
    let Ok(mut text) = draft.text.parse::<toml_edit::DocumentMut>() else { return Ok(None) };
    text.remove("size");
    let text = format!(
        "{text}\n[size]\naddress = {}\nfrom = {}\nto = {}\ngoal = \"{goal}\"\nmeet = {}\n\
         strategies = [{}]\n",
        Value::from(address.clone()),
        from.value(),
        to.value(),
        Value::Array(meet),
        Value::from(name.to_string()),
    );
    let sized = Draft { text, ..draft.clone() };
    let read = sized.with(&[])?;
    let sizing = read.size.as_ref().ok_or(StudyError::NothingToSize)?;
    let found = size(&sized, sizing, sizing.strategies[0])?;
    let value = found.answer.map(|place| found.probes[place].amount.value().to_string());
    let [from, to] = [from, to].map(|end| end.value().to_string());
    Ok(Some(Relief { address, from, to, value }))
}

/// Which direction of a value is less work.
enum Less {
    Lower,
    Higher,
}

/// A value that says how much work a workload is.
fn amount(table: &Table, workload: &str) -> Option<(String, Amount, Less)> {
    let own = table.get("workload")?.get(workload)?;
    let name = reader::key(workload);
    let keys = [
        (&["arrivals", "backlog"][..], Less::Lower),
        (&["arrivals", "poisson"], Less::Lower),
        (&["arrivals", "rate"], Less::Lower),
        (&["items"], Less::Lower),
        (&["arrivals", "every", "period"], Less::Higher),
    ];
    let found = keys.into_iter().find_map(|(path, less)| {
        let value = path.iter().try_fold(own, |value, key| value.get(key))?;
        Some((format!("workload.{name}.{}", path.join(".")), Amount::read(value)?, less))
    });
    found.filter(|(_, amount, _)| amount.number > 0.0)
}

/// The least amount that is tried.
fn less(amount: &Amount) -> Amount {
    let part = amount.of(amount.number / LESS);
    if part.number > 0.0 { part } else { amount.of(1.0) }
}
