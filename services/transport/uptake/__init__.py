"""Powertrains of new vehicles: a path, and a choice between powertrains on cost and charging."""
