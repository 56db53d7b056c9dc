"""What is found out about a region's folder."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a finding counts; the first three keep a folder from being used."""

    MISSING = "missing"
    """A file, figure, row or city that the models read and nothing else gives."""
    WRONG = "wrong"
    """What cannot be read, or contradicts itself or the rules of units and ranges."""
    NO_SOURCE = "no source"
    """A figure without a listed source, a grade, or how it was derived."""
    DOUBTFUL = "doubtful"
    """Nothing reads it, or it is far from what other regions have, or cities do not add up: to be looked at."""
    FROM_NATION = "from the nation"
    """Other regions have figures of their own; without them the nation's are taken."""
    ESTIMATE = "estimate"
    """Grade C: derived, downscaled or assumed, with the rule that the data name."""


BLOCKING = frozenset({Kind.MISSING, Kind.WRONG, Kind.NO_SOURCE})


@dataclass(frozen=True, order=True)
class Finding:
    """One finding: the file inside the folder, the figure or row ("" for the file as a whole), and what about it."""

    file: str
    what: str
    text: str
    kind: Kind = Kind.WRONG

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(self.text.split()))
