//! Pictures show what happened between two readings, say what is lost, and are left out where they
//! would show nothing.

use crate::scenario;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use throttlesim::limiter::{Limiter, Reason};
use throttlesim::metrics::{Extent, Extremes, Peak};
use throttlesim::report::Report;
use throttlesim::simulation::{Drawn, PlannedLimit};
use throttlesim::study::{Runs, Shown, Study};
use throttlesim::units::{Instant, Span, quantity};
use throttlesim::{Metric, Slice, Statistic};

fn files(text: &str) -> BTreeMap<String, String> {
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let files = Report::new(&scenario, &study).files().expect("a report");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    files.into_iter().map(|(name, bytes)| (name, text(bytes))).collect()
}

const BURSTS: &str = "schema = 1\nquestion = \"?\"\nduration = \"6h\"\n\
    [limit.l]\nscope = [\"account\"]\nrule.token_bucket = { rate = \"1/s\", burst = 30 }\n\
    [clients]\naccounts = 3\nskew.weights = [1, 8, 1]\n[service]\nlatency.constant = \"100ms\"\n\
    [workload.w]\nper = \"scenario\"\n\
    arrivals.burst = [{ at = \"1h\", count = 60 }, { at = \"2h\", count = 1 }]\n\
    call = \"get\"\n[strategy.s]\n";

/// The files of [`BURSTS`], which are made once.
static OF_BURSTS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| files(BURSTS));

/// A burst that is over after a tenth of a second is seen in intervals of a minute, and so is the
/// bucket that it empties, which fills again within half a minute.
#[test]
fn what_happens_within_an_interval_is_seen() {
    let scenario = scenario(BURSTS);
    let study = Study::run(&scenario).expect("within its bounds");
    let looks = study.look_again(&scenario.plan);
    assert_eq!((looks.account, looks.shown), (1, Shown::MostThrottled));
    let look = looks.strategies[0].as_ref().expect("a small run");
    let hour = Instant::ORIGIN + Span::HOUR;
    let at = |of: &Extremes| {
        let within = of.points().filter(|(from, _)| *from <= hour);
        within.last().expect("an interval").1
    };
    let admitted = study.strategies[0].total.cells[0].attempts.admitted;
    assert_eq!(at(&look.watched.backlog), Extent { lowest: 0, highest: admitted - 1 });
    assert!(admitted >= 30);
    assert_eq!(at(&look.watched.limits[0].left), Extent { lowest: 0, highest: 30 });
    assert_eq!(at(&look.watched.limits[0].in_use), Extent { lowest: 0, highest: 1_000_000 });
    let backlog = &OF_BURSTS["backlog.svg"];
    let level = &OF_BURSTS["level-1.svg"];
    for picture in [backlog, level] {
        assert!(picture.contains("range within each interval"), "{picture:.3000}");
    }
    assert!(backlog.contains("the highest of each interval"), "{backlog:.2000}");
    assert!(level.contains("for account 2, which is throttled most"), "{level:.2000}");
}

/// A second look at a run sees the run that was counted.
#[test]
fn looking_again_counts_the_same() {
    let scenario = scenario(BURSTS);
    let study = Study::run(&scenario).expect("within its bounds");
    let looks = study.look_again(&scenario.plan);
    let seen = &looks.strategies[0].as_ref().expect("a small run").watched.timeline;
    assert_eq!(seen.backlog().collect::<Vec<_>>(), {
        study.strategies[0].total.timeline.backlog().collect::<Vec<_>>()
    });
}

#[test]
fn work_that_is_given_up_is_marked_where_it_leaves() {
    let text = "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n\
        [limit.l]\nscope = []\nrule.token_bucket = { rate = \"1/s\", burst = 5 }\n\
        [workload.w]\narrivals.backlog = 60\ncall = \"get\"\n\
        [strategy.loses]\nretry = { attempts = 4, backoff.fixed = \"2s\" }\n\
        [strategy.keeps]\npace.rate = \"95%\"\n";
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let lost = study.strategies[0].total.cells[0].requests.given_up;
    assert!(lost > 20, "{lost}");
    let backlog = &files(text)["backlog.svg"];
    assert!(backlog.contains(&format!("loses: {lost} given up")), "{lost}");
    assert!(!backlog.contains("keeps: "));
}

