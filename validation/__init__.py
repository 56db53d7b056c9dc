"""Everything that the software is held against, run again and told in one report: `python -m validation`.

It stands beside the tests: tests say whether a promise holds, the report says by how much, for people who do not read
code. The independent methods are the tests' own (`tests/`), so that there is one of each.
"""
