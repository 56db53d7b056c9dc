"""A valid request, or nearly so, for every method of every service: what mutations start from."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor

from gateway.api.connect import import_contract
from gateway.api.services import SERVICES
from services.runtime.sectors import sectors

_EXAMPLES: Final = Path(__file__).resolve().parents[2] / "docs" / "examples"
_DEEPEST: Final = 6
SECTOR_CONTRACT: Final = "dafeng.sector.v1.SectorService"
# What a field of this name may hold.
_WORDS: Final[dict[str, Any]] = {
    "region": "jiangsu",
    "baseline": "planned",
    "weather_year": "normal",
    "last_year": 2031,
    "first_year": 2021,
    "as_of_year": 2023,
    "factor_set": "",
    "release_id": "0" * 24,
    "supersedes": "",
    "scenario_id": "0" * 64,
    "outcome": "refused",
    "business_date": "2025-01-31",
    "date": "2025-01-31",
    "recorded_at": "2025-01-31T08:00:00Z",
    "rule": "gdp",
    "overdraft": "none",
    "carry_cap_share": "0.1",
    "borrow_cap_share": "0.1",
    "kind": "issue",
    "format": "csv",
    "weather_years": "normal",
    "co2_metric_id": "account.territorial_tco2",
    "lever_id": "buildings.heat_pump_share_new",
    "place": "",
    "metric_id": "energy.co2",
    "year": 2030,
    "years": 2030,
    "batch_id": "b-000000000000000000000000",
    "request_id": "fuzz",
    "language": "zh",
    "launcher": "",
    "resume_token": "",
    "page_token": "",
    "member_count": 8,
}
# Requests that are kept among the examples.
_KEPT: Final = {
    "dafeng.buildings.v1.SimulateZoneRequest": "zone_nanjing_75",
    "dafeng.buildings.v1.EstimateRooftopPvRequest": "roofs_suzhou",
    "dafeng.transport.v1.SplitModesRequest": "modes_nantong",
    "dafeng.transport.v1.ChargingProfileRequest": "charging_suzhou",
    "dafeng.power.v1.AssessAdequacyRequest": "rts79",
    "dafeng.solve.v1.SolveRequest": "solve_jiangsu",
}
_FRAME: Final = {"region": "jiangsu", "last_year": 2031}
_SCENARIO: Final = {
    "baseline": "planned",
    "settings": [{"lever_id": "buildings.heat_pump_share_new", "years": [2030], "values": [0.5]}],
}
_ASKED: Final = {"frame": _FRAME, "scenario": _SCENARIO}
_UNIT: Final = {"unit_id": "a", "capacity_mw": 100.0, "forced_outage_share": 0.05, "count": 2}
# Requests that lead to an answer; a field that the contract does not have is left out.
_SOUND: Final[dict[str, Any]] = {
    "CompareRequest": {"frame": _FRAME, "scenarios": [_SCENARIO, {"baseline": "planned"}]},
    "CompareScenariosRequest": {"frame": _FRAME, "scenarios": [_SCENARIO, {"baseline": "planned"}]},
    "ReportCostRequest": {"frame": _FRAME, "scenarios": [_SCENARIO]},
    "CreateBatchRequest": {
        "request_id": "fuzz",
        "spec": {**_ASKED, "years": [2030], "random": {"method": 1, "member_count": 4, "seed": 1}},
    },
    "AssessAdequacyRequest": {
        "step_hours": 1.0,
        "load_mw": [80.0 + h for h in range(24)],
        "units": [_UNIT],
        "standard_hours": 3.0,
    },
    "DispatchRequest": {
        "with_steps": True,
        "instance": {
            "load_mw": [100.0, 120.0, 90.0, 110.0],
            "series": [{"series_id": "sun", "values": [0.0, 0.5, 1.0, 0.2]}],
            "generators": [
                {"generator_id": "a", "capacity_mw": 300.0, "cost_cny_per_mwh": 300.0},
                {"generator_id": "b", "capacity_mw": 80.0, "availability_series": "sun", "variable": True},
            ],
            "storages": [
                {
                    "storage_id": "s",
                    "charge_mw": 20.0,
                    "discharge_mw": 20.0,
                    "energy_mwh": 40.0,
                    "charge_efficiency_share": 0.93,
                    "discharge_efficiency_share": 0.93,
                }
            ],
            "reserve": {"load_share": 0.05, "shortage_cost_cny_per_mwh": 1000.0},
        },
    },
}
_SOUND["DispatchStreamRequest"] = {"request": _SOUND["DispatchRequest"]}


@dataclass(frozen=True)
class Target:
    """A method with its classes and its seeds as bytes. `sector` is set for the contract that every sector answers."""

    service: str
    name: str
    request: Any
    reply: Any
    streams: bool
    takes_stream: bool
    seeds: tuple[bytes, ...]

    @property
    def path(self) -> str:
        """/service/method"""
        return f"/{self.service}/{self.name}"


@lru_cache(maxsize=1)
def targets() -> tuple[Target, ...]:
    """Every method of the gateway's services, the sectors' own, and the contract they share."""
    own = [e.service for e in sectors() if e.service]
    found = []
    for service in sorted({*(s.name for s in SERVICES), *own, SECTOR_CONTRACT}):
        import_contract(service)
        for method in descriptor_pool.Default().FindServiceByName(service).methods:
            request = message_factory.GetMessageClass(method.input_type)
            found.append(
                Target(
                    service,
                    method.name,
                    request,
                    message_factory.GetMessageClass(method.output_type),
                    bool(method.server_streaming),
                    bool(method.client_streaming),
                    tuple(dict.fromkeys(_seeds(request))),
                )
            )
    return tuple(found)


def _seeds(request: Any) -> list[bytes]:
    """The kept example, everything filled in one way and another, only what names the place, and nothing."""
    found = []
    kept = _KEPT.get(request.DESCRIPTOR.full_name)
    if kept is not None:
        body = json.loads((_EXAMPLES / f"{kept}.json").read_text("utf-8"))
        message = request()
        try:
            json_format.ParseDict(body, message)
            found.append(message.SerializeToString())
        except json_format.ParseError:
            pass  # the example holds a part of a request
    sound = _SOUND.get(request.DESCRIPTOR.name, _ASKED)
    message = request()
    json_format.ParseDict(sound, message, ignore_unknown_fields=True)
    found.append(message.SerializeToString())
    for variant in range(3):
        message = request()
        _fill(message, variant, 0)
        found.append(message.SerializeToString())
    small = request()
    for field in request.DESCRIPTOR.fields:
        if field.name == "frame" and not field.is_repeated:
            small.frame.region, small.frame.last_year = "jiangsu", 2031
        elif field.name == "region":
            small.region = "jiangsu"
    return [*found, small.SerializeToString(), b""]


def _fill(message: Any, variant: int, depth: int) -> None:
    taken = set()
    for field in message.DESCRIPTOR.fields:
        group = field.containing_oneof
        if group is not None and len(group.fields) > 1:
            if group.name in taken or group.fields[variant % len(group.fields)] is not field:
                continue
            taken.add(group.name)
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            if depth >= _DEEPEST:
                continue
            if field.is_repeated:
                if field.message_type.GetOptions().map_entry:
                    continue
                for _ in range(1 + variant % 2):
                    _fill(getattr(message, field.name).add(), variant, depth + 1)
            else:
                getattr(message, field.name).SetInParent()
                _fill(getattr(message, field.name), variant, depth + 1)
            continue
        value = _value(field, variant)
        if field.is_repeated:
            getattr(message, field.name).extend([value] * (1 + variant % 2))
        else:
            setattr(message, field.name, value)


def _value(field: Any, variant: int) -> Any:
    word = _WORDS.get(field.name)
    if field.type == FieldDescriptor.TYPE_STRING:
        return word if isinstance(word, str) else f"x{variant}"
    if field.type == FieldDescriptor.TYPE_BYTES:
        return b"lever_id@2022\n0.5\n"
    if field.type == FieldDescriptor.TYPE_BOOL:
        return bool(variant)
    if field.type == FieldDescriptor.TYPE_ENUM:
        numbers = [v.number for v in field.enum_type.values]
        return numbers[(1 + variant) % len(numbers)]
    if field.type == FieldDescriptor.TYPE_DOUBLE:
        return (0.5, 1.0, 20.0)[variant]
    return word if isinstance(word, int) else variant + 1
