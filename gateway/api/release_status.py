"""The release status of a reply, told in its trailing metadata: internal unless a servicer says otherwise."""

from typing import Any

from services.common.words import ReleaseStatus
from services.runtime.gates import RELEASE_STATUS_KEY


def tell_status(context: Any, status: ReleaseStatus) -> None:
    """Let the reply of this call carry a status; what else its trailing metadata say stays."""
    others = [(k, v) for k, v in context.trailing_metadata() or () if k != RELEASE_STATUS_KEY]
    context.set_trailing_metadata((*others, (RELEASE_STATUS_KEY, status.value)))
