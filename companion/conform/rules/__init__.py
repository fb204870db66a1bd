"""The rules by topic, in the order in which they are tried."""

from companion.conform.rule import Rule
from companion.conform.rules.advertising import ADVERTISING, CONNECTED_ADVERTISING
from companion.conform.rules.calibration import CALIBRATION
from companion.conform.rules.events import EVENTS
from companion.conform.rules.feature import FEATURE
from companion.conform.rules.haptics import HAPTICS
from companion.conform.rules.limit import LIMIT
from companion.conform.rules.operations import LATE_OPERATIONS, OPERATIONS
from companion.conform.rules.optional import CLOSED_OPTIONAL, OPTIONAL
from companion.conform.rules.refusals import REFUSALS
from companion.conform.rules.resend import RESEND
from companion.conform.rules.restart import RESTART
from companion.conform.rules.runs import RUNS
from companion.conform.rules.security import CLOSED, PAIRED, PARTING
from companion.conform.rules.services import SERVICES
from companion.conform.rules.tare import TARE
from companion.conform.rules.telemetry import TELEMETRY

RULES: tuple[Rule, ...] = (
    *ADVERTISING,
    *SERVICES,
    *CLOSED,
    *CLOSED_OPTIONAL,
    *PAIRED,
    *FEATURE,
    *CONNECTED_ADVERTISING,
    *OPERATIONS,
    *REFUSALS,
    *TELEMETRY,
    *RUNS,
    *RESEND,
    *TARE,
    *CALIBRATION,
    *LIMIT,
    *EVENTS,
    *HAPTICS,
    *OPTIONAL,
    *LATE_OPERATIONS,
    *RESTART,
    *PARTING,
)
