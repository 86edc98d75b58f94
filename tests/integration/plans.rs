//! Plans that a provider sells: one for all accounts, or shares of several over them.

use std::path::Path;
use throttlesim::report::explanation::explain;
use throttlesim::scenario::{Problems, Scenario};
use throttlesim::simulation::observe;
use throttlesim::units::Share;
use throttlesim::wire::Status;

/// Each of ten shops makes 100 calls at once; `provider` says more of Shopify's REST API.
fn read(provider: &str) -> Result<Scenario, String> {
    let text = format!(
        "schema = 1\nquestion = \"?\"\nduration = \"1m\"\n[clients]\naccounts = 10\n\
         [provider.shop]\ncatalog = \"shopify-rest\"\n{provider}\n[workload.w]\n\
         arrivals.backlog = 100\ncall = \"GET /orders\"\n[strategy.once]\n"
    );
    let told = |list| Problems::new("plan.toml", &text, list).to_string();
    Scenario::read("plan", &text, Path::new("")).map_err(told)
}

/// How many calls of each shop were admitted.
fn admitted(provider: &str) -> [u32; 10] {
    let scenario = read(provider).unwrap_or_else(|told| panic!("{told}"));
    let mut shops = [0; 10];
    let mut attempts = Vec::new();
    observe(&scenario.plan, 0, 0, &mut attempts);
    for attempt in attempts.iter().filter(|of| of.status.is_some_and(Status::is_success)) {
        shops[attempt.caller.account as usize] += 1;
    }
    shops
}

/// Buckets hold 40 calls on Standard, 80 on Advanced and 400 on Plus.
#[test]
fn a_plan_holds_for_all_shops_or_for_a_share_of_them() {
    assert_eq!(admitted(""), [40; 10]);
    assert_eq!(admitted("plan = \"standard\""), [40; 10]);
    assert_eq!(admitted("plan = \"advanced\""), [80; 10]);
    assert_eq!(admitted("plan = \"plus\""), [100; 10]);
    let shares = "plan = { standard = 0.8, advanced = \"20%\" }";
    assert_eq!(admitted(shares), [40, 40, 80, 40, 40, 40, 40, 80, 40, 40]);
    let others = "plan = { advanced = 0.5, standard = 0.5 }";
    assert_eq!(admitted(others), [80, 40, 80, 40, 80, 40, 80, 40, 80, 40]);
}

/// Eight shops of 2/s and two of 4/s may send 24/s; what lowers limits lowers those of both plans.
#[test]
fn figures_of_a_limit_are_those_of_all_its_plans() {
    let mut plan = read("plan = { standard = 0.8, advanced = 0.2 }").expect("a scenario").plan;
    let population = plan.population;
    let limit = &mut plan.limits[0];
    assert_eq!(limit.published_in_all(population), Some(24.0));
    let half = Share::from_fraction(0.5);
    for limiter in limit.limiters_mut() {
        let terms = limiter.terms().and_then(|terms| terms.times(half)).expect("a rate");
        *limiter = limiter.clone().allowing(terms);
    }
    assert_eq!(limit.published_in_all(population), Some(12.0));
}

#[test]
fn a_plan_that_nobody_chose_and_one_that_pacing_follows_are_assumed() {
    let assumed = |provider: &str| read(provider).expect("a scenario").assumptions.join("; ");
    assert!(assumed("").contains("Shopify REST: plan standard, as none is chosen"));
    assert!(!assumed("plan = \"plus\"").contains("none is chosen"));
    let shares = assumed("plan = { standard = 0.8, advanced = 0.2 }");
    let follow = "clients that follow published figures follow those of plan standard";
    assert!(shares.contains(follow), "{shares}");
}

#[test]
fn accounts_of_each_plan_are_explained() {
    let text = |provider: &str| explain(&read(provider).expect("a scenario"));
    let few = text("plan = { standard = 0.9, plus = 0.1 }");
    assert!(few.contains("9 accounts: 2/s, burst 40"), "{few}");
    assert!(few.contains("for account 6: 20/s, burst 400"), "{few}");
    let half = text("plan = { advanced = 0.2, standard = 0.8 }");
    assert!(half.contains("for accounts 3 and 8: 4/s, burst 80"), "{half}");
    assert!(!text("plan = \"plus\"").contains("for account"));
}

/// Amazon publishes no limits of the Creators API: three readings, one of which asks for figures.
#[test]
fn the_creators_api_is_read_in_three_ways() {
    let read = |provider: &str| {
        let text = format!(
            "schema = 1\nquestion = \"?\"\nstart = 2026-11-27\nduration = \"1m\"\n\
             [provider.a]\ncatalog = \"creators-api\"\n{provider}\n[workload.w]\n\
             arrivals.backlog = 30\ncall = \"GetItems\"\n[strategy.once]\n"
        );
        let told = |list| Problems::new("creators.toml", &text, list).to_string();
        let scenario = Scenario::read("creators", &text, Path::new("")).map_err(told)?;
        let (_, attempts) = observe(&scenario.plan, 0, 0, Vec::new());
        let served = attempts.iter().filter(|of| of.status.is_some_and(Status::is_success));
        Ok::<_, String>((served.count(), scenario.assumptions.join("; ")))
    };
    let (served, assumed) = read("readings.limits = \"no-daily-limit\"").expect("a reading");
    assert_eq!(served, 1);
    assert!(assumed.contains("no limit a day: figures are published nowhere"), "{assumed}");
    let own = "readings.limits = \"own-figures\"\n\
        operation.GetItems = { rate = \"5/s\", burst = 20 }";
    assert_eq!(read(own).expect("figures").0, 20);
    let told = read("readings.limits = \"own-figures\"").expect_err("no figures");
    assert!(told.contains("creators.toml:") && told.contains("GetItems"), "{told}");
    let carried = read("revenue.shipped.constant = \"14.40 USD\"").expect("the default");
    assert!(carried.1.contains("those of PA-API 5, carried over"), "{}", carried.1);
}

