//! Every metric, with all that is true of it: key, words, unit, scope, direction, and which files
//! have it. Expectations, tables, charts, sweeps and CSV files read it here. The formula of each
//! is in [`Counts::value`](super::figures::Counts::value).

use super::Measure;
use super::part::{Answer, Ending, Part, Statistic};

/// The smallest part of a run that a metric exists for; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The whole run only.
    Whole,
    /// Workloads, too.
    Workload,
    /// Calls, too, and calls within a workload.
    Call,
    /// Single accounts, too.
    Account,
}

/// Which of its family a file has.
#[derive(Debug, Clone, Copy)]
enum Kept {
    None,
    All,
    Only(&'static [Part]),
}

/// What is true of a metric, or of a family of them.
#[derive(Debug, Clone, Copy)]
struct Facts {
    /// As expectations write it; of a family before the point.
    key: &'static str,
    /// In the head of a column; `{}` is the part.
    title: &'static str,
    /// In sentences; of a family without the part.
    noun: &'static str,
    measure: Measure,
    /// The largest value that it can have.
    most: f64,
    scope: Scope,
    /// True if it has no value, and so is worse than any, where too much work was lost.
    lost_is_never: bool,
    /// True if more of it is better, whatever the part.
    more_is_better: bool,
    /// Whether `strategies.csv` has it.
    in_csv: Kept,
    /// Whether every sweep keeps it.
    in_sweep: Kept,
}

/// A plain number; the other kinds differ from it in some facts.
const NUMBER: Facts = Facts {
    key: "",
    title: "",
    noun: "",
    measure: Measure::Number,
    most: f64::MAX,
    scope: Scope::Call,
    lost_is_never: false,
    more_is_better: false,
    in_csv: Kept::All,
    in_sweep: Kept::All,
};
const SHARE: Facts = Facts { measure: Measure::Share, most: 1.0, ..NUMBER };
const TIME: Facts = Facts { measure: Measure::Seconds, lost_is_never: true, ..NUMBER };

const P50: Part = Part::Statistic(Statistic::Quantile(500));
const P95: Part = Part::Statistic(Statistic::Quantile(950));
const P99: Part = Part::Statistic(Statistic::Quantile(990));
const MAX: Part = Part::Statistic(Statistic::Max);
const ARRIVED: Part = Part::Ending(Ending::Arrived);
const COMPLETED: Part = Part::Ending(Ending::Completed);
const GIVEN_UP: Part = Part::Ending(Ending::GivenUp);
const UNFINISHED: Part = Part::Ending(Ending::Unfinished);
const LOST: Part = Part::Ending(Ending::Lost);
const SENT: Part = Part::Answer(Answer::Sent);
const THROTTLED: Part = Part::Answer(Answer::Throttled);

/// Makes the enum, the list of all metrics and their facts from one line each.
macro_rules! metrics {
    ($($(#[doc = $doc:literal])+ $name:ident $(($part:ident))? = $facts:expr;)+) => {
        /// One number that a run gives.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Metric { $($(#[doc = $doc])+ $name $(($part))?),+ }

        impl Metric {
            /// Every metric that has a key, in the order of the columns of files.
            #[must_use]
            pub fn all() -> Vec<Self> {
                [$(metrics!(@each $name $($part)?)),+].concat()
            }

            const fn facts(self) -> Facts {
                match self { $(Self::$name { .. } => $facts),+ }
            }

            /// Which of its family it is; `None` of a metric of its own.
            #[must_use]
            pub const fn part(self) -> Option<Part> {
                match self { $(metrics!(@pattern part $name $($part)?) =>
                    metrics!(@part part $($part)?)),+ }
            }
        }
    };
    (@each $name:ident) => { vec![Metric::$name] };
    (@each $name:ident $part:ident) => {
        $part::ALL.iter().map(|part| Metric::$name(*part)).collect::<Vec<_>>()
    };
    (@pattern $bound:ident $name:ident) => { Self::$name };
    (@pattern $bound:ident $name:ident $part:ident) => { Self::$name($bound) };
    (@part $bound:ident) => { None };
    (@part $bound:ident $part:ident) => { Some(Part::$part($bound)) };
}

metrics! {
    /// How many requests.
    Requests(Ending) = Facts {
        key: "requests", title: "requests {}", noun: "requests", scope: Scope::Account,
        in_csv: Kept::Only(&[ARRIVED, COMPLETED, GIVEN_UP, UNFINISHED]), in_sweep: Kept::None,
        ..NUMBER
    };
    /// How many attempts.
    Attempts(Answer) = Facts {
        key: "attempts", title: "calls {}", noun: "attempts", scope: Scope::Account,
        in_csv: Kept::Only(&[SENT, THROTTLED]), in_sweep: Kept::Only(&[SENT, THROTTLED]),
        ..NUMBER
    };
    /// Refused attempts / attempts.
    ThrottleRate = Facts {
        key: "throttle_rate", title: "throttle rate", noun: "throttle rate",
        scope: Scope::Account, ..SHARE
    };
    /// Refused first attempts / first attempts.
    FirstTryThrottleRate = Facts {
        key: "first_try_throttle_rate", title: "first-try throttle rate",
        noun: "first-try throttle rate", ..SHARE
    };
    /// Attempts / requests attempted.
    Amplification = Facts {
        key: "amplification", title: "amplification", noun: "amplification", ..NUMBER
    };
    /// Attempts / requests that succeeded.
    CallsPerSuccess = Facts {
        key: "calls_per_success", title: "calls per success", noun: "calls per success",
        lost_is_never: true, ..NUMBER
    };
    /// Successful requests a second.
    Goodput = Facts {
        key: "goodput", title: "goodput", noun: "goodput", measure: Measure::PerSecond,
        more_is_better: true, ..NUMBER
    };
    /// Of requests, from arising to success; what is lost takes longer than any time \[s\].
    Latency(Statistic) = Facts {
        key: "latency", title: "calls: {} within", noun: "request latency",
        in_csv: Kept::Only(&[P50, P95, P99]), in_sweep: Kept::Only(&[P50, P95]), ..TIME
    };
    /// Of jobs, from arrival to the end of the last step; what is lost takes longer \[s\].
    JobLatency(Statistic) = Facts {
        key: "job_latency", title: "{} within", noun: "job latency", scope: Scope::Workload,
        in_csv: Kept::Only(&[P50, P95, P99, MAX]), in_sweep: Kept::Only(&[P50, P95, P99]), ..TIME
    };
    /// When the last job ended, if none was lost \[s\].
    Completion = Facts {
        key: "completion", title: "finished after", noun: "time until all jobs are done", ..TIME
    };
    /// When the last request ended, with success or without \[s\].
    LastEnd = Facts {
        key: "last_end", title: "last ended after", noun: "time until the last job ends",
        in_sweep: Kept::None, ..TIME
    };
    /// How many jobs.
    Jobs(Ending) = Facts {
        key: "jobs", title: "jobs {}", noun: "jobs", scope: Scope::Workload,
        in_csv: Kept::Only(&[COMPLETED, LOST]), in_sweep: Kept::Only(&[ARRIVED, COMPLETED, LOST]),
        ..NUMBER
    };
    /// Jobs given up or unfinished / jobs; of a single call, its requests.
    LossRate = Facts {
        key: "loss_rate", title: "share lost", noun: "share of jobs lost",
        in_sweep: Kept::None, ..SHARE
    };
    /// Requests given up that their jobs went on without / requests.
    SkippedRate = Facts {
        key: "skipped_rate", title: "requests skipped", noun: "share of requests skipped",
        scope: Scope::Workload, in_sweep: Kept::None, ..SHARE
    };
    /// The largest share of any limit that was in use, from 0 to 1.
    LimitUse = Facts {
        key: "limit_use", title: "limit use", noun: "largest share of a limit in use",
        scope: Scope::Whole, ..SHARE
    };
    /// Jain's index over the accounts, from 0 to 1.
    Fairness = Facts {
        key: "fairness", title: "fairness", noun: "fairness", most: 1.0, scope: Scope::Whole,
        more_is_better: true, in_sweep: Kept::None, ..NUMBER
    };
    /// Of data, from its being true to the moment at which it is looked at \[s\].
    Age(Statistic) = Facts {
        key: "age", title: "data age, {}", noun: "data age", scope: Scope::Workload,
        in_csv: Kept::Only(&[P50, P95, MAX]), in_sweep: Kept::Only(&[P95]), ..TIME
    };
}

impl Metric {
    /// The metric of a key such as `latency.p95`.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::all().into_iter().find(|metric| metric.key() == key)
    }

    /// Its key, as expectations write it: `throttle_rate`, `latency.p95`.
    #[must_use]
    pub fn key(self) -> String {
        match self.part() {
            Some(part) => format!("{}.{}", self.family(), part.key()),
            None => self.family().into(),
        }
    }

    /// The key without the part: `latency`.
    #[must_use]
    pub const fn family(self) -> &'static str {
        self.facts().key
    }

    /// Its name in files, with its unit: `goodput_per_s`, `latency_p95_s`.
    #[must_use]
    pub fn column(self) -> String {
        self.key().replace('.', "_") + self.measure().suffix()
    }

    /// In the head of a column: `95 % within`.
    #[must_use]
    pub fn title(self) -> String {
        let part = self.part().map_or(String::new(), Part::title);
        self.facts().title.replace("{}", &part)
    }

    /// In sentences and above a picture: `95th percentile of job latency`.
    #[must_use]
    pub fn noun(self) -> String {
        let noun = self.facts().noun;
        match self.part() {
            None => noun.into(),
            Some(part @ Part::Statistic(_)) => format!("{} of {noun}", part.word()),
            Some(part) => format!("{noun} {}", part.word()),
        }
    }

    /// True of a share of work that was lost.
    #[must_use]
    pub const fn is_loss(self) -> bool {
        matches!(self, Self::LossRate | Self::SkippedRate)
    }

    /// What its numbers measure.
    #[must_use]
    pub const fn measure(self) -> Measure {
        self.facts().measure
    }

    /// The largest value that it can have; the least is 0.
    #[must_use]
    pub const fn most(self) -> f64 {
        self.facts().most
    }

    /// The smallest part of a run that it exists for.
    #[must_use]
    pub const fn scope(self) -> Scope {
        self.facts().scope
    }

    /// True of what has no value, and so is worse than any, in a run that had work but lost too
    /// much of it.
    #[must_use]
    pub const fn is_never_where_work_is_lost(self) -> bool {
        self.facts().lost_is_never
    }

    /// True if a greater figure is better; of all others a smaller one is.
    #[must_use]
    pub const fn more_is_better(self) -> bool {
        match self.part() {
            Some(part) => part.more_is_better(),
            None => self.facts().more_is_better,
        }
    }

    /// True if `strategies.csv` has it.
    #[must_use]
    pub fn is_in_csv(self) -> bool {
        self.is_kept(self.facts().in_csv)
    }

    /// True if every sweep keeps it.
    #[must_use]
    pub fn is_in_sweeps(self) -> bool {
        self.is_kept(self.facts().in_sweep)
    }

    fn is_kept(self, kept: Kept) -> bool {
        match kept {
            Kept::None => false,
            Kept::All => true,
            Kept::Only(parts) => self.part().is_some_and(|part| parts.contains(&part)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_metric_has_a_key_of_its_own_and_words() {
        let all = Metric::all();
        let keys: BTreeSet<String> = all.iter().map(|metric| metric.key()).collect();
        let columns: BTreeSet<String> = all.iter().map(|metric| metric.column()).collect();
        assert_eq!((keys.len(), columns.len()), (all.len(), all.len()));
        for metric in all {
            assert_eq!(Metric::of_key(&metric.key()), Some(metric));
            assert!(metric.noun().len() > 3 && metric.title().len() > 3, "{metric:?}");
            assert!(!metric.title().contains(['{', '}']), "{metric:?}");
        }
        assert_eq!(Metric::of_key("latency"), None);
        assert_eq!(Metric::of_key("throttle_rate.p95"), None);
    }

    #[test]
    fn names_follow_from_family_and_part() {
        let p95 = Metric::JobLatency(Statistic::Quantile(950));
        let names = (p95.key(), p95.column(), p95.title(), p95.noun());
        let [key, column] = ["job_latency.p95", "job_latency_p95_s"].map(String::from);
        let [title, noun] = ["95 % within", "95th percentile of job latency"].map(String::from);
        assert_eq!(names, (key, column, title, noun));
        assert_eq!(Metric::Latency(Statistic::Quantile(999)).key(), "latency.p999");
        assert_eq!(Metric::Goodput.column(), "goodput_per_s");
        assert_eq!(Metric::Jobs(Ending::GivenUp).noun(), "jobs given up");
        assert!(Metric::Jobs(Ending::Completed).more_is_better());
        assert!(!Metric::Jobs(Ending::Arrived).more_is_better());
    }
}
