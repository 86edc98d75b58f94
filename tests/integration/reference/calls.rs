//! Lockouts by counting the answers that were given; concurrency is counted where it is asked.

/// Locks after `count` answers of a status within a window \[ns\].
#[derive(Debug, Clone)]
pub struct Lockout {
    pub status: u16,
    pub count: u32,
    pub window: u64,
    /// The window that ends now; otherwise one of the clock.
    pub sliding: bool,
}

impl Lockout {
    /// True if the door is open after these answers of its status, each at its instant.
    pub fn admits(&self, answers: &[u64], now: u64, start: u64) -> bool {
        let number = |at: u64| (at + start) / self.window;
        let counts = |at: &&u64| {
            **at <= now
                && match self.sliding {
                    true => **at + self.window > now,
                    false => number(**at) == number(now),
                }
        };
        answers.iter().filter(counts).count() < self.count as usize
    }
}
