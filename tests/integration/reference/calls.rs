//! Lockouts by counting the answers that were given, and pauses by the refusals; concurrency is
//! counted where it is asked.

/// Locks after `count` answers of its statuses within a window \[ns\].
#[derive(Debug, Clone)]
pub struct Lockout {
    pub statuses: Vec<u16>,
    pub count: u32,
    pub window: u64,
    /// The window that ends now; otherwise one of the clock.
    pub sliding: bool,
    /// How long it is shut \[ns\]; otherwise until fewer are in the window.
    pub lasts: Option<u64>,
    /// True if its own refusals start that time anew.
    pub extends: bool,
}

impl Lockout {
    /// True if the door is open after these answers of its statuses and these refusals of its own,
    /// each at its instant.
    pub fn admits(&self, answers: &[u64], refusals: &[u64], now: u64, start: u64) -> bool {
        let past = answers.iter().copied().filter(|at| *at <= now);
        let Some(lasts) = self.lasts else {
            return past.filter(|at| self.counts(*at, now, start)).count() < self.count as usize;
        };
        let mut past: Vec<u64> = past.collect();
        past.sort_unstable();
        let (mut opens, mut counted) = (0, Vec::new());
        for at in past {
            if at < self.knocked(opens, refusals, at, lasts) {
                continue;
            }
            counted.push(at);
            let within = counted.iter().filter(|other| self.counts(**other, at, start));
            if within.count() >= self.count as usize {
                opens = at + lasts;
                counted.clear();
            }
        }
        now >= self.knocked(opens, refusals, now, lasts)
    }

    /// When a door opens that was to open then, after what knocked at it before `now`.
    fn knocked(&self, mut opens: u64, refusals: &[u64], now: u64, lasts: u64) -> u64 {
        let knocks = refusals.iter().filter(|at| self.extends && **at <= now);
        for at in knocks {
            if (opens.saturating_sub(lasts)..opens).contains(at) {
                opens = at + lasts;
            }
        }
        opens
    }

    fn counts(&self, at: u64, now: u64, start: u64) -> bool {
        let number = |at: u64| (at + start) / self.window;
        match self.sliding {
            true => at + self.window > now,
            false => number(at) == number(now),
        }
    }
}

/// True while a limit pauses: within so long \[ns\] of a refusal of its rule, which was not one
/// because of a pause.
pub fn pauses(refusals: &[u64], now: u64, lasts: u64) -> bool {
    let mut until = 0;
    for at in refusals.iter().filter(|at| **at <= now) {
        until = if *at >= until { at + lasts } else { until };
    }
    now < until
}
