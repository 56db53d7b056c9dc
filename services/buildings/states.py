"""What a building's envelope can be: the standard it was built to, and the deepest retrofit since."""

from dataclasses import dataclass
from typing import Final

STANDARDS: Final = (
    "pre_standard",
    "saving_30",
    "saving_50",
    "saving_65",
    "saving_75",
    "ultra_low",
    "near_zero",
)
DEPTHS: Final = ("none", "light", "medium", "deep")
PRE_STANDARD, SAVING_30, SAVING_50, SAVING_65, SAVING_75, ULTRA_LOW, NEAR_ZERO = range(len(STANDARDS))
# Buildings below the 65 % level are the pool of retrofits.
RETROFITTABLE: Final = STANDARDS[:SAVING_65]


@dataclass(frozen=True)
class EnvelopeState:
    """One place on the envelope axis e of every stock array."""

    standard: str
    depth: str


# As built first, in the order of STANDARDS, so that states[g] is standard g without a retrofit.
STATES: Final[tuple[EnvelopeState, ...]] = (
    *(EnvelopeState(s, DEPTHS[0]) for s in STANDARDS),
    *(EnvelopeState(s, d) for s in RETROFITTABLE for d in DEPTHS[1:]),
)


def state_index(standard: str, depth: str = DEPTHS[0]) -> int:
    """Place of a state on the axis. ValueError when there is no such state."""
    return STATES.index(EnvelopeState(standard, depth))
