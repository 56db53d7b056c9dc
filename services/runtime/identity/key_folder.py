"""The folder of an installation's own secrets: signing keys by id, its owner's alone."""

import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from services.common.errors import Violation, invalid

_ENDING: Final = ".key.pem"
_PUBLIC_ENDING: Final = ".pub.pem"


@dataclass(frozen=True)
class SigningKey:
    """A private key with its id; ids sort by the moment of making, so that the newest is the last."""

    key_id: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        """What verifies its signatures."""
        return self.private.public_key()

    def public_pem(self) -> str:
        """The public half, for services that verify what this one signs."""
        return self.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def make_key() -> SigningKey:
    """A new key; its id begins with the moment (UTC), so that a later key sorts behind."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return SigningKey(f"{moment}-{secrets.token_hex(3)}", Ed25519PrivateKey.generate())


class KeyFolder:
    """Signing keys of this installation. The newest signs; older ones verify until they are removed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = (-1, -1)
        self._keys: dict[str, SigningKey] = {}

    def make(self) -> None:
        """The folder with a first key, unless it is there. Two that start at once end with one folder."""
        if self.path.is_dir():
            if not self.keys():
                self.rotate()
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".identity-", dir=self.path.parent))
        first = make_key()
        write_private(made / f"{first.key_id}{_ENDING}", _pem(first))
        try:
            made.rename(self.path)
        except OSError:
            # Another process was first: its folder counts.
            for file in made.iterdir():
                file.unlink()
            made.rmdir()
            if not self.path.is_dir():
                raise
        self.keys()

    def keys(self) -> Mapping[str, SigningKey]:
        """Keys by id, oldest first. DomainError when the folder or a key can be read by others, or is no key."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return {}
        # The moment of the last change tells of content and of permissions.
        seen = (found.st_ctime_ns, found.st_ino)
        if seen != self._seen:
            check_private(self.path)
            files = sorted(self.path.glob(f"*{_ENDING}"))
            self._keys = {f.name.removesuffix(_ENDING): _read(f) for f in files}
            self._seen = seen
        return self._keys

    def newest(self) -> SigningKey:
        """The key that signs. DomainError when there is none."""
        keys = self.keys()
        if not keys:
            raise invalid(
                [Violation("identity.keys", "no signing key here", str(self.path), "dafeng identity init")]
            )
        return keys[max(keys)]

    def public(self, key_id: str) -> Ed25519PublicKey | None:
        """The public key of an id; None when it is not, or no longer, here."""
        key = self.keys().get(key_id)
        return None if key is None else key.public

    def rotate(self) -> SigningKey:
        """A new key that signs from now on; the others still verify."""
        key = make_key()
        write_private(self.path / f"{key.key_id}{_ENDING}", _pem(key))
        self._seen = (-1, -1)
        return key

    def remove(self, key_id: str) -> None:
        """A key gone: nothing that it signed counts any more. DomainError for the last one, or one not there."""
        keys = self.keys()
        if key_id not in keys:
            raise invalid([Violation("key", "no such key", key_id, ", ".join(keys))])
        if len(keys) == 1:
            raise invalid(
                [Violation("key", "the only key; make another first (dafeng identity rotate)", key_id)]
            )
        (self.path / f"{key_id}{_ENDING}").unlink()
        self._seen = (-1, -1)


class PublicKeys:
    """Public keys of a gateway elsewhere: a file of one, or a folder of `<id>.pub.pem`; read again when it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = -1
        self._keys: dict[str, Ed25519PublicKey] = {}

    def public(self, key_id: str) -> Ed25519PublicKey | None:
        """The public key of an id."""
        try:
            changed = self._path.stat().st_mtime_ns
        except OSError:
            return None
        if changed != self._seen:
            files = sorted(self._path.glob(f"*{_PUBLIC_ENDING}"))
            self._keys = {f.name.removesuffix(_PUBLIC_ENDING): _read_public(f) for f in files}
            self._seen = changed
        return self._keys.get(key_id)


def write_public(keys: Mapping[str, SigningKey], folder: Path) -> list[Path]:
    """The public halves as files that a service elsewhere reads."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for key_id, key in keys.items():
        file = folder / f"{key_id}{_PUBLIC_ENDING}"
        file.write_text(key.public_pem(), "utf-8")
        made.append(file)
    return made


def write_private(file: Path, content: bytes) -> None:
    """A file of its owner alone, there whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def check_private(path: Path) -> None:
    """DomainError when others than its owner can read or change a file or folder.

    What another user (root) put here for us, as a cluster's secrets are, may be read by our group; we cannot mend it.
    """
    found = path.stat()
    ours = found.st_uid == os.geteuid()
    if ours:
        open_to = found.st_mode & 0o077
    elif stat.S_ISDIR(found.st_mode):
        open_to = 0 if found.st_uid == 0 and not os.access(path, os.W_OK) else 0o077
    else:
        open_to = found.st_mode & 0o027
    if open_to:
        text = f"others can reach it (mode {stat.S_IMODE(found.st_mode):04o})"
        mend = f"chmod {'700' if path.is_dir() else '600'} {path}"
        raise invalid([Violation("identity.keys", text, str(path), mend)])


def _pem(key: SigningKey) -> bytes:
    return key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read(file: Path) -> SigningKey:
    check_private(file)
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise invalid([Violation("identity.keys", "not an Ed25519 key in PEM", str(file))])
    return SigningKey(file.name.removesuffix(_ENDING), key)


def _read_public(file: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(file.read_bytes())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise invalid([Violation("identity.gateway_keys", "not an Ed25519 public key in PEM", str(file))])
    return key
