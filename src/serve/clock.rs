//! What time it is for those that call: the wall's, faster, or moved by hand.

use crate::units::{Instant, Span};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::{Duration, Instant as Wall};

/// How a clock goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// So many seconds in a second of the wall's, at least 1.
    Times(u32),
    /// Only when it is told to.
    ByHand,
}

impl Pace {
    /// Seconds of the provider in each second of whoever waits, at least 1: who moves the clock by
    /// hand moves it by what they wait.
    #[must_use]
    pub fn speed(self) -> u32 {
        match self {
            Self::Times(speed) => speed.max(1),
            Self::ByHand => 1,
        }
    }
}

/// A clock that begins at the origin. Its copies are the same clock.
#[derive(Debug, Clone)]
pub struct Clock {
    pace: Pace,
    zero: Wall,
    /// How far it was moved by hand \[ns\].
    moved: Arc<watch::Sender<u64>>,
}

/// A clock cannot be moved so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stuck {
    /// It goes by itself.
    Goes,
    /// Time ends before that.
    End,
}

impl Clock {
    /// A clock at the origin.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        Self { pace, zero: Wall::now(), moved: Arc::new(watch::Sender::new(0)) }
    }

    /// How it goes.
    #[must_use]
    pub const fn pace(&self) -> Pace {
        self.pace
    }

    /// What time it is: never earlier than it was.
    #[must_use]
    pub fn now(&self) -> Instant {
        match self.pace {
            Pace::ByHand => Instant::from_nanos(*self.moved.borrow()),
            Pace::Times(_) => {
                let wall = u64::try_from(self.zero.elapsed().as_nanos()).unwrap_or(u64::MAX);
                Instant::from_nanos(wall.saturating_mul(self.pace.speed().into()))
            }
        }
    }

    /// Moves a clock on that goes only by hand; what time it is then.
    ///
    /// # Errors
    /// It goes by itself, or time does not last so long.
    pub fn advance(&self, by: Span) -> Result<Instant, Stuck> {
        if self.pace != Pace::ByHand {
            return Err(Stuck::Goes);
        }
        let mut then = None;
        self.moved.send_if_modified(|at| {
            then = at.checked_add(by.as_nanos());
            then.inspect(|then| *at = *then).is_some_and(|_| !by.is_zero())
        });
        then.map(Instant::from_nanos).ok_or(Stuck::End)
    }

    /// Ends when it is `instant`, or later.
    pub async fn reached(&self, instant: Instant) {
        match self.pace {
            Pace::ByHand => {
                let mut moved = self.moved.subscribe();
                // The clock itself keeps its sender.
                let _ = moved.wait_for(|at| *at >= instant.as_nanos()).await;
            }
            Pace::Times(_) => {
                let after = instant.as_nanos().div_ceil(self.pace.speed().into());
                if let Some(at) = self.zero.checked_add(Duration::from_nanos(after)) {
                    tokio::time::sleep_until(at).await;
                }
            }
        }
    }
}
