"""What ``make bench`` prints: every figure by name, what it means, and what it ought to reach."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure that a benchmark returns.

    Attributes:
        name: its key in what ``bench()`` returns.
        means: what a reader is told it is, with its unit.
        at_least: what it should reach; None if it should not be high.
        at_most: what it should not pass; None if it should not be low.
        stretch: a wish beyond that.
    """

    name: str
    means: str
    at_least: float | None = None
    at_most: float | None = None
    stretch: float | None = None

    @property
    def target(self) -> str:
        """The target in words, empty for a figure that only informs."""
        if self.at_least is not None:
            wish = f" (stretch {shown(self.stretch)})" if self.stretch is not None else ""
            return f"at least {shown(self.at_least)}{wish}"
        return "" if self.at_most is None else f"at most {shown(self.at_most)}"

    def verdict(self, value: float) -> str:
        """Say whether a value reaches the target, empty where there is none."""
        if self.at_least is None and self.at_most is None:
            return ""
        reached = value >= self.at_least if self.at_least is not None else True
        held = value <= self.at_most if self.at_most is not None else True
        return "met" if reached and held else "MISSED"


def _of_tools(tools: str, known: str) -> tuple[Figure, ...]:
    """Return what is measured of a number of tools, here in words."""
    return (
        Figure(
            name=f"{tools}_added_p99_ms",
            means=f"{known}: added by the service per notification, p99, ms",
            at_most=2.0,
        ),
        Figure(
            name=f"{tools}_told_p99_ms",
            means=f"{known}: the same to each event published, p99, ms",
            at_most=2.0,
        ),
        Figure(name=f"{tools}_added_median_ms", means=f"{known}: the same, median, ms"),
        Figure(name=f"{tools}_added_longest_ms", means=f"{known}: the same, longest, ms"),
        Figure(name=f"{tools}_loop_late_p99_ms", means=f"{known}: event loop late, p99, ms"),
        Figure(name=f"{tools}_notifications", means=f"{known}: notifications measured"),
        Figure(name=f"{tools}_events", means=f"{known}: events measured"),
        Figure(
            name=f"{tools}_samples_per_s_and_tool",
            means=f"{known}: samples per second that came of the slowest tool",
            at_least=99.0,
        ),
        Figure(
            name=f"{tools}_samples_lost",
            means=f"{known}: samples lost or refused",
            at_most=0,
        ),
        Figure(
            name=f"{tools}_cpu_percent",
            means=f"{known}: whole process, simulators too, % of a core",
        ),
    )


_OTHER_TOOLS = (
    "tindeq",
    "witmotion",
    "industrial-measurement",
    "bluefruit",
    "lines-csv",
    "lines-json",
    "fields",
)

