//! `arrivals.trace`: a log replayed as a workload; what it names becomes steps and callers.
//!
//! ```text
//!   columns, calls ─► Log ─► survey ─► bad rows? ─► calls: steps ─► accounts: callers ─► Trace
//! ```

mod columns;
mod dialect;
mod names;
mod notes;

use super::Resolver;
use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::files::{Input, Unreadable};
use crate::limiter::Population;
use crate::recorded::{Format, Log, Replayed, Survey, statuses_among};
use crate::scenario::TraceReading;
use crate::scenario::raw::{RawThrottled, RawTrace, RawWorkload};
use crate::scenario::text::{Fraction, value};
use crate::units::{Share, Span};
use crate::workload::{Callers, Step, Trace};
use std::sync::Arc;

/// A workload with a trace.
#[derive(Clone, Copy)]
pub(super) struct Traced<'a> {
    pub name: &'a Spanned<String>,
    pub raw: &'a RawWorkload,
    pub trace: &'a RawTrace,
    pub callers: &'a Callers,
    pub population: Population,
    /// When arrivals stop.
    pub duration: Span,
}

/// Bad rows of all, beyond which a trace is refused.
const BAD_ROWS: Share = Share::from_ppm(10_000);
/// Speeds that a trace is replayed at.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.001..=1000.0;

