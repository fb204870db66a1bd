"""The score: points of a step and of a session, each lost one with its second and its reason."""

from companion.coaching.hints.tempo import PaceFacts
from companion.coaching.score.facts import StepFacts, StrokeFacts
from companion.coaching.score.reasons import Cost, costs
from companion.coaching.score.step import step_score
from companion.coaching.score.whole import session_score

__all__ = ["Cost", "PaceFacts", "StepFacts", "StrokeFacts", "costs", "session_score", "step_score"]
