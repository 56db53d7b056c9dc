"""Settings of the whole suite."""

import os

from hypothesis import HealthCheck, settings

# Gateways of tests keep no batches unless a test gives them a store of its own.
os.environ["DAFENG_STORE"] = "none"

# The usual number of made-up inputs, and many more for who has the time (make test-all).
for name, examples in (("dafeng", 30), ("thorough", 100)):
    settings.register_profile(
        name,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
        max_examples=examples,
    )
settings.load_profile("dafeng")
