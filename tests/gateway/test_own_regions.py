"""Regions of one's own: copied, given weather, checked at the start, served like the others, known to workers."""

import asyncio
import os
import runpy
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest
import yaml

from dafeng.cli.parsing import place_of
from dafeng.client import Client, InvalidInputError
from gateway.jobs.local import LocalLauncher
from gateway.jobs.prepare import prepare
from gateway.jobs.runner import Runner
from gateway.jobs.spec import spec_of, text_of
from gateway.jobs.store.open import open_store
from gateway.jobs.words import ENDED, BatchState
from gateway.region_folder.check import check_folder
from gateway.region_folder.copying import copy_region
from gateway.region_folder.findings import BLOCKING, Kind
from gateway.region_folder.normals import StationYear, monthly_normals
from gateway.region_folder.own import check_far_workers, open_own_regions
from gateway.region_folder.station import Provenance, put_station
from gateway.region_folder.trial import try_folder
from gateway.targets.data import read_targets
from services.common.axes import MONTH_DAYS
from services.common.errors import DomainError
from services.common.power_outcome import DispatchMode
from services.common.region_files import ROOT
from services.common.regions import load_region, use_own_regions
from services.common.weather import city_normals, weather_year
from services.common.words import Grade
from services.own_regions import VARIABLE, own_regions_folder
from tests.gateway.conftest import separate_processes
from tests.gateway.jobs.runner.memory_store import new_batch

MADE_EPW = ROOT.parent / "docs" / "tutorials" / "files" / "make_epw.py"
SOURCES = "our_station: {title: Weather station of our own, year: 2021}\n"


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    yield
    use_own_regions(None)


def own(tmp_path, region_id):
    """Jiangsu under another name, in a folder of regions of one's own."""
    folder = tmp_path / "mine" / region_id
    copy_region("jiangsu", folder, "云梦", "Yunmeng")
    (folder / "sources.yaml").write_text(SOURCES, "utf-8")
    return folder


def blocking(folder):
    return [(f.file, f.what) for f in check_folder(folder).findings if f.kind in BLOCKING]


def told(error):
    return "\n".join(map(str, error.value.violations))


def projected(shop, region_id):
    asked = {"region": region_id, "last_year": 2022}, {"scenario": {"baseline": "planned"}}
    (found,) = shop.do(shop.pipeline.project(*asked, DispatchMode.FAST))
    return found


def weather_of_xuzhou(folder, warmer_k=0.0):
    """The city of Nantong, which is warmer, brings the weather of Xuzhou."""
    year = weather_year(load_region("jiangsu"), "normal")
    city = load_region("jiangsu").city_ids.index("xuzhou")
    hours = StationYear(
        "Xuzhou's", 31.9, 120.9, 5.0, year.temperature_degc[city] + warmer_k,
        year.global_radiation_w_per_m2[city], year.humidity_ratio_kg_per_kg[city],
        2.0 + np.sin(np.arange(8760.0)),
    )  # fmt: skip
    put_station(folder, "nantong", "OURS", hours, Provenance("our_station", "all hours", Grade.B))


def numbers(projection):
    """Every metric's numbers, bit for bit."""
    return {
        m.metric.metric_id: m.region_values.tobytes() + m.place_values.tobytes() for m in projection.metrics
    }


@pytest.mark.thorough  # the tutorial of a city's own data goes the same way
@pytest.mark.slow
def test_a_copy_answers_as_what_it_is_of_and_a_figure_of_its_own_counts(shop, tmp_path):
    folder = own(tmp_path, "yunmeng_a")
    assert open_own_regions(tmp_path / "mine") == ("yunmeng_a",)
    first, copied = projected(shop, "jiangsu"), projected(shop, "yunmeng_a")
    assert first.digest != copied.digest and first.revision != copied.revision
    assert len(numbers(first)) > 400 and numbers(first) == numbers(copied)
    verdicts = {t.target_id: t.verdict for t in copied.targets}
    assert verdicts and verdicts == {t.target_id: t.verdict for t in first.targets}
    assert {t.place for t in read_targets("yunmeng_a").targets} == {"yunmeng_a", "nantong", "lianyungang"}
    use_own_regions(None)
    changed = folder.rename(folder.with_name("yunmeng_b"))
    path = changed / "cities" / "nantong" / "transport.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    mine = {"value": 0.3, "source": "our_station", "clause": "table 2", "grade": "A"}
    content["leaves"]["automobile_weight"] |= mine
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    open_own_regions(tmp_path / "mine")
    own_figures = projected(shop, "yunmeng_b")
    assert own_figures.revision.data_revision != copied.revision.data_revision
    assert numbers(own_figures) != numbers(copied)


