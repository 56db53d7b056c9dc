"""`dafeng compare`: scenarios side by side, and where a difference comes from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.cli.compare_tables import (
    attributed,
    by_factor,
    by_sector,
    headlines,
    metric_tables,
    notes,
    verdicts,
    wedges,
    write_tables,
)
from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import read_message, write_json
from dafeng.cli.options import Address
from dafeng.cli.output import progress
from dafeng.cli.parsing import place_asked
from dafeng.client import Client, InvalidInputError, Violation
from dafeng.common.v1 import common_pb2
from dafeng.comparison.v1 import comparison_pb2

EXAMPLE = (
    "Examples: dafeng compare jiangsu -s frozen -s planned --by-lever --by-sector ; "
    "dafeng compare jiangsu -s planned -s docs/examples/scenario_jiangsu.json --by-lever --wedges"
)
BASELINES = ("frozen", "planned", "reference", "accelerated")
HEADLINE_METRICS = ("account.territorial_tco2", "account.peak_load_mw")
GROUPS = {
    "": comparison_pb2.GROUP_BY_UNSPECIFIED,
    "lever": comparison_pb2.GROUP_BY_LEVER,
    "group": comparison_pb2.GROUP_BY_LEVER_GROUP,
    "owner": comparison_pb2.GROUP_BY_OWNER,
}
_Scenarios = Sequence[common_pb2.Scenario]


def compare(
    region: Annotated[str, typer.Argument(help="Region id, or a city for its metrics.")],
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            "-s",
            help="A baseline, or a JSON file of a Scenario; repeat, 2 to 32. Differences are to the first.",
        ),
    ] = None,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", help="Metric to show by year, by its id. Repeatable.")
    ] = None,
    years: Annotated[str, typer.Option("--years", help="Years to show, for example 2025,2030,2035.")] = "",
    by_lever: Annotated[
        bool,
        typer.Option("--by-lever", help="Share the difference of two scenarios over the levers (Shapley)."),
    ] = False,
    group_by: Annotated[
        str,
        typer.Option(
            "--group-by", help="Join levers: lever, group or owner; chosen by their number when left out."
        ),
    ] = "",
    open_group: Annotated[
        list[str] | None,
        typer.Option("--open", help="Tell the levers of this group one by one (Owen values). Repeatable."),
    ] = None,
    sectors: Annotated[
        bool,
        typer.Option(
            "--by-sector", help="The difference of two scenarios by sector, direct and at the user."
        ),
    ] = False,
    factors: Annotated[
        bool,
        typer.Option(
            "--by-factor",
            help="CO2 by activity, intensity, structure and carbon factor (LMDI), to the last year.",
        ),
    ] = False,
    show_wedges: Annotated[
        bool, typer.Option("--wedges", help="Wedges between the curves of two scenarios.")
    ] = False,
    run_limit: Annotated[
        int | None, typer.Option("--run-limit", help="Scenarios that --by-lever may run.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of sampled orders.")] = 0,
    last_year: Annotated[int, typer.Option("--to", help="Last year projected.")] = 2060,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", help="Write the comparison (or the attribution) as JSON to this file."),
    ] = None,
    csv_dir: Annotated[
        Path | None,
        typer.Option(
            "--csv", help="Write metrics.csv, targets.csv, levers.csv, sectors.csv into this folder."
        ),
    ] = None,
    address: Address = "",
) -> None:
    """Set 2 to 32 scenarios side by side; say what each lever, sector or factor adds to a difference."""
    names = scenario or list(BASELINES)
    wanted = bool(by_lever or sectors or show_wedges)
    with translated_errors():
        chosen = read_scenarios(names)
        asked = read_years(years)
        _check(chosen, wanted, group_by)
    with connected(address) as client:
        place, city = place_asked(client, region)
        with progress("计算情景 projecting") as tell:
            side = client.comparison.scenarios(
                place,
                chosen,
                dict.fromkeys((*HEADLINE_METRICS, *(metric or ()))),
                place=city,
                last_year=last_year,
                tell=tell,
            )
        headlines(side)
        metric_tables(side, asked, metric or ())
        verdicts(side)
        notes(side.notes)
        found = None
        if wanted:
            request = _request(place, city, chosen, asked, metric or (), last_year)
            request.group_by = GROUPS[group_by]
            request.open_groups.extend(open_group or ())
            request.seed = seed
            if run_limit is not None:
                request.run_limit = run_limit
            with progress("归因 sharing out the difference") as tell:
                found = client.comparison.attribute(request, tell)
            if by_lever:
                attributed(found)
            if sectors:
                by_sector(found)
            if show_wedges:
                wedges(found)
            notes(found.notes)
        if factors:
            by_factor(_factors(client, place, chosen, asked[-1] if asked else last_year, last_year))
        if json_file is not None:
            write_json(json_file, found if found is not None else side)
        if csv_dir is not None:
            write_tables(csv_dir, side, found)


def read_scenarios(names: Sequence[str]) -> list[common_pb2.Scenario]:
    """Scenarios of baselines and files. InvalidInputError lists everything that cannot be read."""
    found, wrong = [], []
    for name in names:
        made = common_pb2.Scenario(name=name, baseline=name)
        if name not in BASELINES:
            path = Path(name)
            made = common_pb2.Scenario()
            if path.is_file():
                wrong += read_message(path, made, str(path))
            else:
                text = f"{name!r} is no baseline ({', '.join(BASELINES)}) and no file"
                wrong.append(Violation("--scenario", text))
            made.name = made.name or path.stem
        found.append(made)
    if wrong:
        raise InvalidInputError("scenarios cannot be read", tuple(wrong))
    return found


def read_years(text: str) -> list[int]:
    """Years out of "2025,2030"; InvalidInputError for what is no year."""
    parts = [p.strip() for p in text.split(",") if p.strip()]
    wrong = tuple(Violation("--years", f"{p!r} is no year") for p in parts if not p.isdigit())
    if wrong:
        raise InvalidInputError("years cannot be read", wrong)
    return sorted({int(p) for p in parts})


def _check(chosen: _Scenarios, wanted: bool, group_by: str) -> None:
    wrong = []
    if wanted and len(chosen) != 2:
        wrong.append(
            Violation("--scenario", f"a difference is of two scenarios, not {len(chosen)}: name two")
        )
    if group_by not in GROUPS:
        wrong.append(Violation("--group-by", f"{escape(repr(group_by))}: choose lever, group or owner"))
    if wrong:
        raise InvalidInputError("options do not fit", tuple(wrong))


def _request(
    place: str, city: str, chosen: _Scenarios, years: Sequence[int], metrics: Sequence[str], last_year: int
) -> comparison_pb2.AttributeRequest:
    return comparison_pb2.AttributeRequest(
        frame=common_pb2.Frame(region=place, first_year=2020, last_year=last_year),
        base=chosen[0],
        changed=chosen[1],
        years=years,
        metric_ids=metrics,
        place=city,
    )


def _factors(
    client: Client, place: str, chosen: _Scenarios, year: int, last_year: int
) -> list[comparison_pb2.Decomposition]:
    """The change of each scenario since 2020, and the difference of two."""
    frame = common_pb2.Frame(region=place, first_year=2020, last_year=last_year)
    requests = [comparison_pb2.DecomposeRequest(frame=frame, scenario=s, to_year=year) for s in chosen]
    if len(chosen) == 2:
        requests.append(
            comparison_pb2.DecomposeRequest(frame=frame, scenario=chosen[0], other=chosen[1], to_year=year)
        )
    with progress("因素分解 splitting by factor") as tell:
        return [client.comparison.decompose(r, tell) for r in requests]