#[test]
fn pictures_that_show_nothing_are_left_out_with_a_reason() {
    let text = "schema = 1\nquestion = \"?\"\nduration = \"1m\"\n\
        [limit.l]\nscope = []\nrule.token_bucket = { rate = \"10/s\", burst = 5 }\n\
        [limit.other]\nscope = []\ncalls = [\"list\"]\nrule.concurrency = 9\n\
        [workload.w]\narrivals.every.period = \"10s\"\n\n\
        steps = [{ call = \"get\" }, { call = \"list\", count.poisson = 0.000001 }]\n\
        [strategy.s]\n";
    let files = files(text);
    for name in ["throttle-rate.svg", "backlog.svg", "level-2.svg"] {
        assert!(!files.contains_key(name), "{name}");
    }
    let page = &files["report.md"];
    for line in [
        "- Throttle rate over time: nothing was throttled.",
        "- Backlog over time: no request took any time.",
        "- Left of the limit “other” for list: it is 9 all the time.",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    assert!(!page.contains("throttle-rate.png"));
}

/// A call that never ends waits until time is over, though nothing happens after it was sent.
#[test]
fn work_that_does_not_end_stays_in_the_backlog() {
    let text = "schema = 1\nquestion = \"?\"\nduration = \"1s\"\ndrain = \"1s\"\n\
        [limit.l]\nscope = []\nrule.concurrency = 1\n[service]\nlatency.constant = \"1h\"\n\
        [workload.w]\narrivals.backlog = 1\ncall = \"get\"\n[strategy.s]\n";
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let looks = study.look_again(&scenario.plan);
    let backlog = &looks.strategies[0].as_ref().expect("a small run").watched.backlog;
    assert!(backlog.extents().iter().all(|of| *of == Extent { lowest: 1, highest: 1 }));
    assert_eq!(backlog.next(), Instant::ORIGIN + Span::from_secs(2));
}

/// Above each picture stands what it shows, with the figures that are drawn.
#[test]
fn titles_say_what_pictures_show() {
    let text = "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n\
        [limit.l]\nscope = []\nrule.token_bucket = { rate = \"1/s\", burst = 5 }\n\
        [service]\nlatency.constant = \"1s\"\n\
        [workload.w]\narrivals.backlog = 60\ncall = \"get\"\n\
        [strategy.loses]\nretry = { attempts = 4, backoff.fixed = \"2s\" }\n\
        [strategy.keeps]\npace.rate = \"100%\"\nworkers = 3\n";
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let [loses, keeps] = &study.strategies[..] else { panic!("two strategies") };
    const P95: Metric = Metric::JobLatency(Statistic::Quantile(950));
    let of =
        |runs: &Runs, metric: Metric| runs.estimate(Slice::Whole, metric).expect("a figure").mean;
    let rate = quantity::percent(of(loses, Metric::ThrottleRate));
    let (p95, loss) = (of(keeps, P95), of(keeps, Metric::LossRate));
    let page = &files(text)["report.md"];
    for title in [
        format!("“keeps” is best: it loses {} of its jobs](comparison", quantity::percent(loss)),
        format!("{rate} of the calls of “loses” are throttled](throttle-rate"),
        format!("“l” throttles {rate} of the calls of “loses”](outcomes"),
        format!("“keeps” completes 95 % of its jobs within {}](latency", quantity::seconds(p95)),
        "At most 60 requests wait with every strategy](backlog".into(),
        "Left of the limit “l” for get: nothing at times, with “loses”](level-1".into(),
    ] {
        assert!(page.contains(&title), "{title}\n{page}");
    }
    let one = &files(&text.replace("[strategy.keeps]\npace.rate = \"100%\"\nworkers = 3\n", ""));
    let title = format!("![{rate} of the calls are throttled](throttle-rate.png)");
    assert!(one["report.md"].contains(&title), "{}", one["report.md"]);
    let quiet = text.replace("backlog = 60", "backlog = 3").replace("pace.rate = \"100%\"\n", "");
    let quiet = &files(&quiet.replace("loses", "keep"));
    assert!(quiet["report.md"].contains("![No call is throttled](outcomes.png)"));
    assert!(quiet["report.md"].contains("![No difference between “keep” and “keeps” matters]"));
}

/// One account gets most of a burst, and is refused most.
#[test]
fn a_picture_shows_which_accounts_suffer() {
    let scenario = scenario(BURSTS);
    let study = Study::run(&scenario).expect("within its bounds");
    let accounts = study.strategies[0].total.accounts.iter();
    let mut rates: Vec<f64> = accounts.filter_map(|account| account.throttle_rate()).collect();
    rates.sort_by(f64::total_cmp);
    let [_, median, worst] = rates[..] else { panic!("three accounts: {rates:?}") };
    assert!(worst > median + 0.1, "{rates:?}");
    let [median, worst] = [median, worst].map(quantity::percent);
    let files = &OF_BURSTS;
    let title =
        format!("The worst account has {worst} of its calls throttled, the median {median}");
    assert!(files["report.md"].contains(&format!("![{title}](accounts.png)")), "{title}");
    assert!(files["accounts.svg"].contains("accounts, the best first"));
    let alike = BURSTS.replace("skew.weights = [1, 8, 1]\n", "");
    let alike = alike.replace("count = 60", "count = 3");
    let page = &self::files(&alike)["report.md"];
    let same =
        "- Throttle rate, account by account: with each strategy it is the same for all accounts.";
    assert!(page.contains(same), "{page}");
}

/// Two limits of one call: a bucket that runs out, and a day's window of which little is used.
#[test]
fn the_limit_that_binds_is_compared_with_the_next() {
    let text = format!(
        "{BURSTS}[limit.day]\nscope = [\"account\"]\n\
         rule.fixed_window = {{ limit = 1000, window = \"6h\" }}\n"
    );
    let scenario = scenario(&text);
    let study = Study::run(&scenario).expect("within its bounds");
    let worst = &study.strategies[0].total.accounts[1];
    let admitted = worst.sent() - worst.throttled;
    #[expect(clippy::cast_precision_loss)]
    let share = quantity::percent(admitted as f64 / 1000.0);
    let files = files(&text);
    let page = &files["report.md"];
    let title =
        format!("For account 2: “l” is used up at times; of “day” at most {share} is in use");
    assert!(page.contains(&format!("![{title}](headroom.png)")), "{title}\n{page}");
    let picture = &files["headroom.svg"];
    for part in ["“day”", "share in use", "for account 2, which is throttled most"] {
        assert!(picture.contains(part), "{part}: {picture:.3000}");
    }
    // What the picture of all limits shows to be far from its end has none of its own.
    let left = 1000 - admitted;
    let line =
        format!("- Left of the limit “day” for get (account 2): at least {left}, more than half.");
    assert!(page.contains(&line) && !files.contains_key("level-2.svg"), "{line}\n{page}");
    assert!(!OF_BURSTS.contains_key("headroom.svg"), "one limit is compared with none");
}

/// A bucket of twenty that becomes one of two, beside one that stays.
const CHANGING: &str = "schema = 1\nquestion = \"?\"\nduration = \"2h\"\n\
    [provider.amazon]\ncatalog = \"sp-api\"\n\
    dynamic.\"orders/v0/getOrders\".schedule = [{ at = \"1h\", burst = 2 }]\n\
    [workload.w]\narrivals.every.period = \"10m\"\n\
    steps = [{ call = \"orders/v0/getOrders\" }, { call = \"orders/v0/getOrderItems\" }]\n\
    [strategy.s]\n";

/// What a second look reads of a limit and what the first one counted are the same share, also
/// where figures change during the run.
#[test]
fn the_share_in_use_is_the_one_that_was_counted() {
    let mut changing = 0;
    let own = scenario(CHANGING);
    let own = (own.clone(), Study::run(&own).expect("within its bounds"));
    for (scenario, study) in [
        "amazon-pay-renewals-restore-rate",
        "batches-by-points",
        "charges-at-three",
        "ecomdash-six-at-once",
        "pa-api-falling-revenue",
        "penalties",
        "tokens-and-requests",
    ]
    .map(crate::study)
    .into_iter()
    .chain([own])
    {
        let (name, plan) = (&scenario.name, &scenario.plan);
        let looks = study.look_again(plan);
        for (runs, look) in study.strategies.iter().zip(&looks.strategies) {
            let look = look.as_ref().expect("a small run");
            for (reading, (limit, operation)) in look.watched.limits.iter().zip(plan.watched()) {
                let meters = plan.meters().into_iter().zip(&runs.total.peaks);
                let of = meters.filter(|(meter, _)| {
                    meter.limit == limit
                        && meter.part != Reason::PerSecond
                        && meter.operation.is_none_or(|of| of == operation)
                });
                let counted: Option<Peak> = of.filter_map(|(_, peak)| *peak).next();
                let counted = counted.map_or(0.0, |peak| peak.usage.share());
                let read = reading.shares().map(|(_, share)| share).fold(0.0, f64::max);
                assert!((read - counted).abs() <= 1e-6, "{name}, {limit}: {read}, {counted}");
                let PlannedLimit { rule, drawn, .. } = &plan.limits[limit];
                let changes = matches!(drawn, Some(Drawn::Revenue(_) | Drawn::Plan(_)))
                    || matches!(rule.limiter, Limiter::Dynamic(_) | Limiter::Revenue(_));
                changing += usize::from(changes && read > 0.0);
            }
        }
    }
    assert!(changing >= 2, "{changing}");
}

/// A limit whose figures change is compared with the others, by its figures of each time.
#[test]
fn a_limit_that_changes_is_in_the_picture_of_all_limits() {
    let files = files(CHANGING);
    let page = &files["report.md"];
    // One of two; by the figures of the first hour it would be one of twenty.
    let title = "At most 50 % of a limit is in use: of “usage-plan” of getOrders";
    assert!(page.contains(title), "{page}");
    let picture = &files["headroom.svg"];
    assert!(picture.contains("“usage-plan” of getOrderItems"), "{picture:.3000}");
}

/// A job a second, of sixty that are there at once: thirty-one are done within thirty seconds.
#[test]
fn late_jobs_are_shown_against_the_deadline() {
    let text = |deadline: &str| {
        format!(
            "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n\
             [limit.l]\nscope = []\nrule.token_bucket = {{ rate = \"1/s\", burst = 5 }}\n\
             [workload.w]\narrivals.backlog = 60\ncall = \"get\"\n\
             [strategy.s]\npace.rate = \"100%\"\n\
             [[expect]]\nthat = \"job_latency.p95 < {deadline}\"\n"
        )
    };
    let late = files(&text("30s"));
    let share = quantity::percent(29.0 / 60.0);
    let title = format!("![{share} of the jobs are not done within 30 s](lateness.png)");
    assert!(late["report.md"].contains(&title), "{title}\n{}", late["report.md"]);
    assert!(late["lateness.svg"].contains("deadline: 30 s"));
    let never = files(&text("2m"));
    let line = "against their deadline: every job is done within 2 min, with each strategy.";
    assert!(never["report.md"].contains(line) && !never.contains_key("lateness.svg"));
}
