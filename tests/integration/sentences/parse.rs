//! Reads what the program writes: values with their units, and what a strategy is said to do.

/// A value as it was written, in its own unit: seconds, a fraction, or a plain number; and how far
/// rounding may have moved it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    pub number: f64,
    pub slack: f64,
}

impl Value {
    /// True if this is how a figure is written.
    pub fn is(self, figure: f64) -> bool {
        (self.number - figure).abs() <= self.slack + 1e-9
    }
}

fn number(text: &str) -> f64 {
    text.replace(',', "").parse().unwrap_or_else(|_| panic!("no number: {text}"))
}

/// The slack of three significant digits and four decimals.
fn of_digits(number: f64) -> f64 {
    (0.0051 * number.abs()).max(0.000_051)
}

/// `38.9`, `12.3 %`, `1.5 percentage points`, `0.5/s`, `5 min 01 s`.
pub fn value(text: &str) -> Value {
    let share = ["percentage points", "percentage point", "%"];
    if let Some(part) = share.iter().find_map(|unit| text.strip_suffix(unit)) {
        let number = number(part.trim());
        return Value { number: number / 100.0, slack: of_digits(number) / 100.0 };
    }
    if let Some(rate) = text.strip_suffix("/s") {
        return Value { number: number(rate), slack: of_digits(number(rate)) };
    }
    let words: Vec<&str> = text.split(' ').collect();
    if words.len() == 1 {
        return Value { number: number(text), slack: of_digits(number(text)) };
    }
    let mut total = 0.0;
    let mut slack = 0.0;
    for pair in words.chunks(2) {
        let [count, unit] = pair else { panic!("no time: {text}") };
        let length = match *unit {
            "ms" => 1e-3,
            "s" => 1.0,
            "min" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => panic!("no unit: {text}"),
        };
        total += number(count) * length;
        slack = of_digits(number(count)) * length;
    }
    // From a minute on there are whole seconds, from an hour on whole minutes.
    let rounded = if total >= 3_570.0 { 30.0 } else { 0.5 };
    Value { number: total, slack: if total >= 59.0 { rounded } else { slack } }
}

/// What a strategy is said to do, by metric: the words before and after the value.
const PHRASES: [(&str, &str, &str); 13] = [
    ("calls_per_success", "needs ", " calls per success"),
    ("calls_per_success", "needs ", " call per success"),
    ("completion", "has done all jobs after ", ""),
    ("last_end", "finishes after ", ""),
    ("loss_rate", "loses ", " of its jobs"),
    ("skipped_rate", "skips ", " of its requests"),
    ("job_latency.p95", "completes 95 % of its jobs within ", ""),
    ("job_latency.p50", "completes 50 % of its jobs within ", ""),
    ("job_latency.max", "completes its slowest job within ", ""),
    ("job_latency.mean", "takes ", " for a job on average"),
    ("age.p95", "has data at most ", " old for 95 % of the time"),
    ("throttle_rate", "has a throttle rate of ", ""),
    ("goodput", "has a goodput of ", ""),
];

/// The metric and the value of `needs 1 call per success`.
pub fn phrase(text: &str) -> (&'static str, Value) {
    let read = |(metric, before, after): &(&'static str, &str, &str)| {
        Some((*metric, text.strip_prefix(before)?.strip_suffix(after)?.to_string()))
    };
    let found = PHRASES.iter().find_map(read).unwrap_or_else(|| panic!("no phrase: {text}"));
    assert_eq!(text.contains(" call per"), found.0 == "calls_per_success" && found.1 == "1");
    (found.0, value(&found.1))
}

/// The name in quotation marks at the beginning, and the rest.
pub fn name(text: &str) -> (&str, &str) {
    let rest = text.strip_prefix('“').unwrap_or_else(|| panic!("no name: {text}"));
    rest.split_once('”').unwrap_or_else(|| panic!("no name: {text}"))
}

#[test]
fn values_are_read_as_they_are_written() {
    let cases = [("38.9", 38.9), ("1,234", 1234.0), ("12.3 %", 0.123), ("5 min 01 s", 301.0)];
    for (text, number) in cases {
        assert!((value(text).number - number).abs() < 1e-9, "{text}");
    }
    assert!(value("1 h 05 min").is(3_910.0) && !value("1 h 05 min").is(3_950.0));
    assert!(value("500 ms").is(0.5012) && !value("500 ms").is(0.51));
}
