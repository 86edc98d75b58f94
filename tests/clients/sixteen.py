"""Sixteen workers at once, recorded and replayed: not one decision may differ."""

import collections
import hold
import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

WORKERS, CALLS = 16, 250
SCENARIO = """
schema = 1
question = "Are all decisions made alike again?"
duration = "1h"
clients = { accounts = 4 }
[limit.each]
scope = ["account"]
rule.token_bucket = { rate = "40/s", burst = 20 }
tells = { status = 429, retry_after = "seconds" }
[limit.all]
scope = []
rule.sliding_window = { limit = 120, window = "2s" }
tells = { status = 429 }
[limit.at-once]
scope = []
rule.concurrency = 12
tells = { status = 429 }
[service]
latency.lognormal = { median = "2ms", p99 = "20ms" }
failure_rate = 0.02
[workload.w]
arrivals.backlog = 1
call = "GET /things/{id}"
[strategy.any]
retry.attempts = 1
"""


def work(address, number, statuses):
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    headers = {"X-Account": f"account-{number % 4}"}
    for call in range(CALLS):
        connection.request("GET", f"/things/{number}-{call}", headers=headers)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()


def main():
    program = os.path.realpath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        scenario, log = pathlib.Path(folder, "s.toml"), pathlib.Path(folder, "calls.jsonl")
        scenario.write_text(SCENARIO)
        server = hold.Server(program, scenario, "--log", log, "--account", "header:X-Account")
        statuses = [[] for _ in range(WORKERS)]
        words = [(server.address, number, told) for number, told in enumerate(statuses)]
        threads = [threading.Thread(target=work, args=each) for each in words]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        server.stop()
        told = collections.Counter(status for each in statuses for status in each)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        causes = collections.Counter(line.get("cause") for line in lines)
        print(f"{len(lines)} calls of {WORKERS} workers: {dict(told)}, refused by {dict(causes)}")
        if collections.Counter(line["status"] for line in lines) != told:
            sys.exit("failed: the log tells other statuses than the clients were told")
        if len(lines) != WORKERS * CALLS or not {"each", "all"} <= causes.keys():
            sys.exit("failed: not all was tried")
        sys.exit(subprocess.run([program, "run", scenario, "--replay", log]).returncode)


if __name__ == "__main__":
    main()
