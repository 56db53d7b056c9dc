"""Passenger travel: urban trips and intercity travel by mode; markets of callers."""
