"""Signed tokens (JWT): made with this installation's keys, and read with the algorithm, issuer and audience fixed."""

import hashlib
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.common.errors import DomainError
from services.runtime.identity.key_folder import SigningKey

ALGORITHM: Final = "EdDSA"
LOCAL_ISSUER: Final = "dafeng-local"
GATEWAY_ISSUER: Final = "dafeng-gateway"
# Clocks of two machines differ by no more than this, s.
LEEWAY_SECONDS: Final = 10
MOST_TOKEN_BYTES: Final = 12 * 1024
_MOST_KEPT: Final = 20_000
_NEEDED: Final = ("iss", "aud", "sub", "iat", "exp")

T = TypeVar("T")
Lookup = Callable[[str], Ed25519PublicKey | None]


@dataclass(frozen=True)
class Expected:
    """What a token must say of itself."""

    issuer: str
    audience: str
    most_seconds: int
    algorithms: tuple[str, ...] = (ALGORITHM,)
    leeway_seconds: int = LEEWAY_SECONDS


def refused() -> DomainError:
    """The one refusal of whatever is wrong with a token: it tells nobody which part was right."""
    return DomainError("UNAUTHENTICATED")


def make_token(
    key: SigningKey, issuer: str, audience: str, subject: str, seconds: float, /, **claims: Any
) -> str:
    """A token for a subject that ends after so many seconds."""
    now = int(time.time())
    body = {
        "iss": issuer,
        "aud": audience,
        "sub": subject,
        "iat": now,
        "exp": now + int(seconds),
        "jti": uuid.uuid4().hex,
        **claims,
    }
    return jwt.encode(body, key.private, algorithm=ALGORITHM, headers={"kid": key.key_id})


def read_token(token: str, key: Any, expected: Expected) -> Mapping[str, Any]:
    """The claims of a token. The one refusal when anything at all is wrong with it."""
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(expected.algorithms),
            audience=expected.audience,
            issuer=expected.issuer,
            leeway=expected.leeway_seconds,
            options={"require": list(_NEEDED), "strict_aud": False},
        )
        sound = 0 < claims["exp"] - claims["iat"] <= expected.most_seconds and bool(claims["sub"])
    except Exception:  # whatever a crafted token makes a parser raise
        raise refused() from None
    if not sound:
        raise refused()
    return claims


def key_id_of(token: str) -> str:
    """The key that a token says it is signed with; "" when it says none. Nothing of it is verified yet."""
    try:
        found = jwt.get_unverified_header(token).get("kid", "")
    except Exception:
        raise refused() from None
    return found if isinstance(found, str) else ""


def end_of(token: str) -> float:
    """When a token that was verified ends (seconds since 1970)."""
    try:
        return float(jwt.decode(token, options={"verify_signature": False})["exp"])
    except Exception:
        return 0.0


def read_signed(token: str, public: Lookup, expected: Expected) -> Mapping[str, Any]:
    """The claims of a token that one of our keys signed."""
    key = public(key_id_of(token))
    if key is None:
        raise refused()
    return read_token(token, key, expected)


class Kept(Generic[T]):
    """What tokens said, by their hash, until they end: a signature is checked once."""

    def __init__(self) -> None:
        self._found: dict[bytes, tuple[float, T]] = {}

    @staticmethod
    def name(token: str) -> bytes:
        """What a token is known by; the token itself is not kept."""
        return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()

    def get(self, name: bytes) -> T | None:
        """What the token said, when it was read before and has not ended."""
        found = self._found.get(name)
        return found[1] if found is not None and found[0] > time.time() else None

    def put(self, name: bytes, ends: float, said: T) -> None:
        """Keep it; when too many are kept, all begin anew."""
        if len(self._found) >= _MOST_KEPT:
            self._found.clear()
        self._found[name] = (ends, said)

    def forget(self) -> None:
        """Read all again: keys have changed."""
        self._found.clear()
