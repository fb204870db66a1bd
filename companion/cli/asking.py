"""Questions in the terminal, answered by typing."""

from collections.abc import Sequence

from companion.cli.endings import UsageRefused
from companion.cli.terminal import is_yes
from companion.texts import text


def ask_yes(question: str) -> bool:
    """Ask until the answer is yes or no: for such questions silence is no answer.

    Raises:
        UsageRefused: the answers end before that.
    """
    while True:
        said = is_yes(_answer(text("cli.person.yes_no", question=question)))
        if said is not None:
            return said
        print(text("cli.person.again", accepted="y, n"))


def ask_one(prompt: str, known: Sequence[str], default: str) -> str:
    """Ask until the answer is one of the known words; an empty one is the default.

    Raises:
        UsageRefused: the answers end before that.
    """
    while True:
        answer = _answer(prompt).lower() or default
        if answer in known:
            return answer
        print(text("cli.person.again", accepted=", ".join(known)))


def ask_some(prompt: str, known: Sequence[str]) -> list[str]:
    """Ask until the answer is a list of known words; ``all`` or nothing gives an empty list.

    Raises:
        UsageRefused: the answers end before that.
    """
    while True:
        words = _answer(prompt).lower().replace(",", " ").split()
        if not words or words == ["all"]:
            return []
        if all(word in known for word in words):
            return words
        print(text("cli.person.again", accepted=", ".join([*known, "all"])))


def _answer(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        print()
        raise UsageRefused("cli.person.no_answer") from None
