"""Runs the same workload in several programs in turn, and tells how fast they are and whether they
agree; benches/peers/run calls it.

python compare.py [--quick] "NAME=COMMAND" ... compares the last program with each of the others. A
COMMAND is called with SECONDS FIRST RUNS, and prints for each of RUNS runs, whose seeds count up
from FIRST, one line of JSON: arrivals, attempts, refused, given_up, mean, p95.
"""

import json
import math
import os
import statistics
import subprocess
import sys

SECONDS = 100
ROUNDS = 9
# User CPU time that a program is given in a round [s].
SHARE = 1.5
# Standard errors that two means may differ by. Of the 18 differences compared, one is larger by
# chance once in ten thousand calls.
LIMIT = 4.5
# What a 95th percentile may be off besides, for histograms are as fine as 1/128.
GRAIN = 1 / 128

FIGURES = {
    "arrivals": lambda run: run["arrivals"],
    "attempts": lambda run: run["attempts"],
    "refused": lambda run: run["refused"] / run["attempts"],
    "given up": lambda run: run["given_up"] / run["arrivals"],
    "mean latency": lambda run: run["mean"],
    "p95 latency": lambda run: run["p95"],
}
WRITTEN = {
    "arrivals": lambda mean, se: f"{mean:.0f} ± {se:.0f}",
    "attempts": lambda mean, se: f"{mean:.0f} ± {se:.0f}",
    "refused": lambda mean, se: f"{100 * mean:.3f} ± {100 * se:.3f} %",
    "given up": lambda mean, se: f"{100 * mean:.3f} ± {100 * se:.3f} %",
    "mean latency": lambda mean, se: f"{1e3 * mean:.2f} ± {1e3 * se:.2f} ms",
    "p95 latency": lambda mean, se: f"{1e3 * mean:.1f} ± {1e3 * se:.1f} ms",
}


class Program:
    """A program, and what its runs have shown."""

    def __init__(self, argument):
        self.name, command = argument.split("=", 1)
        self.command = command.split(" ")
        self.next_seed = 1
        self.found, self.speeds = [], []
        self.idle = min(self.run(0)[1] for _ in range(3))
        _, cost = self.run(1)
        self.runs = max(1, round(SHARE / max(cost - self.idle, 1e-3)))

    def run(self, runs):
        """What so many runs found, and the user CPU time they took [s]."""
        first, self.next_seed = self.next_seed, self.next_seed + runs
        numbers = [str(number) for number in (SECONDS, first, runs)]
        with subprocess.Popen(self.command + numbers, stdout=subprocess.PIPE) as process:
            lines = process.stdout.read().splitlines()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{self.name} failed")
        return [json.loads(line) for line in lines], usage.ru_utime

    def measure(self):
        found, cost = self.run(self.runs)
        self.found += found
        attempts = sum(run["attempts"] for run in found)
        self.speeds.append(attempts / (cost - self.idle) / 1e6)


def span(values, digits):
    """Median and range."""
    middle = f"{statistics.median(values):.{digits}f}"
    return f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def show(rows):
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("   ".join(cells))


def show_speeds(programs):
    ours = programs[-1]
    print(f"W1, {SECONDS} s: millions of attempts a second of user CPU time, each the median of")
    print(f"{len(ours.speeds)} rounds in turn (and its range)\n")
    rows = [("", "million attempts/s", "throttlesim is so many times as fast")]
    for program in programs:
        ratios = [own / other for own, other in zip(ours.speeds, program.speeds)]
        times = "" if program is ours else span(ratios, 2)
        rows.append((program.name, span(program.speeds, 3), times))
    show(rows)


def disagreements(programs):
    """Shows what each program found, and counts where it differs from ours beyond chance."""
    ours, wrong = programs[-1], []
    rows = [["", *(f"{program.name}, {len(program.found)} runs" for program in programs)]]
    for figure, value in FIGURES.items():
        samples = [[value(run) for run in program.found] for program in programs]
        means = [statistics.fmean(sample) for sample in samples]
        # All simulate one and the same thing, so one spread is that of all.
        squares = sum((x - mean) ** 2 for s, mean in zip(samples, means) for x in s)
        spread = math.sqrt(squares / (sum(map(len, samples)) - len(samples)))
        errors = [spread / math.sqrt(len(sample)) for sample in samples]
        row = [figure, *map(WRITTEN[figure], means, errors)]
        grain = GRAIN * means[-1] if figure.startswith("p95") else 0.0
        for place, program in enumerate(programs[:-1]):
            apart = abs(means[place] - means[-1])
            if apart > LIMIT * math.hypot(errors[place], errors[-1]) + grain:
                row[place + 1] += " (!)"
                wrong.append(f"{program.name} and {ours.name} disagree on {figure}")
        rows.append(row)
    print("\nWhat they found, mean ± standard error over runs of different seeds\n")
    show(rows)
    return wrong


def main():
    global ROUNDS, SHARE
    arguments = sys.argv[1:]
    if arguments[0] == "--quick":
        ROUNDS, SHARE, arguments = 2, 0.5, arguments[1:]
    programs = [Program(argument) for argument in arguments]
    for _ in range(ROUNDS):
        for program in programs:
            program.measure()
    show_speeds(programs)
    wrong = disagreements(programs)
    print()
    for line in wrong:
        print(line)
    if wrong:
        sys.exit(1)
    print(f"all agree to within {LIMIT} standard errors (and 1/128 of a 95th percentile)")


if __name__ == "__main__":
    main()
