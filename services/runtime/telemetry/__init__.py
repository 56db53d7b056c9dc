"""Telemetry: metrics, traces, the operator's own port, the self-test."""
