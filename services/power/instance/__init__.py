"""Dispatch of the caller's own fleet: its words, its checks, its reduction to a stack with stores, its result."""
