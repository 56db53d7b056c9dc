"""Any zone of a caller's: from its description to the network of the heat balance, and back to an answer."""
