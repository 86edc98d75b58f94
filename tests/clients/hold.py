"""Holds real clients against the presets that copy them: the same scenario is served to the client
and run with the preset, and both must make the same attempts at the same times.

Each client runs as it is; only its sleep moves the server's clock (virtual.py, virtual.mjs). Where
its waits are random, each wait must be distributed as the preset's, attempt by attempt.
"""

import dataclasses
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
OWN = """
[limit.l]
scope = ["account"]
rule.token_bucket = {{ rate = "1/{each}", burst = {burst} }}
tells = {{ status = 429{told} }}
"""
NAMED = """
[provider.amazon]
catalog = "{}"
"""
# Waits are told in nanoseconds, and a client counts in floating point [s].
WITHIN = 1e-6
TEXT = """
schema = 1
question = "Does the client do what its preset does?"
duration = "1h"
drain = "300d"
replications = 1
{limits}
[workload.w]
arrivals.backlog = {calls}
call = "{call}"
[strategy.client]
preset = "{preset}"
workers = {workers}
"""


@dataclasses.dataclass
class Case:
    """A client, and the preset that it must be alike."""

    preset: str
    client: str
    calls: int
    limits: str = OWN.format(each="10s", burst=2, told="")
    call: str = "GET /things"
    varies: bool = False
    has_quota: bool = False

    @property
    def at_once(self):
        return self.client.endswith(".mjs")

    def text(self):
        workers = self.calls if self.at_once else 1
        return TEXT.format(
            limits=self.limits,
            calls=self.calls,
            call=self.call,
            preset=self.preset,
            workers=workers,
        )


# The Creators API publishes no limits.
CREATORS = """
[provider.amazon]
catalog = "creators-api"
readings.limits = "own-figures"
operation.GetItems = {{ rate = "1/{each}", burst = 2 }}
"""
SP_API, PAY = NAMED.format("sp-api"), NAMED.format("amazon-pay")
TOLD = OWN.format(each="10s", burst=2, told=', retry_after = "seconds"')
NEVER = OWN.format(each="300d", burst=1, told="")
LAMBDA = "GET /2015-03-31/functions"
CASES = [
    Case("urllib3", "urllib3_retry.py", 8),
    Case("urllib3", "urllib3_retry.py", 8, TOLD),
    Case("urllib3", "urllib3_retry.py", 3, NEVER),
    Case("tenacity", "tenacity_retry.py", 120, NEVER, varies=True),
    Case("axios", "axios.mjs", 5),
    Case("axios", "axios.mjs", 5, TOLD),
    Case("p_retry", "p_retry.mjs", 6),
    Case("p_retry", "p_retry.mjs", 2, NEVER),
    Case("python_sp_api", "python_sp_api.py", 26, SP_API, "orders/v0/getOrders"),
    Case("node_sp_api", "node_sp_api.mjs", 40, SP_API, "orders/v0/getOrderItems"),
    Case("paapi_py", "paapi.py", 10, CREATORS.format(each="7s"), "GetItems"),
    Case("paapi_py", "paapi.py", 4, CREATORS.format(each="1m"), "GetItems"),
    Case("pay_node", "pay_node.mjs", 40, PAY, "GetCharge"),
    Case("botocore_2026", "boto.py", 120, NEVER, LAMBDA, varies=True, has_quota=True),
]


# A client and a preset of another: held against each other, they must differ.
UNALIKE = [
    Case("guzzle", "urllib3_retry.py", 8),
    Case("aws_js_before", "boto.py", 120, NEVER, LAMBDA, varies=True),
]


class Failed(Exception):
    """A client is not as its preset."""


