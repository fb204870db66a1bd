"""What the edges subscribe to: every event of a session, and every command a user can give.

``event`` is an event's name in ``--json`` output; ``device_s`` is the session's mapped tool
clock in seconds.
"""

from companion.coaching.events.alerts import (
    AlertAcknowledged,
    AlertCleared,
    AlertRaised,
    FaultCleared,
    FaultRaised,
    OverPressureMissed,
)
from companion.coaching.events.base import (
    Command,
    Cue,
    Event,
)
from companion.coaching.events.hints import Hint, HintKind
from companion.coaching.events.link import (
    BatteryRead,
    LimitArmed,
    LinkLost,
    LinkUp,
    Notice,
    SamplesLost,
    SamplesResent,
    TelemetryRejected,
    ToolBuzzed,
    ToolSaid,
    ToolTared,
)
from companion.coaching.events.prompts import Prompt, PromptKind
from companion.coaching.events.results import (
    Advice,
    AdviceKind,
    AlertRecord,
    SessionOutcome,
    StepOutcome,
    StepResult,
    Summary,
    ZoneDose,
)
from companion.coaching.events.score import (
    Loss,
    LossKind,
    Part,
    PartScore,
    Score,
    Unscored,
    UnscoredReason,
)
from companion.coaching.events.session import (
    LevelChanged,
    Repetition,
    RoutineScaled,
    SessionFinished,
    SessionPaused,
    SessionResumed,
    SessionStarted,
    SlipConfirmed,
    StepFinished,
    StepStarted,
)

__all__ = [
    "Advice",
    "AdviceKind",
    "AlertAcknowledged",
    "AlertCleared",
    "AlertRaised",
    "AlertRecord",
    "BatteryRead",
    "Command",
    "Cue",
    "Event",
    "FaultCleared",
    "FaultRaised",
    "Hint",
    "HintKind",
    "LevelChanged",
    "LimitArmed",
    "LinkLost",
    "LinkUp",
    "Loss",
    "LossKind",
    "Notice",
    "OverPressureMissed",
    "Part",
    "PartScore",
    "Prompt",
    "PromptKind",
    "Repetition",
    "RoutineScaled",
    "SamplesLost",
    "SamplesResent",
    "Score",
    "SessionFinished",
    "SessionOutcome",
    "SessionPaused",
    "SessionResumed",
    "SessionStarted",
    "SlipConfirmed",
    "StepFinished",
    "StepOutcome",
    "StepResult",
    "StepStarted",
    "Summary",
    "TelemetryRejected",
    "ToolBuzzed",
    "ToolSaid",
    "ToolTared",
    "Unscored",
    "UnscoredReason",
    "ZoneDose",
]
