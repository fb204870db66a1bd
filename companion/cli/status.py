"""How a session stands, in one line for who cannot see a screen and asks."""

from collections.abc import Iterator

from companion.coaching.events import Notice
from companion.coaching.view import Phase, View
from companion.live import LinkView
from companion.sensing.types import Level
from companion.texts import text
from companion.wording import about_kpa, level_name, level_words, minutes, technique_name, zone_name


def status(view: View, link: LinkView, *, muted: bool, device_s: float) -> Notice:
    """Return a session's step, time, pressure and link: what a screen shows at any moment.

    Args:
        view: the session as it stands.
        link: its tool.
        muted: whether sound is off.
        device_s: now, on the tool's clock.
    """
    parts = [*_step(view), _pressure(view), *_session(view), *_link(link)]
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


def _pressure(view: View) -> str:
    if view.level is Level.UNKNOWN:
        return level_words(view.level, view.doubt)
    name = level_name(view.level)
    if view.pressure_kpa is None or view.level is Level.NO_CONTACT:
        return name
    return f"{name}, {about_kpa(view.pressure_kpa)}"


def _session(view: View) -> Iterator[str]:
    elapsed, about = minutes(view.session_elapsed_s), minutes(view.about_s)
    yield text("live.clock.session", elapsed=elapsed, about=about)


def _link(link: LinkView) -> Iterator[str]:
    yield text(f"live.link.{link.state}")
    if link.rate_hz is not None:
        yield text("live.link.rate", rate=link.rate_hz)
    if link.loss_percent is not None:
        yield text("live.link.loss", loss=link.loss_percent)
    if link.latency_ms is not None:
        yield text("live.link.latency", latency=link.latency_ms)
    if link.battery_percent is not None:
        yield text("live.link.battery", percent=link.battery_percent)
