//! A limit of units instead of requests: points, tokens, bytes.
//!
//! Sources: Shopify, "API limits" (GraphQL): a query asks for the points that it may need, and gets
//! those back that it did not use. Providers of language models count tokens, which only the answer
//! tells. YouTube Data API: 10,000 units a day, of which a search takes 100.
//!
//! ```text
//!   check(units)   a bucket holds them; or the window has them left
//!   correct        after the answer: gives back, up to the brim; or takes more, perhaps below zero
//! ```
//!
//! Who asks for more than it ever holds is refused, and no clock can tell when that ends. In debt
//! it admits nothing until what came back has paid for it. Nothing rounds: a bucket counts in
//! credits of its rate.

use super::credits::{earned_at, earned_by, price};
use super::usage::{Ebb, Usage};
use super::{Facts, FixedWindow, Limit, Reason, Refusal, Terms, TokenBucket, Verdict};
use crate::units::{Instant, Rate, Span};

/// What a limit of units holds, and what was taken from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metered {
    /// The rule, which is never charged itself.
    rule: MeteredRule,
    /// What it counts, by index.
    unit: u16,
    /// Of a bucket: spent or run over since the origin, less what was held then \[credits\]; of a
    /// window: units taken in it.
    spent: i128,
    /// The window that `spent` is of.
    window: u64,
    /// The fewest units that it had left.
    ebb: Ebb,
}

/// A rule that can count units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeteredRule {
    /// Units come back at a rate, up to a burst: this bucket's.
    Bucket(TokenBucket),
    /// So many in each window of this one.
    Window(FixedWindow),
}

impl Metered {
    /// A limit by this rule of a unit, of which nothing has been taken.
    #[must_use]
    pub fn new(rule: MeteredRule, unit: u16) -> Self {
        let spent = match &rule {
            MeteredRule::Bucket(bucket) => {
                let held = u128::from(bucket.level(Instant::ORIGIN).unwrap_or(0));
                let (rate, _) = bucket.plan();
                -(held * price(rate)).cast_signed()
            }
            MeteredRule::Window(_) => 0,
        };
        Self { rule, unit, spent, window: 0, ebb: Ebb::NONE }
    }

    /// What it counts, by index.
    #[must_use]
    pub const fn unit(&self) -> u16 {
        self.unit
    }

    /// Its rule.
    #[must_use]
    pub const fn rule(&self) -> &MeteredRule {
        &self.rule
    }

    /// The most units that it holds.
    const fn burst(&self) -> u32 {
        match &self.rule {
            MeteredRule::Bucket(bucket) => bucket.plan().1,
            MeteredRule::Window(window) => window.limit(),
        }
    }

    /// Units at hand at `now`, below zero while in debt; of a bucket the whole ones.
    fn at_hand(&self, now: Instant) -> i128 {
        match &self.rule {
            MeteredRule::Bucket(bucket) => {
                let (rate, _) = bucket.plan();
                let held = full(bucket).min(unspent(rate, now, self.spent));
                held.div_euclid(price(rate).cast_signed())
            }
            MeteredRule::Window(_) => i128::from(self.burst()) - self.taken(now),
        }
    }

    /// Units taken in the window of `now`.
    fn taken(&self, now: Instant) -> i128 {
        if self.window_at(now) == self.window { self.spent } else { 0 }
    }

    fn window_at(&self, now: Instant) -> u64 {
        match &self.rule {
            MeteredRule::Bucket(_) => 0,
            MeteredRule::Window(window) => window.begins().number_at(now, self.window),
        }
    }

    /// Takes units, or gives them back if they are below zero.
    fn take(&mut self, now: Instant, units: i128) {
        match &self.rule {
            MeteredRule::Bucket(bucket) => {
                let (rate, _) = bucket.plan();
                let over = (unspent(rate, now, self.spent) - full(bucket)).max(0);
                self.spent += over + units * price(rate).cast_signed();
                let over = (unspent(rate, now, self.spent) - full(bucket)).max(0);
                self.spent += over;
            }
            MeteredRule::Window(_) => {
                self.spent = (self.taken(now) + units).max(0);
                self.window = self.window_at(now);
            }
        }
        let left = u32::try_from(self.at_hand(now).max(0)).unwrap_or(u32::MAX);
        self.ebb.see(left, now);
    }

