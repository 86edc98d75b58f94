//! `[provider.NAME.revenue]`: what an Associates account earns, day by day or call by call.

use super::Resolver;
use super::limits::Made;
use crate::catalog::Quantity;
use crate::limiter::{Beyond, Income, Limiter, Revenue, RevenueRule};
use crate::scenario::raw::{RawRandom, RawRevenue, RawShipped};
use crate::scenario::text::value;
use crate::simulation::{Drawn, RevenueSeries};
use crate::units::{Money, Span};
use std::ops::Range;
use std::sync::Arc;

impl Resolver<'_> {
    /// The quota of an account with the provider's revenue.
    pub(super) fn revenue_limiter(&mut self, provider: usize, mut rule: RevenueRule) -> Made {
        let Some(raw) = self.providers[provider].raw.revenue.clone() else {
            let name = &self.providers[provider].name;
            let what = format!("`[provider.{name}.revenue]`");
            let help = "the quota follows revenue: write shipped.constant = \"14.40 USD\" a day, \
                        shipped.daily = [ … ], shipped.csv, shipped.random, or earning";
            self.missing(None, &what, help);
            return (unearned(rule), None);
        };
        let age = value(raw.account_age.as_ref()).map(|Quantity(age)| age);
        if age.is_none() {
            let guess = "the account is older than its initial period: no `account_age` is given";
            self.assume(guess);
        }
        rule.account_age = age.unwrap_or(rule.activation + rule.initial_period);
        if let Some(earning) = &raw.earning {
            rule.ships_after =
                earning.ships_after.map_or(Span::DAY.times(2), |Quantity(span)| span);
        }
        let days_old = rule.account_age.as_nanos() / Span::DAY.as_nanos();
        let history = u64::from(rule.trailing_days.max(rule.lost_after_days)).min(days_old);
        let history = u32::try_from(history).unwrap_or(u32::MAX);
        let rule = Arc::new(rule);
        let before = value(raw.before.as_ref()).map(|Quantity(money)| money);
        let known = matches!(
            raw.shipped.as_ref().map(crate::catalog::Spanned::get_ref),
            Some(RawShipped::Constant(_) | RawShipped::Random(_))
        );
        if history > 0 && before.is_none() && !known {
            self.assume("nothing shipped before the run: no `before` is given");
        }
        let income = match raw.shipped.as_ref().map(|s| (s.get_ref(), s.span())) {
            None => series(&[], before, history, Beyond::Nothing),
            Some((RawShipped::Constant(Quantity(amount)), _)) => {
                let before = before.or(Some(*amount));
                series(&[*amount], before, history, Beyond::TheLast)
            }
            Some((RawShipped::Daily(list), _)) => {
                let list: Vec<Money> = list.iter().map(|Quantity(money)| *money).collect();
                series(&list, before, history, Beyond::Nothing)
            }
            Some((RawShipped::Csv(path), place)) => {
                let list = self.daily_csv(path, place);
                series(&list, before, history, Beyond::Nothing)
            }
            Some((RawShipped::Random(random), place)) => {
                let drawn = self.random(random, place, &rule, history, &raw);
                return (unearned((*rule).clone()), Some(Drawn::Revenue(drawn)));
            }
        };
        (Limiter::Revenue(Box::new(Revenue::new(rule, income))), None)
    }

    fn random(
        &mut self,
        random: &RawRandom,
        place: Range<usize>,
        rule: &Arc<RevenueRule>,
        history: u32,
        raw: &RawRevenue,
    ) -> RevenueSeries {
        let weekdays = random.weekdays.unwrap_or([1.0; 7]);
        let sound = |share: &f64| share.is_finite() && *share >= 0.0;
        if !(-0.99..=10.0).contains(&random.trend) {
            let message = format!("a trend of {} in 30 days", random.trend);
            self.out_of_range(
                place.clone(),
                message,
                "write -0.99 (to nothing) to 10 (elevenfold)",
            );
        }
        if !(0.0..=5.0).contains(&random.noise) {
            let message = format!("a noise of {}", random.noise);
            self.out_of_range(place.clone(), message, "write 0 (none) to 5");
        }
        if !weekdays.iter().all(sound) {
            self.malformed(
                place.clone(),
                "a weekday's share is no share",
                "write seven, such as 0.8",
            );
        }
        if let Some(before) = &raw.before {
            let help = "the random series has a history of its own: leave `before` out";
            self.contradiction(before.span(), "`before` beside `shipped.random`", help);
        }
        let days = (self.horizon().as_nanos() / Span::DAY.as_nanos() + 2).min(40_000);
        RevenueSeries {
            rule: Arc::clone(rule),
            level: random.level.0,
            trend: random.trend,
            weekdays,
            noise: random.noise,
            days_before: history,
            days: u32::try_from(days).unwrap_or(40_000),
        }
    }

    pub(super) fn horizon(&self) -> Span {
        let span =
            |text: Option<Quantity<Span>>, otherwise| text.map_or(otherwise, |Quantity(span)| span);
        let duration = span(value(self.raw.duration.as_ref()), Span::HOUR);
        duration + span(value(self.raw.drain.as_ref()), Span::DAY)
    }

    /// A table with a column `revenue_usd`, one row a day from the origin on; a column `day`, if
    /// there is one, must count them: 0, 1, 2.
    fn daily_csv(&mut self, path: &str, place: Range<usize>) -> Vec<Money> {
        let Some(text) = self.read_file(path, place.clone()) else { return Vec::new() };
        let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let columns = table.headers().cloned().unwrap_or_default();
        let column = |name| columns.iter().position(|column| column == name);
        let day = column("day");
        let Some(column) = column("revenue_usd") else {
            let help = "its first line names the columns: `day,revenue_usd`";
            self.bad_file(place, format!("`{path}` has no column `revenue_usd`"), help);
            return Vec::new();
        };
        let mut daily = Vec::new();
        for (number, record) in table.records().enumerate() {
            let counted = record.as_ref().ok().and_then(|record| record.get(day?));
            if counted.is_some_and(|counted| counted.parse() != Ok(number)) {
                let found = counted.unwrap_or_default();
                let message = format!("{path}:{}: day {found} follows {number} rows", number + 2);
                self.bad_file(place, message, "one row a day, from day 0 on, without gaps");
                return daily;
            }
            let amount = record.ok().and_then(|record| Some(record.get(column)?.to_string()));
            let amount = amount.unwrap_or_default();
            match format!("{amount} USD").parse() {
                Ok(money) => daily.push(money),
                Err(_) => {
                    let message = format!("{path}:{}: \"{amount}\" is no amount", number + 2);
                    self.bad_file(place.clone(), message, "write dollars and cents, such as 14.40");
                }
            }
        }
        daily
    }
}

/// These amounts from the origin on, after so many days of `before`.
fn series(daily: &[Money], before: Option<Money>, history: u32, beyond: Beyond) -> Income {
    let Some(before) = before else { return Income::new(daily.into(), 0, beyond) };
    let mut all = vec![before; history as usize];
    all.extend(daily);
    Income::new(all.into(), -i64::from(history), beyond)
}

fn unearned(rule: RevenueRule) -> Limiter {
    let income = Income::new([].into(), 0, Beyond::Nothing);
    Limiter::Revenue(Box::new(Revenue::new(Arc::new(rule), income)))
}