@pytest.mark.thorough  # the tutorial of a city's own data goes the same way
@pytest.mark.slow
def test_weather_of_its_own_reaches_the_weather_years_and_the_projection(shop, tmp_path):
    folder = own(tmp_path, "yunmeng_c")
    weather_of_xuzhou(folder)
    assert blocking(folder) == []
    open_own_regions(tmp_path / "mine")
    region, given = load_region("yunmeng_c"), load_region("jiangsu")
    here, there = (city_normals(r, c) for r, c in ((region, "nantong"), (given, "xuzhou")))
    # Normals of a year that was made of normals: they come back, but for what days lend each other at midnight.
    assert here["mean_temperature_degc"] == pytest.approx(there["mean_temperature_degc"], abs=0.06)
    assert here["daily_mean_deviation_k"] == pytest.approx(there["daily_mean_deviation_k"], rel=0.15)
    assert here["daily_range_k"] == pytest.approx(there["daily_range_k"], rel=0.25)
    assert here["global_radiation_kwh_per_m2"] == pytest.approx(
        there["global_radiation_kwh_per_m2"], rel=0.01
    )
    assert here["wind_m_per_s"] == pytest.approx(np.full(12, 2.0), abs=0.05)
    year, before = weather_year(region, "normal"), weather_year(given, "normal")
    at, xuzhou = region.city_ids.index("nantong"), region.city_ids.index("xuzhou")
    assert year.temperature_degc[at].mean() == pytest.approx(before.temperature_degc[xuzhou].mean(), abs=0.05)
    others = [i for i in range(len(region.city_ids)) if i != at]
    assert (year.temperature_degc[others] == before.temperature_degc[others]).all()
    # The province's heat of 2020 is that of its statistics; more of it is now Nantong's.
    heat = {
        name: next(
            m
            for m in projected(shop, name).metrics
            if m.metric.metric_id == "buildings.space_heating_useful_gj"
        )
        for name in ("yunmeng_c", "jiangsu")
    }
    share = {name: m.place_values[at, 0] / m.place_values[:, 0].sum() for name, m in heat.items()}
    assert share["yunmeng_c"] > 1.1 * share["jiangsu"]


@pytest.mark.thorough  # the tutorial of a city's own data goes the same way
@pytest.mark.slow
def test_trying_it_out_tells_what_does_not_fit_together(tmp_path):
    folder = own(tmp_path, "yunmeng_p")
    assert Kind.WRONG not in {f.kind for f in try_folder(folder)}
    assert own_regions_folder() is None, "what was tried is not served"
    other = own(tmp_path, "yunmeng_q")
    path = other / "observations.csv"
    lines = path.read_text("utf-8").splitlines()
    at = next(i for i, text in enumerate(lines) if text.startswith("electricity_consumption_industry,2020,"))
    metric, year, value, *rest = lines[at].split(",")
    lines[at] = ",".join([metric, year, str(2 * float(value)), *rest])
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert blocking(other) == []
    (found,) = try_folder(other)
    assert found.kind is Kind.WRONG and "calibration of industry out of bounds" in found.text


