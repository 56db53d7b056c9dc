"""Overload through the whole gateway."""
