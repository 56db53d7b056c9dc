"""The report as Markdown, with its pictures as files beside it."""

from collections.abc import Iterator

from validation.comparison import Chart, Comparison, Verdict
from validation.report.found import Found, SectionFound
from validation.report.numbers import difference, figure, limits
from validation.report.words import VERDICTS, WORDS


def markdown(found: Found, language: str) -> str:
    """The whole report in one language."""
    return "\n".join(_lines(found, language)) + "\n"


def _lines(found: Found, language: str) -> Iterator[str]:
    def word(name: str) -> str:
        return str(getattr(WORDS[name], language))

    yield f"# {word('title')}\n"
    yield f"{word('intro')}\n"
    yield f"{word('how')}. {word('revision')}: `{found.revision}`\n"
    yield f"**{word('verdicts')}.**\n"
    for verdict in Verdict:
        yield f"- {getattr(VERDICTS[verdict], language)}: {word(verdict.value)}"
    yield f"- {word('grades')}\n"
    yield f"## {word('summary')}\n"
    yield f"| {word('section')} | " + " | ".join(getattr(VERDICTS[v], language) for v in Verdict) + " |"
    yield "|---" * (1 + len(Verdict)) + "|"
    for part in found.sections:
        counts = " | ".join(str(n) for n in part.counts.values())
        yield f"| {getattr(part.section.title, language)} | {counts} |"
    totals = [sum(s.counts[v] for s in found.sections) for v in Verdict]
    yield f"| **{word('all')}** | " + " | ".join(f"**{n}**" for n in totals) + " |\n"
    for name, listed in (
        ("gone", found.gone),
        ("broken", [f"{s.section.section_id}: {s.fault}" for s in found.sections if s.fault]),
    ):
        if listed:
            yield f"**{word(name)}:** " + "; ".join(f"`{text}`" for text in listed) + "\n"
    for part in found.sections:
        yield from _section(part, language)


def _section(part: SectionFound, language: str) -> Iterator[str]:
    def word(name: str) -> str:
        return str(getattr(WORDS[name], language))

    head = ("what", "figure", "reference", "difference", "limits", "grade", "verdict", "source")
    yield f"## {getattr(part.section.title, language)}\n"
    yield f"{getattr(part.section.about, language)} ({word('took')} {part.seconds:.0f} s)\n"
    table = False
    for piece in part.pieces:
        if isinstance(piece, Comparison):
            if not table:
                yield "| " + " | ".join(word(h) for h in head) + " |"
                yield "|---" * len(head) + "|"
                table = True
            yield _row(piece, language)
            continue
        if table:
            yield ""
            table = False
        if isinstance(piece, Chart):
            title = getattr(piece.title, language)
            yield f"![{title}](plots/{piece.chart_id}.{language}.svg)\n\n*{title}*\n"
        else:
            yield f"{getattr(piece.text, language)}\n"
    yield ""


def _row(piece: Comparison, language: str) -> str:
    verdict = getattr(VERDICTS[piece.verdict], language)
    told = [getattr(text, language) for text in (piece.remark, piece.known) if text is not None]
    if piece.verdict is not Verdict.KNOWN and piece.known is not None:
        told = told[:-1]
    verdict = f"**{verdict}**" if piece.verdict is Verdict.DIFFERS else verdict
    what = getattr(piece.label, language) + "".join(f"<br>*{text}*" for text in told)
    cells = (
        what,
        f"{figure(piece.figure)} {piece.unit}",
        f"{figure(piece.reference)} {piece.unit}",
        difference(piece),
        limits(piece),
        piece.grade,
        verdict,
        piece.source,
    )
    return "| " + " | ".join(cell.replace("|", "\\|").strip() for cell in cells) + " |"
