"""What botocore really decides, recorded: adaptive limiter, retry quota, delays, verdicts.

    pip install botocore==1.43.11
    python botocore_decisions.py > botocore.json

Deterministic, and without network: the library's own classes are wired by its own
`register_retry_handler` functions to a client that only collects the handlers, and are driven by
a virtual clock in whole nanoseconds; `current_time()` is that count divided by 1e9, as a float.

Besides clock, random draws and the switch for the new rules, one thing is replaced: the condition
that a token bucket waits on, since it would really sleep.
Here `wait(s)` lets the virtual clock run to the next nanosecond at or after `now + s`, at least
one on; a response that falls into that time, or on its end, is handled first, and ends the wait
as the library's `notify()` does. The loop around it, which refills and waits again, is the
library's. One thread sends, so that at most one waits: a send that is wanted while another waits
enters after it. With more threads botocore promises no order among the waiters.

Rows are in order of time, each with the state after it. `wait` is a turn of that loop, for `for_s`
seconds; `gone` a send that is let go, which asked at `in_ns`; the others are responses, and
`w_max` is what the cubic keeps of a throttle.
"""

import heapq
import json
import math
import platform
import types

import botocore
from botocore import exceptions, retryhandler, translate
from botocore.loaders import Loader
from botocore.retries import adaptive, bucket, quota, standard, throttling

SECOND = 1_000_000_000
BELOW_ONE = math.nextafter(1.0, 0.0)
FAULTS = {
    "connect_timeout": exceptions.ConnectTimeoutError(endpoint_url="x"),
    "read_timeout": exceptions.ReadTimeoutError(endpoint_url="x"),
    "connection_closed": exceptions.ConnectionClosedError(endpoint_url="x"),
    "no_connection": exceptions.EndpointConnectionError(endpoint_url="x"),
    "http_client": exceptions.HTTPClientError(error="x"),
    "other_exception": ValueError("x"),
}


def answer(what, attempts=1, context=None, operation="Any", name="any"):
    """The arguments of `needs-retry`; `what` is (status, code, headers) or the name of a fault."""
    response = None
    if not isinstance(what, str):
        status, code, *headers = what
        http = types.SimpleNamespace(status_code=status, headers=dict(*headers), content=b"")
        response = (http, {"Error": {"Code": code}} if code else {})
    return {
        "response": response,
        "caught_exception": FAULTS.get(what) if response is None else None,
        "attempts": attempts,
        "operation": types.SimpleNamespace(
            name=operation, error_shapes=[], service_model=service(name)),
        "request_dict": {"context": {} if context is None else context},
    }


def service(name):
    """As much of a service's model as the checkers look at."""
    model = types.SimpleNamespace(service_name=name, service_id=None)
    model.service_id = types.SimpleNamespace(hyphenize=lambda: name)
    return model


def client(name="any"):
    """As much of a client as the library registers its handlers on."""
    handlers = {}
    events = types.SimpleNamespace(
        register=lambda event, handler, **_: handlers.__setitem__(event.split(".")[0], handler)
    )
    meta = types.SimpleNamespace(events=events, service_model=service(name))
    return types.SimpleNamespace(meta=meta), handlers


# --- the adaptive limiter -----------------------------------------------------------------------

KINDS = {
    "success": (200, None),
    "throttle": (400, "ThrottlingException"),
    "error500": (500, "InternalError"),
    "unlisted429": (429, "QuotaExceeded"),
    "read_timeout": "read_timeout",
}


class Run:
    """One timeline: the clock, the library's limiter, the condition it waits on, the rows."""

    def __init__(self, start):
        self.now, self.coming, self.rows, self.serial = start, [], [], 0
        real_clock, bucket.Clock = bucket.Clock, lambda: self
        caught, handlers = client()
        self.limiter = adaptive.register_retry_handler(caught)
        bucket.Clock = real_clock
        self.limiter._token_bucket._new_fill_rate_condition = self
        self.before_send, self.needs_retry = handlers["before-send"], handlers["needs-retry"]

    def current_time(self):
        return self.now / SECOND

    # The condition: a lock that is never contended, and a wait in virtual time.
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def notify(self):
        pass

    def wait(self, seconds):
        self.note("wait", seconds=seconds)
        end = self.now + max(1, math.ceil(seconds * SECOND))
        if self.coming and self.coming[0][0] <= end:
            self.respond()
        else:
            self.now = end

    def respond(self):
        self.now, _, kind = heapq.heappop(self.coming)
        self.needs_retry(**answer(KINDS[kind]))
        self.note(kind)

    def send(self, wanted, latency, kind):
        while self.coming and self.coming[0][0] <= max(wanted, self.now):
            self.respond()
        self.now = entered = max(wanted, self.now)
        self.before_send(request=None)
        self.note("gone", entered)
        self.serial += 1
        kind = kind(self.now) if callable(kind) else kind
        heapq.heappush(self.coming, (self.now + latency, self.serial, kind))

    def note(self, kind, entered=None, seconds=None):
        tokens, cubic = self.limiter._token_bucket, self.limiter._rate_adjustor
        self.rows.append([
            kind, self.now, entered, seconds, self.limiter._rate_clocker.measured_rate,
            self.limiter._enabled, tokens.max_rate, tokens.max_capacity,
            tokens.available_capacity,
            cubic.get_params_snapshot().w_max if kind == "throttle" else None,
        ])


