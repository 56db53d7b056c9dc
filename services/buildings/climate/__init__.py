"""Weather and sun as buildings meet them."""
