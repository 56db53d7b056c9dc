"""The gates of a server, in order: what is told of a call, who asks, whether they may, whether there is room."""

from pathlib import Path
from typing import Final

from gateway.jobs.settings import data_dir
from gateway.settings import ServeSettings
from services.common.errors import Violation, invalid
from services.runtime.gates import Gate, Gates
from services.runtime.identity.access_gate import AccessGate
from services.runtime.identity.identity import CertificateGate, Identity, IdentityGate, vouching_of
from services.runtime.identity.key_folder import KeyFolder
from services.runtime.identity.vouching import Vouching
from services.runtime.logs import logger
from services.runtime.overload.admission import gateway_gate, sector_gate
from services.runtime.overload.deadlines import DeadlineGate
from services.runtime.overload.paces import Paces
from services.runtime.overload.sharing import SharedReplies
from services.runtime.telemetry.gate import TelemetryGate, tell_lines

GATEWAY: Final = "gateway"


def gates_of(
    service: str,
    settings: ServeSettings,
    *,
    identity: Identity | None = None,
    first: tuple[Gate, ...] = (),
    last: tuple[Gate, ...] = (),
) -> Gates:
    """Gates of a service ("gateway" or a sector's id).

    A gateway gives more: `first` hear of every refusal, `last` stand right before the work (the audit log's gates).
    """
    who = identity or identity_of(settings)
    admission = settings.admission
    certificate: tuple[Gate, ...] = ()
    if service != GATEWAY and settings.tls.client_roots is not None:
        certificate = (CertificateGate(settings.tls.gateway_name),)
    outer: tuple[Gate, ...] = (
        TelemetryGate(service),
        *first,
        *certificate,
        IdentityGate(who, of_gateway=service == GATEWAY),
        AccessGate(),
        DeadlineGate(admission),
    )
    if service != GATEWAY:
        gate = sector_gate(admission)
        tell_lines(service, gate.lines.lines)
        return Gates(outer, None, (gate,))
    paces = Paces()
    sharing = SharedReplies(admission.kept_replies_bytes, admission.kept_replies_s)
    one_caller = settings.identity.mode == "open"
    gate = gateway_gate(admission, paces, one_caller=one_caller)
    tell_lines(service, gate.lines.lines)
    return Gates(outer, sharing, (gate, *last), room=gate)


def identity_of(settings: ServeSettings, *, one_process: bool = False) -> Identity:
    """Who asks, by the settings; the gateway and the sectors of one process trust a key that never leaves it."""
    folder = key_folder(settings)
    vouching = Vouching(None) if one_process else vouching_of(settings.identity, folder)
    return Identity(settings.identity, folder, vouching)


def key_folder(settings: ServeSettings) -> Path:
    """The folder of signing keys and users."""
    return Path(settings.identity.keys) if settings.identity.keys else data_dir() / "identity"


def first_keys(settings: ServeSettings) -> None:
    """The folder of keys, made on the first start. Where anybody may come without a token, it may be missing."""
    try:
        KeyFolder(key_folder(settings)).make()
    except OSError as error:
        if settings.identity.mode != "open":
            raise invalid([Violation("identity.keys", str(error), str(key_folder(settings)))]) from None
        logger().warning("no folder of keys", error=str(error))
