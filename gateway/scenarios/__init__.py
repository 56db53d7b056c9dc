"""Scenarios that users keep: under the digest of what they say, in the same store as batches."""
