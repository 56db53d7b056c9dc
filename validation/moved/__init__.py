"""Projections on data of which one group of grade-C figures is moved: which estimates matter."""
