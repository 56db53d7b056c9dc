"""One projection, one version: what a sector answers from another model or other data is refused, never mixed in.

While replicas are replaced by those of another release, both answer. Each answer says what it was made with.
"""

from services.common.errors import DomainError
from services.common.regions import load_region
from services.common.revision import MODEL_VERSION, revision_of
from services.common.words import Revision

_SHOWN = 12


def check_sector(sector_id: str, told: str) -> None:
    """DomainError(NOT_READY) unless at a sector's address this sector answers: addresses may be mistaken."""
    if told != sector_id:
        raise DomainError(
            "NOT_READY",
            detail=f"at the address given for {sector_id} {told or 'another service'} answers: "
            f"correct sectors.{sector_id} in the gateway's settings (--sector {sector_id}=host:port)",
        )


def check_model(sector_id: str, told: Revision) -> None:
    """DomainError(REVISION_DIFFERS) unless a sector's model is of the gateway's own version."""
    if told.model_version != MODEL_VERSION:
        raise _differs(sector_id, told, Revision(MODEL_VERSION, ""))


def check_data(sector_id: str, told: Revision, region_id: str) -> None:
    """DomainError(REVISION_DIFFERS) unless an answer was made with the gateway's own model and region data."""
    here = revision_of(load_region(region_id))
    if told != here:
        raise _differs(sector_id, told, here)


def _differs(sector_id: str, told: Revision, here: Revision) -> DomainError:
    return DomainError(
        "REVISION_DIFFERS",
        detail=f"{sector_id} answers with model {told.model_version}, data {told.data_revision[:_SHOWN]}; "
        f"the gateway has model {here.model_version}, data {here.data_revision[:_SHOWN]}: "
        "an update is under way, repeat the call when it is done",
    )
