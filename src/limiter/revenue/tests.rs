//! The phases of an account, worked out by hand.

use super::*;
use crate::units::Money;
use crate::wire::Status;

fn usd(dollars: u64) -> Money {
    Money::from_cents(dollars * 100)
}

fn day(n: u64) -> Instant {
    Instant::ORIGIN + Span::DAY.times(n)
}

fn at(n: u64, seconds: u64) -> Instant {
    day(n) + Span::from_secs(seconds)
}

/// An account older than its initial period.
fn mature() -> RevenueRule {
    RevenueRule { account_age: Span::DAY.times(400), ..RevenueRule::default() }
}

fn refusal(revenue: &Revenue, now: Instant) -> (Reason, Option<Instant>) {
    match revenue.check(now) {
        Verdict::Refuse(refusal) => (refusal.reason, refusal.retry_at),
        Verdict::Admit => panic!("admitted at {now}"),
    }
}

#[test]
fn a_new_account_waits_then_has_one_a_second_and_8640_a_day() {
    let income = Income::new([].into(), 0, Beyond::Nothing);
    let mut revenue = Revenue::new(Arc::new(RevenueRule::default()), income);
    assert_eq!(refusal(&revenue, at(1, 5)), (Reason::NotActive, Some(day(2))));
    for second in 0..8640 {
        assert_eq!(revenue.check(at(2, second)), Verdict::Admit, "{second}");
        revenue.charge(at(2, second));
        if second == 10 {
            let next = at(2, 11);
            assert_eq!(refusal(&revenue, at(2, 10)), (Reason::PerSecond, Some(next)));
        }
    }
    assert_eq!(refusal(&revenue, at(2, 8640)), (Reason::PerDay, Some(day(3))));
    assert_eq!(revenue.check(day(3)), Verdict::Admit);
}

#[test]
fn an_account_that_sold_nothing_loses_access_when_the_initial_quota_ends() {
    let income = Income::new([].into(), 0, Beyond::Nothing);
    let revenue = Revenue::new(Arc::new(RevenueRule::default()), income);
    assert_eq!(revenue.check(at(31, 5)), Verdict::Admit);
    assert_eq!(refusal(&revenue, at(32, 0)), (Reason::AccessLost, None));
}

#[test]
fn revenue_earns_requests_by_the_day_and_the_second() {
    // USD in 30 days, requests a day, requests a second.
    for (dollars, per_day, per_second) in [
        (3, 60, "1/s"),
        (432, 8_640, "1/s"),
        (4_320, 86_400, "1/s"),
        (6_480, 129_600, "1.5/s"),
        (86_400, 1_728_000, "10/s"),
    ] {
        let income = Income::constant(Money::from_cents(dollars * 100 / 30), 30);
        let quota = Revenue::new(Arc::new(mature()), income).quota(Instant::ORIGIN);
        assert_eq!((quota.phase, quota.revenue), (Phase::Earned, usd(dollars)));
        assert_eq!(quota.per_day, per_day);
        assert_eq!(quota.per_second, per_second.parse().ok(), "{dollars} USD");
    }
}

#[test]
fn readings_change_the_least_and_the_sum() {
    let quota = |rule: RevenueRule| {
        let income = Income::constant(usd(72), 30);
        Revenue::new(Arc::new(rule), income).quota(Instant::ORIGIN)
    };
    let proportional = quota(RevenueRule { min_tps: 0, ..mature() });
    assert_eq!(proportional.per_second, "0.5/s".parse().ok());
    let adds = quota(RevenueRule { earned: Earned::Adds, ..mature() });
    assert_eq!((adds.per_day, adds.per_second), (43_200 + 8_640, "1.5/s".parse().ok()));
}

#[test]
fn access_is_lost_after_thirty_days_without_a_sale_and_back_two_days_after_one() {
    // Sales until day 9, nothing from day 10 to 59, one on day 60.
    let mut daily = vec![usd(15); 10];
    daily.extend(vec![Money::ZERO; 50]);
    daily.push(usd(30));
    let income = Income::new(daily.into(), 0, Beyond::Nothing);
    let revenue = Revenue::new(Arc::new(mature()), income);
    let phase = |n| revenue.quota(at(n, 1)).phase;
    assert_eq!(phase(39), Phase::Earned, "day 9 still counts: its 15 USD are 300 requests");
    assert_eq!(revenue.quota(at(39, 1)).per_day, 300);
    assert_eq!(phase(40), Phase::Lost);
    assert_eq!(refusal(&revenue, at(41, 0)), (Reason::AccessLost, Some(day(62))));
    assert_eq!((phase(61), phase(62)), (Phase::Lost, Phase::Earned));
    assert_eq!(revenue.quota(day(62)).per_day, 600);
}

#[test]
fn calls_that_earn_raise_the_quota_once_their_revenue_has_shipped() {
    let rule = RevenueRule { ships_after: Span::DAY.times(3), ..mature() };
    let mut revenue = Revenue::new(Arc::new(rule), Income::constant(usd(1), 30));
    let before = revenue.quota(Instant::ORIGIN).per_day;
    revenue.charge(Instant::ORIGIN);
    revenue.settle(at(0, 1), Outcome { status: Status::OK, earned: usd(50) });
    assert_eq!(revenue.quota(at(3, 5)).per_day, before, "it ships today and counts tomorrow");
    assert_eq!(revenue.quota(at(4, 0)).per_day, before + 1000);
}

#[test]
fn a_rolled_state_answers_as_one_that_was_not() {
    let income = Income::constant(Money::from_cents(7), 30);
    let revenue = Revenue::new(Arc::new(RevenueRule { min_tps: 0, ..mature() }), income);
    for n in [0, 1, 40, 400] {
        let now = at(n, 43_200);
        assert_eq!(revenue.check(now), revenue.rolled(now).check(now), "day {n}");
    }
}
