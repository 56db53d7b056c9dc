"""Requests that schemathesis makes from the published OpenAPI document, to a running gateway's HTTP door.

Half are made from the document as it stands: most hold fields that no message has, and are refused. The other half
hold known fields only, and words that occur (regions, baselines, short spans of years), so that they come further.
"""

import copy
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.common.access import rule_of
from tests.fuzz.figures import ANSWERED, CRASHES, HANGS, NON_FINITE, REFUSED, UNKNOWN, Figures

JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"
# What a caller of ours allows; heavy methods, whose least answer is a series of projections, are ended sooner.
DEADLINE_S: Final = {"heavy": 1.0, "interactive": 4.0, "short": 4.0, "light": 4.0}
# Two cores that others use too.
MARGIN_S: Final = 6.0
# Whatever a caller sends, these may be told: a busy service, one that is away, a deadline that ran out.
_TOLD: Final = (429, 503, 504)
# With sound requests it starts worker processes that would outlive the call; as published it is refused all the same.
AS_PUBLISHED_ONLY: Final = ("/dafeng.batch.v1.BatchService/CreateBatch",)
_CHECKS: Final = [status_code_conformance, content_type_conformance, response_schema_conformance]
# What a field of this name holds in half of the requests.
_WORDS: Final[dict[str, Any]] = {
    "region": {"enum": ["jiangsu", "jiangxi"]},
    "baseline": {"enum": ["planned", "frozen", "reference", ""]},
    "weather_year": {"enum": ["normal", "hot", ""]},
    "first_year": {"enum": [0, 2020, 2021]},
    "last_year": {"enum": [2020, 2021, 2022]},
    "as_of_year": {"enum": [0, 2021]},
    "factor_set": {"enum": [""]},
    "year": {"enum": [2020, 2021, 2022]},
    "years": {"type": "array", "maxItems": 3, "items": {"enum": [2020, 2021, 2022]}},
    "lever_id": {"enum": ["buildings.heat_pump_share_new", "transport.x"]},
    "place": {"enum": ["", "nanjing", "nantong", "x"]},
    "city": {"enum": ["", "nanjing", "x"]},
    "language": {"enum": ["", "zh", "en"]},
    "format": {"enum": ["", "csv", "xlsx"]},
}

_NEEDED: Final = (
    "region",
    "last_year",
    "frame",
    "scenarios",
    "ledger",
    "zone",
    "instance",
    "knobs",
    "goals",
    "plans",
)
_FEW: Final[dict[str, Any]] = {"string": [""], "integer": [0, 1], "number": [0.0, 0.5]}


@dataclass
class Said:
    """Counts by outcome and by HTTP status."""

    figures: Figures = field(default_factory=Figures)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The counts by status."""
        return ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))


def _without_tokens(document: dict[str, Any]) -> None:
    """Made-up tokens are refused at the door, before anything is read: here nobody signs in."""
    document["components"].pop("securitySchemes", None)
    for item in document["paths"].values():
        item["post"].pop("security", None)


def fuzz_over_http(base: str, examples: int, seed_number: int) -> Said:
    """So many requests to every method, half of them as the document has them."""
    document = requests.get(f"{base}/openapi.json", timeout=20).json()
    said = Said()
    with requests.Session() as session:
        for made, least in ((strict(document), _narrow), (strict(document), None)):
            if least is not None:
                least(made)
            else:
                _as_published(made, document)
            _without_tokens(made)
            schema = schemathesis.openapi.from_dict(made)
            for found in schema.get_all_operations():
                operation = found.ok()
                if least is None or operation.path not in AS_PUBLISHED_ONLY:
                    _try(operation, base, session, examples - examples // 2, seed_number, said)
    return said


def strict(document: dict[str, Any]) -> dict[str, Any]:
    """The document with replies that may hold nothing that is not told; what requests hold stands apart, as In.name."""
    made = copy.deepcopy(document)
    schemas = made["components"]["schemas"]
    requested = {f"In.{name}": _renamed(schema) for name, schema in schemas.items()}
    for schema in schemas.values():
        if schema["type"] == "object" and "properties" in schema:
            schema["additionalProperties"] = False
    schemas |= requested
    for item in made["paths"].values():
        _point(item["post"]["requestBody"])
        # Of a stream, each line by itself is checked.
        content = item["post"]["responses"]["200"]["content"]
        content.setdefault(JSON, content.pop(LINES, content.get(JSON)))
    return made


def _renamed(schema: dict[str, Any]) -> dict[str, Any]:
    found = copy.deepcopy(schema)
    _point(found)
    return found


def _point(part: Any) -> None:
    """Every reference in a part of a request points to the messages of requests."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            part["$ref"] = part["$ref"].replace("/schemas/", "/schemas/In.")
        for value in part.values():
            _point(value)
    elif isinstance(part, list):
        for value in part:
            _point(value)


