"""The key that signs releases: made on first use, readable by its owner alone."""

import base64
import os
import stat
import threading
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.common.errors import Violation, invalid

FILE_NAME: Final = "release-signing.pem"


class Signer:
    """Signs manifest ids with the key of a folder. The key is read when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._key: Ed25519PrivateKey | None = None
        self._opening = threading.Lock()

    def sign(self, manifest_id: str) -> tuple[str, str]:
        """Signature over the manifest id, and the public key, both base64. DomainError when the key cannot be used."""
        key = self._opened()
        public = key.public_key().public_bytes_raw()
        return _text(key.sign(manifest_id.encode())), _text(public)

    def _opened(self) -> Ed25519PrivateKey:
        with self._opening:
            if self._key is None:
                self._key = _key_of(self._path)
            return self._key


def public_half(folder: Path) -> Ed25519PublicKey:
    """What verifies releases signed with the key of a folder. DomainError when there is no key, or none to be used.

    No key is made here: one of a wrong folder would be handed to the public and have signed nothing.
    """
    path = folder / FILE_NAME
    try:
        there = path.exists()
    except OSError as error:
        raise invalid([Violation("identity.keys", f"cannot be reached: {error}", str(path))]) from None
    if not there:
        text = "no key of releases here yet; it is made when the first result is released"
        raise invalid([Violation("identity.keys", text, str(path), "the key folder of the gateway (--keys)")])
    return _key_of(path).public_key()


def public_pem(key: Ed25519PublicKey) -> bytes:
    """A public key as a file."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _key_of(path: Path) -> Ed25519PrivateKey:
    try:
        if not path.exists():
            _make(path)
        _check_alone(path)
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise invalid(
            [Violation("identity.keys", f"the key of releases cannot be used: {error}", str(path))]
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise invalid(
            [Violation("identity.keys", "the key of releases is of another kind", str(path), "Ed25519")]
        )
    return key


def _make(path: Path) -> None:
    """A new key, which stands under its name only when it is whole; two processes at once agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass  # another process was first: its key counts
    finally:
        beside.unlink()


def _check_alone(path: Path) -> None:
    """ValueError when others on this machine may read or change the key. A mounted secret's group may read it."""
    if path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise ValueError("others may read or change it; chmod 600")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
