"""What measures cost for each tonne of CO2 that they avoid."""
