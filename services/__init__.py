"""Dafeng's sector services and what they share."""
