//! How logs are written: formats by name, what the ending of a file's name says, and the columns
//! that a format has.

use serde::Deserialize;

/// The format of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated values; the first line names the columns.
    Csv,
    /// JSON Lines, an object on each line.
    Jsonl,
    /// The access log of Apache and nginx.
    Combined,
    /// The W3C extended format of IIS and CloudFront, whose `#Fields:` lines name the columns.
    W3c,
    /// The access log of an AWS Application Load Balancer.
    Alb,
    /// Envoy's access log in its default format.
    Envoy,
    /// Traefik's access log in its default format.
    Traefik,
    /// An HTTP archive, as browsers and proxies save it.
    Har,
    /// The CSV file that k6 writes (`--out csv`).
    K6,
    /// The CSV file that JMeter writes, with its header.
    Jmeter,
}

/// The columns that are read of a format unless others are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usual {
    /// The time.
    pub time: &'static str,
    /// The account, where there is such a column.
    pub account: Option<&'static str>,
    /// The parts of the call.
    pub call: &'static [&'static str],
    /// The status.
    pub status: &'static str,
    /// Columns and the values that they have in rows that count.
    pub only: &'static [(&'static str, &'static str)],
}

/// The columns of an access log.
const ACCESS: &[&str] =
    &["host", "ident", "user", "time", "request", "status", "bytes", "referer", "user_agent"];

/// Source: Traefik 3, "Access Logs", `common` format.
const TRAEFIK: &[&str] = &[
    "host",
    "ident",
    "user",
    "time",
    "request",
    "status",
    "bytes",
    "referer",
    "user_agent",
    "requests",
    "router",
    "server",
    "duration",
];

/// Source: AWS, "Access logs for your Application Load Balancer", access log entries.
const ALB: &[&str] = &[
    "type",
    "time",
    "elb",
    "client:port",
    "target:port",
    "request_processing_time",
    "target_processing_time",
    "response_processing_time",
    "elb_status_code",
    "target_status_code",
    "received_bytes",
    "sent_bytes",
    "request",
    "user_agent",
    "ssl_cipher",
    "ssl_protocol",
    "target_group_arn",
    "trace_id",
    "domain_name",
    "chosen_cert_arn",
    "matched_rule_priority",
    "request_creation_time",
    "actions_executed",
    "redirect_url",
    "error_reason",
    "target:port_list",
    "target_status_code_list",
    "classification",
    "classification_reason",
    "conn_trace_id",
];

/// Source: Envoy, "Access logging", default format string.
const ENVOY: &[&str] = &[
    "start_time",
    "request",
    "response_code",
    "response_flags",
    "bytes_received",
    "bytes_sent",
    "duration",
    "upstream_service_time",
    "x_forwarded_for",
    "user_agent",
    "x_request_id",
    "authority",
    "upstream_host",
];

impl Format {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Csv,
        Self::Jsonl,
        Self::Combined,
        Self::W3c,
        Self::Alb,
        Self::Envoy,
        Self::Traefik,
        Self::Har,
        Self::K6,
        Self::Jmeter,
    ];

    /// The format that the ending of a file's name stands for; `.gz` after it changes nothing.
    #[must_use]
    pub fn of(file: &str) -> Option<Self> {
        let name = file.to_ascii_lowercase();
        let ending = name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?.1;
        match ending {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "log" => Some(Self::Combined),
            "har" => Some(Self::Har),
            _ => None,
        }
    }

    /// Its name in a scenario.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Combined => "combined",
            Self::W3c => "w3c",
            Self::Alb => "alb",
            Self::Envoy => "envoy",
            Self::Traefik => "traefik",
            Self::Har => "har",
            Self::K6 => "k6",
            Self::Jmeter => "jmeter",
        }
    }

    /// What is read of it unless other columns are named.
    #[must_use]
    pub const fn usual(self) -> Usual {
        let usual =
            Usual { time: "time", account: None, call: &["request"], status: "status", only: &[] };
        match self {
            Self::Csv | Self::Jsonl => Usual { account: Some("account"), call: &["call"], ..usual },
            Self::Combined | Self::Traefik => usual,
            Self::W3c => {
                Usual { call: &["cs-method", "cs-uri-stem"], status: "sc-status", ..usual }
            }
            // The time of the request; `time` is that of the answer.
            Self::Alb => {
                Usual { time: "request_creation_time", status: "elb_status_code", ..usual }
            }
            Self::Envoy => Usual { time: "start_time", status: "response_code", ..usual },
            Self::Har => Usual {
                time: "startedDateTime",
                call: &["request.method", "request.url"],
                status: "response.status",
                ..usual
            },
            Self::K6 => Usual {
                time: "timestamp",
                call: &["method", "name"],
                only: &[("metric_name", "http_reqs")],
                ..usual
            },
            Self::Jmeter => {
                Usual { time: "timeStamp", call: &["label"], status: "responseCode", ..usual }
            }
        }
    }

    /// The columns of all files of this format; `None` if a file names them itself.
    pub(super) const fn columns(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Combined => Some(ACCESS),
            Self::Traefik => Some(TRAEFIK),
            Self::Alb => Some(ALB),
            Self::Envoy => Some(ENVOY),
            _ => None,
        }
    }

    /// True of a table with a separator, the first line naming the columns.
    #[must_use]
    pub const fn is_table(self) -> bool {
        matches!(self, Self::Csv | Self::K6 | Self::Jmeter)
    }

    /// True if rows are objects of JSON, each with keys of its own.
    #[must_use]
    pub const fn is_json(self) -> bool {
        matches!(self, Self::Jsonl | Self::Har)
    }

    /// True of Apache's and nginx's access log and of those that are like it.
    #[must_use]
    pub const fn is_access_log(self) -> bool {
        matches!(self, Self::Combined | Self::Traefik)
    }
}
