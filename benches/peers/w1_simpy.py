"""Workload W1 in SimPy: a process for each account's arrivals, and one for each request.

python w1_simpy.py SECONDS FIRST RUNS prints a line of figures for each of RUNS runs, whose seeds
count up from FIRST. The bucket is no resource, for nobody ever waits in it.
"""

import json
import math
import random
import sys

import simpy

ACCOUNTS = 100
RATE, BURST = 10.0, 20.0
ATTEMPTS, BASE, CAP = 5, 0.1, 20.0


class Bucket:
    """A continuous token bucket."""

    def __init__(self):
        self.tokens, self.since = BURST, 0.0

    def take(self, now):
        tokens = min(BURST, self.tokens + RATE * (now - self.since))
        self.since = now
        self.tokens = tokens - 1.0 if tokens >= 1.0 else tokens
        return tokens >= 1.0


class W1:
    """One run, and what it counts."""

    def __init__(self, seconds, seed):
        self.env = simpy.Environment()
        self.random = random.Random(seed)
        self.seconds = seconds
        self.arrivals = self.attempts = self.refused = self.given_up = 0
        self.latencies = []
        for _ in range(ACCOUNTS):
            self.env.process(self.account())
        self.env.run()

    def account(self):
        env, bucket = self.env, Bucket()
        while True:
            yield env.timeout(self.random.expovariate(12.0))
            if env.now >= self.seconds:
                return
            self.arrivals += 1
            env.process(self.request(bucket))

    def request(self, bucket):
        env = self.env
        arrived = env.now
        for attempt in range(1, ATTEMPTS + 1):
            self.attempts += 1
            if bucket.take(env.now):
                yield env.timeout(self.random.expovariate(20.0))
                self.latencies.append(env.now - arrived)
                return
            self.refused += 1
            if attempt < ATTEMPTS:
                most = min(CAP, BASE * 2 ** (attempt - 1))
                yield env.timeout(self.random.uniform(0.0, most))
        self.given_up += 1

    def line(self):
        latencies = sorted(self.latencies)
        return json.dumps({
            "arrivals": self.arrivals,
            "attempts": self.attempts,
            "refused": self.refused,
            "given_up": self.given_up,
            "mean": math.fsum(latencies) / len(latencies),
            "p95": latencies[math.ceil(0.95 * len(latencies)) - 1],
        })


def main():
    seconds, first, runs = (int(text) for text in sys.argv[1:4])
    for seed in range(first, first + runs):
        print(W1(seconds, seed).line())


if __name__ == "__main__":
    main()