    /// From `now` on its bucket has another plan; what it holds stays, up to the new burst.
    fn replan(&mut self, now: Instant, (rate, burst): (Rate, u32)) {
        let MeteredRule::Bucket(bucket) = &mut self.rule else { return };
        let (old, _) = bucket.plan();
        let held = full(bucket).min(unspent(old, now, self.spent));
        *bucket = TokenBucket::new(rate, burst, bucket.refill(), 0);
        // To the credit below, so that nothing is won by a change.
        let (new_price, old_price) = (price(rate).cast_signed(), price(old).cast_signed());
        let whole = held.div_euclid(old_price) * new_price;
        let part = held.rem_euclid(old_price) * new_price / old_price;
        let held = (whole + part).min(full(bucket));
        self.spent = earned_by(rate, now).cast_signed() - held;
    }

    /// When the first of so many units come back that are not at hand, if it ever holds so many.
    fn comes_back(&self, now: Instant, units: u64) -> Option<Instant> {
        if units > u64::from(self.burst()) {
            return None;
        }
        match &self.rule {
            MeteredRule::Bucket(bucket) => {
                let (rate, _) = bucket.plan();
                let wanted = self.spent + (u128::from(units) * price(rate)).cast_signed();
                Some(earned_at(rate, wanted.max(0).unsigned_abs()))
            }
            MeteredRule::Window(window) => window.begins().end_of(self.window_at(now)),
        }
    }
}

/// What a bucket holds when it is full \[credits\].
fn full(bucket: &TokenBucket) -> i128 {
    let (rate, burst) = bucket.plan();
    (u128::from(burst) * price(rate)).cast_signed()
}

/// Earned and not spent, as if there were no brim \[credits\].
fn unspent(rate: Rate, now: Instant, spent: i128) -> i128 {
    earned_by(rate, now).cast_signed() - spent
}

impl Limit for Metered {
    fn check(&self, now: Instant) -> Verdict {
        self.check_units(now, 1)
    }

    fn check_units(&self, now: Instant, units: u64) -> Verdict {
        if self.at_hand(now) >= i128::from(units) {
            return Verdict::Admit;
        }
        Verdict::Refuse(Refusal { reason: Reason::Limit, retry_at: self.comes_back(now, units) })
    }

    fn charge(&mut self, now: Instant) -> Span {
        self.charge_units(now, 1)
    }

    fn charge_units(&mut self, now: Instant, units: u64) -> Span {
        self.take(now, i128::from(units));
        Span::ZERO
    }

    fn correct(&mut self, now: Instant, back: u64, more: u64) {
        self.take(now, i128::from(more) - i128::from(back));
    }

    fn published(&self) -> Option<Rate> {
        match &self.rule {
            MeteredRule::Bucket(bucket) => bucket.published(),
            MeteredRule::Window(window) => window.published(),
        }
    }

    fn level(&self, now: Instant) -> Option<u64> {
        Some(u64::try_from(self.at_hand(now).max(0)).unwrap_or(u64::MAX))
    }

    fn ran_out(&mut self, now: Instant, _: Reason) {
        self.ebb.see(0, now);
    }

    fn usage(&self, _: Reason) -> Option<Usage> {
        self.ebb.of(self.burst().into())
    }

    fn forget_usage(&mut self) {
        self.ebb = Ebb::NONE;
    }
}

impl Facts for Metered {
    fn terms(&self) -> Option<Terms> {
        match &self.rule {
            MeteredRule::Bucket(bucket) => bucket.terms(),
            MeteredRule::Window(window) => window.terms(),
        }
    }

