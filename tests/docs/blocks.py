"""Fenced blocks of a page of documentation, run one after the other as a reader would.

A fence is ```language, with words behind it: "no-run" leaves the block alone; "output" shows what the block before
printed, where "..." stands for anything and white space counts once.
"""

import contextlib
import doctest
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^( *)(```+|~~~+)([^\n`]*)\n(.*?)^ *\2 *$", re.M | re.S)
_LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Block:
    """A fenced block: page, line where its text begins, language, further words of the fence, text."""

    page: Path
    line: int
    language: str
    words: tuple[str, ...]
    text: str


def blocks(page: Path, *languages: str) -> Iterator[Block]:
    """Every block of the page in order, or those in these languages."""
    whole = page.read_text("utf-8")
    for found in _FENCE.finditer(whole):
        language, *words = found[3].split() or [""]
        text = re.sub(f"^{found[1]}", "", found[4], flags=re.M)
        if not languages or language in languages:
            yield Block(page, whole.count("\n", 0, found.start(4)) + 1, language, tuple(words), text)


def run(page: Path, runners: Mapping[str, Callable[[Block], str]]) -> None:
    """Run each block by its language's runner, which answers what was printed; AssertionError where outputs differ."""
    printed = ""
    for block in blocks(page):
        if "output" in block.words:
            same = doctest.OutputChecker().check_output(block.text, printed, _LOOSE)
            assert same, f"{page}:{block.line} shows\n{block.text}but this was printed:\n{printed}"
        elif block.language in runners and "no-run" not in block.words:
            printed = runners[block.language](block)


def run_python(block: Block, text: str, space: dict[str, object]) -> str:
    """What a block's text (its own, or with an address replaced) prints in a namespace; lines are those of the page."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile("\n" * (block.line - 1) + text, str(block.page), "exec"), space)
    return out.getvalue()
