//! The catalogues that ship with the program, held against what their sources print.
//!
//! The digest covers every operation of every catalogue with all its facts; it is golden, and
//! changes only together with a file in `data/`.

use super::{
    AppliedLimit, BUILT_IN, Earned, Listing, OperationDocument, Provider, Resolved,
    RevenueDocument, RuleDocument, Selection, Standing, built_in,
};
use crate::units::Rate;

fn provider(name: &str) -> Provider {
    built_in(name).expect(name)
}

fn resolved(name: &str, region: &str, environment: &str, readings: &[(&str, &str)]) -> Resolved {
    let region = Some(region).filter(|region| !region.is_empty());
    let environment = Some(environment);
    let selection = Selection { region, environment, readings, ..Selection::default() };
    provider(name).resolve(&selection).expect("a known selection")
}

/// Name, rate, burst and scope (as initials) of every limit that holds for an operation.
fn plans(from: &Resolved, operation: &str) -> Result<Vec<(String, Option<Rate>, u32)>, String> {
    let limits = from.limits(operation).map_err(|problem| {
        format!("{}; {}", problem.message, problem.help.expect("every error has a remedy"))
    })?;
    let plan = |applied: AppliedLimit<'_>| {
        let (rate, burst) = applied.figures.map_or((None, 0), |f| (Some(f.rate), f.burst));
        let scope = applied.scope;
        let initials = [
            (scope.application, 'p'),
            (scope.account, 'a'),
            (scope.region, 'r'),
            (scope.operation, 'o'),
            (scope.process, 'm'),
            (scope.key, 'k'),
        ];
        let initials: String = initials.iter().filter(|(has, _)| *has).map(|(_, c)| c).collect();
        (format!("{} {initials}", applied.name), rate, burst)
    };
    Ok(limits.into_iter().map(plan).collect())
}

fn rate(text: &str) -> Option<Rate> {
    Some(text.parse().expect(text))
}

#[test]
fn every_catalogue_passes_the_checks_of_a_users_own() {
    for (name, text) in BUILT_IN {
        assert_eq!(Provider::read(text).err(), None, "{name}");
        assert_eq!(built_in(name).expect(name), Provider::read(text).expect(name));
    }
    let problems = built_in("sp_api").expect_err("unknown");
    assert_eq!(problems[0].message, "no catalogue `sp_api`");
    assert_eq!(
        problems[0].help.as_deref(),
        Some("did you mean `sp-api`? Or give the path of a file of your own")
    );
}

#[test]
fn amazon_pay_has_the_figures_of_the_page() {
    let table = [
        ("CreateCharge", "us", "live", "1/4s", 10),
        ("CreateCharge", "us", "sandbox", "1/s", 2),
        ("CreateCheckoutSession", "us", "live", "1/16s", 40),
        ("CreateCheckoutSession", "us", "sandbox", "1/s", 5),
        ("CreateCheckoutSession", "eu", "sandbox", "1/s", 2),
        ("GetCheckoutSession", "jp", "live", "1/8s", 40),
        ("GetChargePermission", "us", "sandbox", "1/s", 10),
        ("GetChargePermission", "jp", "sandbox", "1/s", 5),
        ("UpdateChargePermission", "eu", "live", "1/2s", 10),
        ("GetMerchantStatus", "jp", "sandbox", "1/s", 1),
        ("GetAuthorizationToken", "eu", "live", "1/s", 5),
    ];
    for (operation, region, environment, every, burst) in table {
        let here = resolved("amazon-pay", region, environment, &[]);
        let plan = ("quota pao".to_string(), rate(every), burst);
        assert_eq!(plans(&here, operation), Ok(vec![plan]), "{operation} {region} {environment}");
    }
    let other = resolved("amazon-pay", "us", "live", &[("restore", "requests-per-second")]);
    let plan = ("quota pao".to_string(), rate("4/s"), 10);
    assert_eq!(plans(&other, "CreateCharge"), Ok(vec![plan]));
}