    fn change(&mut self, now: Instant, terms: Terms) {
        match (&mut self.rule, terms) {
            (MeteredRule::Bucket(_), Terms::Rate { rate, burst }) => {
                self.replan(now, (rate, burst));
            }
            (MeteredRule::Window(window), terms) => window.change(now, terms),
            _ => {}
        }
    }

    fn has_at(&self, now: Instant, left: u64) -> Option<Instant> {
        let is_there = left <= self.level(now).unwrap_or(0);
        if is_there { Some(now) } else { self.comes_back(now, left) }
    }

    fn learns(&self) -> bool {
        true
    }

    fn follows_clock(&self) -> bool {
        matches!(self.rule, MeteredRule::Window(_))
    }

    fn is_bucket(&self) -> bool {
        matches!(self.rule, MeteredRule::Bucket(_))
    }

    fn resets_at(&self, now: Instant) -> Option<Instant> {
        let ends = match &self.rule {
            MeteredRule::Bucket(_) => None,
            MeteredRule::Window(window) => window.begins().end_of(self.window_at(now)),
        };
        ends.or_else(|| self.has_at(now, self.burst().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::Refill;

    fn at(ms: u64) -> Instant {
        Instant::ORIGIN + Span::from_millis(ms)
    }

    /// Shopify's standard plan: 100 points a second, 2,000 at most.
    fn points() -> Metered {
        let rate = "100/s".parse().expect("a rate");
        let bucket = TokenBucket::new(rate, 2_000, Refill::Continuous, 2_000);
        Metered::new(MeteredRule::Bucket(bucket), 0)
    }

    /// Three queries of 900 that use 100: two pass at once, the third when 700 more are there.
    #[test]
    fn what_a_query_does_not_use_comes_back() {
        let mut points = points();
        for left in [1_100, 200] {
            assert_eq!(points.check_units(at(0), 900), Verdict::Admit);
            points.charge_units(at(0), 900);
            assert_eq!(points.level(at(0)), Some(left));
        }
        let refusal = points.check_units(at(0), 900);
        assert_eq!(refusal, Verdict::Refuse(Refusal::until(at(7_000))));
        points.correct(at(500), 800, 0);
        assert_eq!(points.level(at(500)), Some(200 + 50 + 800));
        points.correct(at(10_000), 800, 0);
        assert_eq!(points.level(at(10_000)), Some(2_000), "never above the brim");
        let never = Refusal { reason: Reason::Limit, retry_at: None };
        assert_eq!(points.check_units(at(10_000), 2_001), Verdict::Refuse(never));
    }

    /// 90,000 tokens a minute: an answer of 120,000 leaves a debt that takes 20 s to pay.
    #[test]
    fn an_answer_may_leave_a_debt() {
        let rate = "90000/min".parse().expect("a rate");
        let bucket = TokenBucket::new(rate, 90_000, Refill::Continuous, 90_000);
        let mut tokens = Metered::new(MeteredRule::Bucket(bucket), 0);
        tokens.charge_units(at(0), 0);
        tokens.correct(at(0), 0, 120_000);
        assert_eq!(tokens.level(at(0)), Some(0));
        let Verdict::Refuse(Refusal { retry_at: Some(then), .. }) = tokens.check(at(0)) else {
            panic!("it is in debt")
        };
        assert!(then > at(20_000) && then <= at(20_001), "{then}");
    }

    #[test]
    fn a_window_counts_units() {
        let window = FixedWindow::new(10_000, Span::HOUR, Span::ZERO);
        let mut units = Metered::new(MeteredRule::Window(window), 0);
        units.charge_units(at(0), 9_950);
        assert_eq!(units.check_units(at(1), 50), Verdict::Admit);
        let hour = Instant::ORIGIN + Span::HOUR;
        assert_eq!(units.check_units(at(1), 100), Verdict::Refuse(Refusal::until(hour)));
        assert_eq!(units.check_units(hour, 100), Verdict::Admit);
    }
}
