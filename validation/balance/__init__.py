"""Sums that a projection must keep: what goes in comes out, parts make the whole."""
