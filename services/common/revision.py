"""Version of model and data, as replies carry it."""

from typing import Final

from services.common.regions import Region
from services.common.words import Revision

MODEL_VERSION: Final = "0.1.0"


def revision_of(region: Region) -> Revision:
    """The revision of a result computed on this region's data."""
    return Revision(MODEL_VERSION, region.data_revision)