FIGURES: dict[str, tuple[Figure, ...]] = {
    "decision": (
        Figure(
            name="samples_per_s",
            means="samples decided on per second, one core",
            at_least=40_000,
            stretch=100_000,
        ),
        Figure(
            name="samples_per_s_shared",
            means="the same, whether or not the core was shared meanwhile",
        ),
        Figure(name="notification_median_ms", means="one notification, median, ms"),
        Figure(name="notification_p99_ms", means="one notification, p99, ms", at_most=1.0),
        Figure(name="notification_longest_ms", means="one notification, longest, ms"),
        Figure(name="decoding_share_percent", means="share of it that is decoding, %"),
        Figure(name="floor_samples_per_s", means="floor: unpacking and attitude alone, samples/s"),
        Figure(name="cost_to_floor_ratio", means="cost, as a multiple of the floor"),
        Figure(
            name="floor_by_sample_samples_per_s",
            means="floor, sample by sample: the same, one call each, samples/s",
        ),
        Figure(
            name="cost_to_floor_by_sample_ratio",
            means="cost, as a multiple of the floor sample by sample",
        ),
        Figure(
            name="force_and_wheel_us",
            means="engine alone, a tool with force and wheel: one sample, median, us",
            at_most=12.0,
        ),
        Figure(
            name="force_and_wheel_mean_us",
            means="engine alone, a tool with force and wheel: the same, mean, us",
        ),
        Figure(
            name="force_and_wheel_shared_us",
            means="engine alone, a tool with force and wheel: median, core shared or not, us",
        ),
        Figure(
            name="force_us",
            means="engine alone, a tool with force and no motion: one sample, median, us",
            at_most=12.0,
        ),
        Figure(
            name="force_mean_us",
            means="engine alone, a tool with force and no motion: the same, mean, us",
        ),
        Figure(
            name="force_shared_us",
            means="engine alone, a tool with force and no motion: median, core shared or not, us",
        ),
        Figure(
            name="motion_us",
            means="engine alone, a tool with motion and no force: one sample, median, us",
            at_most=25.0,
        ),
        Figure(
            name="motion_mean_us",
            means="engine alone, a tool with motion and no force: the same, mean, us",
        ),
        Figure(
            name="motion_shared_us",
            means="engine alone, a tool with motion and no force: median, core shared or not, us",
        ),
        Figure(
            name="alone_percent", means="how much was measured while the core was not shared, %"
        ),
        Figure(name="loop_us", means="how fast it was then: a loop of 1 000 rounds of Python, us"),
    ),
    "stack": (
        *_of_tools("one", "one tool"),
        *_of_tools("eight", "eight tools"),
        *_of_tools("twenty", "twenty tools"),
        Figure(
            name="virtual_to_real_time_ratio",
            means="one tool in virtual time, as a multiple of real time",
            at_least=100,
        ),
    ),
    "bare": (
        Figure(
            name="bare_to_real_time_ratio",
            means="one tool and a plain bleak client in virtual time, as a multiple of real time",
            at_least=100,
        ),
        Figure(name="bare_samples_missing", means="samples that it did not get", at_most=0),
    ),
    "link": (
        Figure(
            name="advertised_to_first_sample_s",
            means="bonded tool: advertised to first sample, median, s",
            at_most=1.5,
        ),
        Figure(
            name="advertised_to_first_sample_longest_s",
            means="bonded tool: the same, longest, s",
        ),
        Figure(
            name="loss_noticed_after_timeout_ms",
            means="lost link: noticed after the supervision timeout, latest, ms",
            at_most=50,
        ),
        Figure(
            name="returned_to_first_sample_s",
            means="lost link: back in reach to first sample, median, s",
            at_most=2.0,
        ),
        Figure(
            name="returned_to_first_sample_longest_s",
            means="lost link: the same, longest, s",
        ),
        Figure(name="eight_samples", means="eight tools: samples that came, sent again or not"),
        Figure(name="eight_frames_dropped", means="eight tools: frames that they dropped"),
        Figure(name="eight_samples_gone", means="eight tools: samples told as gone"),
        Figure(
            name="eight_samples_unaccounted",
            means="eight tools: samples that neither came nor were told as gone",
            at_most=0,
        ),
        Figure(name="eight_samples_twice", means="eight tools: samples that came twice", at_most=0),
        Figure(
            name="eight_samples_invented",
            means="eight tools: samples that no tool took",
            at_most=0,
        ),
    ),
    "other_tools": (
        *(
            Figure(
                name=f"{tool.replace('-', '_')}_us",
                means=f"decoding one sample of {tool}, us",
                at_most=5.0,
            )
            for tool in _OTHER_TOOLS
        ),
        Figure(name="timeline_us", means="placing one sample on one clock, us"),
    ),
    "dashboard": (
        Figure(name="frames_per_second", means="frames per second", at_least=24.5),
        Figure(name="median_ms", means="own work per frame, median, ms", at_most=5.0),
        Figure(name="p99_ms", means="own work per frame, p99, ms", at_most=16.0),
        Figure(name="cpu_percent", means="the process with its scripted session, % of a core"),
        Figure(name="kilobytes_per_second", means="written to the terminal, kB/s"),
    ),
    "reaction": (
        Figure(name="key_p95_ms", means="key to what it makes appear, p95, ms", at_most=50.0),
        Figure(name="key_median_ms", means="key: the same, median, ms"),
        Figure(
            name="told_median_ms",
            means="notification to level, number or banner on the terminal, median, ms",
            at_most=10.0,
        ),
        Figure(
            name="told_p95_ms",
            means="notification to the terminal: the same, p95, ms",
            at_most=33.0,
        ),
        Figure(name="told", means="notification to the terminal: how many were measured"),
        Figure(
            name="told_brief",
            means="notification to the terminal: changed again within 0.1 s, left out",
        ),
        Figure(
            name="told_covered",
            means="notification to the terminal: under the panel of a stop, left out",
        ),
        Figure(
            name="history_open_s",
            means="history of 10 000 sessions, beside a running one, s",
            at_most=0.5,
        ),
    ),
    "endurance": (
        Figure(
            name="memory_growth_mb",
            means="an hour open: memory, end less the first five minutes, MB",
            at_most=5.0,
        ),
        Figure(
            name="highest_above_start_mb",
            means="an hour open: highest memory less that, MB",
            at_most=5.0,
        ),
        Figure(name="tasks_growth", means="an hour open: tasks more than then", at_most=0),
        Figure(name="tasks", means="an hour open: tasks at the end"),
    ),
    "demo": (
        Figure(name="first_paint_s", means="first picture, s", at_most=1.0),
        Figure(name="first_live_sample_s", means="first live sample on it, s", at_most=3.0),
        Figure(name="resident_mb", means="resident memory, MB", at_most=150),
        Figure(
            name="cpu_percent_of_dashboard",
            means="the dashboard, beyond simulators and service, % of a core",
            at_most=20,
        ),
        Figure(name="cpu_percent_in_lines", means="simulators and service, % of a core"),
        Figure(name="cpu_percent_on_screen", means="everything together, % of a core"),
    ),
    "store": (
        Figure(
            name="writing_cpu_percent",
            means="writing one tool at 100 Hz, % of a core",
            at_most=1.0,
        ),
        Figure(
            name="call_longest_ms",
            means="handing an event or a frame to the store, longest, ms of processor",
            at_most=2.0,
        ),
        Figure(name="loop_late_p99_ms", means="event loop late while it is written, p99, ms"),
        Figure(name="open_s", means="opening a session of ten minutes, s", at_most=0.2),
        Figure(name="bytes_per_sample", means="on disk for each sample, bytes", at_most=6.0),
        Figure(name="list_s", means="listing 10 000 sessions, s", at_most=0.3),
        Figure(name="export_s", means="ten hours at 100 Hz to Parquet, s", at_most=10.0),
    ),
    "report": (
        Figure(
            name="session_page_s",
            means="page of a ten-minute session, whole process, s",
            at_most=2.0,
        ),
        Figure(name="session_page_kilobytes", means="the same, kB"),
        Figure(
            name="period_page_s",
            means="page of a period with 10 000 sessions, whole process, s",
            at_most=5.0,
        ),
        Figure(name="period_page_kilobytes", means="the same period, kB"),
    ),
    "start": (
        Figure(name="version_s", means="`companion --version`, s", at_most=0.25),
        Figure(
            name="version_to_bare_interpreter_ratio", means="the same, in bare interpreter starts"
        ),
        Figure(
            name="analyze_s",
            means="`companion analyze` of ten minutes at 100 Hz, whole process, s",
            at_most=3.0,
        ),
        Figure(name="routine_whole_process_s", means="the five-minute routine, whole process, s"),
        Figure(
            name="routine_to_real_time_ratio",
            means="the same, as a multiple of real time",
            at_least=50,
        ),
    ),
}
"""By benchmark, in the order of printing."""


@dataclass(frozen=True, slots=True)
class Result:
    """A figure with what the runs gave."""

    bench: str
    figure: Figure
    values: Sequence[float]
    median: float

    @property
    def columns(self) -> tuple[str, str, str, str, str]:
        """What it is, the median, how far the runs lay apart, the target and the verdict."""
        spread = f"{shown(min(self.values))} to {shown(max(self.values))}"
        figure = self.figure
        return (
            figure.means,
            shown(self.median),
            spread,
            figure.target,
            figure.verdict(self.median),
        )


def shown(value: float) -> str:
    """Return a figure with three digits that mean something."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"
