//! What numbers measure, and so in which unit they are written.

/// What a number measures, and so in which unit it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// A fraction, written as a percentage.
    Share,
    /// A time \[s\], written with the unit that fits.
    Seconds,
    /// A rate \[1/s\].
    PerSecond,
    /// A count, or a ratio that may be above 1: a plain number.
    Number,
}

impl Measure {
    /// What ends the name of a plain number in a file: `_s` of seconds, `_per_s` of rates.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Seconds => "_s",
            Self::PerSecond => "_per_s",
            Self::Share | Self::Number => "",
        }
    }
}
