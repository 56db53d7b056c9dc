"""The emission-factor library as a service."""
