"""The guide's code in Go and Java names what generators make of the contracts, by the settings that it shows."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.api_contracts import FILES
from tests.docs.api_pages import PAGES, ROOT, page
from tests.docs.api_stubs import wrong_in_go, wrong_in_java
from tests.docs.blocks import blocks

GO_JAVA = page("go_java")


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """{"go": {contract package: import path;name}, "java": ...} as buf's managed mode makes them from the page's file."""
    folder = tmp_path_factory.mktemp("buf")
    (shown,) = blocks(GO_JAVA, "yaml")
    plugins = folder / "plugins"
    plugins.mkdir()
    names = {*re.findall(r"local: (\S+)", shown.text), "protoc-gen-java"}
    for name in names:
        plugin = plugins / name
        plugin.write_text(f"#!{sys.executable}\n{_TELLING_PLUGIN}", "utf-8")
        plugin.chmod(plugin.stat().st_mode | stat.S_IXUSR)
    config = shown.text.replace("protoc_builtin: java", "local: protoc-gen-java")
    (folder / "buf.gen.yaml").write_text(config, "utf-8")
    buf = Path(sys.executable).parent / "buf"
    done = subprocess.run(
        [buf, "generate", ROOT / "proto"],
        cwd=folder,
        env={**os.environ, "PATH": f"{plugins}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = {name: {} for name in names}
    for path in folder.rglob("*.json"):
        file, plugin, options = json.loads(path.read_text("utf-8"))
        told[plugin][file] = options
    assert all(set(files) == set(FILES) for files in told.values())
    return told["protoc-gen-go"], told["protoc-gen-java"]


# A plugin that generates nothing but what buf has told it of each file.
_TELLING_PLUGIN = """
import json, pathlib, sys
from google.protobuf.compiler import plugin_pb2
request = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
reply = plugin_pb2.CodeGeneratorResponse(supported_features=1)
plugin = pathlib.Path(sys.argv[0]).name
for file in request.proto_file:
    if file.name in request.file_to_generate:
        options = [file.package, file.options.go_package, file.options.java_package, file.options.java_multiple_files]
        reply.file.add(name=f"{file.name}.{plugin}.json", content=json.dumps([file.name, plugin, options]))
sys.stdout.buffer.write(reply.SerializeToString())
"""


@pytest.fixture(scope="module")
def go_packages(packages):
    return {package: go.partition(";")[0] for package, go, _, _ in packages[0].values()}


@pytest.mark.parametrize("number", [0, 1])
def test_the_go_shown_names_what_the_contracts_have(number, go_packages):
    source = [b.text for b in blocks(GO_JAVA, "go")][number]
    assert list(wrong_in_go(source, go_packages)) == []
    assert source.startswith("package main\n") and source.count("{") == source.count("}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LeverId:", "Lever:"),
        ("GetLevelTco2()", "GetLevelTonnes()"),
        ("gen/dafeng/targets/v1", "gen/dafeng/target/v1"),
        ("targetsv1.NewTargetServiceClient", "targetsv1.NewTargetsServiceClient"),
        (".Project(ctx", ".Projects(ctx"),
    ],
)
def test_a_wrong_name_in_go_is_found(old, new, go_packages):
    source = next(blocks(GO_JAVA, "go")).text
    assert old in source
    assert list(wrong_in_go(source.replace(old, new), go_packages)) != []


@pytest.fixture(scope="module")
def java_packages(packages):
    assert all(many for _, _, _, many in packages[1].values()), (
        "classes of their own, as the page imports them"
    )
    return {java: package for package, _, java, _ in packages[1].values()}


@pytest.mark.parametrize("number", [0, 1])
def test_the_java_shown_names_what_the_contracts_have(number, java_packages, tmp_path):
    source = [b.text for b in blocks(GO_JAVA, "java")][number]
    assert list(wrong_in_java(source, java_packages)) == []
    if shutil.which("javac") is None:
        pytest.skip("javac is not installed here: names are held against the contracts, syntax is not")
    name = re.search(r"final class (\w+)", source)[1]
    (tmp_path / f"{name}.java").write_text(source, "utf-8")
    command = ["javac", "-XDshould-stop.ifNoError=PARSE", "-d", tmp_path, tmp_path / f"{name}.java"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (".setLeverId(", ".setLever("),
        (".getLevelTco2()", ".getLevelTonnes()"),
        ("v1.Scenario;", "v1.Scenarios;"),
        (".evaluateTargets(", ".evaluate("),
    ],
)
def test_a_wrong_name_in_java_is_found(old, new, java_packages):
    source = next(blocks(GO_JAVA, "java")).text
    assert old in source
    assert list(wrong_in_java(source.replace(old, new), java_packages)) != []


@pytest.mark.parametrize("end", [".md", ".zh.md"])
def test_the_packages_told_are_those_of_managed_mode(end, go_packages, packages, java_packages):
    text = PAGES["go_java", end].read_text("utf-8")
    for contract in ("dafeng.common.v1", "dafeng.projection.v1"):
        path, _, name = next(
            go for package, go, _, _ in packages[0].values() if package == contract
        ).partition(";")
        assert f"| `{path}`" in text.replace("包 ", "").replace("package ", "") and f"`{name}`" in text
        java = next(java for java, package in java_packages.items() if package == contract)
        assert f"`{java}`" in text


def test_the_words_given_to_protoc_name_a_go_package_for_every_file(tmp_path, packages):
    shown = next(b.text for b in blocks(GO_JAVA, "sh") if "protoc -I" in b.text)
    protoc = tmp_path / "protoc"
    protoc.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', "utf-8")
    protoc.chmod(0o755)
    (tmp_path / "proto").symlink_to(ROOT / "proto")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", shown],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    words = done.stdout.splitlines()
    managed = {file: go for file, (_, go, _, _) in packages[0].items()}
    for kind in ("go", "go-grpc"):
        assert dict(re.findall(rf"^--{kind}_opt=M(\S+?)=(\S+)$", done.stdout, re.M)) == managed
    assert {word for word in words if word.startswith("dafeng/")} == set(FILES)


def test_java_without_options_has_the_classes_told():
    """protoc calls a file's class as the file, with OuterClass behind where a message of the file is called so."""
    messages = {name: [m.name for m in file.message_type] for name, file in FILES.items()}
    assert "Projection" in messages["dafeng/projection/v1/projection.proto"]
    assert "Common" not in messages["dafeng/common/v1/common.proto"]
    assert not any(
        f.options.HasField("java_package") or f.options.java_multiple_files for f in FILES.values()
    )
