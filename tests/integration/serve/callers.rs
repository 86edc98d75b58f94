//! Who calls: tokens, keys, and what a user names.

use super::{Test, json};
use std::path::Path;
use throttlesim::scenario::Scenario;
use throttlesim::units::Span;

fn token(test: &Test, client: &str, account: &str) -> String {
    let body = format!("grant_type=refresh_token&client_id={client}&refresh_token={account}");
    let answer = test.ask("POST /auth/o2/token", &[], &body);
    json(&answer)["access_token"].as_str().expect("a token").into()
}

fn burst(test: &Test, token: &str, path: &str) -> usize {
    let ask = || test.ask(&format!("GET {path}"), &[("x-amz-access-token", token)], "");
    (0..100).take_while(|_| ask().status() == 200).count()
}

#[test]
fn each_pair_of_application_and_account_has_buckets_of_its_own_in_each_region() {
    let test = Test::catalogue("sp-api");
    let first = token(&test, "app", "seller1");
    let second = token(&test, "app", "seller2");
    let other = token(&test, "other-app", "seller1");
    for token in [&first, &second, &other] {
        assert_eq!(burst(&test, token, "/orders/v0/orders"), 20);
    }
    assert_eq!(burst(&test, &first, "/eu/orders/v0/orders"), 20);
    assert_eq!(burst(&test, &first, "/orders/v0/orders"), 0);
    assert_eq!(burst(&test, &first, "/sandbox/orders/v0/orders"), 15);
    assert_eq!(test.said(), Vec::<String>::new());
}

#[test]
fn a_host_tells_region_and_environment() {
    let test = Test::catalogue("sp-api");
    let ask = |host: &str| {
        let headers = [("host", host), ("x-amz-access-token", "a")];
        let ask = || test.ask("GET /orders/v0/orders", &headers, "");
        (0..100).take_while(|_| ask().status() == 200).count()
    };
    assert_eq!(ask("sellingpartnerapi-fe.amazon.com"), 20);
    assert_eq!(ask("sandbox.sellingpartnerapi-fe.amazon.com"), 15);
    // A client that cuts its host in half is in the first region.
    assert_eq!(ask("0.0.1:8080"), 20);
    assert_eq!(ask("sellingpartnerapi-na.amazon.com"), 0);
}

#[test]
fn an_old_token_is_told_so() {
    let test = Test::catalogue("sp-api");
    let token = token(&test, "app", "seller");
    test.pass(Span::from_secs(3600));
    let answer = test.ask("GET /orders/v0/orders", &[("x-amz-access-token", &token)], "");
    assert_eq!(answer.status(), 403);
    let error = &json(&answer)["errors"][0];
    assert_eq!(error["code"], "Unauthorized");
    assert_eq!(error["details"], "The access token you provided has expired.");
}

#[test]
fn callers_who_say_nothing_share_an_account_and_it_is_said_once() {
    let test = Test::catalogue("sp-api");
    let ask = || test.get("/orders/v0/orders").status() == 200;
    assert_eq!((0..100).take_while(|_| ask()).count(), 20);
    assert_eq!(burst(&test, "somebody", "/orders/v0/orders"), 20);
    assert_eq!(test.said().len(), 1);
}

#[test]
fn more_accounts_than_the_scenario_has_are_told_so() {
    let text = "schema = 1\nquestion = \"?\"\n[clients]\naccounts = 2\n[provider.amazon]\n\
                catalog = \"sp-api\"\n[workload.w]\narrivals.backlog = 1\n\
                call = \"orders/v0/getOrders\"\n[strategy.s]\n";
    let test = Test::scenario(text);
    assert_eq!(burst(&test, "one", "/orders/v0/orders"), 20);
    assert_eq!(burst(&test, "two", "/catalog/2022-04-01/items"), 2, "no workload calls it");
    let answer = test.ask("GET /orders/v0/orders", &[("x-amz-access-token", "three")], "");
    assert_eq!(answer.status(), 503);
    let message = json(&answer)["message"].as_str().expect("a text").to_string();
    assert!(message.contains("2 accounts") && message.contains("clients.accounts"), "{message}");
    assert_eq!(test.said().len(), 1);
    // A sandbox that the scenario does not have.
    test.ask("GET /sandbox/orders/v0/orders", &[("x-amz-access-token", "one")], "");
    assert!(test.said().iter().any(|line| line.contains("sandbox")));
}

#[test]
fn a_user_names_where_accounts_are() {
    let text = "schema = 1\nquestion = \"?\"\n[clients]\naccounts = 3\n[limit.rate]\n\
                scope = [\"account\"]\nrule.token_bucket = { rate = \"1/s\", burst = 2 }\n\
                [workload.w]\narrivals.backlog = 1\ncall = \"GET /stores/{id}/orders\"\n\
                [strategy.s]\n";
    let test = Test::scenario(&format!("{text}[serve]\naccount = \"path:2\"\n"));
    let burst = |path: &str| (0..9).take_while(|_| test.get(path).status() == 200).count();
    assert_eq!(["/stores/1/orders", "/stores/2/orders", "/stores/1/orders"].map(burst), [2, 2, 0]);
    let test = Test::scenario(text);
    let burst = |path: &str| (0..9).take_while(|_| test.get(path).status() == 200).count();
    assert_eq!(["/stores/1/orders", "/stores/2/orders"].map(burst), [2, 0], "all share one");
    let wrong = format!("{text}[serve]\naccount = \"path:0\"\napplication = \"cookie:a\"\n");
    let problems = Scenario::read("wrong", &wrong, Path::new("")).expect_err("both are wrong");
    let said: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        said,
        ["path:0", "cookie:a"].map(|text| format!("\"{text}\" is not a part of a request"))
    );
}

#[test]
fn credentials_of_the_creators_api_get_tokens_and_their_own_quota() {
    let test = Test::catalogue("creators-api");
    let ask = |client: &str| {
        let body = format!("{{\"grant_type\":\"client_credentials\",\"client_id\":\"{client}\"}}");
        let json_body = [("content-type", "application/json")];
        let minted = json(&test.ask("POST /oauth2/token", &json_body, &body));
        let token = format!("Bearer {}", minted["access_token"].as_str().expect("a token"));
        let headers = [("authorization", token.as_str()), ("x-marketplace", "www.amazon.com")];
        test.ask("POST /catalog/v1/getItems", &headers, "{}")
    };
    assert_eq!(ask("a").status(), 200);
    let refused = ask("a");
    assert_eq!(
        (refused.status().as_u16(), &json(&refused)["type"]),
        (429, &"ThrottleException".into())
    );
    assert_eq!(ask("b").status(), 200);
}
