"""Wire, limits, health and logs, the same for every service."""
