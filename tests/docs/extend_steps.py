"""The steps of a page of docs/extend: edits of files and commands, in the order in which they stand.

An edit is a fence with `path=` and `op=` behind its language; its text is what is written:

    op=create                 a new file
    op=overwrite              a file, whatever it held
    op=append                 at the end of the file
    op=after at="words"       below the one line that is these words, or holds them
    op=before at="words"      above it
    op=replace at="words"     in its place

A `path` with * is every file that it matches. A fence `console` holds commands after "$ ", each with lines that its
output holds in this order; "..." stands for anything. `exit=2` behind `console` is the exit code of its last command.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docs.blocks import Block, blocks

DOCS = Path(__file__).resolve().parents[2] / "docs"


@dataclass(frozen=True)
class Edit:
    """One edit of the files that `path` matches."""

    line: int
    path: str
    op: str
    at: str
    text: str

    def apply(self, root: Path) -> None:
        """Edit the files below `root`. AssertionError tells the page's line when that cannot be done."""
        if self.op in ("create", "overwrite"):
            target = root / self.path
            assert target.exists() == (self.op == "overwrite"), f"line {self.line}: op={self.op} {self.path}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.text, "utf-8")
            return
        found = sorted(root.glob(self.path))
        assert found, f"line {self.line}: there is no {self.path}"
        for path in found:
            path.write_text(self.edited(path.read_text("utf-8")), "utf-8")

    def edited(self, old: str) -> str:
        """The whole text of a file after the edit."""
        if self.op == "append":
            assert old.endswith("\n")
            return old + self.text
        lines = old.splitlines(keepends=True)
        whole = [i for i, line in enumerate(lines) if line.strip() == self.at]
        held = whole or [i for i, line in enumerate(lines) if self.at in line]
        assert len(held) == 1, f"line {self.line}: {self.at!r} stands in {len(held)} lines of {self.path}"
        first, last = {
            "after": (held[0] + 1, held[0] + 1),
            "before": (held[0], held[0]),
            "replace": (held[0], held[0] + 1),
        }[self.op]
        return "".join([*lines[:first], self.text, *lines[last:]])


@dataclass(frozen=True)
class Command:
    """A command, lines that its output holds, and its exit code."""

    line: int
    words: tuple[str, ...]
    seen: tuple[str, ...]
    exit_code: int

    def check(self, output: str, exit_code: int) -> None:
        """AssertionError when the output or the exit code is not what the page says."""
        told = f"line {self.line}: $ {shlex.join(self.words)}\n{output}"
        assert exit_code == self.exit_code, f"exit code {exit_code}; {told}"
        wanted = (re.escape(_plain(line)).replace(r"\.\.\.", ".*?") for line in self.seen)
        assert re.search(".*?".join(wanted), _plain(output), re.S), f"{self.seen} not in the output of {told}"


Step = Edit | Command


def steps(page: Path) -> Iterator[Step]:
    """Every edit and command of a page, in order."""
    for block in blocks(page):
        said = _said(block)
        if "path" in said:
            yield Edit(block.line, said["path"], said["op"], said.get("at", ""), block.text)
        elif block.language == "console":
            yield from _commands(block, int(said.get("exit", "0")))


def unnamed_files(page: Path) -> list[str]:
    """Edits whose file is not named in the words above them: built pages show those alone."""
    lines = page.read_text("utf-8").splitlines()
    found, after = [], 0
    for block in blocks(page):
        path = _said(block).get("path", "")
        words = " ".join(lines[after : block.line - 2])
        if path and f"`{path}`" not in words:
            found.append(f"{page.name}:{block.line} {path}")
        after = block.line + block.text.count("\n")
    return found


def _said(block: Block) -> dict[str, str]:
    words = shlex.split(" ".join(block.words))
    return dict(word.split("=", 1) for word in words if "=" in word)


def _commands(block: Block, exit_code: int) -> Iterator[Command]:
    parts = re.split(r"^\$ ", block.text, flags=re.M)[1:]
    for i, part in enumerate(parts):
        first, *seen = re.sub(r"\\\n\s*", "", part).splitlines()
        last = i == len(parts) - 1
        yield Command(block.line, tuple(shlex.split(first)), tuple(seen), exit_code if last else 0)


def _plain(text: str) -> str:
    """White space, and the lines of tables, count as one space."""
    return " ".join(re.sub(r"[│┃━╇─┼┴]", " ", text).split())
