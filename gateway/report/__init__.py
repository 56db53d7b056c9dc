"""Reports: the carbon peak, the peak load, and our totals beside those of others."""
