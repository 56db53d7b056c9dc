"""Commands of `dafeng`."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from dafeng.cli import adequacy, charging, dispatch, fleet, modes, reports, rooftop, targets, zone
from dafeng.cli.abatement import EXAMPLE as ABATEMENT_EXAMPLE
from dafeng.cli.abatement import SYNERGY_EXAMPLE, abatement, synergy
from dafeng.cli.audit import audit_app
from dafeng.cli.batch import batch_app
from dafeng.cli.budget import budget_app
from dafeng.cli.cities import EXAMPLE as CITIES_EXAMPLE
from dafeng.cli.cities import cities
from dafeng.cli.compare import EXAMPLE as COMPARE_EXAMPLE
from dafeng.cli.compare import compare
from dafeng.cli.connection import EXIT_INTERNAL, connected, serve_own_regions, translated_errors
from dafeng.cli.cost import cost
from dafeng.cli.credentials import given
from dafeng.cli.export import EXAMPLE as EXPORT_EXAMPLE
from dafeng.cli.export import export
from dafeng.cli.factors import factors
from dafeng.cli.files import write_json
from dafeng.cli.flow import flow
from dafeng.cli.hindcast import hindcast
from dafeng.cli.hours import hours
from dafeng.cli.identity import identity_app
from dafeng.cli.options import Address, BaselineName, JsonFile, PlaceId, SettingTexts, WeatherYear
from dafeng.cli.output import err, fail, out, status
from dafeng.cli.own_regions import OWN_REGIONS, Regions
from dafeng.cli.parsing import parse_settings, place_asked
from dafeng.cli.peaks import peaks, reconcile
from dafeng.cli.region import region_app
from dafeng.cli.release import release_app
from dafeng.cli.scenario import scenario_app
from dafeng.cli.solve import EXAMPLE as SOLVE_EXAMPLE
from dafeng.cli.solve import read_settings, solve
from dafeng.cli.stock import stock
from dafeng.cli.trace import trace
from dafeng.cli.trade_off import EXAMPLE as TRADE_OFF_EXAMPLE
from dafeng.cli.trade_off import trade_off
from dafeng.cli.warn import EXAMPLE as WARN_EXAMPLE
from dafeng.cli.warn import warn
from dafeng.client import Client, ServiceError
from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2

app = typer.Typer(
    help="达峰 Dafeng: when CO2 peaks, how high, what the peak load becomes, and which policy targets are met.",
    epilog=(
        "Exit codes: 0 done, 1 internal error or a check failed, 2 invalid input or not in this state, "
        "3 service not ready, busy or full, 4 targets or goals missed, 5 not signed in or not allowed."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

AsOf = Annotated[
    int, typer.Option("--as-of", help="Hide observations after this year (hindcast); 0 uses all.")
]
FirstYear = Annotated[int, typer.Option("--from", help="First year.")]
LastYear = Annotated[int, typer.Option("--to", help="Last year.")]


app.callback()(given)


def main(*arguments: str) -> None:
    """Run the command line; `arguments` go before those of the process."""
    app([*arguments, *sys.argv[1:]])


@app.command()
def regions(address: Address = "") -> None:
    """List regions and their cities."""
    with connected(address) as client:
        reports.regions(client.regions())


@app.command()
def scenarios(region: PlaceId, address: Address = "") -> None:
    """List the baselines of a region."""
    with connected(address) as client:
        reports.scenarios(client.scenarios(place_asked(client, region)[0]))


@app.command()
def levers(
    region: Annotated[str, typer.Argument(help="Region id.")] = "jiangsu",
    scenario: BaselineName = "planned",
    search: Annotated[str, typer.Option(help="Only levers whose id or label holds this text.")] = "",
    address: Address = "",
) -> None:
    """List every lever with bounds, unit, path and policy clause."""
    with connected(address) as client:
        reports.levers(client.levers(place_asked(client, region)[0], scenario), search)


@app.command()
def project(
    region: PlaceId,
    scenario: BaselineName = "planned",
    set_: SettingTexts = None,
    settings_file: Annotated[
        Path | None,
        typer.Option("--settings", help="Lever settings as JSON, as `dafeng solve --apply` writes them."),
    ] = None,
    first_year: FirstYear = 2020,
    last_year: LastYear = 2060,
    weather: WeatherYear = "normal",
    as_of: AsOf = 0,
    factor_set: Annotated[
        str, typer.Option("--factor-set", help="Emission factors (dafeng factors); empty: those in force.")
    ] = "",
    json_file: JsonFile = None,
    csv_dir: Annotated[
        Path | None, typer.Option("--csv", help="Write tables as CSV files into this folder.")
    ] = None,
    check_base: Annotated[
        bool, typer.Option("--check-base", help="Also set the base year 2020 against statistics.")
    ] = False,
    address: Address = "",
) -> None:
    """Project a region (or a city of one) and print the headline, accounts and peaks."""
    with translated_errors():
        settings = [*read_settings(settings_file), *parse_settings(set_ or ())]
    with connected(address) as client:
        place, city = place_asked(client, region)
        frame = {
            "first_year": first_year,
            "last_year": last_year,
            "weather_year": weather,
            "as_of_year": as_of,
            "factor_set": factor_set,
        }
        result = _project(client, place, scenario, settings, frame)
        reports.projection(result, city)
        if json_file is not None:
            write_json(json_file, result)
        if csv_dir is not None:
            reports.write_csv(result, csv_dir)
        if check_base and not reports.base(client.check_base(place)):
            raise typer.Exit(EXIT_INTERNAL)


app.command(epilog=COMPARE_EXAMPLE)(compare)
app.command(epilog=ABATEMENT_EXAMPLE)(abatement)
app.command(epilog=SYNERGY_EXAMPLE)(synergy)
app.command(epilog=targets.EXAMPLE)(targets.targets)
app.command()(hindcast)
app.command(epilog=SOLVE_EXAMPLE)(solve)
app.command("trade-off", epilog=TRADE_OFF_EXAMPLE)(trade_off)
app.command(epilog=CITIES_EXAMPLE)(cities)
app.add_typer(budget_app, name="budget")
app.command()(cost)
app.command()(factors)
app.command()(trace)
app.command()(peaks)
app.command()(hours)
app.command()(flow)
app.command()(reconcile)
app.command(epilog=dispatch.EXAMPLE)(dispatch.dispatch)
app.command(epilog=adequacy.EXAMPLE)(adequacy.adequacy)
app.command(epilog=zone.EXAMPLE)(zone.zone)
app.command(epilog=rooftop.EXAMPLE)(rooftop.rooftop)
app.command(epilog=fleet.EXAMPLE)(fleet.fleet)
app.command(epilog=charging.EXAMPLE)(charging.charging)
app.command(epilog=modes.EXAMPLE)(modes.modes)
app.command()(stock)
app.command(epilog=WARN_EXAMPLE)(warn)
app.add_typer(batch_app, name="batch")
app.add_typer(scenario_app, name="scenario")
app.add_typer(identity_app, name="identity")
app.add_typer(region_app, name="region")
app.add_typer(release_app, name="release")
app.add_typer(audit_app, name="audit")
app.command(epilog=EXPORT_EXAMPLE)(export)


@app.command()
def serve(
    service: Annotated[
        str, typer.Argument(help="buildings, transport, industry, power or gateway; none with --embedded.")
    ] = "",
    embedded: Annotated[bool, typer.Option(help="All services and the gateway in one process.")] = False,
    listen: Annotated[str, typer.Option(help="gRPC address, host:port or unix:/path.")] = "",
    http: Annotated[str, typer.Option(help="HTTP address of the page and the JSON API; none for none.")] = "",
    sector: Annotated[
        list[str] | None, typer.Option(help="Address of a sector service, id=host:port. Repeatable.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file of settings.")] = None,
    threads: Annotated[int, typer.Option(help="Threads that run kernels; 0 takes one a core.")] = 0,
    log_level: Annotated[str, typer.Option(help="debug, info, warning, error.")] = "",
    store: Annotated[
        str,
        typer.Option(
            envvar="DAFENG_STORE",
            help="Where batches are kept: an SQLite or PostgreSQL URL, default (a file in the data folder), none.",
        ),
    ] = "",
    region: Annotated[str, typer.Option(help="Region of the headline printed when ready.")] = "jiangsu",
    regions: Regions = None,
) -> None:
    """Serve one service, the gateway, or everything."""
    from gateway.settings import DEFAULT_PORTS, load_settings
    from gateway.start import serve as run
    from services.common.errors import DomainError

    name = "embedded" if embedded else service
    if name != "embedded" and name not in DEFAULT_PORTS:
        fail("invalid input", [f"  service: {name!r}; allowed: {', '.join(DEFAULT_PORTS)} or --embedded"], 2)
    nameless = [s for s in sector or () if "=" not in s]
    if nameless:
        fail("invalid input", [f"  --sector {s!r}: write id=host:port" for s in nameless], 2)
    sector_addresses = dict(s.split("=", 1) for s in sector or ())
    started = time.perf_counter()
    try:
        settings = load_settings(
            config,
            {
                "listen": listen,
                "http": http,
                "sectors": sector_addresses,
                "regions": str(regions or OWN_REGIONS.folder or ""),
                "threads": threads or None,
                "log_level": log_level,
            },
            store,
        )
        if settings.regions:
            from gateway.region_folder.own import check_far_workers

            check_far_workers(settings.batches.kubernetes)
            serve_own_regions(Path(settings.regions))
        if name == "embedded" and not settings.listen:
            settings = settings.model_copy(update={"listen": f"127.0.0.1:{DEFAULT_PORTS['gateway']}"})
        if name == "embedded":
            err.print("达峰 Dafeng: 启动服务 starting services (the first start compiles kernels) ...")
        asyncio.run(
            run(
                name,
                settings,
                lambda server: _on_ready(name, server, settings, region, started),
                lambda one: err.print(f"  {one}: {time.perf_counter() - started:.1f} s", highlight=False),
            )
        )
    except DomainError as error:
        fail("输入不合法 invalid input", [f"  {v}" for v in error.violations] or [f"  {error}"], 2)


def _on_ready(name: str, server: Any, settings: Any, region: str, started: float) -> None:
    if name != "embedded":
        out.print(f"ready: {name} at {server.address}", highlight=False)
        return
    import threading

    def headline() -> None:
        # By the gateway's own inner address: the outer one may ask for a sign-in.
        with Client(server.inside.address, metadata=server.inside.metadata()) as client:
            try:
                text = reports.headline(client.project(region))
            except ServiceError as error:  # it serves all the same
                text = f"{region}: {error}"
        seconds = time.perf_counter() - started
        page = _page_address(settings) or "no page"
        out.print(
            f"就绪 ready: {page}  gRPC {server.address}  |  {text}  |  {seconds:.1f} s",
            highlight=False,
            markup=False,
        )
        sys.stdout.flush()

    threading.Thread(target=headline, daemon=True).start()


def _page_address(settings: Any) -> str:
    """Where a browser opens the page; "" where there is none."""
    if not settings.http:
        return ""
    scheme = "http" if settings.tls.certificate is None else "https"
    return settings.identity.public_url or f"{scheme}://{settings.http}"


def _project(
    client: Client,
    place: str,
    scenario: str,
    settings: list[common_pb2.LeverSetting],
    frame: dict[str, Any],
) -> projection_pb2.Projection:
    with status("计算情景 projecting"):
        return client.project(place, scenario, settings, name=scenario, **frame)
