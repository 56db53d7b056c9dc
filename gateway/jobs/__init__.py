"""Batches: a specification on disk, cut into chunks, calculated by workers, every member with one result."""
