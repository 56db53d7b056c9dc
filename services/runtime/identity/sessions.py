"""Sessions of browsers: a cookie that the gateway signed, ended by idle time, by its token's end, or by signing out.

The cookie holds who signed in, not the token; replicas of a gateway share the key, so any of them reads it. Roles are
read anew where this installation keeps the users. Signing out is known to the replica that heard it; the others know
the cookie until its idle time is over.
"""

import time
import uuid
from dataclasses import dataclass
from typing import Final

from services.common.acting import Actor
from services.runtime.identity.identity import Identity
from services.runtime.identity.readers import Signed
from services.runtime.identity.tokens import GATEWAY_ISSUER, Expected, refused

AUDIENCE: Final = "dafeng-session"
# A cookie is renewed when this share of its idle time has gone.
_RENEW_SHARE: Final = 0.1


@dataclass(frozen=True)
class Session:
    """A browser's session."""

    session_id: str
    signed: Signed
    renewed_at: float


class Sessions:
    """Makes, reads and ends sessions."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._idle_seconds = identity.settings.session_idle_seconds
        self._ended: dict[str, float] = {}

    def open(self, signed: Signed, session_id: str = "") -> str:
        """A cookie for who signed in (again, with the id of the session that is renewed)."""
        who = signed.actor
        seconds = min(self._idle_seconds, max(1.0, signed.ends - time.time()))
        return self._identity.vouching.sign(
            AUDIENCE,
            who.user_id,
            seconds,
            sid=session_id or uuid.uuid4().hex,
            roles=sorted(who.roles),
            scopes=list(who.scopes),
            kind=who.kind,
            until=signed.ends,
            key=signed.key_id,
            issued=signed.issued,
        )

    def read(self, cookie: str) -> Session:
        """The session of a cookie. The one refusal when it is over."""
        expected = Expected(GATEWAY_ISSUER, AUDIENCE, self._idle_seconds + 1, leeway_seconds=0)
        claims = self._identity.vouching.claims(cookie, expected)
        try:
            who = Actor(
                str(claims["sub"]), frozenset(claims["roles"]), tuple(claims["scopes"]), str(claims["kind"])
            )
            signed = Signed(who, float(claims["until"]), str(claims["key"]), int(claims["issued"]))
            session = Session(str(claims["sid"]), signed, float(claims["iat"]))
        except (KeyError, TypeError, ValueError):
            raise refused() from None
        if session.session_id in self._ended or signed.ends <= time.time():
            raise refused()
        return Session(session.session_id, self._identity.reader.still(signed), session.renewed_at)

    def renewed(self, session: Session) -> str:
        """A new cookie when the old one has been used for a while; "" while it is fresh."""
        old = time.time() - session.renewed_at >= _RENEW_SHARE * self._idle_seconds
        return self.open(session.signed, session.session_id) if old else ""

    def end(self, session: Session) -> None:
        """No cookie of this session counts any more."""
        now = time.time()
        self._ended = {k: until for k, until in self._ended.items() if until > now}
        self._ended[session.session_id] = now + self._idle_seconds + 1
