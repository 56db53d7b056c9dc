"""Doors of the audit log (dafeng.audit.v1, same names)."""

from typing import Annotated

from pydantic import Field

from services.common.scenario import Door


class ListEntriesRequest(Door):
    """A page of entries, the newest first."""

    actor: Annotated[str, Field(max_length=200)] = ""
    act: Annotated[str, Field(max_length=200)] = ""
    outcome: Annotated[str, Field(pattern=r"^(begun|done|refused|failed)?$")] = ""
    page_size: Annotated[int, Field(ge=0, le=1000)] = 0
    page_token: Annotated[str, Field(pattern=r"^([1-9][0-9]{0,17})?$")] = ""
