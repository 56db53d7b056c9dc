"""Shell blocks of pages: run as they stand; grpcurl, where it is not installed, is held against the contracts."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.api_contracts import known, request_of

_WITH_VALUE = {"-d", "-H", "-max-time", "-cacert", "-protoset", "-protoset-out"}


def shell(folder, replaced, environment):
    """A runner of shell blocks in a folder, with texts of the page replaced."""

    def runner(block):
        for name in ("bash", "curl"):
            if shutil.which(name) is None:
                pytest.skip(f"{name} is not installed here: the page's commands cannot be run")
        told = check_grpcurl(block.text, folder)
        if told and shutil.which("grpcurl") is None:
            return ""
        text = block.text
        for old, new in replaced.items():
            text = text.replace(old, new)
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=folder,
            env={**os.environ, **environment, "PATH": path},
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, f"{block.page}:{block.line}\n{done.stdout}{done.stderr}"
        return done.stdout

    return runner


def check_grpcurl(text, folder):
    """How many grpcurl commands a text has; AssertionError or ParseError where one names what does not exist."""
    count = 0
    for line in re.sub(r"\\\n", " ", text).split("grpcurl ")[1:]:
        words = shlex.split(_first_command(line))
        plain, data, at = [], "{}", 0
        while at < len(words):
            if words[at] in _WITH_VALUE:
                data = words[at + 1] if words[at] == "-d" else data
                if words[at] == "-protoset":
                    assert (Path(folder) / words[at + 1]).is_file(), words[at + 1]
                at += 1
            else:
                plain.append(words[at])
            at += 1
        plain = [word for word in plain if word != "-plaintext"]
        _check_call(plain[1:], data)
        count += 1
    return count


def _first_command(line):
    """The words up to the end of a command; its quoted parts may hold line breaks."""
    quoted = ""
    for at, character in enumerate(line):
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "'\"":
            quoted = character
        elif character == "\n":
            return line[:at]
    return line


def _check_call(words, data):
    if words in (["list"], ["describe"]):
        return
    if words[0] == "describe":
        assert known(words[1].lstrip(".")), words
        return
    assert len(words) == 1 and known(words[0]), words
    request_of(words[0], data)
