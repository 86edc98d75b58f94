//! The models, what each leaves standing of its figures, and which is simplest.

use super::blocks::{Cell, Pair};
use super::bucket::{self, Rates, Rule};
use super::concurrency;
use super::counter::{self, Room};
use super::cut::head;
use super::rows::{Call, Start};
use super::series::Series;
use super::sliding::{self, Windows};
use super::ticks::{self, Size, Ticked, Ticking};

/// A kind of limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// So many calls at the same time.
    Concurrency,
    /// A token bucket with continuous refill; a quota with restore is the same. Whether a refused
    /// call empties it.
    Bucket {
        /// Refused calls count too.
        counts_refused: bool,
    },
    /// So many calls in each window of the clock.
    FixedWindow,
    /// So many calls in any window that ends now.
    SlidingLog {
        /// Refused calls count too.
        counts_refused: bool,
    },
    /// A token bucket whose tokens come at ticks.
    Ticks,
    /// The estimate from two windows of the clock.
    SlidingCounter {
        /// Refused calls count too.
        counts_refused: bool,
        /// What the estimate must leave.
        room: Room,
    },
}

impl Model {
    /// The simplest models, in order: fewer figures first, then refusals that cost nothing.
    #[must_use]
    pub fn simple() -> Vec<Self> {
        vec![
            Self::Concurrency,
            Self::Bucket { counts_refused: false },
            Self::FixedWindow,
            Self::SlidingLog { counts_refused: false },
            Self::Bucket { counts_refused: true },
            Self::SlidingLog { counts_refused: true },
            Self::Ticks,
        ]
    }

    /// Models that take long to try.
    #[must_use]
    pub fn further() -> Vec<Self> {
        let counter = |counts_refused, room| Self::SlidingCounter { counts_refused, room };
        vec![
            counter(false, Room::Whole),
            counter(false, Room::Any),
            counter(true, Room::Whole),
            counter(true, Room::Any),
        ]
    }

    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Concurrency => "concurrency",
            Self::Bucket { .. } | Self::Ticks => "token_bucket",
            Self::FixedWindow => "fixed_window",
            Self::SlidingLog { .. } => "sliding_log",
            Self::SlidingCounter { .. } => "sliding_counter",
        }
    }

    /// Whether refused calls count too; `None` where that makes no difference.
    #[must_use]
    pub const fn counts_refused(self) -> Option<bool> {
        match self {
            Self::Bucket { counts_refused }
            | Self::SlidingLog { counts_refused }
            | Self::SlidingCounter { counts_refused, .. } => Some(counts_refused),
            Self::Concurrency | Self::FixedWindow | Self::Ticks => None,
        }
    }
}

/// One piece of what is left: bounds of the capacity with bounds of all that goes with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Burst, or limit; no upper bound as `None`.
    pub capacity: (i64, Option<i64>),
    /// Tokens a second; no upper bound as `None`. Buckets only.
    pub rate_per_s: Option<(f64, Option<f64>)>,
    /// Window, or time from tick to tick \[ns\]; no upper bound as `None`.
    pub window: Option<(i64, Option<i64>)>,
    /// Tokens that come with a tick. `None` for all others than ticks.
    pub tokens: Option<i64>,
    /// The first boundary of the clock at or after the first call may be \[ns since the log's
    /// origin\].
    pub boundary: Option<(i64, i64)>,
}

/// A model that explains every decision, with bounds of its figures that hold every true value.
#[derive(Debug, Clone, PartialEq)]
pub struct Survivor {
    /// The model.
    pub model: Model,
    /// All of what is left, in pieces.
    pub pieces: Vec<Piece>,
    /// Whether more work could have made the bounds narrower.
    pub rough: bool,
}

/// Sizes of ticks that are tried: 1 to this.
pub const MOST_TOKENS: i64 = 16;

