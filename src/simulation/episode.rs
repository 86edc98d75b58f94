//! Times at which a provider is not itself: outages answer nothing but 503, brown-outs are slow and
//! fail more.
//!
//! ```text
//!   outage     503 to all that reaches it, before any limit: nothing is charged
//!   brown-out  latency × slower; a further share of the admitted fails with a 500
//! ```

use crate::units::{Instant, Span};

/// A time at which a provider is not itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Episode {
    /// When it begins.
    pub from: Instant,
    /// When it is over.
    pub to: Instant,
    /// What it is.
    pub trouble: Trouble,
}

/// What is the matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trouble {
    /// Nobody is there: 503.
    Outage,
    /// It is slow, and fails more often.
    BrownOut {
        /// What each latency is multiplied by.
        slower: f64,
        /// Admitted calls that fail, besides those that always do \[ppm\].
        failure_ppm: u64,
    },
}

/// What is the matter at an instant; of several the first that is listed.
pub(super) fn trouble_at(episodes: &[Episode], now: Instant) -> Option<Trouble> {
    let under_way = |episode: &&Episode| episode.from <= now && now < episode.to;
    episodes.iter().find(under_way).map(|episode| episode.trouble)
}

/// A latency so many times as long.
pub(super) fn stretched(latency: Span, slower: f64) -> Span {
    Span::from_secs_f64(latency.as_secs_f64() * slower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_episode_begins_with_its_first_instant_and_ends_before_its_last() {
        let at = |s| Instant::ORIGIN + Span::from_secs(s);
        let slow = Trouble::BrownOut { slower: 3.0, failure_ppm: 0 };
        let episodes = [
            Episode { from: at(10), to: at(20), trouble: Trouble::Outage },
            Episode { from: at(15), to: at(30), trouble: slow },
        ];
        for (s, expected) in [
            (9, None),
            (10, Some(Trouble::Outage)),
            (19, Some(Trouble::Outage)),
            (20, Some(slow)),
            (30, None),
        ] {
            assert_eq!(trouble_at(&episodes, at(s)), expected, "{s} s");
        }
        assert_eq!(stretched(Span::from_millis(200), 3.0), Span::from_millis(600));
    }
}
