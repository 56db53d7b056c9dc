"""A freight market of a caller: figures of its modes, checks, and the split before and after."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.errors import Violation
from services.common.units import MJ_PER_GJ
from services.transport.doors import given_or
from services.transport.freight.choice import generalised_cost, pivot_split, rate_elasticities
from services.transport.freight.data import BANDS, CARGOES, G_PER_T, MODES, FreightData
from services.transport.modes.doors import FreightMarket, FreightMode
from services.transport.modes.result import FreightModeResult, FreightSplit

_CLOSE: Final = 1e-6
_BAND_ENDS_KM: Final = tuple(float(band.split("_")[-2]) for band in BANDS[:-1])
# field of the door -> attribute of the region's modes
_FIGURES: Final = {
    "rate_cny_per_tkm": "rate",
    "terminal_cny_per_t": "terminal",
    "speed_km_per_h": "speed",
    "wait_h": "wait",
    "energy_mj_per_tkm": "energy",
    "direct_gco2_per_tkm": "direct_gco2",
}
# a change that may not take its figure below 0: change -> figure
_CHANGES: Final = {
    "rate_change_cny_per_tkm": "rate_cny_per_tkm",
    "terminal_change_cny_per_t": "terminal_cny_per_t",
    "wait_change_h": "wait_h",
}


@dataclass(frozen=True)
class _Choice:
    """What a market's choice depends on, and the figures of its modes by field, [m]."""

    contestable_share: float
    sensitivity: float
    value_of_time: float
    figures: dict[str, FloatArray]


def freight_violations(data: FreightData, market: FreightMarket, where: str) -> list[Violation]:
    """What is wrong with a market beyond its fields' own bounds."""
    found: list[Violation] = []
    seen: set[str] = set()
    for i, mode in enumerate(market.modes):
        at = f"{where}.modes[{i}]"
        if mode.mode in seen:
            found.append(Violation(f"{at}.mode", "is listed twice; give a mode once", mode.mode))
        seen.add(mode.mode)
        missing = _missing(mode)
        if missing:
            text = f"is not a known mode; give all its figures, missing: {', '.join(missing)}"
            found.append(Violation(f"{at}.mode", text, mode.mode, ", ".join(MODES)))
        found += _below_zero(data, mode, at)
    total = sum(mode.share for mode in market.modes)
    if abs(total - 1.0) > _CLOSE:
        text = "shares of the modes must add up to 1; change the last or scale all"
        found.append(Violation(f"{where}.modes", text, f"{total:.9g}", "1"))
    return found


def split_freight(data: FreightData, market: FreightMarket) -> tuple[FreightSplit, tuple[str, ...]]:
    """Shares, turnover, energy and direct CO2 before and after the changes of cost; notes on defaults used.

    The market must have passed `freight_violations`. Turnover of the market is kept; energy per tonne-km too.
    """
    choice = _choice(data, market)
    before, after = _costs(market, choice)
    given = np.array([m.share for m in market.modes])
    turnover = market.turnover_tkm * given / given.sum()
    moved = pivot_split(turnover, after - before, choice.sensitivity, choice.contestable_share)
    share = turnover / market.turnover_tkm
    rates = choice.figures["rate_cny_per_tkm"]
    elasticity = rate_elasticities(share, rates, choice.sensitivity, choice.contestable_share)
    energy = choice.figures["energy_mj_per_tkm"] / MJ_PER_GJ
    carbon = choice.figures["direct_gco2_per_tkm"] / G_PER_T
    modes = tuple(
        FreightModeResult(
            mode=mode.mode,
            cost_before_cny_per_tkm=float(before[i]),
            cost_after_cny_per_tkm=float(after[i]),
            share_before=float(share[i]),
            share_after=float(moved[i] / market.turnover_tkm),
            turnover_before_tkm=float(turnover[i]),
            turnover_after_tkm=float(moved[i]),
            own_rate_elasticity=float(elasticity[i, i]),
            rate_elasticities=tuple(float(e) for e in elasticity[i]),
            energy_before_gj=float(turnover[i] * energy[i]),
            energy_after_gj=float(moved[i] * energy[i]),
            direct_before_tco2=float(turnover[i] * carbon[i]),
            direct_after_tco2=float(moved[i] * carbon[i]),
        )
        for i, mode in enumerate(market.modes)
    )
    return FreightSplit(market.market_id, choice.contestable_share, modes), _notes(market, choice)