def timeline(name, about, start, sends):
    """`sends` are (wanted, latency, kind), in nanoseconds; kind may ask for the time of sending."""
    run = Run(start)
    for one in sends:
        run.send(*one)
    while run.coming:
        run.respond()
    return {"name": name, "about": about, "start": start, "rows": run.rows}


def every(first, gap, kinds, latency=90_000_000):
    """Sends at even gaps, one for each kind."""
    return [(first + n * gap, latency, kind) for n, kind in enumerate(kinds)]


def toy_server(per_second):
    """Throttles what comes when it let through `per_second` in the second before."""
    passed = []

    def verdict(now):
        if len([t for t in passed if t > now - SECOND]) >= per_second:
            return "throttle"
        passed.append(now)
        return "success"

    return verdict


def timelines():
    ok, no, ms = "success", "throttle", 1_000_000
    bursts = []
    for at, verdicts in [(0, [ok] * 10), (2, [ok] * 6 + [no] * 4), (5, [ok] * 8),
                         (65, [ok] * 8), (66, [ok] * 8), (366, [ok] * 6 + [no] * 2),
                         (366.25, [ok] * 4)]:
        bursts += every(round(at * SECOND), 0, verdicts, 120 * ms)
    mixed = ["error500", "unlisted429", "read_timeout", ok]
    return [
        timeline("first_throttle", "nothing is held back until the first throttle", 0,
                 every(250 * ms, 250 * ms, [ok] * 24 + [no] + [ok] * 12)),
        timeline("throttles_in_a_row", "down to the floor of 0.5/s, then up again; "
                 "the start within a second decides the first measured rate", 10_700_000_000,
                 every(10_700 * ms, 100 * ms, [ok] * 15 + [no] * 7 + [ok] * 12)),
        timeline("long_recovery", "as many as it lets go: through the cubic's plateau 2 s after "
                 "the throttle, and beyond", 3_210_000_000,
                 every(3_210 * ms, 90 * ms, [ok] * 30 + [no], 60 * ms)
                 + every(6_200 * ms, 30 * ms, [ok] * 64, 60 * ms)),
        timeline("floor", "against a limit of 1/60 s it still sends every 2 s", 0,
                 every(0, SECOND, [ok] + [no] * 22 + [ok] + [no] * 6, 200 * ms)),
        timeline("bursts_and_gaps", "ten at once, then nothing for seconds or minutes; "
                 "after a gap the measured rate is what bounds", 0, bursts),
        timeline("slow_responses", "responses that come in while a send waits change its wait: "
                 "longer at a throttle, shorter at a success", 500_000_000,
                 every(500 * ms, 150 * ms, [ok] * 12 + [no] * 3 + [ok] * 10 + [no, no] + [ok] * 9,
                       730 * ms)),
        timeline("other_failures", "a 500, an unlisted 429 and a lost connection are no throttle: "
                 "the cubic takes them as successes", 0,
                 every(100 * ms, 200 * ms, mixed * 3 + [no] + mixed * 5)),
        timeline("toy_server", "a server that lets 5 through in any second, always asked for more",
                 0, every(0, 50 * ms, [toy_server(5)] * 46, 40 * ms)),
    ]


# --- the retry quota ----------------------------------------------------------------------------

ANSWERS = {
    "ok": (200, None), "throttle": (400, "ThrottlingException"), "500": (500, None),
    "400": (400, "ValidationException"), "429": (429, "QuotaExceeded"),
    "read_timeout": "read_timeout", "no_connection": "no_connection",
}


def quota_calls():
    """Each is how its attempts end, in order; the last is given again if the handler wants more."""
    calls = [["ok"], ["throttle", "ok"], ["ok"], ["500", "500", "ok"], ["throttle", "500", "ok"],
             ["500", "throttle", "ok"], ["read_timeout", "ok"], ["read_timeout", "500", "ok"],
             ["no_connection", "ok"], ["400"], ["429"], ["500", "400"], ["throttle"], ["500"]]
    calls += [["ok"]] * 3 + [["read_timeout"]] * 26 + [["throttle"], ["500"]] * 8
    return calls + [["500", "ok"], ["throttle", "ok"]] + [["ok"]] * 15 + [["500", "ok"]] * 3


