"""What a release is proved with, for whoever holds its file: canonical text, digests, signature. Needs no server.

The gateway seals releases with the same functions.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2
from dafeng.release.v1 import release_pb2

RELEASE_ID_LENGTH = 24


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `wrong` is empty when it holds."""

    what: str
    wrong: str = ""


def manifest_text(manifest: release_pb2.ReleaseManifest) -> str:
    """The canonical text: the same manifest gives the same text, in any language that writes shortest doubles."""
    return json.dumps(
        _plain(manifest), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def manifest_id_of(text: str) -> str:
    """SHA-256 (hex) of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(projection: projection_pb2.Projection) -> bytes:
    """The frozen bytes of a projection, whatever its state became later."""
    frozen = projection_pb2.Projection()
    frozen.CopyFrom(projection)
    frozen.release_status = common_pb2.RELEASE_STATUS_INTERNAL
    return frozen.SerializeToString(deterministic=True)


def check(
    release: release_pb2.Release, projection: projection_pb2.Projection, trusted_key: bytes | None = None
) -> list[Finding]:
    """Everything that proves a release, and what does not hold. `trusted_key`: a public key (32 bytes) known before."""
    manifest_id = manifest_id_of(manifest_text(release.manifest))
    found = [
        Finding(
            "清单 manifest",
            "" if manifest_id == release.manifest_id else "its SHA-256 is not the manifest id",
        ),
        Finding(
            "编号 release id",
            "" if release.release_id == manifest_id[:RELEASE_ID_LENGTH] else "does not begin the manifest id",
        ),
        Finding("内容 content", _content_fault(release.manifest, projection)),
    ]
    if not release.signature:
        return [*found, Finding("签名 signature", "there is none: it was not released")]
    if trusted_key is not None:
        same = key_of(release) == trusted_key
        found.append(Finding("公钥 public key", "" if same else "is another key than the one given"))
    return [*found, Finding("签名 signature", _signature_fault(release, manifest_id))]


def fingerprint(public_key: bytes) -> str:
    """SHA-256 (hex) of a public key: what offices tell each other."""
    return hashlib.sha256(public_key).hexdigest()


def key_of(release: release_pb2.Release) -> bytes:
    """The public key that a release names; empty when there is none, or it cannot be read."""
    try:
        return _decoded(release.public_key)
    except ValueError:
        return b""


def _content_fault(manifest: release_pb2.ReleaseManifest, projection: projection_pb2.Projection) -> str:
    if hashlib.sha256(content_of(projection)).hexdigest() != manifest.content_digest:
        return "its SHA-256 is not the manifest's"
    return "" if projection.digest == manifest.result_digest else "its digest is not the manifest's"


def _signature_fault(release: release_pb2.Release, manifest_id: str) -> str:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(release.public_key))
        key.verify(_decoded(release.signature), manifest_id.encode())
    except InvalidSignature:
        return "was not made with this key for this manifest"
    except ValueError as error:
        return f"cannot be read: {error}"
    return ""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def _plain(message: Message) -> dict[str, Any]:
    """The fields that are set, as JSON knows them."""
    found: dict[str, Any] = {}
    for field, value in message.ListFields():
        found[field.name] = [_item(field, v) for v in value] if field.is_repeated else _item(field, value)
    return found


def _item(field: Any, value: Any) -> Any:
    if field.message_type is not None:
        return _plain(value)
    if field.enum_type is not None:
        return field.enum_type.values_by_number[value].name
    return value
