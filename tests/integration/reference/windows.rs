//! Windows by counting: of the clock, of the time up to now, and the estimate from two.

/// A window of `window` \[ns\] in which `limit` calls are admitted.
#[derive(Debug, Clone)]
pub struct Window {
    pub kind: Kind,
    pub limit: u32,
    pub window: u64,
}

/// Which calls count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Those of the same window of the clock.
    Fixed,
    /// Those of the last `window`, each until exactly so long has passed.
    Log,
    /// Those of this window of the clock, and of the one before as much as the last `window` is in
    /// it; one whole call more must fit.
    WholeCall,
    /// The same, but anything below the limit is room.
    AnyRoom,
}

impl Window {
    /// True if one more call fits; `start` is what the origin is on the clock \[ns since 1970\].
    pub fn admits(&self, counted: &[u64], now: u64, limit: u32, start: u64) -> bool {
        let window = u128::from(self.window);
        let clock = |at: u64| u128::from(at) + u128::from(start);
        let number = |at: u64| clock(at) / window;
        let in_window =
            |wanted: u128| counted.iter().filter(|at| number(**at) == wanted).count() as u128;
        let limit = u128::from(limit);
        match self.kind {
            Kind::Fixed => in_window(number(now)) < limit,
            Kind::Log => {
                let counts = |at: &&u64| **at + self.window > now;
                (counted.iter().filter(counts).count() as u128) < limit
            }
            Kind::WholeCall | Kind::AnyRoom => {
                let this = number(now);
                let before = this.checked_sub(1).map_or(0, in_window);
                let left = (this + 1) * window - clock(now);
                let estimate = in_window(this) * window + before * left;
                match self.kind {
                    Kind::AnyRoom => estimate < limit * window,
                    _ => estimate + window <= limit * window,
                }
            }
        }
    }
}
