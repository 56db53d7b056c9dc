"""Solve 反推: the least change of chosen levers that meets chosen goals; fronts, nearest points, conflicts."""
