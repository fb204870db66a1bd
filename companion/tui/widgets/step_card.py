"""What to do now: where, how, which way, how often, how long."""

from textual.content import Content

from companion.coaching.routine import Step, StepKind
from companion.coaching.view import Phase, View
from companion.sensing.types import Level
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.widgets.readout import Readout, join, spread, wrapped
from companion.tui.words import clock, reason_words, short_place
from companion.wording import direction_name, technique_name, times, zone_name

_ROOMY_FROM_ROWS = 8
_COMPACT_FROM_ROWS = 5
_COUNT_CELLS = 14


class StepCard(Readout):
    """Zone and side, technique and direction, repetitions as dots, time left, hint.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = "StepCard { height: 5; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._mirrored = True

    def show(self, view: View, slip_note: str = "", *, mirrored: bool = True) -> None:
        """Show the present step.

        Args:
            view: the session.
            slip_note: what belongs on the skin before the tool glides; empty once it does.
            mirrored: arrows as in a mirror; else as another person sees the face.
        """
        self._mirrored = mirrored
        left_s = self._left_s(view)
        key = (
            _heading(view.phase),
            view.phase is Phase.RUNNING,
            view.steps,
            view.index,
            view.repetitions,
            left_s,
            view.cannot_judge,
            view.cannot_count,
            slip_note,
            mirrored,
            self.size.height,
        )
        self.say(key, lambda: self._content(view, left_s, slip_note))

    def _left_s(self, view: View) -> int:
        if view.index >= len(view.steps):
            return 0
        left_s = view.steps[view.index].time_limit_s - view.step_elapsed_s
        return max(0, -int(-left_s // 1))

    def _content(self, view: View, left_s: int, slip_note: str) -> Content:
        if not view.steps:
            is_unguided = view.phase is Phase.RUNNING
            words = text("replay.said.unguided" if is_unguided else "live.card.nothing")
            return Content("\n").join(wrapped(words, self.size.width, 2)).stylize("$quiet")
        if view.index >= len(view.steps):
            return Content.styled(text("live.card.done"), "bold")
        step = view.steps[view.index]
        head = self._where(view, step)
        count = self._count(view, step, left_s)
        slip = [line.stylize("bold") for line in wrapped(slip_note, self.size.width, 2)]
        if self.size.height >= _ROOMY_FROM_ROWS:
            lines = [head, self._how(step), self._instead(step), count, Content("")]
            last = slip or self._remark(view, step, 2)
            return Content("\n").join([*lines, *self._hint(step), *last])
        how = [part for part in (self._how(step), self._instead(step)) if part.plain]
        lines = [head, join(how, self._glyphs.between)]
        if self.size.height < _COMPACT_FROM_ROWS:
            return Content("\n").join([*lines, *(slip[:1] or [count])])
        return Content("\n").join([*lines, count, *self._told(view, step, slip)])

    def _hint(self, step: Step) -> list[Content]:
        """Return the hint on at most two lines."""
        return wrapped(step.hint, self.size.width, 2)

    def _told(self, view: View, step: Step, slip: list[Content]) -> list[Content]:
        """Return hint and remark on two lines; a long hint takes the line of what comes next.

        What belongs on the skin first goes before either.
        """
        if slip:
            return [*self._hint(step)[: 2 - len(slip)], *slip]
        hint, remark = self._hint(step), self._remark(view, step, 1)
        only_next = step.kind is StepKind.TOOL and view.cannot_judge is None
        if len(hint) > 1 and only_next:
            return hint
        return [Content(step.hint), *remark]

    def _where(self, view: View, step: Step) -> Content:
        begun = text(f"live.card.{_heading(view.phase)}")
        name = Content.assemble(
            (f" {begun} ", "reverse"), " ", (zone_name(step.zone, step.side).upper(), "bold")
        )
        number = text("live.card.step", number=view.index + 1, total=len(view.steps))
        declared = [] if step.kind is StepKind.HAND else [text("live.card.declared")]
        quiet = [Content.styled(words, "$quiet") for words in (*declared, number)]
        return spread(name, join(quiet, self._glyphs.between), self.size.width)

    def _how(self, step: Step) -> Content:
        parts = [Content.styled(technique_name(step.technique), "bold")]
        if way := direction_name(step.direction):
            arrow = self._glyphs.way(step.direction, step.side, mirrored=self._mirrored)
            parts.append(Content(f"{arrow} {way}"))
        return join(parts, self._glyphs.between)

    def _instead(self, step: Step) -> Content:
        if not step.instead_of:
            return Content("")
        words = text("live.card.equivalent", technique=step.instead_of)
        return Content.styled(words, "$quiet")

    def _count(self, view: View, step: Step, left_s: int) -> Content:
        left = text("live.card.left", time=clock(left_s)) if left_s else text("live.card.over_time")
        return spread(self._repetitions(view, step), Content.styled(left, "bold"), self.size.width)

    def _repetitions(self, view: View, step: Step) -> Content:
        goal = step.repetitions
        if view.cannot_count:
            return Content.styled(self._uncounted(goal), "$quiet")
        if step.kind is StepKind.HAND or goal is None:
            words = "live.card.timed" if not view.repetitions else "live.card.counted"
            return Content.styled(text(words, done=view.repetitions), "$quiet")
        done = min(view.repetitions, goal)
        count = Content.styled(text("live.card.count", done=view.repetitions, goal=goal), "bold")
        for gap in (" ", ""):
            dots = self._dots(done, goal, gap)
            if dots.cell_length + 2 + count.cell_length + _COUNT_CELLS <= self.size.width:
                return Content.assemble(dots, "  ", count)
        return count

    def _uncounted(self, goal: int | None) -> str:
        plain = text("live.card.not_counted")
        words = plain if goal is None else text("live.card.to_do_uncounted", times=times(goal))
        return words if len(words) + _COUNT_CELLS <= self.size.width else plain

    def _dots(self, done: int, goal: int, gap: str) -> Content:
        filled = gap.join(self._glyphs.dot_done * done)
        still = gap.join(self._glyphs.dot_open * (goal - done))
        return Content.assemble((filled, "$success"), gap if done else "", (still, "$quiet"))

    def _remark(self, view: View, step: Step, most: int) -> list[Content]:
        """Return what else must be known: by hand, not judged and why, or what comes next.

        Args:
            view: the session.
            step: the present step.
            most: lines there are for it.
        """
        width = self.size.width
        if step.kind is StepKind.HAND:
            words, style = text("live.card.by_hand"), "italic $quiet"
        elif view.cannot_judge is not None:
            reason = text("live.card.not_judged", reason=reason_words(view.cannot_judge))
            words, style = f"{self._glyphs.level[Level.UNKNOWN]} {reason}", "bold $quiet"
        else:
            words, style = _what_next(view), "$quiet"
        return [line.stylize(style) for line in wrapped(words, width, most)]


def _heading(phase: Phase) -> str:
    """Return what the step is called: the first, the one that waits to begin, the present one."""
    if phase in {Phase.ASKING, Phase.RESTING}:
        return "soon"
    return "first" if phase is Phase.WAITING else "now"


def _what_next(view: View) -> str:
    if view.index + 1 >= len(view.steps):
        return text("live.card.last")
    following = view.steps[view.index + 1]
    words = f"{short_place(following)}, {technique_name(following.technique)}"
    return text("live.card.next", step=words)
