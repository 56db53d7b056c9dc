"""Pollution and carbon together: co-control by measure and city, coordination of cities and years."""
