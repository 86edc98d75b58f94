//! Answers in the form of each provider, and where paths lead.

use super::{Test, at, header, json};
use http::Method;
use throttlesim::catalog::BUILT_IN;
use throttlesim::serve::Wait;
use throttlesim::units::Span;

#[test]
fn every_catalogue_can_be_served() {
    for (name, _) in BUILT_IN {
        let test = Test::catalogue(name);
        assert_eq!(test.get("/_throttlesim/state").status(), 200, "{name}");
        let assumed = test.stand.assumptions();
        assert!(!assumed.is_empty(), "{name}");
        let lost = assumed.iter().find(|line| line.starts_with("no path is known"));
        // No source that was found has a path of it.
        let known = (name == "amazon-pay").then_some("GetMerchantStatus");
        let lost = lost.and_then(|line| line.rsplit_once(": ")).map(|(_, operations)| operations);
        assert_eq!(lost, known, "{name}");
    }
}

/// Every path of the catalogue leads to its own operation, in the live environment.
#[test]
fn every_path_of_sp_api_leads_to_its_operation() {
    let test = Test::catalogue("sp-api");
    let provider = throttlesim::catalog::built_in("sp-api").expect("a catalogue");
    let mut many = 0;
    for listing in provider.operations() {
        let (Some(method), Some(path)) = (&listing.facts.method, &listing.facts.path) else {
            continue;
        };
        let filled = path.replace('{', "x").replace('}', "y");
        let answer = test.ask(&format!("{method} {filled}"), &[("x-amz-access-token", "a")], "");
        if answer.status() == 404 {
            continue;
        }
        many += 1;
        let log = test.log.text();
        let last = log.lines().last().expect("a line");
        assert!(last.contains(&format!("\"call\":\"{}\"", listing.operation)), "{path}: {last}");
    }
    assert!(many > 330, "{many} operations are served");
}

#[test]
fn sp_api_refuses_without_telling_when_to_come_back() {
    let test = Test::catalogue("sp-api");
    let ask = || test.ask("GET /orders/v0/orders", &[("x-amz-access-token", "a")], "");
    for _ in 0..20 {
        let admitted = ask();
        assert_eq!(admitted.status(), 200);
        assert_eq!(header(&admitted, "x-amzn-ratelimit-limit"), Some("0.0167"));
        assert_eq!(json(&admitted)["payload"]["Orders"], serde_json::json!([]));
    }
    let refused = ask();
    assert_eq!(refused.status(), 429);
    assert_eq!(header(&refused, "x-amzn-errortype"), Some("TooManyRequestsException"));
    assert_eq!(header(&refused, "x-amzn-ratelimit-limit"), None);
    assert_eq!(header(&refused, "retry-after"), None);
    assert!(header(&refused, "x-amzn-requestid").is_some_and(|id| id.len() == 36));
    assert!(header(&refused, "x-amz-apigw-id").is_some());
    let error = &json(&refused)["errors"][0];
    assert_eq!((&error["code"], &error["details"]), (&"QuotaExceeded".into(), &"".into()));
    test.pass(Span::MINUTE);
    assert_eq!(ask().status(), 200, "a token has come back");
    assert_eq!(ask().status(), 429);
}

#[test]
fn an_unknown_path_is_told_the_nearest() {
    let test = Test::catalogue("sp-api");
    let answer = test.get("/orders/v0/order");
    assert_eq!(answer.status(), 404);
    let nearest = json(&answer)["nearest"].clone();
    assert!(nearest.as_array().is_some_and(|all| all.contains(&"GET /orders/v0/orders".into())));
    let wrong = test.ask("DELETE /orders/v0/orders", &[], "");
    assert_eq!(wrong.status(), 404);
}

