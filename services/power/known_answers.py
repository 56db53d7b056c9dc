"""Known answers of the power sector: two days of two plants, without and with a store, costed by hand."""

from collections.abc import Sequence

import numpy as np

from services.common.self_test import KnownAnswer
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance, Generator, Storage

_COAL_CNY, _GAS_CNY = 300.0, 550.0
_COAL_MW, _NIGHT_MW, _DAY_MW, _STORE_MWH, _ONE_WAY = 90.0, 50.0, 120.0, 20.0, 0.9
_DAYS, _HALF_DAY_HOURS = 2, 12


def known_answers() -> Sequence[KnownAnswer]:
    """Coal carries the night and its full capacity by day, gas the rest; a store fills by night and empties by day."""
    load = np.tile(np.repeat([_NIGHT_MW, _DAY_MW], _HALF_DAY_HOURS), _DAYS)
    plants = (
        Generator("coal", capacity_mw=_COAL_MW, cost_cny_per_mwh=_COAL_CNY),
        Generator("gas", capacity_mw=60.0, cost_cny_per_mwh=_GAS_CNY),
    )
    store = Storage("store", _STORE_MWH, _STORE_MWH, _STORE_MWH, _ONE_WAY, _ONE_WAY)
    alone = dispatch(DispatchInstance("two plants", load, plants))
    stored = dispatch(DispatchInstance("two plants and a store", load, plants, (store,)))
    night_mwh = _DAYS * _HALF_DAY_HOURS * _NIGHT_MW
    coal_mwh = night_mwh + _DAYS * _HALF_DAY_HOURS * _COAL_MW
    gas_mwh = _DAYS * _HALF_DAY_HOURS * (_DAY_MW - _COAL_MW)
    cost = coal_mwh * _COAL_CNY + gas_mwh * _GAS_CNY
    # Each day one filling: what it takes of coal by night, what it spares of gas by day.
    saved = _DAYS * _STORE_MWH * (_ONE_WAY * _GAS_CNY - _COAL_CNY / _ONE_WAY)
    why = "merit order by hand"
    return (
        KnownAnswer("cost of two plants, CNY", alone.cost_cny, cost, why),
        KnownAnswer("coal energy, MWh", alone.units[0].energy_mwh, coal_mwh, why),
        KnownAnswer("gas energy, MWh", alone.units[1].energy_mwh, gas_mwh, why),
        KnownAnswer("load not served, MWh", alone.unserved_mwh, 0.0, "capacity suffices"),
        KnownAnswer("cost with a store, CNY", stored.cost_cny, cost - saved, "one filling a day"),
    )
