"""How a session stands, in one line for who cannot see a screen and asks."""

from collections.abc import Iterator

from companion.coaching.events import Notice
from companion.coaching.view import Phase, View
from companion.live import LinkView
from companion.texts import text
from companion.tui.words import figures_of
from companion.wording import minutes, pressure_words, technique_name, zone_name


def status(view: View, link: LinkView, *, muted: bool, device_s: float) -> Notice:
    """Return a session's step, time, pressure and link: what a screen shows at any moment.

    Args:
        view: the session as it stands.
        link: its tool.
        muted: whether sound is off.
        device_s: now, on the tool's clock.
    """
    pressure = pressure_words(view.level, view.doubt, view.pressure_kpa)
    parts = [*_step(view), pressure, *_session(view), *_link(link)]
    if muted:
        parts.append(text("live.clock.muted"))
    return Notice(device_s=device_s, key="cli.status.now", values={"what": "; ".join(parts)})


def _step(view: View) -> Iterator[str]:
    if view.phase is Phase.PAUSED:
        yield text("live.clock.paused")
    if view.index >= len(view.steps):
        yield text("live.card.done" if view.steps else "live.card.nothing").rstrip(".")
        return
    step = view.steps[view.index]
    yield text("live.card.step", number=view.index + 1, total=len(view.steps))
    yield zone_name(step.zone, step.side)
    yield technique_name(step.technique)
    if view.cannot_count:
        yield text("live.card.not_counted")
    elif step.repetitions is not None:
        yield text("live.card.count", done=view.repetitions, goal=step.repetitions)
    yield text("live.card.left", time=minutes(step.time_limit_s - view.step_elapsed_s))


def _session(view: View) -> Iterator[str]:
    elapsed, about = minutes(view.session_elapsed_s), minutes(view.about_s)
    yield text("live.clock.session", elapsed=elapsed, about=about)


def _link(link: LinkView) -> Iterator[str]:
    yield text(f"live.link.{link.state}")
    yield from figures_of(link)
