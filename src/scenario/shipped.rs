//! The presets that ship with the program: their names and their files.

macro_rules! presets {
    ($($name:ident)*) => {
        pub(super) const FILES: &[(&str, &str)] = &[
            $((
                stringify!($name),
                include_str!(concat!("preset/data/", stringify!($name), ".toml")),
            )),*
        ];
    };
}

presets! {
    none fixed exponential full equal decorrelated window restore_wait botocore_2026
    botocore_2026_adaptive botocore_legacy botocore_standard botocore_stock botocore_adaptive sre
    finagle_budget envoy_budget grpc_a6 brooker_bucket aimd gradient2 vegas python_sp_api
    python_sp_api_stock python_sp_api_one_process node_sp_api fika bizon bizon_stock hexrw
    sdk_js_bottleneck sdk_java pay_php pay_java pay_node paapi_py bottlenose polly resilience4j
    guzzle axios got google_api_core backoff_expo tenacity celery p_throttle pacer client_bucket
    burst_and_yield header_following aws_go_before aws_java_before
    aws_js_before openai_python openai_python_before openai_node
    stripe_python octokit_retry octokit_throttling shopify_graphql_client p_retry bottleneck urllib3
    httpx_retries
}
