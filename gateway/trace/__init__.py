"""Where a number comes from: its lineage, recorded while the stages run."""
