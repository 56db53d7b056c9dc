"""Charging: load shapes by place, what power may move; vehicles of callers."""
