"""The backend's tests run as those of the radio do."""

from tests.simulators.radio.conftest import run

__all__ = ["run"]
