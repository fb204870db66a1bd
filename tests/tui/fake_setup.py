"""A set-up that exists only on paper: what is said is kept in lists that a test may read."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

from companion.errors import FileRefused
from companion.tui.setup import Entry, News, Option, Section

YES_OR_NO = (Option("yes", "yes"), Option("no", "no"))


def question(number: int, words: str, value: str = "") -> Entry:
    return Entry(
        key=f"reasons.{number}",
        words=words,
        about="With a yes, the places you name are left alone.",
        value=value,
        options=YES_OR_NO,
        is_question=True,
    )


SECTIONS = (
    Section(
        name="person",
        title="you",
        entries=(
            question(1, "Is your skin reactive, or do you have rosacea that is calm now?", "yes"),
            question(2, "Is a part of your face or neck swollen?"),
            question(3, "Do you bruise easily?"),
            Entry(key="person.keep", words="Keep all answers", is_deed=True),
        ),
        notes=("Answers stay on this computer.",),
    ),
    Section(
        name="sound",
        title="sound",
        entries=(
            Entry(
                key="sound",
                words="Tones",
                about="Auto takes tones where this computer can play them.",
                value="auto",
                options=tuple(Option(one, one) for one in ("auto", "tones", "bell", "off")),
            ),
            Entry(key="voice", words="Voice", value="no", options=YES_OR_NO),
            Entry(
                key="volume",
                words="Volume, %",
                about="How loud, 0 to 100.",
                value="60",
                options=tuple(Option(str(one), str(one)) for one in (0, 50, 60, 100)),
                is_typed=True,
            ),
            Entry(
                key="mute",
                words="Begin muted",
                value="no",
                options=YES_OR_NO,
                held="The variable MASSAGE_COMPANION_MUTE says so.",
            ),
            Entry(key="try.sound", words="Try it", is_deed=True),
        ),
    ),
    Section(
        name="looks",
        title="looks",
        entries=(
            Entry(
                key="theme",
                words="Colours",
                value="dark",
                options=tuple(Option(one, one) for one in ("auto", "dark", "light", "contrast")),
            ),
        ),
    ),
)


@dataclass
class FakeSetup:
    """A Setup whose every answer a test may set."""

    everything: list[Section] = field(default_factory=lambda: list(SECTIONS))
    trouble: Sequence[str] = ()
    changed: list[tuple[str, str]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    refuses: bool = False

    async def sections(self) -> Sequence[Section]:
        await asyncio.sleep(0)
        return self.everything

    def complaint(self, key: str, value: str) -> str:
        is_good = value.isdecimal() and int(value) <= 100
        return "" if is_good else f"{key}: this must be at most 100."

    async def change(self, key: str, value: str) -> str:
        await asyncio.sleep(0)
        if self.refuses:
            raise FileRefused("companion.toml", "line 3", "it is damaged")
        self.changed.append((key, value))
        self.everything = [
            replace(
                section,
                entries=tuple(
                    replace(entry, value=value) if entry.key == key else entry
                    for entry in section.entries
                ),
            )
            for section in self.everything
        ]
        return ""

    async def do(self, key: str) -> AsyncIterator[str]:
        await asyncio.sleep(0)
        self.done.append(key)
        yield "rising: a step begins"
        yield "stop: lift off"

    async def look(self) -> News | None:
        await asyncio.sleep(0)
        return self.news.pop(0) if self.news else None
