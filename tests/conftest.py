"""Settings of the whole suite."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "dafeng", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("dafeng")
