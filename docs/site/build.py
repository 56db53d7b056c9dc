"""Gathers the pages of each language, makes the reference pages, and lets Sphinx build both sites."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from sphinx.cmd.build import build_main

from docs.site import api, data, levers, source_list, targets, validation
from docs.site.markdown import LANGUAGES

DOCS = Path(__file__).resolve().parents[1]
_OUTWARD = re.compile(r"\[([^\]]+)\]\(((?:\.\./|examples/)[^)#]+)\)")
VALIDATION, CHANGES = "validation", "changes"
_PARTS = {
    ("Answers", "回答什么"): ("answers", "limits", VALIDATION),
    ("Method", "方法"): tuple(
        f"method/{name}"
        for name in ("projection", "buildings", "transport", "industry", "power", "decisions", "batches")
    ),
    ("Reference", "参考"): (
        "reference/levers",
        "reference/targets",
        *(f"reference/data/{place}" for place in data.PLACES),
        "reference/sources",
    ),
    ("Tutorials", "教程"): tuple(
        f"tutorials/{name}"
        for name in ("planner_first_hour", "analyst_study", "government_system", "city_own_data")
    ),
    ("Call it", "调用"): tuple(
        f"api/{name}"
        for name in ("start", "python", "http_and_grpcurl", "go_java", "errors_and_quotas", "signing_in")
    ),
    ("API", "接口"): tuple(api.names()),
    ("Extend it", "扩展"): tuple(
        f"extend/{name}" for name in ("lever", "target", "city", "province", "sector")
    ),
    ("Operations", "运维"): ("operations", CHANGES),
}
_ENTRY = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>达峰 Dafeng</title>
<p><a href="zh/index.html">中文</a> · <a href="en/index.html">English</a></p></html>
"""


def build(folder: Path) -> int:
    """Build into `folder`/en and `folder`/zh; Sphinx's exit code, warnings being errors."""
    for language in LANGUAGES:
        pages = folder / "pages" / language
        shutil.rmtree(pages, ignore_errors=True)
        for name, text in {**written(language), **made(language)}.items():
            path = pages / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        os.environ["DAFENG_DOCS_LANGUAGE"] = language
        out = folder / language
        words = [
            "-q",
            "-W",
            "--keep-going",
            "-E",
            "-d",
            str(folder / "kept" / language),
            "-c",
            str(DOCS / "site"),
        ]
        code = build_main(["-b", "html", *words, str(pages), str(out)])
        if code:
            return code
    (folder / "index.html").write_text(_ENTRY, encoding="utf-8")
    return 0


def written(language: str) -> dict[str, str]:
    """Pages that are written by hand; one that has no Chinese stands in English."""
    found = {}
    for path in sorted(DOCS.rglob("*.md")):
        relative = path.relative_to(DOCS)
        if relative.parts[0] in ("site", "examples") or path.name.endswith(".zh.md"):
            continue
        chinese = path.with_name(f"{path.stem}.zh.md")
        source = chinese if language == "zh" and chinese.is_file() else path
        text = re.sub(r"\.zh\.md(?=[)#])", ".md", source.read_text("utf-8"))
        found[relative.with_suffix("").as_posix()] = _without_outward_links(text, path.parent)
    found["index"] += "\n" + "\n".join(_contents(language))
    return found


def made(language: str) -> dict[str, str]:
    """Pages that are made from the software and its data."""
    return {
        "reference/levers": levers.page(language),
        "reference/targets": targets.page(language),
        "reference/sources": source_list.page(language),
        **{f"reference/data/{place}": data.page(place, language) for place in data.PLACES},
        VALIDATION: validation.page(language),
        # In English in both: who upgrades reads it beside the code.
        CHANGES: (DOCS.parent / "CHANGELOG.md").read_text("utf-8"),
        **api.pages(language),
    }


def _without_outward_links(text: str, folder: Path) -> str:
    """A link to a file of the project that is no page becomes its path; one to nothing stays, and is an error."""

    def plain(found: re.Match[str]) -> str:
        target = (folder / found[2]).resolve()
        if not target.exists() or (
            target.suffix == ".md" and DOCS in target.parents and "examples" not in found[2]
        ):
            return found[0]
        path = target.relative_to(DOCS.parent).as_posix()
        same = found[1].strip("`").endswith((found[2], path, target.name))
        return f"`{path}`" if same else f"{found[1]} (`{path}`)"

    return _OUTWARD.sub(plain, text)


def _contents(language: str) -> Iterator[str]:
    """The table of contents, by parts."""
    for (english, chinese), pages in _PARTS.items():
        yield f"```{{toctree}}\n:caption: {chinese if language == 'zh' else english}\n:maxdepth: 1\n"
        yield "\n".join(pages)
        yield "```\n"


def main(words: list[str]) -> int:
    """Build into the folder named, build/site by default."""
    return build(Path(words[0] if words else "build/site").resolve())