def test_normals_come_back_from_the_file_of_the_tutorial(tmp_path):
    made = runpy.run_path(str(MADE_EPW))
    made["main"](tmp_path / "nantong.epw")
    text = (tmp_path / "nantong.epw").read_text("utf-8")
    assert "SYNTHETIC" in text.splitlines()[0] and len(text.splitlines()) == 8768
    folder = own(tmp_path, "yunmeng_d")
    done = weather_command(folder, "xuzhou", tmp_path / "nantong.epw")
    assert done.returncode == 2 and "degrees from the city's" in done.stderr, done.stderr
    done = weather_command(folder, "nantong", tmp_path / "nantong.epw")
    assert done.returncode == 0, done.stderr
    assert blocking(folder) == []
    again = {p: p.read_bytes() for p in folder.rglob("*.csv")}
    assert weather_command(folder, "nantong", tmp_path / "nantong.epw").returncode == 0
    assert again == {p: p.read_bytes() for p in folder.rglob("*.csv")}, "twice is as once"
    use_own_regions(tmp_path / "mine")
    normals = city_normals(load_region("yunmeng_d"), "nantong")
    mean = np.average(normals["mean_temperature_degc"], weights=MONTH_DAYS)
    assert mean == pytest.approx(made["MEAN_DEGC"], abs=1.0)
    assert normals["daily_range_k"] == pytest.approx(np.full(12, 2 * made["DAY_SWING_K"]), rel=0.03)
    assert normals["wind_m_per_s"] == pytest.approx(np.full(12, made["WIND_M_PER_S"]), abs=0.02)


def weather_command(folder, city, file):
    return dafeng(
        "region", "weather", folder, city, file, "--station", "OURS", "--source", "our_station", "--grade", "C"
    )  # fmt: skip


def dafeng(*words, **environment):
    command = [sys.executable, "-m", "dafeng.cli", *map(str, words)]
    given = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=280, cwd=ROOT.parent, env=given)


def test_warmth_of_the_files_years_is_taken_off_once(tmp_path):
    year = weather_year(load_region("jiangsu"), "normal")
    hours = StationYear(
        "x", 31.9, 120.9, 5.0, year.temperature_degc[0], year.global_radiation_w_per_m2[0],
        year.humidity_ratio_kg_per_kg[0], 2.0 + np.sin(np.arange(8760.0)),
    )  # fmt: skip
    plain, less = own(tmp_path, "yunmeng_e"), own(tmp_path, "yunmeng_f")
    for folder, warming in ((plain, 0.0), (less, 0.4)):
        put_station(folder, "nantong", "OURS", hours, Provenance("our_station", "x", Grade.B), warming)
    use_own_regions(tmp_path / "mine")
    first, second = (city_normals(load_region(n), "nantong") for n in ("yunmeng_e", "yunmeng_f"))
    assert first["mean_temperature_degc"] - second["mean_temperature_degc"] == pytest.approx(0.4, abs=0.011)
    assert (first["vapour_pressure_pa"] == second["vapour_pressure_pa"]).all()
    assert monthly_normals(hours)["mean_temperature_degc"] == pytest.approx(
        first["mean_temperature_degc"], abs=0.01
    )
    assert "0.4 K" in (less / "weather" / "station_normals.csv").read_text("utf-8")


def test_what_a_station_lacks_is_told_at_once(tmp_path):
    folder = own(tmp_path, "yunmeng_g")
    hours = StationYear("x", 45.0, 10.0, 0.0, *(np.zeros(8760) for _ in range(4)))
    with pytest.raises(DomainError) as error:
        put_station(folder, "nantong", "LUSI", hours, Provenance("", "x", Grade.B))
    for part in ("degrees from the city's", "came along", "sources.yaml", "humidity", "radiation", "wind"):
        assert part in told(error), part
    with pytest.raises(DomainError, match="no such city"):
        put_station(folder, "nanchang", "OURS", hours, Provenance("our_station", "x", Grade.B))
    with pytest.raises(DomainError, match="not the folder of a region"):
        put_station(tmp_path, "nantong", "OURS", hours, Provenance("our_station", "x", Grade.B))
    assert not (folder / "weather" / "stations.csv").exists(), "nothing was written"