def _narrow(document: dict[str, Any]) -> None:
    """Requests hold fields that there are, those of the first message always, and short lists."""
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        if name.startswith("In.") and "properties" in schema:
            schema["additionalProperties"] = False
            for key, prop in schema["properties"].items():
                schema["properties"][key] = _WORDS.get(key) or _short(prop)
            schema["required"] = [k for k in _NEEDED if k in schema["properties"]]


def _short(prop: dict[str, Any]) -> dict[str, Any]:
    """Short lists; of a plain value its default or one other."""
    if prop.get("type") == "array":
        return {**prop, "items": _short(prop["items"]), "minItems": 1, "maxItems": 2}
    return {"enum": _FEW[prop["type"]]} if prop.get("type") in _FEW else prop


def _as_published(document: dict[str, Any], published: dict[str, Any]) -> None:
    for name, schema in published["components"]["schemas"].items():
        document["components"]["schemas"][f"In.{name}"] = _renamed(schema)


def _try(operation: Any, base: str, session: Any, examples: int, seed_number: int, said: Said) -> None:
    @seed(seed_number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def one(case: Any) -> None:
        _tell(case, base, session, said)

    one()


def _tell(case: Any, base: str, session: Any, said: Said) -> None:
    rule = rule_of(case.operation.path)
    deadline_s = DEADLINE_S[rule.call_class if rule else "light"]
    started = time.monotonic()
    outcome, why = CRASHES, ""
    try:
        reply = case.call(
            base_url=base,
            session=session,
            headers={"Connect-Timeout-Ms": str(int(1e3 * deadline_s))},
            timeout=deadline_s + 2 * MARGIN_S,
        )
        outcome, why = outcome_of(case, reply)
        said.statuses[reply.status_code] = said.statuses.get(reply.status_code, 0) + 1
    except requests.Timeout:
        outcome = HANGS
    except requests.RequestException as error:
        why = repr(error)[:300]
    seconds = time.monotonic() - started
    if seconds > deadline_s + MARGIN_S:
        outcome, why = HANGS, f"{seconds:.1f} s"
    sent = json.dumps(case.body, default=str)[:1500].encode()
    said.figures.tell(outcome, case.operation.path, sent, why)


def outcome_of(case: Any, reply: Any) -> tuple[str, str]:
    """What came of a request, and why that must never be."""
    lines = [v for v in reply.text.split("\n") if v] if _is_lines(reply) else [reply.text]
    told = []
    for line in lines:
        try:
            told.append(json.loads(line, parse_constant=_refuse))
        except ValueError as error:
            return (NON_FINITE if "constant" in str(error) else CRASHES), f"{reply.status_code}: {error}"
    error = (
        told[-1].get("error") if _is_lines(reply) and told else told[-1] if reply.status_code != 200 else None
    )
    if error and error.get("code") == "unknown":
        return UNKNOWN, str(error)[:300]
    if error and error.get("code") in ("internal", "data_loss"):
        return CRASHES, str(error)[:300]
    if any(_non_finite(value) for value in told):
        return NON_FINITE, ""
    wrong = _conforms(case, reply, told, lines)
    if wrong:
        return CRASHES, wrong
    return (REFUSED if error else ANSWERED), ""


def _conforms(case: Any, reply: Any, told: list[Any], lines: list[str]) -> str:
    """What of a reply is not as the document says."""
    checks = _CHECKS if reply.status_code in _TOLD else [*_CHECKS, not_a_server_error]
    one = reply
    for line, value in zip(lines, told, strict=True):
        if _is_lines(reply):
            if "error" in value:
                continue
            one = Response(
                status_code=reply.status_code,
                headers={**reply.headers, "content-type": [JSON]},
                content=line.encode(),
                request=reply.request,
                elapsed=reply.elapsed,
                verify=reply.verify,
            )
        try:
            case.validate_response(one, checks=checks)
        except (FailureGroup, AssertionError) as error:
            parts = getattr(error, "exceptions", (error,))
            return "; ".join(f"{getattr(p, 'title', '')} {getattr(p, 'message', p)}" for p in parts)[:600]
    return ""


def _is_lines(reply: Any) -> bool:
    return any(value.startswith(LINES) for value in reply.headers.get("content-type", ()))


def _refuse(word: str) -> float:
    raise ValueError(f"the constant {word} is no JSON")


def _non_finite(value: Any) -> bool:
    return any(isinstance(v, float) and not math.isfinite(v) for v in _leaves(value))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield value
