"""Which warning is shown and when the bell rings, on a clock of numbers."""

from companion.sensing.types import Level
from companion.tui.alerts import LOGGED, Alerts, Chime
from tests.tui.fake_live import cleared, raised


def test_a_standing_warning_goes_before_a_graver_one_that_is_over() -> None:
    alerts = Alerts()
    caution, stop = raised(alert=1), raised(Level.STOP, alert=2)
    alerts.begin(caution)
    alerts.begin(stop)
    alerts.end(cleared(stop, device_s=101.0), now=5.0)
    shown = alerts.foremost(5.1)
    assert shown is not None
    assert shown.raised is caution


def test_a_warning_is_forgotten_two_seconds_after_its_end() -> None:
    alerts = Alerts()
    warning = raised()
    alerts.begin(warning)
    alerts.end(cleared(warning, device_s=101.0), now=5.0)
    assert alerts.foremost(6.9) is not None
    assert alerts.foremost(7.0) is None
    assert not alerts.any_unseen


def test_the_end_of_a_warning_never_seen_is_no_error() -> None:
    alerts = Alerts()
    alerts.end(cleared(raised(), device_s=101.0), now=5.0)
    alerts.acknowledge(9)
    assert alerts.foremost(5.0) is None


def test_a_storm_of_warnings_does_not_ring_for_minutes() -> None:
    chime = Chime()
    for _ in range(500):
        chime.begin(Level.CAUTION, 0.0)
    heard = sum(chime.rings(frame / 25, insist=False) for frame in range(250))
    assert heard <= 3


def test_a_stop_after_a_caution_rings_its_whole_pattern() -> None:
    chime = Chime()
    chime.begin(Level.CAUTION, 0.0)
    chime.begin(Level.STOP, 0.0)
    heard = [frame / 25 for frame in range(30) if chime.rings(frame / 25, insist=True)]
    assert heard == [0.0, 0.28, 0.52]


def test_the_log_keeps_the_newest_and_counts_the_others() -> None:
    alerts = Alerts()
    for number in range(LOGGED + 3):
        alerts.begin(raised(alert=number), at_s=float(number))
    assert (alerts.count, len(alerts.log)) == (LOGGED + 3, LOGGED)
    assert alerts.log[0].at_s == 3.0
