//! What divides a family of metrics: a statistic of times, how work ends, how attempts are
//! answered. `latency.p95` is the family `latency` with the part `p95`.

/// A statistic of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Statistic {
    /// The mean.
    Mean,
    /// A quantile, in parts per thousand from 0 to 1000.
    Quantile(u16),
    /// The greatest.
    Max,
}

/// An enum whose variants have keys, and the list of all of them.
macro_rules! keyed {
    (
        $(#[doc = $doc:literal])+
        $name:ident { $($(#[doc = $of:literal])+ $variant:ident = $key:literal,)+ }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[doc = $of])+ $variant),+ }

        impl $name {
            pub(super) const ALL: &[Self] = &[$(Self::$variant),+];

            const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }
        }
    };
}

keyed! {
    /// How requests and jobs end.
    Ending {
        /// All that arrived, however they ended.
        Arrived = "arrived",
        /// Those that succeeded.
        Completed = "completed",
        /// Those that were given up.
        GivenUp = "given_up",
        /// Those that had not ended when the run did.
        Unfinished = "unfinished",
        /// Those that were given up or unfinished.
        Lost = "lost",
    }
}

keyed! {
    /// How attempts are answered.
    Answer {
        /// All that were sent, however they were answered.
        Sent = "sent",
        /// Those that were admitted and did not fail.
        Admitted = "admitted",
        /// Those that were throttled.
        Throttled = "throttled",
        /// Those answered with a 5xx.
        Failed = "failed",
    }
}

impl Statistic {
    /// Those that have a key.
    pub(super) const ALL: &[Self] = &[
        Self::Mean,
        Self::Quantile(500),
        Self::Quantile(900),
        Self::Quantile(950),
        Self::Quantile(990),
        Self::Quantile(999),
        Self::Max,
    ];

    /// As expectations write it: `mean`, `p95`, `p999`, `max`.
    fn key(self) -> String {
        match self {
            Self::Mean => "mean".into(),
            Self::Quantile(permille) if permille % 10 == 0 => format!("p{}", permille / 10),
            Self::Quantile(permille) => format!("p{permille}"),
            Self::Max => "max".into(),
        }
    }
}

/// Which of its family a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Of times.
    Statistic(Statistic),
    /// Of requests and jobs.
    Ending(Ending),
    /// Of attempts.
    Answer(Answer),
}

impl Part {
    /// As expectations write it, after the point.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Statistic(statistic) => statistic.key(),
            Self::Ending(ending) => ending.key().into(),
            Self::Answer(answer) => answer.key().into(),
        }
    }

    /// In the head of a column: `half`, `95 %`, `all`; `given up`.
    pub(super) fn title(self) -> String {
        match self {
            Self::Statistic(Statistic::Mean) => "average".into(),
            Self::Statistic(Statistic::Quantile(500)) => "half".into(),
            Self::Statistic(Statistic::Quantile(permille)) => format!("{} %", percent(permille)),
            Self::Statistic(Statistic::Max) => "all".into(),
            Self::Ending(_) | Self::Answer(_) => self.word(),
        }
    }

    /// In sentences: `95th percentile`, `given up`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Statistic(Statistic::Mean) => "mean".into(),
            Self::Statistic(Statistic::Quantile(500)) => "median".into(),
            Self::Statistic(Statistic::Quantile(permille)) => {
                format!("{}th percentile", percent(permille))
            }
            Self::Statistic(Statistic::Max) => "maximum".into(),
            Self::Ending(_) | Self::Answer(_) => self.key().replace('_', " "),
        }
    }

    /// True if more of it is better.
    pub(super) const fn more_is_better(self) -> bool {
        matches!(self, Self::Ending(Ending::Completed) | Self::Answer(Answer::Admitted))
    }
}

/// Parts per thousand as parts per hundred: 95, 99.9.
fn percent(permille: u16) -> f64 {
    f64::from(permille) / 10.0
}