def decisions(name, new_rules, calls, operation="Any"):
    """Runs calls through the standard handler; a delay is with the random number 0.5."""
    standard.NEW_RETRIES_ENABLED = new_rules
    caught, handlers = client(name)
    handler = standard.register_retry_handler(caught)
    handler._retry_policy._retry_backoff._random = lambda: 0.5
    slept = []
    handler._sleep = slept.append
    checker = handler._retry_quota
    rows = []
    for call in calls:
        context, attempts = {}, []
        while True:
            end = call[min(len(attempts), len(call) - 1)]
            told = answer(ANSWERS[end], len(attempts) + 1, context, operation, name)
            delay = handlers["needs-retry"](**told)
            parsed = told["response"][1] if told["response"] else {}
            why_not = next(iter(parsed.get("ResponseMetadata", {})), None)
            attempts.append([end, delay, why_not, checker._quota.available_capacity])
            if delay is None or delay is False:
                break
        # The endpoint raises what it caught, and `after-call` is then never emitted.
        if told["response"] is not None:
            handlers["after-call"](context=context, http_response=told["response"][0])
        rows.append({"attempts": attempts, "after": checker._quota.available_capacity})
    standard.NEW_RETRIES_ENABLED = False
    return {"service": name, "new_rules": new_rules, "calls": rows, "slept": slept}


def quotas():
    return [
        decisions("any", False, quota_calls()),
        decisions("any", True, quota_calls()),
        decisions("dynamodb", True, [["500"], ["throttle"], ["500", "500", "500", "ok"]]),
        decisions("dynamodb", False, [["500"], ["throttle"]]),
        # A long poll that the quota refuses sleeps its delay all the same, and then gives up.
        decisions("sqs", True, [["500"]] * 18, "ReceiveMessage"),
    ]


# --- delays -------------------------------------------------------------------------------------

DRAWS = [0.0, 0.25, 0.5, BELOW_ONE]


def standard_delays(new_rules, name, what):
    standard.NEW_RETRIES_ENABLED = new_rules
    adapter = standard.RetryEventAdapter()
    rows = []
    for draw in DRAWS:
        backoff = standard.ExponentialBackoff(
            random=lambda draw=draw: draw, service_name=name,
            throttling_detector=standard.ThrottlingErrorDetector(adapter))
        rows.append([backoff.delay_amount(adapter.create_retry_context(**answer(what, attempt)))
                     for attempt in range(1, 11)])
    standard.NEW_RETRIES_ENABLED = False
    return rows


def legacy_delays(name):
    action = retryhandler.create_retry_action_from_config(legacy_config(name))
    rows, real = [], retryhandler.random
    for draw in DRAWS:
        retryhandler.random = types.SimpleNamespace(random=lambda draw=draw: draw)
        rows.append([action(attempts=attempt) for attempt in range(1, 11)])
    retryhandler.random = real
    return rows


def legacy_config(name):
    data = Loader().load_data("_retry")
    return translate.build_retry_config(name, data["retry"], data["definitions"])


def delays():
    throttle, other = (400, "ThrottlingException"), (500, None)
    after = []
    for value in ["0", "700", "3000", "10000", "-1", "1.5", "soon", "99999999999999999999"]:
        headers = {"x-amz-retry-after": value}
        rows = standard_delays(True, "any", (400, "ThrottlingException", headers))
        after.append([value, [row[1] for row in rows]])
    return {
        "about": "delays[i][a-1]: draw i, after attempt a",
        "draws": DRAWS,
        "legacy": legacy_delays("any"),
        "legacy_dynamodb": legacy_delays("dynamodb"),
        "standard": standard_delays(False, "any", throttle),
        "new_throttle": standard_delays(True, "any", throttle),
        "new_other": standard_delays(True, "any", other),
        "new_other_dynamodb": standard_delays(True, "dynamodb", other),
        "new_retry_after": {"about": "[header in ms, delay for each draw], throttled, attempt 2",
                            "rows": after},
    }


# --- verdicts -----------------------------------------------------------------------------------