/// Fits one model. `None` in the error: the log lacks what the model needs, or the search ended
/// before it found anything. If it is unknown what was counted before the log, windows longer than
/// half of it are not looked at: they would explain nearly every log. Nor is a window whose limit
/// has no upper bound.
///
/// # Errors
/// Two calls that the model cannot explain together.
pub fn fit(
    model: Model,
    calls: &[&Call],
    series: &Series,
    start: Start,
) -> Result<Survivor, Option<Pair>> {
    const HEAD: usize = 8192;
    if calls.len() > 2 * HEAD
        && !matches!(model, Model::Bucket { .. } | Model::SlidingLog { .. } | Model::Ticks)
    {
        let part = head(calls, HEAD);
        fit_all(model, &part, &Series::new(part.iter().copied()), start)?;
    }
    let mut left = fit_all(model, calls, series, start)?;
    // What was counted before the log decides as much of it as a window is long.
    if start == Start::Unknown && left.pieces.iter().all(|piece| piece.tokens.is_none()) {
        let longest = longest(series, start);
        left.pieces.retain(|piece| piece.window.is_none_or(|window| window.0 <= longest));
    }
    let is_untested = |piece: &Piece| {
        piece.window.is_some() && piece.tokens.is_none() && piece.capacity.1.is_none()
    };
    // A window whose limit no refused call bounds explains nothing: it survives any log.
    match series.counts[1] > 0 && left.pieces.iter().all(is_untested) {
        true => Err(None),
        false => Ok(left),
    }
}

/// The longest window that is looked at \[ns\].
pub(super) fn longest(series: &Series, start: Start) -> i64 {
    match start {
        Start::Full => i64::MAX,
        Start::Unknown => series.length() / 2,
    }
}

/// Whether a survivor would survive these calls too, its ticks being of the same sizes.
#[must_use]
pub fn still(survivor: &Survivor, calls: &[&Call], series: &Series, start: Start) -> bool {
    let mut sizes: Vec<i64> = survivor.pieces.iter().filter_map(|piece| piece.tokens).collect();
    sizes.dedup();
    match survivor.model {
        Model::Ticks => sizes.iter().any(|size| {
            let periods = (ticks::LEAST_PERIOD, series.length().saturating_mul(2).max(1));
            !ticks::fit(series, start, Size::Tokens(*size), periods).boxes.is_empty()
        }),
        // A search that ended too early refutes nothing.
        Model::SlidingCounter { .. } => {
            !matches!(fit(survivor.model, calls, series, start), Err(Some(_)))
        }
        model => fit(model, calls, series, start).is_ok(),
    }
}

fn fit_all(
    model: Model,
    calls: &[&Call],
    series: &Series,
    start: Start,
) -> Result<Survivor, Option<Pair>> {
    let rule = |counts_refused| Rule { start, counts_refused };
    let periods = (ticks::LEAST_PERIOD, series.length().saturating_mul(2).max(1));
    let (pieces, pair, rough) = match model {
        Model::Concurrency => {
            let capacity = concurrency::fit(calls, start)?;
            let piece =
                Piece { capacity, rate_per_s: None, window: None, tokens: None, boundary: None };
            (vec![piece], None, false)
        }
        Model::Bucket { counts_refused } => {
            let found = bucket::fit(series, rule(counts_refused));
            (found.cells.iter().map(of_rates).collect(), found.pair(), false)
        }
        Model::SlidingLog { counts_refused } => {
            let sliding::Slid { found, rough } =
                sliding::fit(series, rule(counts_refused), longest(series, start));
            (found.cells.iter().map(of_windows).collect(), found.pair(), rough)
        }
        Model::FixedWindow => of_ticked(&ticks::fit(series, start, Size::All, periods), series),
        Model::SlidingCounter { counts_refused, room } => {
            let ticked = counter::fit(series, rule(counts_refused), room, periods);
            // The search ended before it found figures that explain the log: it says nothing.
            if ticked.rough && ticked.narrow == 0 {
                return Err(None);
            }
            of_ticked(&ticked, series)
        }
        Model::Ticks => {
            let mut left = (Vec::new(), None, false);
            for size in 1..=MOST_TOKENS {
                let ticked = ticks::fit(series, start, Size::Tokens(size), periods);
                let (pieces, pair, rough) = of_ticked(&ticked, series);
                left.0.extend(pieces);
                left.1 = left.1.or(pair);
                left.2 |= rough;
            }
            left
        }
    };
    if pieces.is_empty() { Err(pair) } else { Ok(Survivor { model, pieces, rough }) }
}

/// More calls or tokens than a log holds are no bound.
const NO_BOUND: i64 = 1 << 30;
/// Nor are more tokens a second.
const NO_RATE: f64 = 1e8;

