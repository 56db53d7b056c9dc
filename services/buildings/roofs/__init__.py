"""What roofs yield: the PV chain and EstimateRooftopPv."""
