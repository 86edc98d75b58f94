import virtual  # First: it replaces time.sleep.

import boto3
import botocore.config
import botocore.exceptions
import random

client = boto3.client(
    "lambda",
    endpoint_url=virtual.server,
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
)
# Loading the client draws no wait, but it may draw.
random.seed(virtual.seed)
virtual.run(lambda _: client.list_functions(), botocore.exceptions.ClientError)