class Server:
    """The program, as it serves a scenario."""

    def __init__(self, program, scenario, *options):
        command = [program, "serve", scenario, "--port", "0", "-q", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on http://"):
            raise Failed(f"serve says {line!r}")
        self.address = line.split()[2]

    def stop(self):
        """Ends it: what it says of the calls."""
        self.process.send_signal(signal.SIGINT)
        said = self.process.stdout.read()
        self.process.wait(timeout=30)
        return " ".join(said.split())


def served(program, case, work):
    """What the real client does: times and statuses of its attempts, and its losses; and what the
    server says of it."""
    log, authority = work / "calls.jsonl", work / "ca.pem"
    options = [] if case.client.endswith(".py") else ["--tls", "--ca", authority]
    server = Server(program, work / "s.toml", "--clock", "manual", "--log", log, *options)
    runner = [sys.executable] if case.client.endswith(".py") else ["node"]
    words = [*runner, HERE / case.client, server.address, str(case.calls), "7", authority]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    finally:
        said = server.stop()
    if done.returncode != 0:
        raise Failed(f"the client ends with an error:\n{done.stderr}")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    attempts = [(line["time_ns"] / 1e9, line["status"]) for line in lines]
    return (attempts, json.loads(done.stdout.splitlines()[-1])["lost"]), said


def check_likeness(case, attempts, said):
    """Raises if the server does not find the preset in the waits of its client."""
    found = re.search(r"Clients waited between attempts like the presets? (.*?) \(\d+ waits\)", said)
    names = found.group(1) if found else ""
    # Some attempts are the first ones of their calls.
    are_few = len(attempts) - case.calls < 12
    if f"`{case.preset}`" not in names and "more" not in names and not are_few:
        raise Failed(f"the server says: {said}")


def simulated(program, case, work):
    """What the preset does."""
    events = work / "events.jsonl"
    command = [program, "run", work / "s.toml", "--events", events, "--out", work / "out", "-q"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    lines = [json.loads(line) for line in events.read_text().splitlines()]
    attempts = [(line["at_s"], line["status"]) for line in lines]
    return attempts, sum(line["next"] == "given_up" for line in lines)


def gaps(attempts):
    times = [0.0] + [at for at, _ in attempts]
    return [later - earlier for earlier, later in zip(times, times[1:])]


def waits_of_calls(attempts):
    """For each retry, from the first, the waits before it: nothing waits between two calls."""
    retries, number = {}, 0
    for gap in gaps(attempts):
        number = number + 1 if gap > 0 else 0
        if number > 0:
            retries.setdefault(number, []).append(gap)
    return retries


def distance(ones, others):
    """How far two samples are apart, after Kolmogorov and Smirnov."""
    below = lambda sample, value: sum(each <= value for each in sample) / len(sample)
    return max(abs(below(ones, value) - below(others, value)) for value in ones + others)


def listed(values):
    shown = ", ".join(f"{value:.3f}" for value in values[:40])
    return shown + (f" and {len(values) - 40} more" if len(values) > 40 else "")


def compare(case, real, model):
    """Raises what differs."""
    both = lambda waits: "\n".join(
        f"  {who}: {listed(each)}" for who, each in zip(("client", "preset"), waits)
    )
    if len(real[0]) != len(model[0]):
        counts = f"{len(real[0])} attempts, the preset {len(model[0])}"
        waits = both((gaps(real[0]), gaps(model[0])))
        raise Failed(f"the client makes {counts}; waits [s]\n{waits}")
    if not case.varies:
        real, model = ((sorted(attempts), lost) for attempts, lost in (real, model))
        waits = gaps(real[0]), gaps(model[0])
        alike = all(abs(one - other) <= WITHIN for one, other in zip(*waits))
        statuses = [status for _, status in real[0]] == [status for _, status in model[0]]
        if not (alike and statuses):
            raise Failed(f"the waits differ [s]\n{both(waits)}")
    else:
        waits = waits_of_calls(real[0]), waits_of_calls(model[0])
        for number in sorted(waits[0].keys() | waits[1].keys()):
            pair = [each.get(number, []) for each in waits]
            if not all(pair):
                raise Failed(f"one of them never makes retry {number}; waits [s]\n{both(pair)}")
            ones, others = map(len, pair)
            # Samples of one distribution are farther apart once in a thousand times.
            if distance(*pair) > 1.95 * ((ones + others) / (ones * others)) ** 0.5:
                raise Failed(f"the waits before retry {number} differ [s]\n{both(pair)}")
    if real[1] != model[1]:
        raise Failed(f"the client loses {real[1]} calls, the preset {model[1]}")


def held(program, case):
    """Holds a client against a preset: what both do, or why they differ."""
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "s.toml").write_text(case.text())
        (real, said), model = served(program, case, work), simulated(program, case, work)
        compare(case, real, model)
        # Calls that ask for the same at the same time cannot be told apart, and nobody sees when a
        # quota of retries is spent.
        if not case.at_once and not case.has_quota:
            check_likeness(case, real[0], said)
        alike = "in distribution" if case.varies else "exactly"
        return f"{alike}: {len(real[0])} attempts of {case.calls} calls, {real[1]} lost"


def main():
    program = os.path.realpath(sys.argv[1])
    failed = 0
    for case in CASES:
        try:
            print(f"{case.client} is as {case.preset} {held(program, case)}", flush=True)
        except Failed as reason:
            failed += 1
            print(f"failed: {case.client} is not as {case.preset}: {reason}", flush=True)
    for case in UNALIKE:
        try:
            failed += 1
            print(f"failed: {case.client} passes for {case.preset} {held(program, case)}")
        except Failed:
            failed -= 1
            print(f"{case.client} is not as {case.preset}, as it must be")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
