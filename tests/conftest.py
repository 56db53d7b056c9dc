"""Settings of the whole suite."""

import os

from hypothesis import HealthCheck, settings

# Gateways of tests keep no batches unless a test gives them a store of its own.
os.environ["DAFENG_STORE"] = "none"

settings.register_profile(
    "dafeng", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("dafeng")
