"""A hindcast in a process whose region data after 2020 are altered: prints the digest. Usage: altered_regions.py <folder>."""

import csv
import importlib
import shutil
import sys
import tempfile
from pathlib import Path

import yaml

from services.common import regions

AS_OF = 2020
FACTOR = 1.37


def alter(root: Path) -> int:
    """Change every figure observed after AS_OF; returns how many."""
    changed = 0
    for side_car in root.rglob("*.yaml"):
        meta = yaml.safe_load(side_car.read_text("utf-8")) or {}
        column = meta.get("observed_year_column") if isinstance(meta, dict) else ""
        if column:
            changed += _alter_table(side_car.with_suffix(".csv"), column, meta["columns"])
    return changed


def _alter_table(path: Path, year_column: str, columns: dict) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = [n for n, c in columns.items() if c.get("type") == "number"]
    changed = 0
    for row in rows:
        if int(row[year_column]) > AS_OF:
            for name in numbers:
                if row[name]:
                    # a share stays one
                    factor = 1.0 / FACTOR if columns[name].get("unit") == "share" else FACTOR
                    row[name] = repr(float(row[name]) * factor)
                    changed += 1
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return changed


def alter_levers(root: Path, observed_until: dict[str, int]) -> int:
    """Change every observed value of a lever after AS_OF within 1 %; returns how many."""
    changed = 0
    for path in (root / "jiangsu" / "scenarios").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if AS_OF < int(row["year"]) <= observed_until.get(row["lever_id"], 0):
                row["value"] = repr(float(row["value"]) * 0.99)
                changed += 1
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return changed


def main() -> None:
    """Alter a copy of the region data, serve it in this process, ask for the hindcast."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "regions"
        shutil.copytree(regions.ROOT, root)
        regions.ROOT = root
        regions.Region.__init__.__defaults__ = (0, root)
        from dafeng.client import Client
        from gateway.settings import ServeSettings
        from services.common.drivers import LEVERS as DRIVERS
        from tests.gateway.conftest import SERVICES, running

        models = [importlib.import_module(f"services.{name}.model").MODEL for name in SERVICES]
        levers = [*DRIVERS, *(lever for model in models for lever in model.levers)]
        changed = alter(root)
        changed_levers = alter_levers(root, {lever.lever_id: lever.last_observed_year for lever in levers})
        with running(ServeSettings(listen="127.0.0.1:0", http="")) as address, Client(address) as client:
            hidden = client.check_hindcast("jiangsu", AS_OF, int(sys.argv[1]))
            seen = client.check_hindcast("jiangsu", int(sys.argv[1]), int(sys.argv[1]))
        sys.stdout.write(f"{changed} {changed_levers} {hidden.digest} {seen.digest}\n")


if __name__ == "__main__":
    main()
