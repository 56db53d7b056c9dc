"""Known answers: small cases whose result is known from outside the software, computed before a service is ready.

A processor, a compiler or a damaged cache that makes wrong bits is found here, before it makes a number official.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# Relative: different processors round differently, wrong bits differ by more.
TOLERANCE: Final = 1e-9


@dataclass(frozen=True)
class KnownAnswer:
    """What was computed beside what is known; `why` says how it is known."""

    name: str
    found: float
    known: float
    why: str

    @property
    def met(self) -> bool:
        """Whether both are the same within the tolerance."""
        return math.isfinite(self.found) and math.isclose(
            self.found, self.known, rel_tol=TOLERANCE, abs_tol=TOLERANCE if self.known == 0.0 else 0.0
        )

    def __str__(self) -> str:
        return f"{self.name}: computed {self.found!r}, known {self.known!r} ({self.why})"


class WrongAnswersError(Exception):
    """The software computes wrong numbers here: it must not serve."""

    def __init__(self, wrong: Sequence[KnownAnswer]) -> None:
        self.wrong = tuple(wrong)
        super().__init__("; ".join(str(w) for w in wrong))


def check_answers(answers: Sequence[KnownAnswer]) -> int:
    """How many answers were met: all. WrongAnswersError names those that were not."""
    wrong = [a for a in answers if not a.met]
    if wrong:
        raise WrongAnswersError(wrong)
    return len(answers)
