"""Python's collector of cycles in a process that serves: it stops every thread, so it must have little to look at.

A warm service holds millions of objects that stay (regions, catalogues, models). A full collection that walks through
them takes some tenths of a second, in which nothing is answered and nothing refused.
"""

import gc
from typing import Final

# New objects between collections of the youngest, and how many of those until the next generation is looked at too:
# messages come and go by the thousand, and almost none are parts of cycles.
_THRESHOLDS: Final = (10_000, 20, 20)


def keep_what_is_warm() -> None:
    """Leave all that there is now out of later collections; for the end of a start, once."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
