"""Hours of the model's year as a clock shows them: 365 days, Beijing time."""

from datetime import date, timedelta
from typing import Final

_FIRST_DAY: Final = date(2025, 1, 1)  # any year without a leap day
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clock_text(hour: int, language: str) -> str:
    """An hour of the year, 0 to 8,759."""
    day, clock = _FIRST_DAY + timedelta(days=hour // 24), hour % 24
    if language == "zh":
        return f"{day.month}月{day.day}日{clock}时"
    return f"{day.day} {_MONTHS[day.month - 1]} {clock:02d}:00–{clock + 1:02d}:00"