def test_the_check_tells_of_stations_that_are_not_there_and_of_weights_that_make_no_whole(tmp_path):
    folder = own(tmp_path, "yunmeng_h")
    path = folder / "weather" / "city_stations.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("xuzhou,XUZHOU,1.0", "xuzhou,XUZHOUU,0.9"), "utf-8")
    found = {(f.what, f.text) for f in check_folder(folder).findings if f.kind in BLOCKING}
    assert ("xuzhou", "the weights of its stations make 0.9, not 1") in found
    assert any(what == "XUZHOUU" and "did you mean XUZHOU" in text for what, text in found)


@pytest.mark.parametrize(
    ("name", "told_so"),
    [("jiangsu", "came along"), ("national", "came along"), ("Yun-Meng", "folder's name")],
)
def test_a_copy_needs_a_name_of_its_own(tmp_path, name, told_so):
    with pytest.raises(DomainError, match=told_so):
        copy_region("jiangsu", tmp_path / name, "云梦", "Yunmeng")
    assert not (tmp_path / name).exists()


@pytest.mark.thorough  # services apart and the tutorial go the same way
def test_what_came_along_is_copied_whatever_the_folder_of_ones_own_is_like(tmp_path):
    words = ("region", "copy", "jiangsu", tmp_path / "mine" / "yunmeng_r", "--name", "云梦:Yunmeng")
    done = dafeng(*words, DAFENG_REGIONS=str(tmp_path / "nowhere"))
    assert done.returncode == 0, done.stderr
    done = dafeng(
        "--regions", tmp_path / "mine", "region", "copy", "yunmeng_r", tmp_path / "yunmeng_s", "--name", "a:b"
    )
    assert done.returncode == 0, done.stderr
    targets = (tmp_path / "yunmeng_s" / "targets.yaml").read_text("utf-8")
    assert "place: yunmeng_s" in targets and "yunmeng_r" not in targets
    done = dafeng("region", "copy", "jiangsuu", tmp_path / "yunmeng_t", "--name", "a:b")
    assert done.returncode == 2 and "did you mean jiangsu" in done.stderr and "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_served_is_told_as_the_check_tells_it(tmp_path):
    folder = own(tmp_path, "yunmeng_i")
    (folder / "transport" / "base.yaml").unlink()
    (folder / "cities" / "suqian" / "transport.yaml").write_text("leaves: [", "utf-8")
    (tmp_path / "mine" / "empty").mkdir()
    with pytest.raises(DomainError) as error:
        open_own_regions(tmp_path / "mine")
    lines = told(error)
    for file, _ in blocking(folder):
        assert f"yunmeng_i/{file}" in lines, file
    assert "missing: no file base.yaml" in lines.replace("transport/base.yaml", "base.yaml")
    assert "empty/region.yaml" in lines
    assert os.environ.get(VARIABLE) is None, "nothing was opened"


def test_other_folders_are_told_what_they_are(tmp_path):
    folder = own(tmp_path, "yunmeng_j")
    with pytest.raises(DomainError, match="is the folder of one region"):
        open_own_regions(folder)
    with pytest.raises(DomainError, match="is not a folder"):
        open_own_regions(tmp_path / "nowhere")
    (tmp_path / "nothing").mkdir()
    with pytest.raises(DomainError, match="holds no region"):
        open_own_regions(tmp_path / "nothing")
    shutil.move(folder, tmp_path / "mine" / "jiangsu")
    with pytest.raises(DomainError, match="such a region came along"):
        open_own_regions(tmp_path / "mine")


def test_regions_that_mean_another_source_by_one_name_are_refused_together(tmp_path):
    own(tmp_path, "yunmeng_k")
    (own(tmp_path, "yunmeng_l") / "sources.yaml").write_text(SOURCES.replace("2021", "1999"), "utf-8")
    with pytest.raises(DomainError, match=r"yunmeng_l/sources\.yaml: source our_station is listed elsewhere"):
        open_own_regions(tmp_path / "mine")
    assert os.environ.get(VARIABLE) is None


