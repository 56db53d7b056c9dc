"""All systems of one scenario, before calibration."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH, KG_PER_T
from services.transport.base import TransportBase
from services.transport.freight.turnover import Freight
from services.transport.systems.air import Air, air_energy
from services.transport.systems.berths import Berths, berth_energy
from services.transport.systems.data import SystemData, system_data
from services.transport.systems.ports import Ports, port_energy
from services.transport.systems.rail import Rail, metro_mwh, rail_energy
from services.transport.systems.ships import COASTAL, ELECTRICITY, GAS, INLAND, METHANOL, OIL, ship_energy_gj
from services.transport.travel.intercity import Intercity
from services.transport.travel.urban import Passengers


@dataclass(frozen=True)
class Systems:
    """Uncalibrated energy by system: fuels in GJ, electricity in MWh at the meter, [p, y]."""

    data: SystemData
    ship_gj: FloatArray  # [w, f, p, y] by waters and fuel
    berths: Berths
    ports: Ports
    rail: Rail
    air: Air
    metro_mwh: FloatArray

    @property
    def inland_diesel_gj(self) -> FloatArray:
        """Diesel of inland ships under way."""
        return np.asarray(self.ship_gj[INLAND, OIL])

    @property
    def inland_gas_gj(self) -> FloatArray:
        """LNG of inland ships."""
        return np.asarray(self.ship_gj[INLAND, GAS])

    @property
    def inland_methanol_gj(self) -> FloatArray:
        """Methanol of inland ships."""
        return np.asarray(self.ship_gj[INLAND, METHANOL])

    @property
    def sea_oil_gj(self) -> FloatArray:
        """Fuel oil of coastal and ocean ships."""
        return self._at_sea(OIL)

    @property
    def sea_gas_gj(self) -> FloatArray:
        """LNG of coastal and ocean ships."""
        return self._at_sea(GAS)

    @property
    def sea_methanol_gj(self) -> FloatArray:
        """Methanol of coastal and ocean ships."""
        return self._at_sea(METHANOL)

    @property
    def ship_battery_mwh(self) -> FloatArray:
        """Charging of battery ships."""
        return np.asarray(self.ship_gj[INLAND, ELECTRICITY] / GJ_PER_MWH)

    @property
    def berth_diesel_gj(self) -> FloatArray:
        """Diesel of auxiliary engines at berth."""
        return self.berths.engine_fuel_t * (self.data.diesel_gj_per_kg * KG_PER_T)

    def _at_sea(self, fuel: int) -> FloatArray:
        total: FloatArray = self.ship_gj[COASTAL, fuel] + self.ship_gj[COASTAL + 1, fuel]
        return total


def system_energy(
    base: TransportBase,
    paths: LeverPaths,
    freight: Freight,
    passengers: Passengers,
    intercity: Intercity,
    gdp_cny: FloatArray,
) -> Systems:
    """Energy of the systems from 2020 on."""
    data = system_data(base.region.region_id, base.region.as_of_year)
    return Systems(
        data=data,
        ship_gj=ship_energy_gj(base, paths, freight),
        berths=berth_energy(data, paths, freight),
        ports=port_energy(base, data, paths, freight),
        rail=rail_energy(base, paths, freight, intercity),
        air=air_energy(base, data, paths, intercity, gdp_cny),
        metro_mwh=metro_mwh(base, passengers.metro_pkm),
    )
