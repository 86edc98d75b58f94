//! Pictures of a fit: the figures that explain the log, and what the limit had counted call by
//! call.

use super::super::chart::{Area, Decision, Deficit, Heading, Kind, Picture, Region};
use super::super::words;
use super::finding::Finding;
use super::{Fitting, figures};
use crate::fit::deficit::{Mark, Track, track};
use crate::fit::model::{Model, Piece, Survivor};
use crate::fit::rows::{Start, Status};
use crate::fit::verdict::Verdict;
use crate::units::Span;

/// Calls that a picture of the deficit shows.
const MOST_CALLS: usize = 160;
/// Instants between them at which what was counted is drawn.
const PARTS: i64 = 600;

/// A picture with its title and the name of its file, without an ending.
pub(super) struct Named {
    pub title: String,
    pub file: String,
    pub picture: Picture,
}

/// The pictures of one limit, the `number`-th of the log; none where nothing explains its calls.
pub(super) fn of(fitting: Fitting<'_>, finding: &Finding<'_>, number: usize) -> Vec<Named> {
    let mut all = Vec::new();
    if finding.counts[1] == 0 || finding.survivors.is_empty() {
        return all;
    }
    let name = fitting.title(finding);
    for across in [Across::Rate, Across::Window] {
        let kinds: Vec<Kind> =
            finding.survivors.iter().filter_map(|left| across.kind(left)).collect();
        if kinds.is_empty() {
            continue;
        }
        let [title, unit, up, file] = across.words();
        let heading = Heading {
            title: format!("{name}: the figures that explain every call"),
            subtitle: format!("{title} against {up} · the calls refute all that is outside"),
        };
        let title = heading.title.clone();
        let across = (across.words()[0].into(), unit.into());
        let picture = Region { heading, across, up: up.into(), kinds }.draw();
        all.push(Named { title, file: format!("region-{number}-{file}"), picture });
    }
    if let Some(deficit) = deficit(fitting, finding) {
        let title = deficit.heading.title.clone();
        all.push(Named { title, file: format!("deficit-{number}"), picture: deficit.draw() });
    }
    all
}

/// What stands against the burst or the limit.
#[derive(Clone, Copy, PartialEq)]
enum Across {
    Rate,
    Window,
}

impl Across {
    /// What lies across, its unit, what lies up, and the end of the file's name.
    const fn words(self) -> [&'static str; 4] {
        match self {
            Self::Rate => ["rate", "/s", "burst", "rate"],
            Self::Window => ["window", " s", "limit", "window"],
        }
    }

    fn kind(self, left: &Survivor) -> Option<Kind> {
        let areas: Vec<Area> = left.pieces.iter().filter_map(|piece| self.area(piece)).collect();
        (!areas.is_empty()).then(|| Kind { label: figures::name(left.model), areas })
    }

    fn area(self, piece: &Piece) -> Option<Area> {
        let seconds = |ns: i64| ns as f64 / 1e9;
        let window = piece.window.map(|(low, high)| (seconds(low), high.map(seconds)));
        let across = match self {
            Self::Rate => piece.rate_per_s?,
            Self::Window if piece.rate_per_s.is_some() => return None,
            Self::Window => window?,
        };
        let (least, most) = piece.capacity;
        Some(Area { across, up: (least as f64, most.map(|most| most as f64)) })
    }
}

/// What the simplest limit had counted, for the account with most refusals.
fn deficit(fitting: Fitting<'_>, finding: &Finding<'_>) -> Option<Deficit> {
    let model = finding.survivors.first()?.model;
    let mut best: Option<&(Vec<u32>, Verdict)> = None;
    let own = |key: &Vec<u32>| finding.of.is_none_or(|of| of == key.as_slice());
    for one in finding.limit.verdicts.iter().filter(|(key, _)| own(key)) {
        let refused = |(_, verdict): &(Vec<u32>, Verdict)| verdict.counts[1];
        if best.is_none_or(|best| refused(one) > refused(best)) {
            best = Some(one);
        }
    }
    let (key, verdict) = best?;
    let left = verdict.survivors.iter().find(|left| left.model == model)?;
    let calls = fitting.calls(finding).remove(key)?;
    let track = track(left, &calls)?;
    let shown = stretch(&track.marks);
    let (first, last) = (shown.first()?.at, shown.last()?.at);
    let whose = Finding { of: Some(key), ..whole(finding) };
    let begins = fitting.heard.calls.iter().map(|call| call.decided.lo).min().unwrap_or(0);
    let (counted, capacity) = match (model, fitting.counted) {
        (Model::Bucket { .. } | Model::Ticks, _) => ("tokens missing", "burst"),
        (_, figures::Counted::Units) => (&*format!("{} counted", fitting.unit), "limit"),
        (_, figures::Counted::Calls) => ("calls counted", "limit"),
    };
    let since = |at: i64| (at - first) as f64 / 1e9;
    Some(Deficit {
        heading: Heading {
            title: format!("{}: what the limit counted", fitting.title(&whose)),
            subtitle: subtitle(fitting, &track, shown.len()),
        },
        begins: (
            format!("{} after the first call", words::seconds((first - begins) as f64 / 1e9)),
            Span::from_nanos(u64::try_from(last - first).unwrap_or(0)),
        ),
        counted: format!("{counted}, with the call"),
        capacity: (
            format!("{capacity} {}", words::count(track.guess.capacity.unsigned_abs())),
            track.guess.capacity as f64,
        ),
        line: track.line(first, last, PARTS).iter().map(|(at, n)| (since(*at), *n)).collect(),
        calls: shown
            .iter()
            .map(|mark| Decision {
                at: since(mark.at),
                need: mark.need,
                accepted: mark.status == Status::Accepted,
            })
            .collect(),
    })
}

/// The same finding, so that another key can be named.
fn whole<'a>(finding: &Finding<'a>) -> Finding<'a> {
    Finding { verdicts: Vec::new(), ..*finding }
}

/// Consecutive calls, of which as many as possible were accepted and as many refused.
fn stretch(marks: &[Mark]) -> &[Mark] {
    let mixed = |part: &[Mark]| {
        let refused = part.iter().filter(|mark| mark.status == Status::Refused).count();
        refused.min(part.len() - refused)
    };
    let mut best: &[Mark] = &[];
    for part in marks.chunks(MOST_CALLS) {
        if best.is_empty() || mixed(part) > mixed(best) {
            best = part;
        }
    }
    best
}

fn subtitle(fitting: Fitting<'_>, track: &Track, shown: usize) -> String {
    let guess = &track.guess;
    let figures = match guess.model {
        Model::Bucket { .. } => format!("at {}", words::rate(guess.rate_per_s)),
        Model::Ticks => format!("at {} with ticks", words::rate(guess.rate_per_s)),
        _ => format!("with a window of {}", words::seconds(guess.window as f64 / 1e9)),
    };
    let of = match track.marks.len() {
        all if all == shown => format!("all {} calls", words::count(all as u64)),
        all => format!("{} of {} calls", words::count(shown as u64), words::count(all as u64)),
    };
    let mut text = format!("{} {figures} · {of}", figures::name(guess.model));
    if fitting.start == Start::Unknown {
        text += ", counted from the first one";
    }
    if track.misplaced > 0 {
        let wrong = words::count(track.misplaced as u64);
        text += &format!(
            " · {wrong} of all calls on the wrong side, because times are known within bounds only"
        );
    }
    text
}