def test_pods_that_would_not_know_the_regions_keep_a_gateway_from_starting():
    check_far_workers({})
    check_far_workers({"image": "x", "environment": {VARIABLE: "/shared/regions"}})
    for settings in ({"image": "x"}, {"environment": {VARIABLE: ""}}, {"environment": 3}):
        with pytest.raises(DomainError, match="would not know the regions"):
            check_far_workers(settings)


def test_a_city_of_two_regions_is_named_with_its_region():
    known = {"jiangsu": ["suqian", "nantong"], "yunmeng": ["suqian"]}
    assert place_of(known, "yunmeng/suqian") == ("yunmeng", "suqian")
    assert place_of(known, "nantong") == ("jiangsu", "nantong")
    assert place_of(known, "yunmeng") == ("yunmeng", "")
    assert place_of(known, "yunmeng/nantong") == ("yunmeng/nantong", "")
    with pytest.raises(InvalidInputError) as error:
        place_of(known, "suqian")
    assert "jiangsu/suqian, yunmeng/suqian" in error.value.violations[0].description


@pytest.mark.thorough  # services apart and the tutorial go the same way
@pytest.mark.slow
async def test_workers_of_batches_calculate_them(shop, tmp_path):
    own(tmp_path, "yunmeng_m")
    open_own_regions(tmp_path / "mine")
    spec = {
        "frame": {"region": "yunmeng_m"},
        "years": [2030],
        "mode": "fast",
        "random": {"member_count": 3, "seed": 5},
    }
    text = text_of(shop.do(prepare(shop.pipeline, {"request_id": "own", "spec": spec})).spec)
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    batch, _ = store.create(new_batch(text, 3, 3, column_count=len(spec_of(text).columns)))
    runner = Runner(store, {"local": LocalLauncher(store, 1)})
    await runner.start()
    end = time.monotonic() + 250
    while (state := store.get(batch.batch_id).state) not in ENDED:
        assert time.monotonic() < end, state
        await asyncio.sleep(0.1)
    await runner.close()
    found = store.get(batch.batch_id)
    assert found.state is BatchState.COMPLETE and found.done_count == 3
    store.close()


@pytest.mark.parametrize(
    "how",
    [
        "option",
        pytest.param("environment", marks=pytest.mark.thorough),
        pytest.param("settings", marks=pytest.mark.thorough),
        pytest.param("before the command", marks=pytest.mark.thorough),
        "a sector",
    ],
)
def test_a_broken_region_keeps_every_start_from_serving(tmp_path, how):
    folder = own(tmp_path, "yunmeng_n")
    (folder / "transport" / "base.yaml").unlink()
    config = tmp_path / "dafeng.toml"
    config.write_text(f'regions = "{folder.parent}"\n', "utf-8")
    serve = ("serve", "--embedded", "--listen", f"unix:{tmp_path / 'here.sock'}", "--http", "none")
    words, environment = {
        "option": ((*serve, "--regions", folder.parent), {}),
        "environment": (serve, {VARIABLE: str(folder.parent)}),
        "settings": ((*serve, "--config", config), {}),
        "before the command": (("--regions", folder.parent, "regions"), {}),
        "a sector": (
            ("serve", "power", "--listen", f"unix:{tmp_path / 'here.sock'}", "--regions", folder.parent),
            {},
        ),
    }[how]
    done = dafeng(*words, **environment)
    assert done.returncode == 2, done.stderr
    assert "yunmeng_n/transport/base" in done.stderr and "missing" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.thorough  # the tutorial serves them in one process
@pytest.mark.slow
def test_services_apart_from_each_other_serve_them_when_each_is_given_the_folder(tmp_path):
    own(tmp_path, "yunmeng_o")
    with separate_processes("--regions", str(tmp_path / "mine")) as address, Client(address) as client:
        assert [e.place.place_id for e in client.regions()][-1] == "yunmeng_o"
        found = client.project("yunmeng_o", years=[2030])
        assert found.revision.data_revision == client.regions()[-1].data_revision
