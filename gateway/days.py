"""Days and moments as texts in requests: of the calendar, or refused."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_MOMENT = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"


def _real_day(text: str) -> str:
    """The text when its first ten characters are a day of the calendar; "" passes."""
    if text:
        date.fromisoformat(text[:10])
    return text


Day = Annotated[str, Field(pattern=_DAY), AfterValidator(_real_day)]
Moment = Annotated[str, Field(pattern=_MOMENT), AfterValidator(_real_day)]
DayOrNone = Annotated[str, Field(pattern=rf"^$|{_DAY}"), AfterValidator(_real_day)]
