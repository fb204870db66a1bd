"""The profile's page, cut into its claims: rows of tables and sentences of paragraphs."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "tool-profile.md"
SIMULATOR = "The simulated tool in `simulators` reads it so:"
"""From here on the page is about one tool."""
SENTENCE = re.compile(r"(?<=\.)\s+(?=[A-Z`*\"])")


def plain(words: str) -> str:
    """Words with their line breaks taken out."""
    return re.sub(r"\s+", " ", words).strip()


def claims() -> list[str]:
    """Every row and sentence, in order; headings and rules of tables are no claims."""
    found: list[str] = []
    paragraph: list[str] = []

    def close() -> None:
        found.extend(part for part in SENTENCE.split(plain(" ".join(paragraph))) if part)
        paragraph.clear()

    page, _, _ = PAGE.read_text(encoding="utf-8").partition(SIMULATOR)
    for line in page.splitlines():
        if line.startswith("#") or not line.strip():
            close()
        elif line.startswith("|"):
            close()
            if not re.fullmatch(r"[|\- ]+", line):
                found.append(plain(line))
        elif line.startswith("- "):
            close()
            paragraph.append(line[2:])
        else:
            paragraph.append(line)
    close()
    return found


def covers(words: str, claim: str) -> bool:
    """Whether a quotation lies in a claim, or holds it."""
    quoted = plain(words)
    return quoted in claim or claim in quoted
