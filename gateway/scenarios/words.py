"""Words of kept scenarios (dafeng.scenarios.v1, same names), and the text that gives a scenario its id."""

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from services.common.scenario import Frame, Scenario
from services.common.words import Revision

MOST_KEPT: Final = 5_000
"""Scenarios of one owner that are not deleted."""


@dataclass(frozen=True)
class SavedScenario:
    """A scenario that is kept."""

    scenario_id: str
    frame: Frame
    scenario: Scenario
    saved_at: str
    revision: Revision
    owner: str
    scope: str = ""

    @property
    def token(self) -> str:
        """Where a page ended that ends with it: two owners may keep the same."""
        return f"{self.scenario_id}:{self.owner}"


@dataclass(frozen=True)
class Opened:
    """A scenario that was found, and the version of code and data here."""

    saved: SavedScenario
    revision_now: Revision


def text_of(frame: Frame, scenario: Scenario) -> str:
    """The canonical text: the same frame and scenario give the same text."""
    plain = {"frame": frame.model_dump(mode="json"), "scenario": scenario.model_dump(mode="json")}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def id_of(text: str) -> str:
    """SHA-256 (hex) of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_text(text: str) -> tuple[Frame, Scenario]:
    """Frame and scenario of a canonical text that has its id."""
    plain = json.loads(text)
    return Frame.model_validate(plain["frame"]), Scenario.model_validate(plain["scenario"])
