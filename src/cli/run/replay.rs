//! `run FILE --replay LOG`: calls that `serve` decided about, decided about again on the virtual
//! clock. Each must come out alike.

use crate::cli::{Fault, ScenarioArgs, error, inputs, print, serve};
use crate::report::words;
use crate::serve::{Line, ReplayError, Replayed, replay};
use std::fmt::Write;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Differences that are printed.
const FEW: usize = 12;

/// Replays a log of the scenario or catalogue that was served: 1 if a decision differs.
pub(super) fn replayed(args: &ScenarioArgs, log: &Path) -> Result<u8, Fault> {
    let [served] = args.files.as_slice() else {
        let message = "--replay takes one file: the scenario or the catalogue that was served";
        return Err(Fault::new(error(message)));
    };
    let opened = serve::opened(&served.to_string_lossy(), &args.changes)?;
    let lines = File::open(log)
        .map_err(|reason| Fault::new(error(&unreplayed(log, &ReplayError::Unreadable(reason)))))?;
    inputs::protect(log);
    let replayed = replay(&opened, BufReader::new(lines))
        .map_err(|why| Fault::new(error(&unreplayed(log, &why))))?;
    if replayed.calls == 0 {
        let message = format!("{} holds no calls: write it with serve --log", log.display());
        return Err(Fault::new(error(&message)));
    }
    print(&text(&replayed));
    Ok(u8::from(!replayed.different.is_empty()))
}

fn text(replayed: &Replayed) -> String {
    let calls = words::count(replayed.calls);
    let different = &replayed.different;
    if different.is_empty() {
        return format!("Calls that were replayed: {calls}. All were decided alike.\n");
    }
    let number = words::count(different.len() as u64);
    let mut text = format!("Calls that were replayed: {calls}. Decided otherwise: {number}.\n");
    for (line, (status, cause)) in different.iter().take(FEW) {
        let Line { sequence, call, account, .. } = line;
        let (then, now) =
            (decision(line.status, line.cause.as_deref()), decision(*status, cause.as_deref()));
        // A text takes all that is written.
        let _ = writeln!(
            text,
            "  decision {sequence}: {call} of account {account}: {then} in the log, {now} now"
        );
    }
    if let more @ 1.. = different.len().saturating_sub(FEW) {
        let _ = writeln!(text, "  and {} more", words::count(more as u64));
    }
    text + "The log is of another scenario, seed or version, or its order was changed.\n"
}

fn decision(status: u16, cause: Option<&str>) -> String {
    cause.map_or_else(|| status.to_string(), |cause| format!("{status} by `{cause}`"))
}

fn unreplayed(log: &Path, why: &ReplayError) -> String {
    let log = log.display();
    match why {
        ReplayError::Unreadable(reason) => format!("cannot read {log}: {reason}"),
        ReplayError::NotALine(line, reason) => {
            format!("{log}:{line}: this is no line of serve --log: {reason}")
        }
        ReplayError::Unknown(line, what) => {
            format!("{log}:{line}: what was served has no such {what}: name what was served then")
        }
    }
}
