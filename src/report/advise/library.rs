//! The advised retries as settings of client libraries, where these wait alike.
//!
//! Each has a model: the library's preset with the same settings, as a strategy of the language. A
//! test holds that it makes its attempts at the same instants as the advised strategy.

use crate::scenario::Scenario;
use crate::simulation::Plan;
use crate::strategy::{Backoff, Jitter, RetryAfter};
use crate::units::{Rate, Span};

/// The advised retries in a library's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InLibrary {
    /// The library.
    pub library: &'static str,
    /// What to write in a program.
    pub code: String,
    /// The settings of a strategy that waits as the library does.
    pub model: String,
}

/// How an advised strategy tries again.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// All attempts; `None` is without end.
    attempts: Option<u32>,
    wait: Wait,
    /// True if it waits as long as `Retry-After` says.
    told: bool,
}

#[derive(Debug, Clone, Copy)]
enum Wait {
    /// Always the same.
    Fixed(Span),
    /// One over the published rate of each call.
    Restore(Span),
    /// Anything up to a wait that doubles.
    Full(Span, Span),
}

/// The settings of every library that waits as a strategy of a scenario does, by index.
#[must_use]
pub fn in_libraries(scenario: &Scenario, strategy: usize) -> Vec<InLibrary> {
    let Some(shape) = shape(&scenario.plan, strategy) else { return Vec::new() };
    let all = [tenacity(shape), polly(shape), resilience4j(shape), axios(shape), botocore(shape)];
    let sellers = [python_sp_api(shape), node_sp_api(shape)];
    all.into_iter().chain(sellers).flatten().collect()
}

fn shape(plan: &Plan, strategy: usize) -> Option<Shape> {
    let retry = &plan.strategies[strategy].retry;
    if retry.attempts == Some(1) || retry.deadline.is_some() {
        return None;
    }
    let wait = match &retry.backoff {
        Backoff::Fixed(of) => Wait::Fixed(of.wait),
        Backoff::RestoreWait(of) if of.extra.plus.is_zero() => {
            let mut periods: Vec<Span> =
                plan.calls.iter().filter_map(|call| call.published.map(Rate::period)).collect();
            periods.dedup();
            let [period] = periods.as_slice() else { return None };
            Wait::Restore(*period)
        }
        Backoff::Exponential(of) if of.jitter == Jitter::Full && of.factor.as_f64() == 2.0 => {
            Wait::Full(of.base, of.cap)
        }
        _ => return None,
    };
    let told = retry.retry_after == RetryAfter::Least;
    Some(Shape { attempts: retry.attempts, wait, told })
}

impl Shape {
    /// The wait, if it is always the same.
    const fn fixed(self) -> Option<Span> {
        match self.wait {
            Wait::Fixed(wait) | Wait::Restore(wait) => Some(wait),
            Wait::Full(..) => None,
        }
    }

    /// Attempts as the language writes them.
    fn count(self) -> String {
        self.attempts.map_or("\"unlimited\"".into(), |count| count.to_string())
    }

    /// The back-off as the language writes it.
    fn backoff(self) -> String {
        match self.wait {
            Wait::Fixed(wait) | Wait::Restore(wait) => format!("backoff.fixed = \"{wait}\""),
            Wait::Full(base, cap) => {
                format!(
                    "backoff.exponential = {{ base = \"{base}\", cap = \"{cap}\", jitter = \
                     \"full\" }}"
                )
            }
        }
    }
}

/// Seconds as a program writes them.
fn seconds(span: Span) -> f64 {
    span.as_secs_f64()
}

fn tenacity(shape: Shape) -> Option<InLibrary> {
    let stop = shape.attempts.map_or("stop_never".into(), |n| format!("stop_after_attempt({n})"));
    let wait = match shape.wait {
        Wait::Fixed(wait) | Wait::Restore(wait) => format!("wait_fixed({})", seconds(wait)),
        Wait::Full(base, cap) => {
            format!("wait_random_exponential(multiplier={}, max={})", seconds(base), seconds(cap))
        }
    };
    let (count, backoff) = (shape.count(), shape.backoff());
    // It knows no header: its wait must not be shorter than what is told.
    (!shape.told).then(|| InLibrary {
        library: "tenacity",
        code: format!("@retry(stop={stop}, wait={wait})"),
        model: format!(
            "preset = \"tenacity\"\nretry = {{ attempts = {count}, {backoff}, deadline = \
             \"365d\" }}"
        ),
    })
}

