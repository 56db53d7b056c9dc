"""Vehicles beside an independent model, closed answers, literature, statistics and targets."""
