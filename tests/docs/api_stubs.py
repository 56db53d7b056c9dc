"""Code in Go and Java on a page held against the contracts: packages, types, fields and methods that it names."""

import re

from tests.docs.api_contracts import (
    FILES,
    MESSAGES,
    OF_ERRORS,
    SERVICES,
    all_fields,
    fields_of,
    go_name,
    java_name,
)


def wrong_in_go(text, packages):
    """What a Go source names that is not there; `packages`: import path by contract package."""
    aliases = {
        alias: package
        for alias, path in re.findall(r'^\t(\w+) "([^"]+)"$', text, re.M)
        for package, known_path in packages.items()
        if path == known_path
    }
    imported = re.findall(r'^\t\w+ "(example\.org[^"]+)"$', text, re.M)
    yield from (path for path in imported if path not in packages.values())
    for alias, name in re.findall(r"\b(\w+v1)\.([A-Z]\w*)", text):
        if alias not in aliases:
            yield f"{alias} is not imported"
        elif name not in _go_names(aliases[alias]):
            yield f"{alias}.{name}"
    for found in re.finditer(r"\b(\w+v1)\.([A-Z]\w*)(?=\{)", text):
        message = f"{aliases.get(found[1])}.{found[2]}"
        if message not in MESSAGES:
            continue
        body = _balanced(text, found.end(), "{}").strip()
        body = _balanced(body, 0, "{}") if body.startswith("{") else body
        known = {go_name(f) for f in fields_of(message)}
        yield from (f"{message}: {key}" for key in re.findall(r"(\w+):", _flat(body)) if key not in known)
    getters = {f"Get{go_name(f)}" for f in all_fields()}
    yield from (name for name in re.findall(r"\.(Get[A-Z]\w*)\(\)", text) if name not in getters)
    methods = {m for service in SERVICES.values() for m in service}
    for request in re.findall(r"v1\.(\w+)Request\{", text):
        if request not in methods or f".{request}(" not in text:
            yield f"{request} is not called"


def wrong_in_java(text, packages):
    """What a Java source names that is not there; `packages`: contract package by Java package."""
    classes = {}
    for package, name in re.findall(r"^import ([\w.]+)\.([A-Z]\w*);$", text, re.M):
        contract = "google.rpc" if package == "com.google.rpc" else packages.get(package)
        if contract is None:
            continue
        full = f"{contract}.{name}"
        if full in MESSAGES or full in OF_ERRORS or full.removesuffix("Grpc") in SERVICES:
            classes[name] = full
        else:
            yield f"{package}.{name}"
    used = set(re.findall(r"\b([A-Z]\w*)\.newBuilder\(\)", text)) - {"TlsChannelCredentials"}
    yield from (f"{name} is not imported" for name in used if name not in classes)
    for found in re.finditer(r"\b([A-Z]\w*)\.newBuilder\(\)", text):
        if found[1] in classes:
            known = {java_name(f) for f in fields_of(classes[found[1]])}
            for call in _chain(text, found.end()):
                field = re.fullmatch(r"(?:set|addAll|add)(\w+)", call)
                if call != "build" and (field is None or field[1] not in known):
                    yield f"{found[1]}: {call}"
    fields = {java_name(f) for f in all_fields()}
    for name in re.findall(r"\.(?:get|has)([A-Z]\w*)\(\)", text):
        if name not in fields and re.sub(r"(List|Count)$", "", name) not in fields:
            yield f"get{name}"
    for service in re.findall(r"\b(\w+)Grpc\.newBlockingStub", text):
        methods = {m[0].lower() + m[1:] for m in SERVICES.get(classes.get(f"{service}Grpc", "")[:-4], ())}
        if not any(re.search(rf"\.{m}\(", text) for m in methods):
            yield f"{service} is not called"


def _go_names(package):
    """What Go's generators make of a package."""
    names = set()
    for file in FILES.values():
        if file.package == package:
            names |= {m.name for m in file.message_type}
            names |= {f"{e.name}_{v.name}" for e in file.enum_type for v in e.value}
            names |= {e.name for e in file.enum_type}
            names |= {f"New{s.name}Client" for s in file.service}
    return names


def _balanced(text, start, pair):
    """What stands inside the bracket that opens at `start`."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == pair[0]) - (text[at] == pair[1])
        if not depth:
            return text[start + 1 : at]
    raise AssertionError("a bracket is not closed")


def _flat(text):
    """A text without what stands in its brackets and quotes."""
    while (shorter := re.sub(r'\{[^{}]*\}|"[^"]*"', "", text)) != text:
        text = shorter
    return text


def _chain(text, at):
    """Names of the calls that follow each other from `at` on: .name(...).name(...)"""
    while found := re.compile(r"\s*\.(\w+)(?=\()").match(text, at):
        yield found[1]
        at = found.end() + len(_balanced(text, found.end(), "()")) + 2
