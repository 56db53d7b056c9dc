"""The Dockerfile: pinned, without root, with everything that the software needs; and the lock that it installs."""

import fnmatch
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "Dockerfile").read_text("utf-8")


def steps(text):
    """(instruction, rest) of each step, without comments, lines joined."""
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", plain)
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def stages(text):
    """Steps by stage; what comes before the first FROM is under ""."""
    found, name = {"": []}, ""
    for word, rest in steps(text):
        if word == "FROM":
            name = rest.split(" AS ")[1]
            found[name] = []
        found[name].append((word, rest))
    return found


def environment(stage):
    return dict(re.findall(r"(\w+)=(\S*)", " ".join(rest for word, rest in stage if word == "ENV")))


def wrongs(text):
    """Everything wrong with a Dockerfile."""
    parts = stages(text)
    final = parts["final"]
    last = dict(final)
    bases = [rest.split()[0] for word, rest in steps(text) if word == "FROM"]
    default = dict(rest.split("=", 1) for word, rest in parts[""] if word == "ARG")["PYTHON_IMAGE"]
    if not re.fullmatch(r"python:3\.11-slim-\w+@sha256:[0-9a-f]{64}", default) or set(bases) != {
        "${PYTHON_IMAGE}"
    }:
        yield "base"
    if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", last.get("USER", "")):
        yield "user"
    if ":latest" in text or "HEALTHCHECK" in dict(steps(text)):
        yield "latest"
    if any(word == "RUN" for word, _ in final) or re.search(
        r"\b(gcc|build-essential|apt-get|curl|wget)\b", text
    ):
        yield "tools"
    if re.search(r"(?i)(password|secret|token|api_key)\s*=|PRIVATE KEY|^\s*ADD\b", text, re.MULTILINE):
        yield "secret"
    if not any(
        "--require-hashes" in rest and "requirements-server.lock" in rest for _, rest in parts["builder"]
    ):
        yield "hashes"
    built, served = environment(parts["builder"]), environment(final)
    kept = ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "DAFENG_CACHE_DIR", "PYTHONPATH", "PATH")
    if any(name not in built or built[name] != served.get(name) for name in kept):
        yield "kernels"
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = {rest.split()[0] for word, rest in parts["builder"] if word == "COPY"}
    if copied != {*wheel["packages"], "requirements-server.lock"}:
        yield "copies"
    if last.get("ENTRYPOINT") != '["python", "-m", "dafeng.cli"]':
        yield "entry"


def test_the_dockerfile_is_as_it_should_be():
    assert list(wrongs(TEXT)) == []


@pytest.mark.parametrize(
    ("told", "old", "new"),
    [
        ("base", "@sha256:" + "0" * 64, ""),
        ("base", "FROM ${PYTHON_IMAGE} AS final", "FROM python:3.11 AS final"),
        ("user", "USER 10001:10001", "USER dafeng"),
        ("user", "USER 10001:10001", ""),
        ("latest", "python:3.11-slim-bookworm@", "python:latest@"),
        ("tools", "USER 10001", "RUN apt-get install -y gcc\nUSER 10001"),
        ("secret", "EXPOSE", "ENV STORE_PASSWORD=x\nEXPOSE"),
        ("hashes", "--require-hashes", ""),
        ("kernels", "NUMBA_CPU_NAME=generic", "NUMBA_CPU_NAME=host"),
        ("copies", "COPY regions /opt/dafeng/app/regions\n", ""),
        ("entry", '"-m", "dafeng.cli"', '"-c", "pass"'),
    ],
)
def test_a_dockerfile_that_is_not_is_found(told, old, new):
    assert old in TEXT
    assert told in list(wrongs(TEXT.replace(old, new, 1)))


def test_only_what_is_copied_reaches_the_builder():
    lines = [t for t in (ROOT / ".dockerignore").read_text().splitlines() if t and not t.startswith("#")]
    kept = {t[1:] for t in lines if t.startswith("!")}
    copied = {r.split()[0] for w, r in stages(TEXT)["builder"] if w == "COPY"}
    assert lines[0] == "*"
    assert kept == copied
    for name in (".git", "tests", ".venv", "web/node_modules"):
        assert not any(fnmatch.fnmatch(name, k) for k in kept)


def pins(name):
    text = (ROOT / name).read_text()
    found = {}
    for block in re.split(r"\n(?=[a-z0-9])", text):
        head = re.match(r"([a-z0-9.-]+)==([^\s;\\]+)", block)
        if head:
            found.setdefault(head[1], set()).add(head[2])
            assert "--hash=sha256:" in block, head[1]
    return found


def test_the_lock_of_the_image_is_a_part_of_the_main_one_without_tools():
    server, whole = pins("requirements-server.lock"), pins("requirements.lock")
    assert {k: v for k, v in server.items() if not v <= whole.get(k, set())} == {}
    assert not {"pytest", "mypy", "ruff", "locust", "playwright", "grpcio-tools", "uv", "hatchling"} & set(
        server
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [project["optional-dependencies"][e] for e in ("server", "telemetry", "batch", "k8s")]
    wanted = {re.match(r"[\w.-]+", d)[0].lower() for d in sum(extras, project["dependencies"])}
    assert wanted <= set(server)