def _figure(data: FreightData, mode: FreightMode, field: str) -> float | None:
    """A figure of a mode: as given, else the known mode's; None when there is neither."""
    given: float | None = getattr(mode, field)
    if given is not None or mode.mode not in MODES:
        return given
    return float(getattr(data, _FIGURES[field])[MODES.index(mode.mode)])


def _missing(mode: FreightMode) -> list[str]:
    if mode.mode in MODES:
        return []
    return [field for field in _FIGURES if getattr(mode, field) is None]


def _below_zero(data: FreightData, mode: FreightMode, at: str) -> list[Violation]:
    found = []
    for change, field in _CHANGES.items():
        figure = _figure(data, mode, field)
        moved = getattr(mode, change)
        if figure is not None and figure + moved < 0:
            text = f"takes {field} ({figure:g}) below 0"
            found.append(Violation(f"{at}.{change}", text, f"{moved:g}", f">= {-figure:g}"))
    return found


def _choice(data: FreightData, market: FreightMarket) -> _Choice:
    """The market's parameters, those not given by its cargo and distance."""
    band = sum(market.distance_km >= end for end in _BAND_ENDS_KM)
    segment = CARGOES.index(market.cargo) * len(BANDS) + band
    return _Choice(
        given_or(market.contestable_share, float(data.contestable[segment])),
        given_or(market.sensitivity, data.number("sensitivity_per_cny_per_tkm")),
        given_or(market.value_of_time_cny_per_t_h, float(data.value_of_time[segment])),
        {
            field: np.array([_figure(data, mode, field) for mode in market.modes], dtype=np.float64)
            for field in _FIGURES
        },
    )


def _costs(market: FreightMarket, choice: _Choice) -> tuple[FloatArray, FloatArray]:
    """Generalised cost before and after, CNY/tkm [m]."""
    rate, terminal, speed, wait = (
        choice.figures[f] for f in ("rate_cny_per_tkm", "terminal_cny_per_t", "speed_km_per_h", "wait_h")
    )

    def change(field: str) -> FloatArray:
        return np.array([getattr(mode, field) for mode in market.modes])

    ratio = np.array([given_or(mode.speed_ratio, 1.0) for mode in market.modes])
    distance, value = market.distance_km, choice.value_of_time
    before = generalised_cost(rate, terminal, speed, wait, distance, value)
    after = generalised_cost(
        rate + change("rate_change_cny_per_tkm"),
        terminal + change("terminal_change_cny_per_t"),
        speed * ratio,
        wait + change("wait_change_h"),
        distance,
        value,
    )
    return before, after


def _notes(market: FreightMarket, choice: _Choice) -> tuple[str, ...]:
    used = [
        f"{name} {value:g}"
        for name, given, value in (
            ("contestable_share", market.contestable_share, choice.contestable_share),
            ("sensitivity", market.sensitivity, choice.sensitivity),
            ("value_of_time_cny_per_t_h", market.value_of_time_cny_per_t_h, choice.value_of_time),
        )
        if given is None
    ]
    usual = sorted(
        {mode.mode for mode in market.modes if any(getattr(mode, field) is None for field in _FIGURES)}
    )
    notes = []
    if used:
        notes.append(f"{market.market_id}: 取默认值 by default (grade C): {', '.join(used)}")
    if usual:
        notes.append(
            f"{market.market_id}: 未给参数取常用值 usual figures (grade C) where none given: {', '.join(usual)}"
        )
    return tuple(notes)
