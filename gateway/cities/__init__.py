"""Cities of a region: breakdown of provincial targets, balance of plans, yearly tasks."""
