"""Data of a region of one's own: what is missing, wrong or without source, and a folder to fill in."""
