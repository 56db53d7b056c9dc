"""The numerical method of solving, on any function: it knows scaled knobs, rows of numbers and runs, nothing else."""