#[test]
fn sp_api_has_the_plans_of_the_models() {
    let live = resolved("sp-api", "eu", "live", &[]);
    let plan = |every: &str, burst| ("usage-plan paro".to_string(), rate(every), burst);
    for (operation, every, burst) in [
        ("orders/v0/getOrders", "1/60s", 20),
        ("orders/v0/getOrderItems", "0.5/s", 30),
        ("orders/2026-01-01/searchOrders", "1/180s", 20),
        ("feeds/2021-06-30/createFeed", "1/120s", 15),
        ("shipment-invoicing/v0/submitInvoice", "17/15s", 25),
        ("delivery-by-amazon/2022-07-01/submitInvoice", "1.133/s", 25),
        ("sellers/v1/getAccount", "0.016/s", 15),
        ("transfers/2024-06-01/initiatePayout", "0.017/s", 2),
        ("data-kiosk/2023-11-15/getQueries", "0.0222/s", 10),
        ("shipping/v2/linkCarrierAccount", "5/s", 10),
        ("shipping/v2/linkCarrierAccount:put", "80/s", 100),
        ("external-fulfillment-inventory/2024-09-11/batchInventory", "50/s", 100),
        // Raised on 2025-06-25, which the models do not print.
        ("fulfillment-inbound/2024-03-20/getShipment", "5/s", 6),
        ("fulfillment-inbound/2024-03-20/listShipmentBoxes", "5/s", 30),
        ("fulfillment-inbound/2024-03-20/listDeliveryWindowOptions", "5/s", 30),
        ("fulfillment-inbound/2024-03-20/listTransportationOptions", "5/s", 6),
        ("fulfillment-inbound/2024-03-20/getInboundOperationStatus", "5/s", 6),
        ("fulfillment-inbound/v0/getLabels", "5/s", 30),
    ] {
        assert_eq!(plans(&live, operation), Ok(vec![plan(every, burst)]), "{operation}");
    }
    let second = ("per-application pro".to_string(), rate("500/s"), 500);
    let both = vec![plan("2/s", 2), second];
    assert_eq!(plans(&live, "catalog-items/2022-04-01/searchCatalogItems"), Ok(both));
    let grantless = ("usage-plan pro".to_string(), rate("1/s"), 5);
    assert_eq!(plans(&live, "notifications/v1/createDestination"), Ok(vec![grantless]));
    let sandbox = resolved("sp-api", "", "sandbox", &[]);
    for operation in ["orders/v0/getOrders", "catalog-items/2022-04-01/searchCatalogItems"] {
        assert_eq!(plans(&sandbox, operation), Ok(vec![plan("5/s", 15)]));
    }
}

#[test]
fn an_unknown_operation_names_the_nearest() {
    let live = resolved("sp-api", "eu", "live", &[]);
    for (operation, near) in [
        ("orders/v0/getOrderItem", "did you mean `orders/v0/getOrderItems`?"),
        ("v0/getOrderItems", "did you mean `orders/v0/getOrderItems`?"),
        ("getOrderItems", "did you mean `orders/v0/getOrderItems`?"),
        ("getOrderItem", "did you mean `orders/v0/getOrderItems`?"),
        (
            "submitInvoice",
            "did you mean `delivery-by-amazon/2022-07-01/submitInvoice`, \
             `shipment-invoicing/v0/submitInvoice` or \
             `vendor-direct-fulfillment-payments/v1/submitInvoice`?",
        ),
        ("frobnicate", "`throttlesim catalog PROVIDER` lists the operations"),
    ] {
        let told = format!("SP-API has no operation `{operation}`; {near}");
        assert_eq!(plans(&live, operation), Err(told));
    }
}

#[test]
fn what_is_not_served_or_not_published_says_so_and_names_the_remedy() {
    let live = resolved("sp-api", "eu", "live", &[]);
    for operation in ["list", "create", "get", "confirm"] {
        let plural = if operation == "list" { "s" } else { "" };
        let operation = format!(
            "amazon-warehousing-and-distribution/2024-05-09/{operation}ReplenishmentOrder{plural}"
        );
        let told = format!(
            "SP-API publishes no rate for `{operation}`, which `usage-plan` needs; \
             supply rate and burst for it in the scenario"
        );
        assert_eq!(plans(&live, &operation), Err(told));
    }
    for operation in ["generateOrderScenarios", "getOrderScenarios"] {
        let operation =
            format!("vendor-direct-fulfillment-sandbox-test-data/2021-10-28/{operation}");
        let told = format!(
            "`{operation}` exists in the sandbox only: no rate is published elsewhere; \
             choose environment = \"sandbox\", or supply rate and burst for it in the scenario"
        );
        assert_eq!(plans(&live, &operation), Err(told));
    }
    let told = "`GetMerchantStatus` does not exist in region `eu`; it is published for us and jp";
    let eu = resolved("amazon-pay", "eu", "live", &[]);
    assert_eq!(plans(&eu, "GetMerchantStatus"), Err(told.into()));
    let told = "`GetAuthorizationToken` is not available in environment `sandbox`: its table says \
                N/A; leave the call out, or do not choose the environment `sandbox`";
    let jp = resolved("amazon-pay", "jp", "sandbox", &[]);
    assert_eq!(plans(&jp, "GetAuthorizationToken"), Err(told.into()));
}

