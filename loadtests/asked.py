"""The questions that load tests ask, as messages; projections differ in their lever values unless that is the point."""

import json
import random
from pathlib import Path
from typing import Any, Final

from google.protobuf import json_format

from dafeng.areas.batch import random_design, spec_of
from dafeng.batch.v1 import batch_pb2
from dafeng.buildings.v1 import zone_pb2
from dafeng.client import setting
from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2
from dafeng.transport.v1 import modes_pb2

REGION: Final = "jiangsu"
# What the page asks first after a lever was moved: years to 2030, then fewer.
FIRST_YEARS: Final = (*range(2020, 2031), 2032, 2035, 2040, 2045, 2050, 2055, 2060)
FEW_YEARS: Final = (2025, 2030)
FIRST_FIELDS: Final = ("sectors", "account", "carbon_peaks", "peak_load", "cities")
WHOLE_FIELDS: Final = (*FIRST_FIELDS, "power", "targets", "directions")
LEVERS: Final = (
    "buildings.ultra_low_energy_share_new",
    "industry.electrification_share",
    "transport.nev_sales_share_private_car",
)
_FEW_MEMBERS: Final = 4
_EXAMPLES: Final = Path(__file__).resolve().parents[1] / "docs" / "examples"


def scenario(share: float | None = None) -> common_pb2.Scenario:
    """A scenario with levers of three sectors at one value, at random when none is given."""
    value = random.uniform(0.02, 0.7) if share is None else share
    return common_pb2.Scenario(
        baseline="planned", settings=[setting(lever, {2030: value, 2060: value}) for lever in LEVERS]
    )


def projection(
    years: tuple[int, ...] = FIRST_YEARS,
    fields: tuple[str, ...] = FIRST_FIELDS,
    share: float | None = None,
) -> projection_pb2.ProjectRequest:
    """A projection as the page asks for it."""
    return projection_pb2.ProjectRequest(
        frame=common_pb2.Frame(region=REGION),
        scenario=scenario(share),
        years=years,
        only=projection_pb2.ProjectionChoice(fields=fields, metric_ids=["power.firm_capacity_mw"]),
    )


def mode_split() -> modes_pb2.SplitModesRequest:
    """Markets of a city, one of them of a size of its own."""
    request = json_format.Parse(example("modes_nantong"), modes_pb2.SplitModesRequest())
    if request.freight:
        request.freight[0].turnover_tkm *= random.uniform(0.5, 2.0)
    return request


def zone() -> zone_pb2.SimulateZoneRequest:
    """A zone, with gains of its own."""
    request = json_format.Parse(example("zone_nanjing_75"), zone_pb2.SimulateZoneRequest())
    request.zone.heat_recovery_share = round(random.uniform(0, 0.8), 6)
    return request


def small_batch() -> batch_pb2.BatchSpec:
    """A few draws, at two years."""
    return spec_of(
        REGION, years=(2030, 2035), random=random_design(_FEW_MEMBERS, seed=random.randrange(1, 10**6))
    )


def example(name: str) -> str:
    """A request kept among the examples."""
    return json.dumps(json.loads((_EXAMPLES / f"{name}.json").read_text("utf-8")))


def as_json(message: Any) -> bytes:
    """A message as the page writes it."""
    return json_format.MessageToJson(message, preserving_proto_field_name=True, indent=None).encode()