fn polly(shape: Shape) -> Option<InLibrary> {
    let wait = shape.fixed().filter(|_| !shape.told)?;
    let retries = shape.attempts.map_or("int.MaxValue".into(), |n| (n - 1).to_string());
    let (count, backoff) = (shape.count(), shape.backoff());
    Some(InLibrary {
        library: "Polly",
        code: format!(
            "new RetryStrategyOptions {{ MaxRetryAttempts = {retries}, Delay = \
             TimeSpan.FromSeconds({}), BackoffType = DelayBackoffType.Constant }}",
            seconds(wait)
        ),
        model: format!("preset = \"polly\"\nretry = {{ attempts = {count}, {backoff} }}"),
    })
}

fn resilience4j(shape: Shape) -> Option<InLibrary> {
    let wait = shape.fixed().filter(|_| !shape.told)?;
    let attempts = shape.attempts.map_or("Integer.MAX_VALUE".into(), |n| n.to_string());
    let (count, backoff) = (shape.count(), shape.backoff());
    Some(InLibrary {
        library: "resilience4j",
        code: format!(
            "RetryConfig.custom().maxAttempts({attempts}).waitDuration(Duration.ofMillis({}))",
            wait.as_nanos() / 1_000_000
        ),
        // The retry alone, without the breaker that the preset puts before it.
        model: format!(
            "preset = \"resilience4j\"\nguard = []\nretry = {{ attempts = {count}, {backoff} }}"
        ),
    })
}

fn axios(shape: Shape) -> Option<InLibrary> {
    let retries = shape.attempts.map_or("Infinity".into(), |n| (n - 1).to_string());
    let wait = match shape.wait {
        Wait::Fixed(wait) | Wait::Restore(wait) => format!("{}", wait.as_nanos() / 1_000_000),
        Wait::Full(base, cap) => {
            let [base, cap] = [base, cap].map(|span| span.as_nanos() / 1_000_000);
            format!("Math.random() * Math.min({cap}, {base} * 2 ** (n - 1))")
        }
    };
    let delay = match shape.told {
        true => format!("(n, error) => Math.max(axiosRetry.retryAfter(error) || 0, {wait})"),
        false => format!("(n) => {wait}"),
    };
    let (count, backoff) = (shape.count(), shape.backoff());
    Some(InLibrary {
        library: "axios-retry",
        code: format!(
            "axiosRetry(client, {{ retries: {retries}, retryDelay: {delay}, retryCondition: (e) => \
             e.response?.status === 429 || e.response?.status >= 500 }})"
        ),
        model: format!("preset = \"axios\"\nretry = {{ attempts = {count}, {backoff} }}"),
    })
}

/// The old mode of the AWS SDK for Python: a random part of 1, 2, 4 … s, without a cap.
fn botocore(shape: Shape) -> Option<InLibrary> {
    let (Wait::Full(base, cap), Some(attempts)) = (shape.wait, shape.attempts) else { return None };
    let longest = base.times(1 << attempts.saturating_sub(2).min(40));
    (base == Span::SECOND && longest <= cap && !shape.told).then(|| InLibrary {
        library: "botocore",
        code: format!(
            "Config(retries={{\"mode\": \"legacy\", \"total_max_attempts\": {attempts}}})"
        ),
        model: format!("preset = \"botocore_legacy\"\nretry.attempts = {attempts}"),
    })
}

fn python_sp_api(shape: Shape) -> Option<InLibrary> {
    let (wait, attempts) = (shape.fixed().filter(|_| !shape.told)?, shape.attempts?);
    Some(InLibrary {
        library: "python-amazon-sp-api",
        code: format!("@throttle_retry(tries={attempts}, delay={}, rate=1.0)", seconds(wait)),
        model: format!(
            "preset = \"python_sp_api\"\nretry = {{ attempts = {attempts}, backoff.exponential = \
             {{ base = \"{wait}\", factor = 1.0 }} }}"
        ),
    })
}

/// It waits one over the rate without end, as it is installed.
fn node_sp_api(shape: Shape) -> Option<InLibrary> {
    let is_so = matches!(shape.wait, Wait::Restore(_)) && shape.attempts.is_none() && !shape.told;
    is_so.then(|| InLibrary {
        library: "amazon-sp-api",
        code: "new SellingPartner({ options: { auto_request_throttled: true } })".into(),
        model: "preset = \"node_sp_api\"\nretry = { statuses = [429, 503] }".into(),
    })
}
