"""`python -m gateway.jobs.store check|repair URL`: for the operator, with the software stopped."""

import argparse
import sys

from gateway.jobs.ports import StoreAwayError, StoreDamagedError, StoreFullError, StoreRefusedError
from gateway.jobs.store.kept_rows import damaged_rows
from gateway.jobs.store.open import open_store
from gateway.jobs.store.repair import repair


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0: sound or repaired; 1: damaged, or it cannot be opened."""
    parser = argparse.ArgumentParser(
        prog="python -m gateway.jobs.store",
        description="检查或修复批次存储 / Check or repair a store of batches",
    )
    parser.add_argument("act", choices=("check", "repair"))
    parser.add_argument("url", help="sqlite:///path/file.sqlite, postgresql+psycopg://user@host/database")
    asked = parser.parse_args(arguments)
    try:
        lines = repair(asked.url) if asked.act == "repair" else _checked(asked.url)
    except (StoreDamagedError, StoreRefusedError, StoreFullError, StoreAwayError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _checked(url: str) -> list[str]:
    """Opening checks all that batches need; kept scenarios are looked at one by one."""
    store = open_store(url)
    try:
        with store.database.transaction() as connection:
            damaged = damaged_rows(connection)
    finally:
        store.close()
    if damaged:
        names = ", ".join(str(row["scenario_id"])[:12] for row in damaged)
        raise StoreDamagedError(
            f"情景损坏 / kept scenarios are damaged: {names}. Save them again, put back a backup, or run repair."
        )
    return ["存储完好 / the store is sound"]


if __name__ == "__main__":
    sys.exit(main())
