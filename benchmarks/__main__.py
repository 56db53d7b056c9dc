"""All benchmarks: python -m benchmarks. Absolute times hold for this machine only; quote the ratios."""

import importlib
import pkgutil
import platform

import benchmarks


def main() -> None:
    """Run every bench_*.py beside this file."""
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name.startswith("bench_"):
            print(f"\n== {module.name.removeprefix('bench_').replace('_', ' ')}")
            importlib.import_module(f"benchmarks.{module.name}").main()


if __name__ == "__main__":
    main()
