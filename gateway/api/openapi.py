"""OpenAPI of the HTTP door, made from the contracts' descriptors and comments; and a page that shows it offline."""

import html
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import FieldDescriptor

from gateway.api.connect import LINES, Method, methods_of
from services.common.access import PUBLIC, rule_of
from services.common.revision import MODEL_VERSION

_SCALARS: Final[dict[int, dict[str, Any]]] = {
    FieldDescriptor.TYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptor.TYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.TYPE_INT64: {"type": "integer", "format": "int64"},
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
}
# Every error has one form: code, message, details.
_ERRORS: Final[dict[str, str]] = {
    "400": "The input is not valid, with every violation of a field; or a state does not allow the call",
    "401": "Nobody is signed in, or the token is not valid",
    "403": "The caller may not do this",
    "404": "What is named is not there",
    "409": "The request id was used with another body",
    "415": "The body is neither application/json nor application/proto",
    "429": "The service is busy, or a quota is used up; Retry-After says when to repeat",
    "503": "A service is not ready; repeat later",
    "504": "The time that the caller allows, in Connect-Timeout-Ms, is too short or has run out",
    "default": "Any other error",
}
_SIGNED_IN: Final[dict[str, dict[str, str]]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of this installation or of its issuer. Not needed where nobody signs in",
    },
}


@lru_cache(maxsize=4)
def openapi(service_names: tuple[str, ...]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the services' methods."""
    comments = _comments()
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for service_name in service_names:
        for name, method in methods_of(service_name).items():
            _add_schema(method.request.DESCRIPTOR, schemas, comments)
            _add_schema(method.response.DESCRIPTOR, schemas, comments)
            paths[method.path] = {
                "post": {
                    "tags": [service_name],
                    "operationId": f"{service_name}.{name}",
                    "summary": comments.get(f"{service_name}.{name}", ""),
                    "security": _who_may(f"/{service_name}/{name}"),
                    "requestBody": {"required": True, "content": _content(method.request.DESCRIPTOR)},
                    "responses": {
                        "200": _reply(method),
                        **{status: {"$ref": f"#/components/responses/{status}"} for status in _ERRORS},
                    },
                }
            }
    schemas["Error"] = {
        "type": "object",
        "properties": {
            "code": {"type": "string", "description": "Connect code, for example invalid_argument"},
            "message": {"type": "string"},
            "details": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "type": {"type": "string"},
                        "value": {"type": "string", "description": "the detail message, base64"},
                        "debug": {"type": "object", "description": "the detail in words: field_violations"},
                    },
                },
            },
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dafeng 达峰", "version": MODEL_VERSION},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                status: {
                    "description": text,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
                }
                for status, text in _ERRORS.items()
            },
            "securitySchemes": _SIGNED_IN,
        },
    }


def _who_may(method: str) -> list[dict[str, list[str]]]:
    """What a call needs beside its body; what roles may do is told by the access table."""
    rule = rule_of(method)
    if rule is not None and rule.act == PUBLIC:
        return []
    return [{"bearer": []}]


def _reply(method: Method) -> dict[str, Any]:
    content = _content(method.response.DESCRIPTOR)
    if not method.streams:
        return {"description": "OK", "content": content}
    return {
        "description": "One JSON message a line, as they come; an error after the first line is the last one",
        "content": {LINES: content["application/json"]},
    }


