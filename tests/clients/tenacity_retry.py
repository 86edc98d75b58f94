import virtual  # First: it replaces time.sleep.

import tenacity
import urllib.error
import urllib.request


@tenacity.retry(
    stop=tenacity.stop_after_delay(10) | tenacity.stop_after_attempt(5),
    wait=tenacity.wait_exponential_jitter(),
)
def call(_):
    urllib.request.urlopen(f"{virtual.server}/things").close()


virtual.run(call, tenacity.RetryError)
