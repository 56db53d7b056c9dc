"""Which queue a call waits in: what its method's row says, or a later one that a service of ours asks for."""

from typing import Final

from services.common.access import CLASSES, CallClass
from services.runtime.gates import CLASS_KEY, Call
from services.runtime.identity.vouching import VOUCHED_KEY

_KNOWN: Final[dict[str, CallClass]] = {name: name for name in CLASSES}
_GATEWAY_ROLE: Final = "gateway"


def class_of(call: Call) -> CallClass:
    """The class of a call. Services may say what their call is for (CLASS_KEY), but never jump a queue by it."""
    own = call.rule.call_class if call.rule is not None else "interactive"
    said = _KNOWN.get(str(call.metadata.get(CLASS_KEY, "")))
    if said is None or own == "light" or CLASSES.index(said) <= CLASSES.index(own) or not _of_ours(call):
        return own
    return said


def _of_ours(call: Call) -> bool:
    """Whether a part of ours calls, on its own or vouching for somebody (which the gate of identity has verified)."""
    return VOUCHED_KEY in call.metadata or call.actor.kind == "service" or _GATEWAY_ROLE in call.actor.roles
