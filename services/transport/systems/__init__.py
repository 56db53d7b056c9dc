"""Transport without road vehicles: ships, berths, ports, rail, urban rail, aviation, supply of hydrogen."""

from services.transport.systems.run import Systems, system_energy

__all__ = ["Systems", "system_energy"]
