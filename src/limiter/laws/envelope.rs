//! How much is let in, to the nanosecond: calls come at the very instants that refusals name.

use super::{any_limiter, any_rate, bad, changing, millis, scale};
use crate::limiter::*;
use proptest::prelude::*;

/// When the next call comes.
#[derive(Debug, Clone, Copy)]
enum Move {
    /// After so many milliseconds.
    Millis(u64),
    /// After so many nanoseconds.
    Nanos(u64),
    /// At the instant that the last refusal has named, or so many nanoseconds before.
    Told(u64),
}

fn any_moves() -> impl Strategy<Value = Vec<Move>> {
    let any_move = prop_oneof![
        Just(Move::Nanos(0)),
        (0u64..3).prop_map(Move::Nanos),
        (0u64..50).prop_map(Move::Millis),
        (0u64..3_000).prop_map(Move::Millis),
        (0u64..2).prop_map(Move::Told),
        (0u64..2).prop_map(Move::Told),
    ];
    prop::collection::vec(any_move, 1..120)
}

/// Lets a client call at such instants, and gives every instant with its verdict to `see` before
/// it is charged, and how long it was held to `held`.
fn play(
    limiter: &mut Limiter,
    moves: &[Move],
    mut see: impl FnMut(&Limiter, Instant, Verdict),
    mut held: impl FnMut(Instant, Span),
) {
    let (mut now, mut told, scale) = (Instant::ORIGIN, None::<Instant>, scale(limiter));
    for next in moves {
        now = match (*next, told) {
            (Move::Millis(ms), _) => now + millis(ms * scale),
            (Move::Nanos(ns), _) => now + Span::from_nanos(ns),
            (Move::Told(before), Some(at)) if at > now => {
                now + Span::from_nanos(at.since(now).as_nanos() - before)
            }
            (Move::Told(_), _) => now,
        };
        let verdict = limiter.check(now);
        see(limiter, now, verdict);
        match verdict {
            Verdict::Admit => held(now, limiter.charge(now)),
            Verdict::Refuse(refusal) => {
                told = refusal.retry_at;
                limiter.ran_out(now, refusal.reason);
            }
        }
    }
}

/// What may be let in within an interval \[credits\]: `n` calls if `n·price` are not more.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Flow { initial: u32 },
    Tick { initial: u32 },
    Quota,
    Queue { wait: Span },
}

impl Kind {
    fn limiter(self, rate: Rate, burst: u32) -> Limiter {
        let bucket = |refill, n| Limiter::TokenBucket(TokenBucket::new(rate, burst, refill, n));
        match self {
            Self::Flow { initial } => bucket(Refill::Continuous, initial),
            Self::Tick { initial } => bucket(Refill::Tick, initial),
            Self::Quota => Limiter::Quota(Quota::new(rate, burst)),
            Self::Queue { wait } => Limiter::LeakyQueue(LeakyQueue::new(rate, wait)),
        }
    }

    /// Earned from one instant to another, in whole ticks where it comes in ticks.
    fn earned(self, rate: Rate, from: Instant, to: Instant) -> u128 {
        let by = |at: Instant| u128::from(at.as_nanos()) * u128::from(rate.count());
        let per = u128::from(rate.per().as_nanos());
        match self {
            Self::Tick { .. } => (by(to) / per - by(from) / per) * per,
            _ => by(to) - by(from),
        }
    }

    /// What is at hand at the beginning of any interval.
    fn at_hand(self, rate: Rate, burst: u32) -> u128 {
        let per = u128::from(rate.per().as_nanos());
        match self {
            Self::Queue { wait } => per + u128::from(wait.as_nanos()) * u128::from(rate.count()),
            _ => u128::from(burst) * per,
        }
    }
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        (0u32..9).prop_map(|initial| Kind::Flow { initial }),
        (0u32..9).prop_map(|initial| Kind::Tick { initial }),
        Just(Kind::Quota),
        (0u64..3_000).prop_map(|ms| Kind::Queue { wait: millis(ms) }),
    ]
}

/// A token bucket that pours what has come since it was last looked at.
#[derive(Clone, Copy)]
struct Poured {
    refill: Refill,
    rate: Rate,
    burst: u32,
    /// In credits of its rate.
    held: u128,
    since: Instant,
}

impl Poured {
    fn price(&self) -> u128 {
        u128::from(self.rate.per().as_nanos())
    }

    fn pour(&mut self, to: Instant) {
        let kind = match self.refill {
            Refill::Tick => Kind::Tick { initial: 0 },
            Refill::Continuous => Kind::Flow { initial: 0 },
        };
        let full = u128::from(self.burst) * self.price();
        self.held = (self.held + kind.earned(self.rate, self.since, to)).min(full);
        self.since = to;
    }

