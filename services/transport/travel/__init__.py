"""Passenger travel: urban trips by mode (7.1 to 7.4 of the method), intercity travel, markets of callers."""
