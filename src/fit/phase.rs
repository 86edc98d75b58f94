//! When windows of the clock begin, as far as a log tells.
//!
//! ```text
//!   0        window     2·window          multiples of the window since time 0
//!   ├───────────┼───────────┼──►
//!      ├───────────┼───────────┼──►       windows: each begins `phase` later
//!   └──┘ phase
//! ```

use super::model::{Piece, Survivor, inside};

/// Bounds of how long after a multiple of the window each window begins \[ns\]: the lower one is at
/// least 0 and less than the window; the upper one is less than a window above it.
pub type Phase = (i64, i64);

impl Piece {
    /// When windows of this length \[ns\] begin, in a log that begins at `origin` \[ns since time
    /// 0\]; `None` if no window is so long, or they may begin at any time.
    #[must_use]
    pub fn phase(&self, window: i64, origin: i64) -> Option<Phase> {
        within_one(self.boundary.filter(|_| self.is_of(window))?, window, origin)
    }

    fn is_of(&self, window: i64) -> bool {
        self.window.is_some_and(|bounds| inside(&bounds, &window))
    }
}

impl Survivor {
    /// The same, whichever piece holds the truth.
    #[must_use]
    pub fn phase(&self, window: i64, origin: i64) -> Option<Phase> {
        let pieces = self.pieces.iter().filter(|piece| piece.is_of(window));
        let mut boundaries = pieces.map(|piece| piece.boundary);
        let first = boundaries.next()??;
        let mut hull = first;
        for boundary in boundaries {
            let (low, high) = boundary?;
            // The window of this piece that begins next to the first piece's.
            let apart = middle(first) - middle((low, high));
            let moved = (apart + window / 2).div_euclid(window) * window;
            hull = (hull.0.min(low + moved), hull.1.max(high + moved));
        }
        within_one(hull, window, origin)
    }
}

const fn middle((low, high): (i64, i64)) -> i64 {
    low + (high - low) / 2
}

/// The same bounds after the last multiple of the window before them.
fn within_one((low, high): (i64, i64), window: i64, origin: i64) -> Option<Phase> {
    let phase = (low + origin).rem_euclid(window);
    (high - low < window).then_some((phase, phase + (high - low)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::model::Model;

    fn piece(window: (i64, i64), boundary: (i64, i64)) -> Piece {
        Piece {
            capacity: (5, Some(5)),
            rate_per_s: None,
            window: Some((window.0, Some(window.1))),
            tokens: None,
            boundary: Some(boundary),
        }
    }

    #[test]
    fn phases_of_all_pieces_are_enclosed_around_the_clock() {
        let pieces = vec![
            piece((59, 61), (118, 122)),
            piece((60, 62), (175, 179)),
            piece((70, 80), (30, 31)),
        ];
        let left = Survivor { model: Model::FixedWindow, pieces, rough: false };
        assert_eq!(left.pieces[0].phase(60, 0), Some((58, 62)));
        assert_eq!(left.phase(60, 0), Some((55, 62)), "both pieces have windows of 60");
        assert_eq!(left.phase(60, 610), Some((5, 12)), "610 later");
        assert_eq!(left.phase(75, 0), Some((30, 31)));
        assert_eq!(left.phase(100, 0), None);
    }

    #[test]
    fn windows_that_may_begin_at_any_time_have_no_phase() {
        let pieces = vec![piece((60, 60), (0, 60))];
        let left = Survivor { model: Model::FixedWindow, pieces, rough: false };
        assert_eq!(left.phase(60, 0), None);
    }
}
