"""How much module a roof gets: what is usable, what was asked for, by which meaning of coverage."""

from dataclasses import dataclass
from typing import Any, Final

from services.buildings.roofs.doors import Roof
from services.buildings.roofs.pv_yield import LEAVES, Plane
from services.common.errors import Violation
from services.common.regions import Region

OVER_ROOF: Final = "module_over_roof"
OVER_USABLE: Final = "module_over_usable"
OF_BUILDINGS: Final = "buildings"
_NOISE: Final = 1e-12


@dataclass(frozen=True)
class Cover:
    """A roof and the modules on it."""

    module_m2: float
    most_module_m2: float  # what the usable roof can hold
    whole_m2: float  # what coverage is counted over
    basis: str
    coverage_share: float  # reached
    capped: bool
    plane: Plane


def cover(region: Region, roof: Roof, where: str) -> tuple[Cover | None, list[Violation]]:
    """The cover of a roof, or what is wrong with it."""
    kind = _kind(region, roof)
    flush = roof.flush if roof.flush is not None else bool(kind.get("flush", 0))
    usable = roof.usable_share if roof.usable_share is not None else kind.get("usable_share")
    mounting = "flush" if flush else "tilted"
    module = roof.module_share_of_usable
    if module is None:
        module = kind.get(f"module_share_{mounting}")
    found = []
    if usable is None:
        found.append(_missing(f"{where}.usable_share", roof, mounting))
    if module is None:
        found.append(_missing(f"{where}.module_share_of_usable", roof, mounting))
    if usable is None or module is None:
        return None, found
    most = usable * module * roof.roof_area_m2
    basis = roof.coverage_basis or OVER_ROOF
    whole = most if basis == OF_BUILDINGS else roof.roof_area_m2 * (usable if basis == OVER_USABLE else 1.0)
    wanted = most if roof.coverage_share is None else roof.coverage_share * whole
    fitted = min(wanted, most)
    reached = fitted / whole if whole > 0 else 0.0
    capped = wanted > most * (1 + _NOISE)
    if basis == OF_BUILDINGS:
        reached, whole = (1.0 if roof.coverage_share is None else roof.coverage_share), roof.roof_area_m2
    return Cover(fitted, most, whole, basis, reached, capped, _plane(region, roof, kind, flush)), []


def _kind(region: Region, roof: Roof) -> dict[str, Any]:
    """Figures of the roof's kind; those it does not have are left out (NaN is not itself)."""
    if not roof.roof_kind:
        return {}
    row = region.table("buildings/roof_kinds").by("roof_kind")[roof.roof_kind]
    return {name: value for name, value in row.items() if value == value}


def _plane(region: Region, roof: Roof, kind: dict[str, Any], flush: bool) -> Plane:
    read = region.leaves(LEAVES)
    usual = kind.get("tilt_deg", read["tilt_deg"].number())
    return Plane(
        roof.azimuth_deg if roof.azimuth_deg is not None else read["azimuth_deg"].number(),
        roof.tilt_deg if roof.tilt_deg is not None else usual,
        flush,
    )


def _missing(field: str, roof: Roof, mounting: str) -> Violation:
    why = f"a {roof.roof_kind} roof has no usual value for {mounting} modules" if roof.roof_kind else ""
    return Violation(
        field, why or "give it, or a roof_kind that has it", roof.roof_kind or "no roof_kind", "0 to 1"
    )
