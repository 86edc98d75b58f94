//! The log of decisions: one line of JSON for each, in the order in which they were made.
//!
//! ```text
//!   {"sequence":0,"time_ns":1500000000,"provider":"live","call":"orders/v0/getOrders",
//!    "application":1,"account":1,"region":"na","status":429,"cause":"usage-plan","cost":1}
//! ```
//!
//! Times count from the clock's origin; accounts and applications count from 1, and an account of 0
//! is that of all who say nothing of theirs. A sequence that begins again is that of a provider
//! that nobody has called.

use super::opened::Opened;
use crate::simulation::{Asked, Counter};
use crate::units::Instant;
use crate::wire::{Caller, Operation};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

/// Lines that are kept for whoever asks.
const RECENT: usize = 1000;

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The number of the decision, from 0.
    pub sequence: u64,
    /// When it was made \[ns since the clock's origin\].
    pub time_ns: u64,
    /// The scenario's name for the provider.
    pub provider: String,
    /// The operation.
    pub call: String,
    /// The application, from 1.
    pub application: u32,
    /// The account, from 1; 0 is that of whoever says nothing of theirs.
    pub account: u32,
    /// The region.
    pub region: String,
    /// The status that the client was told.
    pub status: u16,
    /// The limit that refused the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What the call cost.
    pub cost: u64,
    /// What the call asked for, where a limit tells that apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<u32>,
}

/// Where lines go.
pub(super) struct Journal {
    out: Option<Box<dyn Write + Send>>,
    /// The line that is written, kept for its room.
    line: String,
    recent: VecDeque<(Instant, Entry)>,
    /// Why lines are lost, if they are.
    pub failed: Option<Arc<io::Error>>,
    parts: Parts,
}

/// Parts of lines, as they are written again and again.
struct Parts {
    /// For each operation its provider and its name.
    calls: Vec<String>,
    regions: Vec<String>,
    causes: Vec<String>,
    /// Accounts that have a number.
    accounts: u32,
    has_keys: bool,
}

/// A decision, as it is logged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub asked: Asked,
    pub status: u16,
    pub cause: Option<u16>,
    pub cost: u64,
}

impl Journal {
    pub fn new(opened: &Opened, out: Option<Box<dyn Write + Send>>) -> Self {
        let recent = VecDeque::with_capacity(RECENT);
        Self { out, line: String::new(), recent, failed: None, parts: Parts::of(opened) }
    }

    /// Writes the line of a decision.
    pub fn write(&mut self, at: Instant, entry: Entry) {
        // The oldest makes room for the newest.
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((at, entry));
        let Some(out) = &mut self.out else { return };
        self.line.clear();
        self.parts.write(&mut self.line, at, &entry);
        if let Err(error) = out.write_all(self.line.as_bytes()) {
            self.out = None;
            self.failed = Some(Arc::new(error));
        }
    }

    /// The last lines.
    pub fn recent(&self) -> String {
        let mut lines = String::new();
        for (at, entry) in &self.recent {
            self.parts.write(&mut lines, *at, entry);
        }
        lines
    }

    /// Forgets the last lines.
    pub fn clear(&mut self) {
        self.recent.clear();
    }

    /// Sees to it that what was written is there.
    pub fn flush(&mut self) {
        if let Some(out) = &mut self.out
            && let Err(error) = out.flush()
        {
            self.out = None;
            self.failed = Some(Arc::new(error));
        }
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Journal({} lines)", self.recent.len())
    }
}

impl Parts {
    fn of(opened: &Opened) -> Self {
        let text = |text: &String| serde_json::Value::from(text.as_str()).to_string();
        let (names, plan) = (&opened.scenario.names, &opened.scenario.plan);
        let mut calls = vec![String::new(); names.calls.len()];
        for served in &opened.served {
            for call in served.calls.iter().map(|call| usize::from(call.0)) {
                let (provider, name) = (text(&served.name), text(&names.calls[call]));
                calls[call] = format!("\"provider\":{provider},\"call\":{name}");
            }
        }
        Self {
            calls,
            regions: names.regions.iter().map(text).collect(),
            causes: names.causes.iter().map(text).collect(),
            accounts: plan.population.accounts,
            has_keys: plan.population.keys > 1,
        }
    }

