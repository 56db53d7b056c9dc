"""What leaves the exhaust and the chain behind the fuel: standards, pollutants, well to wheel.

For any fleet (classes by national id): `standards.standard_shares`, `factors.pollutant_factors`,
`other_sources.{evaporation_factors, wear_factors, so2_factors}`, `greenhouse.ch4_n2o_factors`,
`well_to_wheel.well_to_tank_kgco2e_per_gj`. For a region's scenario: `pollutants.Pollutants`,
`pollutants.old_diesel_truck_nox_t`, `greenhouse.vehicle_ch4_n2o_tco2e`, `well_to_wheel.chain_of`.
"""