#[test]
fn ecomdash_has_three_limits_and_two_readings() {
    let page = resolved("ecomdash", "", "live", &[]);
    let inventory = plans(&page, "GET /Inventory/").expect("a call");
    let names: Vec<&str> = inventory.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["basic a", "concurrency ao", "bad-requests p"]);
    assert_eq!(plans(&page, "DELETE /Orders").map(|limits| limits.len()), Ok(3));
    let both = [("window", "sliding"), ("bad-request-window", "sliding")];
    for (readings, basic, kind) in [
        (&[][..], "fixed_window", "fixed"),
        (&both[..1], "sliding_window", "fixed"),
        (&both[..], "sliding_window", "sliding"),
    ] {
        let here = resolved("ecomdash", "", "live", readings);
        let rule = |name: &str| {
            let (_, limit) = here.all_limits().find(|(known, _)| *known == name).expect(name);
            serde_json::to_value(&limit.rule).expect("a rule is plain")
        };
        assert_eq!(
            (&rule("basic")[basic]["limit"], &rule("basic")[basic]["window"]),
            (&120.into(), &"1m".into())
        );
        assert_eq!(rule("bad-requests")["lockout"]["kind"], kind);
        assert_eq!(here.assumptions(&["GET /Inventory/"]).len(), 4 - readings.len());
    }
}

#[test]
fn pa_api_writes_out_the_defaults_of_its_rule() {
    let rule = |readings: &[(&str, &str)]| {
        let here = resolved("pa-api", "", "live", readings);
        let limits = here.limits("GetItems").expect("a call");
        match &limits[0].limit.rule {
            RuleDocument::Revenue(rule) => rule.clone(),
            other => panic!("{other:?}"),
        }
    };
    let page = RevenueDocument::default();
    assert_eq!(rule(&[]), page);
    let other = [("earned", "adds"), ("min_tps", "proportional"), ("lost_status", "throttled")];
    let lost_status = super::spanned::Spanned::new(0..0, 429);
    let changed = RevenueDocument { earned: Earned::Adds, min_tps: 0, lost_status, ..page };
    assert_eq!(rule(&other), changed);
}

#[test]
fn sp_api_counts() {
    let provider = provider("sp-api");
    let count = |holds: fn(&OperationDocument) -> bool| {
        provider.operations().filter(|listing| holds(listing.facts)).count()
    };
    assert_eq!(provider.operations().count(), 370);
    assert_eq!(count(|o| o.rate.is_some() && o.burst.is_some()), 364);
    assert_eq!(count(|o| o.rate.is_some() && o.rate_source.is_none()), 294);
    assert_eq!(count(|o| o.rate_source.is_some()), 70);
    assert_eq!(count(|o| o.grantless), 8);
    assert_eq!(count(|o| o.dynamic), 11);
    assert_eq!(count(|o| o.status == Standing::Deprecated), 10);
    assert_eq!(count(|o| o.until.is_some() && o.successor.is_some()), 10);
    assert_eq!(count(|o| o.status == Standing::SandboxOnly), 9);
    assert_eq!(count(|o| o.superseded), 68);
    assert_eq!(count(|o| o.batch_limit.is_some()), 23);
    assert_eq!(count(|o| o.page_size.is_some()), 50);
    assert_eq!(count(|o| o.application_rate.is_some()), 14);
    assert_eq!(count(|o| o.printed.is_some()), 22);
}

/// An operation in one line: what is said of it, without what is silent.
fn row(listing: &Listing<'_>) -> String {
    let facts = serde_json::to_value(listing).expect("a listing is plain");
    let silent = ["null", "false", "[]", "{}", "\"current\""];
    let said = facts.as_object().expect("a table").iter().map(|(key, v)| (key, v.to_string()));
    let said = said.filter(|(_, value)| !silent.contains(&value.as_str()));
    said.map(|(key, value)| format!("{key}={value}\n")).collect()
}

#[test]
fn every_operation_is_as_it_was_checked_against_its_source() {
    let digest = |name: &str| {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64; // FNV-1a, 64 bits
        for listing in provider(name).operations() {
            for byte in row(&listing).bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        format!("{name} {hash:016x}")
    };
    let expected = [
        "sp-api e5cf68f4cfa097fb",
        "amazon-pay 5dd490db7697abe5",
        "pa-api 1f85ee9ac60def44",
        "creators-api 977e1724e7beb544",
        "ecomdash 8af33831fdd499ef",
        "shopify ce5f7cebb701d9fa",
        "shopify-rest 90c5a9a43eace31d",
        "walmart 11fcfc22c357f4ac",
        "ebay b69b7ab4ea5ba618",
        "etsy d6455104cdd135df",
        "stripe cbf29ce484222325", // it lists no operation
        "bigcommerce 33bbaaf6d24c585c",
        "google-merchant 6da1e2acb85badbe",
    ];
    assert_eq!(BUILT_IN.map(|(name, _)| digest(name)), expected);
}
