//! What a reader must know of the logs before the results.

use crate::scenario::resolve::Resolver;
use crate::scenario::{LogNote, Note, TraceReading};

/// One row in so many out of order is worth a note.
const MANY: u64 = 100;

impl Resolver<'_> {
    /// The notes on all logs, each once.
    pub(in crate::scenario::resolve) fn log_notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        for reading in &self.traces {
            for found in found(reading) {
                let note = Note::Log { file: reading.file.clone(), found };
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
        notes
    }
}

fn found(reading: &TraceReading) -> Vec<LogNote> {
    let found = &reading.found;
    let (moved, rows) = (found.out_of_order, found.rows);
    let out_of_order = LogNote::OutOfOrder { moved, rows, within: found.sorted_within };
    let first = found.first_strange.clone();
    let strange =
        first.map(|first| LogNote::StrangeStatuses { rows: found.strange_statuses, first });
    let idle = &found.idle_patterns;
    let notes = [
        (moved.saturating_mul(MANY) > rows).then_some(out_of_order),
        strange,
        (!idle.is_empty()).then(|| LogNote::IdlePatterns(idle.clone())),
        (found.throttled_kept && found.throttled == 0).then_some(LogNote::NothingRefused),
        reading.unread_status.clone().map(LogNote::UnreadStatus),
        reading.never_loops.then_some(LogNote::NeverLoops),
    ];
    notes.into_iter().flatten().collect()
}
