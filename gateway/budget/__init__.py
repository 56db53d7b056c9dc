"""The carbon budget ledger: double entry in whole tonnes of CO2, append-only."""