    fn write(&self, line: &mut String, at: Instant, entry: &Entry) {
        let Entry { asked, status, cause, cost } = entry;
        let caller = asked.caller;
        let account = if caller.account < self.accounts { caller.account + 1 } else { 0 };
        let (number, call) = (asked.number, &self.calls[usize::from(asked.operation.0)]);
        let (application, region) = (caller.application + 1, &self.regions[caller.region as usize]);
        // A text takes all that is written.
        let _ = write!(
            line,
            "{{\"sequence\":{number},\"time_ns\":{},{call},\"application\":{application},\
             \"account\":{account},\"region\":{region},\"status\":{status}",
            at.as_nanos(),
        );
        if let Some(cause) = cause {
            let _ = write!(line, ",\"cause\":{}", self.causes[usize::from(*cause)]);
        }
        let _ = write!(line, ",\"cost\":{cost}");
        if self.has_keys {
            let _ = write!(line, ",\"key\":{}", caller.key);
        }
        line.push_str("}\n");
    }
}

/// What came of replaying a log.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Decisions in it.
    pub calls: u64,
    /// Those that were made otherwise this time: the line, and what was decided.
    pub different: Vec<(Line, (u16, Option<String>))>,
}

/// Why a log cannot be replayed.
#[derive(Debug)]
pub enum ReplayError {
    /// It cannot be read.
    Unreadable(io::Error),
    /// A line, from 1, is none of a log.
    NotALine(usize, serde_json::Error),
    /// A line names what the scenario does not have.
    Unknown(usize, &'static str),
}

/// Gives the calls of a log to a provider that nobody has called, on the virtual clock.
///
/// # Errors
/// The log cannot be read, or is of another scenario.
pub fn replay(opened: &Opened, log: impl BufRead) -> Result<Replayed, ReplayError> {
    let (scenario, names) = (&opened.scenario, &opened.scenario.names);
    let mut counter = Counter::new(&scenario.plan, 1);
    let population = scenario.plan.population;
    let cells = cells_of(opened);
    let operations = by_name(opened);
    let mut replayed = Replayed::default();
    for (number, line) in (1..).zip(log.lines()) {
        let line = line.map_err(ReplayError::Unreadable)?;
        let line: Line =
            serde_json::from_str(&line).map_err(|error| ReplayError::NotALine(number, error))?;
        let unknown = |what| ReplayError::Unknown(number, what);
        if line.sequence == 0 {
            counter.reset();
        }
        let of = (line.provider.clone(), line.call.clone());
        let operation = *operations.get(&of).ok_or(unknown("call"))?;
        let region = names.regions.iter().position(|name| *name == line.region);
        let region = region.and_then(|place| u32::try_from(place).ok()).ok_or(unknown("region"))?;
        let caller = Caller {
            application: line.application.wrapping_sub(1),
            account: line.account.checked_sub(1).unwrap_or(population.accounts),
            region,
            key: line.key.unwrap_or(0),
            ..Caller::default()
        };
        if caller.application >= population.applications || caller.account > population.accounts {
            return Err(unknown("caller"));
        }
        let at = Instant::from_nanos(line.time_ns);
        let cell = cells[usize::from(operation.0)];
        let decided = counter.decide(at, Asked { caller, operation, cell, number: line.sequence });
        let cause = decided.cause.map(|cause| names.causes[usize::from(cause)].clone());
        let again = (decided.response.status.0, cause);
        replayed.calls += 1;
        if again != (line.status, line.cause.clone()) {
            replayed.different.push((line, again));
        }
    }
    Ok(replayed)
}

/// For each operation the first step that calls it, by index among all steps.
pub(super) fn cells_of(opened: &Opened) -> Vec<u16> {
    let plan = &opened.scenario.plan;
    let mut cells = vec![0; plan.calls.len()];
    let mut seen = vec![false; plan.calls.len()];
    for (cell, (_, operation)) in (0u16..).zip(plan.cell_names()) {
        let operation = usize::from(operation.0);
        if !std::mem::replace(&mut seen[operation], true) {
            cells[operation] = cell;
        }
    }
    cells
}

fn by_name(opened: &Opened) -> HashMap<(String, String), Operation> {
    let names = &opened.scenario.names.calls;
    let of = opened.served.iter().flat_map(|served| {
        let name = |call: &Operation| names[usize::from(call.0)].clone();
        served.calls.iter().map(move |call| ((served.name.clone(), name(call)), *call))
    });
    of.collect()
}
