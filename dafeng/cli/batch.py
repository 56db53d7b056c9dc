"""`dafeng batch`: ensembles of many scenarios, kept on disk, followed, read, cancelled."""

import hashlib
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dafeng.areas.batch import random_design
from dafeng.batch.v1 import batch_pb2
from dafeng.cli import batch_tables as tables
from dafeng.cli.connection import EXIT_INTERNAL, connected, translated_errors
from dafeng.cli.files import fill_message, write_json
from dafeng.cli.options import Address, BaselineName, JsonFile, SettingTexts, WeatherYear
from dafeng.cli.output import err, out
from dafeng.cli.parsing import parse_settings
from dafeng.client import Client, InvalidInputError, Violation
from dafeng.common.v1 import common_pb2
from dafeng.power.v1 import modes_pb2

EXAMPLE = "Example: dafeng batch create jiangsu --members 200 --seed 1 --wait"
batch_app = typer.Typer(
    help="Batches 批量情景: ensembles of up to 100,000 scenarios, resumed after any stop.",
    no_args_is_help=True,
)
BatchId = Annotated[str, typer.Argument(help="Batch id, as create and list print it.")]
Column = Annotated[
    list[str] | None, typer.Option("--column", help="Column id, for example carbon_peak.year. Repeatable.")
]
_FORMATS = {
    ".parquet": batch_pb2.RESULT_FORMAT_PARQUET,
    ".arrow": batch_pb2.RESULT_FORMAT_ARROW,
    ".csv": batch_pb2.RESULT_FORMAT_CSV,
}


