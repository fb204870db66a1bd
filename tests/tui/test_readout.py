"""A readout draws the rows that have changed, and is right about the others."""

from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Region

from companion.tui.widgets.readout import Part, Readout


class _Stage(App[None]):
    CSS = "Readout { height: 3; width: 20; text-wrap: nowrap; }"

    def compose(self) -> ComposeResult:
        yield Readout()


def _rows(readout: Readout) -> list[str]:
    return [strip.text.rstrip() for strip in readout.render_lines(Region(0, 0, 20, 3))]


def _is_bold(readout: Readout, row: int) -> bool:
    (strip,) = readout.render_lines(Region(0, row, 20, 1))
    return any(segment.style is not None and segment.style.bold for segment in strip)


async def test_rows_that_change_go_or_only_look_different_are_drawn() -> None:
    app = _Stage()
    async with app.run_test() as pilot:
        readout = app.query_one(Readout)
        readout.say(1, lambda: Content("one\ntwo\nthree"))
        await pilot.pause()
        assert _rows(readout) == ["one", "two", "three"]
        readout.say(2, lambda: Content.assemble(("one", "bold"), "\nTWO"))
        assert _rows(readout) == ["one", "TWO", ""]
        assert (_is_bold(readout, 0), _is_bold(readout, 1)) == (True, False)


async def test_another_size_or_style_spares_no_row() -> None:
    app = _Stage()
    async with app.run_test() as pilot:
        readout = app.query_one(Readout)
        readout.say(1, lambda: Content("a long line of words\ntwo"))
        await pilot.pause()
        readout.styles.width = 6
        await pilot.pause()
        assert [len(strip.text) for strip in readout.render_lines(Region(0, 0, 6, 3))] == [6] * 3
        readout.styles.text_style = "bold"
        await pilot.pause()
        assert _is_bold(readout, 0)


async def test_a_part_is_made_anew_only_when_its_own_key_has_changed() -> None:
    made: list[str] = []

    def part(word: str) -> Part:
        def make() -> list[Content]:
            made.append(word)
            return [Content(word)]

        return word, make

    app = _Stage()
    async with app.run_test() as pilot:
        readout = app.query_one(Readout)
        readout.say_parts(part("one"), part("two"))
        await pilot.pause()
        readout.say_parts(part("one"), part("other"), part("more"))
        assert _rows(readout) == ["one", "other", "more"]
        readout.say_parts(part("one"))
        assert _rows(readout) == ["one", "", ""]
        assert made == ["one", "two", "other", "more"]


async def test_rows_inside_a_padding_are_the_ones_that_change() -> None:
    app = _Stage()
    async with app.run_test() as pilot:
        readout = app.query_one(Readout)
        readout.styles.padding = (1, 2, 0, 2)
        readout.say(1, lambda: Content("one\ntwo"))
        await pilot.pause()
        assert _rows(readout) == ["", "  one", "  two"]
        readout.say(2, lambda: Content("one\nTWO"))
        assert _rows(readout) == ["", "  one", "  TWO"]
