import virtual  # First: it replaces time.sleep.

import urllib.parse
from sp_api.api import Orders
from sp_api.auth import AccessTokenClient
from sp_api.base import SellingApiRequestThrottledException
from sp_api.util import throttle_retry


class Tokens(AccessTokenClient):
    scheme = "http://"
    host = urllib.parse.urlsplit(virtual.server).netloc


orders = Orders(
    credentials={"refresh_token": "seller", "lwa_app_id": "app", "lwa_client_secret": "secret"},
    auth_token_client_class=Tokens,
)
orders.endpoint = virtual.server


@throttle_retry()
def call(_):
    orders.get_orders(CreatedAfter="2026-11-01T00:00:00Z")


virtual.run(call, SellingApiRequestThrottledException)
