import virtual  # First: it replaces time.sleep.

import urllib3

retries = urllib3.Retry(total=5, backoff_factor=1, status_forcelist=[429, 500, 502, 503, 504])
pool = urllib3.PoolManager(retries=retries)
virtual.run(
    lambda _: pool.request("GET", f"{virtual.server}/things"), urllib3.exceptions.MaxRetryError
)
