"""The contracts as TypeScript for the page: one file a package, made from the descriptors, so that no field is copied
by hand. `python -m gateway.web.contracts FOLDER` writes them.

JSON as services/runtime/json_writer.py writes it: names as in the .proto, enums by name, bytes in base64, every field
present unless it is optional.
"""

import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import FieldDescriptor

from gateway.api.services import SERVICES
from services.runtime.sectors import sectors

_HEAD: Final = "// Made from the contracts by `make page`; not edited by hand.\n"
_NUMBERS: Final = {
    FieldDescriptor.TYPE_DOUBLE,
    FieldDescriptor.TYPE_FLOAT,
    FieldDescriptor.TYPE_INT32,
    FieldDescriptor.TYPE_UINT32,
    FieldDescriptor.TYPE_INT64,
    FieldDescriptor.TYPE_UINT64,
}


def contracts() -> dict[str, str]:
    """The text of each file by its name."""
    own = {e.service for e in sectors() if e.service}
    packages = {service.rpartition(".")[0] for service in {s.name for s in SERVICES} | own}
    files: dict[str, Any] = {}
    for package in sorted(packages):
        module = importlib.import_module(f"{package}.{package.split('.')[1]}_pb2")
        _gather(module.DESCRIPTOR, files)
    by_package: dict[str, list[Any]] = {}
    for file in files.values():
        by_package.setdefault(file.package, []).append(file)
    made = {f"{_short(package)}.ts": _package(package, found) for package, found in by_package.items()}
    made["index.ts"] = _index(sorted(by_package))
    return made


def _gather(file: Any, into: dict[str, Any]) -> None:
    """A file of ours and those that it imports."""
    if file.package.startswith("dafeng.") and file.name not in into:
        into[file.name] = file
        for other in file.dependencies:
            _gather(other, into)


def _short(package: str) -> str:
    return package.split(".")[1]


def _package(package: str, files: Iterable[Any]) -> str:
    ordered = sorted(files, key=lambda f: f.name)
    imports: set[str] = set()
    parts: list[str] = []
    for file in ordered:
        parts += [_enum(e) for e in file.enum_types_by_name.values()]
        parts += [_message(m, package, imports) for m in file.message_types_by_name.values()]
    parts.append(_methods(package, ordered, imports))
    lines = [f"import type * as {name} from './{name}'\n" for name in sorted(imports)]
    return _HEAD + "".join(lines) + "\n" + "\n".join(parts)


def _enum(enum: Any) -> str:
    return f"export type {enum.name} = {' | '.join(repr(v.name) for v in enum.values)}\n"


def _message(message: Any, package: str, imports: set[str]) -> str:
    nested = [_message(m, package, imports) for m in message.nested_types]
    nested += [_enum(e) for e in message.enum_types]
    fields = "".join(
        f"  {f.name}{'?' if f.containing_oneof else ''}: {_type(f, package, imports)}\n"
        for f in message.fields
    )
    return "".join(nested) + f"export interface {message.name} {{\n{fields}}}\n"


def _type(field: Any, package: str, imports: set[str]) -> str:
    if field.message_type is not None:
        name = _named(field.message_type, package, imports)
    elif field.enum_type is not None:
        name = _named(field.enum_type, package, imports)
    elif field.type in _NUMBERS:
        name = "number"
    else:
        name = "boolean" if field.type == FieldDescriptor.TYPE_BOOL else "string"
    return f"{name}[]" if field.is_repeated else name


def _named(kind: Any, package: str, imports: set[str]) -> str:
    name: str = kind.name
    if kind.file.package == package:
        return name
    other = _short(kind.file.package)
    imports.add(other)
    return f"{other}.{name}"


def _methods(package: str, files: Iterable[Any], imports: set[str]) -> str:
    rows = [
        f"  '{service.full_name}/{m.name}': {{ request: {_named(m.input_type, package, imports)}; "
        f"response: {_named(m.output_type, package, imports)}; streams: {str(m.server_streaming).lower()} }}\n"
        for file in files
        for service in (
            descriptor_pool.Default().FindServiceByName(s.full_name) for s in file.services_by_name.values()
        )
        for m in service.methods
        if not m.client_streaming
    ]
    return f"// The calls by path.\nexport interface Methods {{\n{''.join(rows)}}}\n"


def _index(packages: list[str]) -> str:
    names = [_short(p) for p in packages]
    imports = "".join(f"import type * as {n} from './{n}'\n" for n in names)
    methods = " & ".join(f"{n}.Methods" for n in names)
    return f"{_HEAD}{imports}\nexport type {{ {', '.join(names)} }}\nexport type Methods = {methods}\n"


def main(folder: str) -> None:
    """Write the files; those of contracts that are gone are taken away."""
    made = contracts()
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for old in set(out.glob("*.ts")) - {out / name for name in made}:
        old.unlink()
    for name, text in made.items():
        (out / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
