"""Messages <-> who asks, nothing else."""

from datetime import UTC, datetime
from typing import Any

from dafeng.identity.v1 import identity_pb2, identity_pb2_grpc
from gateway.settings import ServeSettings
from services.common.access import access_table, may
from services.common.acting import actor
from services.runtime.identity.identity import AUTHORIZATION_KEY, bearer
from services.runtime.identity.tokens import end_of

# The HTTP door says when a browser's session ends.
ENDS_KEY = "dafeng-session-ends"


class IdentityServicer(identity_pb2_grpc.IdentityServiceServicer):
    """Answers dafeng.identity.v1.IdentityService."""

    def __init__(self, settings: ServeSettings) -> None:
        self._settings = settings

    async def WhoAmI(self, request: Any, context: Any) -> Any:
        """The caller, as the gate found it."""
        who, table = actor(), access_table()
        reply = identity_pb2.WhoAmIResponse(
            user_id=who.user_id,
            kind=who.kind if who.known else "",
            scopes=who.scopes,
            acts=[act for act in table.acts if may(who, act)],
            sign_in=self._settings.identity.mode,
            sign_in_path=self._sign_in_path,
            expires_at=_ends(dict(context.invocation_metadata() or ())),
        )
        for name in sorted(who.roles & table.roles.keys()):
            role = reply.roles.add(role_id=name)
            role.label.zh, role.label.en = table.roles[name].zh, table.roles[name].en
        return reply

    @property
    def _sign_in_path(self) -> str:
        """Where a browser goes; none where nobody signs in, and where the issuer knows no client of ours."""
        identity = self._settings.identity
        here = identity.mode == "local" or (identity.mode == "oidc" and identity.client_id)
        return "/sign-in" if here and self._settings.http else ""


def _ends(metadata: dict[str, Any]) -> str:
    given = metadata.get(ENDS_KEY, "")
    token = bearer(metadata.get(AUTHORIZATION_KEY, ""))
    ends = end_of(token) if token else float(given) if str(given).isdigit() else 0.0
    return datetime.fromtimestamp(ends, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if 0 < ends < 1e11 else ""
