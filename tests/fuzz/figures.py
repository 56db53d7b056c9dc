"""What came of the messages: counts, and the first messages that went wrong, to be found again."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor

_MOST_KEPT: Final = 40
REFUSED: Final = "refused"
ANSWERED: Final = "answered"
PASSED: Final = "passed to the calculation"
UNREADABLE: Final = "unreadable"
CRASHES: Final = "crashes"
UNKNOWN: Final = "UNKNOWN"
HANGS: Final = "hangs"
NON_FINITE: Final = "non-finite"
NEVER: Final = (CRASHES, UNKNOWN, HANGS, NON_FINITE)


@dataclass
class Figures:
    """Counts by outcome."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def tell(self, outcome: str, where: str, data: bytes = b"", why: str = "") -> None:
        """One message and what came of it."""
        self.counts[outcome] += 1
        if outcome in NEVER and len(self.wrong) < _MOST_KEPT:
            self.wrong.append(f"{outcome}: {where} {data[:4000].hex()} {why}")

    def add(self, other: "Figures") -> None:
        """Those of another run too."""
        self.counts += other.counts
        self.wrong += other.wrong

    @property
    def total(self) -> int:
        """Messages."""
        return self.counts.total()

    @property
    def well(self) -> bool:
        """Nothing that must never be."""
        return not any(self.counts[name] for name in NEVER)

    def line(self, name: str) -> str:
        """The counts in a line."""
        told = [UNREADABLE, REFUSED, PASSED, ANSWERED]
        parts = [f"{self.counts[k]:,} {k}" for k in told if self.counts[k]]
        parts += [f"{self.counts[k]} {k}" for k in NEVER]
        return f"{name}: {self.total:,} messages: " + ", ".join(parts)


def non_finite(message: Any, where: str = "") -> Iterator[str]:
    """Fields of a reply that hold NaN or an infinity."""
    for found, value in message.ListFields():
        place = f"{where}.{found.name}"
        if found.type == FieldDescriptor.TYPE_MESSAGE:
            if found.message_type.GetOptions().map_entry:
                continue
            for item in value if found.is_repeated else (value,):
                yield from non_finite(item, place)
        elif found.type == FieldDescriptor.TYPE_DOUBLE and not all(
            map(math.isfinite, value if found.is_repeated else (value,))
        ):
            yield place