impl Resolver<'_> {
    /// The trace and the steps of its jobs; `None` if anything is wrong with it.
    pub(super) fn trace(&mut self, of: Traced<'_>) -> Option<(Trace, Vec<Step>)> {
        let before = self.problems.len();
        let timing = self.timing(of);
        if let (Some(items), Some(_)) = (&of.raw.items, &of.trace.items) {
            let message = "the rows of the trace tell the items of each job, and so does this";
            self.contradiction(items.span(), message, "leave it out, or `items` of the trace");
        }
        let opened = self.log(of);
        let (log, known, mut steps) = opened?;
        if self.problems.len() > before {
            return None;
        }
        let survey = match Survey::of(&log, timing.recorded_end(of.duration)) {
            Ok(survey) => survey,
            Err(unreadable) => return self.unreadable(of.trace, &unreadable),
        };
        self.inputs.push(Input { path: log.path.clone(), digest: survey.digest() });
        if !self.check_given(of, &log, &survey, &known) {
            return None;
        }
        self.check_dialect(of.trace, &survey.given);
        self.check_rows(of, &survey);
        self.check_throttled(of, &survey);
        if survey.found.replayed > 0 {
            self.check_accounts(of, &survey);
        }
        steps.extend(self.named_steps(of, &survey));
        let names_steps = !log.columns.call.is_empty();
        let lap = self.lap(of, &survey);
        let never_loops = lap.is_some_and(|lap| lap >= timing.recorded_end(of.duration));
        let is_answered = survey.given.status > 0 || survey.found.first_strange.is_some();
        let notable =
            Notable { unread_status: statuses_among(&known).filter(|_| !is_answered), never_loops };
        self.note(of, &survey, names_steps.then_some(&steps), notable);
        let count = survey.found.replayed;
        let mean =
            survey.items.checked_div(count).map(|mean| u32::try_from(mean).unwrap_or(u32::MAX));
        let items = mean.filter(|_| of.trace.items.is_some());
        let rows = Arc::new(Replayed::new(log, survey));
        let Timing { speed, shift } = timing;
        let sample = value(of.trace.sample.as_ref()).map_or(Share::WHOLE, |Fraction(s)| s);
        let trace = Trace { rows, count, names_steps, items, speed, shift, sample, lap };
        (self.problems.len() == before).then_some((trace, steps))
    }

    fn timing(&mut self, of: Traced<'_>) -> Timing {
        let mut speed = Share::WHOLE;
        if let Some(raw) = &of.trace.speed {
            match raw.get_ref() {
                factor if SPEEDS.contains(factor) => speed = Share::from_fraction(*factor),
                factor => self.out_of_range(
                    raw.span(),
                    format!("a trace replayed at {factor} times its speed"),
                    "write 0.001 to 1000; 2.0 is twice as fast",
                ),
            }
        }
        let shift = value(of.trace.at.as_ref()).map_or(Span::ZERO, |Quantity(at)| at);
        if let Some(at) = of.trace.at.as_ref().filter(|_| shift >= of.duration) {
            let message = format!("a trace that begins at {shift} comes after arrivals stop");
            let help = format!("they stop at {}: raise `duration`", of.duration);
            self.no_effect(at.span(), message, &help);
        }
        if let Some(sample) = &of.trace.sample
            && sample.get_ref().0 == Share::NONE
        {
            self.out_of_range(
                sample.span(),
                "a sample of nothing",
                "write \"10%\", or leave it out",
            );
        }
        Timing { speed, shift }
    }

    /// The file and what counts in it, with the steps that `calls` or the workload names.
    fn log(&mut self, of: Traced<'_>) -> Option<(Log, Vec<String>, Vec<Step>)> {
        let trace = of.trace;
        let file = trace.file.get_ref();
        let format = value(trace.format.as_ref()).or_else(|| Format::of(file));
        let Some(format) = format else {
            let message = format!("the ending of `{file}` says no format");
            let help =
                "write format = \"csv\", \"jsonl\" or \"combined\", or another of its values";
            self.incomplete(trace.file.span(), message, help);
            return None;
        };
        let path = self.folder.join(file);
        let dialect = self.dialect(trace, format);
        let known = match Log::columns_of(&path, format, dialect.separator) {
            Ok(known) => known,
            Err(unreadable) => return self.unreadable(trace, &unreadable),
        };
        let columns = self.columns(of, format, &known);
        let mut log = dialect.of(path, format, columns?);
        log.keep_throttled = value(trace.throttled.as_ref()) == Some(RawThrottled::Keep);
        if let Some(Quantity(within)) = value(trace.sort_within.as_ref()) {
            log.sorted_within = within;
        }
        let steps = match &trace.calls {
            Some(_) => self.mapped_steps(of, &mut log),
            None if !log.columns.call.is_empty() => Vec::new(),
            None => self.steps(of.name, of.raw),
        };
        Some((log, known, steps))
    }

    /// A choice about refused rows where no row tells how it was answered.
    fn check_throttled(&mut self, of: Traced<'_>, survey: &Survey) {
        let Some(throttled) = &of.trace.throttled else { return };
        if survey.given.status == 0 {
            let message =
                format!("no row of `{}` has a status: none was refused", of.trace.file.get_ref());
            let help = "name the column of statuses, status = \"…\", or leave `throttled` out";
            self.bad_file(throttled.span(), message, help);
        }
    }

    fn check_rows(&mut self, of: Traced<'_>, survey: &Survey) {
        let (file, found) = (&of.trace.file, &survey.found);
        let (name, rows) = (file.get_ref(), found.rows);
        let most = value(of.trace.bad_rows.as_ref()).map_or(BAD_ROWS, |Fraction(share)| share);
        if u128::from(found.bad) * 1_000_000 > u128::from(rows) * u128::from(most.ppm()) {
            let lines = found.bad_lines.iter().map(|(line, why)| format!("line {line} ({why})"));
            let lines: Vec<String> = lines.collect();
            let more = if found.bad > lines.len() as u64 { ", …" } else { "" };
            let message = format!(
                "{} of {rows} rows of `{name}` are bad, more than {most}: {}{more}",
                found.bad,
                lines.join(", ")
            );
            self.bad_file(file.span(), message, "mend them, or raise `bad_rows`");
            return;
        }
        if found.replayed == 0 {
            let shown = found.first_unmatched.as_ref();
            let shown = shown.map_or(String::new(), |call| format!(", the first being `{call}`"));
            let filtered = match found.filtered {
                0 => String::new(),
                rows => format!("; `where` leaves out {rows} others"),
            };
            let message = format!(
                "nothing in `{name}` is to be replayed: of {rows} rows, {} match none of `calls`\
                 {shown}, and {} had been refused{filtered}",
                found.unmatched, found.throttled
            );
            let help = "widen the patterns in `calls`, or write throttled = \"keep\"";
            self.bad_file(file.span(), message, help);
        } else if found.after_end == found.replayed {
            let message = format!("every row of `{name}` comes after arrivals stop");
            let help = format!("they stop at {}: raise `duration`", of.duration);
            self.no_effect(file.span(), message, &help);
        }
    }

    /// From one beginning to the next: the last row is followed, a mean gap later, by the first.
    fn lap(&mut self, of: Traced<'_>, survey: &Survey) -> Option<Span> {
        let again = of.trace.again.as_ref().filter(|again| *again.get_ref())?;
        let gaps = survey.found.replayed.saturating_sub(1);
        if gaps > 0 && !survey.work_span.is_zero() {
            let gap = survey.work_span.divided_by(gaps).max(Span::from_nanos(1));
            return Some(survey.work_span + gap);
        }
        if survey.found.replayed > 0 {
            let message = "a loop of rows at one time would never let time pass";
            self.contradiction(again.span(), message, "leave `loop` out");
        }
        None
    }

    /// Keeps what was found for the reports, and what was guessed.
    fn note(
        &mut self,
        of: Traced<'_>,
        survey: &Survey,
        steps: Option<&Vec<Step>>,
        Notable { unread_status, never_loops }: Notable,
    ) {
        let (name, found) = (of.trace.file.get_ref(), &survey.found);
        let call = |(number, step): (usize, &Step)| {
            let call = self.names.calls[usize::from(step.operation.0)].clone();
            (call, survey.by_step.get(number).copied().unwrap_or(0))
        };
        let calls = steps.into_iter().flatten().enumerate().map(call).collect();
        let mut guesses = Vec::new();
        if found.throttled > 0 && !found.throttled_kept {
            guesses.push(format!(
                "rows of `{name}` with status 429 or 503 were attempts that were made again, not \
                 work of their own: they are left out, and the work arrives when the attempt that \
                 succeeded did (`throttled = \"keep\"` keeps them)"
            ));
        }
        if survey.whole_seconds {
            guesses.push(format!(
                "work in `{name}` arrived at the beginning of its second: its times are whole \
                 seconds, so that what shares one arrives at once"
            ));
        }
        guesses.retain(|guess| !self.assumptions.contains(guess));
        self.assumptions.extend(guesses);
        self.traces.push(TraceReading {
            workload: of.name.get_ref().clone(),
            file: name.clone(),
            found: found.clone(),
            calls,
            unread_status,
            never_loops,
        });
    }

    fn unreadable<T>(&mut self, trace: &RawTrace, why: &Unreadable) -> Option<T> {
        let message = format!("cannot read `{}`: {why}", trace.file.get_ref());
        self.bad_file(trace.file.span(), message, why.remedy());
        None
    }
}

/// What a reader must know of a log beside what was found in it.
struct Notable {
    /// See [`TraceReading::unread_status`].
    unread_status: Option<String>,
    /// See [`TraceReading::never_loops`].
    never_loops: bool,
}

/// How recorded time becomes virtual time.
#[derive(Clone, Copy)]
struct Timing {
    speed: Share,
    shift: Span,
}

impl Timing {
    /// The first recorded time that arrives only at `end` or after it.
    fn recorded_end(self, end: Span) -> Span {
        let left = u128::from(end.as_nanos().saturating_sub(self.shift.as_nanos()));
        let recorded = (left * u128::from(self.speed.ppm())).div_ceil(1_000_000);
        Span::from_nanos(u64::try_from(recorded).unwrap_or(u64::MAX))
    }
}