def api_page(service_names: tuple[str, ...]) -> str:
    """A plain page with every method and message; needs no script and no network."""
    document = openapi(service_names)
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Dafeng API 接口</title>",
        "<link rel=stylesheet href=/api/api.css><h1>达峰 Dafeng API 接口</h1>",
        "<p>POST JSON to the paths below; the same messages go over gRPC. Machine-readable: "
        "<a href=/openapi.json>/openapi.json</a>. 以 JSON 方式 POST 到下列路径；gRPC 使用同样的消息。</p>",
    ]
    for path, item in document["paths"].items():
        post = item["post"]
        request = post["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        (answer,) = post["responses"]["200"]["content"].values()
        reply = answer["schema"]["$ref"].rpartition("/")[2]
        parts.append(
            f"<h2 id='{html.escape(path)}'>{html.escape(path)}</h2><p>{html.escape(post['summary'])}</p>"
            f"<p>request 请求 <a href='#{request}'>{request}</a>, reply 回复 <a href='#{reply}'>{reply}</a></p>"
        )
    for name, schema in document["components"]["schemas"].items():
        rows = "".join(
            f"<tr><td><code>{field}</code><td>{_type_text(prop)}<td>{html.escape(prop.get('description', ''))}"
            for field, prop in schema.get("properties", {}).items()
        )
        enum = ", ".join(schema.get("enum", ()))
        parts.append(
            f"<h3 id='{name}'>{name}</h3><p>{html.escape(schema.get('description', ''))} {enum}</p>"
            f"<table>{rows}</table>"
        )
    return "".join(parts)


API_CSS: Final = (
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse}td{border:1px solid #ccc;padding:.2rem .6rem;vertical-align:top}"
    "h2{font-size:1.1rem}"
)


def _content(descriptor: Any) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{descriptor.full_name}"}}}


def _add_schema(descriptor: Any, schemas: dict[str, Any], comments: dict[str, str]) -> None:
    if descriptor.full_name in schemas:
        return
    schema: dict[str, Any] = {
        "type": "object",
        "description": comments.get(descriptor.full_name, ""),
        "properties": {},
    }
    schemas[descriptor.full_name] = schema
    for field in descriptor.fields:
        prop = dict(_type(field, schemas, comments))
        if field.is_repeated:
            prop = {"type": "array", "items": prop}
        comment = comments.get(field.full_name, "")
        schema["properties"][field.name] = {**prop, "description": comment}


def _type(field: Any, schemas: dict[str, Any], comments: dict[str, str]) -> dict[str, Any]:
    if field.message_type is not None:
        _add_schema(field.message_type, schemas, comments)
        return {"$ref": f"#/components/schemas/{field.message_type.full_name}"}
    if field.enum_type is not None:
        enum = field.enum_type
        schemas[enum.full_name] = {
            "type": "string",
            "description": comments.get(enum.full_name, ""),
            "enum": [v.name for v in enum.values],
        }
        return {"$ref": f"#/components/schemas/{enum.full_name}"}
    return _SCALARS[field.type]


def _type_text(prop: dict[str, Any]) -> str:
    item = prop.get("items", prop)
    name = item["$ref"].rpartition("/")[2] if "$ref" in item else item.get("type", "")
    text = f"<a href='#{name}'>{name}</a>" if "$ref" in item else name
    return f"list of {text}" if prop.get("type") == "array" else text


@lru_cache(maxsize=1)
def _comments() -> dict[str, str]:
    """Comments of services, methods, messages, fields and enums by full name, from the contracts' image."""
    image = descriptor_pb2.FileDescriptorSet.FromString(
        files("dafeng").joinpath("contracts.binpb").read_bytes()
    )
    found: dict[str, str] = {}
    for file in image.file:
        if not file.package.startswith("dafeng."):
            continue
        for location in file.source_code_info.location:
            name = _name_at(file, list(location.path))
            if name:
                found[name] = " ".join(location.leading_comments.split())
    return found


def _name_at(file: Any, path: list[int]) -> str:
    """Full name of what a source location's path points at (messages 4, enums 5, services 6)."""
    if len(path) not in (2, 4) or path[0] not in (4, 5, 6):
        return ""
    outer = {4: file.message_type, 5: file.enum_type, 6: file.service}[path[0]][path[1]]
    name = f"{file.package}.{outer.name}"
    if len(path) == 2:
        return name
    if path[2] != 2:
        return ""
    inner = {
        4: getattr(outer, "field", None),
        5: getattr(outer, "value", None),
        6: getattr(outer, "method", None),
    }
    items = inner[path[0]]
    return f"{name}.{items[path[3]].name}" if items is not None else ""
