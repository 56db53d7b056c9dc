"""The numeric fields of replies, walked in the contracts: what GetTrace takes as a path."""

from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import FieldDescriptor

from gateway.trace.doors import PROJECT_REPLY
from gateway.trace.roots import ReplyFields
from services.common.recording import kept

_NUMERIC = (
    FieldDescriptor.CPPTYPE_DOUBLE,
    FieldDescriptor.CPPTYPE_FLOAT,
    FieldDescriptor.CPPTYPE_INT32,
    FieldDescriptor.CPPTYPE_INT64,
    FieldDescriptor.CPPTYPE_UINT32,
    FieldDescriptor.CPPTYPE_UINT64,
)
_PROJECTION = "projection."
# What streams tell on the way is no result.
_PROGRESS = "dafeng.common.v1.Progress"


@kept(maxsize=4)
def replies_of(services: tuple[str, ...]) -> dict[str, ReplyFields]:
    """Every reply message of the services with its numeric fields, by full name."""
    pool: Any = descriptor_pool.Default()
    found = {}
    for name in services:
        service = pool.FindServiceByName(name)
        for method in service.methods:
            asks = set(method.input_type.fields_by_name)
            reply = method.output_type
            paths = frozenset(_paths(reply, ()))
            if reply.full_name == PROJECT_REPLY:
                paths = frozenset(p.removeprefix(_PROJECTION) for p in paths)
            area = name.split(".")[1]
            found[reply.full_name] = ReplyFields(paths, area, bool(asks & {"frame", "scenario", "scenarios"}))
    return found


def _paths(message: Any, above: Sequence[str], prefix: str = "") -> Iterator[str]:
    """Paths of numeric fields; [] for any index of a repeated message. A message inside itself is left out."""
    if message.full_name in above or message.full_name == _PROGRESS:
        return
    for field in message.fields:
        if field.message_type is None:
            if field.cpp_type in _NUMERIC:
                yield f"{prefix}{field.name}"
            continue
        many = "[]" if field.is_repeated else ""
        yield from _paths(field.message_type, (*above, message.full_name), f"{prefix}{field.name}{many}.")
