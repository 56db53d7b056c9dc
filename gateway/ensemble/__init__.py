"""Ensembles: uncertain inputs as data, members drawn from them, and what is said of many members."""
