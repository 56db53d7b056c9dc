"""The parts of the client, one for each service of the gateway."""
