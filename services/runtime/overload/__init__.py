"""Overload: bounded work, short queues by class and caller, deadlines, shared answers, circuit breakers."""
