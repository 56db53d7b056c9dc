"""`python -m validation`: runs the sections and writes the report."""

import argparse
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.common.regions import load_region
from services.common.revision import revision_of
from validation.comparison import Comparison, Piece, Section, Verdict
from validation.context import Context
from validation.known import explained, known_differences, not_needed
from validation.report.found import Found, SectionFound
from validation.report.write import write
from validation.sections import SECTIONS


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 0 when nothing differs without a reason, 1 when something does or a section could not be run."""
    asked = _parser().parse_args(words)
    if asked.list:
        for section in SECTIONS:
            print(
                f"{section.section_id:20} {section.title.en} {section.title.zh} (about {section.minutes:g} min)"
            )
        return 0
    chosen = [s for s in SECTIONS if not asked.only or s.section_id in asked.only]
    found = run(chosen, asked.quick)
    write(found, asked.out)
    print(
        f"{'passed' if found.passed else 'FAILED'}: {asked.out / 'report.zh.html'}, {asked.out / 'report.en.html'}"
    )
    return 0 if found.passed else 1


def run(sections: Sequence[Section], quick: bool) -> Found:
    """Run the sections one after another; what breaks ends its section only."""
    known = known_differences()
    parts = []
    bars = Progress(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(),
                    console=Console(stderr=True))  # fmt: skip
    with Context(quick) as context, bars:
        task = bars.add_task("", total=sum(s.minutes for s in sections))
        for section in sections:
            started = time.monotonic()
            pieces: list[Piece] = []
            fault = ""
            try:
                for piece in section.run(context):
                    pieces.append(explained(piece, known) if isinstance(piece, Comparison) else piece)
                    bars.update(task, description=f"{section.title.zh} {section.title.en}: {len(pieces)}")
            except Exception as error:  # a report with a broken section says so
                fault = f"{type(error).__name__}: {error}"
                traceback.print_exc()
            parts.append(SectionFound(section, pieces, time.monotonic() - started, fault))
            bars.advance(task, section.minutes)
            _tell(parts[-1])
    compared = [c for part in parts for c in part.comparisons]
    ids = [c.comparison_id for c in compared]
    assert len(set(ids)) == len(ids), "two comparisons of one id"
    return Found(parts, _revision(), not_needed(known, compared), quick)


def _tell(part: SectionFound) -> None:
    """What a section found, as soon as it has ended: the whole takes long, and not every output shows a bar."""
    counts = ", ".join(f"{n} {v.value}" for v, n in part.counts.items() if n) or "nothing"
    broken = f"; BROKEN: {part.fault}" if part.fault else ""
    print(f"{part.section.title.en} ({part.seconds:.0f} s): {counts}{broken}", flush=True)
    for c in part.comparisons:
        if c.verdict is Verdict.DIFFERS:
            print(
                f"  differs: {c.comparison_id}: {c.figure:.6g} beside {c.reference:.6g} {c.unit}", flush=True
            )


def _revision() -> str:
    of = revision_of(load_region("jiangsu"))
    return f"{of.model_version}, jiangsu {of.data_revision[:12]}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m validation", description=__doc__)
    ids = [s.section_id for s in SECTIONS]
    parser.add_argument(
        "--only", nargs="+", metavar="SECTION", choices=ids, help=f"sections to run: {', '.join(ids)}"
    )
    parser.add_argument(
        "--quick", action="store_true", help="a part of the cases of each section, in a minute or two"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("build/validation"), help="folder (build/validation)"
    )
    parser.add_argument("--list", action="store_true", help="list the sections")
    return parser


if __name__ == "__main__":
    sys.exit(main())
