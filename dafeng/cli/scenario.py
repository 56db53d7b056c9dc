"""`dafeng scenario`: scenarios that are kept, opened by a link's id, listed, deleted."""

from pathlib import Path
from typing import Annotated

import typer

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import read_message, write_json
from dafeng.cli.options import Address, BaselineName, RegionId, SettingTexts, WeatherYear
from dafeng.cli.output import out, table
from dafeng.cli.parsing import parse_settings
from dafeng.client import InvalidInputError
from dafeng.common.v1 import common_pb2
from dafeng.scenarios.v1 import scenarios_pb2

EXAMPLE = "Example: dafeng scenario save jiangsu --scenario accelerated --name 'Offshore first'"
scenario_app = typer.Typer(
    help="Scenarios that are kept 保存的情景: the id of a link is the digest of what the scenario says.",
    no_args_is_help=True,
)
ScenarioId = Annotated[str, typer.Argument(help="Scenario id, as save and list print it.")]
_SHOWN = 12  # characters of an id that are enough to open it


def read_scenario(path: Path | None) -> common_pb2.Scenario:
    """A scenario file (dafeng.common.v1.Scenario as JSON); none is an empty one. InvalidInputError."""
    scenario = common_pb2.Scenario()
    wrong = [] if path is None else read_message(path, scenario)
    if wrong:
        raise InvalidInputError("files cannot be read", tuple(wrong))
    return scenario


@scenario_app.command(epilog=EXAMPLE)
def save(
    region: RegionId,
    file: Annotated[
        Path | None,
        typer.Argument(help="Scenario as JSON (dafeng.common.v1.Scenario); options add to it."),
    ] = None,
    name: Annotated[str, typer.Option(help="Name that lists show; 1 to 120 characters.")] = "",
    scenario: BaselineName = "",
    set_: SettingTexts = None,
    first_year: Annotated[int, typer.Option("--from", help="First year.")] = 2020,
    last_year: Annotated[int, typer.Option("--to", help="Last year.")] = 2060,
    weather: WeatherYear = "normal",
    address: Address = "",
) -> None:
    """Keep a scenario: the same content has the same id, whenever and however often it is saved."""
    with translated_errors():
        asked = read_scenario(file)
        asked.settings.extend(parse_settings(set_ or ()))
    asked.name = name or asked.name
    asked.baseline = scenario or asked.baseline or "planned"
    frame = common_pb2.Frame(region=region, first_year=first_year, last_year=last_year, weather_year=weather)
    with connected(address, with_batches=True) as client:
        saved = client.kept_scenarios.save(frame, asked)
        out.print(f"情景 scenario: {saved.scenario_id}", highlight=False, markup=False)
        out.print(f"首次保存 first saved: {saved.saved_at}", highlight=False, markup=False)


@scenario_app.command("open")
def open_(
    scenario_id: ScenarioId,
    file: Annotated[
        Path | None, typer.Option("--out", help="Write the scenario as JSON, for --settings and save.")
    ] = None,
    address: Address = "",
) -> None:
    """Print a kept scenario; the first 12 characters of its id are enough."""
    with connected(address, with_batches=True) as client:
        opened = client.kept_scenarios.open(scenario_id)
        _print(opened)
        if file is not None:
            write_json(file, opened.saved.scenario)


@scenario_app.command("list")
def list_(
    region: RegionId,
    most: Annotated[int, typer.Option(help="At most so many.")] = 50,
    address: Address = "",
) -> None:
    """Kept scenarios of a region, the newest first."""
    with connected(address, with_batches=True) as client:
        found = [s for s, _ in zip(client.kept_scenarios.list(region), range(most), strict=False)]
    rows = [
        (
            s.scenario_id[:_SHOWN],
            s.scenario.name,
            s.scenario.baseline,
            str(len(s.scenario.settings)),
            s.saved_at,
        )
        for s in found
    ]
    names = ("编号 id", "名称 name", "基准 baseline", "修改 changes", "保存 saved UTC")
    table("保存的情景 kept scenarios", names, rows, right=(3,), spare=(1,))


@scenario_app.command()
def delete(scenario_id: ScenarioId, address: Address = "") -> None:
    """Take a scenario off the list: a link to it then says so. The first 12 characters of its id are enough."""
    with connected(address, with_batches=True) as client:
        scenario_id = client.kept_scenarios.open(scenario_id).saved.scenario_id
        client.kept_scenarios.delete(scenario_id)
        out.print(f"已删除 deleted: {scenario_id}", highlight=False, markup=False)


def _print(opened: scenarios_pb2.GetScenarioResponse) -> None:
    saved = opened.saved
    frame = saved.frame
    lines = [
        f"{saved.scenario.name}  ({saved.scenario_id})",
        f"  {frame.region} {frame.first_year}-{frame.last_year}, weather {frame.weather_year}, "
        f"baseline {saved.scenario.baseline}",
        f"  首次保存 first saved {saved.saved_at}, {saved.owner}",
    ]
    if saved.revision != opened.revision_now:
        lines.append(
            f"  版本不同 other version: saved with model {saved.revision.model_version}, data "
            f"{saved.revision.data_revision[:_SHOWN]}; now model {opened.revision_now.model_version}, data "
            f"{opened.revision_now.data_revision[:_SHOWN]}"
        )
    lines += [f"  {_told(s)}" for s in saved.scenario.settings]
    out.print("\n".join(lines), highlight=False, markup=False)


def _told(setting: common_pb2.LeverSetting) -> str:
    """A setting as --set takes it."""
    name = f"{setting.lever_id}:{setting.place}" if setting.place else setting.lever_id
    if not setting.years:
        return f"{name}={setting.values[0]:g}" if len(setting.values) == 1 else name
    return f"{name}=" + ",".join(f"{v!r}@{y}" for y, v in zip(setting.years, setting.values, strict=False))