    /// Whole tokens stay, and the part of one that has flowed in.
    fn change(&mut self, change: Change) {
        self.pour(change.at);
        let (tokens, part, old) =
            (self.held / self.price(), self.held % self.price(), self.price());
        let Terms::Rate { rate, burst } = change.terms else { return };
        (self.rate, self.burst) = (rate, burst);
        let full = u128::from(self.burst) * self.price();
        self.held = (tokens * self.price() + part * self.price() / old).min(full);
    }
}

/// True if its own refusals make it refuse for longer.
fn punishes(limiter: &Limiter) -> bool {
    match limiter {
        Limiter::CoolDown(_) => true,
        Limiter::Dynamic(dynamic) => punishes(dynamic.limit()),
        Limiter::Lockout(lockout) => lockout.rule().extends,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// A call is refused exactly if some interval up to it would hold more with it than burst and
    /// rate allow: never more than `burst + rate·t` in any interval, and never less for a client
    /// than that leaves. A bucket that began with less allows less since the origin.
    #[test]
    fn a_call_is_refused_exactly_if_an_interval_would_hold_too_much(
        rate in any_rate(), burst in 1u32..8, kind in any_kind(), moves in any_moves(),
    ) {
        let per = u128::from(rate.per().as_nanos());
        let mut admitted: Vec<Instant> = Vec::new();
        let mut limiter = kind.limiter(rate, burst);
        play(&mut limiter, &moves, |limiter, now, verdict| {
            let fits = |n: usize, at_hand: u128, from: Instant| {
                (n as u128 + 1) * per <= at_hand + kind.earned(rate, from, now)
            };
            let since = |(i, from): (usize, &Instant)| {
                fits(admitted.len() - i, kind.at_hand(rate, burst), *from)
            };
            let initial = match kind {
                Kind::Flow { initial } | Kind::Tick { initial } => {
                    let held = u128::from(initial.min(burst)) * per;
                    fits(admitted.len(), held, Instant::ORIGIN)
                }
                _ => true,
            };
            let all = initial && admitted.iter().enumerate().all(since);
            assert_eq!(verdict == Verdict::Admit, all, "{limiter:?} at {now}");
            if verdict == Verdict::Admit {
                admitted.push(now);
            }
        }, |_, _| {});
    }

    /// A queue lets nobody wait longer than it says, and serves no two calls closer than its rate,
    /// but for the rounding of a turn up to a whole nanosecond.
    #[test]
    fn a_queue_serves_at_its_rate(
        rate in any_rate(), ms in 0u64..3_000, moves in any_moves(),
    ) {
        let mut queue = Limiter::LeakyQueue(LeakyQueue::new(rate, millis(ms)));
        let mut served: Vec<Instant> = Vec::new();
        play(&mut queue, &moves, |_, _, _| {}, |now, hold| {
            assert!(hold <= millis(ms));
            served.push(now + hold);
        });
        let (per, count) = (u128::from(rate.per().as_nanos()), u128::from(rate.count()));
        for (i, first) in served.iter().enumerate() {
            for (j, last) in served.iter().enumerate().skip(i) {
                let scaled = u128::from(last.since(*first).as_nanos()) * count;
                prop_assert!((j - i) as u128 * per < scaled + count, "{first} to {last}");
            }
        }
    }

    /// A plan that changes is a bucket that is poured over: what it holds is what the plans of the
    /// past have poured in and calls have taken out.
    #[test]
    fn a_dynamic_plan_is_what_its_plans_pour(
        (rate, burst, tick) in (any_rate(), 1u32..8, any::<bool>()),
        changes in prop::collection::vec((0u64..20_000, any_rate(), 1u32..8), 0..6),
        moves in any_moves(),
    ) {
        let refill = if tick { Refill::Tick } else { Refill::Continuous };
        let change = |(ms, rate, burst)| (ms, Terms::Rate { rate, burst });
        let bucket = Limiter::TokenBucket(TokenBucket::new(rate, burst, refill, burst));
        let mut limiter = changing(bucket, changes.into_iter().map(change).collect());
        let Limiter::Dynamic(plan) = &limiter else { unreachable!() };
        let changes = plan.changes().to_vec();
        let held = u128::from(burst) * u128::from(rate.per().as_nanos());
        let mut model = Poured { refill, rate, burst, held, since: Instant::ORIGIN };
        let mut changes = changes.into_iter().peekable();
        play(&mut limiter, &moves, |limiter, now, verdict| {
            while let Some(change) = changes.next_if(|change| change.at <= now) {
                model.change(change);
            }
            model.pour(now);
            let tokens = model.held / model.price();
            assert_eq!(limiter.level(now).map(u128::from), Some(tokens), "{limiter:?} at {now}");
            assert_eq!(verdict == Verdict::Admit, tokens > 0, "{limiter:?} at {now}");
            // The next plan begins at its instant, and not a nanosecond sooner.
            if let Some(change) = changes.peek() {
                let (mut before, mut from) = (model, model);
                let last = Instant::from_nanos(change.at.as_nanos() - 1);
                before.pour(last);
                from.change(*change);
                for (at, model) in [(last, before), (change.at, from)] {
                    let (level, tokens) = (limiter.level(at), model.held / model.price());
                    assert_eq!(level.map(u128::from), Some(tokens), "{limiter:?} at {at}");
                }
            }
            if tokens > 0 {
                model.held -= model.price();
            }
        }, |_, _| {});
    }

    /// Nobody gets in while so many failures are not forgotten: those of this window of the clock,
    /// or of any that ends now.
    #[test]
    fn a_lockout_counts_failures(
        (count, ms, offset) in (1u32..4, 1u64..4_000, 0u64..4_000),
        sliding in any::<bool>(), moves in any_moves(),
    ) {
        let (window, offset) = (millis(ms), millis(offset % ms));
        let fixed = LockoutWindow::Fixed { offset };
        let kind = if sliding { LockoutWindow::Sliding } else { fixed };
        let statuses = vec![Status::BAD_REQUEST];
        let rule = LockoutRule { statuses, count, window, kind, lasts: None, extends: false };
        let mut lockout = Lockout::new(rule);
        let number = |at: Instant| (at.as_nanos() + offset.as_nanos()) / window.as_nanos();
        let (mut now, mut failures) = (Instant::ORIGIN, Vec::<Instant>::new());
        for next in moves {
            let told = match lockout.check(now) {
                Verdict::Refuse(refusal) => refusal.retry_at,
                Verdict::Admit => None,
            };
            let gap = match (next, told) {
                (Move::Millis(ms), _) => millis(ms),
                (Move::Nanos(ns), _) => Span::from_nanos(ns),
                (Move::Told(before), Some(at)) => {
                    Span::from_nanos(at.since(now).as_nanos() - before)
                }
                (Move::Told(_), None) => Span::ZERO,
            };
            now += gap;
            let counts = |at: &&Instant| match sliding {
                true => now.since(**at) < window,
                false => number(**at) == number(now),
            };
            let counted = failures.iter().filter(counts).count();
            let open = counted < count as usize;
            prop_assert_eq!(lockout.check(now) == Verdict::Admit, open, "at {}", now);
            let left = u64::from(count).saturating_sub(counted as u64);
            prop_assert_eq!(lockout.level(now), Some(left));
            // What was let in before runs to its end, and may fail behind the locked door.
            if open || now.as_nanos() % 3 == 0 {
                lockout.settle(now, bad());
                failures.push(now);
            }
        }
    }

    /// A refusal leaves all as it was, but for a limit that shuts after it; neither that nor one
    /// that is counted ever brings the next yes nearer.
    #[test]
    fn a_refusal_changes_nothing_and_a_counted_one_never_helps(
        limiter in any_limiter(), moves in any_moves(),
    ) {
        play(&mut limiter.clone(), &moves, |limiter, now, verdict| {
            let Verdict::Refuse(refusal) = verdict else { return };
            let (mut before, mut after) = (limiter.clone(), limiter.clone());
            assert_eq!(after.admit(now), Err(refusal.reason));
            // Time may have passed for it, which changes no answer.
            before.roll(now);
            after.roll(now);
            // So is the note that all of it was in use.
            before.forget_usage();
            after.forget_usage();
            if !punishes(limiter) {
                assert_eq!(after, before, "refused at {now}");
            }
            after.charge_refused(now);
            assert!(after.level(now) <= limiter.level(now), "{limiter:?} at {now}");
            match after.check(now) {
                Verdict::Refuse(later) => {
                    let (first, second) = (refusal.retry_at, later.retry_at);
                    // Later than any instant is one that no clock can tell.
                    let place = |at: Option<Instant>| (at.is_none(), at);
                    let no_sooner = place(second) >= place(first);
                    assert!(no_sooner, "{limiter:?} at {now}: {first:?} {second:?}");
                }
                Verdict::Admit => panic!("{limiter:?} at {now}"),
            }
        }, |_, _| {});
    }
}
