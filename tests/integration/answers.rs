//! What a person reads of small scenarios: quantiles, ranks and sentences with known right values.

use crate::scenario;
use throttlesim::metrics::figures::{Metric, Slice, Statistic};
use throttlesim::study::Study;

/// 28 calls at once, one a second is admitted, and 25 are done when time is over: after 0, 1, …
/// 24 s. Half of all 28 are 14, of which the last takes 13 s.
#[test]
fn half_of_all_is_not_one_more_than_half() {
    let scenario = scenario(
        r#"
        schema = 1
        question = "Within what time is half done?"
        duration = "1s"
        drain = "23500ms"
        [limit.l]
        scope = []
        rule.token_bucket = { rate = "1/s", burst = 1 }
        [workload.w]
        arrivals.backlog = 28
        call = "get"
        [strategy.s]
        retry = { attempts = "unlimited", backoff.fixed = "1s" }
        "#,
    );
    let study = Study::run(&scenario).expect("within its bounds");
    let value = |permille| {
        let metric = Metric::JobLatency(Statistic::Quantile(permille));
        study.strategies[0].estimate(Slice::Whole, metric).map(|estimate| estimate.mean)
    };
    assert_eq!(value(500), Some(13.0), "the 14th of 28");
    assert_eq!(value(501), Some(14.0), "the 15th of 28");
    assert_eq!(value(892), Some(24.0), "the 25th of 28");
    assert_eq!(value(893), None, "the 26th of 28 is lost");
}
