"""Axes that all arrays share. [p] places, [y] years, [h] hours; hours come last."""

from typing import Final

BASE_YEAR: Final = 2020
LAST_YEAR: Final = 2060
HOURS: Final = 8760
DAYS: Final = 365
# The calendar of every hourly series: 365 days, 1 January is a Wednesday (Monday = 0).
FIRST_WEEKDAY: Final = 2
SATURDAY: Final = 5
SUNDAY: Final = 6
MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