#[test]
fn what_is_wrong_with_a_plan_stands_at_its_place() {
    for (provider, message, help) in [
        ("plan = \"pls\"", "Shopify REST has no plan `pls`", "did you mean `plus`?"),
        (
            "plan = { standard = 0.5, advancd = 0.5 }",
            "Shopify REST has no plan `advancd`",
            "did you mean `advanced`?",
        ),
        (
            "plan = { standard = 0.5, plus = 0.1 }",
            "the shares of the plans make 0.6000, not 1",
            "write shares of 1 in all",
        ),
        ("plan = { standard = 1.0, plus = 0.0 }", "no account has the plan `plus`", "leave it out"),
        (
            "plan = { standard = 0.99, plus = 0.01 }",
            "none of 10 accounts has the plan `plus`",
            "raise its share",
        ),
        (
            "plan = { standard = 0.5, plus = 0.5 }\n\
             dynamic.\"GET /**\".schedule = [{ at = \"10s\", factor = 0.5 }]",
            "the figures of `calls` change, and differ by plan",
            "choose one plan",
        ),
    ] {
        let told = read(provider).err().unwrap_or_default();
        assert!(told.contains(message) && told.contains(help), "{provider}: {told}");
        assert!(told.contains("plan.toml:8:"), "{told}");
    }
}

/// A plan changes one limit only; limits of all accounts cannot differ from account to account.
#[test]
fn shares_of_a_limit_that_all_accounts_have_together_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let catalogue = "name = \"Own\"\nsource = \"its page\"\nretrieved = 2026-11-29\n\
        open_operations = true\n[limit.all]\nscope = [\"application\"]\n\
        rule.fixed_window = { limit = 60, window = \"1m\" }\n[plan.small]\n[plan.large]\n\
        limit.all.rule.fixed_window.limit = 600\n[plan.other]\n\
        limit.all.rule.sliding_window = { limit = 60, window = \"1m\" }\n";
    std::fs::write(folder.path().join("own.toml"), catalogue).expect("a catalogue");
    let read = |plan: &str| {
        let text = format!(
            "schema = 1\nquestion = \"?\"\nstart = 2026-11-27\nduration = \"1m\"\n[clients]\n\
             accounts = 4\n[provider.own]\ncatalog = \"./own.toml\"\nplan = {plan}\n[workload.w]\n\
             arrivals.backlog = 1\ncall = \"x\"\n[strategy.once]\n"
        );
        let told = |list| Problems::new("plan.toml", &text, list).to_string();
        Scenario::read("plan", &text, folder.path()).map_err(told).err().unwrap_or_default()
    };
    assert_eq!(read("\"large\""), "");
    let told = read("{ small = 0.5, large = 0.5 }");
    assert!(told.contains("`all` is one limit for all accounts"), "{told}");
    let told = read("{ small = 0.5, other = 0.5 }");
    assert!(told.contains("plan `other` has another kind of limit `all`"), "{told}");
}

/// Every catalogue prints its limits by plan, with source, day and guesses.
#[test]
fn catalogues_print_their_plans_sources_and_guesses() {
    let print = |name: &str| {
        let mut run = assert_cmd::Command::cargo_bin("throttlesim").expect("the program");
        let output = run.args(["catalog", name]).output().expect("it runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    for (name, parts) in [
        ("shopify", &["plan enterprise", "rate 2000/s", "200 THROTTLED", "level", "assumed: "][..]),
        ("shopify-rest", &["deprecated: migrate to", "burst 400", "429, Retry-After"]),
        ("walmart", &["second-hand", "1/36s", "remaining, next", "assumed: "]),
        ("ebay", &["limit 5000", "America/Los_Angeles"]),
        ("etsy", &["limit 10000", "limit 10, window 1s"]),
        ("stripe", &["rate_limit", "rate 25/s", "limit 1000, window 1h"]),
        ("bigcommerce", &["window (plan pro)", "limit 450", "remaining, reset"]),
        ("google-merchant", &["quota/daily_limit_exceeded", "quotas.list", "assumed: "]),
        ("creators-api", &["reading `limits`", "no-daily-limit", "published nowhere"]),
    ] {
        let text = print(name);
        assert!(text.contains("retrieved 2026-11-28") && text.contains("http"), "{text}");
        for part in parts {
            assert!(text.contains(part), "{name}, {part}: {text}");
        }
    }
}
