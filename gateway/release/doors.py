"""Doors of release control (dafeng.release.v1, same names): what callers send."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from dafeng.releases import RELEASE_ID_LENGTH
from gateway.printed import is_printed
from services.common.power_outcome import DispatchMode
from services.common.scenario import Door, Mode
from services.common.words import ReleaseStatus

MOST_TITLE: Final = 120
MOST_REASON: Final = 500
USUAL_PAGE: Final = 50


def _printed(text: str) -> str:
    if not is_printed(text):
        raise ValueError("holds a control character; letters, digits, signs and spaces are allowed")
    if text != text.strip():
        raise ValueError("has spaces around it")
    return text


Title = Annotated[str, Field(min_length=1, max_length=MOST_TITLE), AfterValidator(_printed)]
Reason = Annotated[str, Field(min_length=1, max_length=MOST_REASON), AfterValidator(_printed)]
ReleaseId = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{RELEASE_ID_LENGTH}}}$")]
MaybeReleaseId = Annotated[str, Field(pattern=rf"^([0-9a-f]{{{RELEASE_ID_LENGTH}}})?$")]
RegionOrNone = Annotated[str, Field(max_length=60)]
PageSize = Annotated[int, Field(ge=0, le=200)]
State = Annotated[ReleaseStatus, Field(strict=False)]


class SubmitDoor(Door):
    """Fields of SubmitResult besides frame and scenario."""

    title: Title
    reason: Reason
    mode: Mode = DispatchMode.UNSPECIFIED


class ReviewResultRequest(Door):
    """Approve or return."""

    release_id: ReleaseId
    approved: bool = False
    reason: Reason


class ReleaseResultRequest(Door):
    """Release, in place of another one when it is named."""

    release_id: ReleaseId
    reason: Reason
    supersedes: MaybeReleaseId = ""


class WithdrawResultRequest(Door):
    """Withdraw."""

    release_id: ReleaseId
    reason: Reason


class GetReleaseRequest(Door):
    """One release."""

    release_id: ReleaseId
    with_projection: bool = False


class ListReleasesRequest(Door):
    """A page of releases."""

    region: RegionOrNone = ""
    states: Annotated[tuple[State, ...], Field(strict=False, max_length=12)] = ()
    page_size: PageSize = 0
    page_token: MaybeReleaseId = ""


class ListReleasedRequest(Door):
    """A page of released results."""

    region: RegionOrNone = ""
    with_past: bool = False
    page_size: PageSize = 0
    page_token: MaybeReleaseId = ""


class GetReleasedRequest(Door):
    """One released result."""

    release_id: ReleaseId


class ExportReleasedRequest(Door):
    """One released result as a workbook."""

    release_id: ReleaseId
    language: Literal["", "zh", "en"] = ""


def stripped(raw: dict[str, Any]) -> dict[str, Any]:
    """A request without spaces around its title and reason."""
    return {k: v.strip() if k in ("title", "reason") and isinstance(v, str) else v for k, v in raw.items()}
