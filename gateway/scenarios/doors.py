"""Doors of kept scenarios (dafeng.scenarios.v1, same names), and what a name may hold."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from gateway.printed import is_printed
from services.common.errors import Violation
from services.common.scenario import Door

LEAST_PREFIX: Final = 12
ID_LENGTH: Final = 64
MOST_NAME: Final = 120


class GetScenarioRequest(Door):
    """A scenario by its id, or by the beginning of it."""

    scenario_id: Annotated[str, Field(pattern=rf"^[0-9a-f]{{{LEAST_PREFIX},{ID_LENGTH}}}$")]


class DeleteScenarioRequest(Door):
    """A scenario by its whole id."""

    scenario_id: Annotated[str, Field(pattern=rf"^[0-9a-f]{{{ID_LENGTH}}}$")]


class ListSavedScenariosRequest(Door):
    """A page of the scenarios of a region."""

    region: Annotated[str, Field(min_length=1, max_length=60)]
    page_size: Annotated[int, Field(ge=0, le=500)] = 0
    page_token: Annotated[str, Field(pattern=rf"^([0-9a-f]{{{ID_LENGTH}}}:[^\x00-\x1f\x7f]{{1,200}})?$")] = ""


def with_clean_name(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario without spaces around its name."""
    name = raw.get("name") or ""
    return {**raw, "name": name.strip() if isinstance(name, str) else name}


def name_violations(name: Any, where: str = "scenario.name") -> list[Violation]:
    """What is wrong with the name of a scenario to be kept, besides what the scenario's own door finds."""
    if not isinstance(name, str):
        return []
    if not name:
        return [Violation(where, "a kept scenario has a name", "", f"1 to {MOST_NAME} characters")]
    if not is_printed(name):
        shown = name.encode("unicode_escape").decode("ascii")[:80]
        return [Violation(where, "holds a control character", shown, "letters, digits, signs and spaces")]
    return []
