//! `--events FILE`: one line an attempt, of the first replication of every strategy.
//!
//! JSON lines, or CSV where the file's name ends in `.csv`. Lines come in the order in which
//! attempts are answered; then those that were under way when time was over, without a status.

use super::output::Filled;
use super::{Fault, error, given_up};
use crate::report::safe;
use crate::scenario::Scenario;
use crate::simulation::{Attempt, Next, Observer, observe};
use crate::study::GivenUp;
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Serialize)]
struct Line<'a> {
    scenario: &'a str,
    strategy: &'a str,
    at_s: f64,
    workload: &'a str,
    account: &'a str,
    call: &'a str,
    request: u64,
    attempt: u32,
    status: Option<u16>,
    cause: Option<&'a str>,
    retry_after_s: Option<f64>,
    rate_header: Option<f64>,
    next: &'static str,
    next_after_s: Option<f64>,
}

enum Form<W: Write> {
    Json(W),
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write> Form<W> {
    fn write(&mut self, line: &Line<'_>) -> io::Result<()> {
        match self {
            Self::Json(out) => {
                serde_json::to_writer(&mut *out, line)?;
                out.write_all(b"\n")
            }
            Self::Csv(out) => {
                let [scenario, strategy, workload, account, call] =
                    [line.scenario, line.strategy, line.workload, line.account, line.call]
                        .map(safe::csv);
                let cause = line.cause.map(safe::csv);
                let line = Line {
                    scenario: &scenario,
                    strategy: &strategy,
                    workload: &workload,
                    account: &account,
                    call: &call,
                    cause: cause.as_deref(),
                    ..*line
                };
                out.serialize(line).map_err(io::Error::other)
            }
        }
    }
}

struct Writer<'a, W: Write> {
    scenario: &'a Scenario,
    strategy: &'a str,
    form: &'a mut Form<W>,
    failed: io::Result<()>,
}

impl<W: Write> Observer for Writer<'_, W> {
    fn attempt(&mut self, attempt: &Attempt) {
        if self.failed.is_err() {
            return;
        }
        let names = &self.scenario.names;
        let (next, after) = match attempt.next {
            Next::Done => ("done", None),
            Next::GivenUp => ("given_up", None),
            Next::Nothing => ("nothing", None),
            Next::UnderWay => ("under way", None),
            Next::After(wait) => ("again", Some(wait.as_secs_f64())),
        };
        self.failed = self.form.write(&Line {
            scenario: &self.scenario.name,
            strategy: self.strategy,
            at_s: attempt.sent.as_secs_f64(),
            workload: &names.workloads[usize::from(attempt.workload)],
            account: &self.scenario.caller_name(attempt.caller),
            call: &names.calls[usize::from(attempt.operation.0)],
            request: attempt.request + 1,
            attempt: attempt.attempt,
            status: attempt.status.map(|status| status.0),
            cause: attempt.cause.map(|cause| names.causes[usize::from(cause)].as_str()),
            retry_after_s: attempt.retry_after.map(|span| span.as_secs_f64()),
            rate_header: attempt.rate_limit.map(|rate| rate.per_second_f64()),
            next,
            next_after_s: after,
        });
    }
}

/// Where attempts go, scenario by scenario.
pub(super) struct Events {
    path: PathBuf,
    form: Form<BufWriter<File>>,
    /// The file beside its place; none where a pipe or a device is written to.
    filled: Option<Filled>,
}

impl Events {
    /// Nothing yet; or why it cannot be written.
    pub fn begin(path: &Path) -> Result<Self, Fault> {
        let cannot = |e: io::Error| cannot(path, &e);
        let (file, filled) = match path.metadata() {
            // A pipe or a device is written to, not replaced.
            Ok(place) if !place.is_file() => {
                (OpenOptions::new().write(true).open(path).map_err(cannot)?, None)
            }
            _ => {
                let mut filled = Filled::new(path, "--events")?;
                (filled.file().try_clone().map_err(cannot)?, Some(filled))
            }
        };
        let out = BufWriter::new(file);
        let form = match path.extension().is_some_and(|ending| ending == "csv") {
            true => Form::Csv(Box::new(csv::Writer::from_writer(out))),
            false => Form::Json(out),
        };
        Ok(Self { path: path.into(), form, filled })
    }

    /// Writes every attempt of a scenario's first replication.
    pub fn add(&mut self, scenario: &Scenario) -> Result<(), Fault> {
        for (number, (strategy, _)) in scenario.names.strategies.iter().enumerate() {
            let form = &mut self.form;
            let writer = Writer { scenario, strategy, form, failed: Ok(()) };
            let (outcome, Writer { failed, .. }) = observe(&scenario.plan, number, 0, writer);
            failed.map_err(|e| cannot(&self.path, &e))?;
            if let Some(excess) = outcome.excess {
                return Err(given_up(scenario, &GivenUp::of(scenario, number, excess)));
            }
        }
        Ok(())
    }

    /// All of it has been written; what is left to do is to put it in its place.
    pub fn finish(self) -> Result<Option<Filled>, Fault> {
        let flushed = match self.form {
            Form::Json(mut out) => out.flush(),
            Form::Csv(mut out) => out.flush(),
        };
        flushed.map_err(|e| cannot(&self.path, &e))?;
        Ok(self.filled)
    }
}

fn cannot(path: &Path, reason: &io::Error) -> Fault {
    let hint = "what was there before is untouched; choose another place with --events";
    Fault::new(error(&format!("cannot write {}: {reason}\n  {hint}", path.display())))
}
