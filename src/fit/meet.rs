//! Figures that explain two logs of one limit: those that explain each.

use super::model::{Model, Piece, Survivor};

const MOST_PIECES: usize = 256;

/// What explains both: `ours`, and one of `others`; `None` if they have no figures in common.
pub(super) fn meet(ours: &Survivor, others: &[Survivor]) -> Option<Survivor> {
    let same = |model: Model| others.iter().find(|other| other.model == model);
    let theirs = same(ours.model)?;
    let mut pieces = Vec::new();
    for a in &ours.pieces {
        pieces.extend(theirs.pieces.iter().filter_map(|b| shared(a, b)));
    }
    // So many that they say little: what was there before encloses them.
    if pieces.len() > MOST_PIECES {
        pieces = ours.pieces.clone();
    }
    let met = Survivor { pieces, rough: ours.rough | theirs.rough, ..*ours };
    (!met.pieces.is_empty()).then_some(met)
}

type Bounds<T> = (T, Option<T>);

fn overlap<T: PartialOrd + Copy>(a: Bounds<T>, b: Bounds<T>) -> Option<Bounds<T>> {
    let low = if b.0 > a.0 { b.0 } else { a.0 };
    let high = match (a.1, b.1) {
        (Some(a), Some(b)) => Some(if b < a { b } else { a }),
        (a, b) => a.or(b),
    };
    high.is_none_or(|high| low <= high).then_some((low, high))
}

fn shared(a: &Piece, b: &Piece) -> Option<Piece> {
    fn both<T: PartialOrd + Copy>(
        a: Option<Bounds<T>>,
        b: Option<Bounds<T>>,
    ) -> Option<Option<Bounds<T>>> {
        match (a, b) {
            (Some(a), Some(b)) => overlap(a, b).map(Some),
            (a, b) => Some(a.or(b)),
        }
    }
    Some(Piece {
        capacity: overlap(a.capacity, b.capacity)?,
        rate_per_s: both(a.rate_per_s, b.rate_per_s)?,
        window: both(a.window, b.window)?,
        tokens: (a.tokens == b.tokens).then_some(a.tokens)?,
        // Boundaries are counted from each log's own first call.
        boundary: a.boundary,
    })
}
