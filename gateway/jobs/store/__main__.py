"""`python -m gateway.jobs.store check|repair URL`: for the operator, with the software stopped."""

import argparse
import sys

from gateway.jobs.ports import StoreAwayError, StoreDamagedError, StoreFullError, StoreRefusedError
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
        if asked.act == "repair":
            lines = repair(asked.url)
        else:
            open_store(asked.url).close()
            lines = ["存储完好 / the store is sound"]
    except (StoreDamagedError, StoreRefusedError, StoreFullError, StoreAwayError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
