"""Powertrains of new vehicles: a path, and a choice between powertrains on cost, charging and range."""
