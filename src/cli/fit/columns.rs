//! Which columns, or keys, of a log count.

use super::super::Fault;
use super::fault;
use crate::catalog::Glob;
use crate::recorded::{self, Columns};
use crate::report::words;
use crate::scenario::nearest;
use clap::Args;

/// The columns or keys that count.
#[derive(Debug, Args)]
pub(super) struct Names {
    /// Column of the time sent [default: time, at_s, sent or timestamp]
    #[arg(long, value_name = "COLUMN")]
    time: Option<String>,
    /// Column of the answer's time [default: received, if there is one]
    #[arg(long, value_name = "COLUMN")]
    received: Option<String>,
    /// Column of the account [default: account; of an access log none, or host or user]
    #[arg(long, value_name = "COLUMN")]
    account: Option<String>,
    /// Column of the application [default: application, or strategy in a file of `run --events`]
    #[arg(long, value_name = "COLUMN")]
    application: Option<String>,
    /// Column of the region [default: region]
    #[arg(long, value_name = "COLUMN")]
    region: Option<String>,
    /// Column of the call [default: call]
    #[arg(long, value_name = "COLUMN")]
    call: Option<String>,
    /// Column of the status [default: status]
    #[arg(long, value_name = "COLUMN")]
    status: Option<String>,
    /// Column of what a call costs, in whole units: the limit counts these instead of calls
    #[arg(long, value_name = "COLUMN")]
    pub(super) cost: Option<String>,
    /// The name of these units, such as points [default: units, or that of --against]
    #[arg(long, value_name = "NAME", requires = "cost")]
    pub(super) unit: Option<String>,
    /// Column of the header Retry-After [default: retry_after or retry_after_s]
    #[arg(long, value_name = "COLUMN")]
    retry_after: Option<String>,
    /// Column of a header with the rate [default: rate_header or x-amzn-ratelimit-limit]
    #[arg(long, value_name = "COLUMN")]
    rate: Option<String>,
    /// Column of a header with the calls left [default: remaining or x-ratelimit-remaining]
    #[arg(long, value_name = "COLUMN")]
    remaining: Option<String>,
    /// Column of a header with the time of the reset [default: reset or x-ratelimit-reset]
    #[arg(long, value_name = "COLUMN")]
    reset: Option<String>,
}

impl Names {
    /// The columns that are named, or are there by their usual name.
    pub(super) fn columns(
        &self,
        format: recorded::Format,
        known: &[String],
        file: &str,
    ) -> Result<Columns, Fault> {
        let is_there = |name: &str| known.iter().any(|column| column == name);
        let column = |option: &str, named: &Option<String>, usual: &[&str]| match named {
            Some(name) if is_there(name) => Ok(Some(name.clone())),
            Some(name) => {
                let help = match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean --{option} {near}?"),
                    None => format!("there is {}", words::list(known)),
                };
                fault(&format!("{file} has no column {name}"), &help)
            }
            None => Ok(usual.iter().find_map(|name| {
                let exact = known.iter().find(|column| column == name);
                exact
                    .or_else(|| known.iter().find(|column| column.eq_ignore_ascii_case(name)))
                    .cloned()
            })),
        };
        let usual_names = format.usual();
        let events = !is_there("time") && is_there("at_s");
        let time =
            column("time", &self.time, &[usual_names.time, "time", "at_s", "sent", "timestamp"])?;
        let Some(time) = time else {
            if known.is_empty() {
                return fault(&format!("{file} has no rows"), "write the file of a log with calls");
            }
            let help = format!("name it: --time COLUMN; there is {}", words::list(known));
            return fault(&format!("{file} has no column time"), &help);
        };
        let usual: &[&str] = if events { &["strategy"] } else { &["application"] };
        let call = match &self.call {
            Some(_) => column("call", &self.call, &[])?.into_iter().collect(),
            None if usual_names.call.iter().all(|part| is_there(part)) => {
                usual_names.call.iter().map(ToString::to_string).collect()
            }
            None => Vec::new(),
        };
        let only = usual_names.only.iter().filter(|(name, _)| is_there(name));
        let status = column("status", &self.status, &[usual_names.status, "status"])?;
        if status.is_none() {
            let help = "name the column of the status: --status COLUMN";
            return fault(&format!("{file} does not say which calls were refused"), help);
        }
        Ok(Columns {
            time,
            account: column("account", &self.account, &["account"])?,
            call,
            status,
            only: only.map(|(name, value)| ((*name).into(), Glob::new(value))).collect(),
            beside: [
                column("received", &self.received, &["received"])?,
                column("application", &self.application, usual)?,
                column("region", &self.region, &["region"])?,
                column("cost", &self.cost, &[])?,
                column("retry-after", &self.retry_after, &["retry_after", "retry_after_s"])?,
                column("rate", &self.rate, &["rate_header", "x-amzn-ratelimit-limit"])?,
                column("remaining", &self.remaining, &["remaining", "x-ratelimit-remaining"])?,
                column("reset", &self.reset, &["reset", "x-ratelimit-reset"])?,
            ],
        })
    }
}
