"""Scenarios side by side, and differences by lever, by sector and by factor."""
