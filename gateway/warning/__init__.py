"""Early warning: gaps against the required path, chances of missing a target, colours by an office's own rules."""
