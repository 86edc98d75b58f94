//! What one candidate is to another, by the differences of their runs.
//!
//! ```text
//!   of a pair, run by run: mean difference ± half, and what matters (the indifference zone)
//!     wholly above what matters                    worse
//!     wholly within what matters                   equal: the next measure decides
//!     above −matters, the mean above +matters      not better
//!     above −matters, the mean within              the next measure decides, without certainty
//!     otherwise                                    open: more runs
//! ```

use super::bound::{Quantiles, difference, mean};
use super::yardstick::{Figures, Measured, Yardstick};
use std::cmp::Ordering;

/// What one candidate is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// Surely better by more than matters.
    Better,
    /// Surely no difference that matters.
    Equal,
    /// Surely not better by more than matters, and no better by its means.
    NotBetter,
    /// Surely worse by more than matters.
    Worse,
    /// The runs do not tell; by their means it is this.
    Open(Ordering),
}

/// The mean of one less that of another, and half of its interval.
#[derive(Clone, Copy)]
struct Gap {
    mean: f64,
    half: f64,
    worth: f64,
}

impl Gap {
    /// What the mean alone says.
    fn by_mean(self) -> Ordering {
        match () {
            () if self.mean > self.worth => Ordering::Greater,
            () if self.mean < -self.worth => Ordering::Less,
            () => Ordering::Equal,
        }
    }
}

impl Yardstick {
    /// What `one` is to `other`, by as many runs as both have.
    pub fn relation(&self, one: &[Figures], other: &[Figures], quantiles: &Quantiles) -> Relation {
        let runs = one.len().min(other.len());
        let (one, other) = (&one[..runs], &other[..runs]);
        let mut is_sure = true;
        for place in 0..self.measures.len() {
            if matches!(self.measures[place], Measured::Conditions) {
                let by_mean = self.holds(other).cmp(&self.holds(one));
                match [one, other].map(|of| self.surely(of, quantiles)) {
                    [Some(false), Some(true)] => return Relation::Worse,
                    [Some(true), Some(false)] => return Relation::Better,
                    [Some(_), Some(_)] => {}
                    _ if by_mean == Ordering::Equal => {}
                    _ => return Relation::Open(by_mean),
                }
                continue;
            }
            let gap = self.gap(place, (one, other), quantiles);
            let surely_not_better = gap.mean - gap.half >= -gap.worth;
            match gap.by_mean() {
                Ordering::Greater if gap.mean - gap.half > gap.worth => return Relation::Worse,
                Ordering::Less if gap.mean + gap.half < -gap.worth => return Relation::Better,
                Ordering::Greater if surely_not_better => return Relation::NotBetter,
                Ordering::Equal if gap.mean.abs() + gap.half <= gap.worth => {}
                Ordering::Equal if surely_not_better => is_sure = false,
                Ordering::Equal => {
                    return Relation::Open(self.by_means_from(place + 1, one, other));
                }
                decided => return Relation::Open(decided),
            }
        }
        if is_sure { Relation::Equal } else { Relation::NotBetter }
    }

    fn gap(
        &self,
        place: usize,
        (one, other): (&[Figures], &[Figures]),
        quantiles: &Quantiles,
    ) -> Gap {
        let [a, b] = [one, other].map(|of| self.costs(place, of));
        let [own, its] = [mean(&a), mean(&b)];
        let worth = self.worth(place).at(own.min(its));
        let rounding = 1e-12 * its.abs().min(1e300);
        let worth = if worth.is_finite() { worth } else { 0.0 } + rounding;
        let pairs: Vec<f64> = a.iter().zip(&b).map(|(a, b)| difference(*a, *b)).collect();
        Gap { mean: difference(own, its), half: quantiles.half(&pairs), worth }
    }

    /// How the means of as many runs as both have compare.
    pub fn by_means(&self, one: &[Figures], other: &[Figures]) -> Ordering {
        let runs = one.len().min(other.len());
        self.by_means_from(0, &one[..runs], &other[..runs])
    }

    fn by_means_from(&self, from: usize, one: &[Figures], other: &[Figures]) -> Ordering {
        let places = from..self.measures.len();
        let compared = places.map(|place| {
            let [a, b] = [one, other].map(|of| self.mean_cost(place, of));
            let worth = self.worth(place).at(a.min(b));
            match difference(a, b) {
                less if less < -worth => Ordering::Less,
                more if more > worth => Ordering::Greater,
                _ => Ordering::Equal,
            }
        });
        { compared }.find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
    }

    /// True if the means of as many runs as both have show no difference that matters, and `most`
    /// runs would not make that sure, if they go on as these began.
    pub fn is_hopeless(
        &self,
        one: &[Figures],
        other: &[Figures],
        (quantiles, most): (&Quantiles, usize),
    ) -> bool {
        let runs = one.len().min(other.len());
        let (one, other) = (&one[..runs], &other[..runs]);
        let wide = |place: usize| {
            let gap = self.gap(place, (one, other), quantiles);
            gap.mean - quantiles.after(gap.half, runs, most) < -gap.worth
        };
        let figures = |place: &usize| !matches!(self.measures[*place], Measured::Conditions);
        self.by_means_from(0, one, other) == Ordering::Equal
            && (0..self.measures.len()).filter(figures).any(wide)
    }

    /// True if `one` had the same in each of its runs as `other`, whose later runs are worse on
    /// average by more than matters: what is rare may tell them apart.
    pub fn may_differ(&self, one: &[Figures], other: &[Figures]) -> bool {
        let first = &other[..one.len().min(other.len())];
        let is_same = |place: usize| self.costs(place, one) == self.costs(place, first);
        first.len() < other.len()
            && (0..self.measures.len()).all(is_same)
            && self.by_means_from(0, first, other) == Ordering::Less
    }

    /// How much one exceeds another in a measure, of as many runs: by their means, and at most
    /// \[the measure's unit\].
    pub fn excess(
        &self,
        place: usize,
        one: &[Figures],
        other: &[Figures],
        quantiles: &Quantiles,
    ) -> [f64; 2] {
        let gap = self.gap(place, (one, other), quantiles);
        [gap.mean, gap.mean + gap.half]
    }
}
