"""The API reference, from the contracts' own comments: a page a package."""

from collections.abc import Iterator
from typing import Any

from docs.site.markdown import cell, code, table
from gateway.api.openapi import openapi
from services.common.access import access_table, rule_of

START = "reference/api/index"
_INTRO = {
    "en": "# API\n\nEvery method over gRPC, and over HTTP by `POST` to the path beside it with the same message as JSON. Made from "
    "the contracts in `proto/dafeng`; a running gateway serves the same at `/api` and `/openapi.json`. Every error is a "
    "`google.rpc.Status` with a reason, violations of fields and a time after which to repeat; over HTTP the same as JSON.\n",
    "zh": "# 接口\n\n各方法均可经 gRPC 调用，也可用 HTTP `POST` 到所列路径，消息相同（JSON）。由 `proto/dafeng` 的合约生成（注释为英文）；运行中的网关"
    "在 `/api` 与 `/openapi.json` 提供同样内容。错误一律为 `google.rpc.Status`，含理由、字段问题与可重试的时间；HTTP 下为同样内容的 JSON。\n",
}
_METHODS = {"en": ("method", "what", "act", "class"), "zh": ("方法", "说明", "权限", "类别")}
_FIELDS = {"en": ("field", "type", "what"), "zh": ("字段", "类型", "说明")}
_PACKAGE = {"en": "Package", "zh": "包"}


def pages(language: str) -> dict[str, str]:
    """Every page by name: the start, and one a package."""
    document = openapi(tuple(access_table().methods))
    schemas: dict[str, dict[str, Any]] = {}
    for name, schema in document["components"]["schemas"].items():
        schemas.setdefault(package_of(name), {})[name] = schema
    methods: dict[str, list[tuple[str, Any]]] = {}
    for path, item in document["paths"].items():
        methods.setdefault(package_of(item["post"]["tags"][0]), []).append((path, item["post"]))
    made = {START: _start(language, methods)}
    for package in sorted({*schemas, *methods}):
        text = _page(language, package, methods.get(package, []), schemas.get(package, {}))
        made[f"reference/api/{package}"] = text
    return made


def names() -> list[str]:
    """Pages in order, the start first."""
    packages = {package_of(service) for service in access_table().methods} | {"common", "errors"}
    return [START, *(f"reference/api/{package}" for package in sorted(packages))]


def package_of(name: str) -> str:
    """dafeng.power.v1.Outcome is of power; what has no package is about errors."""
    parts = name.split(".")
    return parts[1] if len(parts) > 2 else "errors"


def _start(language: str, methods: dict[str, list[tuple[str, Any]]]) -> str:
    rows = []
    for package in sorted(methods):
        for path, post in methods[package]:
            rule = rule_of(path)
            rows.append(
                (f"[{path.rpartition('/')[2]}]({_anchor(path)})", post["summary"], rule.act, rule.call_class)
            )
    lines = [f"| {link} | {cell(what)} | {act} | {kind} |" for link, what, act, kind in rows]
    return _INTRO[language] + "\n" + table(_METHODS[language], []) + "\n".join(lines) + "\n"


def _page(language: str, package: str, methods: list[tuple[str, Any]], schemas: dict[str, Any]) -> str:
    parts = [f"# {_PACKAGE[language]} {package}\n"]
    parts += [_method(path, post) for path, post in methods]
    for name, schema in schemas.items():
        parts += _message(language, name, schema)
    return "\n".join(parts)


def _method(path: str, post: dict[str, Any]) -> str:
    request = _reference(post["requestBody"]["content"]["application/json"]["schema"])
    (answer,) = post["responses"]["200"]["content"].values()
    rule = rule_of(path)
    return (
        f"({_anchor(path)[1:]})=\n\n## {path.rpartition('/')[2]}\n\n`POST {path}`\n\n{_link(request)} → "
        f"{_link(_reference(answer['schema']))} · {rule.act} · {rule.call_class}\n\n{cell(post['summary'])}\n"
    )


def _message(language: str, name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"({name})=\n\n## {name.rpartition('.')[2]}\n\n{cell(schema.get('description', ''))}\n"
    if "enum" in schema:
        yield ", ".join(code(value) for value in schema["enum"]) + "\n"
    rows = [
        f"| {code(field)} | {_type(prop)} | {cell(prop.get('description', ''))} |"
        for field, prop in schema.get("properties", {}).items()
    ]
    if rows:
        yield table(_FIELDS[language], []) + "\n".join(rows) + "\n"


def _anchor(path: str) -> str:
    return "#" + path.strip("/").replace("/", ".")


def _reference(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _link(name: str) -> str:
    return f"[{name.rpartition('.')[2]}](#{name})"


def _type(prop: dict[str, Any]) -> str:
    item = prop.get("items", prop)
    link = _link(_reference(item)) if "$ref" in item else str(item.get("type", ""))
    return f"list of {link}" if prop.get("type") == "array" else link
