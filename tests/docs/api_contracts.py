"""The contracts as they ship, to hold names on pages against; and what generators make of their names."""

import re
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.rpc import error_details_pb2, status_pb2

import dafeng

IMAGE = Path(dafeng.__file__).with_name("contracts.binpb")
FILES = {
    f.name: f
    for f in descriptor_pb2.FileDescriptorSet.FromString(IMAGE.read_bytes()).file
    if f.name.startswith("dafeng/")
}
POOL = descriptor_pool.DescriptorPool()
for _file in descriptor_pb2.FileDescriptorSet.FromString(IMAGE.read_bytes()).file:
    POOL.Add(_file)
MESSAGES = {f"{f.package}.{m.name}": m for f in FILES.values() for m in f.message_type}
SERVICES = {f"{f.package}.{s.name}": {m.name: m for m in s.method} for f in FILES.values() for s in f.service}
OF_ERRORS = {
    m.full_name: m
    for module in (error_details_pb2, status_pb2)
    for m in module.DESCRIPTOR.message_types_by_name.values()
}


def fields_of(message):
    """Names of a message's fields, by its full name; of errors too."""
    if message in MESSAGES:
        return {f.name for f in MESSAGES[message].field}
    return set(OF_ERRORS[message].fields_by_name)


def all_fields():
    """Names of the fields of every message, and of errors'."""
    nested = {f.name for m in OF_ERRORS.values() for one in m.nested_types for f in one.fields}
    return nested | {name for message in (*MESSAGES, *OF_ERRORS) for name in fields_of(message)}


def known(name):
    """Whether a package, message, enum, service or "<service>/<method>" of this full name exists."""
    service, _, method = name.partition("/")
    if method:
        return method in SERVICES.get(service, {})
    packages = {f.package for f in FILES.values()}
    enums = {f"{f.package}.{e.name}" for f in FILES.values() for e in f.enum_type}
    return service in packages or service in MESSAGES or service in SERVICES or service in enums


def request_of(method, body):
    """The request message of "<service>/<method>" parsed from JSON; json_format.ParseError names what is wrong."""
    service, _, name = method.partition("/")
    found = POOL.FindServiceByName(service).FindMethodByName(name).input_type
    return json_format.Parse(body, message_factory.GetMessageClass(found)())


def go_name(field):
    """A field's name in Go."""
    return re.sub(r"_([a-z])", lambda m: m[1].upper(), field[:1].upper() + field[1:])


def java_name(field):
    """A field's name in Java's setters and getters."""
    return re.sub(r"(?:^|_|(?<=\d))([a-z])", lambda m: m[1].upper(), field)
