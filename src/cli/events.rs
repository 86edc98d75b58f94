//! `--events FILE`: one line an attempt, of the first replication of every strategy.
//!
//! JSON lines, or CSV where the file's name ends in `.csv`. Lines come in the order in which
//! attempts are answered.

use super::{Fault, error, output};
use crate::scenario::Scenario;
use crate::simulation::{Attempt, Next, Observer, observe};
use serde::Serialize;
use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct Line<'a> {
    scenario: &'a str,
    strategy: &'a str,
    at_s: f64,
    workload: &'a str,
    account: &'a str,
    call: &'a str,
    request: u64,
    attempt: u32,
    status: u16,
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
            Self::Csv(out) => out.serialize(line).map_err(io::Error::other),
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
            status: attempt.status.0,
            cause: attempt.cause.map(|cause| names.causes[usize::from(cause)].as_str()),
            retry_after_s: attempt.retry_after.map(|span| span.as_secs_f64()),
            rate_header: attempt.rate_limit.map(|rate| rate.per_second_f64()),
            next,
            next_after_s: after,
        });
    }
}

/// Refuses to put attempts in the place of a scenario.
pub(super) fn check(path: &Path, scenarios: &[PathBuf]) -> Result<(), Fault> {
    let same = |file: &&PathBuf| match (file.canonicalize(), path.canonicalize()) {
        (Ok(file), Ok(path)) => file == path,
        _ => false,
    };
    match scenarios.iter().find(same) {
        Some(file) => Err(Fault::new(error(&format!(
            "--events {} would overwrite the scenario {}",
            path.display(),
            file.display()
        )))),
        None => Ok(()),
    }
}

/// Writes every attempt of these scenarios' first replications.
pub(super) fn write(path: &Path, scenarios: &[Scenario]) -> Result<(), Fault> {
    let is_csv = path.extension().is_some_and(|ending| ending == "csv");
    let fill = |file: &mut dyn Write| {
        let out = BufWriter::new(file);
        let mut form = match is_csv {
            true => Form::Csv(Box::new(csv::Writer::from_writer(out))),
            false => Form::Json(out),
        };
        for scenario in scenarios {
            for (number, (strategy, _)) in scenario.names.strategies.iter().enumerate() {
                let writer = Writer { scenario, strategy, form: &mut form, failed: Ok(()) };
                observe(&scenario.plan, number, 0, writer).1.failed?;
            }
        }
        match form {
            Form::Json(mut out) => out.flush(),
            Form::Csv(mut out) => out.flush(),
        }
    };
    if path.metadata().is_ok_and(|place| !place.is_file()) {
        // A pipe or a device is written to, not replaced.
        let device = OpenOptions::new().write(true).open(path).and_then(|mut file| fill(&mut file));
        let cannot = |e: io::Error| error(&format!("cannot write {}: {e}", path.display()));
        return device.map_err(|e| Fault::new(cannot(e)));
    }
    let file = output::whole(path, |file| fill(file));
    file.and_then(|file| output::keep(file, path))
        .map_err(|Fault(message)| Fault::new(message.replace("--out", "--events")))
}
