"""What scenarios cost, by sector and component, with CO2 and air pollutants beside it."""