#[test]
fn amazon_pay_has_its_environments_by_path_and_by_key() {
    let test = Test::catalogue("amazon-pay");
    let key = |key: &str| format!("AMZN-PAY-RSASSA-PSS-V2 PublicKeyId={key}, Signature=x");
    let burst = |path: &str, header: &str| {
        let ask = || test.ask(&format!("POST {path}"), &[("authorization", header)], "{}");
        (0..60).take_while(|_| ask().status() == 201).count()
    };
    assert_eq!(burst("/live/v2/charges", &key("AAA")), 10);
    assert_eq!(burst("/sandbox/v2/charges", &key("AAA")), 2);
    assert_eq!(burst("/v2/charges", &key("LIVE-BBB")), 10);
    assert_eq!(burst("/v2/charges", &key("SANDBOX-BBB")), 2);
    assert_eq!(burst("/eu/sandbox/v2/checkoutSessions", &key("CCC")), 2, "5 in the US");
    let refused = test.ask("POST /v2/charges", &[("authorization", &key("LIVE-BBB"))], "{}");
    assert_eq!(json(&refused)["reasonCode"], "TooManyRequests");
    assert!(test.stand.assumptions().iter().any(|line| line.contains("reasonCode")));
}

#[test]
fn shopify_throttles_with_a_200_and_tells_its_bucket() {
    let text = "schema = 1\nquestion = \"?\"\n[provider.shop]\ncatalog = \"shopify\"\n\
                [workload.w]\narrivals.backlog = 1\ncall = \"POST /graphql\"\n\
                cost.points = 1000\n[strategy.s]\n";
    let test = Test::scenario(text);
    let path = "POST /admin/api/2026-01/graphql.json";
    let ask = || test.ask(path, &[("x-shopify-access-token", "a")], "{}");
    let status = |answer: &_| json(answer)["extensions"]["cost"]["throttleStatus"].clone();
    let first = ask();
    assert_eq!(status(&first)["currentlyAvailable"], 1000);
    ask();
    let refused = ask();
    assert_eq!(refused.status(), 200);
    assert_eq!(json(&refused)["errors"][0]["extensions"]["code"], "THROTTLED");
    assert_eq!(json(&refused)["extensions"]["cost"]["requestedQueryCost"], 1000);
    assert!(json(&refused)["extensions"]["cost"]["actualQueryCost"].is_null());
    assert_eq!(status(&refused)["maximumAvailable"], 2000);
    assert_eq!(status(&refused)["restoreRate"], 100.0);
    test.pass(Span::from_secs(10));
    assert_eq!(status(&ask())["currentlyAvailable"], 0);
}

#[test]
fn shopify_rest_and_ecomdash_tell_when_to_come_back() {
    let test = Test::catalogue("shopify-rest");
    let get = || {
        let token = [("x-shopify-access-token", "a")];
        test.ask("GET /admin/api/2026-01/orders.json", &token, "")
    };
    assert_eq!(header(&get(), "x-shopify-shop-api-call-limit"), Some("1/40"));
    let refused = (0..50).map(|_| get()).find(|answer| answer.status() == 429).expect("a refusal");
    assert_eq!(header(&refused, "x-shopify-shop-api-call-limit"), Some("40/40"));
    assert_eq!(header(&refused, "retry-after"), Some("1.0"));

    let test = Test::catalogue("ecomdash");
    let get = || test.ask("GET /Inventory/", &[("ocp-apim-subscription-key", "a")], "");
    test.pass(Span::from_secs(12));
    let refused = (0..130).map(|_| get()).find(|answer| answer.status() == 429).expect("a refusal");
    assert_eq!(header(&refused, "retry-after"), Some("48"));
    let message = json(&refused)["message"].clone();
    assert_eq!(message, "Rate limit is exceeded. Try again in 48 seconds.");
    let other = test.ask("GET /anything/at/all", &[("ocp-apim-subscription-key", "b")], "");
    assert_eq!(other.status(), 200, "the catalogue is open");
}

