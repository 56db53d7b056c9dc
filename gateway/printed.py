"""Texts of callers that are shown to others: whether they print as they stand."""

import unicodedata
from typing import Final

# Controls, halves of characters, separators of lines; and marks that turn the direction of what follows.
_REFUSED: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS: Final = frozenset({"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"})


def is_printed(text: str) -> bool:
    """Whether a text holds nothing that hides, breaks or turns what stands beside it."""
    return not any(
        unicodedata.category(c) in _REFUSED or unicodedata.bidirectional(c) in _TURNS for c in text
    )
