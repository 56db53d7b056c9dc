"""What a caller takes of compressed replies: the Accept-Encoding header."""


def accepts(header: str, coding: str) -> bool:
    """True when the header names the coding and does not weigh it 0."""
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
