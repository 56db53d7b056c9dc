"""IEEE Reliability Test System of 1979: units and hourly load, as published.

Source: IEEE RTS Task Force of the Application of Probability Methods Subcommittee, "IEEE Reliability Test System",
IEEE Transactions on Power Apparatus and Systems PAS-98 (6), 1979, pp. 2047-2054, tables 1 to 5 (load in % of the annual
peak by week, of the weekly peak by day, of the daily peak by hour) and 6 (units). Exact indices of the hourly load:
Allan, Billinton and Abdel-Gawad, "The IEEE Reliability Test System - extensions to and evaluation of the generating
system", IEEE Transactions on Power Systems 1 (4), 1986: LOLE 9.3942 h/yr and 1.3689 d/yr, EENS 1,176.3 MWh/yr.
"""

import numpy as np

from services.power.adequacy.case import AdequacyUnit

PEAK_MW = 2850.0
LOLE_HOURS, LOLD_DAYS, EENS_MWH = 9.3942, 1.3689, 1176.3

# MW: (number of units, forced outage rate).
UNITS = {
    12: (5, 0.02),
    20: (4, 0.10),
    50: (6, 0.01),
    76: (4, 0.02),
    100: (3, 0.04),
    155: (4, 0.04),
    197: (3, 0.05),
    350: (1, 0.08),
    400: (2, 0.12),
}

# fmt: off
WEEKS = (
    86.2, 90.0, 87.8, 83.4, 88.0, 84.1, 83.2, 80.6, 74.0, 73.7, 71.5, 72.7, 70.4,
    75.0, 72.1, 80.0, 75.4, 83.7, 87.0, 88.0, 85.6, 81.1, 90.0, 88.7, 89.6, 86.1,
    75.5, 81.6, 80.1, 88.0, 72.2, 77.6, 80.0, 72.9, 72.6, 70.5, 78.0, 69.5, 72.4,
    72.4, 74.3, 74.4, 80.0, 88.1, 88.5, 90.9, 94.0, 89.0, 94.2, 97.0, 100.0, 95.2,
)
DAYS = (93, 100, 98, 96, 94, 77, 75)  # Monday to Sunday

# Hours from midnight, by season and kind of day.
WINTER_WEEKDAY = (
    67, 63, 60, 59, 59, 60, 74, 86, 95, 96, 96, 95,
    95, 95, 93, 94, 99, 100, 100, 96, 91, 83, 73, 63,
)
WINTER_WEEKEND = (
    78, 72, 68, 66, 64, 65, 66, 70, 80, 88, 90, 91,
    90, 88, 87, 87, 91, 100, 99, 97, 94, 92, 87, 81,
)
SUMMER_WEEKDAY = (
    64, 60, 58, 56, 56, 58, 64, 76, 87, 95, 99, 100,
    99, 100, 100, 97, 96, 96, 93, 92, 92, 93, 87, 72,
)
SUMMER_WEEKEND = (
    74, 70, 66, 65, 64, 62, 62, 66, 81, 86, 91, 93,
    93, 92, 91, 91, 92, 94, 95, 95, 100, 93, 88, 80,
)
SPRING_WEEKDAY = (
    63, 62, 60, 58, 59, 65, 72, 85, 95, 99, 100, 99,
    93, 92, 90, 88, 90, 92, 96, 98, 96, 90, 80, 70,
)
SPRING_WEEKEND = (
    75, 73, 69, 66, 65, 65, 68, 74, 83, 89, 92, 94,
    91, 90, 90, 86, 85, 88, 92, 100, 97, 95, 90, 85,
)
# fmt: on


def units():
    """The 32 units in nine classes, 3,405 MW."""
    return tuple(AdequacyUnit(f"u{mw}", float(mw), q, n) for mw, (n, q) in UNITS.items())


def load_mw():
    """The load of 52 weeks from Monday, 8,736 h."""
    days = []
    for week, weekly in enumerate(WEEKS, start=1):
        if week <= 8 or week >= 44:
            kinds = (WINTER_WEEKDAY, WINTER_WEEKEND)
        elif 18 <= week <= 30:
            kinds = (SUMMER_WEEKDAY, SUMMER_WEEKEND)
        else:
            kinds = (SPRING_WEEKDAY, SPRING_WEEKEND)
        for day, daily in enumerate(DAYS):
            hourly = np.array(kinds[day >= 5], dtype=float)
            days.append(PEAK_MW * weekly / 100 * daily / 100 * hourly / 100)
    return np.concatenate(days)