@batch_app.command(epilog=EXAMPLE)
def create(
    region: Annotated[str, typer.Argument(help="Region id; empty with --spec, which names it.")] = "",
    spec_file: Annotated[
        Path | None,
        typer.Option(
            "--spec", help="A whole specification as JSON (dafeng.batch.v1.BatchSpec); options add to it."
        ),
    ] = None,
    scenario: BaselineName = "",
    set_: SettingTexts = None,
    members: Annotated[int, typer.Option(help="Members of a random design.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 1,
    latin_hypercube: Annotated[bool, typer.Option(help="Latin hypercube instead of Sobol.")] = False,
    policy: Annotated[
        list[str] | None, typer.Option(help="Policy input to be drawn as well. Repeatable.")
    ] = None,
    table: Annotated[
        Path | None, typer.Option(help="CSV or Parquet file: a row a member, columns lever_id@year.")
    ] = None,
    year: Annotated[
        list[int] | None, typer.Option(help="Year kept; every fifth when none is. Repeatable.")
    ] = None,
    around_peak: Annotated[bool, typer.Option(help="Every year around the carbon peak too.")] = False,
    mode: Annotated[
        str,
        typer.Option(
            help="Dispatch: fast, fast_commitment (default), fast_commitment_one_pass, accurate, accurate_commitment."
        ),
    ] = "",
    weather: WeatherYear = "",
    weather_use: Annotated[str, typer.Option(help="frame, drawn or crossed.")] = "",
    metric: Annotated[
        list[str] | None,
        typer.Option(help="Metric kept, metric:city, or metric:* for every city. Repeatable."),
    ] = None,
    title: Annotated[str, typer.Option(help="Free title.")] = "",
    request_id: Annotated[
        str, typer.Option(help="Repeats are safe under one id; empty: a digest of the request.")
    ] = "",
    launcher: Annotated[str, typer.Option(help="local or kubernetes; empty: the gateway's own.")] = "",
    chunk: Annotated[int, typer.Option(help="Members a chunk; 0 lets the gateway choose.")] = 0,
    wait: Annotated[bool, typer.Option(help="Follow it to its end, then print its statistics.")] = False,
    address: Address = "",
) -> None:
    """Accept a batch: once printed, it is on disk and will be finished, whatever stops meanwhile."""
    with translated_errors():
        spec = _spec(spec_file, region, scenario, set_, table)
        _design(spec, members, seed, latin_hypercube, policy)
        spec.years.extend(year or ())
        spec.years_around_carbon_peak |= around_peak
        if mode:
            spec.mode = _enum(modes_pb2.DispatchMode, "DISPATCH_MODE", mode, "--mode")
        if weather:
            spec.frame.weather_year = weather
        if weather_use:
            spec.weather_use = _enum(batch_pb2.WeatherUse, "WEATHER_USE", weather_use, "--weather-use")
        for text in metric or ():
            metric_id, _, place = text.partition(":")
            spec.metrics.add(metric_id=metric_id, place=place)
    request_id = request_id or hashlib.sha256(spec.SerializeToString(deterministic=True)).hexdigest()[:32]
    with connected(address, with_batches=True) as client:
        accepted = client.batches.create(request_id, spec, title=title, launcher=launcher, chunk_size=chunk)
        out.print(f"批次 batch: {accepted.batch_id}", highlight=False)
        if not wait and address:
            tables.batches([accepted])
        else:
            # Without a gateway that goes on running, the batch is calculated while this command runs.
            _follow(client, accepted.batch_id, ())
            # The rest of the columns is for `summary`: hundreds of rows would hide the targets.
            asked = batch_pb2.SummariseBatchRequest(
                batch_id=accepted.batch_id, column_ids=["carbon_peak.tco2"]
            )
            _summarise(client, asked, None)


@batch_app.command("list")
def list_(
    region: Annotated[str, typer.Argument(help="Region id; empty for all.")] = "",
    most: Annotated[int, typer.Option(help="At most so many.")] = 50,
    address: Address = "",
) -> None:
    """Batches, the newest first."""
    with connected(address, with_batches=True) as client:
        found = [b for b, _ in zip(client.batches.list(region), range(most), strict=False)]
        tables.batches(found)


@batch_app.command()
def watch(batch_id: BatchId, column: Column = None, address: Address = "") -> None:
    """Follow a batch to its end; without a running gateway it is calculated here, from where it stood."""
    with connected(address, with_batches=True) as client:
        _follow(client, batch_id, column or ())


@batch_app.command()
def results(
    batch_id: BatchId,
    file: Annotated[
        Path | None, typer.Option("--out", help="File to write: .parquet, .arrow or .csv by its name.")
    ] = None,
    column: Column = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Failed members only, with their reasons.")
    ] = False,
    first: Annotated[int, typer.Option(help="First member to print.")] = 0,
    count: Annotated[int, typer.Option(help="Members to print; 0 for all.")] = 20,
    address: Address = "",
) -> None:
    """Results of members: a file, or rows on the screen."""
    if file is not None and file.suffix not in _FORMATS:
        with translated_errors():
            raise InvalidInputError("", (Violation("--out", f"name it with one of {', '.join(_FORMATS)}"),))
    with connected(address, with_batches=True) as client:
        if file is not None:
            size = client.batches.save(batch_id, file, _FORMATS[file.suffix], column or ())
            out.print(f"written 已写入 {file} ({size:,} bytes)", highlight=False, markup=False)
            return
        ids = column or [c.column_id for c in client.batches.get(batch_id).columns[:6]]
        rows = client.batches.rows(batch_id, ids, first_member=first, member_count=count, failed_only=failed)
        tables.rows(ids, list(rows))


@batch_app.command()
def summary(
    batch_id: BatchId,
    column: Column = None,
    above: Annotated[
        list[str] | None, typer.Option(help="Chance above a threshold: column=value. Repeatable.")
    ] = None,
    sensitivity: Annotated[
        list[str] | None, typer.Option(help="Column whose sensitivities are wanted. Repeatable.")
    ] = None,
    joint_year: Annotated[int, typer.Option(help="Year of the peak load in the joint table.")] = 0,
    json_file: JsonFile = None,
    address: Address = "",
) -> None:
    """Percentiles, chances of targets, both peaks together, and what moves them."""
    request = batch_pb2.SummariseBatchRequest(
        batch_id=batch_id,
        column_ids=column or (),
        sensitivity_column_ids=sensitivity or (),
        joint_year=joint_year,
    )
    with translated_errors():
        for text in above or ():
            name, _, value = text.rpartition("=")
            try:
                request.thresholds.add(column_id=name, value=float(value))
            except ValueError:
                raise InvalidInputError(
                    "", (Violation("--above", f"{text!r}: write column=value"),)
                ) from None
    with connected(address, with_batches=True) as client:
        _summarise(client, request, json_file)


@batch_app.command()
def member(
    batch_id: BatchId,
    number: Annotated[int, typer.Argument(help="Number of the member, from 0.")],
    json_file: JsonFile = None,
    address: Address = "",
) -> None:
    """One member calculated again in full, and whether it has the digest that was stored."""
    with connected(address, with_batches=True) as client:
        found = client.batches.member(batch_id, number, without_projection=json_file is None)
    tables.member(found)
    if json_file is not None:
        write_json(json_file, found)
    if not found.same:
        raise typer.Exit(EXIT_INTERNAL)


@batch_app.command()
def cancel(batch_id: BatchId, address: Address = "") -> None:
    """Stop a batch; what is done stays."""
    with connected(address, with_batches=True) as client:
        tables.batches([client.batches.cancel(batch_id)])


@batch_app.command()
def inputs(
    region: Annotated[str, typer.Argument(help="Region id.")] = "jiangsu", address: Address = ""
) -> None:
    """Uncertain inputs of a region: what is drawn, between which bounds, from where."""
    with connected(address) as client:
        tables.inputs(client.batches.inputs(region))


@batch_app.command()
def quotas(address: Address = "") -> None:
    """What a caller may ask for, and what is in use."""
    with connected(address, with_batches=True) as client:
        tables.quotas(client.batches.quotas())


def _follow(client: Client, batch_id: str, column_ids: list[str] | tuple[str, ...]) -> None:
    """A progress bar until the batch has ended; a line every tenth on what is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    told = -1
    seen = None
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("批量 batch", total=None)
        for seen in client.batches.watch(batch_id, column_ids):
            done = seen.batch.done_count + seen.batch.failed_count
            text = tables.pace(seen)
            bar.update(task, completed=done, total=seen.batch.member_count, description=text)
            tenth = 10 * done // max(1, seen.batch.member_count)
            if not err.is_terminal and tenth > told:
                err.print(f"{done:,} / {seen.batch.member_count:,}  {text}", highlight=False, markup=False)
                told = tenth
    if seen is not None:
        tables.batches([seen.batch])
        tables.percentiles(seen.percentiles)


def _summarise(client: Client, request: batch_pb2.SummariseBatchRequest, json_file: Path | None) -> None:
    found = client.batches.summary(request)
    tables.summary(found)
    if json_file is not None:
        write_json(json_file, found)


def _spec(
    path: Path | None, region: str, baseline: str, settings: list[str] | None, table: Path | None
) -> batch_pb2.BatchSpec:
    spec = batch_pb2.BatchSpec()
    if path is not None:
        fill_message(path, spec)
    if region:
        spec.frame.region = region
    spec.scenario.MergeFrom(common_pb2.Scenario(baseline=baseline, settings=parse_settings(settings or ())))
    if table is not None:
        try:
            spec.list.table = table.read_bytes()
        except OSError as error:
            raise InvalidInputError("", (Violation("--table", str(error)),)) from None
        spec.list.table_format = (
            batch_pb2.TABLE_FORMAT_PARQUET if table.suffix == ".parquet" else batch_pb2.TABLE_FORMAT_CSV
        )
    return spec


def _design(
    spec: batch_pb2.BatchSpec, members: int, seed: int, latin_hypercube: bool, policy: list[str] | None
) -> None:
    if members:
        spec.random.CopyFrom(random_design(members, seed, policy or (), latin_hypercube=latin_hypercube))


def _enum(kind: Any, prefix: str, name: str, option: str) -> Any:
    known = {n.removeprefix(f"{prefix}_").lower(): v for n, v in kind.items()}
    if name not in known:
        allowed = ", ".join(k for k in known if k != "unspecified")
        raise InvalidInputError("", (Violation(option, f"no such value {name!r}; allowed: {allowed}"),))
    return known[name]
