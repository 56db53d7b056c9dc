"""The fleet by model year: survival, sales, early retirement, mileage, energy per km; fleets of callers."""
