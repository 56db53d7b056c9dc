"""Doors of requests about measures: field names are those of dafeng.abatement.v1."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from gateway.compare.doors import LabelDoor, Name, Years
from services.common.door import open_door
from services.common.errors import DomainError, Violation, near_names
from services.common.power_outcome import DispatchMode
from services.common.scenario import Door, Mode, Scenario, Year

MAX_MEASURES = 40
CO2_METRICS = ("account.with_imported_power_tco2", "account.territorial_tco2", "account.net_tco2")
_SETTINGS_MAX = 1000
_OptionalYear = Annotated[int, Field(ge=0)]


class MeasureHead(Door):
    """A measure without its settings, which are opened as a scenario's."""

    measure_id: Name
    label: LabelDoor = LabelDoor()


class _Heads(Door):
    measures: Annotated[tuple[MeasureHead, ...], Field(strict=False, max_length=MAX_MEASURES)]


class CurveDoor(Door):
    """Of DrawAbatementCurve, beside frame, scenario and measures."""

    year: _OptionalYear = 0
    first_year: _OptionalYear = 0
    last_year: _OptionalYear = 0
    step_years: Annotated[int, Field(ge=1, le=10)] | None = None
    co2_metric_id: Annotated[str, Field(max_length=120)] = ""
    discount_share_per_year: Annotated[float, Field(ge=0, le=0.2)] | None = None
    discount_tonnes: bool = False
    run_limit: Annotated[int, Field(ge=4, le=20000)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    leave_out_unserved: bool = False
    mode: Mode = DispatchMode.UNSPECIFIED


class SynergyDoor(Door):
    """Of AssessSynergy, beside frame, scenario and measures."""

    year: Year | None = None
    years: Years = ()
    co2_metric_id: Annotated[str, Field(max_length=120)] = ""
    mode: Mode = DispatchMode.UNSPECIFIED


def measure_fields(raw: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The measures' settings as scenarios, by the field they stand in, so that every violation is told there."""
    given = raw.get("measures") or ()
    return {
        f"measures[{i}]": {"settings": m.get("settings") or ()} for i, m in enumerate(given[:MAX_MEASURES])
    }


def read_heads(raw: Mapping[str, Any], least: int) -> tuple[tuple[MeasureHead, ...], list[Violation]]:
    """Ids and labels of the measures, and what is wrong with them; ids are unique, settings do not overlap."""
    given = raw.get("measures") or ()
    heads = [{k: v for k, v in m.items() if k != "settings"} for m in given]
    found: list[Violation] = []
    try:
        opened = open_door(_Heads, {"measures": heads}).measures
    except DomainError as error:
        opened, found = (), list(error.violations)
    if len(given) < least:
        text = "there is nothing to assess: name measures"
        found.append(Violation("measures", text, str(len(given)), f"{least} to {MAX_MEASURES}"))
    return opened, found + _overlaps(given) + _settings_count(raw, given)


def co2_violations(raw: Mapping[str, Any]) -> list[Violation]:
    """A metric that does not count all CO2."""
    given = raw.get("co2_metric_id") or ""
    if not given or given in CO2_METRICS:
        return []
    text = f"no metric of all CO2{near_names(str(given), CO2_METRICS)}"
    return [Violation("co2_metric_id", text, str(given), ", ".join(CO2_METRICS))]


def _settings_count(raw: Mapping[str, Any], given: Any) -> list[Violation]:
    own = (raw.get("scenario") or {}).get("settings") or ()
    count = len(own) + sum(len(m.get("settings") or ()) for m in given)
    if count <= _SETTINGS_MAX:
        return []
    return [Violation("measures", "too many settings in all", str(count), f"up to {_SETTINGS_MAX}")]


def _overlaps(given: Any) -> list[Violation]:
    found: list[Violation] = []
    ids: dict[Any, int] = {}
    levers: dict[tuple[Any, Any], int] = {}
    for i, measure in enumerate(given):
        name = measure.get("measure_id")
        if name in ids or name == "all":
            text = "another measure has this id" if name in ids else "this id stands for all measures"
            found.append(Violation(f"measures[{i}].measure_id", text, str(name)))
        ids[name] = i
        if not measure.get("settings"):
            found.append(Violation(f"measures[{i}].settings", "a measure needs at least one setting"))
        for k, setting in enumerate(measure.get("settings") or ()):
            key = (setting.get("lever_id"), setting.get("place", ""))
            if levers.setdefault(key, i) != i:
                text = f"measures[{levers[key]}] sets this lever too: join the two measures"
                found.append(Violation(f"measures[{i}].settings[{k}]", text, str(key[0])))
    return found


def with_measures(scenario: Scenario, measures: tuple[Scenario, ...]) -> Scenario:
    """The scenario with the settings of measures, which replace its own of the same lever and city."""
    own = {(s.lever_id, s.place): s for s in scenario.settings}
    own |= {(s.lever_id, s.place): s for m in measures for s in m.settings}
    return scenario.model_copy(update={"settings": tuple(own.values())})