/// A refusal names the rate of the shop's plan.
#[test]
fn shopify_rest_refuses_in_the_words_of_the_shops_plan() {
    for (plan, most, calls) in [("standard", 40, 2), ("advanced", 80, 4), ("plus", 400, 20)] {
        let text = format!(
            "schema = 1\nquestion = \"?\"\n[provider.shop]\ncatalog = \"shopify-rest\"\n\
             plan = \"{plan}\"\n[workload.w]\narrivals.backlog = 1\n\
             call = \"GET /orders\"\n[strategy.s]\n"
        );
        let test = Test::scenario(&text);
        let get = || {
            let token = [("x-shopify-access-token", "a")];
            test.ask("GET /admin/api/2026-01/orders.json", &token, "")
        };
        let admitted = (0..500).take_while(|_| get().status() == 200).count();
        assert_eq!(admitted, most, "{plan}");
        let said = json(&get())["errors"].as_str().expect("a text").to_string();
        assert!(said.starts_with(&format!("Exceeded {calls} calls per second ")), "{plan}: {said}");
    }
}

const SLOW: &str = "schema = 1\nquestion = \"?\"\n[limit.at-once]\nscope = [\"account\"]\n\
    rule.concurrency = 2\ntells = { status = 429 }\n[service]\nlatency.constant = \"3s\"\n\
    round_trip = \"1s\"\noutages = [{ at = \"1m\", for = \"1m\" }]\n[workload.w]\n\
    arrivals.backlog = 1\ncall = \"GET /things/{id}\"\n[strategy.s]\n";

/// Two at once, each for 3 s, whenever their answers leave.
#[test]
fn an_answer_waits_for_its_service_time_and_holds_its_place_so_long() {
    let test = Test::scenario(SLOW);
    let ask = || {
        let request = http::Request::get("/things/7").header("x-account", "a");
        test.answer(request.body(bytes::Bytes::new()).expect("a request"))
    };
    let waits = |wait: &Wait| match wait {
        Wait::Until(instant, _) => Some(*instant),
        Wait::No => None,
    };
    assert_eq!(waits(&ask().1), Some(at(4)), "served in 3 s, and 1 s on the way");
    test.pass(Span::SECOND);
    assert_eq!(waits(&ask().1), Some(at(5)));
    let refused = ask();
    assert_eq!((refused.0.status().as_u16(), waits(&refused.1)), (429, Some(at(2))));
    test.pass(Span::from_secs(2));
    assert_eq!([ask().0.status(), ask().0.status()], [200, 429], "the first place is free");
    test.pass(Span::MINUTE);
    assert_eq!(ask().0.status(), 503, "nobody is there");
}

/// Google names the account in the path, whatever credential a call has.
#[test]
fn a_path_of_google_merchant_names_the_account() {
    let test = Test::catalogue("google-merchant");
    for account in [7, 8, 7] {
        let path = format!("POST /products/v1/accounts/{account}/productInputs:insert");
        let answer = test.ask(&path, &[("authorization", "Bearer one")], "{}");
        assert_eq!(answer.status(), 200);
    }
    let log = test.log.text();
    let accounts = ["1", "2", "1"].map(|number| format!("\"account\":{number},"));
    for (line, account) in log.lines().zip(accounts) {
        assert!(line.contains("\"call\":\"productInputs.insert\""), "{line}");
        assert!(line.contains(&account), "{line}");
    }
    assert_eq!(log.lines().count(), 3);
}

#[test]
fn a_head_is_a_get_without_a_body() {
    let test = Test::catalogue("bigcommerce");
    let answer = test.ask(&format!("{} /v3/catalog/products", Method::HEAD), &[], "");
    assert_eq!((answer.status().as_u16(), answer.body().len()), (200, 0));
    assert_eq!(header(&answer, "x-rate-limit-requests-left"), Some("149"));
    assert_eq!(header(&answer, "x-rate-limit-requests-quota"), Some("150"));
}
