"""A client's sleep that moves the server's clock instead: nobody waits, and every wait is exact.

Import it before the client, whose modules take `time.sleep` when they are imported. Each client
prints one line of JSON: how many of its calls went well, and how many were lost.
"""

import json
import random
import sys
import time
import urllib.request

server, calls, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(seed)
_slept = 0.0


def _sleep(seconds):
    global _slept
    _slept += max(0.0, seconds)
    body = json.dumps({"advance": f"{round(max(0.0, seconds) * 1e9)}ns"}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{server}/_throttlesim/clock", body)).close()


time.sleep = _sleep
time.monotonic = lambda: 1000.0 + _slept


def run(call, lost):
    """Makes one call after the other; `lost` is what the client raises when it gives up."""
    told = {"ok": 0, "lost": 0}
    for number in range(calls):
        try:
            call(number)
            told["ok"] += 1
        except lost:
            told["lost"] += 1
    print(json.dumps(told))
