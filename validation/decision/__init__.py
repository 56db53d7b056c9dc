"""The gateway's arithmetic of decisions beside exact answers."""
