"""Seeded mutations of serialised messages: bytes, numbers of note, pieces moved, repeated, cut, or taken from others."""

import random
import struct
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor

_DOUBLES: Final = tuple(
    struct.pack("<d", v)
    for v in (
        float("nan"), float("inf"), float("-inf"), -0.0, 1e308, -1e308, 5e-324, -1.0, 1e15, 0.5, 2.0, 1e-12,
    )
)  # fmt: skip
_VARINTS: Final = (
    b"\x00", b"\x01", b"\x7f", b"\x80\x01", b"\xff\xff\xff\xff\x07", b"\x80\x80\x80\x80\x08",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f", b"\x8f\x4e", b"\xe4\x0f",
)  # fmt: skip
_TEXTS: Final = (
    b"\xff\xfe",
    b"\x00",
    "城市".encode(),
    b"=1+1",
    b"../..",
    b"jiangsu",
    b"nanjing",
    b"\n",
    b"'\"<>",
)
_MOST_BYTES: Final = 64 * 1024


def mutated(seed: bytes, other: bytes, chance: random.Random) -> bytes:
    """One to four mutations of `seed`; pieces may come from `other`."""
    data = bytearray(seed)
    for _ in range(1 + min(3, int(chance.expovariate(1.2)))):
        _once(data, other, chance)
        if len(data) > _MOST_BYTES:
            del data[_MOST_BYTES:]
    return bytes(data)


def _once(data: bytearray, other: bytes, chance: random.Random) -> None:
    size = len(data)
    at = chance.randrange(size + 1)
    kind = chance.randrange(10)
    if kind == 0 and size:
        data[at % size] ^= 1 << chance.randrange(8)
    elif kind == 1 and size:
        data[at % size] = chance.randrange(256)
    elif kind == 2:
        value = chance.choice(_DOUBLES)
        data[at : at + 8] = value
    elif kind == 3:
        data[at : at + 1] = chance.choice(_VARINTS)
    elif kind == 4:
        del data[at : at + 1 + chance.randrange(8)]
    elif kind == 5:
        data[at:at] = bytes(chance.randrange(256) for _ in range(1 + chance.randrange(8)))
    elif kind == 6 and size:
        end = min(size, at + 1 + chance.randrange(64))
        data[at:at] = data[at:end] * (1 + chance.randrange(4))
    elif kind == 7 and other:
        start = chance.randrange(len(other))
        data[at:at] = other[start : start + 1 + chance.randrange(64)]
    elif kind == 8:
        text = chance.choice(_TEXTS)
        data[at : at + len(text)] = text
    else:
        del data[at:]


_NUMBERS: Final = (-1, 0, 1, 7, 99, 2019, 2020, 2021, 2060, 2061, 9999, 2**31 - 1, -(2**31))
_WORDS: Final = (
    "",
    " ",
    "x",
    "jiangsu",
    "nanjing",
    "atlantis",
    "*",
    "=1+1",
    "\x00",
    "城" * 300,
    "a/../b",
    "-",
    "2020",
)
_FLOATS: Final = (
    float("nan"), float("inf"), float("-inf"), -0.0, 1e308, -1e308, 5e-324, -1.0, 0.0, 0.5, 1.0, 1.5, 1e15,
)  # fmt: skip


def shaken(message: Any, chance: random.Random) -> bytes:
    """A message that can be read, with one to four of its fields changed to something hard."""
    for _ in range(1 + min(3, int(chance.expovariate(1.2)))):
        _shake(message, chance, 0)
    return bytes(message.SerializeToString())


def _shake(message: Any, chance: random.Random, depth: int) -> None:
    field = chance.choice(message.DESCRIPTOR.fields) if message.DESCRIPTOR.fields else None
    if field is None:
        return
    held = getattr(message, field.name)
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        _shake_part(message, field, held, chance, depth)
        return
    value = _hard(field, chance)
    if not field.is_repeated:
        setattr(message, field.name, value)
    elif held and chance.random() < 0.6:
        held[chance.randrange(len(held))] = value
    elif chance.random() < 0.3:
        del held[chance.randrange(len(held) + 1) :]
    else:
        held.extend([value] * chance.choice((1, 2, 50)))


def _shake_part(message: Any, field: Any, held: Any, chance: random.Random, depth: int) -> None:
    if not field.is_repeated:
        if chance.random() < 0.1 or depth > 8:
            message.ClearField(field.name)
        else:
            _shake(held, chance, depth + 1)
    elif field.message_type.GetOptions().map_entry:
        return
    elif held and chance.random() < 0.8:
        if chance.random() < 0.2:
            held.add().CopyFrom(held[chance.randrange(len(held))])
        _shake(held[chance.randrange(len(held))], chance, depth + 1)
    elif chance.random() < 0.5:
        held.add()
    else:
        message.ClearField(field.name)


def _hard(field: Any, chance: random.Random) -> Any:
    if field.type == FieldDescriptor.TYPE_STRING:
        return chance.choice(_WORDS)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return chance.choice(_TEXTS)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return chance.random() < 0.5
    if field.type == FieldDescriptor.TYPE_DOUBLE:
        return chance.choice(_FLOATS)
    if field.type == FieldDescriptor.TYPE_ENUM:
        return chance.choice((0, 1, 2, 3, 99, -1))
    return chance.choice(_NUMBERS)
