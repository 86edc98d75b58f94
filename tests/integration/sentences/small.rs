//! Small scenarios, drawn at random: one to four clients against a bucket.

use proptest::prelude::*;

/// A small scenario's text, without the limit's burst.
#[derive(Debug, Clone)]
pub struct Small {
    pub seed: u32,
    pub replications: u32,
    pub arrivals: &'static str,
    pub clients: Vec<&'static str>,
    pub expected: Vec<(&'static str, Option<usize>)>,
    pub ranking: &'static str,
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

impl Small {
    /// Its text, with a limit of this burst.
    pub fn text(&self, burst: u32) -> String {
        let mut text = format!(
            "schema = 1\nquestion = \"?\"\nduration = \"8s\"\ndrain = \"12s\"\nseed = {}\n\
             replications = {}\n{}\n[limit.l]\nscope = []\n\
             rule.token_bucket = {{ rate = \"2/s\", burst = {burst} }}\n[service]\n\
             latency.exponential = \"200ms\"\nfailure_rate = 0.02\n[workload.w]\n\
             arrivals.{}\ncall = \"x\"\n",
            self.seed, self.replications, self.ranking, self.arrivals
        );
        for (name, client) in NAMES.iter().zip(&self.clients) {
            text += &format!("[strategy.{name}]\n{client}\n");
        }
        for (that, of) in &self.expected {
            text += &format!("[[expect]]\nthat = \"{that}\"\n");
            if let Some(of) = of {
                text += &format!("strategy = \"{}\"\n", NAMES[of % self.clients.len()]);
            }
        }
        text
    }
}

/// Any of them: single runs above all.
pub fn any_small() -> impl Strategy<Value = Small> {
    let arrivals = prop::sample::select(vec![
        "backlog = 1",
        "backlog = 9",
        "backlog = 25",
        "poisson = \"1.5/s\"",
        "rate = \"2/s\"",
        "every = { period = \"2s\" }",
        "burst = [{ at = \"1s\", count = 4 }, { at = \"3s\", count = 9 }]",
    ]);
    let client = prop::sample::select(vec![
        "",
        "retry = { attempts = 3, backoff = \"none\" }",
        "retry = { attempts = 40, backoff.fixed = \"100ms\" }",
        "retry = { attempts = \"unlimited\", backoff.fixed = \"900ms\" }",
        "pace.rate = \"99.5%\"\nretry = { attempts = 5, backoff.fixed = \"1s\" }",
        "pace.rate = \"50%\"",
        "workers = 1\nhold_worker = true\nretry = { attempts = 30, backoff.fixed = \"250ms\" }",
    ]);
    let expected = prop::sample::select(vec![
        "throttle_rate < 30%",
        "throttle_rate == 0%",
        "job_latency.p95 < 4s",
        "jobs.lost == 0",
        "completion <= 9s",
        "calls_per_success < 1.5",
        "goodput > 1/s",
    ]);
    let ranking = prop::sample::select(vec![
        "",
        "",
        "goal = \"throttle_rate\"",
        "goal = \"job_latency.p50\"\nworth = \"100ms\"",
        "goal = [\"goodput\", \"completion\"]\nworth = \"10%\"",
        "goal = [\"job_latency.max\", \"job_latency.mean\"]\nnegligible_loss = \"20%\"",
        "goal = [\"calls_per_success\", \"loss_rate\"]\nworth = \"0%\"",
    ]);
    let replications = prop_oneof![3 => Just(1u32), 2 => 2u32..=5];
    let clients = prop::collection::vec(client, 1..=4);
    let expected = prop::collection::vec((expected, prop::option::weighted(0.3, 0usize..4)), 0..=3);
    (any::<u32>(), replications, arrivals, clients, expected, ranking).prop_map(
        |(seed, replications, arrivals, clients, expected, ranking)| Small {
            seed,
            replications,
            arrivals,
            clients,
            expected,
            ranking,
        },
    )
}
