import virtual  # First: it replaces time.sleep.

from amazon_creatorsapi import AmazonCreatorsApi, Country
from amazon_creatorsapi.errors import ItemsNotFoundError, TooManyRequestsError

client = AmazonCreatorsApi(
    "id",
    "secret",
    "2.2",
    "tag-20",
    country=Country.US,
    host=virtual.server,
    auth_endpoint=f"{virtual.server}/oauth2/token",
)


def call(number):
    try:
        client.get_items([f"B{number:09}"])
    except ItemsNotFoundError:
        # An answer without items is a success here.
        pass


virtual.run(call, TooManyRequestsError)