PAIRS = [
    (429, "QuotaExceeded"), (429, "TooManyRequests"), (429, "TooManyRequestsException"),
    (400, "TooManyRequestsException"), (400, "ThrottlingException"), (429, "ThrottlingException"),
    (400, "Throttling"), (400, "ThrottledException"), (400, "RequestThrottledException"),
    (400, "RequestThrottled"), (403, "RequestThrottled"), (503, "SlowDown"),
    (503, "RequestLimitExceeded"), (400, "RequestLimitExceeded"), (429, "Unknown"), (429, None),
    (400, "ProvisionedThroughputExceededException"), (400, "TransactionInProgressException"),
    (400, "LimitExceededException"), (400, "PriorRequestNotComplete"), (400, "RequestTimeout"),
    (408, "RequestTimeoutException"), (408, None), (400, "Unknown"), (400, None), (403, None),
    (404, None), (409, None), (500, None), (500, "InternalFailure"), (501, None), (502, None),
    (503, None), (503, "ServiceUnavailable"), (504, None), (509, None),
    (509, "BandwidthLimitExceeded"), (400, "IDPCommunicationError"), (200, None),
]


def verdicts():
    adapter = standard.RetryEventAdapter()
    conditions = standard.StandardRetryConditions()
    throttled = standard.ThrottlingErrorDetector(adapter)
    services = ["any", "sqs", "dynamodb", "organizations"]
    legacy = {name: retryhandler.create_retry_handler(legacy_config(name)) for name in services}
    rows = []
    for what in PAIRS + list(FAULTS):
        told = answer(what)
        verdict = [conditions.is_retryable(adapter.create_retry_context(**told)),
                   throttled.is_throttling_error(**told)]
        for name in services:
            try:
                verdict.append(legacy[name](**told) is not None)
            except Exception as raised:  # what it will not retry, it raises again
                assert raised is told["caught_exception"]
                verdict.append(False)
        pair = [None, what] if isinstance(what, str) else list(what)
        rows.append(pair + verdict)
    head = ["status", "code", "standard_retries", "throttling"]
    return {"columns": head + [f"legacy_retries_{name}" for name in services], "rows": rows}


def constants():
    transient = standard.TransientRetryableChecker
    return {
        "throttling_codes": standard.ThrottledRetryableChecker._THROTTLED_ERROR_CODES,
        "transient_codes": transient._TRANSIENT_ERROR_CODES,
        "transient_statuses": transient._TRANSIENT_STATUS_CODES,
        "transient_exceptions": [one.__name__ for one in transient._TRANSIENT_EXCEPTION_CLS],
        "legacy_attempts": legacy_config("any")["__default__"]["max_attempts"],
        "legacy_attempts_dynamodb": legacy_config("dynamodb")["__default__"]["max_attempts"],
        "standard_attempts": standard.DEFAULT_MAX_ATTEMPTS,
        "new_attempts_of_services": standard._SERVICE_MAX_ATTEMPTS,
        "quota": quota.RetryQuota.INITIAL_CAPACITY,
        "cubic_scale": throttling.CubicCalculator._SCALE_CONSTANT,
        "cubic_beta": throttling.CubicCalculator._BETA,
        "floor_per_second": bucket.TokenBucket._MIN_RATE,
        "smoothing": adaptive.RateClocker._DEFAULT_SMOOTHING,
        "measured_over_seconds": adaptive.RateClocker._TIME_BUCKET_RANGE,
        "times_measured": adaptive.ClientRateLimiter._MAX_RATE_ADJUST_SCALE,
    }


def written(value, depth=0):
    """JSON with one row a line: short, and readable in a difference."""
    held = list(value.values()) if isinstance(value, dict) else value
    if depth > 4 or not any(isinstance(one, (list, dict)) for one in held):
        return json.dumps(value, separators=(",", ":"))
    pad = "\n" + " " * (depth + 1)
    rows = [written(one, depth + 1) if isinstance(one, (list, dict)) else json.dumps(one)
            for one in held]
    if isinstance(value, dict):
        rows = [f"{json.dumps(key)}:{row}" for key, row in zip(value, rows)]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return start + pad + ("," + pad).join(rows) + end


if __name__ == "__main__":
    standard.NEW_RETRIES_ENABLED = False  # whatever the environment says
    print(written({
        "library": "botocore",
        "version": botocore.__version__,
        "python": platform.python_version(),
        "constants": constants(),
        "adaptive": {
            "columns": ["kind", "at_ns", "in_ns", "for_s", "measured", "enabled", "fill",
                        "capacity", "tokens", "w_max"],
            "timelines": timelines(),
        },
        "quota": {
            "attempt": ["ends", "delay_s", "why_not", "tokens"],
            "about": "new_rules is AWS_NEW_RETRIES_2026; delays with the random number 0.5; "
                     "why_not marks the response: on the last attempt a success too",
            "runs": quotas(),
        },
        "delays": delays(),
        "verdicts": verdicts(),
    }))
