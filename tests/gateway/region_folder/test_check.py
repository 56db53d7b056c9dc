"""A region's folder is told what it lacks, what is wrong and what has no source, by file and name."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from gateway.region_folder.check import check_folder
from gateway.region_folder.findings import BLOCKING, Kind
from gateway.region_folder.template import Named, write_template
from services.common.errors import DomainError
from services.common.region_files import ROOT
from services.common.regions import region_ids
from services.common.words import Grade


@pytest.fixture
def folder(tmp_path):
    """Jiangxi's data as those of a region of another name."""
    copied = tmp_path / "yunmeng"
    shutil.copytree(ROOT / "jiangxi", copied)
    return copied


def blocking(folder):
    return [(f.kind, f.file, f.what) for f in check_folder(folder).findings if f.kind in BLOCKING]


def edit(path, change):
    content = yaml.safe_load(path.read_text("utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


@pytest.mark.parametrize("region_id", region_ids())
def test_the_regions_that_are_there_lack_nothing(region_id):
    found = check_folder(ROOT / region_id)
    assert [f for f in found.findings if f.kind in BLOCKING or f.kind is Kind.DOUBTFUL] == []
    assert found.grades[Grade.C] == len(found.of(Kind.ESTIMATE)) > 0


def test_a_copy_under_another_name_is_as_good(folder):
    assert blocking(folder) == []


def test_what_is_missing_is_told_by_file_and_name(folder):
    (folder / "transport" / "base.yaml").unlink()
    shutil.rmtree(folder / "cities" / "ganzhou")
    edit(folder / "cities" / "jian" / "transport.yaml", lambda c: c["leaves"].pop("port_weight"))
    lines = (folder / "energy_balance_2020.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "energy_balance_2020.csv").write_text("".join(lines[:3] + lines[4:]), "utf-8")
    plain = (folder / "tiles.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "tiles.csv").write_text(
        "".join(line for line in plain if not line.startswith("nanchang,")), "utf-8"
    )
    found = {(file, what) for kind, file, what in blocking(folder) if kind is Kind.MISSING}
    assert ("transport/base", "") in found
    assert ("cities/ganzhou", "") in found
    assert ("cities/jian/transport", "port_weight") in found
    assert any(file == "energy_balance_2020.csv" and what for file, what in found)
    assert ("tiles.csv", "nanchang") in found


def test_what_is_wrong_is_told_all_at_once(folder):
    def spoil(content):
        content["leaves"]["automobile_weight"]["value"] = 1.5
        content["leaves"]["port_weight"]["unit"] = "Mt"
        content["leaves"]["port_wieght"] = dict(content["leaves"]["port_weight"])

    edit(folder / "cities" / "jian" / "transport.yaml", spoil)
    path = folder / "transport" / "vehicles.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1], lines[2].replace(",", ",many", 1)]), "utf-8")
    (folder / "cities" / "atlantis").mkdir()
    findings = check_folder(folder).findings
    told = {(f.file, f.what): f for f in findings if f.kind in BLOCKING}
    assert "within 0 and 1" in told["cities/jian/transport", "automobile_weight"].text
    assert "where share is read" in told["cities/jian/transport", "port_weight"].text
    assert any(
        file == "transport/vehicles.csv" and "with this key" in f.text for (file, _), f in told.items()
    )
    assert any(file == "transport/vehicles.csv" and "manymany" not in f.text for (file, _), f in told.items())
    assert ("cities/atlantis", "") in told
    doubtful = {(f.file, f.what): f.text for f in findings if f.kind is Kind.DOUBTFUL}
    assert "did you mean port_weight" in doubtful["cities/jian/transport", "port_wieght"]


def test_a_figure_without_source_or_grade_is_told_and_a_source_brought_along_counts(folder):
    def spoil(content):
        content["leaves"]["port_weight"].pop("derivation", None)
        content["leaves"]["port_weight"] |= {"source": "our_yearbook", "clause": "table 3", "grade": "A"}

    edit(folder / "cities" / "jian" / "transport.yaml", spoil)
    assert blocking(folder) == [(Kind.NO_SOURCE, "cities/jian/transport", "port_weight")]
    (folder / "sources.yaml").write_text("our_yearbook: {title: Yearbook of Ji'an, year: 2021}\n", "utf-8")
    assert blocking(folder) == []
    (folder / "sources.yaml").write_text("transport_compilation: {title: Yearbook of Ji'an}\n", "utf-8")
    assert [(kind, file) for kind, file, _ in blocking(folder)] == [(Kind.WRONG, "sources.yaml")]


def test_another_unit_shows_by_its_size_and_cities_that_do_not_add_up_are_asked_about(folder):
    edit(
        folder / "cities" / "jian" / "buildings.yaml",
        lambda c: c["leaves"]["factory_floor_area_2020_mm2"].update(value=25e6),
    )
    path = folder / "cities" / "nanchang" / "observations.csv"
    rows = path.read_text("utf-8").splitlines()
    spoilt = [
        ",".join([metric, year, str(float(value) * 10), *rest])
        if metric.startswith("population") and year == "2020"
        else row
        for row in rows[1:]
        for metric, year, value, *rest in [row.split(",")]
    ]
    path.write_text("\n".join([rows[0], *spoilt]) + "\n", "utf-8")
    doubtful = {(f.file, f.what): f.text for f in check_folder(folder).of(Kind.DOUBTFUL)}
    assert "is the unit right" in doubtful["cities/jian/buildings", "factory_floor_area_2020_mm2"]
    sums = [what for file, what in doubtful if file == "observations.csv"]
    assert sums and all(what.startswith("population") for what in sums)


def test_a_template_asks_for_everything_and_is_complete_when_filled_in(tmp_path):
    cities = yaml.safe_load((ROOT / "jiangxi" / "region.yaml").read_text("utf-8"))["cities"]
    folder = tmp_path / "yunmeng"
    count = write_template(
        folder, Named("yunmeng", "云梦", "Yunmeng", "990000"), [Named(c, c, c, "990100") for c in cities]
    )
    assert count == sum(p.is_file() for p in folder.rglob("*"))
    empty = check_folder(folder)
    assert {f.kind for f in empty.findings if f.kind in BLOCKING} <= {Kind.MISSING, Kind.NO_SOURCE}
    assert len(empty.of(Kind.MISSING)) > 300
    assert not any(empty.grades.values())
    given = ROOT / "jiangxi"
    for path in given.rglob("*"):
        target = folder / path.relative_to(given)
        if path.is_file() and target.is_file():
            shutil.copyfile(path, target)
    assert blocking(folder) == []
    with pytest.raises(DomainError, match="not empty"):
        write_template(folder, Named("yunmeng", "云梦", "Yunmeng", "990000"), [])


def test_files_that_cannot_be_read_are_told_and_nothing_else_stops(folder):
    (folder / "transport" / "base.yaml").write_text("leaves: [", "utf-8")
    (folder / "transport" / "grid.yaml").write_bytes(b"\xff\xfe\x00leaves")
    (folder / "targets.yaml").write_text("documents: 3\n", "utf-8")
    (folder / "region.yaml").write_text("label: x\n", "utf-8")
    files = {file for _, file, _ in blocking(folder)}
    assert {"transport/base", "transport/grid", "targets.yaml", "region.yaml"} <= files


def dafeng(*words):
    command = [sys.executable, "-m", "dafeng.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_the_command_says_it_and_its_exit_code_too(folder, tmp_path):
    good = dafeng("region", "check", folder, "--json", tmp_path / "found.json")
    assert good.returncode == 0, good.stderr
    assert "complete" in good.stdout and "downscaled" in good.stdout
    (folder / "transport" / "base.yaml").unlink()
    bad = dafeng("region", "check", folder)
    assert bad.returncode == 2
    assert "transport/base" in bad.stdout and "not usable yet" in bad.stderr
    new = tmp_path / "anhui"
    made = dafeng(
        "region", "template", new, "--place", "anhui:安徽:Anhui:340000", "--city", "hefei:合肥:Hefei:340100"
    )
    assert made.returncode == 0, made.stderr
    assert (new / "cities" / "hefei" / "city.yaml").is_file()
    assert (
        dafeng("region", "template", new, "--place", "anhui:安徽:Anhui:340000", "--city", "x").returncode == 2
    )
    assert Path(new / "README.md").read_text("utf-8").startswith("# 安徽 Anhui")
