"""Freight: demand, segments, generalised cost, split between modes; markets of callers."""
