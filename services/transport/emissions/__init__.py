"""What leaves the exhaust and the chain behind the fuel: standards, pollutants, well to wheel."""