pub(super) fn capacity(least: i64, most: i64) -> (i64, Option<i64>) {
    (least, Some(most).filter(|most| *most < NO_BOUND))
}

pub(super) fn of_rates(cell: &Cell<Rates>) -> Piece {
    let Rates { low, high, .. } = cell.figures;
    let high = Some(high.per_second() * (1.0 + 1e-15)).filter(|high| *high < NO_RATE);
    Piece {
        capacity: capacity(cell.least, cell.most),
        rate_per_s: Some((low.per_second() * (1.0 - 1e-15), high)),
        window: None,
        tokens: None,
        boundary: None,
    }
}

fn of_windows(cell: &Cell<Windows>) -> Piece {
    let Windows { low, high, .. } = cell.figures;
    Piece {
        capacity: capacity(cell.least, cell.most),
        rate_per_s: None,
        window: Some((low, Some(high).filter(|high| *high < i64::MAX))),
        tokens: None,
        boundary: None,
    }
}

fn of_ticked(ticked: &Ticked, series: &Series) -> (Vec<Piece>, Option<Pair>, bool) {
    let pieces = ticked.boxes.iter().map(|left| of_ticked_box(left, series));
    (pieces.collect(), ticked.pair, ticked.rough)
}

pub(super) fn of_ticked_box(left: &Ticking, series: &Series) -> Piece {
    let tokens = match left.size {
        Size::Tokens(tokens) => Some(tokens),
        Size::All | Size::Estimate => None,
    };
    let per_s = |count: i64, ns: i64| count as f64 * 1e9 / ns as f64;
    let rate_per_s = tokens.map(|tokens| {
        let (low, high) = (per_s(tokens, left.period.1), per_s(tokens, left.period.0));
        (low * (1.0 - 1e-15), Some(high * (1.0 + 1e-15)))
    });
    Piece {
        capacity: capacity(left.capacity.0, left.capacity.1),
        rate_per_s,
        window: Some((left.period.0, Some(left.period.1))),
        tokens,
        boundary: Some((left.first.0 + series.origin, left.first.1 + series.origin)),
    }
}

/// Bounds that may lack the upper one.
type Bounds<T> = (T, Option<T>);

pub(super) fn inside<T: PartialOrd>(bounds: &Bounds<T>, x: &T) -> bool {
    *x >= bounds.0 && bounds.1.as_ref().is_none_or(|high| x <= high)
}

fn hull<T: PartialOrd + Copy>(bounds: impl Iterator<Item = Bounds<T>>) -> Option<Bounds<T>> {
    bounds.reduce(|a, b| {
        let low = if b.0 < a.0 { b.0 } else { a.0 };
        let high = match (a.1, b.1) {
            (Some(a), Some(b)) => Some(if b > a { b } else { a }),
            _ => None,
        };
        (low, high)
    })
}

impl Survivor {
    /// Bounds of the burst or the limit.
    #[must_use]
    pub fn capacity(&self) -> Bounds<i64> {
        hull(self.pieces.iter().map(|piece| piece.capacity)).unwrap_or((1, None))
    }

    /// Bounds of the rate \[1/s\], for buckets.
    #[must_use]
    pub fn rate_per_s(&self) -> Option<Bounds<f64>> {
        hull(self.pieces.iter().filter_map(|piece| piece.rate_per_s))
    }

    /// Bounds of the window, or of the time from tick to tick \[ns\].
    #[must_use]
    pub fn window(&self) -> Option<Bounds<i64>> {
        hull(self.pieces.iter().filter_map(|piece| piece.window))
    }

    /// Bounds of the tokens of a tick.
    #[must_use]
    pub fn tokens(&self) -> Option<Bounds<i64>> {
        hull(self.pieces.iter().filter_map(|piece| piece.tokens.map(|n| (n, Some(n)))))
    }

    /// Whether figures are inside: capacity, rate \[1/s\] and window \[ns\], as far as given.
    #[must_use]
    pub fn holds(&self, capacity: i64, rate: Option<f64>, window: Option<i64>) -> bool {
        self.pieces.iter().any(|piece| {
            inside(&piece.capacity, &capacity)
                && rate.zip(piece.rate_per_s).is_none_or(|(r, b)| inside(&b, &r))
                && window.zip(piece.window).is_none_or(|(w, b)| inside(&b, &w))
        })
    }
}
