"""What results that are kept in files read: data of other subjects may change without their being made again."""

from typing import Final

# First parts of the names of the files that are read; a test holds that nothing else is.
SUBJECTS: Final = ("buildings", "weather", "calendar", "observations")
