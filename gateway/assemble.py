"""Stage assemble: sectors summed into what power needs, without knowing the sectors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gateway.kernels import peak_by_place
from services.common.arrays import FloatArray
from services.common.axes import DAYS
from services.common.errors import DomainError
from services.common.kept_values import Kept
from services.common.outcome import Outcome
from services.common.power_outcome import ChpHeat, FlexibleDemand, LoadComponent, OnSiteSupply
from services.common.words import LoadShape

# Highest hours of the cities' own load by shapes and energy of a year: levers of power leave them as they are.
_PEAKS: Final[Kept[FloatArray]] = Kept(1024)
# Hourly shares in groups, and the highest of each group: the same for every scenario of a region.
_GROUPED: Final[Kept[tuple[FloatArray, FloatArray]]] = Kept(4)
# A group is the same hour of so many days in a row: such hours are much alike.
_GROUP_DAYS: Final = 14


@dataclass(frozen=True)
class PowerInputs:
    """Annual load, on-site supply, heat and flexible demand of one scenario."""

    loads: tuple[LoadComponent, ...]
    on_site_supplies: tuple[OnSiteSupply, ...]
    chp_heats: tuple[ChpHeat, ...]
    flexible_demands: tuple[FlexibleDemand, ...]

    def fill(self, message: Any, to_message: Callable[[Any, Any], Any]) -> None:
        """Fill the repeated fields of the same names in a message."""
        for name in ("loads", "on_site_supplies", "chp_heats", "flexible_demands"):
            container = getattr(message, name)
            for item in getattr(self, name):
                to_message(item, container.add())

    def shape_digests(self) -> set[str]:
        """Content addresses of the shapes that they name."""
        return (
            {one.shape_digest for one in self.loads}
            | {one.shape_digest for one in self.on_site_supplies}
            | {one.shape_digest for one in self.chp_heats}
            | {one.shape_digest for one in self.flexible_demands}
        )


def assemble(outcomes: Sequence[Outcome], shapes: Mapping[str, LoadShape]) -> PowerInputs:
    """Sum the cities and group electricity by shape. DomainError(BALANCE) for a shape nobody published."""
    loads = []
    for outcome in outcomes:
        by_shape = place_energy_by_shape(outcome)
        for shape_id, energy_mwh in by_shape.items():
            shape = _shape(shapes, shape_id)
            loads.append(
                LoadComponent(
                    f"{outcome.sector}.{shape_id}", shape.cause, shape.digest, energy_mwh.sum(axis=0)
                )
            )
    on_site = tuple(
        OnSiteSupply(
            g.technology,
            _shape(shapes, g.shape_id).digest,
            g.capacity_mw.sum(axis=0),
            g.energy_mwh.sum(axis=0),
        )
        for outcome in outcomes
        for g in outcome.on_site_generations
    )
    heats = tuple(
        ChpHeat(_shape(shapes, h.shape_id).digest, h.chp_heat_gj.sum(axis=0))
        for outcome in outcomes
        for h in outcome.heat_supplies
    )
    flexible = tuple(
        FlexibleDemand(
            f"{outcome.sector}.{f.flexible_load_id}",
            _shape(shapes, f.shape_id).digest,
            f.window_hours,
            f.efficiency_share,
            f.energy_mwh,
            f.power_mw,
            f.feed_in_mw,
        )
        for outcome in outcomes
        for f in outcome.flexible_loads
    )
    return PowerInputs(tuple(loads), on_site, heats, flexible)


def place_energy_by_shape(outcome: Outcome) -> dict[str, FloatArray]:
    """Electricity at the meter by shape, MWh [place, year], in the order in which shapes first appear."""
    found: dict[str, FloatArray] = {}
    for use in outcome.electricity_uses:
        if use.shape_id in found:
            found[use.shape_id] = found[use.shape_id] + use.energy_mwh
        else:
            found[use.shape_id] = use.energy_mwh
    return found


def place_peak_load_mw(
    outcomes: Sequence[Outcome], shapes: Mapping[str, LoadShape], loss_factor: FloatArray
) -> FloatArray:
    """Highest hour of each city's own load with grid losses, MW [place, year]; loss_factor [year] is >= 1."""
    parts = [(sid, mwh) for o in outcomes for sid, mwh in place_energy_by_shape(o).items()]
    energy = np.ascontiguousarray(np.stack([mwh for _, mwh in parts], axis=-1))
    used = [_shape(shapes, sid) for sid, _ in parts]
    digests = "|".join(shape.digest for shape in used)
    keys = [(digests, energy[:, y].tobytes()) for y in range(energy.shape[1])]
    known = [_PEAKS.get(key) for key in keys]
    new = [y for y, found in enumerate(known) if found is None]
    if new:
        shares, highest = _grouped_shares(digests, used)
        made = np.empty((energy.shape[0], len(new)))
        asked = np.ascontiguousarray(energy[:, new])
        peak_by_place(asked, shares, highest, np.empty(shares.shape[0]), np.empty(_GROUP_DAYS), made)
        for i, y in enumerate(new):
            one = made[:, i].copy()
            known[y] = one
            _PEAKS.put(keys[y], one)
    peak = np.stack([found for found in known if found is not None], axis=1)
    return peak * loss_factor


def _grouped_shares(digests: str, used: Sequence[LoadShape]) -> tuple[FloatArray, FloatArray]:
    """Shares [g, k, w] and the highest of each group [k, g]; the last group's days that do not exist have none."""
    known = _GROUPED.get(digests)
    if known is None:
        days = np.stack([shape.hourly_share for shape in used]).reshape(len(used), DAYS, -1)
        missing = np.zeros((len(used), -DAYS % _GROUP_DAYS, days.shape[-1]))
        groups = np.concatenate([days, missing], axis=1).reshape(len(used), -1, _GROUP_DAYS, days.shape[-1])
        by_hour = groups.transpose(1, 3, 0, 2).reshape(-1, len(used), _GROUP_DAYS)
        known = np.ascontiguousarray(by_hour), np.ascontiguousarray(by_hour.max(axis=-1).T)
        _GROUPED.put(digests, known)
    return known


def _shape(shapes: Mapping[str, LoadShape], shape_id: str) -> LoadShape:
    if shape_id not in shapes:
        raise DomainError("BALANCE", detail=f"load shape {shape_id} was used but not published")
    return shapes[shape_id]
