"""Adequacy of a fleet against its load: loss of load with forced outages, capacity credits, capacity lacking."""
