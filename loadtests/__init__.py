"""Load tests: bounded in users and time, aimed at a gateway on loopback that they start themselves."""
